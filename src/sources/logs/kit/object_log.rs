//! The whole reader of a log whose records are objects: JSON, or rows of a table.

use super::lines::Lines;
use crate::diag::Warned;
use crate::sources::input::Input;
use crate::sources::node::{Node, OddFields};
use crate::sources::objects::{self, Head, Heads};
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{Evidence, ReadError, Verdict};
use crate::sources::warnings::Warnings;

/// A reader of objects.
pub(in crate::sources) struct ObjectLog {
    pub(in crate::sources::logs) id: &'static str,
    pub(in crate::sources::logs) about: &'static str,
    pub(in crate::sources::logs) evidence: Evidence,
    /// The paths of the list of records in a document that wraps one.
    pub(in crate::sources::logs) lists: &'static [&'static str],
    /// Whether the head of a record is in this format.
    pub(in crate::sources::logs) is_record: fn(Head<'_>) -> bool,
    /// What is said of a text with such a record.
    pub(in crate::sources::logs) verdict: Verdict,
    /// Adds what a record says.
    pub(in crate::sources::logs) read: fn(Node<'_>, &mut Lines<'_>),
}

impl Reader for ObjectLog {
    fn about(&self) -> About {
        About { id: self.id, about: self.about, evidence: self.evidence }
    }

    fn sniff(&self, _: &Input, head: &str) -> Verdict {
        match Heads::scan(head) {
            None => Verdict::No("not JSON"),
            Some(heads) if heads.any(self.lists, self.is_record) => self.verdict,
            Some(_) => Verdict::No("its records have other fields"),
        }
    }

    fn read<'a>(
        &self,
        text: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let mut lines = Lines::new(warnings);
        objects::each(text, self.lists, self.is_record, |(record, value)| {
            lines.intake().next(record);
            match value {
                Ok(value) => {
                    let odd = OddFields::default();
                    (self.read)(Node::new(&value, &odd), &mut lines);
                    lines.intake().report(odd);
                }
                Err(message) => lines.intake().warn(message),
            }
        })?;
        lines.finish()
    }
}
