//! `--new-since`: only findings that a change introduced.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use rayon::prelude::*;

use crate::analysis::change;
use crate::analysis::rules::Finding;
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::cli::reports::{self, Checked, Others};
use crate::diag::{Diagnostic, Place};
use crate::store::git::Blob;
use crate::store::revision::{self, History, State, id_in};
use crate::store::workspace::Loaded;
use crate::store::{StoreError, Workspace};

/// The rule whose findings depend on the files under evidence/.
const EVIDENCE_CHANGED: &str = "evidence-changed";

/// Removes the findings that exist at `revision` already; returns how many that are.
///
/// Both sides are checked with today's choice of rules, so a change that turns on a rule does not
/// have to correct every file first.
pub(super) fn keep_new(
    checked: &mut Checked,
    revision: &str,
    workspace: &Workspace,
    context: &Context,
) -> Result<usize, CliError> {
    let history = History::open(workspace, context.offline)?;
    let (before, _) = history.states(revision)?;
    let mut then = workspace.clone();
    // Settings that could not be read at that revision count as default settings.
    if let Ok(settings) = history.settings(&before) {
        then.config = settings;
        then.config.check = workspace.config.check.clone();
    }
    let files = history.files(&before, &then.config)?;
    let blobs: Vec<&Blob> = files.iter().collect();
    let (mut loaded, mut problems) = (Vec::new(), BTreeSet::new());
    for (blob, result) in files.iter().zip(history.load(&before, &then.config, &blobs)?) {
        match result {
            Ok(one) => loaded.push(one),
            Err(error) => {
                let messages = revision::problems(error).into_iter().map(|problem| problem.message);
                problems.extend(messages.map(|message| (id_in(blob), message)));
            }
        }
    }
    let renamed = renamed(&history, &before, &then, workspace)?;
    let count = checked.problems.len() + checked.findings.len();
    checked
        .problems
        .retain(|problem| !problems.contains(&(id_of(problem), problem.message.clone())));
    let side = Side { workspace: &then, history: &history, state: &before, context };
    keep_new_findings(checked, &loaded, &renamed, &side);
    Ok(count - checked.problems.len() - checked.findings.len())
}

/// The state of the workspace to compare with.
struct Side<'a> {
    workspace: &'a Workspace,
    history: &'a History<'a>,
    state: &'a State,
    context: &'a Context,
}

impl Side<'_> {
    /// The findings of one incident. Its evidence is read from the history only if a selected rule
    /// needs it, since each file is one request to git.
    fn findings(&self, loaded: &Loaded, others: &Others, with_evidence: bool) -> Vec<Finding> {
        let read = |path: &str| self.history.read_evidence(self.state, path);
        let kept = if with_evidence {
            reports::not_as_it_was(&loaded.incident, &read)
        } else {
            Vec::new()
        };
        let name = self.workspace.name(&loaded.path);
        let now = Some(self.context.now());
        let found = reports::findings(&name, loaded, others, self.workspace, now, &kept, false);
        found.into_iter().map(|(finding, _)| finding).collect()
    }
}

fn keep_new_findings(
    checked: &mut Checked,
    before: &[Loaded],
    renamed: &HashMap<String, String>,
    side: &Side,
) {
    let mut by_file: BTreeMap<String, Vec<(Finding, Place)>> = BTreeMap::new();
    for (finding, place) in std::mem::take(&mut checked.findings) {
        by_file.entry(place.file.to_string()).or_default().push((finding, place));
    }
    let by_id: HashMap<&str, &Loaded> =
        before.iter().map(|loaded| (loaded.incident.id.as_str(), loaded)).collect();
    let others = Others::new(before.iter());
    let new = |(file, found): (String, Vec<(Finding, Place)>)| {
        let id = stem(&file);
        let id = renamed.get(&id).unwrap_or(&id);
        let Some(old) = by_id.get(id.as_str()) else { return found };
        let with_evidence = found.iter().any(|(finding, _)| finding.rule == EVIDENCE_CHANGED);
        let now: Vec<Finding> = found.iter().map(|(finding, _)| finding.clone()).collect();
        let (mut appeared, _) =
            change::compare_findings(&side.findings(old, &others, with_evidence), &now);
        let is_new = |(finding, _): &(Finding, Place)| {
            let position = appeared.iter().position(|new| new == finding);
            position.map(|position| appeared.swap_remove(position)).is_some()
        };
        found.into_iter().filter(is_new).collect()
    };
    let by_file: Vec<(String, Vec<(Finding, Place)>)> = by_file.into_iter().collect();
    checked.findings = by_file.into_par_iter().flat_map_iter(new).collect();
}

/// The former ids of incidents whose file was renamed.
fn renamed(
    history: &History,
    before: &State,
    then: &Workspace,
    workspace: &Workspace,
) -> Result<HashMap<String, String>, StoreError> {
    let states = (before, &State::working_tree());
    let differing = history.differing(states, (&then.config, &workspace.config))?;
    let ids = differing
        .iter()
        .filter_map(|file| Some((id_in(file.after.as_ref()?), id_in(file.before.as_ref()?))));
    Ok(ids.filter(|(after, before)| after != before).collect())
}

fn id_of(problem: &Diagnostic) -> String {
    problem.place.as_ref().map(|place| stem(&place.file)).unwrap_or_default()
}

fn stem(file: &str) -> String {
    Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
