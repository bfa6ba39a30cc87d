//! What the readers of objects share, whatever they make of them: entries of a log, alerts, changes, messages.

use super::intake::Intake;
use super::node::{Node, OddFields};
use super::objects::{self, Head, Heads};
use super::reader::Text;
use super::source::{ReadError, Verdict};

/// What the records of an input become.
pub(in crate::sources) trait Gather<'a> {
    /// Where the problems of the record that is being read are reported.
    fn intake(&mut self) -> &mut Intake<'a>;
}

/// `yes`, if a record at the beginning of a text is in the format.
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

/// Gives each record to `read`, and reports what of it cannot be read. Returns how many documents are in
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
