//! The workspace during an import.

use std::path::Path;
use std::time::Duration;

use super::args::Args;
use crate::assemble::broken::Broken;
use crate::assemble::plan::Known;
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::cli::stop;
use crate::cli::terminal::Terminal;
use crate::diag::Diagnostic;
use crate::model::origin::SourceInfo;
use crate::store::lock::{self, Lock};
use crate::store::workspace::Loaded;
use crate::store::{Workspace, leftovers, read, write};
use crate::yaml::bounds;

/// How often a file is planned again because somebody else saved it at the same time.
pub(super) const MOST_ATTEMPTS: usize = 50;

/// An editor that writes in place leaves the file empty for a moment.
const HALF_WRITTEN: Duration = Duration::from_millis(10);

/// The workspace with all its files. It is locked until this is dropped, unless nothing is to be
/// written.
pub(super) struct Opened {
    pub workspace: Workspace,
    pub incidents: Vec<Loaded>,
    /// The files that cannot be read.
    pub broken: Vec<Broken>,
    _lock: Option<Lock>,
}

impl Opened {
    pub(super) fn new(
        args: &Args,
        context: &Context,
        terminal: &mut Terminal,
    ) -> Result<Self, CliError> {
        let workspace = context.workspace()?;
        let lock = if args.dry_run { None } else { Some(locked(&workspace, context, terminal)?) };
        let mut opened =
            Opened { workspace, incidents: Vec::new(), broken: Vec::new(), _lock: lock };
        let mut problems = opened.load()?;
        if !problems.is_empty() {
            std::thread::sleep(HALF_WRITTEN);
            problems = opened.load()?;
        }
        for problem in &mut problems {
            problem.hints.push(
                "the import continues without this file; what may belong to it is left out"
                    .to_owned(),
            );
            terminal.report(problem)?;
        }
        Ok(opened)
    }

    /// Loads all files, and returns the errors of those that cannot be read.
    pub(super) fn load(&mut self) -> Result<Vec<Diagnostic>, CliError> {
        let all = self.workspace.load_all()?;
        self.incidents = all.incidents;
        self.broken = all.broken.iter().map(|path| broken(&self.workspace, path)).collect();
        Ok(all.problems)
    }

    /// Loads a file again after somebody saved it.
    pub(super) fn reload(&mut self, path: &Path) {
        let place = self.incidents.iter().position(|loaded| loaded.path == path);
        for _ in 0..MOST_ATTEMPTS {
            match (self.workspace.load_file(path), place) {
                (Ok(loaded), Some(place)) => self.incidents[place] = loaded,
                (Ok(loaded), None) => self.incidents.push(loaded),
                (Err(_), _) => {
                    std::thread::sleep(HALF_WRITTEN);
                    continue;
                }
            }
            return;
        }
        if let Some(place) = place {
            self.incidents.swap_remove(place);
        }
        if path.exists() {
            self.broken.push(broken(&self.workspace, path));
        }
    }

    /// The state that plans are based on.
    pub(super) fn known(&self) -> Known<'_, Loaded> {
        let trust = self.workspace.config.definitions.order_of_trust();
        Known { files: &self.incidents, broken: &self.broken, trust }
    }
}

/// Creates the folder of the incident files and locks it. Leftovers of a killed run are removed.
pub(in crate::cli) fn locked(
    workspace: &Workspace,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Lock, CliError> {
    let folder = workspace.incidents_dir();
    write::folder(folder)?;
    let mut outcome = Ok(());
    let lock = Lock::wait(folder, lock::LONGEST, stop::asked(), |path| {
        outcome = terminal
            .talk(&format!("waiting for another posthoc that has locked {}", context.name(path)));
    })?;
    outcome?;
    for path in leftovers::sweep(folder) {
        let message =
            format!("{} was saved by somebody while an import was killed", context.name(&path));
        let problem = Diagnostic::warning(message);
        terminal.report(&problem.hint("compare it with the incident file, then remove it"))?;
    }
    let _ = leftovers::sweep(&workspace.root().join("evidence"));
    Ok(lock)
}

fn broken(workspace: &Workspace, path: &Path) -> Broken {
    let bytes = read::bounded(path, read::LARGEST_FILE).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // A file that the loader refuses for its depth or its aliases is not read here either.
    let is_bounded = bounds::beyond(&text).is_none();
    let tree = is_bounded.then(|| serde_yaml::from_str::<serde_yaml::Value>(&text).ok()).flatten();
    let sources = tree.map(|tree| {
        let sources = tree.get("sources").and_then(serde_yaml::Value::as_mapping);
        let values = sources.into_iter().flat_map(|map| map.values());
        values
            .filter_map(|value| serde_yaml::from_value::<SourceInfo>(value.clone()).ok())
            .collect()
    });
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Broken::new(workspace.name(path), stem, text, sources)
}
