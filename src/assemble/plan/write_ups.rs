//! Plans the import of write-ups: one incident file per document.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Change, IsFree, Known, KnownIncident, LeftOut, Original, Planned, Stored};
use crate::assemble::evidence::already_there;
use crate::assemble::names::Names;
use crate::assemble::{documents, free_source_key};
use crate::diag::Diagnostic;
use crate::sources::record::DocumentRecord;

/// A document with its input.
#[derive(Debug, Clone)]
pub(crate) struct WriteUp<'r> {
    /// The document.
    pub record: &'r DocumentRecord,
    /// The bytes to store. `from.name` identifies the document in later imports.
    pub original: Original<'r>,
}

/// Plans the write-ups with the indices `todo`. Each has its own incident file, and its bytes are
/// stored as evidence.
pub(crate) fn plan<'l, F: KnownIncident>(
    write_ups: &[WriteUp<'_>],
    todo: &[usize],
    known: Known<'l, F>,
    is_free: IsFree<'_>,
) -> Planned<'l> {
    let hashes: Vec<&str> = todo.iter().filter_map(|&index| write_ups[index].hash()).collect();
    let is_here =
        |file: &F| hashes.iter().any(|hash| already_there(file.incident(), hash).is_some());
    let claimed = (0..known.files.len()).filter(|&file| is_here(&known.files[file])).collect();
    let names = known.names();
    let made = Vec::new();
    let shared = shared(write_ups, todo);
    let mut planner =
        Planner { known, names, is_free, claimed, shared, made, planned: Planned::default() };
    todo.iter().for_each(|&index| planner.add(&write_ups[index], index));
    planner.planned
}

/// The hashes of inputs with several incidents.
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
    /// The files whose documents this import contains unchanged, or that it extends.
    claimed: BTreeSet<usize>,
    /// The hashes of inputs with several incidents, which are distinguished by their titles.
    shared: BTreeSet<String>,
    /// The hashes of the bytes in this import, each with the title of its incident and the index of
    /// its change.
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
        // Two documents with the same name and title may be different: within one import each has
        // its own file.
        let (record, original) = (write_up.record, &write_up.original);
        let is_it = |(place, file): &(usize, &F)| {
            !self.claimed.contains(place)
                && documents::is_known(file.incident(), record, &original.from)
        };
        let file = self.known.files.iter().enumerate().find(is_it);
        if let Some((place, file)) = file {
            if !documents::is_of_other_days(file.incident(), record) {
                self.claimed.insert(place);
                self.extend(place, write_up, index);
                return;
            }
            let message = format!(
                "{} was imported before as {}, and covers other days now: it is imported as a new incident",
                original.label,
                file.incident().id
            );
            self.planned.notes.push(Diagnostic::warning(message));
        }
        self.create(write_up, index);
    }

    /// The change for a file; so far it changes nothing.
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
