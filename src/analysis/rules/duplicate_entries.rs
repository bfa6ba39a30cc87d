use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher as _};

use super::context::{Context, item};
use super::{Findings, rule};
use crate::model::origin::EntryRef;
use crate::model::timeline::Entry;

rule! {
    /// Finds an entry that tells what another has told: the same words within the tolerance, or
    /// the same record of the same source.
    ///
    /// It happens when one alert comes through two systems, or when a file is merged by hand. An
    /// entry that is marked `hidden` is kept, and no longer told.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T14:22:06Z, text: Database identified., source: S1#b2}
    ///   - {at: 2026-03-17T14:22:40Z, text: database identified, source: S2#17}
    /// ```
    DuplicateEntries = "duplicate-entries", Warning, "an entry that is told twice", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let entries = &context.incident.timeline;
    // Of each key the last entry that has it, and of each entry the one before with the same key:
    // a long timeline is gone through once, and nothing is copied.
    let mut last: HashMap<Key<'_>, usize> = HashMap::with_capacity(2 * entries.len());
    let mut before: Vec<[Option<usize>; 2]> = vec![[None; 2]; entries.len()];
    for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.hidden) {
        let keys = Key::of(entry);
        for (which, key) in keys.into_iter().enumerate() {
            before[index][which] = key.and_then(|key| last.insert(key, index));
        }
        let before = &before;
        let chain = |which: usize| std::iter::successors(before[index][which], move |&at| before[at][which]);
        let by_words = chain(0).find(|&other| {
            is_same_time(context, entry, &entries[other]) && folded(&entries[other].text).eq(folded(&entry.text))
        });
        let Some(first) = by_words.or_else(|| chain(1).next()) else { continue };
        let when = entries[first].at.map_or_else(String::new, |at| format!(" of {}", context.show(at)));
        findings
            .add(item("timeline", index), format!("says the same as {}{when}", item("timeline", first)))
            .hint("remove one, or mark it `hidden: true` so that no import brings it back");
    }
}

/// What two tellings of one thing share.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    /// A hash of the words.
    Words(u64),
    /// The record of a source.
    Record(&'a EntryRef),
}

impl<'a> Key<'a> {
    fn of(entry: &'a Entry) -> [Option<Self>; 2] {
        let mut words = folded(&entry.text).peekable();
        let by_words = words.peek().is_some().then(|| {
            let mut hasher = DefaultHasher::new();
            words.for_each(|letter| hasher.write_u32(u32::from(letter)));
            Key::Words(hasher.finish())
        });
        let record = entry.source.as_ref().filter(|source| source.record.is_some());
        [by_words, record.map(Key::Record)]
    }
}

fn is_same_time(context: &Context, one: &Entry, other: &Entry) -> bool {
    match (one.at, other.at) {
        (Some(one), Some(other)) => !context.disagree(one, other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// The letters and digits of a text: case, marks and spaces do not make another entry of it.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::rules::tests::found;

    #[test]
    fn the_same_words_at_nearly_the_same_time() {
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
    fn a_repeated_phrase_is_news_and_a_repeated_record_is_not() {
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
