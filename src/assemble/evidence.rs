//! Alerts, metrics and the like: evidence within one incident.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::stamp::{read, stamped};
use super::{Plan, Provenance, free_source_key};
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::{ClockOffset, SourceInfo};
use crate::model::timeline::{Entry, EntryKind};
use crate::sources::record::{EventRecord, Record};

/// What a person says about an evidence file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes {
    /// How far the source's clock is ahead of the truth; it is taken off every time.
    pub clock_offset: Option<ClockOffset>,
}

/// The source in `incident` that holds these very bytes, by their hash.
pub fn already_there<'i>(incident: &'i Incident, sha256: &str) -> Option<&'i str> {
    incident.sources.iter().find(|(_, source)| source.sha256.as_deref() == Some(sha256)).map(|(key, _)| key.as_str())
}

/// What the records of one input add to `incident`. `from` holds the hash of the bytes.
pub fn add(incident: &Incident, records: &[Record], from: &Provenance, wishes: Wishes) -> Plan {
    let mut plan = Plan::default();
    if let Some(key) = from.sha256.as_deref().and_then(|hash| already_there(incident, hash)) {
        plan.notes.push(Diagnostic::note(format!("the same bytes are here already, as {key}")));
        return plan;
    }
    let key = free_source_key(incident);
    plan.edits.push(Edit::AddSource(key.clone(), source(from, records.len(), wishes)));
    let mut known = known_records(incident, &from.format);
    let mut candidates: Vec<(MilestoneName, Milestone)> = Vec::new();
    let shift = wishes.clock_offset.map_or(TimeDelta::zero(), |offset| -offset.0);
    for event in events(records) {
        let id = event.id.replace(['#', '@'], "-");
        if !known.insert(id) {
            continue;
        }
        let entry = stamped(entry(event, shift), &key, &event.id);
        if let (Some(name), Some(at), Some(source)) = (event.suggests, entry.at, &entry.source) {
            let basis = if event.kind == EntryKind::Alert { Basis::Alert } else { Basis::Measured };
            let mut source = source.clone();
            source.record = source.record.and_then(|record| record.rsplit_once('@').map(|(id, _)| id.to_owned()));
            candidates.push((name, Milestone { at, basis, source: Some(source), note: None }));
        }
        plan.edits.push(Edit::AppendEntry(entry));
    }
    offer(incident, candidates, &mut plan);
    plan
}

/// The first event that stands for a milestone sets it, where nothing is known.
fn offer(incident: &Incident, mut candidates: Vec<(MilestoneName, Milestone)>, plan: &mut Plan) {
    candidates.sort_by_key(|(name, milestone)| (*name, milestone.at));
    candidates.dedup_by_key(|(name, _)| *name);
    for (name, milestone) in candidates {
        match incident.milestones.get(name) {
            None => {
                plan.notes.push(
                    Diagnostic::note(format!("{name} is set to {}, the first {} here", milestone.at, milestone.basis))
                        .hint("take it out of `milestones` if another event was the first"),
                );
                plan.edits.push(Edit::SetMilestone(name, milestone));
            }
            Some(stated) if stated.at != milestone.at => plan.notes.push(Diagnostic::note(format!(
                "{name} stays at {}; the first {} here is of {}",
                stated.at, milestone.basis, milestone.at
            ))),
            Some(_) => {}
        }
    }
}

fn events(records: &[Record]) -> Vec<&EventRecord> {
    let mut events: Vec<&EventRecord> = records
        .iter()
        .filter_map(|record| match record {
            Record::Event(event) => Some(event),
            Record::Incident(_) | Record::Series(_) => None,
        })
        .collect();
    events.sort_by_key(|event| event.at);
    events
}

/// The ids of records that a source of this format has given before, so that a later and longer
/// capture does not tell everything twice.
fn known_records(incident: &Incident, format: &str) -> BTreeSet<String> {
    let of_format =
        |key: &str| incident.sources.get(key).is_some_and(|source| source.format.as_deref() == Some(format));
    let keys = incident.timeline.iter().filter_map(read);
    keys.filter(|(source, _, _)| of_format(source)).map(|(_, id, _)| id.to_owned()).collect()
}

fn source(from: &Provenance, records: usize, wishes: Wishes) -> SourceInfo {
    SourceInfo {
        format: Some(from.format.clone()),
        path: from.path.clone(),
        sha256: from.sha256.clone(),
        retrieved_at: from.retrieved_at,
        url: from.url.clone(),
        zone: from.zone.clone(),
        clock_offset: wishes.clock_offset,
        records: Some(records as u64),
        ..SourceInfo::default()
    }
}

fn entry(event: &EventRecord, shift: TimeDelta) -> Entry {
    Entry {
        at: Some(event.at.shifted(shift)),
        end: event.end.map(|end| end.shifted(shift)),
        text: event.text.trim().to_owned(),
        kind: Some(event.kind),
        state: event.state,
        actor: event.actor.clone(),
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, at: &str) -> Record {
        Record::Event(EventRecord {
            id: id.into(),
            at: at.parse().unwrap(),
            end: None,
            kind: EntryKind::Alert,
            state: None,
            text: format!("alert {id}"),
            actor: None,
            suggests: Some(MilestoneName::DetectedAt),
        })
    }

    fn from(hash: &str) -> Provenance {
        Provenance { format: "alertmanager".into(), sha256: Some(hash.into()), ..Provenance::default() }
    }

    fn applied(mut incident: Incident, plan: &Plan) -> Incident {
        plan.edits.iter().for_each(|edit| edit.apply(&mut incident));
        incident
    }

    fn empty() -> Incident {
        Incident::new("a".parse().unwrap(), "A")
    }

    #[test]
    fn the_first_alert_is_offered_as_the_detection() {
        let records = [event("b", "2026-03-17T14:10:00Z"), event("a", "2026-03-17T14:09:12Z")];
        let after = applied(empty(), &add(&empty(), &records, &from("x"), Wishes::default()));
        let detected = after.milestones.detected_at.clone().unwrap();
        assert_eq!((detected.at.to_string().as_str(), detected.basis), ("2026-03-17T14:09:12Z", Basis::Alert));
        assert_eq!(detected.source.unwrap().to_string(), "S1#a");
        assert_eq!(after.timeline.len(), 2);
    }

    #[test]
    fn what_a_person_stated_stays_and_the_difference_is_told() {
        let mut stated = empty();
        stated.milestones.detected_at = Some(Milestone::observed("2026-03-17T14:00Z".parse().unwrap()));
        let plan = add(&stated, &[event("a", "2026-03-17T14:09:12Z")], &from("x"), Wishes::default());
        assert_eq!(applied(stated.clone(), &plan).milestones, stated.milestones);
        assert!(plan.notes[0].message.contains("stays at"), "{plan:?}");
    }

    #[test]
    fn the_same_bytes_change_nothing_and_a_longer_capture_adds_what_is_new() {
        let first =
            applied(empty(), &add(&empty(), &[event("a", "2026-03-17T14:09:12Z")], &from("x"), Wishes::default()));
        assert!(add(&first, &[event("a", "2026-03-17T14:09:12Z")], &from("x"), Wishes::default()).edits.is_empty());
        let longer = [event("a", "2026-03-17T14:09:12Z"), event("b", "2026-03-17T14:20:00Z")];
        let second = applied(first.clone(), &add(&first, &longer, &from("y"), Wishes::default()));
        assert_eq!(second.timeline.len(), 2);
        assert_eq!(second.sources.keys().collect::<Vec<_>>(), ["S1", "S2"]);
    }

    #[test]
    fn a_clock_that_is_ahead_is_set_back() {
        let wishes = Wishes { clock_offset: Some("90s".parse().unwrap()) };
        let after = applied(empty(), &add(&empty(), &[event("a", "2026-03-17T14:09:12Z")], &from("x"), wishes));
        assert_eq!(after.timeline[0].at.unwrap().to_string(), "2026-03-17T14:07:42Z");
    }
}
