//! A maintenance that continued after its planned end, which is an incident of its own from then
//! on.

use chrono::TimeDelta;

use crate::model::timeline::State;
use crate::sources::record::{IncidentRecord, UpdateRecord};

/// A post this soon after the planned end counts as its end.
const PUNCTUAL: TimeDelta = TimeDelta::minutes(2);

/// The incident that `record` became at its planned end, if a later post shows that the work was
/// still ongoing. A maintenance that was only closed late had no known impact: `check` reports it,
/// and no incident is made.
///
/// The incident begins at the planned end, and has the posts after that; the posts of the
/// maintenance remain with the maintenance. Its id is derived from that of the maintenance, so that
/// later captures extend it.
pub(crate) fn overrun(record: &IncidentRecord) -> Option<IncidentRecord> {
    let until = record.scheduled.filter(|_| record.maintenance)?.1?;
    let from = record
        .updates
        .iter()
        .position(|update| update.at.earliest() > until.latest() + PUNCTUAL)?;
    let (before, after) = record.updates.split_at(from);
    let goes_on = after.first()?.state.is_none_or(|state| !closes(state));
    if !goes_on || before.iter().any(|update| update.state.is_some_and(State::is_terminal)) {
        return None;
    }
    let updates: Vec<UpdateRecord> = after.iter().map(unplanned).collect();
    let state =
        updates.iter().rev().find_map(|update| update.state.filter(|state| state.is_phase()));
    Some(IncidentRecord {
        url: record.url.clone(),
        provider: record.provider.clone(),
        zone: record.zone.clone(),
        impact_start: Some(until),
        announced: updates.first().map(|update| update.at),
        state: state.or(Some(State::Investigating)),
        updates,
        components: record.components.clone(),
        overrun_of: Some(record.id.clone()),
        ..IncidentRecord::new(
            format!("{}-overrun", record.id),
            format!("{} (past its plan)", record.title),
        )
    })
}

fn closes(state: State) -> bool {
    state.is_terminal() || state == State::Verifying
}

/// A post of a maintenance as a post of an incident.
fn unplanned(update: &UpdateRecord) -> UpdateRecord {
    let state = update.state.map(|state| match state {
        State::InProgress | State::Scheduled => State::Update,
        State::Verifying => State::Monitoring,
        State::Completed => State::Resolved,
        other => other,
    });
    UpdateRecord { state, ..update.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Moment;

    fn update(at: &str, state: State) -> UpdateRecord {
        UpdateRecord {
            id: at.into(),
            at: at.parse().unwrap(),
            created: None,
            edited: None,
            state: Some(state),
            text: "Text.".into(),
            components: Vec::new(),
        }
    }

    fn maintenance(updates: &[(&str, State)]) -> IncidentRecord {
        let moment = |text: &str| text.parse::<Moment>().unwrap();
        IncidentRecord {
            maintenance: true,
            scheduled: Some((moment("2026-03-17T02:00Z"), Some(moment("2026-03-17T04:00Z")))),
            updates: updates.iter().map(|(at, state)| update(at, *state)).collect(),
            ..IncidentRecord::new("m1".into(), "Move".into())
        }
    }

    #[test]
    fn overrunning_maintenance_becomes_an_incident_from_the_planned_end() {
        let record = maintenance(&[
            ("2026-03-17T02:00Z", State::InProgress),
            ("2026-03-17T04:20Z", State::InProgress),
            ("2026-03-17T05:00Z", State::Verifying),
            ("2026-03-17T05:30Z", State::Completed),
        ]);
        let incident = overrun(&record).unwrap();
        assert_eq!(
            (incident.id.as_str(), incident.title.as_str()),
            ("m1-overrun", "Move (past its plan)")
        );
        assert_eq!(incident.impact_start.unwrap().to_string(), "2026-03-17T04:00Z");
        let states: Vec<State> =
            incident.updates.iter().filter_map(|update| update.state).collect();
        assert_eq!(states, [State::Update, State::Monitoring, State::Resolved]);
        assert_eq!(
            (incident.maintenance, incident.impact_end, incident.state),
            (false, None, Some(State::Resolved))
        );
        let open = overrun(&maintenance(&[("2026-03-17T04:20Z", State::InProgress)])).unwrap();
        assert_eq!(open.state, Some(State::Investigating), "it is not over");
    }

    #[test]
    fn late_closed_maintenance_is_not_an_overrun() {
        for updates in [
            &[("2026-03-17T02:00Z", State::InProgress), ("2026-03-17T05:30Z", State::Completed)][..],
            &[("2026-03-17T02:00Z", State::InProgress), ("2026-03-17T04:01Z", State::Completed)],
            &[("2026-03-17T03:00Z", State::Completed), ("2026-03-18T09:00Z", State::Update)],
            &[],
        ] {
            assert_eq!(overrun(&maintenance(updates)), None, "{updates:?}");
        }
        let mut unplanned = maintenance(&[("2026-03-17T04:20Z", State::InProgress)]);
        unplanned.scheduled = None;
        assert_eq!(overrun(&unplanned), None, "nobody knows the plan");
    }
}
