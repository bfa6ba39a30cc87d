//! Short constructors of records for the tests of this module.

use chrono::TimeDelta;

use super::create::{incident, wanted_id};
use super::extend::{Filed, update as update_filed};
use super::source::source_key;
use crate::assemble::{Plan, Provenance};
use crate::model::Incident;
use crate::model::evidence::Trust;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::record::{IncidentRecord, UpdateRecord};

pub(super) fn update(id: &str, at: &str, state: State) -> UpdateRecord {
    let at: Moment = at.parse().unwrap();
    UpdateRecord {
        id: id.into(),
        at,
        created: None,
        edited: None,
        state: Some(state),
        text: format!("text {id}"),
        components: vec![],
    }
}

pub(super) fn record(updates: Vec<UpdateRecord>) -> IncidentRecord {
    IncidentRecord {
        id: "r1".into(),
        title: "It broke".into(),
        maintenance: false,
        impact_word: Some("minor".into()),
        url: None,
        provider: Some("Example".into()),
        zone: None,
        impact_start: None,
        impact_end: None,
        announced: updates.first().map(|update| update.at),
        resolved: None,
        scheduled: None,
        state: None,
        updates,
        untimed: Vec::new(),
        latest_only: false,
        lacks_zone: false,
        watched: None,
        components: vec![(String::new(), "api".into())],
        regions: Vec::new(),
        revised: None,
        sections: Vec::new(),
        claimed: None,
        overrun_of: None,
    }
}

pub(super) fn short() -> Vec<UpdateRecord> {
    vec![
        update("u1", "2026-03-17T14:00Z", State::Investigating),
        update("u2", "2026-03-17T14:10Z", State::Identified),
    ]
}

pub(super) fn long() -> Vec<UpdateRecord> {
    let mut updates = short();
    updates.push(update("u3", "2026-03-17T15:00Z", State::Resolved));
    updates
}

/// `update`, written at `created` but displayed with an earlier time.
pub(super) fn dated_back(update: UpdateRecord, created: &str) -> UpdateRecord {
    UpdateRecord { created: Some(created.parse().unwrap()), ..update }
}

pub(super) fn from() -> Provenance {
    Provenance { format: "statuspage-v2".into(), ..Provenance::default() }
}

pub(super) fn imported(updates: Vec<UpdateRecord>) -> Incident {
    let record = record(updates);
    incident(&record, wanted_id(&record), &from())
}

pub(super) fn applied(mut incident: Incident, plan: &Plan) -> Incident {
    plan.edits.iter().for_each(|edit| edit.apply(&mut incident));
    incident
}

pub(super) fn trust() -> Trust<'static> {
    Trust { order: &crate::model::evidence::TRUST, tolerance: TimeDelta::minutes(2) }
}

pub(super) fn update_of(incident: &Incident, updates: Vec<UpdateRecord>, replace: bool) -> Plan {
    let record = record(updates);
    let key = source_key(incident, &record, &from()).unwrap();
    let filed = Filed { source: key, others: &[], zone: None, is_older: false };
    update_filed(incident, filed, &record, replace, trust())
}

/// What `record` adds to an incident that has it as the source `S1`.
pub(super) fn extended(
    incident: &Incident,
    record: &IncidentRecord,
    replace: bool,
    trust: Trust,
) -> Plan {
    update_filed(
        incident,
        Filed { source: "S1", others: &[], zone: None, is_older: false },
        record,
        replace,
        trust,
    )
}
