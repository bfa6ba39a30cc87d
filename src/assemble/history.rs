//! A status page's history: one record, one incident file.
//!
//! What a status page says is `reported`: it bounds the harm, it is not the harm. The updates
//! decide when it was resolved, for a page's own `resolved_at` may be older than its last word.

use chrono::{DateTime, TimeDelta, Utc};

use super::stamp::{Standing, read, stamped, standing};
use super::{Plan, Provenance};
use crate::diag::Diagnostic;
use crate::model::edit::Edit;
use crate::model::id::IncidentId;
use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::{EntryRef, SourceInfo};
use crate::model::time::Moment;
use crate::model::timeline::{Entry, EntryKind, State, Visibility};
use crate::model::{Incident, Kind, Maintenance};
use crate::sources::record::{IncidentRecord, UpdateRecord};

/// A post that is shown as older than it is by more than this was dated back on purpose.
const BACK_DATED: TimeDelta = TimeDelta::minutes(2);

/// The tag of an incident that was told only after it was over.
const RETROSPECTIVE: &str = "retrospective";

/// The key of the source in `incident` that is the record `id` of `format`.
pub fn source_key<'i>(incident: &'i Incident, format: &str, id: &str) -> Option<&'i str> {
    let is_it = |source: &SourceInfo| source.format.as_deref() == Some(format) && source.record.as_deref() == Some(id);
    incident.sources.iter().find(|(_, source)| is_it(source)).map(|(key, _)| key.as_str())
}

/// The id that a new file of `record` asks for: its date and its title.
pub fn wanted_id(record: &IncidentRecord) -> IncidentId {
    let date = first_seen(record).map(|moment| moment.earliest().date_naive());
    IncidentId::from_title(date, &record.title)
}

/// The earliest time that the record has, to order and to name by.
pub fn first_seen(record: &IncidentRecord) -> Option<Moment> {
    let planned = record.scheduled.map(|(from, _)| from);
    let started = record
        .impact_start
        .into_iter()
        .chain(record.announced)
        .chain(record.updates.iter().map(|update| update.at))
        .min();
    if record.maintenance { planned.or(started) } else { started }
}

/// A new incident from `record`.
pub fn incident(record: &IncidentRecord, id: IncidentId, from: &Provenance) -> Incident {
    let mut incident = Incident::new(id, record.title.trim());
    incident.kind = Some(if record.maintenance { Kind::Maintenance } else { Kind::Incident });
    incident.severity = record.impact_word.clone().filter(|word| word != "maintenance");
    incident.time_zone = record.zone.clone().filter(|zone| !matches!(zone.as_str(), "UTC" | "Etc/UTC"));
    for (group, name) in &record.components {
        if !incident.services.contains(name) {
            incident.services.push(name.clone());
        }
        incident.impact.components.entry(group.clone()).or_default().push(name.clone());
    }
    // One group without a name says no more than the list of services.
    if incident.impact.components.keys().all(String::is_empty) {
        incident.impact.components.clear();
    }
    if is_retrospective(record) {
        incident.tags.push(RETROSPECTIVE.to_owned());
    }
    if let Some((from, until)) = record.scheduled {
        let expected = incident.services.clone();
        incident.maintenance = Some(Maintenance { scheduled_for: Some(from), scheduled_until: Some(until), expected });
    }
    incident.sources.insert("S1".into(), source(record, from));
    incident.timeline = record.updates.iter().map(|update| entry(update, "S1")).collect();
    let evidence = milestones(record, "S1");
    for proof in evidence {
        if let Some(entry) = proof.update.map(|index| &mut incident.timeline[index])
            && proof.is_shown_by(entry)
        {
            entry.milestone.get_or_insert(proof.name);
        }
        *incident.milestones.slot(proof.name) = Some(proof.milestone);
    }
    incident
}

/// What `record` adds to an incident that was imported from it before, under the key `source`.
/// With `replace`, entries that were changed upstream and not by hand take the new text.
pub fn update(incident: &Incident, source: &str, record: &IncidentRecord, replace: bool) -> Plan {
    let mut plan = Plan::default();
    let mut is_new = vec![false; record.updates.len()];
    let mut proofs = milestones(record, source);
    for (position, update) in record.updates.iter().enumerate() {
        let mut now = entry(update, source);
        let id = read(&now).map(|(_, id, _)| id.to_owned()).unwrap_or_default();
        let known = incident
            .timeline
            .iter()
            .position(|old| read(old).is_some_and(|(key, old_id, _)| key == source && old_id == id));
        let Some(index) = known else {
            is_new[position] = true;
            now.milestone = proofs
                .iter()
                .find(|proof| {
                    proof.update == Some(position)
                        && proof.is_shown_by(&now)
                        && incident.milestones.get(proof.name).is_none()
                })
                .map(|proof| proof.name);
            plan.edits.push(Edit::AppendEntry(now));
            continue;
        };
        let old = &incident.timeline[index];
        match standing(old, &now) {
            Standing::Unchanged => {}
            Standing::ChangedUpstream if replace => {
                // What a person added to the entry stays: who may read it, what it is evidence for.
                let kept = Entry {
                    source: now.source,
                    text: now.text,
                    at: now.at,
                    end: now.end,
                    state: now.state,
                    ..old.clone()
                };
                plan.edits.push(Edit::ReplaceEntry(index, kept));
            }
            Standing::ChangedUpstream => plan.notes.push(changed(update, "`--update` takes the new text")),
            Standing::ChangedOnBothSides => {
                plan.notes.push(changed(update, "the entry here was changed by hand too, so it stays as it is"));
            }
        }
    }
    removed(incident, source, record, &mut plan);
    // A milestone comes with its evidence: one that a person has taken out does not come back.
    proofs.retain(|proof| proof.update.is_some_and(|position| is_new[position]));
    for proof in proofs {
        match incident.milestones.get(proof.name) {
            None => plan.edits.push(Edit::SetMilestone(proof.name, proof.milestone)),
            Some(stated) if stated.at != proof.milestone.at => plan.notes.push(Diagnostic::note(format!(
                "{} says {} at {}; the file says {} and keeps it",
                record.title, proof.name, proof.milestone.at, stated.at
            ))),
            Some(_) => {}
        }
    }
    plan
}

fn changed(update: &UpdateRecord, hint: &str) -> Diagnostic {
    Diagnostic::note(format!("the update of {} was changed upstream", update.at)).hint(hint)
}

/// Updates that the page no longer has are told, never taken out. A source that has the latest
/// only says nothing of the others.
fn removed(incident: &Incident, source: &str, record: &IncidentRecord, plan: &mut Plan) {
    if record.announced.is_none() {
        return;
    }
    for old in &incident.timeline {
        let Some((key, id, Some(_))) = read(old) else { continue };
        let is_there = record.updates.iter().any(|update| update.id.replace(['#', '@'], "-") == id);
        if key == source && !is_there {
            let at = old.at.map_or_else(|| "unknown time".to_owned(), |at| at.to_string());
            plan.notes.push(Diagnostic::note(format!("the update of {at} is no longer upstream; it stays here")));
        }
    }
}

/// The source of an incident that `record` is imported into.
pub fn source(record: &IncidentRecord, from: &Provenance) -> SourceInfo {
    SourceInfo {
        format: Some(from.format.clone()),
        record: Some(record.id.clone()),
        title: record.provider.as_ref().map(|provider| format!("{provider} status page")),
        url: record.url.clone().or_else(|| from.url.clone()),
        retrieved_at: from.retrieved_at,
        path: from.path.clone(),
        sha256: from.sha256.clone(),
        zone: from.zone.clone(),
        ..SourceInfo::default()
    }
}

fn entry(update: &UpdateRecord, source: &str) -> Entry {
    let entry = Entry {
        at: Some(update.at),
        text: update.text.trim().to_owned(),
        kind: Some(EntryKind::StatusUpdate),
        state: update.state,
        visibility: Some(Visibility::Public),
        ..Entry::default()
    };
    stamped(entry, source, &update.id)
}

/// A milestone and the update that proves it.
struct Proof {
    name: MilestoneName,
    milestone: Milestone,
    update: Option<usize>,
}

fn milestones(record: &IncidentRecord, source: &str) -> Vec<Proof> {
    let mut proofs = Vec::new();
    let mut prove = |name, at: Moment, update: Option<usize>, note: Option<&str>| {
        let key = update.map_or(EntryRef { source: source.to_owned(), record: None }, |index| {
            EntryRef::new(source, record.updates[index].id.replace(['#', '@'], "-"))
        });
        let milestone = Milestone { at, basis: Basis::Reported, source: Some(key), note: note.map(str::to_owned) };
        proofs.push(Proof { name, milestone, update });
    };
    if let Some(at) = record.impact_start {
        prove(MilestoneName::ImpactStart, at, None, None);
    }
    if let Some(at) = record.impact_end {
        prove(MilestoneName::ImpactEnd, at, None, None);
    }
    // A source that does not say when it was announced has the latest posts only, and those prove
    // an end, but nothing that comes before it.
    let has_beginning = record.announced.is_some();
    let first = record.updates.first().filter(|_| has_beginning);
    if let (Some(first), false) = (first, is_retrospective(record)) {
        let posted = back_dated(first);
        let at = posted.map_or(first.at, Moment::exact);
        prove(MilestoneName::FirstNoticeAt, at, Some(0), None);
    }
    // The page shows a time before the post was written: that is when it says that it began.
    if let Some(first) = first.filter(|first| back_dated(first).is_some())
        && record.impact_start.is_none()
        && !record.maintenance
    {
        prove(MilestoneName::ImpactStart, first.at, None, Some("the page dates its first post back to this time"));
    }
    if let Some(index) = record.updates.iter().position(|update| update.state == Some(State::Identified))
        && has_beginning
    {
        prove(MilestoneName::IdentifiedAt, record.updates[index].at, Some(index), None);
    }
    if let Some(index) = resolving(&record.updates) {
        prove(MilestoneName::ResolvedAt, record.updates[index].at, Some(index), None);
    }
    proofs
}

impl Proof {
    /// Whether the entry's own time is the milestone's: that of a post dated back is not.
    fn is_shown_by(&self, entry: &Entry) -> bool {
        entry.at == Some(self.milestone.at)
    }
}

/// When a post was written, if the page shows an earlier time for it.
fn back_dated(update: &UpdateRecord) -> Option<DateTime<Utc>> {
    update.created.filter(|created| *created - update.at.latest() > BACK_DATED)
}

/// Whether it was all told after it was over: nobody had notice of it while it went on.
fn is_retrospective(record: &IncidentRecord) -> bool {
    let end = resolving(&record.updates).map(|index| record.updates[index].at.latest());
    let told = record.updates.first().and_then(back_dated);
    told.zip(end).is_some_and(|(told, end)| told > end)
}

/// The update that ended it: the last terminal one, unless a later one says that it goes on.
/// Within one minute a terminal state wins, for pages do not keep that order.
fn resolving(updates: &[UpdateRecord]) -> Option<usize> {
    let is_terminal = |update: &UpdateRecord| update.state.is_some_and(State::is_terminal);
    let last = updates.iter().rposition(is_terminal)?;
    let goes_on = updates[last + 1..].iter().any(|later| {
        later.state.is_some_and(State::is_phase)
            && later.at.earliest() - updates[last].at.latest() >= TimeDelta::minutes(1)
    });
    if goes_on {
        return None;
    }
    // Several posts may say "resolved" at the end; it was resolved at the first of that run.
    let run =
        updates[..last].iter().rposition(|update| update.state.is_some_and(State::is_phase) && !is_terminal(update));
    updates
        .iter()
        .enumerate()
        .skip(run.map_or(0, |index| index + 1))
        .find(|(_, update)| is_terminal(update))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(id: &str, at: &str, state: State) -> UpdateRecord {
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

    fn record(updates: Vec<UpdateRecord>) -> IncidentRecord {
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
            components: vec![(String::new(), "api".into())],
        }
    }

    fn from() -> Provenance {
        Provenance { format: "statuspage-v2".into(), ..Provenance::default() }
    }

    fn short() -> Vec<UpdateRecord> {
        vec![
            update("u1", "2026-03-17T14:00Z", State::Investigating),
            update("u2", "2026-03-17T14:10Z", State::Identified),
        ]
    }

    fn long() -> Vec<UpdateRecord> {
        let mut updates = short();
        updates.push(update("u3", "2026-03-17T15:00Z", State::Resolved));
        updates
    }

    fn imported(updates: Vec<UpdateRecord>) -> Incident {
        let record = record(updates);
        incident(&record, wanted_id(&record), &from())
    }

    fn applied(mut incident: Incident, plan: &Plan) -> Incident {
        plan.edits.iter().for_each(|edit| edit.apply(&mut incident));
        incident
    }

    #[test]
    fn a_page_s_word_is_reported_and_the_start_of_the_harm_stays_unknown() {
        let incident = imported(long());
        assert_eq!(incident.id.as_str(), "2026-03-17-it-broke");
        assert_eq!(incident.milestones.impact_start, None);
        let first = incident.milestones.first_notice_at.clone().unwrap();
        assert_eq!((first.basis, first.source.unwrap().to_string().as_str()), (Basis::Reported, "S1#u1"));
        assert_eq!(incident.timeline[2].milestone, Some(MilestoneName::ResolvedAt));
        assert_eq!(incident.status, None, "what the milestones say needs no second word");
    }

    #[test]
    fn the_same_record_again_asks_for_nothing() {
        assert_eq!(update_of(&imported(long()), long(), false), Plan::default());
    }

    fn update_of(incident: &Incident, updates: Vec<UpdateRecord>, replace: bool) -> Plan {
        let record = record(updates);
        let key = source_key(incident, "statuspage-v2", "r1").unwrap();
        super::update(incident, key, &record, replace)
    }

    #[test]
    fn a_longer_history_adds_what_is_new_and_nothing_else() {
        let mut edited = imported(short());
        edited.title = "Ours".into();
        edited.timeline[0].text = "changed by hand".into();
        let plan = update_of(&edited, long(), false);
        assert_eq!(plan.edits.len(), 2, "{plan:?}");
        let after = applied(edited.clone(), &plan);
        assert_eq!(after.milestones.resolved_at.as_ref().unwrap().at.to_string(), "2026-03-17T15:00Z");
        assert_eq!((after.title.as_str(), after.timeline[0].text.as_str()), ("Ours", "changed by hand"));
        assert_eq!(update_of(&after, long(), false), Plan::default());
    }

    #[test]
    fn a_milestone_that_a_person_took_out_does_not_come_back() {
        let mut edited = imported(long());
        edited.milestones.identified_at = None;
        assert_eq!(update_of(&edited, long(), false), Plan::default());
    }

    #[test]
    fn a_change_upstream_is_told_and_taken_only_when_asked_for_and_untouched() {
        let mut changed = long();
        changed[0].text = "new words".into();
        let incident = imported(long());
        let told = update_of(&incident, changed.clone(), false);
        assert!(told.edits.is_empty() && told.notes.len() == 1);
        let after = applied(incident.clone(), &update_of(&incident, changed.clone(), true));
        assert_eq!(after.timeline[0].text, "new words");
        assert_eq!(update_of(&after, changed.clone(), true), Plan::default());
        let mut by_hand = incident;
        by_hand.timeline[0].text = "mine".into();
        let plan = update_of(&by_hand, changed, true);
        assert!(plan.edits.is_empty() && plan.notes.len() == 1, "{plan:?}");
    }

    #[test]
    fn an_update_that_is_gone_is_told_and_kept() {
        let plan = update_of(&imported(long()), short(), true);
        assert!(plan.edits.is_empty());
        assert!(plan.notes[0].message.contains("no longer upstream"), "{plan:?}");
    }

    #[test]
    fn a_source_of_the_latest_post_proves_an_end_and_no_beginning() {
        let last = |updates: Vec<UpdateRecord>| IncidentRecord { announced: None, ..record(updates) };
        let identified = last(vec![update("u2", "2026-03-17T14:10Z", State::Identified)]);
        let first = incident(&identified, wanted_id(&identified), &from());
        assert_eq!((&first.milestones.first_notice_at, &first.milestones.identified_at), (&None, &None));
        let resolved = last(vec![update("u3", "2026-03-17T15:00Z", State::Resolved)]);
        let plan = super::update(&first, "S1", &resolved, false);
        assert_eq!(plan.notes, [], "what is not the latest any more is not gone");
        let after = applied(first, &plan);
        assert_eq!((after.timeline.len(), after.milestones.first_notice_at), (2, None));
        assert_eq!(after.milestones.resolved_at.unwrap().at.to_string(), "2026-03-17T15:00Z");
    }

    #[test]
    fn a_relapse_is_not_resolved_and_the_last_end_counts() {
        let mut updates = long();
        updates.push(update("u4", "2026-03-17T15:30Z", State::Investigating));
        assert_eq!(imported(updates.clone()).milestones.resolved_at, None);
        updates.push(update("u5", "2026-03-17T16:00Z", State::Resolved));
        updates.push(update("u6", "2026-03-17T17:00Z", State::Postmortem));
        let at = |incident: Incident| incident.milestones.resolved_at.unwrap().at.to_string();
        assert_eq!(at(imported(updates)), "2026-03-17T16:00Z");
        let same_minute = vec![
            update("a", "2026-03-17T15:00:05Z", State::Resolved),
            update("b", "2026-03-17T15:00:40Z", State::Investigating),
        ];
        assert_eq!(at(imported(same_minute)), "2026-03-17T15:00:05Z");
    }

    #[test]
    fn what_was_told_after_it_was_over_gave_no_notice() {
        let mut updates = long();
        for update in &mut updates {
            update.created = Some("2026-05-01T09:00:00Z".parse().unwrap());
        }
        let incident = imported(updates);
        assert_eq!((incident.milestones.first_notice_at, incident.tags), (None, vec!["retrospective".to_owned()]));
        assert_eq!(incident.milestones.impact_start.unwrap().at.to_string(), "2026-03-17T14:00Z");
    }

    #[test]
    fn a_post_that_was_dated_back_gives_the_start_and_the_true_notice() {
        let mut updates = long();
        updates[0].created = Some("2026-03-17T14:30:00Z".parse().unwrap());
        let incident = imported(updates);
        assert_eq!(incident.timeline[0].milestone, None, "the entry's time is not that of the notice");
        let milestones = incident.milestones;
        assert_eq!(milestones.impact_start.unwrap().at.to_string(), "2026-03-17T14:00Z");
        assert_eq!(milestones.first_notice_at.unwrap().at.to_string(), "2026-03-17T14:30:00Z");
    }
}
