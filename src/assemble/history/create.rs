//! Creates the incident of a record that has no file yet.

use std::collections::BTreeSet;

use super::entries::entries;
use super::order::first_seen;
use super::proof::{
    self, back_dated, is_closed_without_post, is_filed_by_day, is_retrospective, one_time_for_both,
};
use super::source::source;
use crate::assemble::{Provenance, sections};
use crate::diag::Diagnostic;
use crate::model::id::IncidentId;
use crate::model::time::Moment;
use crate::model::zone::Zone;
use crate::model::{Incident, Kind, Maintenance, Status};
use crate::sources::record::IncidentRecord;

/// The tag of an incident that was only reported after it was resolved.
const RETROSPECTIVE: &str = "retrospective";

/// The id that a new file of `record` should get: its title, and its date in the zone of the page,
/// as people there know it and as lists show it. Later imports find the file by its record, so the
/// id never changes.
pub fn wanted_id(record: &IncidentRecord) -> IncidentId {
    let zone: Zone = record.zone.as_deref().and_then(|name| name.parse().ok()).unwrap_or(Zone::UTC);
    let date = first_seen(record).map(|moment| zone.local(moment.earliest()).date_naive());
    IncidentId::from_title(date, &record.title)
}

/// A new incident from `record`.
pub fn incident(record: &IncidentRecord, id: IncidentId, from: &Provenance) -> Incident {
    let mut incident = Incident::new(id, record.title.trim());
    incident.kind = Some(if record.maintenance { Kind::Maintenance } else { Kind::Incident });
    incident.severity = record.impact_word.clone().filter(|word| word != "maintenance");
    incident.time_zone =
        record.zone.clone().filter(|zone| !matches!(zone.as_str(), "UTC" | "Etc/UTC"));
    let mut services = BTreeSet::new();
    for (group, name) in &record.components {
        if services.insert(name) {
            incident.services.push(name.clone());
        }
        incident.impact.components.entry(group.clone()).or_default().push(name.clone());
    }
    incident.regions.clone_from(&record.regions);
    // One group without a name adds nothing to the list of services.
    if incident.impact.components.keys().all(String::is_empty) {
        incident.impact.components.clear();
    }
    if is_retrospective(record) {
        incident.tags.push(RETROSPECTIVE.to_owned());
    }
    if let Some((from, until)) = record.scheduled {
        let expected = incident.services.clone();
        incident.maintenance =
            Some(Maintenance { scheduled_for: Some(from), scheduled_until: until, expected });
    }
    incident.claims.duration.clone_from(&record.claimed);
    sections::fill(&mut incident, &record.sections);
    incident.sources.insert("S1".into(), source(record, from));
    incident.timeline = entries(record, "S1");
    let evidence = proof::milestones(record, "S1", false);
    for proof in evidence {
        if let Some(entry) = proof.update.map(|index| &mut incident.timeline[index])
            && proof.is_shown_by(entry)
        {
            entry.milestone.get_or_insert(proof.name);
        }
        *incident.milestones.slot(proof.name) = Some(proof.milestone);
    }
    if incident.milestones.resolved_at.is_none()
        && (is_filed_by_day(record) || is_closed_without_post(record))
    {
        incident.status = Some(Status::Resolved);
    }
    incident
}

/// Sets the severity of a new incident to the name that `name_of` gives for the severity of its
/// page. The page's severity is stored with the source if it differs from the name.
///
/// Returns whether there is a name; without one the incident is not changed.
pub fn name_severity(incident: &mut Incident, name_of: impl Fn(&str) -> Option<String>) -> bool {
    let Some(word) = incident.severity.clone() else { return true };
    let name = name_of(&word);
    if name.as_ref() != Some(&word)
        && let Some(source) = incident.sources.values_mut().next()
    {
        source.severity = Some(word);
    }
    let is_known = name.is_some();
    incident.severity = name.or(incident.severity.take());
    is_known
}

/// Notes about a new file: times that the page shows and that were not used.
pub fn remarks(record: &IncidentRecord) -> Vec<Diagnostic> {
    if let Some(both) = one_time_for_both(record) {
        let message =
            format!("its start and its end are both {both}; when the impact ended is unknown");
        return vec![Diagnostic::warning(message).hint("write `impact_end` if you know it")];
    }
    let Some(first) =
        record.updates.first().filter(|_| !record.maintenance && record.impact_start.is_none())
    else {
        return Vec::new();
    };
    let Some(written) = back_dated(first).map(Moment::exact) else { return Vec::new() };
    let shown = first.at;
    let note = if is_filed_by_day(record) {
        let message = format!(
            "its only post, of {written}, is backdated to {shown}; when it began and ended is unknown"
        );
        Diagnostic::note(message).hint("write `impact_start` and `resolved_at` if you know them")
    } else {
        let message = format!(
            "its first post, of {written}, is backdated to {shown}; impact_start stays unknown"
        );
        Diagnostic::note(message).hint("write `impact_start` if that is when the impact began")
    };
    vec![note]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::history::fixture::{dated_back, from, imported, long, record, update};
    use crate::model::milestone::{Basis, MilestoneName};
    use crate::model::timeline::State;
    use crate::sources::record::{UntimedPost, UpdateRecord};

    #[test]
    fn page_impact_is_reported_and_impact_start_stays_unknown() {
        let incident = imported(long());
        assert_eq!(incident.id.as_str(), "2026-03-17-it-broke");
        assert_eq!(incident.milestones.impact_start, None);
        let first = incident.milestones.first_notice_at.clone().unwrap();
        assert_eq!(
            (first.basis, first.source.unwrap().to_string().as_str()),
            (Basis::Reported, "S1#u1")
        );
        assert_eq!(incident.timeline[2].milestone, Some(MilestoneName::ResolvedAt));
        assert_eq!(incident.status, None, "what the milestones say needs no second word");
    }

    #[test]
    fn id_uses_the_date_in_the_zone_of_the_page() {
        let late = update("u1", "2026-03-18T02:30Z", State::Investigating);
        let id = |zone: Option<&str>| {
            wanted_id(&IncidentRecord {
                zone: zone.map(str::to_owned),
                ..record(vec![late.clone()])
            })
        };
        assert_eq!(id(Some("America/Chicago")).as_str(), "2026-03-17-it-broke");
        assert_eq!(id(None).as_str(), "2026-03-18-it-broke");
        assert_eq!(
            id(Some("Central Time (US)")).as_str(),
            "2026-03-18-it-broke",
            "an unknown zone moves nothing"
        );
    }

    #[test]
    fn incident_posted_after_the_fact_has_no_notice_and_no_start() {
        let updates: Vec<_> =
            long().into_iter().map(|update| dated_back(update, "2026-05-01T09:00:00Z")).collect();
        let incident = imported(updates.clone());
        assert_eq!(
            (incident.milestones.first_notice_at, incident.tags),
            (None, vec!["retrospective".to_owned()])
        );
        assert_eq!(incident.milestones.impact_start, None);
        assert_eq!(incident.milestones.resolved_at.unwrap().at.to_string(), "2026-03-17T15:00Z");
        assert_eq!(
            remarks_of(updates),
            [
                "its first post, of 2026-05-01T09:00:00Z, is backdated to 2026-03-17T14:00Z; impact_start stays unknown"
            ]
        );
    }

    #[test]
    fn backdated_closing_post_alone_gives_no_times() {
        let only = dated_back(
            update("u1", "2026-03-17T12:00:00Z", State::Resolved),
            "2026-03-17T14:55:03Z",
        );
        let incident = imported(vec![only.clone()]);
        assert_eq!(incident.milestones, crate::model::milestone::Milestones::default());
        assert_eq!(
            (incident.status(), incident.timeline[0].milestone),
            (Some(Status::Resolved), None)
        );
        assert_eq!(incident.tags, ["retrospective"]);
        assert!(remarks_of(vec![only])[0].ends_with("when it began and ended is unknown"));
    }

    #[test]
    fn closing_post_alone_gives_resolved_status_without_a_time() {
        let only = update("u1", "2026-03-17T15:00:00Z", State::Resolved);
        let write_up = update("u2", "2026-03-20T15:00:00Z", State::Postmortem);
        for posts in [vec![only.clone()], vec![only.clone(), write_up]] {
            let incident = imported(posts.clone());
            assert_eq!(incident.milestones, crate::model::milestone::Milestones::default());
            assert_eq!(incident.status(), Some(Status::Resolved));
            assert_eq!(
                (incident.timeline[0].state, incident.timeline[0].milestone),
                (Some(State::Resolved), None)
            );
            assert_eq!(incident.tags, ["retrospective"]);
            assert!(proof::closes_alone(&record(posts)), "the import reports it");
        }
    }

    #[test]
    fn closing_post_ends_an_incident_with_other_details() {
        let only = update("u1", "2026-03-17T15:00:00Z", State::Resolved);
        let resolved_at = |record: &IncidentRecord| {
            assert!(!proof::closes_alone(record));
            incident(record, wanted_id(record), &from())
                .milestones
                .resolved_at
                .map(|end| end.at.to_string())
        };
        let is = Some("2026-03-17T15:00:00Z".to_owned());
        let again = update("u2", "2026-03-17T19:00:00Z", State::Resolved);
        assert_eq!(
            resolved_at(&record(vec![only.clone(), again])),
            is,
            "the page was following it"
        );
        let before = Some("2026-03-17T14:00Z".parse().unwrap());
        let alone = record(vec![only]);
        assert_eq!(resolved_at(&IncidentRecord { announced: before, ..alone.clone() }), is);
        assert_eq!(resolved_at(&IncidentRecord { impact_start: before, ..alone.clone() }), is);
        assert_eq!(
            resolved_at(&IncidentRecord { latest_only: true, ..alone.clone() }),
            is,
            "it had posts before"
        );
        let opening = UntimedPost {
            id: "u0".into(),
            state: Some(State::Investigating),
            text: "We are looking.".into(),
        };
        assert_eq!(resolved_at(&IncidentRecord { untimed: vec![opening], ..alone }), is);
    }

    #[test]
    fn opening_and_closing_in_the_same_second_gives_no_recovery() {
        let pair = |at: &str| {
            vec![update("u1", at, State::Investigating), update("u2", at, State::Resolved)]
        };
        let alike = imported(pair("2026-03-17T15:00:00Z"));
        assert_eq!(
            (&alike.milestones.resolved_at, alike.status()),
            (&None, Some(Status::Resolved))
        );
        assert!(
            remarks_of(pair("2026-03-17T15:00:00Z"))[0]
                .ends_with("when the impact ended is unknown")
        );
        let short = imported(pair("2026-03-17T15:00Z"));
        assert!(short.milestones.resolved_at.is_some(), "up to a minute lies between them");
    }

    #[test]
    fn backdated_post_gives_the_publication_time_as_notice() {
        let mut updates = long();
        updates[0] = dated_back(updates[0].clone(), "2026-03-17T14:30:00Z");
        assert_eq!(remarks_of(updates.clone()).len(), 1);
        let incident = imported(updates);
        assert_eq!(
            incident.timeline[0].milestone, None,
            "the entry's time is not that of the notice"
        );
        let milestones = incident.milestones;
        assert_eq!(milestones.impact_start, None);
        assert_eq!(milestones.first_notice_at.unwrap().at.to_string(), "2026-03-17T14:30:00Z");
    }

    #[test]
    fn identical_start_and_end_give_no_end() {
        let at = Some("2026-03-17T14:00:00Z".parse().unwrap());
        let alike = IncidentRecord {
            impact_start: at,
            impact_end: at,
            resolved: at,
            state: Some(State::Resolved),
            ..record(vec![])
        };
        let made = incident(&alike, wanted_id(&alike), &from());
        assert_eq!(
            (made.milestones.impact_end.is_some(), made.milestones.resolved_at.is_some()),
            (false, false)
        );
        assert_eq!(
            (made.milestones.impact_start.is_some(), made.status()),
            (true, Some(Status::Resolved))
        );
        assert!(remarks(&alike)[0].message.ends_with("when the impact ended is unknown"));
    }

    #[test]
    fn severity_is_mapped_and_the_page_word_is_stored() {
        let named = |name: Option<&str>| {
            let mut incident = imported(long());
            let is_known = name_severity(&mut incident, |_| name.map(str::to_owned));
            (is_known, incident.severity, incident.sources["S1"].severity.clone())
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(named(Some("minor")), (true, text("minor"), None));
        assert_eq!(named(Some("sev3")), (true, text("sev3"), text("minor")));
        assert_eq!(named(None), (false, text("minor"), text("minor")));
    }

    fn remarks_of(updates: Vec<UpdateRecord>) -> Vec<String> {
        remarks(&record(updates)).iter().map(|remark| remark.message.clone()).collect()
    }
}
