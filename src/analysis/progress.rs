//! The progress of an incident: whether it is ongoing, whether it was reopened, and which moments
//! certainly precede others.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::time::{Moment, Precision};
use crate::model::timeline::State;
use crate::model::{Incident, Status};

/// Whether something shows that the incident is ongoing: its stated status, an impact window
/// without an end, or public states none of which is an end. An unknown end does not show it, and a
/// `resolved_at` refutes it, whatever the status is: a rule reports that.
pub fn is_ongoing(incident: &Incident) -> bool {
    let milestones = &incident.milestones;
    if milestones.resolved_at.is_some() {
        return false;
    }
    match incident.status {
        Some(status) => status == Status::Ongoing,
        None if milestones.impact_end.is_some() => false,
        None => {
            let by_source = states(incident);
            let mut last = by_source.values().filter_map(|states| states.last());
            incident.impact.windows.iter().any(|window| window.end.is_none())
                || (!by_source.is_empty() && last.all(|state| !state.is_terminal()))
        }
    }
}

/// An ongoing incident without any record for this long was probably never closed.
pub const SILENT: TimeDelta = TimeDelta::days(14);

/// The last recorded moment: a milestone, an entry, or an end of a window.
pub fn last_record(incident: &Incident) -> Option<Moment> {
    let milestones = incident.milestones.known().map(|(_, known)| known.at);
    let entries = incident
        .timeline
        .iter()
        .filter(|entry| !entry.hidden)
        .filter_map(|entry| entry.end.or(entry.at));
    let windows =
        incident.impact.windows.iter().flat_map(|one| [Some(one.start), one.end]).flatten();
    milestones.chain(entries).chain(windows).max_by_key(|at| at.latest())
}

/// The time until which an incident without an end is known to have lasted: `now`, or its last
/// record if it was resolved at an unknown time or has no record for [`SILENT`]. Otherwise a file
/// that nobody closed would add a day of impact each day.
pub fn known_until(incident: &Incident, now: DateTime<Utc>) -> DateTime<Utc> {
    let Some(last) = last_record(incident) else { return now };
    let is_over = incident.status == Some(Status::Resolved);
    if is_over || now - last.latest() >= SILENT { last.latest().min(now) } else { now }
}

/// How often the incident was reopened after it had been resolved, according to the public states.
/// Each source is judged by itself: two pages that differ by a minute do not reopen anything.
pub fn reopened(incident: &Incident) -> usize {
    let count = |states: &Vec<State>| {
        states.windows(2).filter(|pair| pair[0].is_terminal() && !pair[1].is_terminal()).count()
    };
    states(incident).values().map(count).max().unwrap_or(0)
}

/// The states that are phases, by source, each list in the order of time. Entries without a source
/// form one source: the file itself.
fn states(incident: &Incident) -> BTreeMap<Option<&str>, Vec<State>> {
    let mut by_source: BTreeMap<Option<&str>, Vec<State>> = BTreeMap::new();
    if incident.timeline.iter().all(|entry| entry.state.is_none()) {
        return by_source;
    }
    for (_, entry) in incident.timeline_in_order() {
        if let Some(state) = entry.state.filter(|state| state.is_phase() && !entry.hidden) {
            by_source.entry(entry.source_key()).or_default().push(state);
        }
    }
    by_source
}

/// Whether `later` certainly precedes `earlier`, although it should not. Times that are known to
/// the minute may be a minute out of order, and approximate ones by the tolerance as well.
pub fn surely_before(later: Moment, earlier: Moment, tolerance: TimeDelta) -> bool {
    let grain = match later.precision().min(earlier.precision()) {
        // A day is an interval already, and its bounds are compared below.
        Precision::Day | Precision::Subsecond => TimeDelta::zero(),
        Precision::Minute => TimeDelta::seconds(59),
        Precision::Second => TimeDelta::milliseconds(999),
    };
    let vague = if later.is_about() || earlier.is_about() { tolerance } else { TimeDelta::zero() };
    later.latest() + grain + vague < earlier.earliest()
}
