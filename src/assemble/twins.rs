//! Recognises the same event in two sources.
//!
//! Two systems that report one alert or one deployment give it the same name. Such events show the
//! difference between the clocks of the systems. If their times agree, the later import does not
//! repeat the event: its entry is hidden and refers to the other one.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Incident;
use crate::model::origin::{ClockOffset, EntryRef};
use crate::model::time::Moment;
use crate::model::timeline::{Entry, EntryKind};

/// A larger difference than this comes from a wrong zone rather than from a clock offset.
const FURTHEST: TimeDelta = TimeDelta::minutes(30);

/// The minimum number of events for estimating an offset.
const FEWEST: usize = 2;

/// Smaller differences are within the resolution of many sources and the delay of notifications.
const LEAST: TimeDelta = TimeDelta::seconds(5);

/// What identifies an event in two sources: its kind, its name, and its outcome.
type Subject = (EntryKind, String, String);

/// The entries of an incident that events of another source may repeat.
pub(super) struct Known<'i> {
    by_subject: HashMap<Subject, Vec<(DateTime<Utc>, &'i Entry)>>,
}

/// How far the clock of a source is ahead of the clocks of the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    /// The median.
    pub offset: ClockOffset,
    /// The smallest and the largest difference.
    pub range: (TimeDelta, TimeDelta),
    /// The number of events.
    pub events: usize,
}

impl<'i> Known<'i> {
    /// The entries of `incident`, except those of the source `key`.
    pub(super) fn new(incident: &'i Incident, key: &str) -> Self {
        let mut by_subject: HashMap<Subject, Vec<(DateTime<Utc>, &Entry)>> = HashMap::new();
        for entry in &incident.timeline {
            let is_other = entry.source_key().is_some_and(|other| other != key);
            let subject =
                subject(entry.kind(), &entry.text).filter(|_| is_other && entry.same_as.is_none());
            if let Some((subject, at)) = subject.zip(entry.at) {
                by_subject.entry(subject).or_default().push((at.middle(), entry));
            }
        }
        Known { by_subject }
    }

    /// The entry of the same event nearest to `at`, and how far its time is before that.
    fn nearest(&self, kind: EntryKind, text: &str, at: Moment) -> Option<(&'i Entry, TimeDelta)> {
        let known = self.by_subject.get(&subject(kind, text)?)?;
        let difference =
            |(other, entry): &(DateTime<Utc>, &'i Entry)| (*entry, at.middle() - *other);
        known.iter().map(difference).min_by_key(|(_, difference)| difference.abs())
    }

    /// The record of the same event as an entry, within `tolerance`.
    pub(super) fn twin(&self, entry: &Entry, tolerance: TimeDelta) -> Option<EntryRef> {
        let (twin, difference) = self.nearest(entry.kind(), &entry.text, entry.at?)?;
        twin.source.as_ref().filter(|_| difference.abs() <= tolerance).map(EntryRef::without_hash)
    }

    /// How far the clock that wrote these events is ahead (behind, if negative); `None` if too few
    /// of them are known, or if the difference is insignificant.
    pub(super) fn offset<'e>(
        &self,
        events: impl Iterator<Item = (EntryKind, &'e str, Moment)>,
    ) -> Option<Estimate> {
        let differences =
            events.filter_map(|(kind, text, at)| Some(self.nearest(kind, text, at)?.1));
        let mut differences: Vec<TimeDelta> =
            differences.filter(|difference| difference.abs() <= FURTHEST).collect();
        differences.sort_unstable();
        let median = *differences.get(differences.len() / 2)?;
        let is_clear = differences.len() >= FEWEST && median.abs() >= LEAST;
        is_clear.then(|| Estimate {
            offset: ClockOffset(TimeDelta::seconds(median.num_seconds())),
            range: (differences[0], differences[differences.len() - 1]),
            events: differences.len(),
        })
    }
}

/// What identifies an event. `None` if it has no name that two sources share.
fn subject(kind: EntryKind, text: &str) -> Option<Subject> {
    let line = text.lines().next().unwrap_or_default();
    if kind == EntryKind::Message {
        let words = text.trim().to_lowercase();
        // Two people may write "yes".
        return (words.chars().count() > 20).then(|| (kind, words, String::new()));
    }
    if !matches!(kind, EntryKind::Alert | EntryKind::Deploy) {
        return None;
    }
    let (name, rest) = line.strip_prefix("**")?.split_once("**")?;
    let words: String = rest.chars().map(|c| if c.is_alphabetic() { c } else { ' ' }).collect();
    let mut words =
        words.split_whitespace().filter(|word| !matches!(*word, "was" | "is" | "has" | "been"));
    let fate = match words.next().unwrap_or_default() {
        "fired" | "fires" | "firing" | "triggered" | "opened" | "created" | "alerting"
        | "started" => "fired",
        "cleared" | "resolved" | "recovered" | "closed" | "ended" => "cleared",
        other => other,
    };
    Some((kind, name.to_lowercase(), fate.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident(entries: &[(&str, &str)]) -> Incident {
        let mut incident = Incident::new("a".parse().unwrap(), "A");
        incident.timeline = entries
            .iter()
            .enumerate()
            .map(|(index, (at, text))| Entry {
                at: at.parse().ok(),
                text: (*text).to_owned(),
                kind: Some(EntryKind::Alert),
                source: format!("S1#{index}@123456").parse().ok(),
                ..Entry::default()
            })
            .collect();
        incident
    }

    fn alert(text: &str, at: &str) -> (EntryKind, String, Moment) {
        (EntryKind::Alert, text.to_owned(), at.parse().unwrap())
    }

    #[test]
    fn same_alert_from_two_systems_is_one_event() {
        let incident = incident(&[
            ("2026-03-17T14:09:12Z", "**HighErrors** fired (critical): errors"),
            ("2026-03-17T14:40:00Z", "**HighErrors** cleared"),
        ]);
        let known = Known::new(&incident, "S2");
        let twin = |text: &str, at: &str| {
            let (kind, text, at) = alert(text, at);
            let entry = Entry { at: Some(at), text, kind: Some(kind), ..Entry::default() };
            known.twin(&entry, TimeDelta::minutes(2)).map(|twin| twin.to_string())
        };
        assert_eq!(
            twin("**higherrors** was triggered", "2026-03-17T14:10:00Z").as_deref(),
            Some("S1#0")
        );
        assert_eq!(
            twin("**HighErrors** resolved", "2026-03-17T14:40:30Z").as_deref(),
            Some("S1#1")
        );
        assert_eq!(twin("**HighErrors** triggered", "2026-03-17T14:20:00Z"), None, "too far apart");
        assert_eq!(twin("**HighErrors** acknowledged", "2026-03-17T14:09:12Z"), None);
        assert_eq!(twin("**Disk** triggered", "2026-03-17T14:09:12Z"), None);
        let own = Known::new(&incident, "S1");
        assert!(own.by_subject.is_empty(), "a source does not repeat itself");
    }

    #[test]
    fn clock_offset_is_the_median_over_shared_events() {
        let incident = incident(&[
            ("2026-03-17T14:09:00Z", "**A** fired"),
            ("2026-03-17T14:10:00Z", "**B** fired"),
            ("2026-03-17T14:20:00Z", "**C** fired"),
        ]);
        let known = Known::new(&incident, "S2");
        let offset = |events: &[(EntryKind, String, Moment)]| {
            known.offset(events.iter().map(|(kind, text, at)| (*kind, text.as_str(), *at)))
        };
        let events = [
            alert("**A** triggered", "2026-03-17T14:10:30Z"),
            alert("**B** triggered", "2026-03-17T14:11:25Z"),
            alert("**C** triggered", "2026-03-17T14:21:40Z"),
            alert("**D** triggered", "2026-03-17T14:25:00Z"),
        ];
        let found = offset(&events).unwrap();
        assert_eq!((found.offset.to_string().as_str(), found.events), ("90s", 3));
        assert_eq!(found.range, (TimeDelta::seconds(85), TimeDelta::seconds(100)));
        assert_eq!(offset(&events[..1]), None, "one event is no clock");
        let same = [
            alert("**A** triggered", "2026-03-17T14:09:01Z"),
            alert("**B** triggered", "2026-03-17T14:10:02Z"),
        ];
        assert_eq!(offset(&same), None);
    }
}
