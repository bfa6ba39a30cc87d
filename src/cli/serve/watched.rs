//! The current workspace, reloaded when a file has changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::error_page;
use super::http::Answer;
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::cli::reports::Others;
use crate::cli::site::{Builder, Shared};
use crate::diag::Diagnostic;
use crate::markdown::Document;
use crate::render::{Figures, Meta};
use crate::report::Audience;
use crate::store::Workspace;
use crate::store::workspace::LoadedAll;

/// The display options of a site.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) audience: Audience,
    /// The title of the site.
    pub(super) title: &'a str,
    pub(super) template: Option<&'a str>,
}

/// A workspace that is served.
pub(super) struct Watched<'a> {
    shown: Shown<'a>,
    context: &'a Context,
    state: Mutex<Option<Arc<State>>>,
}

/// The workspace as loaded at one version of its files.
struct State {
    version: String,
    loaded: Result<(Workspace, LoadedAll), Vec<Diagnostic>>,
}

impl<'a> Watched<'a> {
    pub(super) fn new(shown: Shown<'a>, context: &'a Context) -> Self {
        Watched { shown, context, state: Mutex::new(None) }
    }

    /// A hash of the names, sizes and modification times of the files. It changes whenever a file
    /// changes.
    pub(super) fn version(&self) -> String {
        let mut hasher = DefaultHasher::new();
        let mut add = |path: &Path| {
            if let Ok(file) = path.metadata() {
                (path, file.len(), file.modified().ok()).hash(&mut hasher);
            }
        };
        match self.context.workspace() {
            Ok(workspace) => {
                add(&workspace.root().join("posthoc.toml"));
                let template = self.shown.template.or(workspace.config.template.as_deref());
                if let Some(template) = template {
                    add(&workspace.root().join(template));
                }
                for path in workspace.files().unwrap_or_default() {
                    add(&path);
                }
            }
            Err(_) => add(&self.context.path(Path::new("posthoc.toml"))),
        }
        format!("{:016x}", hasher.finish())
    }

    fn state(&self) -> Arc<State> {
        let version = self.version();
        let mut known = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = known.as_ref().filter(|state| state.version == version) {
            return Arc::clone(state);
        }
        let loaded = self.context.workspace().map_err(problems_of).and_then(|workspace| {
            let all = workspace.load_all().map_err(|error| problems_of(error.into()))?;
            Ok((workspace, all))
        });
        let state = Arc::new(State { version, loaded });
        *known = Some(Arc::clone(&state));
        state
    }

    /// The page at `path`, relative to the top of the site.
    pub(super) fn page(&self, path: &str) -> Answer {
        let state = self.state();
        let (workspace, all) = match &state.loaded {
            Ok(loaded) => loaded,
            Err(problems) => return self.errors(problems),
        };
        let Shown { audience, title, template } = self.shown;
        let builder = Builder::new(workspace, self.context, audience, template, title, "");
        let builder = match builder {
            Ok(builder) => builder.live(),
            Err(error) => return self.errors(&problems_of(error)),
        };
        let id = path.strip_prefix("incidents/").and_then(|name| name.strip_suffix(".html"));
        let made = match id {
            Some(id) => self.incident(id, &builder, workspace, all),
            None => self.list(if path.is_empty() { "index.html" } else { path }, &builder, all),
        };
        made.unwrap_or_else(|error| self.errors(&problems_of(error)))
    }

    fn incident(
        &self,
        id: &str,
        builder: &Builder,
        workspace: &Workspace,
        all: &LoadedAll,
    ) -> Result<Answer, CliError> {
        let is = |path: &Path| path.file_stem().is_some_and(|stem| stem == id);
        if let Some(broken) = all.broken.iter().find(|path| is(path)) {
            let name = workspace.name(broken);
            let of_file = |problem: &&Diagnostic| {
                problem.place.as_ref().is_some_and(|place| *place.file == *name)
            };
            let problems: Vec<Diagnostic> = all.problems.iter().filter(of_file).cloned().collect();
            return Ok(self.errors(&problems));
        }
        match all.incidents.iter().find(|loaded| loaded.incident.id.as_str() == id) {
            Some(loaded) => {
                let others = Others::new(all.incidents.iter());
                Ok(Answer::html(200, builder.incident(loaded, &others)?.1))
            }
            None => Ok(Answer::text(404, "there is no such incident")),
        }
    }

    /// A page about several incidents. If files cannot be read, their errors replace the index.
    fn list(&self, path: &str, builder: &Builder, all: &LoadedAll) -> Result<Answer, CliError> {
        if path == "index.html" && !all.problems.is_empty() {
            return Ok(self.errors(&all.problems));
        }
        let entries = all.incidents.iter().map(|loaded| builder.entry(loaded)).collect();
        let incidents: Vec<_> = all.incidents.iter().collect();
        let files = Shared::new(builder, entries, &incidents).files(builder)?;
        let found = files.into_iter().find(|(known, _)| known == path);
        Ok(match found {
            Some((_, bytes)) if path.ends_with(".html") => Answer::html(200, bytes),
            Some((_, bytes)) if path.ends_with(".json") => {
                Answer::new(200, "application/feed+json", bytes)
            }
            Some((_, bytes)) => Answer::new(200, "application/atom+xml", bytes),
            None => Answer::text(404, "there is no such page"),
        })
    }

    fn errors(&self, problems: &[Diagnostic]) -> Answer {
        let text_of = |file: &str| std::fs::read_to_string(self.context.path(Path::new(file))).ok();
        let document: Document = error_page::document(problems, &text_of);
        let meta = Meta { title: "Error".to_owned(), ..Meta::default() };
        let frame = Builder::error_frame();
        Answer::html(500, crate::render::html::write_in(&document, &Figures::new(), &meta, &frame))
    }
}

fn problems_of(error: CliError) -> Vec<Diagnostic> {
    match error {
        CliError::Reported(_, problems) => problems,
        CliError::BrokenPipe => Vec::new(),
    }
}
