//! `git log`, in its usual forms and with `--format=fuller`, and annotated tags (`git show TAG`).
//!
//! The date of a commit is when it was made, or when it was put on its branch (`CommitDate`, which
//! is preferred); it is not the time of deployment. A line `commit HASH` may occur in a message
//! too, but is indented there.

use std::sync::LazyLock;

use regex::Regex;

use super::kit::{Change, Changes};
use crate::diag::Warned;
use crate::sources::input::Input;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

pub(crate) struct GitLog;

/// The first line of a commit, with its refs.
static COMMIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[|*/\\ ]*)?commit ([0-9a-f]{7,64})(?: \((.*)\))?$")
        .expect("valid built-in regex")
});

impl Reader for GitLog {
    fn about(&self) -> About {
        About {
            id: "git-log",
            about: "git log, as git prints it (medium, full or fuller)",
            written_from: WrittenFrom::Captures,
        }
    }

    fn sniff(&self, _: &Input, head: &str) -> Verdict {
        let mut lines = head.lines().skip_while(|line| line.trim().is_empty());
        let is_commit = lines.next().is_some_and(|line| COMMIT.is_match(line) || is_tag(line));
        let has_author = lines.take(6).any(|line| {
            let line = line.trim_start_matches(['|', '*', ' ']);
            line.starts_with("Author:") || line.starts_with("Tagger:")
        });
        if is_commit && has_author { Verdict::Yes } else { Verdict::No("not a log of git") }
    }

    fn read<'a>(
        &self,
        input: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let mut changes = Changes::new(warnings);
        let mut commit: Option<Commit<'a>> = None;
        let mut lines = input.body().lines().peekable();
        while let Some(line) = lines.next() {
            if is_tag(line) && lines.peek().is_some_and(|next| next.starts_with("Tagger:")) {
                if let Some(commit) = commit.take() {
                    commit.add(&mut changes);
                }
                let tag = line["tag ".len()..].trim();
                commit = Some(Commit { line, tag: Some(tag), ..Commit::default() });
            } else if let Some(found) = COMMIT.captures(line).filter(|_| !line.starts_with("    "))
            {
                if let Some(commit) = commit.take() {
                    commit.add(&mut changes);
                }
                let refs = found.get(2).map(|refs| refs.as_str());
                commit =
                    Some(Commit { line, hash: found[1].to_owned(), refs, ..Commit::default() });
            } else if let Some(commit) = &mut commit {
                commit.read(line);
            }
        }
        if let Some(commit) = commit {
            commit.add(&mut changes);
        }
        changes.finish()
    }
}

/// Whether a line may be the first of an annotated tag.
fn is_tag(line: &str) -> bool {
    line.strip_prefix("tag ").is_some_and(|name| !name.trim().is_empty() && !name.contains(' '))
}

/// A commit, or an annotated tag.
#[derive(Default)]
struct Commit<'a> {
    /// Its first line, for the place of a warning.
    line: &'a str,
    /// The hash of a commit; empty for a tag.
    hash: String,
    /// The name of a tag.
    tag: Option<&'a str>,
    refs: Option<&'a str>,
    author: Option<&'a str>,
    authored: Option<&'a str>,
    committed: Option<&'a str>,
    subject: Option<&'a str>,
    is_merge: bool,
}

impl<'a> Commit<'a> {
    fn read(&mut self, line: &'a str) {
        // The lines of `--graph` precede the text.
        let line = line.trim_start_matches(['|', '*', '/', '\\']);
        let field = |name: &str| line.trim_start().strip_prefix(name).map(str::trim);
        let is_dated = self.authored.is_some() || self.committed.is_some();
        // The message of a tag is not indented.
        let is_message = line.starts_with("    ") || (self.tag.is_some() && is_dated);
        if self.subject.is_none() && !is_message {
            if let Some(author) = field("Author:").or_else(|| field("Tagger:")) {
                self.author = Some(author.split('<').next().unwrap_or_default().trim())
                    .filter(|name| !name.is_empty());
            } else if let Some(date) = field("AuthorDate:").or_else(|| field("Date:")) {
                self.authored = Some(date);
            } else if let Some(date) = field("CommitDate:") {
                self.committed = Some(date);
            } else if field("Merge:").is_some() {
                self.is_merge = true;
            }
        } else if self.subject.is_none() && !line.trim().is_empty() && is_dated {
            self.subject = Some(line.trim());
        }
    }

    fn add(self, changes: &mut Changes<'a>) {
        changes.intake().next(self.line);
        let at = self
            .committed
            .or(self.authored)
            .and_then(|date| changes.intake().written(date, "the date of this commit", None));
        if let Some(tag) = self.tag {
            return changes.add(Change {
                id: Some(format!("tag-{tag}")),
                at,
                what: format!("Tag {tag}"),
                verb: "was made",
                details: self.subject.map(str::to_owned),
                by: self.author.map(str::to_owned),
                ..Change::default()
            });
        }
        let tag =
            self.refs.and_then(|refs| refs.split(", ").find_map(|name| name.strip_prefix("tag: ")));
        let subject = self.subject.unwrap_or("A commit without a message");
        changes.add(Change {
            id: Some(self.hash.clone()),
            at,
            what: tag.map_or_else(|| "Commit".to_owned(), |tag| format!("Commit {tag}")),
            verb: if self.is_merge { "merged" } else { "was made" },
            version: Some(self.hash),
            details: Some(subject.to_owned()),
            by: self.author.map(str::to_owned),
            ..Change::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn commit_date_is_used() {
        let text = "commit e05824a36ca62aa9f3a21854ec8b40a3e0f7a68d (HEAD -> main, tag: v1.4)\nMerge: 6c3964ce30 f0a1e923e3\nAuthor:     Ana <ana@example.com>\nAuthorDate: Mon Oct 28 12:42:22 2019 +0100\nCommit:     Li <>\nCommitDate: Sun Mar 1 10:58:00 2026 +0100\n\n    Bigger pool\n    \n    commit 471c4bbc388c1c536f07ce1dd26b811bd39a9467 did less\n\n pool.rs | 16 +++--\n\ncommit 096fffdb79807d34b99985b38df0a3df7f6a86c7\nAuthor:  <foo@example.com>\nDate:   Sun Mar 1 09:50:19 2026 +0000\n\n    Smaller pool\n";
        assert!(sniffs(&GitLog, text));
        insta::assert_snapshot!(read(&GitLog, text), @"
        2026-03-01T09:50:19Z deploy [-] **Commit** was made (`096fffdb7980`) ¶ Smaller pool
        2026-03-01T09:58:00Z deploy [Ana] **Commit v1.4** merged (`e05824a36ca6`) ¶ Bigger pool
        ");
    }

    #[test]
    fn annotated_tag_is_a_separate_change() {
        // `git show v1.4`, and what an import of a repository reads.
        let text = "tag v1.4\nTagger: Ana <ana@example.com>\nDate:   Sun Mar 1 11:00:00 2026 +0100\n\nThe spring release\n\nMore of it.\n\ncommit e05824a36ca62aa9f3a21854ec8b40a3e0f7a68d (tag: v1.4)\nAuthor:     Li\nAuthorDate: 2026-03-01T10:58:00+01:00\nCommitDate: 2026-03-01T10:58:00+01:00\n\n    Bigger pool\n    tag v9\n\ntag v1.5\nTagger:     Li\nDate:       2026-03-01T12:00:00+01:00\n\n    Tagger: nobody\n";
        assert!(sniffs(&GitLog, text));
        insta::assert_snapshot!(read(&GitLog, text), @"
        2026-03-01T09:58:00Z deploy [Li] **Commit v1.4** was made (`e05824a36ca6`) ¶ Bigger pool
        2026-03-01T10:00:00Z deploy [Ana] **Tag v1.4** was made ¶ The spring release
        2026-03-01T11:00:00Z deploy [Li] **Tag v1.5** was made ¶ Tagger: nobody
        ");
    }
}
