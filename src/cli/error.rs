//! Converts the errors of every layer to one message and one exit code.

use std::process::ExitCode;

use crate::diag::Diagnostic;
use crate::store::StoreError;
use crate::store::git::GitError;

/// The exit status. The order is that of the codes: the highest one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Success.
    Fine,
    /// `check` or `verify` has findings.
    Findings,
    /// The command line is wrong, or names something that does not exist.
    Usage,
    /// A file or an input is wrong.
    BadInput,
    /// Reading, writing or fetching failed.
    Failed,
    /// The user stopped it with Ctrl-C.
    Stopped,
}

impl Exit {
    /// The exit code for the shell.
    pub fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::BadInput => 3,
            Exit::Failed => 4,
            // 128 plus the number of the signal, the shell convention.
            Exit::Stopped => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum CliError {
    /// The reader of the output closed the pipe. This is not an error.
    BrokenPipe,
    /// The messages, and the exit status.
    Reported(Exit, Vec<Diagnostic>),
}

impl CliError {
    /// The command line asks for something impossible.
    pub(crate) fn usage(problem: Diagnostic) -> Self {
        CliError::Reported(Exit::Usage, vec![problem])
    }

    /// A file or an input is wrong.
    pub(crate) fn bad_input(problem: Diagnostic) -> Self {
        CliError::Reported(Exit::BadInput, vec![problem])
    }

    /// Reading, writing or fetching failed.
    pub(crate) fn failed(problem: Diagnostic) -> Self {
        CliError::Reported(Exit::Failed, vec![problem])
    }

    /// The user stopped it; `problem` says what was done.
    pub(crate) fn stopped(problem: Diagnostic) -> Self {
        CliError::Reported(Exit::Stopped, vec![problem])
    }

    /// The same error, with one more hint on its last message.
    #[must_use]
    pub(crate) fn hint(mut self, hint: &str) -> Self {
        if let CliError::Reported(_, problems) = &mut self
            && let Some(last) = problems.last_mut()
        {
            last.hints.push(hint.to_owned());
        }
        self
    }

    /// The exit status for this error.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            CliError::BrokenPipe => Exit::Fine,
            CliError::Reported(exit, _) => *exit,
        }
    }
}

impl From<std::io::Error> for CliError {
    /// An error of our own output streams; the store has its own errors for files.
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return CliError::BrokenPipe;
        }
        CliError::failed(Diagnostic::error(format!("cannot write the output: {error}")))
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::Io { ref source, .. }
                if source.kind() == std::io::ErrorKind::IsADirectory =>
            {
                CliError::failed(Diagnostic::error(message).hint("give a file, not a folder"))
            }
            StoreError::Io { .. } | StoreError::Edit { .. } => {
                CliError::failed(Diagnostic::error(message))
            }
            StoreError::Content { problems, .. } => CliError::Reported(Exit::BadInput, problems),
            StoreError::NoSuchIncident { .. } => CliError::usage(
                Diagnostic::error(message).hint("`posthoc list` lists the incidents"),
            ),
            StoreError::Git(error) => {
                let problem = Diagnostic::error(message);
                let problem = match error.hint() {
                    Some(hint) => problem.hint(hint),
                    None => problem,
                };
                match error {
                    GitError::UnknownRevision { .. } => CliError::usage(problem),
                    _ => CliError::failed(problem),
                }
            }
            StoreError::Ambiguous { matches, .. } => CliError::usage(
                Diagnostic::error(message).hint(format!("say which: {}", named(&matches))),
            ),
            StoreError::Changed(_) => {
                CliError::failed(Diagnostic::error(message).hint("run the command again"))
            }
            StoreError::Locked { .. } => {
                let hint = "wait until it has ended, or end the process that holds the lock (`fuser` names it)";
                CliError::failed(Diagnostic::error(message).hint(hint))
            }
            StoreError::Interrupted => CliError::stopped(Diagnostic::error(message)),
            StoreError::Exists(_) => CliError::failed(
                Diagnostic::error(message)
                    .hint("existing files are never overwritten: choose another name"),
            ),
        }
    }
}

/// The first of many names, and the number of the others.
pub(super) fn named(names: &[String]) -> String {
    const MOST: usize = 10;
    let first = names.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
