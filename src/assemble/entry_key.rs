//! The key of an imported entry: `S1#5q2p24rld62t@3fa9c1`.
//!
//! After the source follows the record's own id, and after the `@` a hash of what the import wrote.
//! From these three a later import knows whether a record is new, whether it was changed upstream,
//! and whether a person edited the entry.

use sha2::{Digest, Sha256};

use crate::model::origin::EntryRef;
use crate::model::timeline::Entry;

/// This many hexadecimal digits distinguish two versions of one record. They do not protect against
/// malice; the full hash of the evidence file does.
const DIGITS: usize = 6;

/// The hash of the fields that an import sets: times, state and text.
pub(crate) fn content_hash(entry: &Entry) -> String {
    let text = format!(
        "{:?}\n{:?}\n{:?}\n{}",
        entry.at.map(|at| at.to_string()),
        entry.end.map(|end| end.to_string()),
        entry.state,
        entry.text.trim()
    );
    hex(text.as_bytes())[..DIGITS].to_owned()
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `entry` with the key of record `id` of `source`.
pub(crate) fn stamped(mut entry: Entry, source: &str, id: &str) -> Entry {
    // `#` and `@` separate the parts of the key.
    let id = id.replace(['#', '@'], "-");
    entry.source = Some(EntryRef::new(source, format!("{id}@{}", content_hash(&entry))));
    entry
}

#[cfg(test)]
thread_local! {
    /// Counts how many keys were read.
    pub(super) static READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// The source, the record id and the hash in the key of an entry, as far as they are there.
pub(crate) fn read(entry: &Entry) -> Option<(&str, &str, Option<&str>)> {
    #[cfg(test)]
    READ.set(READ.get() + 1);
    let reference = entry.source.as_ref()?;
    let record = reference.record.as_deref()?;
    Some(match record.rsplit_once('@') {
        Some((id, hash)) => (&reference.source, id, Some(hash)),
        None => (&reference.source, record, None),
    })
}

/// How an entry of the file compares with its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The record has not changed.
    Unchanged,
    /// The record was changed upstream, and the entry was not edited.
    ChangedUpstream,
    /// The record was changed upstream, and the entry was edited too.
    ChangedOnBothSides,
}

/// Compares the entry in the file with the entry that an import would write now.
pub(crate) fn difference(in_file: &Entry, now: &Entry) -> Difference {
    let imported = read(in_file).and_then(|(_, _, hash)| hash);
    match imported {
        Some(hash) if hash == content_hash(now) => Difference::Unchanged,
        Some(hash) if hash == content_hash(in_file) => Difference::ChangedUpstream,
        // A key without a hash was written by hand: the entry belongs to a person.
        None => Difference::Unchanged,
        Some(_) => Difference::ChangedOnBothSides,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry { text: text.into(), ..Entry::default() }
    }

    #[test]
    fn difference_distinguishes_unchanged_edited_and_conflicting_entries() {
        let imported = stamped(entry("one"), "S1", "u1");
        assert_eq!(read(&imported).map(|(source, id, _)| (source, id)), Some(("S1", "u1")));
        assert_eq!(difference(&imported, &entry("one")), Difference::Unchanged);
        assert_eq!(difference(&imported, &entry("two")), Difference::ChangedUpstream);
        let by_hand = Entry { text: "mine".into(), ..imported };
        assert_eq!(difference(&by_hand, &entry("one")), Difference::Unchanged);
        assert_eq!(difference(&by_hand, &entry("two")), Difference::ChangedOnBothSides);
    }
}
