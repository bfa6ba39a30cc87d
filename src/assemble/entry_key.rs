//! The key that an imported entry carries: `S1#5q2p24rld62t@3fa9c1`.
//!
//! Behind the source stands the record's own id, and behind the `@` a hash of what the import
//! wrote. From these three a later import knows, without any other memory, whether a record is
//! new, whether it was changed upstream, and whether a person has changed the entry since.

use sha2::{Digest, Sha256};

use crate::model::origin::EntryRef;
use crate::model::timeline::Entry;

/// So many hexadecimal digits tell two versions of one record apart; they are no proof against
/// malice, which the evidence's full hash is for.
const DIGITS: usize = 6;

/// The hash of what an import decides in an entry: its times, its state and its text.
pub fn content_hash(entry: &Entry) -> String {
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
pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `entry`, marked as record `id` of `source`.
pub fn stamped(mut entry: Entry, source: &str, id: &str) -> Entry {
    // `#` and `@` are our own marks.
    let id = id.replace(['#', '@'], "-");
    entry.source = Some(EntryRef::new(source, format!("{id}@{}", content_hash(&entry))));
    entry
}

#[cfg(test)]
thread_local! {
    /// How many keys were read.
    pub(super) static READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// The record id and the hash in an entry's key, as far as it has them.
pub fn read(entry: &Entry) -> Option<(&str, &str, Option<&str>)> {
    #[cfg(test)]
    READ.set(READ.get() + 1);
    let reference = entry.source.as_ref()?;
    let record = reference.record.as_deref()?;
    Some(match record.rsplit_once('@') {
        Some((id, hash)) => (&reference.source, id, Some(hash)),
        None => (&reference.source, record, None),
    })
}

/// How an entry of the file stands to the record that it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The record says what it said before.
    Unchanged,
    /// The record was changed upstream, and nobody has touched the entry.
    ChangedUpstream,
    /// The record was changed upstream, and a person has changed the entry too.
    ChangedOnBothSides,
}

/// Compares the entry in the file with the entry that an import would write now.
pub fn standing(in_file: &Entry, now: &Entry) -> Standing {
    let imported = read(in_file).and_then(|(_, _, hash)| hash);
    match imported {
        Some(hash) if hash == content_hash(now) => Standing::Unchanged,
        Some(hash) if hash == content_hash(in_file) => Standing::ChangedUpstream,
        // A key without a hash was written by hand: the entry is the person's.
        None => Standing::Unchanged,
        Some(_) => Standing::ChangedOnBothSides,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry { text: text.into(), ..Entry::default() }
    }

    #[test]
    fn standing_distinguishes_unchanged_edited_and_conflicting_entries() {
        let imported = stamped(entry("one"), "S1", "u1");
        assert_eq!(read(&imported).map(|(source, id, _)| (source, id)), Some(("S1", "u1")));
        assert_eq!(standing(&imported, &entry("one")), Standing::Unchanged);
        assert_eq!(standing(&imported, &entry("two")), Standing::ChangedUpstream);
        let by_hand = Entry { text: "mine".into(), ..imported };
        assert_eq!(standing(&by_hand, &entry("one")), Standing::Unchanged);
        assert_eq!(standing(&by_hand, &entry("two")), Standing::ChangedOnBothSides);
    }
}
