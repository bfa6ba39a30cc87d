//! Plans the import of status histories: one file for each incident.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::order::Sourced;
use super::{Change, Known, KnownIncident, LeftOut, Planned};
use crate::assemble::identity::{ByIdentity, Identity};
use crate::assemble::names::Names;
use crate::assemble::{Provenance, history};
use crate::diag::Diagnostic;
use crate::model::id::IncidentId;
use crate::sources::record::IncidentRecord;
use crate::sources::severities;

/// How records become incidents.
#[derive(Clone, Copy)]
pub(crate) struct Options<'f> {
    /// Whether changes upstream are applied to entries that nobody edited.
    pub update: bool,
    /// The severity on the team's scale for a severity of a source, and its meaning on the default
    /// scale according to the format; `None` if the scale has none.
    pub severity_of: &'f dyn Fn(&str, Option<&str>) -> Option<String>,
}

/// Plans the records with the indices `todo`, which are in ascending order.
pub(crate) fn plan<'l, F: KnownIncident>(
    records: &[Sourced<'_>],
    todo: &[usize],
    known: Known<'l, F>,
    options: Options<'_>,
) -> Planned<'l> {
    let mut planner = Planner {
        names: known.names(),
        files: by_record(known.files),
        known,
        options,
        new: ByIdentity::default(),
        of_file: HashMap::new(),
        unnamed: BTreeSet::new(),
        closed_alone: Vec::new(),
        planned: Planned::default(),
    };
    for &index in todo {
        let (record, from) = &records[index];
        if let Some(place) = planner.place(record, from, index) {
            planner.planned.changes[place].records.push(index);
        }
    }
    planner.planned.notes.extend(without_a_name(&planner.unnamed));
    planner.planned.notes.extend(closed_alone(&planner.closed_alone));
    planner.planned
}

struct Planner<'l, 'r, F> {
    known: Known<'l, F>,
    options: Options<'r>,
    names: Names,
    /// The index of the file by the identity of its record.
    files: ByIdentity<'l, usize>,
    /// The new incidents of this import: the index of the change, and the record that created it.
    new: ByIdentity<'r, (usize, &'r IncidentRecord)>,
    /// The index of the change by the id of the file that it extends.
    of_file: HashMap<&'l IncidentId, usize>,
    /// Severities without a name on the team's scale.
    unnamed: BTreeSet<String>,
    /// New incidents whose only post says that they are resolved.
    closed_alone: Vec<IncidentId>,
    planned: Planned<'l>,
}

impl<'l, 'r, F: KnownIncident> Planner<'l, 'r, F> {
    /// The index of the change for the record, to which the record has been added; `None` if the
    /// record is left out.
    fn place(
        &mut self,
        record: &'r IncidentRecord,
        from: &'r Provenance,
        index: usize,
    ) -> Option<usize> {
        let identity = Identity::of(record, from);
        if let Some(file) = self.file_of(&identity, record, from) {
            let known = &self.known.files[file];
            let changes = &mut self.planned.changes;
            let place = *self.of_file.entry(&known.incident().id).or_insert(changes.len());
            if place == changes.len() {
                changes.push(Change::new(Some(file), known.as_written()));
            }
            self.extend(place, record, from);
            return Some(place);
        }
        // The same incident is in two inputs of one import: the later input extends it.
        if let Some(place) = self.new_change_of(&identity, record) {
            self.extend(place, record, from);
            return Some(place);
        }
        let wanted = history::wanted_id(record);
        if let Some(broken) =
            self.known.broken.iter().find(|file| file.may_hold(&identity, &record.id, &wanted))
        {
            let title = record.title.trim().to_owned();
            let message =
                format!("\"{title}\" is left out: its file {} cannot be read", broken.name);
            let problem =
                Box::new(Diagnostic::error(message).hint("correct that file, and import again"));
            self.planned.left_out.push(LeftOut { title, problem, records: vec![index] });
            return None;
        }
        let change = self.create(record, from, wanted, &identity);
        let place = self.planned.changes.len();
        self.new.insert(identity, (place, record));
        self.planned.changes.push(change);
        Some(place)
    }

    /// Adds the content of a record to a change.
    fn extend(&mut self, place: usize, record: &IncidentRecord, from: &Provenance) {
        let change = &mut self.planned.changes[place];
        let plan =
            history::extend(&change.incident, record, from, self.options.update, self.known.trust);
        change.extend(plan.unwrap_or_default());
    }

    /// Adds a new incident.
    fn create(
        &mut self,
        record: &IncidentRecord,
        from: &Provenance,
        wanted: IncidentId,
        identity: &Identity<'_>,
    ) -> Change<'l> {
        let mut incident = history::incident(record, self.names.take(wanted), from);
        let name_of =
            |word: &str| (self.options.severity_of)(word, severities(&from.format).meaning(word));
        if !history::name_severity(&mut incident, name_of) {
            self.unnamed.extend(incident.severity.clone());
        }
        if let Some(maintenance) = Identity::of_overrun(record, from) {
            let before = self.new.of(&maintenance).last().map(|&&(place, _)| self.id_of(place));
            let file = self.files.of(&maintenance).last().map(|&&file| self.id_of_file(file));
            incident.related.caused_by = file.or(before);
        }
        let other = self.files.of(identity).first().map(|&&file| self.id_of_file(file));
        let other =
            other.or_else(|| self.new.of(identity).first().map(|&&(place, _)| self.id_of(place)));
        let mut change = Change::new(None, Cow::Owned(incident));
        change.notes = history::remarks(record);
        if history::closes_alone(record) {
            self.closed_alone.push(change.incident.id.clone());
        }
        if let Some(other) = other {
            let id = &change.incident.id;
            let message =
                format!("{id} has the id of {other} at its source, but another title and start");
            change.notes.push(
                Diagnostic::warning(message).hint("they are two incidents, and were not merged"),
            );
        }
        change
    }

    fn id_of(&self, place: usize) -> IncidentId {
        self.planned.changes[place].incident.id.clone()
    }

    fn id_of_file(&self, file: usize) -> IncidentId {
        self.known.files[file].incident().id.clone()
    }

    /// The new incident of this import that the record belongs to.
    fn new_change_of(&self, identity: &Identity<'_>, record: &IncidentRecord) -> Option<usize> {
        let own = (record.title.as_str(), history::first_seen(record));
        let is_same = |before: &IncidentRecord| {
            !history::differ((&before.title, history::first_seen(before)), own)
        };
        self.new
            .of(identity)
            .into_iter()
            .rfind(|(_, before)| is_same(before))
            .map(|&(place, _)| place)
    }

    /// The file that the record belongs to. If different formats created two files, it is the one
    /// that was imported from the same format.
    fn file_of(
        &self,
        identity: &Identity<'_>,
        record: &IncidentRecord,
        from: &Provenance,
    ) -> Option<usize> {
        let incident = |file: usize| self.known.files[file].incident();
        let key = |file: usize| history::source_key(incident(file), record, from);
        let is_same = |&file: &usize| {
            key(file).is_none_or(|key| !history::is_other(incident(file), record, key))
        };
        let files: Vec<usize> =
            self.files.of(identity).into_iter().copied().filter(is_same).collect();
        files.iter().rfind(|&&file| key(file).is_some()).or(files.last()).copied()
    }
}

/// The index of each file by the records that it was made from.
fn by_record<F: KnownIncident>(files: &[F]) -> ByIdentity<'_, usize> {
    let mut known = ByIdentity::default();
    for (index, file) in files.iter().enumerate() {
        for identity in file.incident().sources.values().filter_map(Identity::of_source) {
            known.insert(identity, index);
        }
    }
    known
}

/// The note about severities without a name on the team's scale.
fn without_a_name(words: &BTreeSet<String>) -> Option<Diagnostic> {
    let first = words.first()?;
    let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let message = format!(
        "the scale of severities has no name for {listed}; the incidents have the source's word"
    );
    let hint = format!(
        "map each to a name in posthoc.toml before the import: [severity.map] {first:?} = \"sev3\""
    );
    Some(Diagnostic::note(message).hint(hint))
}

/// The note about incidents whose only post says that they are resolved.
fn closed_alone(ids: &[IncidentId]) -> Option<Diagnostic> {
    const NAMED: usize = 5;
    let named = ids.iter().take(NAMED).map(IncidentId::as_str).collect::<Vec<_>>().join(", ");
    let message = match ids {
        [] => return None,
        [_] => format!(
            "the only post of {named} says that it is resolved; its start and its end are unknown"
        ),
        _ => {
            let more = if ids.len() > NAMED {
                format!(" and {} more", ids.len() - NAMED)
            } else {
                String::new()
            };
            let count = ids.len();
            format!(
                "the only post of each of {count} incidents says that it is over; when they began and ended is \
                 unknown: {named}{more}"
            )
        }
    };
    Some(
        Diagnostic::note(message)
            .hint("write `impact_start` and `resolved_at` where you know them"),
    )
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::model::Incident;
    use crate::model::evidence::Trust;
    use crate::model::timeline::State;
    use crate::sources::record::UpdateRecord;

    fn from() -> Provenance {
        Provenance { format: "statuspage-v2".to_owned(), ..Provenance::default() }
    }

    fn record(id: &str, title: &str) -> IncidentRecord {
        IncidentRecord::new(id.to_owned(), title.to_owned())
    }

    fn planned<'l>(
        records: &[IncidentRecord],
        from: &Provenance,
        files: &'l [Incident],
    ) -> Planned<'l> {
        let records: Vec<Sourced<'_>> =
            records.iter().map(|record| (Cow::Borrowed(record), from)).collect();
        let todo: Vec<usize> = (0..records.len()).collect();
        let known =
            Known { files, broken: &[], trust: Trust { order: &[], tolerance: TimeDelta::zero() } };
        plan(&records, &todo, known, Options { update: false, severity_of: &|_, _| None })
    }

    #[test]
    fn incident_in_two_inputs_is_one_change_and_matches_its_file() {
        let from = from();
        let records = [
            record("i1", "The API is down"),
            record("i1", "The API is down"),
            record("i2", "Slow"),
        ];
        let first = planned(&records, &from, &[]);
        let made: Vec<_> =
            first.changes.iter().map(|change| (change.file, change.records.clone())).collect();
        assert_eq!(made, [(None, vec![0, 1]), (None, vec![2])]);
        let files: Vec<Incident> =
            first.changes.into_iter().map(|change| change.incident.into_owned()).collect();
        let again = planned(&records, &from, &files);
        let found: Vec<_> = again
            .changes
            .iter()
            .map(|change| (change.file, change.edits.len(), change.records.clone()))
            .collect();
        assert_eq!(found, [(Some(0), 0, vec![0, 1]), (Some(1), 0, vec![2])]);
    }

    #[test]
    fn incidents_whose_only_post_closes_them_are_reported_together() {
        let from = from();
        let closed = |number: usize| {
            let mut record = record(&format!("i{number}"), &format!("Slow {number}"));
            record.updates.push(UpdateRecord {
                id: "u".into(),
                at: "2026-03-17T15:00Z".parse().unwrap(),
                created: None,
                edited: None,
                state: Some(State::Resolved),
                text: "Over.".into(),
                components: Vec::new(),
            });
            record
        };
        let notes = |count: usize| -> Vec<String> {
            let records: Vec<IncidentRecord> = (0..count).map(closed).collect();
            planned(&records, &from, &[]).notes.iter().map(|note| note.message.clone()).collect()
        };
        assert_eq!(notes(0), [""; 0]);
        assert_eq!(
            notes(1),
            [
                "the only post of 2026-03-17-slow-0 says that it is resolved; its start and its end are unknown"
            ]
        );
        assert!(
            notes(7)[0].starts_with("the only post of each of 7 incidents says that it is over")
        );
        assert!(notes(7)[0].ends_with("2026-03-17-slow-4 and 2 more"), "{:?}", notes(7));
    }

    #[test]
    fn severity_is_mapped_by_format_meaning_and_its_word_stored() {
        let named = |word: &str| {
            let from = from();
            let records =
                [IncidentRecord { impact_word: Some(word.into()), ..record("i1", "Slow") }];
            let records: Vec<Sourced<'_>> =
                records.iter().map(|record| (Cow::Borrowed(record), &from)).collect();
            let files: &[Incident] = &[];
            let known = Known {
                files,
                broken: &[],
                trust: Trust { order: &[], tolerance: TimeDelta::zero() },
            };
            let severity_of =
                &|_: &str, meaning: Option<&str>| meaning.map(|meaning| format!("our {meaning}"));
            let planned = plan(&records, &[0], known, Options { update: false, severity_of });
            let incident = &planned.changes[0].incident;
            (
                incident.severity.clone(),
                incident.sources["S1"].severity.clone(),
                planned.notes.len(),
            )
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(named("Major"), (text("our major"), text("Major"), 0));
        assert_eq!(
            named("apocalypse"),
            (text("apocalypse"), text("apocalypse"), 1),
            "its format does not know it"
        );
    }

    #[test]
    fn two_incidents_with_the_same_title_get_distinct_ids() {
        let from = from();
        let planned = planned(&[record("i1", "Slow"), record("i2", "Slow")], &from, &[]);
        let ids: Vec<_> =
            planned.changes.iter().map(|change| change.incident.id.to_string()).collect();
        assert_eq!(ids, ["slow", "slow-2"]);
    }
}
