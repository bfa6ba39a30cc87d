//! The period of an incident in which evidence is searched for.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::{Incident, Status};

/// How long before the first record of the incident an alert may fire or a metric change, and how
/// long after the last.
const AROUND: TimeDelta = TimeDelta::days(1);

/// The period to search for evidence of `incident`: from a day before its first known time to a day
/// after the last one; without an end while it is ongoing.
pub(crate) fn around(incident: &Incident) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    span(incident).map(|(first, last)| (first - AROUND, last.map(|last| last + AROUND)))
}

/// The first and the last known time of the incident; no last one while it is ongoing.
pub(super) fn span(incident: &Incident) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let milestones =
        incident.milestones.known().filter(|(name, _)| *name != MilestoneName::TriggerAt);
    let milestones = milestones.map(|(_, milestone)| milestone.at);
    let windows = incident
        .impact
        .windows
        .iter()
        .flat_map(|window| [Some(window.start), window.end])
        .flatten();
    let entries = incident.timeline.iter().filter_map(|entry| entry.at);
    let times: Vec<Moment> = milestones.chain(windows).chain(entries).collect();
    let first = times.iter().map(|time| time.earliest()).min()?;
    let last = times.iter().map(|time| time.latest()).max();
    Some((first, last.filter(|_| incident.status() == Some(Status::Resolved))))
}

/// Whether a time is outside the incident: captures often contain unrelated events.
pub(super) fn is_outside(
    span: &Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    at: Moment,
) -> bool {
    span.is_some_and(|(first, last)| {
        at.latest() < first - AROUND || last.is_some_and(|last| at.earliest() > last + AROUND)
    })
}
