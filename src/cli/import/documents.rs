//! Write-ups: one file per document, with a table of what was found in each and what was not.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::evidence::{ending, keys_in, name_of};
use super::opened::{MOST_ATTEMPTS, Opened};
use super::read::ReadInput;
use super::{Args, Outcome, kept};
use crate::assemble::broken::Broken;
use crate::assemble::evidence::already_there;
use crate::assemble::names::Names;
use crate::assemble::{Plan, Provenance, documents, free_source_key, stamp};
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::filter::Period;
use crate::cli::stop;
use crate::cli::table::{Column, Table};
use crate::cli::terminal::{Terminal, counted};
use crate::diag::{Diagnostic, Place};
use crate::model::edit::Edit;
use crate::model::id::IncidentId;
use crate::model::milestone::MilestoneName;
use crate::sources::record::{DocumentKind, DocumentRecord, Record, SectionName};
use crate::store::workspace::Loaded;
use crate::store::write::{self, Write};
use crate::store::{StoreError, Workspace, edit};

/// What becomes of one document.
struct Step<'r> {
    input: &'r ReadInput,
    record: &'r DocumentRecord,
    what: What,
}

enum What {
    /// A new file, and the document's bytes beside it.
    Create { id: IncidentId, path: PathBuf, text: String, evidence: PathBuf },
    /// The document is known, and tells more now: its bytes are kept beside those that it had.
    Extend { id: IncidentId, path: PathBuf, text: String, was: String, lines: usize, evidence: PathBuf },
    /// The document is known.
    Keep { id: IncidentId },
    /// It is no incident's.
    Skip,
    /// Its file could not be written.
    Fail,
    /// It is left out, and why.
    Refused(Diagnostic),
}

/// Imports the documents among what was read.
pub(super) fn run(
    read: &[&ReadInput],
    args: &Args,
    period: Period,
    context: &Context,
    terminal: &mut Terminal,
    opened: &mut Opened,
) -> Result<Outcome, CliError> {
    let mut todo = wanted(read, period);
    let all =
        read.iter().flat_map(|input| &input.records).filter(|record| matches!(record, Record::Document(_))).count();
    if todo.is_empty() && all > 0 {
        let left_out = counted(all, "write-up");
        terminal.talk(&format!("nothing was created: --since and --until leave out {left_out}"))?;
    }
    let (mut steps, mut failure): (Vec<Step>, Option<StoreError>) = (Vec::new(), None);
    for attempt in 1.. {
        let mut planner = Planner::new(opened, &todo);
        let mut planned = Vec::new();
        for (input, record) in todo {
            let what = planner.plan(input, record);
            planned.push(Step { input, record, what });
        }
        let is_stored = |step: &&Step| matches!(step.what, What::Create { .. } | What::Extend { .. });
        let keys = planned.iter().filter(is_stored).filter_map(|step| keys_in(step.input));
        for note in planner.notes.drain(..).chain(keys) {
            terminal.tell(&note)?;
        }
        let changed = if args.dry_run { Vec::new() } else { perform(&mut planned, &opened.workspace, &mut failure)? };
        let (again, done): (Vec<Step>, Vec<Step>) = planned
            .into_iter()
            .partition(|step| attempt < MOST_ATTEMPTS && step.path().is_some_and(|path| changed.contains(path)));
        steps.extend(done);
        if again.is_empty() {
            break;
        }
        // Somebody else has saved it: the plan is made anew on what they saved.
        changed.iter().for_each(|path| opened.reload(path));
        todo = again.into_iter().map(|step| (step.input, step.record)).collect();
    }
    let refused =
        steps.iter().filter_map(|step| if let What::Refused(problem) = &step.what { Some(problem) } else { None });
    let mut exit = Exit::Fine;
    for problem in refused {
        exit = Exit::BadInput;
        terminal.tell(problem)?;
    }
    let json = report(&steps, args, context, terminal)?;
    let written = |step: &Step<'_>| match &step.what {
        What::Create { id, .. } | What::Extend { id, .. } => Some(id.clone()),
        What::Keep { .. } | What::Skip | What::Fail | What::Refused(_) => None,
    };
    let written = steps.iter().filter_map(written).collect();
    match failure {
        None => Ok(Outcome { exit, json, written }),
        Some(StoreError::Interrupted) => {
            let left = steps.iter().filter(|step| matches!(step.what, What::Fail)).count();
            let is_nothing_done = steps.iter().all(|step| step.path().is_none());
            Err(super::stopped_writing(&counted(left, "write-up"), is_nothing_done))
        }
        Some(error) => {
            Err(CliError::from(error).hint("what is in the table is done; the same import again does the rest"))
        }
    }
}

/// The documents of the inputs, without those of another time than is wanted.
fn wanted<'r>(read: &[&'r ReadInput], period: Period) -> Vec<(&'r ReadInput, &'r DocumentRecord)> {
    let documents = read.iter().flat_map(|input| {
        input.records.iter().filter_map(|record| match record {
            Record::Document(record) => Some((*input, record.as_ref())),
            Record::Incident(_) | Record::Event(_) | Record::Series(_) => None,
        })
    });
    let is_wanted = |(_, record): &(&ReadInput, &DocumentRecord)| {
        let began = record.stated().map(|(_, at)| at).chain(record.rows.iter().filter_map(|row| row.at)).min();
        began.is_none_or(|began| period.may_hold(began))
    };
    documents.filter(is_wanted).collect()
}

struct Planner<'l> {
    loaded: &'l [Loaded],
    workspace: &'l Workspace,
    broken: &'l [Broken],
    names: Names,
    /// The files whose documents are in this import as they were, or have been extended by it.
    spoken_for: BTreeSet<IncidentId>,
    /// The bytes of this import, each with the id that was made of them.
    made: Vec<(String, IncidentId)>,
    notes: Vec<Diagnostic>,
}

impl<'l> Planner<'l> {
    fn new(opened: &'l Opened, inputs: &[(&ReadInput, &DocumentRecord)]) -> Self {
        let loaded = &opened.incidents;
        let hashes: Vec<String> = inputs.iter().map(|(input, _)| stamp::hex(&input.input.bytes)).collect();
        let is_here = |file: &&Loaded| hashes.iter().any(|hash| already_there(&file.incident, hash).is_some());
        Planner {
            loaded,
            workspace: &opened.workspace,
            broken: &opened.broken,
            names: opened.names(),
            spoken_for: loaded.iter().filter(is_here).map(|file| file.incident.id.clone()).collect(),
            made: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn plan(&mut self, input: &ReadInput, record: &DocumentRecord) -> What {
        if record.kind != DocumentKind::Incident {
            return What::Skip;
        }
        let hash = stamp::hex(&input.input.bytes);
        if let Some(file) = self.loaded.iter().find(|file| already_there(&file.incident, &hash).is_some()) {
            return What::Keep { id: file.incident.id.clone() };
        }
        if let Some((_, id)) = self.made.iter().find(|(other, _)| *other == hash) {
            return What::Keep { id: id.clone() };
        }
        // Two documents of one name and one title may be two: in one call each has a file of its own.
        let name = name_of(input, record, self.workspace.root());
        let from = Provenance { name: name.clone(), ..kept(input, String::new()) };
        let is_it = |file: &&Loaded| {
            !self.spoken_for.contains(&file.incident.id) && documents::is_known(&file.incident, record, &from)
        };
        if let Some(file) = self.loaded.iter().find(is_it) {
            if !documents::is_of_other_days(&file.incident, record) {
                self.spoken_for.insert(file.incident.id.clone());
                return self.extend(file, input, record, name);
            }
            let message = format!(
                "{} was imported before as {}, and is of other days now: it is imported as a new incident",
                input.input.name, file.incident.id
            );
            self.notes.push(Diagnostic::warning(message));
        }
        let wanted = documents::wanted_id(record);
        if let Some(broken) = self.broken.iter().find(|file| file.may_be_of(&hash, &wanted)) {
            let message = format!("{} is left out: its file {} cannot be read", input.input.name, broken.name);
            return What::Refused(Diagnostic::error(message).hint("correct that file, and import again"));
        }
        let id = self.names.take(wanted);
        self.made.push((hash, id.clone()));
        let evidence = self.evidence(&id, "S1", input);
        let from = Provenance { name, ..kept(input, self.workspace.name_inside(&evidence)) };
        let incident = documents::incident(record, id.clone(), &from);
        let path = self.workspace.path_of(&id);
        match edit::new_text(&self.workspace.name(&path), &incident) {
            Ok(text) => What::Create { id, path, text, evidence },
            Err(reason) => {
                let problem = Diagnostic::error(format!("\"{}\" ({id}) is left out: {reason}", record.title.trim()));
                What::Refused(problem.at(Place::whole_file(input.input.name.clone())))
            }
        }
    }

    fn extend(&mut self, file: &Loaded, input: &ReadInput, record: &DocumentRecord, name: Option<String>) -> What {
        let id = file.incident.id.clone();
        let trust = self.workspace.config.definitions.order_of_trust();
        let written = file.as_written();
        let evidence = self.evidence(&id, &free_source_key(&written), input);
        let from = Provenance { name, ..kept(input, self.workspace.name_inside(&evidence)) };
        let Plan { edits, notes } = documents::extend(&written, record, &from, trust).unwrap_or_default();
        let name = self.workspace.name(&file.path);
        self.notes.extend(notes.into_iter().map(|note| note.at(Place::whole_file(name.clone()))));
        if edits.is_empty() {
            let message = format!(
                "{} differs from what {id} was made of, but has no new line of a timeline: nothing was changed",
                input.input.name
            );
            self.notes.push(Diagnostic::warning(message).hint("compare it with the evidence, and edit the file"));
            return What::Keep { id };
        }
        let lines = edits.iter().filter(|edit| matches!(edit, Edit::AppendEntry(_))).count();
        match edit::apply(&name, &file.text, &written, &edits) {
            Ok(text) => What::Extend { id, path: file.path.clone(), text, was: file.text.clone(), lines, evidence },
            Err(reason) => {
                let problem = Diagnostic::error(format!("this file is not extended: {reason}"));
                What::Refused(problem.at(Place::whole_file(name)))
            }
        }
    }

    /// Where the bytes of a source are kept. Other bytes that lie there belong to a file that is gone,
    /// and are not written over.
    fn evidence(&self, id: &IncidentId, key: &str, input: &ReadInput) -> PathBuf {
        let folder = self.workspace.evidence_dir(id);
        let ending = ending(&input.input.name);
        let numbered = (2..).map(|number| format!("{key}-{number}.{ending}"));
        let mut paths = std::iter::once(format!("{key}.{ending}")).chain(numbered).map(|name| folder.join(name));
        let is_free =
            |path: &PathBuf| !path.exists() || std::fs::read(path).is_ok_and(|bytes| bytes == input.input.bytes);
        paths.find(is_free).unwrap_or_else(|| folder.join(key))
    }
}

/// Writes the bytes, and then the files that name them: a file that named bytes which are not there
/// would be worse than bytes that no file names. Gives the files that somebody else has saved meanwhile;
/// the first other error goes to `failure`, and what it kept from being done is marked.
fn perform(
    steps: &mut [Step<'_>],
    workspace: &Workspace,
    failure: &mut Option<StoreError>,
) -> Result<Vec<PathBuf>, CliError> {
    // What is there already is not ours to take back.
    let is_new: Vec<bool> =
        steps.iter().map(|step| step.evidence().is_some_and(|write| !write.path.exists())).collect();
    for step in steps.iter() {
        step.evidence().and_then(|write| write.path.parent()).map_or(Ok(()), write::folder)?;
    }
    let mut changed = Vec::new();
    let parts: [(&Path, WriteOf); 2] = [(workspace.root(), Step::evidence), (workspace.incidents_dir(), Step::file)];
    for (folder, write) in parts {
        let (asked, writes): (Vec<usize>, Vec<Write>) =
            steps.iter().enumerate().filter_map(|(index, step)| Some((index, write(step)?))).unzip();
        for (index, result) in asked.into_iter().zip(write::several(folder, &writes, stop::asked())?) {
            match result {
                Ok(()) => {}
                Err(StoreError::Changed(path) | StoreError::Exists(path)) if steps[index].path() == Some(&path) => {
                    changed.push(path);
                }
                Err(error @ StoreError::Edit { .. }) => {
                    steps[index].what = What::Refused(Diagnostic::error(error.to_string()));
                }
                Err(error) => {
                    if let Some(evidence) = steps[index].evidence().filter(|_| is_new[index]) {
                        // Bytes that no file names help nobody. The first error is the one to report.
                        let _ = std::fs::remove_file(evidence.path);
                    }
                    failure.get_or_insert(error);
                    steps[index].what = What::Fail;
                }
            }
        }
    }
    Ok(changed)
}

/// What of a step is to be written.
type WriteOf<'r> = for<'s> fn(&'s Step<'r>) -> Option<Write<'s>>;

impl Step<'_> {
    fn evidence(&self) -> Option<Write<'_>> {
        match &self.what {
            What::Create { evidence, .. } | What::Extend { evidence, .. } => {
                Some(Write { path: evidence, bytes: &self.input.input.bytes, was: None })
            }
            What::Keep { .. } | What::Skip | What::Fail | What::Refused(_) => None,
        }
    }

    fn file(&self) -> Option<Write<'_>> {
        match &self.what {
            What::Create { path, text, .. } => Some(Write { path, bytes: text.as_bytes(), was: None }),
            What::Extend { path, text, was, .. } => {
                Some(Write { path, bytes: text.as_bytes(), was: Some(was.as_bytes()) })
            }
            What::Keep { .. } | What::Skip | What::Fail | What::Refused(_) => None,
        }
    }

    /// The incident file that is written for it.
    fn path(&self) -> Option<&PathBuf> {
        match &self.what {
            What::Create { path, .. } | What::Extend { path, .. } => Some(path),
            What::Keep { .. } | What::Skip | What::Fail | What::Refused(_) => None,
        }
    }

    /// What became of it, in a word.
    fn action(&self) -> &'static str {
        match &self.what {
            What::Create { .. } => "created",
            What::Extend { .. } => "extended",
            What::Keep { .. } => "unchanged",
            What::Skip => self.record.kind.as_str(),
            What::Fail => "failed",
            What::Refused(_) => "left out",
        }
    }

    /// The incident, or the document where it makes none.
    fn name(&self) -> String {
        match &self.what {
            What::Create { id, .. } | What::Extend { id, .. } | What::Keep { id } => id.to_string(),
            What::Skip | What::Fail | What::Refused(_) => self.record.id.clone(),
        }
    }
}

/// What was found in a document, and what a report should have and it has not.
struct Found {
    lines: usize,
    timed: usize,
    milestones: Vec<MilestoneName>,
    sections: Vec<SectionName>,
    missing: Vec<&'static str>,
}

impl Found {
    fn of(record: &DocumentRecord) -> Self {
        let timed = record.rows.iter().filter(|row| row.at.is_some()).count();
        let has = |name: MilestoneName| {
            record.stated().any(|(other, _)| other == name) || record.rows.iter().any(|row| row.shows(name))
        };
        let milestones: Vec<MilestoneName> = MilestoneName::ALL.iter().copied().filter(|name| has(*name)).collect();
        let sections: Vec<SectionName> = record.sections.iter().map(|(name, _)| *name).collect();
        let holds = |names: &[SectionName]| names.iter().any(|name| sections.contains(name));
        let begins = [MilestoneName::ImpactStart, MilestoneName::DetectedAt, MilestoneName::DeclaredAt];
        let ends = [MilestoneName::ImpactEnd, MilestoneName::ResolvedAt];
        let asked = [
            ("summary", holds(&[SectionName::Summary, SectionName::Impact])),
            (
                "cause",
                record.cause.is_some()
                    || holds(&[SectionName::RootCause, SectionName::ContributingFactors, SectionName::Trigger]),
            ),
            ("resolution", holds(&[SectionName::Resolution, SectionName::Mitigation])),
            ("follow-ups", !record.follow_ups.is_empty()),
            ("timeline", !record.rows.is_empty()),
            ("beginning", milestones.iter().any(|name| begins.contains(name))),
            ("end", milestones.iter().any(|name| ends.contains(name))),
        ];
        let missing = asked.iter().filter(|(_, is_there)| !is_there).map(|(name, _)| *name).collect();
        Found { lines: record.rows.len(), timed, milestones, sections, missing }
    }

    fn times(&self) -> String {
        match (self.timed, self.lines) {
            (_, 0) => "-".to_owned(),
            (timed, lines) if timed == lines => lines.to_string(),
            (timed, lines) => format!("{timed} of {lines}"),
        }
    }
}

fn report(
    steps: &[Step<'_>],
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Vec<serde_json::Value>, CliError> {
    if args.json {
        return Ok(steps.iter().map(|step| json(step, context)).collect());
    }
    let rows = steps.iter().map(|step| {
        if let What::Skip = step.what {
            return vec![
                step.name(),
                format!("no: {}", step.action()),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
            ];
        }
        let found = Found::of(step.record);
        vec![
            step.name(),
            step.action().to_owned(),
            found.times(),
            found.milestones.len().to_string(),
            step.record.follow_ups.len().to_string(),
            found.missing.join(", "),
        ]
    });
    if !steps.is_empty() {
        Table::new(COLUMNS, rows).write(terminal)?;
    }
    let count = |action: &str| steps.iter().filter(|step| step.action() == action).count();
    let skipped = steps.iter().filter(|step| matches!(step.what, What::Skip)).count();
    let others = if skipped == 0 { String::new() } else { format!(", {skipped} of no incident") };
    let left_out = steps.iter().filter(|step| matches!(step.what, What::Refused(_))).count();
    let others = if left_out == 0 { others } else { format!("{others}, {left_out} left out") };
    let would = if args.dry_run { " (dry run: nothing was written)" } else { "" };
    terminal.talk(&format!(
        "{} created, {} extended, {} unchanged{others}{would}",
        count("created"),
        count("extended"),
        count("unchanged")
    ))?;
    Ok(Vec::new())
}

const COLUMNS: [Column; 6] = [
    Column::new("incident"),
    Column::new("import").cut(),
    Column::new("lines").number().optional(3),
    Column::new("milestones").number().optional(2),
    Column::new("follow-ups").number().optional(1),
    Column::new("not found").cut(),
];

fn json(step: &Step<'_>, context: &Context) -> serde_json::Value {
    let found = Found::of(step.record);
    let path = match &step.what {
        What::Create { path, .. } | What::Extend { path, .. } => Some(context.name(path).to_string()),
        What::Keep { .. } | What::Skip | What::Fail | What::Refused(_) => None,
    };
    let id = match &step.what {
        What::Create { id, .. } | What::Extend { id, .. } | What::Keep { id } => Some(id.to_string()),
        What::Skip | What::Fail | What::Refused(_) => None,
    };
    let entries = if let What::Extend { lines, .. } = &step.what { Some(*lines) } else { None };
    serde_json::json!({
        "id": id,
        "action": if let What::Skip | What::Refused(_) = step.what { "skipped" } else { step.action() },
        "path": path,
        "entries": entries,
        "document": step.input.input.name,
        "kind": step.record.kind,
        "title": step.record.title,
        "date": step.record.date,
        "dated": step.record.dated,
        "found": {
            "sections": found.sections,
            "further": step.record.further.iter().map(|(title, _)| title).collect::<Vec<_>>(),
            "lines": found.lines,
            "timed": found.timed,
            "milestones": found.milestones,
            "claims": step.record.claims,
            "metrics": step.record.metrics.len(),
            "follow_ups": step.record.follow_ups.len(),
        },
        "missing": found.missing,
    })
}
