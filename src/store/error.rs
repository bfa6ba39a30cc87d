//! Why the store could not do what was asked.

use std::path::PathBuf;

use super::git::GitError;
use super::system::plain;
use crate::diag::Diagnostic;
use crate::text::counted;

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
    #[error("{} in {}", counted(problems.len(), "mistake"), path.display())]
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
    Git(#[from] GitError),
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
    pub(super) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> StoreError {
        let path = path.into();
        move |source| StoreError::Io { action, path, source }
    }
}
