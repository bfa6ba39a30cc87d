//! A status page's history: one file per incident.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::opened::{MOST_ATTEMPTS, Opened};
use super::read::ReadInput;
use super::{Args, Outcome, provenance};
use crate::assemble::identity::{ByIdentity, Identity};
use crate::assemble::outage::Outages;
use crate::assemble::overrun::overrun;
use crate::assemble::{Provenance, history};
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::filter::Period;
use crate::cli::stop;
use crate::cli::terminal::{Terminal, clean_line, counted};
use crate::diag::{Diagnostic, Place};
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::evidence::Trust;
use crate::model::id::IncidentId;
use crate::sources::record::{IncidentRecord, Record};
use crate::store::workspace::Loaded;
use crate::store::write::{self, Write};
use crate::store::{StoreError, Workspace, edit};

/// What is done for one incident.
struct Step {
    id: IncidentId,
    path: PathBuf,
    action: Action,
    notes: Vec<Diagnostic>,
    /// The records that it is for, by their index.
    records: Vec<usize>,
}

enum Action {
    Create { text: String },
    Extend { text: String, was: String, entries: usize },
    Keep,
}

impl Step {
    /// What is to be written for it.
    fn write(&self) -> Option<Write<'_>> {
        let path = &self.path;
        match &self.action {
            Action::Create { text } => Some(Write { path, bytes: text.as_bytes(), was: None }),
            Action::Extend { text, was, .. } => Some(Write { path, bytes: text.as_bytes(), was: Some(was.as_bytes()) }),
            Action::Keep => None,
        }
    }
}

/// An incident that is left out.
struct Skipped {
    title: String,
    problem: Box<Diagnostic>,
}

pub(super) fn run(
    read: &[&ReadInput],
    args: &Args,
    period: Period,
    context: &Context,
    terminal: &mut Terminal,
    opened: &mut Opened,
) -> Result<Outcome, CliError> {
    let merged: Vec<Vec<Cow<IncidentRecord>>> = read.iter().map(|input| history::merged(&input.records)).collect();
    let past_their_plans = past_their_plans(&merged);
    let (records, older) = records(read, &merged, &past_their_plans, period, args.update);
    if records.is_empty() {
        let all: usize = merged.iter().map(Vec::len).sum();
        terminal.talk(&match all {
            0 => "nothing was created: the input has no incidents".to_owned(),
            _ => format!("nothing was created: --since and --until leave out {}", counted(all, "incident")),
        })?;
    }
    let (records, told) = joined(&records, &opened.incidents);
    let mut todo: Vec<usize> = (0..records.len()).collect();
    let (mut done, mut skipped, mut failure, mut stopped) = (Vec::new(), Vec::new(), None, 0);
    let mut about_all = Vec::new();
    for attempt in 1.. {
        let mut planned = plan(&records, &todo, opened, args.update)?;
        if attempt == 1 {
            about_all.append(&mut planned.notes);
        }
        let (steps, refused) = planned.written(opened);
        skipped.extend(refused);
        if args.dry_run {
            done = steps;
            break;
        }
        let mut again: Vec<Step> = Vec::new();
        for (step, result) in perform(steps, opened.workspace.incidents_dir())? {
            match result {
                Ok(()) => done.push(step),
                // Somebody else has saved it: the plan is made anew on what they saved.
                Err(StoreError::Changed(_) | StoreError::Exists(_)) if attempt < MOST_ATTEMPTS => again.push(step),
                Err(error @ (StoreError::Changed(_) | StoreError::Edit { .. })) => {
                    let problem = Diagnostic::error(error.to_string())
                        .at(Place::whole_file(context.name(&step.path).to_string()));
                    skipped.push(Skipped { title: step.id.to_string(), problem: Box::new(problem) });
                }
                Err(StoreError::Interrupted) => stopped += 1,
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        if again.is_empty() {
            break;
        }
        again.iter().for_each(|step| opened.reload(&step.path));
        todo = again.into_iter().flat_map(|step| step.records).collect();
        todo.sort_unstable();
    }
    done.sort_by_key(|step| step.records.first().copied());
    let notes = older.iter().chain(&told).chain(done.iter().flat_map(|step| &step.notes)).chain(&about_all);
    for note in notes.chain(skipped.iter().map(|skipped| &*skipped.problem)) {
        terminal.tell(note)?;
    }
    let json = report(&done, &skipped, args, context, terminal)?;
    let is_written = |step: &&Step| !matches!(step.action, Action::Keep);
    let written = done.iter().filter(is_written).map(|step| step.id.clone()).collect();
    let exit = if skipped.is_empty() { Exit::Fine } else { Exit::BadInput };
    match failure {
        None if stopped > 0 => Err(super::stopped_writing(&counted(stopped, "incident"), done.is_empty())),
        None => Ok(Outcome { exit, json, written }),
        Some(error) if done.is_empty() => Err(error.into()),
        Some(error) => {
            Err(CliError::from(error).hint("what is named above is done; the same import again does the rest"))
        }
    }
}

/// A step, and what became of it.
type Performed = (Step, Result<(), StoreError>);

/// Does the steps.
fn perform(steps: Vec<Step>, folder: &Path) -> Result<Vec<Performed>, CliError> {
    let writes: Vec<Write> = steps.iter().filter_map(Step::write).collect();
    let mut results = write::several(folder, &writes, stop::asked())?.into_iter();
    let results: Vec<_> =
        steps.iter().map(|step| step.write().and_then(|_| results.next()).unwrap_or(Ok(()))).collect();
    Ok(steps.into_iter().zip(results).collect())
}

/// Refuses an input that does not tell of incidents.
pub(super) fn suits(read: &ReadInput) -> Result<(), CliError> {
    if read.records.iter().all(|record| matches!(record, Record::Incident(_) | Record::Document(_))) {
        return Ok(());
    }
    let message = format!("{} holds evidence, not incidents ({})", read.input.name, read.source.id());
    Err(CliError::usage(Diagnostic::error(message).hint("add it to an incident: `--into ID`")))
}

/// What became of the maintenances of each input that went past their plans.
fn past_their_plans(read: &[Vec<Cow<IncidentRecord>>]) -> Vec<Vec<IncidentRecord>> {
    read.iter().map(|records| records.iter().filter_map(|record| overrun(record)).collect()).collect()
}

/// The records of every input with where they come from, the oldest first; `more` is made of those
/// of each input.
fn records<'r>(
    read: &[&'r ReadInput],
    told: &'r [Vec<Cow<'r, IncidentRecord>>],
    more: &'r [Vec<IncidentRecord>],
    period: Period,
    update: bool,
) -> (Vec<(&'r IncidentRecord, Provenance)>, Option<Diagnostic>) {
    let mut records = Vec::new();
    for ((input, told), more) in read.iter().zip(told).zip(more) {
        let from = provenance(input);
        for record in told.iter().map(|record| &**record).chain(more) {
            if history::first_seen(record).is_none_or(|began| period.may_hold(began)) {
                records.push((record, from.clone()));
            }
        }
    }
    records.sort_by(|(a, _), (b, _)| (history::first_seen(a), &a.id).cmp(&(history::first_seen(b), &b.id)));
    let older = if update { without_older_captures(&mut records) } else { None };
    (in_families(records), older)
}

/// Of two captures of one incident in one format the newer has what the older has, as it is now.
/// Where what was changed upstream is taken, the older must not be taken after it; it is reported.
fn without_older_captures(records: &mut Vec<(&IncidentRecord, Provenance)>) -> Option<Diagnostic> {
    let mut newest: BTreeMap<(Identity, &str), DateTime<Utc>> = BTreeMap::new();
    let whole = |record: &IncidentRecord| record.revised.filter(|_| !record.latest_only);
    for (record, from) in &*records {
        if let Some(revised) = whole(record) {
            let known = newest.entry((Identity::of(record, from), &from.format)).or_insert(revised);
            *known = revised.max(*known);
        }
    }
    let is_older: Vec<bool> = records
        .iter()
        .map(|(record, from)| {
            let known = newest.get(&(Identity::of(record, from), from.format.as_str()));
            whole(record).zip(known).is_some_and(|(revised, known)| revised < *known)
        })
        .collect();
    let older = || records.iter().zip(&is_older).filter(|(_, is_older)| **is_older);
    let (count, title) = (older().count(), older().next()?.0.0.title.trim());
    let more = if count > 1 { format!(" and of {} more", counted(count - 1, "incident")) } else { String::new() };
    let note = Diagnostic::note(format!("the older copy of \"{title}\"{more} is left out: the newer one is used"));
    let mut is_older = is_older.into_iter();
    records.retain(|_| !is_older.next().unwrap_or(false));
    Some(note)
}

/// The same incident in several formats stands together, and the one that tells it best goes first:
/// an entry stays as the one that made it has it.
fn in_families(records: Vec<(&IncidentRecord, Provenance)>) -> Vec<(&IncidentRecord, Provenance)> {
    let mut groups: BTreeMap<Identity, usize> = BTreeMap::new();
    let mut places = Vec::with_capacity(records.len());
    for (record, from) in &records {
        let next = groups.len();
        let group = *groups.entry(Identity::of(record, from)).or_insert(next);
        places.push((group, history::coarseness(record)));
    }
    let mut placed: Vec<_> = places.into_iter().zip(records).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, record)| record).collect()
}

/// The records, where one is a part of an outage that is known already under the id of that; and what
/// is to be said of it.
fn joined<'r>(
    records: &'r [(&'r IncidentRecord, Provenance)],
    loaded: &[Loaded],
) -> (Vec<(Cow<'r, IncidentRecord>, &'r Provenance)>, Vec<Diagnostic>) {
    let mut known = Outages::of(loaded.iter().map(|file| &file.incident));
    let mut notes = Vec::new();
    let mut join = |(record, from): &'r (&'r IncidentRecord, Provenance)| {
        let (record, note) = known.joined(record, from);
        notes.extend(note);
        (record, from)
    };
    let records = records.iter().map(&mut join).collect();
    (records, notes)
}

/// An incident as it is to be.
struct Draft<'l> {
    /// Its file, where it has one.
    file: Option<&'l Loaded>,
    incident: Cow<'l, Incident>,
    /// What is new in it, where it has a file.
    edits: Vec<Edit>,
    notes: Vec<Diagnostic>,
    records: Vec<usize>,
}

impl<'l> Draft<'l> {
    fn of(file: Option<&'l Loaded>, incident: Cow<'l, Incident>) -> Self {
        Draft { file, incident, edits: Vec::new(), notes: Vec::new(), records: Vec::new() }
    }

    /// Adds what a record tells more.
    fn extend(&mut self, record: &IncidentRecord, from: &Provenance, replace: bool, trust: Trust) {
        let plan = history::extend(&self.incident, record, from, replace, trust).unwrap_or_default();
        self.notes.extend(plan.notes);
        if !plan.edits.is_empty() {
            let incident = self.incident.to_mut();
            plan.edits.iter().for_each(|edit| edit.apply(incident));
            self.edits.extend(plan.edits);
        }
    }
}

/// What is to become of the records.
struct Planned<'l> {
    drafts: Vec<Draft<'l>>,
    skipped: Vec<Skipped>,
    /// What concerns no incident alone.
    notes: Vec<Diagnostic>,
}

fn plan<'l>(
    records: &'l [(Cow<'l, IncidentRecord>, &'l Provenance)],
    todo: &[usize],
    opened: &'l Opened,
    replace: bool,
) -> Result<Planned<'l>, CliError> {
    let known = by_record(&opened.incidents);
    let trust = opened.workspace.config.definitions.order_of_trust();
    let mut names = opened.names();
    let mut new: ByIdentity<(usize, &IncidentRecord)> = ByIdentity::default();
    let mut unnamed = BTreeSet::new();
    let mut of_file: HashMap<&IncidentId, usize> = HashMap::new();
    let (mut drafts, mut skipped) = (Vec::<Draft>::new(), Vec::new());
    for &index in todo {
        let (record, from) = &records[index];
        let identity = Identity::of(record, from);
        let place = if let Some(file) = file_of(&known, &identity, record, from) {
            let place = *of_file.entry(&file.incident.id).or_insert(drafts.len());
            if place == drafts.len() {
                drafts.push(Draft::of(Some(file), file.as_written()));
            }
            drafts[place].extend(record, from, replace, trust);
            place
        } else if let Some(&(place, _)) = new.of(&identity).into_iter().rfind(|(_, before)| {
            !history::differ((&before.title, history::first_seen(before)), (&record.title, history::first_seen(record)))
        }) {
            // The same incident is in two inputs of one call: the later input extends it.
            drafts[place].extend(record, from, replace, trust);
            place
        } else {
            let wanted = history::wanted_id(record);
            if let Some(broken) = opened.broken.iter().find(|file| file.may_hold(&identity, &record.id, &wanted)) {
                let message =
                    format!("\"{}\" is left out: its file {} cannot be read", record.title.trim(), broken.name);
                let problem = Diagnostic::error(message).hint("correct that file, and import again");
                skipped.push(Skipped { title: record.title.trim().to_owned(), problem: Box::new(problem) });
                continue;
            }
            let mut incident = history::incident(record, names.take(wanted), from);
            if !history::name_severity(&mut incident, |word| opened.workspace.config.severity_of(word)) {
                unnamed.extend(incident.severity.clone());
            }
            if let Some(maintenance) = Identity::of_overrun(record, from) {
                let before = new.of(&maintenance).last().map(|&&(place, _)| drafts[place].incident.id.clone());
                let file = known.of(&maintenance).last().map(|file| file.incident.id.clone());
                incident.related.caused_by = file.or(before);
            }
            let other = known.of(&identity).first().map(|file| file.incident.id.clone());
            let other =
                other.or_else(|| new.of(&identity).first().map(|&&(place, _)| drafts[place].incident.id.clone()));
            let mut draft = Draft::of(None, Cow::Owned(incident));
            draft.notes = history::remarks(record);
            if let Some(other) = other {
                let id = &draft.incident.id;
                let message = format!("{id} has the id of {other} at its source, but another title and start");
                draft.notes.push(Diagnostic::warning(message).hint("they are two incidents, and were not merged"));
            }
            new.insert(identity, (drafts.len(), &**record));
            drafts.push(draft);
            drafts.len() - 1
        };
        drafts[place].records.push(index);
    }
    Ok(Planned { drafts, skipped, notes: without_a_name(&unnamed).into_iter().collect() })
}

impl Planned<'_> {
    /// The texts of the files, and what is left out since it gives none.
    fn written(self, opened: &Opened) -> (Vec<Step>, Vec<Skipped>) {
        let workspace = &opened.workspace;
        let results: Vec<Result<Step, Skipped>> =
            self.drafts.into_par_iter().map(|draft| written(draft, workspace)).collect();
        let (mut steps, mut skipped) = (Vec::new(), self.skipped);
        for result in results {
            match result {
                Ok(step) => steps.push(step),
                Err(one) => skipped.push(one),
            }
        }
        (steps, skipped)
    }
}

fn written(draft: Draft<'_>, workspace: &Workspace) -> Result<Step, Skipped> {
    let Draft { file, incident, edits, notes, records } = draft;
    let id = incident.id.clone();
    let path = file.map_or_else(|| workspace.path_of(&id), |file| file.path.clone());
    let name = workspace.name(&path);
    let action = match file {
        Some(_) if edits.is_empty() => Ok(Action::Keep),
        Some(file) => edit::apply(&name, &file.text, &file.as_written(), &edits).map(|text| {
            let is_entry = |edit: &&Edit| matches!(edit, Edit::AppendEntry(_) | Edit::ReplaceEntry(..));
            Action::Extend { text, was: file.text.clone(), entries: edits.iter().filter(is_entry).count() }
        }),
        None => edit::new_text(&name, &incident).map(|text| Action::Create { text }),
    };
    let place = || Place::whole_file(name.clone());
    match action {
        Ok(action) => {
            let notes = notes.into_iter().map(|note| note.at(place())).collect();
            Ok(Step { id, path, action, notes, records })
        }
        Err(reason) => {
            let title = incident.title.clone();
            let problem = match file {
                Some(_) => Diagnostic::error(format!("this file is not extended: {reason}")).at(place()),
                None => Diagnostic::error(format!("\"{}\" ({id}) is left out: {reason}", title.trim())),
            };
            Err(Skipped { title, problem: Box::new(problem) })
        }
    }
}

/// The words of pages for how bad an incident is that the team's scale has no name for.
fn without_a_name(words: &BTreeSet<String>) -> Option<Diagnostic> {
    let first = words.first()?;
    let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let message = format!("the scale of severities has no name for {listed}; the incidents have the source's word");
    let hint = format!("map each to a name in posthoc.toml before the import: [severity.map] {first:?} = \"sev3\"");
    Some(Diagnostic::note(message).hint(hint))
}

/// Which files a record belongs to.
fn by_record(loaded: &[Loaded]) -> ByIdentity<'_, &Loaded> {
    let mut known = ByIdentity::default();
    for file in loaded {
        for identity in file.incident.sources.values().filter_map(Identity::of_source) {
            known.insert(identity, file);
        }
    }
    known
}

/// The file that `record` belongs to: the one that was imported from this very format, where another
/// one has made a second file.
fn file_of<'l>(
    known: &ByIdentity<&'l Loaded>,
    identity: &Identity,
    record: &IncidentRecord,
    from: &Provenance,
) -> Option<&'l Loaded> {
    let files = known.of(identity);
    let is_its_own = |file: &&&&Loaded| history::source_key(&file.incident, record, from).is_some();
    let is_same = |file: &&&Loaded| {
        let key = history::source_key(&file.incident, record, from);
        key.is_none_or(|key| !history::is_other(&file.incident, record, key))
    };
    let files: Vec<&&Loaded> = files.into_iter().filter(is_same).collect();
    files.iter().rfind(is_its_own).or(files.last()).map(|file| **file)
}

fn report(
    steps: &[Step],
    skipped: &[Skipped],
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Vec<serde_json::Value>, CliError> {
    if args.json {
        let json = steps.iter().map(|Step { id, path, action, .. }| {
            let path = context.name(path).to_string();
            match action {
                Action::Create { .. } => serde_json::json!({ "id": id, "action": "created", "path": path }),
                Action::Extend { entries, .. } => {
                    serde_json::json!({ "id": id, "action": "extended", "path": path, "entries": entries })
                }
                Action::Keep => serde_json::json!({ "id": id, "action": "unchanged" }),
            }
        });
        let left_out = skipped.iter().map(
            |one| serde_json::json!({ "id": null, "action": "skipped", "title": one.title, "reason": one.problem.message }),
        );
        return Ok(json.chain(left_out).collect());
    }
    let (mut created, mut extended, mut kept) = (0, 0, 0);
    for Step { path, action, records, .. } in steps {
        let path = clean_line(&context.name(path).to_string());
        match action {
            Action::Create { .. } => {
                created += 1;
                terminal.line(&format!("created   {path}"))?;
            }
            Action::Extend { entries, .. } => {
                extended += 1;
                terminal.line(&format!("extended  {path}  ({})", counted(*entries, "entry")))?;
            }
            Action::Keep => kept += records.len(),
        }
    }
    let would = if args.dry_run { " (dry run: nothing was written)" } else { "" };
    let left_out = if skipped.is_empty() { String::new() } else { format!(", {} left out", skipped.len()) };
    terminal.talk(&format!("{created} created, {extended} extended, {kept} unchanged{left_out}{would}"))?;
    Ok(Vec::new())
}
