//! The commits and tags of a repository, as evidence of changes.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};

use super::{Git, GitError, without_line_end};

/// The format of a commit for `git log`. It has no addresses of people: they are not evidence, and
/// the text is stored.
const COMMIT: &str =
    "--format=commit %H%d%nAuthor:     %an%nAuthorDate: %aI%nCommitDate: %cI%n%n%w(0,4,4)%s%w(0)%n";

/// The same for an annotated tag. A tag without an annotation has no date of its own; the line of
/// its commit names it.
const TAG: &str = "--format=%(if)%(taggerdate)%(then)tag %(refname:short)%0aTagger:     %(taggername)%0aDate:       %(taggerdate:iso-strict)%0a%0a    %(subject)%0a%(end)";

/// The commits that lead to `HEAD` and are dated from `since` to `until`, and the annotated tags,
/// in the format of `git log`. Below the top of a working tree, only commits that changed something
/// in `folder`.
///
/// Nothing that the repository chooses is run: no filter, hook, signature check or pager; and a
/// partial clone fetches nothing.
///
/// # Errors
/// [`GitError`] if there is no git, no repository or no commit, or git refuses to read the
/// repository.
pub(crate) fn log(
    folder: &Path,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<Vec<u8>, GitError> {
    let git = Git {
        folder: folder.to_owned(),
        offline: true,
        filters: Vec::new(),
        top: PathBuf::new(),
        prefix: PathBuf::new(),
    };
    let prefix = git.ask("find the repository", &["rev-parse", "--show-prefix"]);
    let prefix = prefix.map_err(|error| match error {
        GitError::Failed { message, .. } if message.contains("not a git repository") => {
            GitError::NotARepository(folder.to_owned())
        }
        other => other,
    })?;
    let limit = |name: &str, at: Option<DateTime<Utc>>| {
        at.map(|at| format!("--{name}={}", at.to_rfc3339_opts(SecondsFormat::Secs, true)))
    };
    let limits: Vec<String> =
        limit("since", since).into_iter().chain(limit("until", until)).collect();
    let mut arguments = vec![
        "log",
        "--no-color",
        "--no-show-signature",
        "--no-notes",
        "--no-patch",
        "--no-ext-diff",
        "--no-textconv",
        "--decorate=short",
        COMMIT,
    ];
    arguments.extend(limits.iter().map(String::as_str));
    arguments.extend(["HEAD", "--"]);
    if !without_line_end(&prefix).is_empty() {
        arguments.push(".");
    }
    let mut text = git.ask("list the commits", &arguments)?;
    text.extend(git.ask("list the tags", &["for-each-ref", TAG, "refs/tags"])?);
    Ok(text)
}
