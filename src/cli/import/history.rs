//! A status page's history: one file per incident.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::read::ReadInput;
use super::{Args, Opened, Outcome, provenance};
use crate::assemble::identity::{ByIdentity, Identity};
use crate::assemble::outage::Outages;
use crate::assemble::overrun::overrun;
use crate::assemble::{Provenance, history};
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::terminal::{Terminal, clean_line, counted};
use crate::diag::{Diagnostic, Place};
use crate::model::edit::Edit;
use crate::model::id::IncidentId;
use crate::sources::record::{IncidentRecord, Record};
use crate::store::workspace::Loaded;
use crate::store::write::{self, Write};
use crate::store::{StoreError, Workspace, edit};

/// What is to be done with one record.
enum Step {
    Create { id: IncidentId, path: PathBuf, text: String },
    Extend { id: IncidentId, path: PathBuf, text: String, entries: usize },
    Keep { id: IncidentId },
}

impl Step {
    fn id(&self) -> &IncidentId {
        match self {
            Step::Create { id, .. } | Step::Extend { id, .. } | Step::Keep { id } => id,
        }
    }

    /// What is to be written for it.
    fn write(&self) -> Option<Write<'_>> {
        match self {
            Step::Create { path, text, .. } => Some(Write { path, bytes: text.as_bytes(), replaces: false }),
            Step::Extend { path, text, .. } => Some(Write { path, bytes: text.as_bytes(), replaces: true }),
            Step::Keep { .. } => None,
        }
    }
}

pub(super) fn run(
    read: &[&ReadInput],
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Outcome, CliError> {
    let past_their_plans = past_their_plans(read);
    let records = records(read, &past_their_plans, args);
    let Opened { workspace, incidents, _lock } = Opened::new(args, context)?;
    let (records, told) = joined(&records, &incidents);
    let (steps, notes) = plan(&records, &incidents, &workspace, args.update)?;
    for note in told.iter().chain(&notes) {
        terminal.tell(note)?;
    }
    let (done, failure) = match args.dry_run {
        true => (steps, None),
        false => perform(steps, workspace.incidents_dir())?,
    };
    let json = report(&done, args, context, terminal)?;
    match failure {
        None => Ok(Outcome { exit: Exit::Fine, json }),
        Some(error) if done.is_empty() => Err(error.into()),
        Some(error) => {
            Err(CliError::from(error).hint("what is named above is done; the same import again does the rest"))
        }
    }
}

/// Does the steps. Which were done, and why the first that was not was not.
fn perform(steps: Vec<Step>, folder: &Path) -> Result<(Vec<Step>, Option<StoreError>), CliError> {
    let writes: Vec<Write> = steps.iter().filter_map(Step::write).collect();
    let mut results = write::several(folder, &writes)?.into_iter();
    let (mut done, mut failure) = (Vec::with_capacity(steps.len()), None);
    for step in steps {
        match step.write().and_then(|_| results.next()).unwrap_or(Ok(())) {
            Ok(()) => done.push(step),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    Ok((done, failure))
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
fn past_their_plans(read: &[&ReadInput]) -> Vec<Vec<IncidentRecord>> {
    let incidents = |record: &Record| match record {
        Record::Incident(record) => overrun(record),
        _ => None,
    };
    read.iter().map(|input| input.records.iter().filter_map(incidents).collect()).collect()
}

/// The records of every input with where they come from, the oldest first; `more` is made of those
/// of each input.
fn records<'r>(
    read: &[&'r ReadInput],
    more: &'r [Vec<IncidentRecord>],
    args: &Args,
) -> Vec<(&'r IncidentRecord, Provenance)> {
    let mut records = Vec::new();
    for (input, more) in read.iter().zip(more) {
        let from = provenance(input);
        let told = input.records.iter().filter_map(|record| match record {
            Record::Incident(record) => Some(record),
            _ => None,
        });
        for record in told.chain(more) {
            let began = history::first_seen(record);
            let too_old = args.since.zip(began).is_some_and(|(since, began)| began.latest() < since.earliest());
            let too_new = args.until.zip(began).is_some_and(|(until, began)| began.earliest() > until.latest());
            if !too_old && !too_new {
                records.push((record, from.clone()));
            }
        }
    }
    records.sort_by(|(a, _), (b, _)| (history::first_seen(a), &a.id).cmp(&(history::first_seen(b), &b.id)));
    if args.update {
        without_older_captures(&mut records);
    }
    in_families(records)
}

/// Of two captures of one incident in one format the newer has what the older has, as it is now.
/// Where what was changed upstream is taken, the older must not be taken after it.
fn without_older_captures(records: &mut Vec<(&IncidentRecord, Provenance)>) {
    let mut newest: BTreeMap<(Identity, &str), DateTime<Utc>> = BTreeMap::new();
    let whole = |record: &IncidentRecord| record.revised.filter(|_| !record.latest_only);
    for (record, from) in &*records {
        if let Some(revised) = whole(record) {
            let known = newest.entry((Identity::of(record, from), &from.format)).or_insert(revised);
            *known = revised.max(*known);
        }
    }
    let is_newest: Vec<bool> = records
        .iter()
        .map(|(record, from)| {
            let known = newest.get(&(Identity::of(record, from), from.format.as_str()));
            whole(record).zip(known).is_none_or(|(revised, known)| revised >= *known)
        })
        .collect();
    let mut is_newest = is_newest.into_iter();
    records.retain(|_| is_newest.next().unwrap_or(true));
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
    loaded: &'r [Loaded],
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

fn plan(
    records: &[(Cow<IncidentRecord>, &Provenance)],
    loaded: &[Loaded],
    workspace: &Workspace,
    replace: bool,
) -> Result<(Vec<Step>, Vec<Diagnostic>), CliError> {
    let known = by_record(loaded);
    let mut taken: BTreeSet<IncidentId> = loaded.iter().map(|loaded| loaded.incident.id.clone()).collect();
    let mut planned: ByIdentity<(usize, &IncidentRecord)> = ByIdentity::default();
    let (mut steps, mut notes, mut unnamed) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (record, from) in records {
        let identity = Identity::of(record, from);
        if let Some(file) = file_of(&known, &identity, record, from) {
            steps.push(extend(file, record, from, replace, workspace, &mut notes)?);
        } else if let Some((index, _)) = planned.of(&identity).into_iter().rfind(|(_, before)| {
            !history::differ((&before.title, history::first_seen(before)), (&record.title, history::first_seen(record)))
        }) {
            // The same incident stands in two inputs of one call: the later input extends it.
            let Step::Create { id, path, text } = &steps[*index] else { continue };
            let incident = crate::store::load::parse(&path.display().to_string(), text)
                .map_err(|problems| CliError::Told(Exit::BadInput, problems))?;
            let first = Loaded::new(path.clone(), text.clone(), incident, &workspace.config.definitions);
            if let Step::Extend { text, .. } = extend(&first, record, from, replace, workspace, &mut notes)? {
                steps[*index] = Step::Create { id: id.clone(), path: path.clone(), text };
            }
        } else {
            let wanted = history::wanted_id(record);
            let numbered = (2..).map(|number| wanted.numbered(number));
            let free = std::iter::once(wanted.clone()).chain(numbered).find(|id| !taken.contains(id));
            let id = free.unwrap_or_else(|| wanted.clone());
            taken.insert(id.clone());
            let mut incident = history::incident(record, id.clone(), from);
            if !history::name_severity(&mut incident, |word| workspace.config.severity_of(word)) {
                unnamed.extend(incident.severity.clone());
            }
            if let Some(maintenance) = Identity::of_overrun(record, from) {
                let before = planned.of(&maintenance).last().map(|(index, _)| Step::id(&steps[*index]));
                let file = known.of(&maintenance).last().map(|file| &file.incident.id);
                incident.related.caused_by = file.or(before).cloned();
            }
            let path = workspace.path_of(&id);
            let place = || Place::whole_file(workspace.name(&path));
            notes.extend(history::remarks(record).into_iter().map(|remark| remark.at(place())));
            let text = edit::whole(&incident).map_err(|reason| StoreError::Edit { path: path.clone(), reason })?;
            if let Some(other) = known
                .of(&identity)
                .first()
                .map(|file| &file.incident.id)
                .cloned()
                .or_else(|| planned.of(&identity).first().map(|(index, _)| Step::id(&steps[*index]).clone()))
            {
                let message = format!("{id} has the id of {other} at its source, but another title and start");
                notes.push(Diagnostic::warning(message).hint("they are two incidents, and were not merged"));
            }
            planned.insert(identity, (steps.len(), &**record));
            steps.push(Step::Create { id, path, text });
        }
    }
    notes.extend(without_a_name(&unnamed));
    Ok((steps, notes))
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

fn extend(
    file: &Loaded,
    record: &IncidentRecord,
    from: &Provenance,
    replace: bool,
    workspace: &Workspace,
    notes: &mut Vec<Diagnostic>,
) -> Result<Step, CliError> {
    let id = file.incident.id.clone();
    let trust = workspace.config.definitions.order_of_trust();
    let plan = history::extend(&file.as_written(), record, from, replace, trust).unwrap_or_default();
    let name = workspace.name(&file.path);
    notes.extend(plan.notes.into_iter().map(|note| note.at(Place::whole_file(name.clone()))));
    if plan.edits.is_empty() {
        return Ok(Step::Keep { id });
    }
    let text = edit::apply(&name, &file.text, &file.as_written(), &plan.edits)
        .map_err(|reason| StoreError::Edit { path: file.path.clone(), reason })?;
    let entries =
        plan.edits.iter().filter(|edit| matches!(edit, Edit::AppendEntry(_) | Edit::ReplaceEntry(..))).count();
    Ok(Step::Extend { id, path: file.path.clone(), text, entries })
}

fn report(
    steps: &[Step],
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Vec<serde_json::Value>, CliError> {
    if args.json {
        let json: Vec<serde_json::Value> = steps
            .iter()
            .map(|step| match step {
                Step::Create { id, path, .. } => serde_json::json!({ "id": id, "action": "created", "path": context.name(path).to_string() }),
                Step::Extend { id, path, entries, .. } => {
                    serde_json::json!({ "id": id, "action": "extended", "path": context.name(path).to_string(), "entries": entries })
                }
                Step::Keep { id } => serde_json::json!({ "id": id, "action": "unchanged" }),
            })
            .collect();
        return Ok(json);
    }
    let (mut created, mut extended, mut kept) = (0, 0, 0);
    for step in steps {
        match step {
            Step::Create { path, .. } => {
                created += 1;
                terminal.line(&clean_line(&format!("created   {}", context.name(path))))?;
            }
            Step::Extend { path, entries, .. } => {
                extended += 1;
                terminal.line(&clean_line(&format!(
                    "extended  {}  ({})",
                    context.name(path),
                    counted(*entries, "entry")
                )))?;
            }
            Step::Keep { .. } => kept += 1,
        }
    }
    let would = if args.dry_run { " (dry run: nothing was written)" } else { "" };
    terminal.talk(&format!("{created} created, {extended} extended, {kept} unchanged{would}"))?;
    Ok(Vec::new())
}
