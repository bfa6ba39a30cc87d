//! Shared code of the readers of changes: [`Changes`] makes timeline entries, and [`ObjectChanges`]
//! is the complete reader of a vendor whose records are JSON or a table.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Warned};
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::input::Input;
use crate::sources::intake::{Intake, Untimed};
use crate::sources::object_records::{Gather, gather, sniff};
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::{EventRecord, Record, content_id};
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};
use crate::text::counted_that;

#[cfg(test)]
pub(super) mod testing;

pub(super) use crate::sources::node::Node;
pub(super) use crate::sources::objects::Head;

/// A change.
#[derive(Debug, Clone, Default)]
pub(in crate::sources::changes) struct Change {
    /// Its id in the source.
    pub id: Option<String>,
    /// When it began.
    pub at: Option<Moment>,
    /// When it ended.
    pub end: Option<Moment>,
    /// What was changed: an application, a job.
    pub what: String,
    /// What was done: `was deployed`.
    pub verb: &'static str,
    /// The version, the revision or the tag that it was changed to.
    pub version: Option<String>,
    /// Where: an environment, a cluster.
    pub to: Option<String>,
    /// The result, in the source's own word.
    pub result: Option<String>,
    /// Further details.
    pub details: Option<String>,
    /// The person who did it.
    pub by: Option<String>,
    /// Whether it is not a change but an event worth knowing, such as a cluster event.
    pub is_note: bool,
    /// Whether it is hidden from reports.
    pub is_hidden: bool,
}

/// The changes of one input.
pub(in crate::sources::changes) struct Changes<'a> {
    intake: Intake<'a>,
    events: Vec<EventRecord>,
    seen: BTreeSet<String>,
    repeats: usize,
}

impl<'a> Gather<'a> for Changes<'a> {
    fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }
}

impl<'a> Changes<'a> {
    /// The fields of the current record.
    pub(in crate::sources::changes) fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }

    /// An empty list.
    pub(in crate::sources::changes) fn new(warnings: Warnings<'a>) -> Self {
        Changes {
            intake: Intake::new(warnings),
            events: Vec::new(),
            seen: BTreeSet::new(),
            repeats: 0,
        }
    }

    /// The time at the first of `paths` that has one; see [`Intake::time`].
    pub(in crate::sources::changes) fn time(
        &mut self,
        node: Node<'_>,
        paths: &[&str],
    ) -> Option<Moment> {
        self.intake.time(node, paths)
    }

    /// Adds a change. A change without a time is added undated and reported, with the text of its
    /// time.
    pub(in crate::sources::changes) fn add(&mut self, change: Change) {
        let mut text = change.text();
        if change.at.is_none() {
            match self.intake.untimed() {
                Untimed::LacksZone => return,
                Untimed::Stays(Some(time)) => {
                    text.push_str(&format!(
                        "\n\nIts time is written `{}`.",
                        time.replace('`', "'")
                    ));
                }
                Untimed::Stays(None) => {}
            }
        }
        let id = change.id.as_deref().map(clean_line).filter(|id| !id.is_empty());
        let at = change.at.map_or_else(String::new, |at| at.to_string());
        let id = id.unwrap_or_else(|| content_id(&[&at, &text]));
        if !self.seen.insert(id.clone()) {
            self.repeats += 1;
            return;
        }
        self.events.push(EventRecord {
            id,
            at: change.at,
            end: change
                .end
                .filter(|end| change.at.is_some_and(|at| end.earliest() > at.earliest())),
            kind: if change.is_note { EntryKind::Note } else { EntryKind::Deploy },
            state: None,
            text,
            actor: change.by.map(|by| clean_line(&by)).filter(|by| !by.is_empty()),
            suggests: None,
            hidden: change.is_hidden,
            thread: None,
        });
    }

    /// The entries in time order.
    ///
    /// # Errors
    /// [`ReadError`] if there are none because their times have no zone.
    pub(in crate::sources::changes) fn finish(mut self) -> Result<Warned<Vec<Record>>, ReadError> {
        self.events.sort_by_key(|event| (event.at.is_none(), event.at));
        if self.repeats > 0 {
            let verbs = ["repeats another: left out", "repeat others: left out"];
            self.intake.say(Diagnostic::note(counted_that(self.repeats, "record", verbs)));
        }
        self.intake.finish(self.events.into_iter().map(Record::Event).collect())
    }
}

impl Change {
    /// `**shop** was deployed to production: success`, then the version and further details.
    fn text(&self) -> String {
        let plain = |text: &str| clean_markdown(&clean_line(text), TextKind::Plain);
        let mut text = format!("**{}** {}", plain(&self.what), self.verb);
        if let Some(to) = self.to.as_deref().filter(|to| !to.trim().is_empty()) {
            // A merge or deployment stays in effect; a job only ran.
            let preposition = if matches!(self.verb, "ran" | "ran a pipeline" | "was synchronized")
            {
                "in"
            } else {
                "to"
            };
            text.push_str(&format!(" {preposition} {}", plain(to)));
        }
        if let Some(result) = self.result.as_deref().filter(|result| !result.trim().is_empty()) {
            text.push_str(&format!(": {}", plain(&result.to_lowercase().replace('_', " "))));
        }
        if let Some(version) =
            self.version.as_deref().map(clean_line).filter(|version| !version.is_empty())
        {
            let is_hash =
                version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
            let shown = if is_hash { &version[..12] } else { version.as_str() };
            text.push_str(&format!(" (`{}`)", shown.replace('`', "'")));
        }
        if let Some(details) = self
            .details
            .as_deref()
            .map(|details| clean_markdown(details, TextKind::Plain))
            .filter(|details| !details.is_empty())
        {
            text.push_str(&format!("\n\n{details}"));
        }
        text
    }
}

/// A text of a node, in the form a change needs.
pub(in crate::sources::changes) fn text(node: Node<'_>, paths: &[&str]) -> Option<String> {
    node.text(paths).map(std::borrow::Cow::into_owned)
}

/// The first line of a text, such as a commit message.
pub(in crate::sources::changes) fn first_line(text: String) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// A reader of objects: one document, a list of records, one record per line, or a table.
pub(in crate::sources) struct ObjectChanges {
    pub(in crate::sources::changes) id: &'static str,
    pub(in crate::sources::changes) about: &'static str,
    pub(in crate::sources::changes) written_from: WrittenFrom,
    /// The paths of the list of records in a wrapping document.
    pub(in crate::sources::changes) lists: &'static [&'static str],
    /// Whether the head of a record is in this format.
    pub(in crate::sources::changes) is_record: fn(Head<'_>) -> bool,
    /// Adds the changes of a record.
    pub(in crate::sources::changes) read: fn(Node<'_>, &mut Changes<'_>),
}

impl Reader for ObjectChanges {
    fn about(&self) -> About {
        About { id: self.id, about: self.about, written_from: self.written_from }
    }

    fn sniff(&self, _: &Input, head: &str) -> Verdict {
        sniff(head, self.lists, self.is_record, Verdict::Yes)
    }

    fn read<'a>(
        &self,
        text: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let mut changes = Changes::new(warnings);
        gather(text, self.lists, self.is_record, &mut changes, self.read)?;
        changes.finish()
    }
}
