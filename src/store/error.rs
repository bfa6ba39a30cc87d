//! The errors of the store.

use std::path::PathBuf;

use super::git::GitError;
use super::system::plain;
use crate::diag::Diagnostic;
use crate::text::counted;

/// Why a file could not be read, written or edited.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system reported an error.
    #[error("cannot {action} {}: {}", path.display(), plain(source))]
    Io {
        /// What was attempted: `read`, `write`, `lock` …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The content of a file is invalid; every mistake is listed.
    #[error("{} in {}", counted(problems.len(), "mistake"), path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Every mistake that was found.
        problems: Vec<Diagnostic>,
    },
    /// No incident has that id.
    #[error("no incident `{id}`{}", nearest.as_ref().map_or(String::new(), |id| format!("; did you mean `{id}`?")))]
    NoSuchIncident {
        /// The id as given.
        id: String,
        /// The most similar id.
        nearest: Option<String>,
    },
    /// The history in git could not be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The given text is a part of several ids.
    #[error("`{part}` is a part of {} ids", matches.len())]
    Ambiguous {
        /// The text as given.
        part: String,
        /// The ids that contain it.
        matches: Vec<String>,
    },
    /// The file already exists.
    #[error("{} already exists", .0.display())]
    Exists(PathBuf),
    /// Someone else saved the file after it was read.
    #[error("{} was changed by somebody else meanwhile", .0.display())]
    Changed(PathBuf),
    /// Another process holds the lock of the folder.
    #[error("{} has been locked by another posthoc for more than {seconds} s", path.display())]
    Locked {
        /// The locked folder.
        path: PathBuf,
        /// How long this process waited.
        seconds: u64,
    },
    /// The user asked to stop.
    #[error("stopped by Ctrl-C")]
    Interrupted,
    /// The file cannot be edited in place.
    #[error("{} cannot be edited in place: {reason}", path.display())]
    Edit {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
}

impl StoreError {
    pub(super) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> StoreError {
        let path = path.into();
        move |source| StoreError::Io { action, path, source }
    }
}
