//! Shared code of the chat readers: [`Messages`] makes timeline entries of messages, and
//! [`ObjectChat`] is the complete reader of a chat whose records are JSON.

mod speech;

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Warned};
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::input::Input;
use crate::sources::intake::{Intake, Untimed};
use crate::sources::object_records::{Gather, gather, sniff};
use crate::sources::objects::Head;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::{EventRecord, Record, content_id};
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};
use crate::text::counted_that;

pub(super) use crate::sources::node::Node;

/// Emoji with which people mark a message for the record, by name and as characters.
const MARKS: &[&str] = &[
    "pushpin",
    "round_pushpin",
    "star",
    "star2",
    "bookmark",
    "memo",
    "pencil",
    "pencil2",
    "rotating_light",
    "fire",
    "warning",
    "mag",
    "white_check_mark",
    "heavy_check_mark",
    "ballot_box_with_check",
    "timeline",
    "incident",
    "postmortem",
    "siren",
    "📌",
    "📍",
    "⭐",
    "🌟",
    "🔖",
    "📝",
    "✏️",
    "🚨",
    "🔥",
    "⚠️",
    "🔍",
    "✅",
    "✔️",
    "☑️",
];

/// Whether that emoji marks a message for the record.
pub(in crate::sources::chat) fn is_mark(emoji: &str) -> bool {
    MARKS.contains(&emoji.trim_matches(':'))
}

/// A message.
#[derive(Debug, Clone)]
pub(in crate::sources::chat) struct Message {
    /// Its id in the source.
    pub id: Option<String>,
    /// When it was written.
    pub at: Option<Moment>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The text, in the source's own markup.
    pub text: String,
    /// The kind of that markup.
    pub kind: TextKind,
    /// Whether somebody marked it for the record.
    pub is_marked: bool,
    /// The id of the first message of its thread.
    pub thread: Option<String>,
    /// Whether it is a reply.
    pub is_reply: bool,
    /// Whether it was edited.
    pub is_edited: bool,
}

impl Message {
    /// A message without further details.
    pub(in crate::sources::chat) fn of(
        at: Option<Moment>,
        text: impl Into<String>,
        kind: TextKind,
    ) -> Self {
        let text = text.into();
        Message {
            id: None,
            at,
            author: None,
            text,
            kind,
            is_marked: false,
            thread: None,
            is_reply: false,
            is_edited: false,
        }
    }
}

/// The messages of one input.
pub(in crate::sources::chat) struct Messages<'a> {
    intake: Intake<'a>,
    events: Vec<EventRecord>,
    seen: BTreeSet<String>,
    repeats: usize,
    /// The number of people who joined or left.
    comings: usize,
}

impl<'a> Gather<'a> for Messages<'a> {
    fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }
}

impl<'a> Messages<'a> {
    /// The fields of the current record.
    pub(in crate::sources::chat) fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }

    /// An empty list.
    pub(in crate::sources::chat) fn new(warnings: Warnings<'a>) -> Self {
        Messages {
            intake: Intake::new(warnings),
            events: Vec::new(),
            seen: BTreeSet::new(),
            repeats: 0,
            comings: 0,
        }
    }

    /// Counts a person who joined or left, which is not a message.
    pub(in crate::sources::chat) fn came_or_went(&mut self) {
        self.comings += 1;
    }

    /// Adds a message. A message without a time is added undated and reported, with the text of its
    /// time.
    pub(in crate::sources::chat) fn add(&mut self, message: Message) {
        let mut text = clean_markdown(&message.text, message.kind);
        if text.is_empty() {
            return self.intake.warn("this message has no text and was left out");
        }
        if message.is_edited {
            text.push_str(" (edited)");
        }
        if message.at.is_none() {
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
        if message.is_reply {
            text = format!("↳ {text}");
        }
        let at = message.at.map_or_else(String::new, |at| at.to_string());
        let author =
            message.author.map(|author| clean_line(&author)).filter(|author| !author.is_empty());
        let id = message.id.map(|id| clean_line(&id)).filter(|id| !id.is_empty());
        let id =
            id.unwrap_or_else(|| content_id(&[&at, author.as_deref().unwrap_or_default(), &text]));
        if !self.seen.insert(id.clone()) {
            self.repeats += 1;
            return;
        }
        let suggests =
            (message.is_marked && message.at.is_some()).then(|| speech::milestone(&text)).flatten();
        self.events.push(EventRecord {
            id,
            at: message.at,
            end: None,
            kind: EntryKind::Message,
            state: None,
            text,
            actor: author,
            suggests,
            hidden: !message.is_marked,
            thread: message.thread,
        });
    }

    /// The entries in time order.
    ///
    /// # Errors
    /// [`ReadError`] if there are none because their times have no zone.
    pub(in crate::sources::chat) fn finish(mut self) -> Result<Warned<Vec<Record>>, ReadError> {
        self.events.sort_by_key(|event| (event.at.is_none(), event.at));
        let notes = [
            (self.comings, "line", ["about who came or went: left out"; 2]),
            (self.repeats, "message", ["repeats another: left out", "repeat others: left out"]),
        ];
        for (count, one, rest) in notes.into_iter().filter(|(count, ..)| *count > 0) {
            self.intake.say(Diagnostic::note(counted_that(count, one, rest)));
        }
        self.intake.finish(self.events.into_iter().map(Record::Event).collect())
    }
}

/// A reader of objects: one document, a list of messages, or one message per line.
pub(in crate::sources) struct ObjectChat {
    pub(in crate::sources::chat) id: &'static str,
    pub(in crate::sources::chat) about: &'static str,
    pub(in crate::sources::chat) written_from: WrittenFrom,
    /// The paths of the list of messages in a wrapping document.
    pub(in crate::sources::chat) lists: &'static [&'static str],
    /// Whether the head of a record is in this format.
    pub(in crate::sources::chat) is_record: fn(Head<'_>) -> bool,
    /// Adds the messages of a record.
    pub(in crate::sources::chat) read: fn(Node<'_>, &mut Messages<'_>),
}

impl Reader for ObjectChat {
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
        let mut messages = Messages::new(warnings);
        gather(text, self.lists, self.is_record, &mut messages, self.read)?;
        messages.finish()
    }
}
