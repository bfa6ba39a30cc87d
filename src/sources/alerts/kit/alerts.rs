//! The complete reader of a vendor whose alerts are objects: JSON, or rows of a table.

use super::log::Log;
use crate::diag::{Diagnostic, Warned};
use crate::sources::input::Input;
use crate::sources::node::Node;
use crate::sources::object_records::{gather, sniff};
use crate::sources::objects::Head;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

/// A reader of alerts: one document, a list of records, one record per line, or a table.
pub(in crate::sources) struct Alerts {
    pub(in crate::sources::alerts) id: &'static str,
    pub(in crate::sources::alerts) about: &'static str,
    /// The name of the system, used as the actor of automatic actions.
    pub(in crate::sources::alerts) system: &'static str,
    pub(in crate::sources::alerts) written_from: WrittenFrom,
    /// The paths of the list of records in a wrapping document: `messages`. A document without any
    /// of them is a record itself.
    pub(in crate::sources::alerts) lists: &'static [&'static str],
    /// Whether the beginning of a text is in this format. Paths are relative to a record; those of
    /// a table are its column names in lower case, with `_` between words.
    pub(in crate::sources::alerts) is_record: fn(Head<'_>) -> bool,
    /// Adds the steps that a record describes; reports a record that describes none.
    pub(in crate::sources::alerts) read: fn(Node<'_>, &mut Log<'_>),
}

impl Reader for Alerts {
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
        let mut log = Log::new(warnings, self.system);
        let passed_over = gather(text, self.lists, self.is_record, &mut log, self.read)?;
        if passed_over > 0 {
            let documents = if passed_over == 1 {
                "1 document is"
            } else {
                &format!("{passed_over} documents are")
            };
            log.intake().say(Diagnostic::note(format!("{documents} not in this format: left out")));
        }
        log.finish()
    }
}
