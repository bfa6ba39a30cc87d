//! The complete reader of a log whose records are objects: JSON, or rows of a table.

use super::lines::Lines;
use crate::diag::Warned;
use crate::sources::input::Input;
use crate::sources::node::Node;
use crate::sources::object_records::{gather, sniff};
use crate::sources::objects::Head;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

/// A reader of objects.
pub(in crate::sources) struct ObjectLog {
    pub(in crate::sources::logs) id: &'static str,
    pub(in crate::sources::logs) about: &'static str,
    pub(in crate::sources::logs) written_from: WrittenFrom,
    /// The paths of the list of records in a wrapping document.
    pub(in crate::sources::logs) lists: &'static [&'static str],
    /// Whether the head of a record is in this format.
    pub(in crate::sources::logs) is_record: fn(Head<'_>) -> bool,
    /// The verdict on a text with such a record.
    pub(in crate::sources::logs) verdict: Verdict,
    /// Adds the lines of a record.
    pub(in crate::sources::logs) read: fn(Node<'_>, &mut Lines<'_>),
}

impl Reader for ObjectLog {
    fn about(&self) -> About {
        About { id: self.id, about: self.about, written_from: self.written_from }
    }

    fn sniff(&self, _: &Input, head: &str) -> Verdict {
        sniff(head, self.lists, self.is_record, self.verdict)
    }

    fn read<'a>(
        &self,
        text: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let mut lines = Lines::new(warnings);
        gather(text, self.lists, self.is_record, &mut lines, self.read)?;
        lines.finish()
    }
}
