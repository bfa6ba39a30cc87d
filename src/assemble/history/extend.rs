//! What a later import of a record adds to its file.

use super::create::remarks;
use super::differences::{changed, ends_earlier, older_copy, removed, renamed};
use super::entries::entries;
use super::order::last_post;
use super::proof::{Proof, milestones};
use super::source::{source, source_key};
use crate::assemble::entry_key::{Difference, difference};
use crate::assemble::family::{self, Position, Reread};
use crate::assemble::identity::Identity;
use crate::assemble::milestones::offer;
use crate::assemble::reread;
use crate::assemble::{Plan, Provenance, free_source_key};
use crate::model::edit::Edit;
use crate::model::evidence::Trust;
use crate::model::milestone::MilestoneName;
use crate::model::origin::SourceInfo;
use crate::model::timeline::{Entry, State};
use crate::model::{Incident, Status};
use crate::sources::record::IncidentRecord;

/// What `record` adds to an incident that was imported from it before, in its format or in another
/// one of the same family; `None` if it was not. `incident` is as in its file.
///
/// Another format becomes a source of the file only if it has something to add. With `replace`,
/// entries that were changed upstream and not by hand get the new text.
pub fn extend(
    incident: &Incident,
    record: &IncidentRecord,
    from: &Provenance,
    replace: bool,
    trust: Trust,
) -> Option<Plan> {
    let wanted = Identity::of(record, from);
    let is_it = |source: &SourceInfo| {
        Identity::of_source(source).is_some_and(|own| own.likeness(&wanted).is_some())
    };
    let keys: Vec<&str> = incident
        .sources
        .iter()
        .filter(|(_, source)| is_it(source))
        .map(|(key, _)| key.as_str())
        .collect();
    if let Some(own) = source_key(incident, record, from) {
        let others: Vec<&str> = keys.into_iter().filter(|key| *key != own).collect();
        let filed =
            Filed { source: own, others: &others, zone: from.zone.as_deref(), is_older: false };
        return Some(update(incident, filed, record, replace, trust));
    }
    if keys.is_empty() {
        return None;
    }
    let own = free_source_key(incident);
    let filed = Filed { source: &own, others: &keys, zone: from.zone.as_deref(), is_older: false };
    let mut plan = update(incident, filed, record, replace, trust);
    if !plan.edits.is_empty() {
        plan.edits.insert(0, Edit::AddSource(own, source(record, from)));
    }
    Some(plan)
}

/// What `record` adds to an incident that was not imported from it: a source and its entries and
/// milestones.
pub fn add(incident: &Incident, record: &IncidentRecord, from: &Provenance, trust: Trust) -> Plan {
    let key = free_source_key(incident);
    let filed = Filed { source: &key, others: &[], zone: from.zone.as_deref(), is_older: false };
    let mut plan = update(incident, filed, record, false, trust);
    plan.edits.insert(0, Edit::AddSource(key, source(record, from)));
    plan.notes.extend(remarks(record));
    plan
}

/// The position of a record in a file.
#[derive(Clone, Copy)]
pub(super) struct Filed<'f> {
    /// The key of its source.
    pub(super) source: &'f str,
    /// The keys of the same record in other formats.
    pub(super) others: &'f [&'f str],
    /// The zone for times without one in this import.
    pub(super) zone: Option<&'f str>,
    /// Whether the file was made from a newer copy of the record, so that no text is taken from
    /// this one.
    pub(super) is_older: bool,
}

/// What `record` adds to an incident, given its position in the file.
///
/// An older copy of the source does not change existing entries. With `replace` it adds nothing
/// either: what only the older copy has was moved or removed upstream.
pub(super) fn update(
    incident: &Incident,
    filed: Filed<'_>,
    record: &IncidentRecord,
    replace: bool,
    trust: Trust,
) -> Plan {
    let known = incident.sources.get(filed.source).and_then(|source| source.revised_at);
    let (Some(known), Some(revised)) = (known, record.revised.filter(|_| !record.latest_only))
    else {
        if replace && ends_before(incident, filed, record) {
            // Posts that only this copy has are added; posts that are in the file remain as they
            // are.
            let filed = Filed { is_older: true, ..filed };
            return changes(incident, filed, record, false, trust);
        }
        return revised_update(incident, filed, record, replace, trust);
    };
    if revised >= known {
        return revised_update(incident, filed, record, replace, trust);
    }
    let mut plan = changes(incident, filed, record, false, trust);
    if !plan.edits.is_empty() || !plan.notes.is_empty() {
        plan.notes = vec![older_copy(revised, known)];
    }
    if replace {
        plan.edits.clear();
    }
    plan
}

/// Whether a record is read in another zone than at the import of its source.
fn is_other_zone(was: &SourceInfo, filed: Filed<'_>, record: &IncidentRecord) -> bool {
    record.lacks_zone || was.zone.as_deref() != filed.zone
}

/// Whether the posts of a record end before those that the file has from its source. If neither
/// says when it was changed, the record is the older copy.
fn ends_before(incident: &Incident, filed: Filed<'_>, record: &IncidentRecord) -> bool {
    let of_source = |entry: &&Entry| entry.source_key() == Some(filed.source);
    let was = incident.sources.get(filed.source);
    let last = incident.timeline.iter().filter(of_source).filter_map(|entry| entry.at).max();
    // In another zone all of its posts have other times.
    !was.is_some_and(|was| is_other_zone(was, filed, record))
        && !record.latest_only
        && record.watched.is_none()
        && last_post(record).zip(last).is_some_and(|(own, last)| own.latest() < last.earliest())
}

/// The changes of a copy that is not known to be older. With `replace`, `revised_at` of the source
/// is updated.
fn revised_update(
    incident: &Incident,
    filed: Filed<'_>,
    record: &IncidentRecord,
    replace: bool,
    trust: Trust,
) -> Plan {
    let mut plan = changes(incident, filed, record, replace, trust);
    if let (Some(source), Some(revised)) = (incident.sources.get(filed.source), record.revised)
        && replace
        && !record.latest_only
        && !plan.edits.is_empty()
        && source.revised_at.is_none_or(|known| known < revised)
    {
        plan.edits.push(Edit::ReviseSource(filed.source.to_owned(), revised));
    }
    plan
}

/// What `record` changes in an incident, whichever copy is newer.
fn changes(
    incident: &Incident,
    filed: Filed<'_>,
    record: &IncidentRecord,
    replace: bool,
    trust: Trust,
) -> Plan {
    let Filed { source, others, is_older, .. } = filed;
    let mut plan = Plan::default();
    let phases = phases(incident, filed);
    let mut proofs = milestones(record, source, phases.iter().any(|state| !state.is_terminal()));
    let entries = entries(record, source);
    let mut known = family::known(incident, source, others, &entries);
    if incident.sources.get(source).is_some_and(|was| is_other_zone(was, filed, record)) {
        reread::find(incident, source, &entries, &mut known);
    } else if replace {
        // Feeds identify a post by its time, so a post that was redated upstream has another id.
        reread::find_moved(incident, source, &entries, &mut known);
    }
    let (mut again, mut differs) = (Vec::new(), false);
    for (position, mut now) in entries.into_iter().enumerate() {
        let proof = || {
            proofs.iter().find(|proof| proof.update == Some(position) && proof.is_shown_by(&now))
        };
        match known[position] {
            Position::New => {
                now.milestone = proof().map(|proof| proof.name);
                plan.edits.push(Edit::AppendEntry(now));
            }
            Position::Reread(how) => {
                now.milestone = proof().map(|proof| proof.name);
                again.push((how, now));
            }
            Position::Here(index) if is_older => {
                differs |= difference(&incident.timeline[index], &now) != Difference::Unchanged;
            }
            Position::Here(index) => compare(incident, index, now, replace, &mut plan),
            Position::Elsewhere(_) => {}
        }
    }
    if differs {
        plan.notes.push(ends_earlier());
    }
    // A monitor drops old checks when it runs out of room, so missing ones were not removed
    // upstream.
    if again.is_empty() && record.watched.is_none() {
        removed(incident, source, record, &mut plan);
    }
    reread::apply_or_report(incident, again, replace, &mut plan);
    plan.notes.extend(renamed(incident, source, record));
    let is_first_time = !incident.sources.contains_key(source);
    let earlier = Earlier {
        incident,
        known: &known,
        is_first_time,
        is_of_record: !(is_first_time && others.is_empty()),
        was_closed_alone: matches!(phases[..], [only] if only.is_terminal())
            && known.contains(&Position::New),
        is_watched: record.watched.is_some(),
        replace,
    };
    proofs.retain(|proof| earlier.lacks(proof));
    offer(
        incident,
        proofs.into_iter().map(|proof| (proof.name, proof.milestone)),
        trust,
        &mut plan,
    );
    plan
}

/// What the earlier imports of a record left in its file.
struct Earlier<'a> {
    incident: &'a Incident,
    /// The position of each update of the record.
    known: &'a [Position],
    /// Whether the file does not have this source yet.
    is_first_time: bool,
    /// Whether the file has the record, in this format or in another one.
    is_of_record: bool,
    /// Whether the only post so far was a closing one, which proved nothing.
    was_closed_alone: bool,
    /// Whether the record is that of a monitor.
    is_watched: bool,
    replace: bool,
}

impl Earlier<'_> {
    /// Whether a milestone is new to the file.
    ///
    /// A milestone is only set together with its evidence, so one that a person removed is not set
    /// again. There are exceptions: an entry of another format without a state was not evidence,
    /// and this format adds the state; an end that no update proves is new to a file in which the
    /// incident is ongoing; and so is a start to a file with fewer checks of a monitor.
    fn lacks(&self, proof: &Proof) -> bool {
        let Earlier { incident, is_first_time, .. } = *self;
        match proof.update.map(|position| self.known[position]) {
            Some(Position::New) => true,
            Some(Position::Here(_) | Position::Elsewhere(_))
                if self.was_closed_alone && is_end(proof.name) =>
            {
                true
            }
            Some(Position::Elsewhere(index)) => {
                is_first_time && incident.timeline[index].state.is_none()
            }
            Some(Position::Reread(Reread::Within(index))) => {
                self.replace && reread::is_untouched(&incident.timeline[index])
            }
            Some(Position::Here(_) | Position::Reread(_)) => false,
            None if !self.is_of_record || incident.milestones.get(proof.name).is_some() => false,
            None if is_end(proof.name) => is_ongoing(incident),
            None => {
                proof.name == MilestoneName::ImpactStart
                    && self.is_watched
                    && self.known[0] == Position::New
            }
        }
    }
}

/// The states of the posts about the incident that the file has, from the source and from the same
/// record in other formats, without write-ups.
fn phases(incident: &Incident, filed: Filed<'_>) -> Vec<State> {
    let is_of_it = |entry: &&Entry| {
        entry.source_key().is_some_and(|key| key == filed.source || filed.others.contains(&key))
    };
    let states =
        incident.timeline.iter().filter(is_of_it).map(|entry| entry.state.unwrap_or(State::Update));
    states.filter(|state| *state != State::Postmortem).collect()
}

fn is_end(name: MilestoneName) -> bool {
    matches!(name, MilestoneName::ImpactEnd | MilestoneName::ResolvedAt)
}

fn is_ongoing(incident: &Incident) -> bool {
    incident.status() != Some(Status::Resolved)
}

/// What an update changes in its entry, at `index` of the timeline.
fn compare(incident: &Incident, index: usize, now: Entry, replace: bool, plan: &mut Plan) {
    let old = &incident.timeline[index];
    match difference(old, &now) {
        Difference::Unchanged => {}
        Difference::ChangedUpstream if replace => {
            plan.notes.extend(reread::outdated_milestones(incident, old, &now));
            // Fields that a person may have set are preserved: the visibility and the milestone.
            let replacement = Entry {
                source: now.source,
                text: now.text,
                at: now.at,
                end: now.end,
                state: now.state,
                ..old.clone()
            };
            plan.edits.push(Edit::ReplaceEntry(index, replacement));
        }
        Difference::ChangedUpstream => {
            plan.notes.push(changed(&now, "`--update` takes the new text"));
        }
        Difference::ChangedOnBothSides => {
            plan.notes.push(changed(
                &now,
                "the entry here was changed by hand too, so it is not changed",
            ));
        }
    }
}

#[cfg(test)]
mod tests;
