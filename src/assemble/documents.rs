//! A write-up: one document becomes one incident file.
//!
//! A milestone that the document states by name is `reported`. One that its entries and sentences
//! express in other words is `derived`, with those words in a note. A statement by name takes
//! precedence over an entry of the timeline, and an entry over a sentence. The entry remains
//! marked, so that `check` can report contradictions within the document. Of several such entries
//! the first counts, or for an end the last.

use chrono::{NaiveDate, TimeDelta};

use super::entry_key::{read, stamped};
use super::milestones::offer;
use super::sections;
use super::{Plan, Provenance, free_source_key};
use crate::model::edit::Edit;
use crate::model::evidence::Trust;
use crate::model::id::IncidentId;
use crate::model::impact::Window;
use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::{EntryRef, SourceInfo};
use crate::model::time::Moment;
use crate::model::timeline::Entry;
use crate::model::zone::Zone;
use crate::model::{Cause, Incident, Section, Status};
use crate::sources::record::DocumentRecord;

/// Whether `incident` was imported from a document with that path and title, whatever its bytes.
pub fn is_known(incident: &Incident, record: &DocumentRecord, from: &Provenance) -> bool {
    incident.sources.values().any(|source| is_of(source, record, from))
}

/// Whether `incident` was imported from the bytes with that hash, as the document with that title.
pub fn is_titled(incident: &Incident, hash: &str, record: &DocumentRecord) -> bool {
    let title = Some(source_title(record));
    incident
        .sources
        .values()
        .any(|source| source.sha256.as_deref() == Some(hash) && source.title == title)
}

/// Whether a document that replaced another one at the same path covers other days than `incident`:
/// a file that is overwritten for each incident. It has no entry in common with the earlier one.
pub fn is_of_other_days(incident: &Incident, record: &DocumentRecord) -> bool {
    let rows = record.rows.iter().filter_map(|row| row.at);
    let own: Vec<Moment> = record.stated().map(|(_, at)| at).chain(rows).collect();
    let entries = incident.timeline.iter().filter_map(|entry| entry.at);
    let known: Vec<Moment> =
        incident.milestones.known().map(|(_, milestone)| milestone.at).chain(entries).collect();
    let has_line = |entry: &Entry| {
        read(entry).is_some_and(|(_, id, _)| record.rows.iter().any(|row| row.id == id))
    };
    let span = |times: &[Moment]| {
        Some((times.iter().min()?.earliest(), times.iter().map(|at| at.latest()).max()?))
    };
    let Some(((from, to), (first, last))) = span(&own).zip(span(&known)) else { return false };
    (from - last > DAY || first - to > DAY) && !incident.timeline.iter().any(has_line)
}

const DAY: TimeDelta = TimeDelta::days(1);

/// Whether a source is this document or an earlier version of it: it has the same path or address,
/// and the same title. Two files with the same name in two folders are two documents.
fn is_of(source: &SourceInfo, record: &DocumentRecord, from: &Provenance) -> bool {
    source.format.as_deref() == Some(from.format.as_str())
        && from.name.is_some()
        && source.record == from.name
        && (source.url.is_none() || source.url == from.url)
        && source.title == Some(source_title(record))
}

/// The id that a new file of the document should get: the day of the incident, and the title
/// without the day.
pub fn wanted_id(record: &DocumentRecord) -> IncidentId {
    let zone = record.place.or(record.zone).unwrap_or(Zone::UTC);
    let stated =
        record.stated().map(|(_, at)| at).chain(record.rows.iter().filter_map(|row| row.at));
    // A month is not precise enough for a day.
    let stated = stated.filter(|at| at.latest() - at.earliest() <= DAY);
    let date =
        record.date.or_else(|| stated.min().map(|at| zone.local(at.earliest()).date_naive()));
    IncidentId::from_title(date, &without_day(&record.title, date))
}

/// `Incident on 2026-03-17 - Disk full` without the date and what is redundant with it.
fn without_day(title: &str, date: Option<NaiveDate>) -> String {
    let Some((before, after)) = date.and_then(|date| title.split_once(&date.to_string())) else {
        return title.to_owned();
    };
    let joint = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | '(' | ')' | ',');
    let (before, after) = (before.trim_matches(joint), after.trim_matches(joint));
    let before = before.strip_suffix(" on").or(before.strip_suffix(" of")).unwrap_or(before);
    let is_plain = ["incident", "outage", "postmortem", "post mortem", "incident report"]
        .contains(&before.to_lowercase().as_str());
    match (is_plain, after.is_empty()) {
        (_, true) => before.to_owned(),
        (true, false) => after.to_owned(),
        (false, false) => format!("{before} {after}"),
    }
}

/// A new incident from the document.
pub fn incident(record: &DocumentRecord, id: IncidentId, from: &Provenance) -> Incident {
    let mut incident = Incident::new(id, &record.title);
    incident.severity.clone_from(&record.severity);
    incident.services.clone_from(&record.services);
    incident.teams.clone_from(&record.teams);
    incident.tags.clone_from(&record.tags);
    incident.roles.clone_from(&record.roles);
    incident.time_zone = time_zone(record);
    incident.impact.not_affected.clone_from(&record.not_affected);
    let window = |[start, end]: &[Moment; 2]| Window {
        start: *start,
        end: Some(*end),
        level: None,
        components: Vec::new(),
        source: Some(EntryRef { source: "S1".to_owned(), record: None }),
    };
    incident.impact.windows.extend(record.windows.iter().map(window));
    sections::fill(&mut incident, &record.sections);
    if let Some(text) = record.cause.as_ref().filter(|_| incident.root_causes.is_empty()) {
        incident.root_causes.push(Cause { text: text.clone(), ..Cause::default() });
    }
    incident.action_items.extend(record.follow_ups.iter().cloned());
    incident.metrics.clone_from(&record.metrics);
    incident.claims.clone_from(&record.claims);
    let further = record
        .further
        .iter()
        .map(|(title, text)| Section { title: title.clone(), text: text.clone() });
    incident.sections.extend(further);
    incident.timeline = entries(record, "S1");
    for (name, milestone) in milestones(record, "S1") {
        *incident.milestones.slot(name) = Some(milestone);
    }
    if incident.milestones.resolved_at.is_none() {
        // Without an end and without a status in the document, it is unknown whether the incident
        // is resolved.
        let is_over = incident.milestones.impact_end.is_some();
        incident.status = record.status.or(is_over.then_some(Status::Resolved));
    }
    incident.links.extend(record.links.iter().cloned());
    incident.sources.insert("S1".into(), source(record, from));
    incident
}

/// What the document adds to an incident that was imported from it before: new entries, and
/// milestones that only these state. `None` if it was not imported from it.
///
/// If there are new entries, the bytes differ from the evidence file, so the document becomes
/// another source, which contains them.
pub fn extend(
    incident: &Incident,
    record: &DocumentRecord,
    from: &Provenance,
    trust: Trust,
) -> Option<Plan> {
    let own = incident.sources.iter().filter(|(_, source)| is_of(source, record, from));
    let own: Vec<&str> = own.map(|(key, _)| key.as_str()).collect();
    if own.is_empty() {
        return None;
    }
    let lines =
        incident.timeline.iter().filter_map(read).filter(|(source, ..)| own.contains(source));
    let known: Vec<&str> = lines.map(|(_, id, _)| id).collect();
    let is_new = |entry: &Entry| read(entry).is_none_or(|(_, id, _)| !known.contains(&id));
    let key = free_source_key(incident);
    let new: Vec<Entry> = entries(record, &key).into_iter().filter(is_new).collect();
    if new.is_empty() {
        return Some(Plan::default());
    }
    let is_new = |milestone: &Milestone| {
        let source = milestone.source.as_ref();
        new.iter().any(|entry| entry.source.as_ref().map(EntryRef::without_hash).as_ref() == source)
    };
    let proofs =
        milestones(record, &key).into_iter().filter(|(_, milestone)| is_new(milestone)).collect();
    Some(plan(incident, record, from, key, new, proofs, trust))
}

/// What the document adds to an incident that was not imported from it: its entries and milestones.
pub fn add(incident: &Incident, record: &DocumentRecord, from: &Provenance, trust: Trust) -> Plan {
    let key = free_source_key(incident);
    let (entries, proofs) = (entries(record, &key), milestones(record, &key));
    plan(incident, record, from, key, entries, proofs, trust)
}

/// Adds a source with its entries, and offers their milestones.
fn plan(
    incident: &Incident,
    record: &DocumentRecord,
    from: &Provenance,
    key: String,
    entries: Vec<Entry>,
    proofs: Vec<(MilestoneName, Milestone)>,
    trust: Trust,
) -> Plan {
    let mut edits = vec![Edit::AddSource(key, source(record, from))];
    edits.extend(entries.into_iter().map(Edit::AppendEntry));
    let mut plan = Plan { edits, notes: Vec::new() };
    offer(incident, proofs, trust, &mut plan);
    plan
}

/// The zone in which the times are shown; `None` for UTC, the default.
fn time_zone(record: &DocumentRecord) -> Option<String> {
    record.place.filter(|place| *place != Zone::UTC).map(|place| place.to_string())
}

fn entries(record: &DocumentRecord, key: &str) -> Vec<Entry> {
    let marked: Vec<(MilestoneName, usize)> = shown(record);
    let rows = record.rows.iter().enumerate().map(|(index, row)| {
        let milestone = marked.iter().find(|(_, at)| *at == index).map(|(name, _)| *name);
        let entry = Entry {
            at: row.at,
            end: row.end,
            text: row.text.clone(),
            actor: row.actor.clone(),
            milestone,
            ..Entry::default()
        };
        stamped(entry, key, &row.id)
    });
    rows.collect()
}

/// The entry that is the evidence of each milestone, by index.
fn shown(record: &DocumentRecord) -> Vec<(MilestoneName, usize)> {
    let is_of = |name: MilestoneName| {
        move |(index, row): (usize, &crate::sources::record::RowRecord)| {
            row.shows(name).then_some(index)
        }
    };
    let found = |&name: &MilestoneName| {
        let mut lines = record.rows.iter().enumerate().filter_map(is_of(name));
        let line = if last_counts(name) { lines.next_back() } else { lines.next() };
        line.map(|line| (name, line))
    };
    MilestoneName::ALL.iter().filter_map(found).collect()
}

/// Whether the last statement counts: an incident may be closed twice, but it begins once.
fn last_counts(name: MilestoneName) -> bool {
    matches!(name, MilestoneName::ResolvedAt | MilestoneName::ImpactEnd)
}

/// The milestones that the document states, with their places.
fn milestones(record: &DocumentRecord, key: &str) -> Vec<(MilestoneName, Milestone)> {
    let whole = EntryRef { source: key.to_owned(), record: None };
    let derived = |at: Moment, source: EntryRef, because: &str| {
        let note = Some(format!("it says “{because}”")).filter(|_| !because.is_empty());
        Milestone { at, basis: Basis::Derived, source: Some(source), note }
    };
    let by_name = |name: MilestoneName| {
        let at = record.milestones.iter().find(|(other, _)| *other == name)?.1;
        Some(Milestone { at, basis: Basis::Reported, source: Some(whole.clone()), note: None })
    };
    let marked = shown(record);
    let line = |name: MilestoneName| {
        let row = &record.rows[marked.iter().find(|(other, _)| *other == name)?.1];
        Some(derived(
            row.at?,
            EntryRef::new(key, row.id.clone()),
            row.words_for(name).unwrap_or_default(),
        ))
    };
    let in_prose = |name: MilestoneName| {
        let found = record.in_prose.iter().find(|found| found.name == name)?;
        Some(derived(found.at, whole.clone(), &found.because))
    };
    let known = |&name: &MilestoneName| {
        let milestone = by_name(name).or_else(|| line(name)).or_else(|| in_prose(name))?;
        Some((name, milestone))
    };
    MilestoneName::ALL.iter().filter_map(known).collect()
}

fn source(record: &DocumentRecord, from: &Provenance) -> SourceInfo {
    SourceInfo {
        format: Some(from.format.clone()),
        record: from.name.clone().or_else(|| Some(record.id.clone())),
        title: Some(source_title(record)),
        path: from.path.clone(),
        sha256: from.sha256.clone(),
        masked: from.masked.clone(),
        dated: record.dated,
        retrieved_at: from.retrieved_at,
        url: from.url.clone(),
        zone: record.place.or(record.zone).map(|zone| zone.to_string()),
        ..SourceInfo::default()
    }
}

/// The title of the document with the name of its site.
fn source_title(record: &DocumentRecord) -> String {
    record
        .site
        .as_ref()
        .map_or_else(|| record.title.clone(), |site| format!("{site}: {}", record.title))
}
