//! Recognises one outage in several captures of a monitor.
//!
//! A monitor stores only the last checks, so a longer outage has the id of another check in each
//! capture. Overlapping records of one monitor are one outage: a record that starts during a known
//! outage belongs to it, and so does one that starts earlier and reaches into it.

use std::borrow::Cow;
use std::cell::Cell;

use super::Provenance;
use super::entry_key::read;
use super::history::first_seen;
use super::identity::{ByIdentity, Identity};
use crate::diag::Diagnostic;
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::{Incident, Kind};
use crate::sources::record::IncidentRecord;

/// A known outage.
#[derive(Debug)]
struct Outage {
    /// The id of its record.
    record: String,
    /// The first check that found it.
    first: Moment,
    /// When it ended, as far as is known.
    over: Cell<Option<Moment>>,
    /// Whether it began before the first stored check.
    began_before: bool,
    /// Whether it is planned work, which is never the same as an outage.
    maintenance: bool,
}

impl Outage {
    fn of(record: &IncidentRecord) -> Option<Self> {
        Some(Outage {
            record: record.id.clone(),
            first: record.updates.first().map(|check| check.at).or(first_seen(record))?,
            over: Cell::new(record.resolved),
            began_before: record.watched.as_ref()?.began_before,
            maintenance: record.maintenance,
        })
    }

    /// Whether `other`, of the same monitor, is the same outage.
    fn is(&self, other: &Outage) -> bool {
        let is_ongoing_at = |outage: &Outage, at: Moment| {
            outage.first <= at && outage.over.get().is_none_or(|over| at <= over)
        };
        self.maintenance == other.maintenance
            && (self.first == other.first
                || other.began_before && is_ongoing_at(self, other.first)
                || self.began_before && is_ongoing_at(other, self.first))
    }
}

/// The known outages, by monitor.
#[derive(Debug, Default)]
pub(crate) struct Outages<'k> {
    known: ByIdentity<'k, Outage>,
}

impl<'k> Outages<'k> {
    /// The outages of existing incidents.
    pub(crate) fn of(incidents: impl Iterator<Item = &'k Incident>) -> Self {
        let mut outages = Outages::default();
        for incident in incidents {
            for (key, source) in &incident.sources {
                let times = incident
                    .timeline
                    .iter()
                    .filter(|entry| read(entry).is_some_and(|(own, ..)| own == key));
                let first = times.filter_map(|entry| entry.at).min();
                if let (Some(monitor), Some(first), Some(record)) =
                    (Identity::of_source_monitor(source), first, source.record.clone())
                {
                    let at = |name| incident.milestones.at(name);
                    let began_before = at(MilestoneName::ImpactStart)
                        .or(at(MilestoneName::FirstNoticeAt))
                        .is_none();
                    let over = Cell::new(at(MilestoneName::ResolvedAt));
                    let maintenance = incident.kind == Some(Kind::Maintenance);
                    outages
                        .known
                        .insert(monitor, Outage { record, first, over, began_before, maintenance });
                }
            }
        }
        outages
    }

    /// `record` with the id of the known outage that it belongs to, and a note if that is a guess.
    /// An unknown outage becomes known.
    pub(crate) fn joined<'r: 'k>(
        &mut self,
        record: &'r IncidentRecord,
        from: &'r Provenance,
    ) -> (Cow<'r, IncidentRecord>, Option<Diagnostic>) {
        let Some((monitor, outage)) = Identity::of_monitor(record, from).zip(Outage::of(record))
        else {
            return (Cow::Borrowed(record), None);
        };
        let same = self.known.of(&monitor).into_iter().find(|known| known.is(&outage));
        let Some(same) = same else {
            self.known.insert(monitor, outage);
            return (Cow::Borrowed(record), None);
        };
        let was_over = same.over.get();
        same.over.set(was_over.or(outage.over.get()));
        if same.record == record.id {
            return (Cow::Borrowed(record), None);
        }
        let mut joined = IncidentRecord { id: same.record.clone(), ..record.clone() };
        let is_later = same.first < outage.first;
        // The first check only confirms that the outage was ongoing.
        joined.updates.drain(..usize::from(is_later).min(joined.updates.len()));
        let is_guessed = if is_later {
            was_over.is_none()
        } else {
            outage.over.get().is_none() && same.first != outage.first
        };
        let note = is_guessed.then(|| {
            let (one, other) = (same.first.min(outage.first), same.first.max(outage.first));
            Diagnostic::note(format!(
                "{} at {one} and at {other}: this is treated as one outage",
                record.title
            ))
            .hint("to be certain, import more often than the checks are replaced")
        });
        (Cow::Owned(joined), note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outage(first: &str, over: Option<&str>, began_before: bool) -> Outage {
        let at = |time: &str| format!("2026-03-17T{time}Z").parse().unwrap();
        Outage {
            record: String::new(),
            first: at(first),
            over: Cell::new(over.map(at)),
            began_before,
            maintenance: false,
        }
    }

    #[test]
    fn outage_open_at_capture_start_matches_the_earlier_one() {
        let open = outage("10:00", None, false);
        let over = outage("10:00", Some("11:00"), false);
        for (first, of_open, of_over) in
            [("10:00", true, true), ("10:30", true, true), ("11:30", true, false)]
        {
            let later = outage(first, None, true);
            assert_eq!((open.is(&later), over.is(&later)), (of_open, of_over), "{first}");
            assert_eq!((later.is(&open), later.is(&over)), (of_open, of_over), "{first}");
        }
        assert!(!open.is(&outage("10:30", None, false)), "it was seen to begin");
        assert!(!open.is(&outage("09:30", None, true)), "it was over before this one began");
        assert!(!open.is(&Outage { maintenance: true, ..outage("10:30", None, true) }));
    }
}
