use std::collections::BTreeMap;

use super::context::{Context, item};
use super::{Findings, rule};
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
    DuplicateEntries = "duplicate-entries", Warning, "an entry that is told twice"
}

fn check(context: &Context, findings: &mut Findings) {
    let mut seen: BTreeMap<String, Vec<(usize, &Entry)>> = BTreeMap::new();
    for (index, entry) in context.incident.timeline.iter().enumerate().filter(|(_, entry)| !entry.hidden) {
        let words = folded(&entry.text);
        let by_words = (!words.is_empty()).then(|| format!("words {words}"));
        let by_record = entry.source.as_ref().filter(|source| source.record.is_some()).map(|s| format!("record {s}"));
        let earlier = by_words.iter().chain(&by_record).find_map(|key| {
            seen.get(key)?
                .iter()
                .rev()
                .copied()
                .find(|(_, other)| key.starts_with("record") || is_same_time(context, entry, other))
        });
        if let Some((first, other)) = earlier {
            let when = other.at.map_or_else(String::new, |at| format!(" of {}", context.show(at)));
            findings
                .add(item("timeline", index), format!("says the same as {}{when}", item("timeline", first)))
                .hint("remove one, or mark it `hidden: true` so that no import brings it back");
        }
        for key in by_words.into_iter().chain(by_record) {
            seen.entry(key).or_default().push((index, entry));
        }
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
pub(super) fn folded(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::rules::tests::found;
    use crate::model::origin::EntryRef;

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
