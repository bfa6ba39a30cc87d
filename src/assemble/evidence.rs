//! Evidence for one incident: alerts, metrics, chats and logs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::entry_key::{read, stamped};
use super::milestones::offer;
use super::{Plan, Provenance, free_source_key, onset, outside, twins};
use crate::diag::Diagnostic;
use crate::model::edit::Edit;
use crate::model::evidence::{Trust, Witness, place};
use crate::model::milestone::{Basis, Milestone, MilestoneName};
use crate::model::origin::{ClockOffset, EntryRef, SourceInfo};
use crate::model::series::Series;
use crate::model::time::Moment;
use crate::model::timeline::{Entry, EntryKind};
use crate::model::{Incident, Status};
use crate::sources::record::{EventRecord, Record};
use crate::text::counted;

/// Options for importing an evidence file.
#[derive(Debug, Clone, Copy, Default)]
pub struct EvidenceOptions<'w> {
    /// How far the source's clock is ahead; it is subtracted from every time.
    pub clock_offset: Option<ClockOffset>,
    /// Events before this time are left out. It is compared with the times as the source writes
    /// them.
    pub since: Option<DateTime<Utc>>,
    /// Events at or after this time are left out.
    pub until: Option<DateTime<Utc>>,
    /// Messages of a chat outside this thread are left out.
    pub thread: Option<&'w str>,
    /// Whether messages that nobody marked are stored as hidden entries rather than left out.
    pub all_messages: bool,
    /// Roles to write instead of the names of people.
    pub roles: Option<&'w BTreeMap<String, String>>,
    /// Whether to subtract the clock offset that events in other sources show.
    pub apply_offset: bool,
}

impl EvidenceOptions<'_> {
    /// Whether the options select a part of the events.
    fn is_choice(self) -> bool {
        self.since.is_some() || self.until.is_some() || self.thread.is_some() || self.all_messages
    }

    /// Whether an event belongs to the requested thread. Only messages belong to threads.
    fn is_of_thread(self, event: &EventRecord) -> bool {
        self.thread.is_none_or(|thread| {
            event.kind != EntryKind::Message
                || event.thread.as_deref().is_some_and(|own| digits(own) == digits(thread))
        })
    }

    /// Whether an event is stored: unmarked messages are not, unless all messages are requested.
    fn is_stored(self, event: &EventRecord) -> bool {
        self.all_messages || event.kind != EntryKind::Message || !event.hidden
    }

    /// Whether an event may be in the requested period. An event without a time may be.
    fn may_hold(self, event: &EventRecord) -> bool {
        let (since, until) = (self.since, self.until);
        event.at.is_none_or(|at| {
            let latest = event.end.unwrap_or(at).latest();
            since.is_none_or(|since| latest >= since)
                && until.is_none_or(|until| at.earliest() < until)
        })
    }
}

/// The key of the source in `incident` with the same bytes, by their hash.
pub fn already_there<'i>(incident: &'i Incident, sha256: &str) -> Option<&'i str> {
    incident
        .sources
        .iter()
        .find(|(_, source)| source.sha256.as_deref() == Some(sha256))
        .map(|(key, _)| key.as_str())
}

/// What the records of one input add to `incident`, which is as in its file. `from` contains the
/// hash of the bytes.
pub fn add(
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
                Diagnostic::note(format!("{name} is set to {}, the first {} here", proof.at, proof.basis))
                    .hint("if another event was the first, remove it from `milestones` and from the entry"),
            );
        }
    }
    plan
}

/// Adds what the metrics among the records of one input show about the impact. `incident` already
/// has the source, and the evidence of the other inputs.
pub fn onset(
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
    let mut rule = Some(&shown.rule);
    for edit in &mut plan.edits {
        if let Edit::SetMilestone(name, milestone) = edit {
            milestone.basis = Basis::Derived;
            milestone.note = Some(shown.rule.clone());
            // The rule is printed in full only once.
            let why = rule.take().map_or("by the same rule", |rule| rule.as_str());
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

/// The selected events in the order of time, and the notes about the others.
fn chosen<'r>(
    records: &'r [Record],
    evidence_options: EvidenceOptions<'_>,
) -> (Vec<&'r EventRecord>, Vec<Diagnostic>) {
    let mut events = events(records);
    let mut leave = |is_left: &dyn Fn(&EventRecord) -> bool| {
        let before = events.len();
        events.retain(|event| is_left(event));
        before - events.len()
    };
    let early_or_late = leave(&|event| evidence_options.may_hold(event));
    let elsewhere = leave(&|event| evidence_options.is_of_thread(event));
    let unmarked = leave(&|event| evidence_options.is_stored(event));
    let mut notes = Vec::new();
    if early_or_late > 0 {
        let left_out = counted(early_or_late, "event");
        notes.push(Diagnostic::note(format!("--since and --until leave out {left_out}")));
    }
    if elsewhere > 0 {
        let left_out = counted(elsewhere, "message");
        notes.push(Diagnostic::note(format!("--thread leaves out {left_out}")));
    }
    if unmarked > 0 {
        let (left_out, was) =
            (counted(unmarked, "message"), if unmarked == 1 { "was" } else { "were" });
        notes.push(
            Diagnostic::note(format!(
                "{left_out} that nobody pinned, starred or marked with an emoji {was} left out"
            ))
            .hint("--all-messages stores them, hidden"),
        );
    }
    (events, notes)
}

/// The digits in the id of a message or in its address: `1772359200.000002`, `…/p1772359200000002`.
fn digits(id: &str) -> String {
    let id = id.split('?').next().unwrap_or_default();
    let id = id.rsplit('/').next().unwrap_or_default();
    id.chars().filter(char::is_ascii_digit).collect()
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
    let proofs = mark(incident, from.format, &mut entries, best);
    plan.edits.extend(entries.into_iter().map(Edit::AppendEntry));
    offer(incident, proofs, trust, plan);
}

/// How long before the first record of the incident an alert may fire or a metric change, and how
/// long after the last.
const AROUND: TimeDelta = TimeDelta::days(1);

/// The period to search for evidence of `incident`: from a day before its first known time to a day
/// after the last one; without an end while it is ongoing.
pub fn around(incident: &Incident) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    span(incident).map(|(first, last)| (first - AROUND, last.map(|last| last + AROUND)))
}

/// The first and the last known time of the incident; no last one while it is ongoing.
fn span(incident: &Incident) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
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
fn is_outside(span: &Option<(DateTime<Utc>, Option<DateTime<Utc>>)>, at: Moment) -> bool {
    span.is_some_and(|(first, last)| {
        at.latest() < first - AROUND || last.is_some_and(|last| at.earliest() > last + AROUND)
    })
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

fn events(records: &[Record]) -> Vec<&EventRecord> {
    let mut events: Vec<&EventRecord> = records
        .iter()
        .filter_map(|record| match record {
            Record::Event(event) => Some(event),
            Record::Incident(_) | Record::Series(_) | Record::Document(_) => None,
        })
        .collect();
    events.sort_by_key(|event| (event.at.is_none(), event.at));
    events
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence::TRUST;

    fn add(
        incident: &Incident,
        records: &[Record],
        from: &Provenance,
        evidence_options: EvidenceOptions<'_>,
    ) -> Plan {
        super::add(
            incident,
            records,
            from,
            evidence_options,
            Trust { order: &TRUST, tolerance: TimeDelta::minutes(2) },
        )
    }

    fn event(id: &str, at: &str) -> Record {
        Record::Event(EventRecord {
            id: id.into(),
            at: at.parse().ok(),
            end: None,
            kind: EntryKind::Alert,
            state: None,
            text: format!("alert {id}"),
            actor: None,
            suggests: Some(MilestoneName::DetectedAt),
            hidden: false,
            thread: None,
        })
    }

    fn from(hash: &str) -> Provenance {
        Provenance {
            format: "alertmanager".into(),
            sha256: Some(hash.into()),
            ..Provenance::default()
        }
    }

    fn applied(mut incident: Incident, plan: &Plan) -> Incident {
        plan.edits.iter().for_each(|edit| edit.apply(&mut incident));
        incident
    }

    fn empty() -> Incident {
        Incident::new("a".parse().unwrap(), "A")
    }

    #[test]
    fn alert_outside_the_incident_is_stored_but_sets_no_milestone() {
        let mut over = empty();
        over.milestones.impact_start =
            Some(Milestone::observed("2026-03-17T14:00Z".parse().unwrap()));
        over.milestones.resolved_at =
            Some(Milestone::observed("2026-03-17T16:00Z".parse().unwrap()));
        let records = [
            event("a", "2020-02-06T00:17:58Z"),
            event("b", "2026-03-17T14:09:12Z"),
            event("c", "2026-03-20T00:00:00Z"),
        ];
        let plan = add(&over, &records, &from("x"), EvidenceOptions::default());
        assert!(
            plan.notes[0].message.contains("2020-02-06T00:17:58Z is not evidence for detected_at"),
            "{plan:?}"
        );
        let after = applied(over, &plan);
        assert_eq!(after.timeline.len(), 3);
        assert_eq!(after.milestones.detected_at.unwrap().at.to_string(), "2026-03-17T14:09:12Z");
        // While the incident is ongoing, a later alert may still be the first one.
        let mut open = empty();
        open.milestones.impact_start =
            Some(Milestone::observed("2026-03-17T14:00Z".parse().unwrap()));
        let plan = add(
            &open,
            &[event("c", "2026-03-20T00:00:00Z")],
            &from("x"),
            EvidenceOptions::default(),
        );
        assert!(applied(open, &plan).milestones.detected_at.is_some());
    }

    #[test]
    fn first_alert_sets_the_detection() {
        let records = [event("b", "2026-03-17T14:10:00Z"), event("a", "2026-03-17T14:09:12Z")];
        let after =
            applied(empty(), &add(&empty(), &records, &from("x"), EvidenceOptions::default()));
        let detected = after.milestones.detected_at.clone().unwrap();
        assert_eq!(
            (detected.at.to_string().as_str(), detected.basis),
            ("2026-03-17T14:09:12Z", Basis::Alert)
        );
        assert_eq!(detected.source.unwrap().to_string(), "S1#a");
        let marked: Vec<_> = after.timeline.iter().map(|entry| entry.milestone).collect();
        assert_eq!(marked, [Some(MilestoneName::DetectedAt), None], "the first, not every one");
    }

    #[test]
    fn better_witness_is_reported_without_overwriting() {
        let mut page = empty();
        let post = Entry {
            at: "2026-03-17T14:21Z".parse().ok(),
            kind: Some(EntryKind::StatusUpdate),
            milestone: Some(MilestoneName::DetectedAt),
            source: "S1#u1".parse().ok(),
            ..Entry::default()
        };
        page.timeline.push(post);
        page.sources.insert("S1".into(), SourceInfo::default());
        let alert = [event("a", "2026-03-17T14:09:12Z")];
        let plan = add(&page, &alert, &from("x"), EvidenceOptions::default());
        assert_eq!(
            plan.notes[0].message,
            "detected_at moves from 2026-03-17T14:21Z to 2026-03-17T14:09:12Z, as alert S2#a says"
        );
        assert_eq!(applied(page.clone(), &plan).milestones.detected_at, None, "the mark sets it");
        page.milestones.detected_at = Some(Milestone {
            basis: Basis::Reported,
            source: "S1#u1".parse().ok(),
            ..Milestone::observed("2026-03-17T14:21Z".parse().unwrap())
        });
        let plan = add(&page, &alert, &from("x"), EvidenceOptions::default());
        assert_eq!(
            plan.notes[0].message,
            "detected_at stays at 2026-03-17T14:21Z; alert S2#a says 2026-03-17T14:09:12Z"
        );
        assert!(
            plan.notes[0].hints[0].contains("remove detected_at from `milestones`"),
            "{plan:?}"
        );
        assert_eq!(applied(page.clone(), &plan).milestones, page.milestones);
    }

    #[test]
    fn longer_capture_marks_no_later_alert() {
        let mut old = applied(
            empty(),
            &add(
                &empty(),
                &[event("a", "2026-03-17T14:09:12Z")],
                &from("x"),
                EvidenceOptions::default(),
            ),
        );
        for marked in [true, false] {
            let longer = [event("a", "2026-03-17T14:09:12Z"), event("b", "2026-03-17T14:20:00Z")];
            let plan = add(&old, &longer, &from("y"), EvidenceOptions::default());
            assert_eq!(applied(old.clone(), &plan).timeline[1].milestone, None, "{marked}");
            assert!(plan.notes.is_empty(), "{plan:?}");
            old.timeline[0].milestone = None;
        }
    }

    #[test]
    fn stated_milestone_stays_and_the_difference_is_reported() {
        let mut stated = empty();
        stated.milestones.detected_at =
            Some(Milestone::observed("2026-03-17T14:00Z".parse().unwrap()));
        let plan = add(
            &stated,
            &[event("a", "2026-03-17T14:09:12Z")],
            &from("x"),
            EvidenceOptions::default(),
        );
        assert_eq!(applied(stated.clone(), &plan).milestones, stated.milestones);
        assert!(plan.notes[0].message.contains("stays at"), "{plan:?}");
    }

    #[test]
    fn same_bytes_change_nothing_and_longer_capture_adds_new_entries() {
        let first = applied(
            empty(),
            &add(
                &empty(),
                &[event("a", "2026-03-17T14:09:12Z")],
                &from("x"),
                EvidenceOptions::default(),
            ),
        );
        assert!(
            add(
                &first,
                &[event("a", "2026-03-17T14:09:12Z")],
                &from("x"),
                EvidenceOptions::default()
            )
            .edits
            .is_empty()
        );
        let longer = [event("a", "2026-03-17T14:09:12Z"), event("b", "2026-03-17T14:20:00Z")];
        let second =
            applied(first.clone(), &add(&first, &longer, &from("y"), EvidenceOptions::default()));
        assert_eq!(second.timeline.len(), 2);
        assert_eq!(second.sources.keys().collect::<Vec<_>>(), ["S1", "S2"]);
    }

    #[test]
    fn clock_offset_is_subtracted() {
        let clock_offset = "90s".parse().ok();
        let evidence_options = EvidenceOptions { clock_offset, ..EvidenceOptions::default() };
        let after = applied(
            empty(),
            &add(&empty(), &[event("a", "2026-03-17T14:09:12Z")], &from("x"), evidence_options),
        );
        assert_eq!(after.timeline[0].at.unwrap().to_string(), "2026-03-17T14:07:42Z");
    }

    #[test]
    fn marked_chat_messages_are_imported_with_roles_for_names() {
        let message = |id: &str, thread: &str, hidden| match event(id, "2026-03-17T14:10:00Z") {
            Record::Event(event) => Record::Event(EventRecord {
                kind: EntryKind::Message,
                suggests: None,
                actor: Some("Ana Alm".into()),
                text: format!("{id}: @Ana Alm and Ana Alma ask Ana"),
                thread: Some(thread.into()),
                hidden,
                ..event
            }),
            other => other,
        };
        let records = [
            message("a", "1772359200.000002", false),
            message("b", "1772359200.000002", true),
            message("c", "1772359299.000001", false),
        ];
        let roles: BTreeMap<String, String> =
            [("Ana Alm", "on-call"), ("Ana", "somebody")].map(|(a, b)| (a.into(), b.into())).into();
        let evidence_options = EvidenceOptions {
            thread: Some("https://x.example/archives/C1/p1772359200000002?cid=C1"),
            roles: Some(&roles),
            ..EvidenceOptions::default()
        };
        let plan = add(&empty(), &records, &from("x"), evidence_options);
        let notes: Vec<&str> = plan.notes.iter().map(|note| note.message.as_str()).collect();
        assert_eq!(
            notes,
            [
                "--thread leaves out 1 message",
                "1 message that nobody pinned, starred or marked with an emoji was left out"
            ]
        );
        let timeline = applied(empty(), &plan).timeline;
        assert_eq!(timeline.len(), 1);
        assert_eq!(timeline[0].text, "a: @on-call and somebody Alma ask somebody");
        assert_eq!(timeline[0].actor.as_deref(), Some("on-call"));
        // The rest of a chat that is already in the file.
        let marked = applied(empty(), &plan);
        let rest = EvidenceOptions { all_messages: true, ..EvidenceOptions::default() };
        let whole = applied(marked.clone(), &add(&marked, &records, &from("x"), rest));
        assert_eq!((whole.timeline.len(), whole.sources.len()), (3, 1));
        let all = EvidenceOptions { all_messages: true, ..evidence_options };
        let timeline = applied(empty(), &add(&empty(), &records, &from("x"), all)).timeline;
        assert_eq!(timeline.iter().map(|entry| entry.hidden).collect::<Vec<_>>(), [false, true]);
    }
}
