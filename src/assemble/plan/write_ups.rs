//! Write-ups: one incident file for each document.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Change, IsFree, Known, KnownIncident, LeftOut, Original, Planned, Stored};
use crate::assemble::evidence::already_there;
use crate::assemble::names::Names;
use crate::assemble::{documents, free_source_key};
use crate::diag::Diagnostic;
use crate::sources::record::DocumentRecord;

/// A document, and what it was read from.
#[derive(Debug, Clone)]
pub struct WriteUp<'r> {
    /// What was read.
    pub record: &'r DocumentRecord,
    /// The bytes that are stored. `from.name` is what the document is found again by.
    pub original: Original<'r>,
}

/// What becomes of the write-ups whose indexes are `todo`. Each has an incident file of its own, and its
/// bytes are stored beside it.
pub fn plan<'l, F: KnownIncident>(
    write_ups: &[WriteUp<'_>],
    todo: &[usize],
    known: Known<'l, F>,
    is_free: IsFree<'_>,
) -> Planned<'l> {
    let hashes: Vec<&str> = todo.iter().filter_map(|&index| write_ups[index].hash()).collect();
    let is_here =
        |file: &F| hashes.iter().any(|hash| already_there(file.incident(), hash).is_some());
    let spoken_for = (0..known.files.len()).filter(|&file| is_here(&known.files[file])).collect();
    let names = known.names();
    let made = Vec::new();
    let shared = shared(write_ups, todo);
    let mut planner =
        Planner { known, names, is_free, spoken_for, shared, made, planned: Planned::default() };
    todo.iter().for_each(|&index| planner.add(&write_ups[index], index));
    planner.planned
}

/// The hashes of inputs that hold several incidents.
fn shared(write_ups: &[WriteUp<'_>], todo: &[usize]) -> BTreeSet<String> {
    let mut titles: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for write_up in todo.iter().map(|&index| &write_ups[index]) {
        titles
            .entry(write_up.hash().unwrap_or_default())
            .or_default()
            .insert(&write_up.record.title);
    }
    titles
        .into_iter()
        .filter(|(_, titles)| titles.len() > 1)
        .map(|(hash, _)| hash.to_owned())
        .collect()
}

impl WriteUp<'_> {
    fn hash(&self) -> Option<&str> {
        self.original.from.sha256.as_deref()
    }
}

struct Planner<'l, 'r, F> {
    known: Known<'l, F>,
    names: Names,
    is_free: IsFree<'r>,
    /// The files whose documents are in this import as they were, or are extended by it.
    spoken_for: BTreeSet<usize>,
    /// The hashes of inputs that hold several incidents: there the title says which is which.
    shared: BTreeSet<String>,
    /// The bytes of this import by their hash, each with the title of its incident and the index of its change.
    made: Vec<(String, String, usize)>,
    planned: Planned<'l>,
}

impl<F: KnownIncident> Planner<'_, '_, F> {
    fn add(&mut self, write_up: &WriteUp<'_>, index: usize) {
        let hash = write_up.hash().unwrap_or_default();
        let is_shared = self.shared.contains(hash);
        let holds = |file: &F| {
            already_there(file.incident(), hash).is_some()
                && (!is_shared || documents::is_titled(file.incident(), hash, write_up.record))
        };
        if let Some(file) = self.known.files.iter().position(holds) {
            let place = self.of_file(file);
            self.planned.changes[place].records.push(index);
            return;
        }
        let is_made = |(other, title, _): &&(String, String, usize)| {
            other == hash && (!is_shared || *title == write_up.record.title)
        };
        if let Some((_, _, place)) = self.made.iter().find(is_made) {
            self.planned.changes[*place].records.push(index);
            return;
        }
        // Two documents of one name and one title may be two: in one import each has a file of its own.
        let (record, original) = (write_up.record, &write_up.original);
        let is_it = |(place, file): &(usize, &F)| {
            !self.spoken_for.contains(place)
                && documents::is_known(file.incident(), record, &original.from)
        };
        let file = self.known.files.iter().enumerate().find(is_it);
        if let Some((place, file)) = file {
            if !documents::is_of_other_days(file.incident(), record) {
                self.spoken_for.insert(place);
                self.extend(place, write_up, index);
                return;
            }
            let message = format!(
                "{} was imported before as {}, and is of other days now: it is imported as a new incident",
                original.label,
                file.incident().id
            );
            self.planned.notes.push(Diagnostic::warning(message));
        }
        self.create(write_up, index);
    }

    /// The change of a file that stays as it is, so far.
    fn of_file(&mut self, file: usize) -> usize {
        let changes = &mut self.planned.changes;
        let place =
            changes.iter().position(|change| change.file == Some(file)).unwrap_or(changes.len());
        if place == changes.len() {
            changes.push(Change::new(Some(file), self.known.files[file].as_written()));
        }
        place
    }

    fn create(&mut self, write_up: &WriteUp<'_>, index: usize) {
        let WriteUp { record, original } = write_up;
        let hash = write_up.hash().unwrap_or_default();
        let wanted = documents::wanted_id(record);
        if let Some(broken) = self.known.broken.iter().find(|file| file.may_be_of(hash, &wanted)) {
            let message =
                format!("{} is left out: its file {} cannot be read", original.label, broken.name);
            let problem =
                Box::new(Diagnostic::error(message).hint("correct that file, and import again"));
            self.planned.left_out.push(LeftOut {
                title: record.title.clone(),
                problem,
                records: vec![index],
            });
            return;
        }
        let id = self.names.take(wanted);
        self.made.push((hash.to_owned(), record.title.clone(), self.planned.changes.len()));
        let path = original.path(&id, "S1", self.is_free);
        let incident = documents::incident(record, id, &original.stored_at(&path));
        let mut change = Change::new(None, Cow::Owned(incident));
        change.records.push(index);
        change.evidence.push(Stored { path, input: index });
        self.planned.changes.push(change);
    }

    fn extend(&mut self, file: usize, write_up: &WriteUp<'_>, index: usize) {
        let original = &write_up.original;
        let place = self.of_file(file);
        let change = &mut self.planned.changes[place];
        let id = &change.incident.id;
        let path = original.path(id, &free_source_key(&change.incident), self.is_free);
        let from = original.stored_at(&path);
        let plan = documents::extend(&change.incident, write_up.record, &from, self.known.trust)
            .unwrap_or_default();
        if plan.edits.is_empty() {
            let message = format!(
                "{} differs from what {id} was made of, but has no new line of a timeline: nothing was changed",
                original.label
            );
            let note = Diagnostic::warning(message)
                .hint("compare it with the evidence, and edit the file");
            change.notes.push(note);
        } else {
            change.evidence.push(Stored { path, input: index });
        }
        change.records.push(index);
        change.extend(plan);
    }
}
