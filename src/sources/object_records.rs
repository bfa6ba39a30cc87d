//! Shared code of the readers of objects: log lines, alerts, changes, messages.

use super::intake::Intake;
use super::node::{Node, OddFields};
use super::objects::{self, Head, Heads};
use super::reader::Text;
use super::source::{ReadError, Verdict};

/// What the records of an input become.
pub(in crate::sources) trait Gather<'a> {
    /// Where problems of the current record are reported.
    fn intake(&mut self) -> &mut Intake<'a>;
}

/// `yes` if a record at the beginning of a text is in the format.
pub(in crate::sources) fn sniff(
    head: &str,
    lists: &[&str],
    is_record: fn(Head<'_>) -> bool,
    yes: Verdict,
) -> Verdict {
    match Heads::scan(head) {
        None => Verdict::No("not JSON"),
        Some(heads) if heads.any(lists, is_record) => yes,
        Some(_) => Verdict::No("its records have other fields"),
    }
}

/// Passes each record to `read`, and reports unreadable parts. Returns the number of documents in
/// another format.
///
/// # Errors
/// As [`objects::each`].
pub(in crate::sources) fn gather<'a, G: Gather<'a>>(
    text: Text<'a>,
    lists: &[&str],
    is_record: fn(Head<'_>) -> bool,
    gathered: &mut G,
    read: impl Fn(Node<'_>, &mut G),
) -> Result<usize, ReadError> {
    objects::each(text, lists, is_record, |(record, value)| {
        gathered.intake().next(record);
        match value {
            Ok(value) => {
                let odd = OddFields::default();
                read(Node::new(&value, &odd), gathered);
                gathered.intake().report(odd);
            }
            Err(message) => gathered.intake().warn(message),
        }
    })
}
