//! A status page's history: one record, one incident file.
//!
//! What a status page says is `reported`: it bounds the harm, it is not the harm. The updates
//! decide when it was resolved, for a page's own `resolved_at` may be older than its last word.
//!
//! A post that is shown earlier than it was written proves no more than any other: its author put
//! the first sign there, or the first report, or the day that a form asks for. `impact_start` is
//! set only from a field of the source that means it, and [`remarks`] tells of the dated post.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};

use super::family::{self, Known};
use super::milestones::offer;
use super::sections;
use super::stamp::{Standing, read, stamped, standing};
use super::{Plan, Provenance, free_source_key};
use crate::diag::Diagnostic;
use crate::model::edit::Edit;
use crate::model::evidence::Trust;
use crate::model::id::IncidentId;
use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::{EntryRef, SourceInfo};
use crate::model::time::{Moment, Precision};
use crate::model::timeline::{Entry, EntryKind, State, Visibility};
use crate::model::zone::Zone;
use crate::model::{Incident, Kind, Maintenance, Status};
use crate::sources::record::{IncidentRecord, UpdateRecord};

/// A post that is shown as older than it is by more than this was dated back on purpose.
const BACK_DATED: TimeDelta = TimeDelta::minutes(2);

/// Stands in a source's title between the page's name and what the page called the incident.
const SOURCE_TITLE: &str = "status page: ";

/// The tag of an incident that was told only after it was over.
const RETROSPECTIVE: &str = "retrospective";

/// The key of the source in `incident` that is the record `id` of `format`.
pub fn source_key<'i>(incident: &'i Incident, format: &str, id: &str) -> Option<&'i str> {
    let is_it = |source: &SourceInfo| source.format.as_deref() == Some(format) && source.record.as_deref() == Some(id);
    incident.sources.iter().find(|(_, source)| is_it(source)).map(|(key, _)| key.as_str())
}

/// The id that a new file of `record` asks for: its title, and its date where the page is, as
/// people there know it and as lists show it. A later import finds the file by its record, so an
/// id never moves.
pub fn wanted_id(record: &IncidentRecord) -> IncidentId {
    let zone: Zone = record.zone.as_deref().and_then(|name| name.parse().ok()).unwrap_or(Zone::UTC);
    let date = first_seen(record).map(|moment| zone.local(moment.earliest()).date_naive());
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

/// How little a record tells, to compare two of one incident: one that has its latest post only is
/// the worst, one whose times are coarse the next. Finer than seconds is no better.
pub fn coarseness(record: &IncidentRecord) -> impl Ord + Copy + use<> {
    let finest = record.updates.iter().map(|update| update.at.precision().min(Precision::Second)).max();
    (record.latest_only, Reverse(finest))
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
    incident.claims.duration.clone_from(&record.claimed);
    sections::fill(&mut incident, &record.sections);
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
    if incident.milestones.resolved_at.is_none() && (is_filed_by_day(record) || is_closed_without_post(record)) {
        incident.status = Some(Status::Resolved);
    }
    incident
}

/// What `record` adds to an incident, as the file has it, that was imported from it before, in its
/// format or in another one of the same family; `None` if it was not.
///
/// Another format becomes a source of the file only if it has something to add.
/// With `replace`, entries that were changed upstream and not by hand take the new text.
pub fn extend(
    incident: &Incident,
    record: &IncidentRecord,
    from: &Provenance,
    replace: bool,
    trust: Trust,
) -> Option<Plan> {
    let is_it = |source: &SourceInfo| family::is_of(source, &from.format, &record.id);
    let keys: Vec<&str> =
        incident.sources.iter().filter(|(_, source)| is_it(source)).map(|(key, _)| key.as_str()).collect();
    if let Some(own) = source_key(incident, &from.format, &record.id) {
        let others: Vec<&str> = keys.into_iter().filter(|key| *key != own).collect();
        return Some(update(incident, own, &others, record, replace, trust));
    }
    if keys.is_empty() {
        return None;
    }
    let own = free_source_key(incident);
    let mut plan = update(incident, &own, &keys, record, replace, trust);
    if !plan.edits.is_empty() {
        plan.edits.insert(0, Edit::AddSource(own, source(record, from)));
    }
    Some(plan)
}

/// What `record` adds to an incident that was not imported from it: a source, and what that tells.
pub fn add(incident: &Incident, record: &IncidentRecord, from: &Provenance, trust: Trust) -> Plan {
    let key = free_source_key(incident);
    let mut plan = update(incident, &key, &[], record, false, trust);
    plan.edits.insert(0, Edit::AddSource(key, source(record, from)));
    plan.notes.extend(remarks(record));
    plan
}

/// What `record`, which is the source `source`, adds to an incident in which `others` are the same
/// record in other formats.
fn update(
    incident: &Incident,
    source: &str,
    others: &[&str],
    record: &IncidentRecord,
    replace: bool,
    trust: Trust,
) -> Plan {
    let mut plan = Plan::default();
    let mut proofs = milestones(record, source);
    let entries: Vec<Entry> = record.updates.iter().map(|update| entry(update, source)).collect();
    let known = family::known(incident, source, others, &entries);
    for (position, (update, mut now)) in record.updates.iter().zip(entries).enumerate() {
        match known[position] {
            Known::New => {
                now.milestone = proofs
                    .iter()
                    .find(|proof| proof.update == Some(position) && proof.is_shown_by(&now))
                    .map(|proof| proof.name);
                plan.edits.push(Edit::AppendEntry(now));
            }
            Known::Here(index) => compare(&incident.timeline[index], index, now, update, replace, &mut plan),
            Known::Elsewhere(_) => {}
        }
    }
    removed(incident, source, record, &mut plan);
    plan.notes.extend(renamed(incident, source, record));
    // A milestone comes with its evidence: one that a person has taken out does not come back. What
    // another format told without a state was no evidence, until this one says what it was. An end
    // that no update proves is news to a file by which the incident goes on.
    let is_first_time = !incident.sources.contains_key(source);
    let is_of_it = !(is_first_time && others.is_empty());
    proofs.retain(|proof| match proof.update.map(|position| known[position]) {
        Some(Known::New) => true,
        Some(Known::Elsewhere(index)) => is_first_time && incident.timeline[index].state.is_none(),
        Some(Known::Here(_)) => false,
        None => is_of_it && is_end(proof.name) && goes_on(incident) && incident.milestones.get(proof.name).is_none(),
    });
    offer(incident, proofs.into_iter().map(|proof| (proof.name, proof.milestone)), trust, &mut plan);
    plan
}

fn is_end(name: MilestoneName) -> bool {
    matches!(name, MilestoneName::ImpactEnd | MilestoneName::ResolvedAt)
}

fn goes_on(incident: &Incident) -> bool {
    incident.status() != Status::Resolved
}

/// What an update that stands in the file, at `index` of the timeline, changes there.
fn compare(old: &Entry, index: usize, now: Entry, update: &UpdateRecord, replace: bool, plan: &mut Plan) {
    match standing(old, &now) {
        Standing::Unchanged => {}
        Standing::ChangedUpstream if replace => {
            // What a person added to the entry stays: who may read it, what it is evidence for.
            let kept =
                Entry { source: now.source, text: now.text, at: now.at, end: now.end, state: now.state, ..old.clone() };
            plan.edits.push(Edit::ReplaceEntry(index, kept));
        }
        Standing::ChangedUpstream => plan.notes.push(changed(update, "`--update` takes the new text")),
        Standing::ChangedOnBothSides => {
            plan.notes.push(changed(update, "the entry here was changed by hand too, so it stays as it is"));
        }
    }
}

fn changed(update: &UpdateRecord, hint: &str) -> Diagnostic {
    Diagnostic::note(format!("the update of {} was changed upstream", update.at)).hint(hint)
}

/// A title and an impact that the page has changed are told, never taken: an import only adds.
///
/// What the page called it when it was imported stands in the title of the source. Nothing in the
/// file remembers the impact; but a severity that is one of the page's own words is likely its.
fn renamed(incident: &Incident, source: &str, record: &IncidentRecord) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    let (now, here) = (record.title.trim(), incident.title.as_str());
    let title = incident.sources.get(source).and_then(|source| source.title.as_deref());
    if let Some((_, was)) = title.and_then(|title| title.split_once(SOURCE_TITLE))
        && was != now
        && here != now
    {
        let message = format!("upstream it is called \"{now}\" now, and no longer \"{was}\"; the title here stays");
        let hint =
            format!("change `title` if you like, or the title of {source} to be told no more; `--update` does neither");
        notes.push(Diagnostic::note(message).hint(hint));
    }
    if let (Some(now), Some(here)) = (&record.impact_word, &incident.severity)
        && now != here
        && record.impact_scale.contains(&now.as_str())
        && record.impact_scale.contains(&here.as_str())
    {
        let message = format!("upstream its impact is {now} now; the severity here stays {here}");
        notes.push(Diagnostic::note(message).hint("change `severity` if you like; `--update` does not"));
    }
    notes
}

/// Updates that the page no longer has are told, never taken out. A source that has the latest
/// only says nothing of the others.
fn removed(incident: &Incident, source: &str, record: &IncidentRecord, plan: &mut Plan) {
    if record.announced.is_none() || record.latest_only {
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

/// `Example status page: API errors`, for people and for [`renamed`].
fn source_title(record: &IncidentRecord) -> String {
    let page = record.provider.as_deref().unwrap_or_default();
    format!("{page} {SOURCE_TITLE}{}", record.title.trim()).trim_start().to_owned()
}

/// The source of an incident that `record` is imported into.
pub fn source(record: &IncidentRecord, from: &Provenance) -> SourceInfo {
    SourceInfo {
        format: Some(from.format.clone()),
        record: Some(record.id.clone()),
        title: Some(source_title(record)),
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
    let mut prove = |name, at: Moment, update: Option<usize>| {
        let key = update.map_or(EntryRef { source: source.to_owned(), record: None }, |index| {
            EntryRef::new(source, record.updates[index].id.replace(['#', '@'], "-"))
        });
        let milestone = Milestone { at, basis: Basis::Reported, source: Some(key), note: None };
        proofs.push(Proof { name, milestone, update });
    };
    if let Some(at) = record.impact_start {
        prove(MilestoneName::ImpactStart, at, None);
    }
    if let Some(at) = record.impact_end {
        prove(MilestoneName::ImpactEnd, at, None);
    }
    // A source that does not say when it was announced has the latest posts only, as one may have
    // that does, and those prove an end, but nothing that comes before it.
    let has_beginning = record.announced.is_some() && !record.latest_only;
    let first = record.updates.first().filter(|_| has_beginning);
    if let (Some(first), false) = (first, is_retrospective(record)) {
        let posted = back_dated(first);
        let at = posted.map_or(first.at, Moment::exact);
        prove(MilestoneName::FirstNoticeAt, at, Some(0));
    }
    let is_told_alone = record.updates.is_empty() && record.resolved != record.announced;
    if let (Some(at), true) = (record.announced, is_told_alone || record.latest_only) {
        prove(MilestoneName::FirstNoticeAt, at, None);
    }
    if let Some(index) = record.updates.iter().position(|update| update.state == Some(State::Identified))
        && has_beginning
    {
        prove(MilestoneName::IdentifiedAt, record.updates[index].at, Some(index));
    }
    if let Some(index) = resolving(&record.updates)
        && !is_filed_by_day(record)
    {
        prove(MilestoneName::ResolvedAt, record.updates[index].at, Some(index));
    }
    if let Some(at) = record.resolved.filter(|_| is_closed_without_post(record))
        && record.updates.last().is_none_or(|last| last.at <= at)
    {
        prove(MilestoneName::ResolvedAt, at, None);
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

/// Whether it was all told after it was over, so that nobody had notice of it while it went on: the
/// first post is the one that closes it, was written after the end and dated back, or comes after the
/// end of the harm, where the source says when that was.
fn is_retrospective(record: &IncidentRecord) -> bool {
    if record.latest_only {
        return false;
    }
    let told = record.updates.first().and_then(back_dated);
    let first_told = told.or(record.updates.first().map(|first| first.at.earliest()));
    if record.impact_end.zip(first_told).is_some_and(|(end, told)| told > end.latest()) {
        return true;
    }
    let Some(end) = resolving(&record.updates) else { return false };
    end == 0 || told.is_some_and(|told| told > record.updates[end].at.latest())
}

/// Whether all there is is a closing post that was dated back. Its time is then neither the start
/// nor the end: pages file such an incident under a day, with a clock time of the form's own (the
/// one in a real capture says noon, to the millisecond).
fn is_filed_by_day(record: &IncidentRecord) -> bool {
    resolving(&record.updates) == Some(0) && record.updates.first().and_then(back_dated).is_some()
}

/// Whether the page calls it closed and none of its posts does: the capture lacks them.
fn is_closed_without_post(record: &IncidentRecord) -> bool {
    let closes = |state: Option<State>| state.is_some_and(State::is_terminal);
    (closes(record.state) || record.state == Some(State::Postmortem))
        && !record.updates.iter().any(|update| closes(update.state))
}

/// What the person should hear of a new file: times that the page shows and that were not taken.
pub fn remarks(record: &IncidentRecord) -> Vec<Diagnostic> {
    let Some(first) = record.updates.first().filter(|_| !record.maintenance && record.impact_start.is_none()) else {
        return Vec::new();
    };
    let Some(written) = back_dated(first).map(Moment::exact) else { return Vec::new() };
    let shown = first.at;
    let note = if is_filed_by_day(record) {
        let message =
            format!("its only post, of {written}, is dated back to {shown}; when it began and ended is unknown");
        Diagnostic::note(message).hint("write `impact_start` and `resolved_at` if you know them")
    } else {
        let message = format!("its first post, of {written}, is dated back to {shown}; impact_start stays unknown");
        Diagnostic::note(message).hint("write `impact_start` if that is when the harm began")
    };
    vec![note]
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
            impact_scale: &["minor", "major"],
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
            latest_only: false,
            components: vec![(String::new(), "api".into())],
            sections: Vec::new(),
            claimed: None,
            overrun_of: None,
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
    fn an_id_has_the_date_of_the_page_s_place() {
        let late = update("u1", "2026-03-18T02:30Z", State::Investigating);
        let id = |zone: Option<&str>| {
            wanted_id(&IncidentRecord { zone: zone.map(str::to_owned), ..record(vec![late.clone()]) })
        };
        assert_eq!(id(Some("America/Chicago")).as_str(), "2026-03-17-it-broke");
        assert_eq!(id(None).as_str(), "2026-03-18-it-broke");
        assert_eq!(id(Some("Central Time (US)")).as_str(), "2026-03-18-it-broke", "an unknown zone moves nothing");
    }

    #[test]
    fn the_same_record_again_asks_for_nothing() {
        assert_eq!(update_of(&imported(long()), long(), false), Plan::default());
    }

    fn trust() -> Trust<'static> {
        Trust { order: &crate::model::evidence::TRUST, tolerance: TimeDelta::minutes(2) }
    }

    fn update_of(incident: &Incident, updates: Vec<UpdateRecord>, replace: bool) -> Plan {
        let record = record(updates);
        let key = source_key(incident, "statuspage-v2", "r1").unwrap();
        super::update(incident, key, &[], &record, replace, trust())
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

    /// The same updates as a feed has them: other ids, minutes only, other markup.
    fn of_feed(updates: Vec<UpdateRecord>) -> IncidentRecord {
        let update = |update: UpdateRecord| {
            let at: Moment = format!("{}Z", &update.at.to_string()[..16]).parse().unwrap();
            let state = update.state.map_or("", State::as_str);
            UpdateRecord { id: format!("{at}-{state}"), at, text: format!("*{}*", update.text), ..update }
        };
        record(updates.into_iter().map(update).collect())
    }

    fn feed() -> Provenance {
        Provenance { format: "statuspage-feed".into(), ..Provenance::default() }
    }

    #[test]
    fn another_format_of_the_family_adds_what_is_new_in_it_and_nothing_twice() {
        let extended = |incident: &Incident, record: &IncidentRecord, from: &Provenance| {
            super::extend(incident, record, from, true, trust()).expect("it is the same incident")
        };
        let exact: Vec<_> =
            short().into_iter().chain([update("u3", "2026-03-17T15:00:31.5Z", State::Resolved)]).collect();
        for (first, second) in [
            ((record(exact[..2].to_vec()), from()), (of_feed(exact.clone()), feed())),
            ((of_feed(exact[..2].to_vec()), feed()), (record(exact.clone()), from())),
        ] {
            let file = incident(&first.0, wanted_id(&first.0), &first.1);
            let plan = extended(&file, &second.0, &second.1);
            assert_eq!(plan.notes, []);
            let file = applied(file, &plan);
            assert_eq!((file.timeline.len(), file.sources.len()), (3, 2));
            assert_eq!(file.sources["S2"].format.as_deref(), Some(second.1.format.as_str()));
            let last = file.timeline[2].source.as_ref().unwrap();
            assert_eq!((last.source.as_str(), file.timeline[2].milestone), ("S2", Some(MilestoneName::ResolvedAt)));
            assert_eq!(file.milestones.resolved_at.as_ref().unwrap().source, Some(last.without_hash()));
            let whole = [(record(exact.clone()), from()), (of_feed(exact.clone()), feed())];
            for (record, from) in [&first, &second].into_iter().chain(&whole) {
                assert_eq!(extended(&file, record, from), Plan::default());
            }
        }
    }

    #[test]
    fn a_format_that_has_nothing_to_add_leaves_no_trace_and_another_incident_is_another() {
        let file = imported(long());
        let told = |record: &IncidentRecord, from: &Provenance| super::extend(&file, record, from, true, trust());
        assert_eq!(told(&of_feed(long()), &feed()), Some(Plan::default()));
        let other = Provenance { format: "cachet".into(), ..Provenance::default() };
        assert_eq!(told(&of_feed(long()), &other), None, "the ids of another system mean nothing here");
        assert_eq!(told(&IncidentRecord { id: "r2".into(), ..of_feed(long()) }, &feed()), None);
    }

    #[test]
    fn what_one_format_told_without_a_state_is_evidence_once_another_gives_it() {
        let index = |mut updates: Vec<UpdateRecord>| {
            updates.iter_mut().for_each(|update| update.state = None);
            IncidentRecord { latest_only: true, ..of_feed(updates) }
        };
        let first = index(long()[2..].to_vec());
        let file = incident(&first, wanted_id(&first), &feed());
        assert_eq!(file.milestones.resolved_at, None);
        let plan = super::extend(&file, &record(long()), &from(), false, trust()).unwrap();
        let mut file = applied(file, &plan);
        assert_eq!(file.timeline.len(), 3);
        assert_eq!(file.milestones.resolved_at.take().unwrap().at.to_string(), "2026-03-17T15:00Z");
        let again = super::extend(&file, &record(long()), &from(), false, trust());
        assert_eq!(again, Some(Plan::default()), "what a person has taken out does not come back");
    }

    #[test]
    fn an_end_that_only_a_later_answer_tells_is_set_while_it_goes_on() {
        let told = |updates: Vec<UpdateRecord>, end: Option<&str>| IncidentRecord {
            impact_start: Some("2026-03-17T13:55Z".parse().unwrap()),
            impact_end: end.map(|at| at.parse().unwrap()),
            ..record(updates)
        };
        let open = told(short(), None);
        let file = incident(&open, wanted_id(&open), &from());
        let extend = |file: &Incident, record: &IncidentRecord| {
            super::extend(file, record, &from(), false, trust()).expect("it is the same incident")
        };
        for updates in [short(), long()] {
            let over = told(updates, Some("2026-03-17T14:50Z"));
            let plan = extend(&file, &over);
            let mut after = applied(file.clone(), &plan);
            let end = after.milestones.impact_end.clone().unwrap();
            assert_eq!((end.at.to_string().as_str(), end.basis), ("2026-03-17T14:50Z", Basis::Reported));
            assert_eq!(extend(&after, &over), Plan::default());
            let moved = IncidentRecord { impact_end: Some("2026-03-17T14:20Z".parse().unwrap()), ..over.clone() };
            assert_eq!(extend(&after, &moved), Plan::default(), "what is known stays, and is not told at every import");
            // Once it is over by the file, an end that is not there was taken out.
            after.milestones.impact_end = None;
            after.status = Some(Status::Resolved);
            assert_eq!(extend(&after, &over), Plan::default());
        }
        let ours = Incident::new("ours".parse().unwrap(), "Ours");
        let plan = super::add(&ours, &told(short(), Some("2026-03-17T14:50Z")), &from(), trust());
        assert_eq!(applied(ours, &plan).milestones.impact_end, None, "another page's harm is not this incident's");
        let mut without_start = file.clone();
        without_start.milestones.impact_start = None;
        assert_eq!(extend(&without_start, &open), Plan::default(), "a start was there at the first import");
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
    fn a_new_title_and_impact_upstream_are_told_and_a_person_s_own_are_not() {
        let told = |incident: &Incident, title: &str, impact: &str| -> Vec<String> {
            let now = IncidentRecord { title: title.into(), impact_word: Some(impact.into()), ..record(long()) };
            let plan = super::update(incident, "S1", &[], &now, true, trust());
            assert!(plan.edits.is_empty(), "{plan:?}");
            plan.notes.iter().map(|note| note.message.clone()).collect()
        };
        let mut file = imported(long());
        assert_eq!(
            told(&file, "It broke badly", "major"),
            [
                "upstream it is called \"It broke badly\" now, and no longer \"It broke\"; the title here stays",
                "upstream its impact is major now; the severity here stays minor"
            ]
        );
        file.title = "What we call it".into();
        file.severity = Some("sev2".into());
        assert_eq!(told(&file, "It broke", "major"), [""; 0], "both are the person's");
        assert_eq!(told(&file, "What we call it", "major"), [""; 0], "and the page may follow");
        file.sources["S1"].title = Some("The page".into());
        assert_eq!(told(&file, "It broke badly", "major"), [""; 0], "without a memory nothing is guessed");
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
        let plan = super::update(&first, "S1", &[], &resolved, false, trust());
        assert_eq!(plan.notes, [], "what is not the latest any more is not gone");
        let after = applied(first, &plan);
        assert_eq!((after.timeline.len(), after.milestones.first_notice_at), (2, None));
        assert_eq!(after.milestones.resolved_at.unwrap().at.to_string(), "2026-03-17T15:00Z");
    }

    #[test]
    fn a_source_of_the_latest_post_may_know_when_it_was_announced() {
        let announced = Some("2026-03-17T14:00Z".parse().unwrap());
        let only = vec![update("u3", "2026-03-17T15:00Z", State::Resolved)];
        let record = IncidentRecord { announced, latest_only: true, ..record(only) };
        let first = incident(&record, wanted_id(&record), &from());
        assert_eq!(first.milestones.first_notice_at.as_ref().unwrap().at.to_string(), "2026-03-17T14:00Z");
        assert_eq!(first.milestones.resolved_at.as_ref().unwrap().at.to_string(), "2026-03-17T15:00Z");
        assert_eq!((&first.timeline[0].milestone, &first.tags), (&Some(MilestoneName::ResolvedAt), &vec![]));
        let later = IncidentRecord { updates: vec![update("u9", "2026-03-18T09:00Z", State::Postmortem)], ..record };
        assert_eq!(
            super::update(&first, "S1", &[], &later, false, trust()).notes,
            [],
            "what is not the latest is not gone"
        );
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
    fn where_no_post_closes_it_the_page_s_own_word_counts() {
        let closed = |updates: Vec<UpdateRecord>, resolved: Option<&str>| {
            let record = IncidentRecord {
                announced: Some("2026-03-17T14:00Z".parse().unwrap()),
                resolved: resolved.map(|at| at.parse().unwrap()),
                state: Some(State::Resolved),
                ..record(updates)
            };
            incident(&record, wanted_id(&record), &from())
        };
        let at = |incident: &Incident, name| incident.milestones.at(name).map(|at| at.to_string());
        for updates in [short(), vec![]] {
            let known = closed(updates.clone(), Some("2026-03-17T15:00Z"));
            assert_eq!(at(&known, MilestoneName::ResolvedAt).as_deref(), Some("2026-03-17T15:00Z"));
            assert_eq!(at(&known, MilestoneName::FirstNoticeAt).as_deref(), Some("2026-03-17T14:00Z"));
            let unknown = closed(updates, None);
            assert_eq!((at(&unknown, MilestoneName::ResolvedAt), unknown.status()), (None, Status::Resolved));
        }
        let relapse = [long(), vec![update("u4", "2026-03-17T15:30Z", State::Investigating)]].concat();
        let reopened = closed(relapse, Some("2026-03-17T15:00Z"));
        assert_eq!((at(&reopened, MilestoneName::ResolvedAt), reopened.status()), (None, Status::Ongoing));
        let filed = closed(vec![], Some("2026-03-17T14:00Z"));
        assert_eq!(at(&filed, MilestoneName::FirstNoticeAt), None, "else it was reported for 0 s");
    }

    /// `update`, written at `created` and shown earlier.
    fn dated_back(update: UpdateRecord, created: &str) -> UpdateRecord {
        UpdateRecord { created: Some(created.parse().unwrap()), ..update }
    }

    fn remarks_of(updates: Vec<UpdateRecord>) -> Vec<String> {
        remarks(&record(updates)).iter().map(|remark| remark.message.clone()).collect()
    }

    #[test]
    fn what_was_told_after_it_was_over_gave_no_notice_and_no_start() {
        let updates: Vec<_> = long().into_iter().map(|update| dated_back(update, "2026-05-01T09:00:00Z")).collect();
        let incident = imported(updates.clone());
        assert_eq!((incident.milestones.first_notice_at, incident.tags), (None, vec!["retrospective".to_owned()]));
        assert_eq!(incident.milestones.impact_start, None);
        assert_eq!(incident.milestones.resolved_at.unwrap().at.to_string(), "2026-03-17T15:00Z");
        assert_eq!(
            remarks_of(updates),
            ["its first post, of 2026-05-01T09:00:00Z, is dated back to 2026-03-17T14:00Z; impact_start stays unknown"]
        );
    }

    #[test]
    fn one_closing_post_that_was_dated_back_gives_no_time_at_all() {
        let only = dated_back(update("u1", "2026-03-17T12:00:00Z", State::Resolved), "2026-03-17T14:55:03Z");
        let incident = imported(vec![only.clone()]);
        assert_eq!(incident.milestones, crate::model::milestone::Milestones::default());
        assert_eq!((incident.status(), incident.timeline[0].milestone), (Status::Resolved, None));
        assert_eq!(incident.tags, ["retrospective"]);
        assert!(remarks_of(vec![only])[0].ends_with("when it began and ended is unknown"));
    }

    #[test]
    fn one_closing_post_of_its_own_time_ends_it_and_gave_no_notice() {
        let incident = imported(vec![update("u1", "2026-03-17T15:00:00Z", State::Resolved)]);
        assert_eq!(incident.milestones.first_notice_at, None, "else it was reported for 0 s");
        assert_eq!(incident.milestones.resolved_at.unwrap().at.to_string(), "2026-03-17T15:00:00Z");
        assert_eq!(incident.tags, ["retrospective"]);
    }

    #[test]
    fn what_is_told_after_the_harm_gives_no_notice() {
        let mut record = record(vec![update("u1", "2026-03-17T14:00Z", State::Investigating)]);
        record.updates[0].state = None;
        record.impact_start = Some("2026-03-17T10:00Z".parse().unwrap());
        let told = |record: &IncidentRecord| {
            let incident = incident(record, "a".parse().unwrap(), &Provenance::default());
            (incident.tags, incident.milestones.first_notice_at.is_some())
        };
        assert_eq!(told(&record), (vec![], true), "nobody knows when it ended");
        record.impact_end = Some("2026-03-17T12:00Z".parse().unwrap());
        assert_eq!(told(&record), (vec![RETROSPECTIVE.to_owned()], false));
        record.impact_end = Some("2026-03-17T14:00Z".parse().unwrap());
        assert_eq!(told(&record), (vec![], true));
    }

    #[test]
    fn a_post_that_was_dated_back_gives_the_true_notice_and_no_start() {
        let mut updates = long();
        updates[0] = dated_back(updates[0].clone(), "2026-03-17T14:30:00Z");
        assert_eq!(remarks_of(updates.clone()).len(), 1);
        let incident = imported(updates);
        assert_eq!(incident.timeline[0].milestone, None, "the entry's time is not that of the notice");
        let milestones = incident.milestones;
        assert_eq!(milestones.impact_start, None);
        assert_eq!(milestones.first_notice_at.unwrap().at.to_string(), "2026-03-17T14:30:00Z");
    }
}
