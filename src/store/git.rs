//! Read-only access to git: nothing here writes to the repository, its index or its working tree.
//!
//! The program `git` is run without a shell. Environment variables that would select another
//! repository are removed, and so are settings that would change the format of its output or run a
//! program that the repository chooses.

pub(crate) mod log;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why git gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program cannot be run.
    #[error("the program `git` cannot be run: {0}")]
    Missing(String),
    /// The folder is not in a repository.
    #[error("{} is not in a git repository", .0.display())]
    NotARepository(PathBuf),
    /// The revision does not exist.
    #[error("unknown revision `{revision}`")]
    UnknownRevision {
        /// The revision as given.
        revision: String,
        /// The most similar branch or tag.
        nearest: Option<String>,
        /// Whether the clone lacks part of the history.
        shallow: bool,
    },
    /// Any other error, in git's own words.
    #[error("git cannot {action}: {message}")]
    Failed {
        /// What was attempted.
        action: &'static str,
        /// The message of git.
        message: String,
    },
}

impl GitError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            GitError::Missing(_) => {
                Some("`posthoc diff` reads the history with git: install it".to_owned())
            }
            GitError::NotARepository(_) => {
                Some("incidents are compared with their history in git".to_owned())
            }
            GitError::UnknownRevision { shallow: true, .. } => Some(
                "this clone is shallow: `git fetch --unshallow` brings the rest of the history"
                    .to_owned(),
            ),
            GitError::UnknownRevision { nearest: Some(nearest), .. } => {
                Some(format!("did you mean `{nearest}`?"))
            }
            GitError::UnknownRevision { .. } => {
                Some("a branch, a tag, a commit, HEAD~3, or two of them as A..B".to_owned())
            }
            GitError::Failed { .. } => None,
        }
    }
}

/// Variables that select another repository than the one of the folder.
const REPOSITORY_VARIABLES: [&str; 13] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_ICASE_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_SHALLOW_FILE",
];

/// One side of a changed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blob {
    /// The path relative to the top of the repository.
    pub path: PathBuf,
    /// The object with the bytes; `None` if the file is only in the working tree.
    pub object: Option<String>,
}

/// A file that differs between two states. A rename has both sides, with two paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Differing {
    /// The file before; `None` if it is new.
    pub before: Option<Blob>,
    /// The file after; `None` if it was deleted.
    pub after: Option<Blob>,
}

/// The repository that contains a folder.
#[derive(Debug)]
pub(crate) struct Git {
    folder: PathBuf,
    offline: bool,
    /// Settings that name programs which git would run on the bytes of files.
    filters: Vec<String>,
    /// The top of the working tree.
    pub top: PathBuf,
    /// The folder relative to the top: empty, or with a slash at its end.
    pub prefix: PathBuf,
}

impl Git {
    /// Opens the repository that contains `folder`. With `offline`, objects that a partial clone
    /// does not have are not fetched.
    ///
    /// # Errors
    /// [`GitError`] if there is no git or no repository, or git refuses to read it.
    pub(crate) fn open(folder: &Path, offline: bool) -> Result<Self, GitError> {
        let mut git = Git {
            folder: folder.to_owned(),
            offline,
            filters: Vec::new(),
            top: PathBuf::new(),
            prefix: PathBuf::new(),
        };
        let found =
            git.ask("find the repository", &["rev-parse", "--show-toplevel"]).map_err(|error| {
                match error {
                    GitError::Failed { message, .. }
                        if message.contains("not a git repository") =>
                    {
                        GitError::NotARepository(folder.to_owned())
                    }
                    other => other,
                }
            })?;
        git.top = path_of(without_line_end(&found));
        git.prefix = path_of(without_line_end(
            &git.ask("find the folder", &["rev-parse", "--show-prefix"])?,
        ));
        git.filters = git.filters()?;
        Ok(git)
    }

    /// The full hash of the commit that `revision` names.
    ///
    /// # Errors
    /// [`GitError::UnknownRevision`], with the most similar name.
    pub(crate) fn commit(&self, revision: &str) -> Result<String, GitError> {
        let peeled = format!("{revision}^{{commit}}");
        let answer = if revision.is_empty() || revision.starts_with('-') {
            None
        } else {
            self.ask(
                "find the revision",
                &["rev-parse", "--verify", "--quiet", "--end-of-options", &peeled],
            )
            .ok()
        };
        if let Some(answer) = answer {
            return Ok(String::from_utf8_lossy(without_line_end(&answer)).into_owned());
        }
        let output =
            |arguments: &[&str]| self.ask("list the revisions", arguments).unwrap_or_default();
        let names = output(&[
            "for-each-ref",
            "--format=%(refname:short)",
            "refs/heads",
            "refs/tags",
            "refs/remotes",
        ]);
        let nearest = String::from_utf8_lossy(&names)
            .lines()
            .map(|name| (strsim::jaro_winkler(revision, name), name.to_owned()))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, name)| name);
        let shallow = output(&["rev-parse", "--is-shallow-repository"]).starts_with(b"true");
        Err(GitError::UnknownRevision { revision: revision.to_owned(), nearest, shallow })
    }

    /// The commit at which the histories of two commits diverge.
    ///
    /// # Errors
    /// [`GitError::Failed`] if they have no commit in common.
    pub(crate) fn merge_base(&self, one: &str, other: &str) -> Result<String, GitError> {
        let answer =
            self.ask("find where the two histories diverge", &["merge-base", "--", one, other]);
        let base = answer.map_err(|error| match error {
            GitError::Failed { action, message } if message.is_empty() => {
                GitError::Failed { action, message: "they have no commit in common".to_owned() }
            }
            other => other,
        })?;
        Ok(String::from_utf8_lossy(without_line_end(&base)).into_owned())
    }

    /// The regular files below `folders` that differ between the commit `before` and `after` (the
    /// working tree if absent). Untracked files are not included.
    ///
    /// # Errors
    /// [`GitError`].
    pub(crate) fn differing(
        &self,
        before: &str,
        after: Option<&str>,
        folders: &[PathBuf],
    ) -> Result<Vec<Differing>, GitError> {
        let mut command = self.command();
        command.args([
            "diff",
            "--raw",
            "-z",
            "--no-abbrev",
            "--find-renames",
            "--no-relative",
            "--no-ext-diff",
        ]);
        command.arg("--no-textconv");
        command.args(["--no-color", "--ignore-submodules=all", "--end-of-options", before]);
        command.args(after).arg("--").args(folders);
        raw(&run("compare the files", &mut command)?)
    }

    /// The files below `folder` in a commit, each with its object.
    ///
    /// # Errors
    /// [`GitError`].
    pub(crate) fn files(&self, commit: &str, folder: &Path) -> Result<Vec<Blob>, GitError> {
        let mut command = self.command();
        command
            .args(["ls-tree", "-r", "-z", "--full-name", "--end-of-options", commit, "--"])
            .arg(folder);
        let listed = run("list the files", &mut command)?;
        // `100644 blob HASH\tPATH`
        let file = |entry: &[u8]| {
            let tab = entry.iter().position(|&byte| byte == b'\t')?;
            let head = std::str::from_utf8(&entry[..tab]).ok()?;
            let mut words = head.split(' ');
            let (mode, object) = (words.next()?, words.nth(1)?);
            is_regular(mode)
                .then(|| Blob { path: path_of(&entry[tab + 1..]), object: Some(object.to_owned()) })
        };
        Ok(listed.split(|&byte| byte == 0).filter_map(file).collect())
    }

    /// The files below `folder` that git neither tracks nor ignores.
    ///
    /// # Errors
    /// [`GitError`].
    pub(crate) fn untracked(&self, folder: &Path) -> Result<Vec<PathBuf>, GitError> {
        let mut command = self.command();
        command
            .args(["ls-files", "--others", "--exclude-standard", "-z", "--full-name", "--"])
            .arg(folder);
        let listed = run("list the new files", &mut command)?;
        Ok(listed.split(|&byte| byte == 0).filter(|path| !path.is_empty()).map(path_of).collect())
    }

    /// The bytes of many objects, in their order; at most `most` plus one byte of each.
    ///
    /// # Errors
    /// [`GitError`] if one of them does not exist.
    pub(crate) fn read(&self, objects: &[&str], most: u64) -> Result<Vec<Vec<u8>>, GitError> {
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        let failed = |message: String| GitError::Failed { action: "read its objects", message };
        let io_failed = |error: std::io::Error| failed(error.to_string());
        let mut command = self.command();
        command
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child =
            command.spawn().map_err(|error| GitError::Missing(super::system::plain(&error)))?;
        let (Some(mut questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("it has no pipes".to_owned()));
        };
        let list = objects.iter().flat_map(|object| [object, "\n"]).collect::<String>();
        let read: Result<Vec<Vec<u8>>, GitError> = std::thread::scope(|scope| {
            // git answers before it has read all requests, so both pipes must be served at the same
            // time.
            scope.spawn(move || questions.write_all(list.as_bytes()));
            let mut answers = BufReader::new(answers);
            let missing = |object: &&str| failed(format!("{object} is missing"));
            objects
                .iter()
                .map(|object| {
                    one_object(&mut answers, most)
                        .map_err(io_failed)?
                        .ok_or_else(|| missing(object))
                })
                .collect()
        });
        child.wait().map_err(io_failed)?;
        read
    }

    /// The settings of all filters. The repository decides in `.gitattributes` which file has which
    /// filter, so anyone who can change the repository could choose what runs.
    fn filters(&self) -> Result<Vec<String>, GitError> {
        let pattern = r"^filter\..*\.(clean|smudge|process|required)$";
        let listed = self
            .ask("list the filters", &["config", "--null", "--name-only", "--get-regexp", pattern]);
        match listed {
            Ok(names) => {
                let names = names.split(|&byte| byte == 0).filter(|name| !name.is_empty());
                Ok(names.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
            }
            // It fails without a message if there are none.
            Err(GitError::Failed { message, .. }) if message.is_empty() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn command(&self) -> Command {
        #[expect(clippy::disallowed_methods, reason = "this is where git is run")]
        let mut command = Command::new("git");
        command.current_dir(&self.folder).stdin(Stdio::null());
        REPOSITORY_VARIABLES.iter().for_each(|name| {
            command.env_remove(name);
        });
        // Queries take no locks and write no index. Messages that are parsed are in English.
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        if self.offline {
            command.env("GIT_NO_LAZY_FETCH", "1");
        }
        command.args([
            "--no-pager",
            "--literal-pathspecs",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.quotePath=false",
        ]);
        command.args(["-c", "core.hooksPath=/dev/null"]);
        // No filter runs: an empty filter is none, and none is required. The name may contain a
        // `=`, where `-c` would end it.
        command.env("POSTHOC_NO_FILTER", "").env("POSTHOC_NOT_REQUIRED", "false");
        for name in &self.filters {
            let value = if name.ends_with(".required") {
                "POSTHOC_NOT_REQUIRED"
            } else {
                "POSTHOC_NO_FILTER"
            };
            command.arg(format!("--config-env={name}={value}"));
        }
        command
    }

    fn ask(&self, action: &'static str, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        run(action, self.command().args(arguments))
    }
}

fn run(action: &'static str, command: &mut Command) -> Result<Vec<u8>, GitError> {
    let output =
        command.output().map_err(|error| GitError::Missing(super::system::plain(&error)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let first = errors.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let message =
        ["fatal: ", "error: "].iter().find_map(|mark| first.strip_prefix(mark)).unwrap_or(first);
    Err(GitError::Failed { action, message: message.to_owned() })
}

/// One answer of `cat-file --batch`: `HASH blob SIZE`, the bytes, a line end. `None` if there is no
/// such object.
fn one_object(answers: &mut impl BufRead, most: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let Some(size) = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok())
    else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    answers.by_ref().take(size.min(most + 1)).read_to_end(&mut bytes)?;
    let rest = size - size.min(most + 1) + 1;
    std::io::copy(&mut answers.by_ref().take(rest), &mut std::io::sink())?;
    Ok(Some(bytes))
}

/// `:100644 100644 HASH HASH M\0PATH\0`, with two paths for a rename.
fn raw(answer: &[u8]) -> Result<Vec<Differing>, GitError> {
    let mut parts = answer.split(|&byte| byte == 0);
    let mut differing: Vec<Differing> = Vec::new();
    while let Some(head) = parts.next().filter(|head| !head.is_empty()) {
        let wrong = || GitError::Failed {
            action: "compare the files",
            message: format!("its answer is not understood: {}", String::from_utf8_lossy(head)),
        };
        let words: Vec<&str> = std::str::from_utf8(head).map_err(|_| wrong())?.split(' ').collect();
        let [old_mode, new_mode, old, new, status] = words.as_slice() else { return Err(wrong()) };
        let first = path_of(parts.next().ok_or_else(wrong)?);
        let second = if status.starts_with(['R', 'C']) {
            path_of(parts.next().ok_or_else(wrong)?)
        } else {
            first.clone()
        };
        // A file in an unfinished merge is listed again, with its content in the working tree.
        if status.starts_with('U') {
            continue;
        }
        let object = |hash: &str| (!hash.bytes().all(|byte| byte == b'0')).then(|| hash.to_owned());
        let before = is_regular(old_mode.trim_start_matches(':'))
            .then(|| Blob { path: first, object: object(old) });
        let after = is_regular(new_mode).then(|| Blob { path: second, object: object(new) });
        if before.is_some() || after.is_some() {
            differing.push(Differing { before, after });
        }
    }
    Ok(differing)
}

fn is_regular(mode: &str) -> bool {
    mode == "100644" || mode == "100755"
}

fn without_line_end(answer: &[u8]) -> &[u8] {
    answer.strip_suffix(b"\n").unwrap_or(answer)
}

/// A path in git's output as a path of the system.
fn path_of(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests;
