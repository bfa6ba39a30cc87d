//! The incidents folder and `posthoc.toml`: finding, loading, editing and writing.
//!
//! This layer owns the file system. It loads in parallel, reports every mistake of a file with its
//! place, edits a file's text without touching what it does not change, and writes so that a
//! reader sees the old file or the new one, never half of either.

mod advice;
pub mod cache;
pub mod config;
pub mod edit;
mod exchange;
mod frame;
pub mod git;
pub mod history;
pub mod ignores;
pub mod leftovers;
pub mod load;
pub mod locate;
pub mod lock;
mod mistakes;
pub mod named_sources;
mod outline;
mod patches;
pub mod read;
mod syntax;
mod toml_places;
pub mod workspace;
pub mod write;
mod wrong_time;
mod yaml_text;

pub use workspace::Workspace;

use std::path::PathBuf;

use crate::diag::Diagnostic;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("cannot {action} {}: {}", path.display(), plain(source))]
    Io {
        /// What was tried: `read`, `write`, `lock` …
        action: &'static str,
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The content of a file is wrong; each mistake is listed.
    #[error("{} in {}", count(.problems.len()), path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// Every mistake that was found.
        problems: Vec<Diagnostic>,
    },
    /// There is no incident of that name.
    #[error("no incident `{id}`{}", nearest.as_ref().map_or(String::new(), |id| format!("; did you mean `{id}`?")))]
    NoSuchIncident {
        /// The name as asked.
        id: String,
        /// The name that is written most like it.
        nearest: Option<String>,
    },
    /// The history could not be read.
    #[error(transparent)]
    Git(#[from] git::GitError),
    /// The name is a part of several ids.
    #[error("`{part}` is a part of {} ids", matches.len())]
    Ambiguous {
        /// The name as asked.
        part: String,
        /// The ids that it is a part of.
        matches: Vec<String>,
    },
    /// A file is there already.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// Somebody has saved the file since it was read.
    #[error("{} was changed by somebody else meanwhile", .0.display())]
    Changed(PathBuf),
    /// Another process keeps the lock of the folder.
    #[error("{} is locked by another posthoc, for more than {seconds} s", path.display())]
    Locked {
        /// What is locked.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The user has asked to stop.
    #[error("stopped by Ctrl-C")]
    Interrupted,
    /// An edit would have changed more than it should.
    #[error("{} cannot be edited in place: {reason}", path.display())]
    Edit {
        /// Which file.
        path: PathBuf,
        /// What stood in the way.
        reason: String,
    },
}

impl StoreError {
    fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> StoreError {
        let path = path.into();
        move |source| StoreError::Io { action, path, source }
    }
}

/// The system's words without Rust's " (os error 28)".
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

fn count(problems: usize) -> String {
    if problems == 1 { "one mistake".into() } else { format!("{problems} mistakes") }
}
