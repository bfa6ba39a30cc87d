//! Candidates for shell completion. The shell runs the program with the `COMPLETE` variable and the
//! words so far, so that existing incidents can be offered.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap_complete::CompletionCandidate;

use crate::analysis::rules;
use crate::report::template::BUILT_IN;
use crate::sources;
use crate::store::Workspace;

fn candidate(name: &str, about: &str) -> CompletionCandidate {
    CompletionCandidate::new(name).help((!about.is_empty()).then(|| about.to_owned().into()))
}

/// The workspace of the current folder. Completion never fails: without a workspace it offers
/// nothing.
fn workspace() -> Option<Workspace> {
    #[expect(
        clippy::disallowed_methods,
        reason = "completion runs before the arguments are resolved"
    )]
    let folder: PathBuf = std::env::current_dir().ok()?;
    Workspace::find(&folder).ok()
}

/// The ids that contain the typed text, since a part of an id names an incident too.
pub(super) fn incidents(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let ids = workspace().and_then(|workspace| workspace.ids().ok()).unwrap_or_default();
    let (first, rest): (Vec<String>, Vec<String>) =
        ids.into_iter().filter(|id| id.contains(&*typed)).partition(|id| id.starts_with(&*typed));
    let offered = if first.is_empty() { rest } else { first };
    offered.iter().map(|id| candidate(id, "")).collect()
}

/// The formats that `import` reads.
pub(super) fn formats() -> Vec<CompletionCandidate> {
    sources::REGISTRY.iter().map(|source| candidate(source.id(), source.about())).collect()
}

/// The rules of `check`.
pub(super) fn rules() -> Vec<CompletionCandidate> {
    rules::REGISTRY.iter().map(|rule| candidate(rule.id(), rule.about())).collect()
}

/// The built-in templates.
pub(super) fn templates() -> Vec<CompletionCandidate> {
    BUILT_IN.iter().map(|template| candidate(template.name, template.about)).collect()
}

/// The names of `[sources.NAME]` in posthoc.toml.
pub(super) fn sources() -> Vec<CompletionCandidate> {
    let named = workspace().map(|workspace| workspace.config.sources).unwrap_or_default();
    named.iter().map(|(name, source)| candidate(name, &source.url)).collect()
}
