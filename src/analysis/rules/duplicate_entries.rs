use super::context::{Context, item};
use super::finding::Findings;
use super::rule::rule;
use crate::model::origin::EntryRef;
use crate::model::timeline::Entry;

rule! {
    /// Finds an entry that repeats another: the same words within the tolerance, or the same record
    /// of the same source.
    ///
    /// It happens when one alert comes through two systems, or when a file is merged by hand. An
    /// entry that is marked `hidden` remains in the file, but not in reports.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T14:22:06Z, text: Database identified., source: S1#b2}
    ///   - {at: 2026-03-17T14:22:40Z, text: database identified, source: S2#17}
    /// ```
    DuplicateEntries = "duplicate-entries", Warning, "an event that is entered twice", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let entries = &context.incident.timeline;
    let visible = || entries.iter().enumerate().filter(|(_, entry)| !entry.hidden);
    let words = before(
        visible().filter_map(|(index, entry)| Some((fingerprint(&entry.text)?, index))),
        entries.len(),
    );
    let records = before(
        visible().filter_map(|(index, entry)| Some((recorded(entry.source.as_ref()?)?, index))),
        entries.len(),
    );
    for (index, entry) in visible() {
        let by_words = chain(&words, index).find(|&other| {
            let other = &entries[other];
            is_same_time(context, entry, other)
                && !are_two_records(entry, other)
                && folded(&other.text).eq(folded(&entry.text))
        });
        let Some(first) = by_words.or(records[index]) else { continue };
        let when =
            entries[first].at.map_or_else(String::new, |at| format!(" of {}", context.show(at)));
        findings
            .add(
                item("timeline", index),
                format!("says the same as {}{when}", item("timeline", first)),
            )
            .hint("remove one, or mark it `hidden: true` so that no import brings it back");
    }
}

/// For each of `length` entries, the previous one with the same key. A long timeline is traversed
/// once, and nothing is copied.
fn before<K: Ord + Copy>(
    keys: impl Iterator<Item = (K, usize)>,
    length: usize,
) -> Vec<Option<usize>> {
    let mut keys: Vec<(K, usize)> = keys.collect();
    keys.sort_unstable();
    let mut before = vec![None; length];
    for pair in keys.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        before[pair[1].1] = Some(pair[0].1);
    }
    before
}

/// The entries before `index` with the same key, the nearest first.
fn chain(before: &[Option<usize>], index: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(before[index], |&at| before[at])
}

/// The record of the source that an entry comes from.
fn recorded(source: &EntryRef) -> Option<(&str, &str)> {
    Some((source.source.as_str(), source.record.as_deref()?))
}

/// Whether one source has both, each under its own record, and so repeated itself.
fn are_two_records(one: &Entry, other: &Entry) -> bool {
    let sources =
        one.source.as_ref().and_then(recorded).zip(other.source.as_ref().and_then(recorded));
    sources.is_some_and(|(one, other)| one.0 == other.0 && one.1 != other.1)
}

fn is_same_time(context: &Context, one: &Entry, other: &Entry) -> bool {
    match (one.at, other.at) {
        (Some(one), Some(other)) => !context.disagree(one, other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// A hash that two texts share if they have the same letters and digits, and hardly ever otherwise;
/// `None` if there are none. It is not the hash of the standard library, which protects against
/// attacks and would take longer than everything else here: someone who makes texts collide only
/// makes their own check slow.
pub(super) fn fingerprint(text: &str) -> Option<u64> {
    /// An odd number with its bits well mixed: 2^64 divided by the golden ratio.
    const MIXER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix =
        |hash: u64, letter: u32| (hash.rotate_left(5) ^ u64::from(letter)).wrapping_mul(MIXER);
    let hash = if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        letters.fold(0, |hash, letter| mix(hash, u32::from(letter.to_ascii_lowercase())))
    } else {
        folded(text).fold(0, |hash, letter| mix(hash, u32::from(letter)))
    };
    (hash != 0).then_some(hash)
}

/// The letters and digits of a text: texts that differ in case, punctuation and spaces are equal.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::rules::tests::found;

    #[test]
    fn same_text_at_nearly_the_same_time_is_reported() {
        let mut incident = incident("twice");
        incident.timeline = vec![
            entry("2026-03-17T14:22:06Z", "Database identified."),
            entry("2026-03-17T14:22:40Z", "database identified"),
        ];
        assert_eq!(
            found(&DuplicateEntries, &incident),
            ["warning timeline[1]: says the same as timeline[0] of 2026-03-17 14:22:06 UTC"]
        );
        incident.timeline[1].hidden = true;
        assert!(found(&DuplicateEntries, &incident).is_empty());
    }

    #[test]
    fn repeated_phrase_is_accepted_and_repeated_record_is_reported() {
        let mut incident = incident("phrase");
        incident.timeline = vec![
            entry("2026-03-17T14:20Z", "We are still investigating."),
            entry("2026-03-17T14:40Z", "We are still investigating."),
        ];
        assert!(found(&DuplicateEntries, &incident).is_empty());
        for entry in &mut incident.timeline {
            entry.source = Some(EntryRef::new("S1", "b2"));
        }
        assert_eq!(found(&DuplicateEntries, &incident).len(), 1);
    }
}
