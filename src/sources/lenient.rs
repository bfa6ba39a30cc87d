//! JSON records in which a value has the wrong type for its field: the field is left out, and the
//! rest of the record is read.

mod part;

use serde::Deserialize;
use serde_json::value::RawValue;

use self::part::{Ignored, Part, Reading, address, members};
use super::decode::Decoded;
use super::json::{self, reason};
use super::warnings::Warnings;
use crate::sources::source::ReadError;

/// After this many unreadable values in one record, whole fields are left out. This bounds the
/// work, since the record is read again for each of them.
const SINGLE_VALUES: usize = 32;

/// Reads the whole of `part`, a slice of the decoded text. Values that do not fit become warnings.
///
/// # Errors
/// [`ReadError`] with its place if it is not JSON or has another shape.
pub(super) fn document<'a, T: Deserialize<'a>>(
    decoded: &Decoded<'_>,
    part: &'a str,
    warnings: &mut Warnings<'_>,
) -> Result<T, ReadError> {
    let raw: &RawValue = json::parse(decoded, part)?;
    let Lenient { value, ignored } = lenient(raw);
    warn(ignored, "this file", warnings);
    value.map_err(|error| {
        let mut refused =
            ReadError::new(format!("not the JSON that was expected: {}", reason(&error)));
        let start = decoded.span_of(raw.get()).start;
        refused.span = Some(start..(start + 1).min(decoded.text.len()).max(start));
        refused
    })
}

/// Reads one record, called `what`; a bad one becomes a warning, as does each value of it that does
/// not fit.
pub(super) fn record<'a, T: Deserialize<'a>>(
    raw: &'a RawValue,
    what: &str,
    warnings: &mut Warnings<'_>,
) -> Option<T> {
    let Lenient { value, ignored } = lenient(raw);
    warn(ignored, what, warnings);
    value
        .map_err(|error| {
            warnings.about(raw.get(), format!("{what} cannot be read: {}", reason(&error)));
        })
        .ok()
}

/// A record of which only a part is needed; `None` if it cannot be read.
pub(super) fn quietly<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    lenient(serde_json::from_str(text).ok()?).value.ok()
}

fn warn(ignored: Vec<Ignored<'_>>, what: &str, warnings: &mut Warnings<'_>) {
    for ignored in ignored {
        warnings.about(ignored.text, ignored.message(what));
    }
}

/// A record, and what was left out to read it.
pub(super) struct Lenient<'a, T> {
    /// The record; an error if it cannot be read without the values left out.
    pub value: Result<T, serde_json::Error>,
    /// In the order in which they were found.
    pub ignored: Vec<Ignored<'a>>,
}

/// Reads a record. A value that does not fit its field counts as missing, and an element that does
/// not fit is not in its list.
///
/// Every record is read this way, not only after a failure: a second deserializer for every type
/// would double the code.
pub(super) fn lenient<'a, T: Deserialize<'a>>(record: &'a RawValue) -> Lenient<'a, T> {
    let mut ignored: Vec<Ignored<'a>> = Vec::new();
    let mut reading = Reading::default();
    loop {
        let value = T::deserialize(Part { text: record.get(), reading: &reading, path: None });
        match (value, reading.culprit.take()) {
            (Err(_), Some(culprit)) => {
                reading.leave_out(culprit, &mut ignored, SINGLE_VALUES);
                if ignored.len() >= SINGLE_VALUES && reading.is_collection.get() {
                    each_alone::<T>(record, &mut reading, &mut ignored);
                }
            }
            (value, _) => return Lenient { value, ignored },
        }
    }
}

/// Finds the unreadable values in a record that is itself a map or a list, by reading each member
/// as the only one. Such a record has no fields to leave out, and may have any number of members:
/// reading it again for each bad one would take quadratic time.
fn each_alone<'a, T: Deserialize<'a>>(
    record: &'a RawValue,
    reading: &mut Reading<'a>,
    ignored: &mut Vec<Ignored<'a>>,
) {
    for member in members(record.get()) {
        if reading.left_out.contains(&address(member.raw.get())) {
            continue;
        }
        reading.only = Some(member);
        let most = ignored.len() + SINGLE_VALUES;
        loop {
            let value = T::deserialize(Part { text: record.get(), reading, path: None });
            match (value, reading.culprit.take()) {
                (Err(_), Some(culprit)) => reading.leave_out(culprit, ignored, most),
                _ => break,
            }
        }
    }
    reading.only = None;
}

#[cfg(test)]
mod tests;
