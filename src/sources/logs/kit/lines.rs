//! Log lines, and the timeline entries that they become.

use std::collections::HashMap;

use super::level::Level;
use crate::diag::{Diagnostic, Warned};
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::intake::{Intake, Untimed};
use crate::sources::object_records::Gather;
use crate::sources::record::{EventRecord, Record, content_id};
use crate::sources::source::ReadError;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The number of lines of unknown level that are shown: a short excerpt was probably selected by
/// hand.
const PICKED_OUT: usize = 60;

/// A line without its timestamp.
#[derive(Debug, Clone)]
pub(in crate::sources::logs) struct Line {
    /// Its id in the source, where that is known to be one.
    pub id: Option<String>,
    /// When it was written.
    pub at: Option<Moment>,
    /// The end of a span.
    pub end: Option<Moment>,
    /// The level.
    pub level: Option<Level>,
    /// The text.
    pub text: String,
    /// The program or the host that wrote it.
    pub actor: Option<String>,
    /// The kind of entry.
    pub kind: EntryKind,
    /// The milestone that it is a candidate for.
    pub suggests: Option<MilestoneName>,
}

impl Line {
    /// A line without further details.
    pub(in crate::sources::logs) fn of(at: Option<Moment>, text: impl Into<String>) -> Self {
        Line {
            id: None,
            at,
            end: None,
            level: None,
            text: text.into(),
            actor: None,
            kind: EntryKind::Note,
            suggests: None,
        }
    }
}

/// The lines of one input.
pub(in crate::sources::logs) struct Lines<'a> {
    intake: Intake<'a>,
    lines: Vec<Line>,
}

impl<'a> Gather<'a> for Lines<'a> {
    fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }
}

impl<'a> Lines<'a> {
    /// The fields of the current record.
    pub(in crate::sources::logs) fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }

    /// An empty list.
    pub(in crate::sources::logs) fn new(warnings: Warnings<'a>) -> Self {
        Lines { intake: Intake::new(warnings), lines: Vec::new() }
    }

    /// Adds a line. A line without a time is added undated and reported, with the text of its time.
    pub(in crate::sources::logs) fn add(&mut self, mut line: Line) {
        if line.at.is_none() {
            match self.intake.untimed() {
                Untimed::LacksZone => return,
                Untimed::Stays(Some(text)) => {
                    line.text.push_str(&format!("\n\nIts time is written \"{text}\"."));
                }
                Untimed::Stays(None) => {}
            }
        }
        self.lines.push(line);
    }

    /// How many lines there are.
    pub(in crate::sources::logs) fn count(&self) -> usize {
        self.lines.len()
    }

    /// Appends a continuation line to the last one; `false` if there is none.
    pub(in crate::sources::logs) fn go_on(&mut self, text: &str) -> bool {
        let last = self.lines.last_mut();
        if let Some(line) = last {
            line.text.push('\n');
            line.text.push_str(text.trim_end());
            return true;
        }
        false
    }

    /// The entries in the order of the source. Identical lines are distinguished by a number.
    ///
    /// # Errors
    /// [`ReadError`] if there are none because their times have no zone.
    pub(in crate::sources::logs) fn finish(mut self) -> Result<Warned<Vec<Record>>, ReadError> {
        let unknown = self.lines.iter().filter(|line| line.level.is_none()).count();
        let is_shown = |level: Option<Level>| {
            level.map_or(unknown <= PICKED_OUT, |level| level >= Level::Warning)
        };
        let mut same: HashMap<String, usize> = HashMap::new();
        let mut records = Vec::with_capacity(self.lines.len());
        let mut hidden = 0;
        for line in self.lines {
            let at = line.at.map_or_else(String::new, |at| at.to_string());
            let own = line.id.map(|id| clean_line(&id)).filter(|id| !id.is_empty());
            let id = own.unwrap_or_else(|| {
                content_id(&[&at, &line.text, line.actor.as_deref().unwrap_or_default()])
            });
            let count = same.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
            let id = if *count > 1 { format!("{id}-{count}") } else { id };
            let is_hidden = line.kind == EntryKind::Note && !is_shown(line.level);
            hidden += usize::from(is_hidden);
            records.push(Record::Event(EventRecord {
                id,
                at: line.at,
                end: line.end,
                kind: line.kind,
                state: None,
                text: clean_markdown(&line.text, TextKind::Plain),
                actor: line.actor.map(|actor| clean_line(&actor)).filter(|actor| !actor.is_empty()),
                suggests: line.suggests.filter(|_| line.at.is_some()),
                hidden: is_hidden,
                thread: None,
            }));
        }
        if hidden > 0 {
            let lines = if hidden == 1 {
                "1 line below a warning is"
            } else {
                &format!("{hidden} lines below a warning are")
            };
            let note = Diagnostic::note(format!("{lines} hidden: in the file, and not in reports"));
            self.intake.say(note.hint("take `hidden: true` off an entry to show it"));
        }
        self.intake.finish(records)
    }
}
