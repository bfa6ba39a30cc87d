//! The same event in two sources.
//!
//! Two systems that report one alert, or one deployment, name it alike. Such events show how far the clocks of the
//! systems are apart; and where they are of the same time, the later import repeats nothing: its entry is hidden, and
//! names the other.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Incident;
use crate::model::origin::{ClockOffset, EntryRef};
use crate::model::time::Moment;
use crate::model::timeline::{Entry, EntryKind};

/// Clocks are further apart than this only by a wrong zone, which is no offset.
const FURTHEST: TimeDelta = TimeDelta::minutes(30);

/// An offset is estimated from at least this many events.
const FEWEST: usize = 2;

/// Less than this is the resolution of many sources, and the time that a notification takes.
const LEAST: TimeDelta = TimeDelta::seconds(5);

/// What an entry is about, the same in two sources: its kind, its name, and what became of it.
type Subject = (EntryKind, String, String);

/// The entries of an incident that events of another source may repeat.
pub(super) struct Known<'i> {
    by_subject: HashMap<Subject, Vec<(DateTime<Utc>, &'i Entry)>>,
}

/// How far the clock of a source is ahead of those of the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    /// The median.
    pub offset: ClockOffset,
    /// The least and the most.
    pub range: (TimeDelta, TimeDelta),
    /// From how many events.
    pub events: usize,
}

impl<'i> Known<'i> {
    /// The entries of `incident`, but for those of the source `key`.
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

    /// The entry nearest to a time that is about the same, and how far its time is before.
    fn nearest(&self, kind: EntryKind, text: &str, at: Moment) -> Option<(&'i Entry, TimeDelta)> {
        let known = self.by_subject.get(&subject(kind, text)?)?;
        let apart = |(other, entry): &(DateTime<Utc>, &'i Entry)| (*entry, at.middle() - *other);
        known.iter().map(apart).min_by_key(|(_, apart)| apart.abs())
    }

    /// The record that says the same as an entry, within `tolerance`.
    pub(super) fn twin(&self, entry: &Entry, tolerance: TimeDelta) -> Option<EntryRef> {
        let (twin, apart) = self.nearest(entry.kind(), &entry.text, entry.at?)?;
        twin.source.as_ref().filter(|_| apart.abs() <= tolerance).map(EntryRef::without_hash)
    }

    /// How far the clock that wrote these events is ahead; `None` where too few of them are known, or it is not.
    pub(super) fn offset<'e>(
        &self,
        events: impl Iterator<Item = (EntryKind, &'e str, Moment)>,
    ) -> Option<Estimate> {
        let apart = events.filter_map(|(kind, text, at)| Some(self.nearest(kind, text, at)?.1));
        let mut apart: Vec<TimeDelta> = apart.filter(|apart| apart.abs() <= FURTHEST).collect();
        apart.sort_unstable();
        let median = *apart.get(apart.len() / 2)?;
        let is_clear = apart.len() >= FEWEST && median.abs() >= LEAST;
        is_clear.then(|| Estimate {
            offset: ClockOffset(TimeDelta::seconds(median.num_seconds())),
            range: (apart[0], apart[apart.len() - 1]),
            events: apart.len(),
        })
    }
}

/// What an entry is about. `None` for what has no name in two sources.
fn subject(kind: EntryKind, text: &str) -> Option<Subject> {
    let line = text.lines().next().unwrap_or_default();
    if kind == EntryKind::Message {
        let said = text.trim().to_lowercase();
        // Two people may say "yes".
        return (said.chars().count() > 20).then(|| (kind, said, String::new()));
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
