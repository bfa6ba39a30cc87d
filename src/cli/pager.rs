//! The pager: long output on a terminal is shown page by page.
//!
//! The conventions are git's: `$POSTHOC_PAGER`, else `$PAGER`, else `less`. An empty value or `cat`
//! turns it off, and `less` gets `FRX` unless `LESS` is set, so that output of one screen is
//! printed as if there were no pager.

use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::stop;

/// A program that shows what is written to it.
pub(super) struct Pager {
    child: Child,
    /// `None` once there is nothing more to write.
    input: Option<ChildStdin>,
    /// The user may quit the pager early. Further output is then discarded, which is not an error:
    /// the exit code is that of the whole command.
    has_left: Arc<AtomicBool>,
}

/// The words of the pager's command line; `None` if the environment turns the pager off.
pub(super) fn command_line(variable: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let asked = variable("POSTHOC_PAGER").or_else(|| variable("PAGER"));
    let Some(asked) = asked else { return Some(vec!["less".to_owned(), "-FRX".to_owned()]) };
    // An unclosed quote is part of a word.
    let words = shlex::split(&asked)
        .unwrap_or_else(|| asked.split_whitespace().map(str::to_owned).collect());
    let is_none = matches!(words.as_slice(), [] | [_] if words.first().is_none_or(|word| word.is_empty() || word == "cat"));
    (!is_none).then_some(words)
}

impl Pager {
    /// Starts the program; `None` if it cannot be run, since showing the output without it is
    /// better.
    pub(super) fn start(command_line: &[String], less_is_set: bool) -> Option<Self> {
        let (program, arguments) = command_line.split_first()?;
        #[expect(clippy::disallowed_methods, reason = "this is where the pager is run")]
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped());
        if !less_is_set {
            command.env("LESS", "FRX");
        }
        let has_left = Arc::new(AtomicBool::new(false));
        // A terminal sends Ctrl-C to both processes. In a pager it ends a search and must not end
        // posthoc. Set this before starting the pager, which can be used at once.
        stop::leave_to_pager(&has_left);
        let Ok(mut child) = command.spawn() else {
            has_left.store(true, Ordering::Relaxed);
            return None;
        };
        let input = child.stdin.take();
        Some(Pager { child, input, has_left })
    }

    /// Closes the input and waits until the user quits the pager.
    pub(super) fn wait(&mut self) {
        self.input = None;
        let _ = self.child.wait();
        self.has_left.store(true, Ordering::Relaxed);
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.input {
            Some(input) if !self.has_left.load(Ordering::Relaxed) => match input.write(bytes) {
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                    self.has_left.store(true, Ordering::Relaxed);
                }
                other => return other,
            },
            _ => {}
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let has_left = self.has_left.load(Ordering::Relaxed);
        match self.input.as_mut().filter(|_| !has_left).map_or(Ok(()), ChildStdin::flush) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                self.has_left.store(true, Ordering::Relaxed);
                Ok(())
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(set: &[(&str, &str)]) -> Option<String> {
        let value = |name: &str| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        command_line(value).map(|words| words.join("|"))
    }

    #[test]
    fn the_environment_chooses_the_pager() {
        assert_eq!(chosen(&[]).unwrap(), "less|-FRX");
        assert_eq!(chosen(&[("PAGER", "more")]).unwrap(), "more");
        assert_eq!(chosen(&[("PAGER", "more"), ("POSTHOC_PAGER", "less -S")]).unwrap(), "less|-S");
        assert_eq!(
            chosen(&[("PAGER", "'/opt/my tools/pager' -p \"a b\"")]).unwrap(),
            "/opt/my tools/pager|-p|a b"
        );
        assert_eq!(
            chosen(&[("PAGER", "more"), ("POSTHOC_PAGER", "")]),
            None,
            "ours comes first, and says none"
        );
        assert_eq!(chosen(&[("PAGER", " ")]), None);
        assert_eq!(chosen(&[("PAGER", "cat")]), None);
        assert_eq!(chosen(&[("PAGER", "cat -v")]).unwrap(), "cat|-v");
        assert_eq!(chosen(&[("PAGER", "don't")]).unwrap(), "don't");
    }

    #[test]
    fn missing_program_is_not_used_as_pager() {
        assert!(Pager::start(&["no-such-program-for-paging".to_owned()], false).is_none());
    }

    #[test]
    #[cfg(unix)]
    fn quitting_the_pager_is_not_an_error() {
        let mut pager = Pager::start(&["true".to_owned()], true).unwrap();
        pager.child.wait().unwrap();
        for _ in 0..3 {
            pager.write_all(&[b'x'; 1 << 17]).unwrap();
        }
        pager.flush().unwrap();
        pager.wait();
    }
}
