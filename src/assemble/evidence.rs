//! Evidence for one incident: alerts, metrics, chats and logs.

mod choice;
mod fold;
mod period;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

pub(crate) use self::choice::EvidenceOptions;
use self::choice::chosen;
pub(crate) use self::period::around;
use self::period::{is_outside, span};
use super::entry_key::{read, stamped};
use super::milestones::offer;
use super::{Plan, Provenance, free_source_key, onset, outside, twins};
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::evidence::{Trust, Witness, place};
use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::{ClockOffset, EntryRef, SourceInfo};
use crate::model::series::Series;
use crate::model::timeline::Entry;
use crate::sources::record::{EventRecord, Record};
use crate::text::counted;

/// The key of the source in `incident` with the same bytes, by their hash.
pub(crate) fn already_there<'i>(incident: &'i Incident, sha256: &str) -> Option<&'i str> {
    incident
        .sources
        .iter()
        .find(|(_, source)| source.sha256.as_deref() == Some(sha256))
        .map(|(key, _)| key.as_str())
}

/// What the records of one input add to `incident`, which is as in its file. `from` contains the
/// hash of the bytes.
pub(crate) fn add(
    incident: &Incident,
    records: &[Record],
    from: &Provenance,
    evidence_options: EvidenceOptions<'_>,
    trust: Trust,
) -> Plan {
    let mut plan = Plan::default();
    let known = from.sha256.as_deref().and_then(|hash| already_there(incident, hash));
    if let Some(key) = known.filter(|_| !evidence_options.is_choice()) {
        plan.notes.push(Diagnostic::note(format!("the same bytes are here already, as {key}")));
        return plan;
    }
    let (events, notes) = chosen(records, evidence_options);
    plan.notes.extend(notes);
    // Another part of a known source may be requested now. The offset of its clock is known.
    let offset =
        known.and_then(|key| incident.sources[key].clock_offset).or(evidence_options.clock_offset);
    let key = known.map_or_else(|| free_source_key(incident), str::to_owned);
    let offset = offset.or_else(|| clock(incident, &key, &events, evidence_options, &mut plan));
    if known.is_none() {
        let evidence_options = EvidenceOptions { clock_offset: offset, ..evidence_options };
        plan.edits
            .push(Edit::AddSource(key.clone(), source(from, records.len(), evidence_options)));
    }
    let shift = offset.map_or(TimeDelta::zero(), |offset| -offset.0);
    let origin = Origin { key: &key, format: &from.format, shift, roles: evidence_options.roles };
    append(incident, &events, origin, trust, &mut plan);
    for edit in &plan.edits {
        if let Edit::SetMilestone(name, proof) = edit {
            plan.notes.push(
                Diagnostic::note(format!("{name} is set to {}, {}", proof.at, reason(proof.basis)))
                    .hint("if another event was the first, remove it from `milestones` and from the entry"),
            );
        }
    }
    plan
}

/// Why an event of that basis sets a milestone.
fn reason(basis: Basis) -> String {
    match basis {
        Basis::Observed => "as the text of that entry says".to_owned(),
        _ => format!("the first {basis} here"),
    }
}

/// Adds what the metrics among the records of one input show about the impact. `incident` already
/// has the source, and the evidence of the other inputs.
pub(crate) fn onset(
    incident: &Incident,
    records: &[Record],
    from: &Provenance,
    evidence_options: EvidenceOptions<'_>,
    options: &onset::Options,
    trust: Trust,
) -> Plan {
    let mut plan = Plan::default();
    let series: Vec<&Series> = records
        .iter()
        .filter_map(|record| match record {
            Record::Series(series) => Some(series),
            Record::Incident(_) | Record::Event(_) | Record::Document(_) => None,
        })
        .collect();
    let key = from.sha256.as_deref().and_then(|hash| already_there(incident, hash));
    let Some(key) = key.filter(|_| !series.is_empty()) else { return plan };
    let ahead = evidence_options.clock_offset.map_or(TimeDelta::zero(), |offset| offset.0);
    if let Some(span) = span(incident) {
        plan.notes.extend(outside::warning(span, key, &series, ahead));
    }
    let shown = onset::show(incident, key, &series, options, ahead, trust);
    let origin = Origin { key, format: &from.format, shift: TimeDelta::zero(), roles: None };
    plan.notes.extend(shown.notes);
    append(incident, &shown.events.iter().collect::<Vec<_>>(), origin, trust, &mut plan);
    // The rule is written in full only once.
    let mut first: Option<MilestoneName> = None;
    for edit in &mut plan.edits {
        if let Edit::SetMilestone(name, milestone) = edit {
            let why = match first {
                None => shown.rule.clone(),
                Some(first) => format!("by the rule of {first}"),
            };
            first.get_or_insert(*name);
            milestone.basis = Basis::Derived;
            milestone.note = Some(why.clone());
            plan.notes.push(
                Diagnostic::note(format!("{name} is set to {}: {why}", milestone.at))
                    .hint("check it in the chart; if it is wrong, remove it from `milestones` and from the entry"),
            );
        }
    }
    if incident.impact.windows.is_empty() && !plan.edits.is_empty() {
        plan.edits.extend(shown.windows.into_iter().map(Edit::AddWindow));
    }
    plan
}

/// The clock offset of a source, from events that are also in other sources. It is always reported,
/// and returned only if it is to be applied.
fn clock(
    incident: &Incident,
    key: &str,
    events: &[&EventRecord],
    evidence_options: EvidenceOptions<'_>,
    plan: &mut Plan,
) -> Option<ClockOffset> {
    let events = events.iter().filter_map(|one| Some((one.kind, one.text.as_str(), one.at?)));
    let found = twins::Known::new(incident, key).offset(events)?;
    let (least, most) = (ClockOffset(found.range.0), ClockOffset(found.range.1));
    let message = format!(
        "the clock of {key} is {} ahead of the other sources: the median of {} events that both have ({least} to {most})",
        found.offset, found.events
    );
    plan.notes.push(if evidence_options.apply_offset {
        Diagnostic::note(format!("{message}; it is subtracted from its times"))
    } else {
        Diagnostic::note(message)
            .hint("--apply-offset subtracts it from its times, and records it with the source")
    });
    evidence_options.apply_offset.then_some(found.offset)
}

/// `text` with roles instead of the names of people.
fn with_roles(text: &str, roles: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    // Longer names first: a name may be part of another one.
    let mut names: Vec<(&String, &String)> =
        roles.iter().filter(|(name, _)| !name.is_empty()).collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, role) in names {
        let mut from = 0;
        while let Some(found) = text[from..].find(name.as_str()) {
            let (start, end) = (from + found, from + found + name.len());
            let is_part = text[..start].ends_with(char::is_alphanumeric)
                || text[end..].starts_with(char::is_alphanumeric);
            if is_part {
                from = end;
            } else {
                text.replace_range(start..end, role);
                from = start + role.len();
            }
        }
    }
    text
}

/// The origin of new entries.
#[derive(Clone, Copy)]
struct Origin<'o> {
    /// The key of the source.
    key: &'o str,
    format: &'o str,
    /// The offset that is added to every time.
    shift: TimeDelta,
    /// Roles to write instead of the names of people.
    roles: Option<&'o BTreeMap<String, String>>,
}

/// Adds entries for `events`, which are in the order of time, and offers the milestones that they
/// suggest.
fn append(
    incident: &Incident,
    events: &[&EventRecord],
    from: Origin<'_>,
    trust: Trust,
    plan: &mut Plan,
) {
    let mut known = known_records(incident, from.format);
    let mut entries: Vec<Entry> = Vec::new();
    let mut best: BTreeMap<MilestoneName, usize> = BTreeMap::new();
    let (span, mut elsewhere) = (span(incident), BTreeMap::new());
    let (others, mut repeated) = (twins::Known::new(incident, from.key), 0);
    for event in events {
        let id = event.id.replace(['#', '@'], "-");
        if !known.insert(id) {
            continue;
        }
        let mut entry = entry(event, from.shift);
        if let Some(roles) = from.roles.filter(|roles| !roles.is_empty()) {
            entry.text = with_roles(&entry.text, roles);
            entry.actor = entry.actor.map(|actor| with_roles(&actor, roles));
        }
        let mut entry = stamped(entry, from.key, &event.id);
        entry.same_as = others.twin(&entry, trust.tolerance);
        if entry.same_as.is_some() {
            entry.hidden = true;
            repeated += 1;
            entries.push(entry);
            continue;
        }
        let suggested = event.suggests.zip(entry.at);
        if let Some((name, at)) = suggested.filter(|&(_, at)| is_outside(&span, at)) {
            elsewhere.entry(name).or_insert(at);
        } else if let Some((name, at)) = suggested {
            let so_far = best.entry(name).or_insert(entries.len());
            if entries
                .get(*so_far)
                .and_then(|other| other.at)
                .is_some_and(|other| place(name, at) < place(name, other))
            {
                *so_far = entries.len();
            }
        }
        entries.push(entry);
    }
    if repeated > 0 {
        let events = counted(repeated, "event");
        plan.notes.push(Diagnostic::note(format!(
            "{events} that other sources have too: hidden, with the other record in `same_as`"
        )));
    }
    for (name, at) in elsewhere {
        let message = format!(
            "the event of {at} is not evidence for {name}: the incident was at another time"
        );
        plan.notes
            .push(Diagnostic::note(message).hint("if it belongs here, set the milestone yourself"));
    }
    let folded = fold::fold(entries, best, from.key, fold::MOST);
    let mut entries = folded.entries;
    plan.notes.extend(folded.notes);
    let proofs = mark(incident, from.format, &mut entries, folded.best);
    plan.edits.extend(entries.into_iter().map(Edit::AppendEntry));
    offer(incident, proofs, trust, plan);
}

/// Marks the new entries that are evidence for a milestone: the first of the source, or the last
/// for an end. None is marked if an earlier import in this format gave evidence that is at least as
/// good.
fn mark(
    incident: &Incident,
    format: &str,
    entries: &mut [Entry],
    best: BTreeMap<MilestoneName, usize>,
) -> Vec<(MilestoneName, Milestone)> {
    let of_format = |source: &EntryRef| {
        incident
            .sources
            .get(&source.source)
            .is_some_and(|info| info.format.as_deref() == Some(format))
    };
    let earlier = |name: MilestoneName| {
        let marked = incident.timeline.iter().filter(move |entry| entry.milestone == Some(name));
        let marked = marked
            .filter(|entry| entry.source.as_ref().is_some_and(of_format))
            .filter_map(|entry| entry.at);
        let stated = incident
            .milestones
            .get(name)
            .filter(|stated| stated.source.as_ref().is_some_and(of_format));
        marked.chain(stated.map(|stated| stated.at)).map(|at| place(name, at)).min()
    };
    let mut proofs = Vec::new();
    for (name, index) in best {
        let Some((at, source)) = entries[index].at.zip(entries[index].source.clone()) else {
            continue;
        };
        if earlier(name).is_some_and(|before| before <= place(name, at)) {
            continue;
        }
        entries[index].milestone = Some(name);
        let basis = Witness::of(&entries[index], incident).basis();
        proofs
            .push((name, Milestone { at, basis, source: Some(source.without_hash()), note: None }));
    }
    proofs
}

/// The record ids that a source of this format has already provided, so that a later, longer
/// capture does not repeat its entries.
fn known_records(incident: &Incident, format: &str) -> BTreeSet<String> {
    let of_format = |key: &str| {
        incident.sources.get(key).is_some_and(|source| source.format.as_deref() == Some(format))
    };
    let keys = incident.timeline.iter().filter_map(read);
    keys.filter(|(source, _, _)| of_format(source)).map(|(_, id, _)| id.to_owned()).collect()
}

fn source(from: &Provenance, records: usize, evidence_options: EvidenceOptions<'_>) -> SourceInfo {
    SourceInfo {
        format: Some(from.format.clone()),
        path: from.path.clone(),
        sha256: from.sha256.clone(),
        masked: from.masked.clone(),
        retrieved_at: from.retrieved_at,
        url: from.url.clone(),
        zone: from.zone.clone(),
        clock_offset: evidence_options.clock_offset,
        records: Some(records as u64),
        ..SourceInfo::default()
    }
}

fn entry(event: &EventRecord, shift: TimeDelta) -> Entry {
    Entry {
        at: event.at.and_then(|at| at.shifted(shift)),
        end: event.end.and_then(|end| end.shifted(shift)),
        text: event.text.trim().to_owned(),
        kind: Some(event.kind),
        state: event.state,
        actor: event.actor.clone(),
        hidden: event.hidden,
        ..Entry::default()
    }
}
