//! Imports write-ups: one file per document, with a table of what was and was not found in each.

use super::args::Args;
use super::carry_out::{CarriedOut, carry_out};
use super::document_summary::DocumentSummary;
use super::opened::Opened;
use super::original::original;
use super::outcome::{Outcome, stopped_writing};
use super::read::ReadInput;
use super::status_page::entries;
use crate::assemble::plan::write_ups::{self, WriteUp};
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::filter::Period;
use crate::cli::table::{Column, Table};
use crate::cli::terminal::Terminal;
use crate::diag::Place;
use crate::model::id::IncidentId;
use crate::sources::record::{DocumentKind, DocumentRecord, Record};
use crate::store::commit::{self, Action, Step};
use crate::text::counted;

/// One document and its result.
struct Document<'r> {
    input: &'r ReadInput,
    record: &'r DocumentRecord,
    fate: Fate,
}

enum Fate {
    Created {
        id: IncidentId,
        path: String,
    },
    Extended {
        id: IncidentId,
        path: String,
        entries: usize,
    },
    /// It was imported before and has nothing new.
    Unchanged {
        id: IncidentId,
    },
    /// It is not about an incident.
    NoIncident,
    /// Its file could not be written.
    Failed,
    LeftOut,
}

/// Imports the documents among the inputs that were read.
pub(super) fn run(
    read: &[&ReadInput],
    args: &Args,
    period: Period,
    context: &Context,
    terminal: &mut Terminal,
    opened: &mut Opened,
) -> Result<Outcome, CliError> {
    let all = documents(read);
    let wanted: Vec<_> = all.iter().filter(|(_, record)| is_of(period, record)).copied().collect();
    if wanted.is_empty() && !all.is_empty() {
        let left_out = counted(all.len(), "write-up");
        terminal.talk(&format!("nothing was created: --since and --until leave out {left_out}"))?;
    }
    let root = opened.workspace.root().to_owned();
    let is_incident =
        |(_, record): &&(&ReadInput, &DocumentRecord)| record.kind == DocumentKind::Incident;
    let incidents: Vec<_> = wanted.iter().filter(is_incident).copied().collect();
    let write_up =
        |&(input, record)| WriteUp { record, original: original(input, Some(record), &root) };
    let write_ups: Vec<WriteUp<'_>> = incidents.iter().map(write_up).collect();
    let bytes: Vec<&[u8]> = write_ups.iter().map(|one| one.original.bytes).collect();
    let mut carried_out =
        carry_out(opened, write_ups.len(), &bytes, args.dry_run, terminal, |opened, todo| {
            let is_free =
                |path: &str, bytes: &[u8]| commit::is_free(&opened.workspace, path, bytes);
            write_ups::plan(&write_ups, todo, opened.known(), &is_free)
        })?;
    for left_out in &mut carried_out.left_out {
        if let (None, Some(&index)) = (&left_out.problem.place, left_out.records.first()) {
            left_out.problem.place = Some(Place::whole_file(incidents[index].0.input.name.clone()));
        }
    }
    let notes = carried_out.done.iter().flat_map(|step| &step.notes).chain(&carried_out.notes);
    for note in notes.chain(carried_out.left_out.iter().map(|left_out| &*left_out.problem)) {
        terminal.report(note)?;
    }
    let mut fates = fates(&carried_out, write_ups.len(), context).into_iter();
    let documents: Vec<Document<'_>> = wanted
        .iter()
        .map(|&(input, record)| {
            let is_incident = record.kind == DocumentKind::Incident;
            let fate =
                if is_incident { fates.next().unwrap_or(Fate::LeftOut) } else { Fate::NoIncident };
            Document { input, record, fate }
        })
        .collect();
    let json = report(&documents, args, terminal)?;
    let CarriedOut { done, failed, left_out, failure, is_stopped, .. } = carried_out;
    let written: Vec<_> =
        done.iter().filter(|step| step.is_written()).map(|step| step.id.clone()).collect();
    match failure {
        None if is_stopped => {
            Err(stopped_writing(&counted(failed.len(), "write-up"), written.is_empty()))
        }
        None => {
            let exit = if left_out.is_empty() { Exit::Fine } else { Exit::BadInput };
            Ok(Outcome { exit, json, written })
        }
        Some(error) => Err(CliError::from(error)
            .hint("what the table lists is done; run the same import again to do the rest")),
    }
}

/// The documents of the inputs.
fn documents<'r>(read: &[&'r ReadInput]) -> Vec<(&'r ReadInput, &'r DocumentRecord)> {
    let of = |input: &'r ReadInput| {
        input.records.iter().filter_map(move |record| match record {
            Record::Document(record) => Some((input, record.as_ref())),
            Record::Incident(_) | Record::Event(_) | Record::Series(_) => None,
        })
    };
    read.iter().flat_map(|&input| of(input)).collect()
}

/// Whether a document is about an incident that may have begun in a period.
fn is_of(period: Period, record: &DocumentRecord) -> bool {
    let began =
        record.stated().map(|(_, at)| at).chain(record.rows.iter().filter_map(|row| row.at)).min();
    began.is_none_or(|began| period.may_hold(began))
}

/// The result for each write-up.
fn fates(carried_out: &CarriedOut, count: usize, context: &Context) -> Vec<Fate> {
    let mut fates: Vec<Fate> = (0..count).map(|_| Fate::LeftOut).collect();
    let written = |step: &Step| {
        let (id, path) = (step.id.clone(), context.name(&step.path).to_string());
        match &step.action {
            Action::Create { .. } => Fate::Created { id, path },
            Action::Extend { edits, .. } => Fate::Extended { id, path, entries: entries(edits) },
            Action::Unchanged => Fate::Unchanged { id },
        }
    };
    for step in &carried_out.done {
        // Bytes are stored for inputs that created or extended an incident; other inputs repeat
        // those bytes.
        for &index in &step.records {
            let is_stored = step.evidence.iter().any(|(_, stored)| *stored == index);
            fates[index] =
                if is_stored { written(step) } else { Fate::Unchanged { id: step.id.clone() } };
        }
    }
    for &index in carried_out.failed.iter().flat_map(|step| &step.records) {
        fates[index] = Fate::Failed;
    }
    fates
}

impl Document<'_> {
    /// The result in one word.
    fn action(&self) -> &'static str {
        match &self.fate {
            Fate::Created { .. } => "created",
            Fate::Extended { .. } => "extended",
            Fate::Unchanged { .. } => "unchanged",
            Fate::NoIncident => self.record.kind.as_str(),
            Fate::Failed => "failed",
            Fate::LeftOut => "left out",
        }
    }

    fn id(&self) -> Option<&IncidentId> {
        match &self.fate {
            Fate::Created { id, .. } | Fate::Extended { id, .. } | Fate::Unchanged { id } => {
                Some(id)
            }
            Fate::NoIncident | Fate::Failed | Fate::LeftOut => None,
        }
    }

    /// The incident, or the document if it creates none.
    fn name(&self) -> String {
        self.id().map_or_else(|| self.record.id.clone(), ToString::to_string)
    }
}

fn report(
    documents: &[Document<'_>],
    args: &Args,
    terminal: &mut Terminal,
) -> Result<Vec<serde_json::Value>, CliError> {
    if args.json {
        return Ok(documents.iter().map(json).collect());
    }
    let rows = documents.iter().map(|document| {
        if let Fate::NoIncident = document.fate {
            return vec![
                document.name(),
                format!("no: {}", document.action()),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
            ];
        }
        let found = DocumentSummary::of(document.record);
        vec![
            document.name(),
            document.action().to_owned(),
            found.times(),
            found.milestones.len().to_string(),
            document.record.follow_ups.len().to_string(),
            found.missing.join(", "),
        ]
    });
    if !documents.is_empty() {
        Table::new(COLUMNS, rows).write(terminal)?;
    }
    let count =
        |action: &str| documents.iter().filter(|document| document.action() == action).count();
    let skipped =
        documents.iter().filter(|document| matches!(document.fate, Fate::NoIncident)).count();
    let others = if skipped == 0 { String::new() } else { format!(", {skipped} of no incident") };
    let left_out =
        documents.iter().filter(|document| matches!(document.fate, Fate::LeftOut)).count();
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

fn json(document: &Document<'_>) -> serde_json::Value {
    let found = DocumentSummary::of(document.record);
    let (path, entries) = match &document.fate {
        Fate::Created { path, .. } => (Some(path), None),
        Fate::Extended { path, entries, .. } => (Some(path), Some(entries)),
        Fate::Unchanged { .. } | Fate::NoIncident | Fate::Failed | Fate::LeftOut => (None, None),
    };
    serde_json::json!({
        "id": document.id(),
        "action": if let Fate::NoIncident | Fate::LeftOut = document.fate { "skipped" } else { document.action() },
        "path": path,
        "entries": entries,
        "document": document.input.input.name,
        "kind": document.record.kind,
        "title": document.record.title,
        "date": document.record.date,
        "dated": document.record.dated,
        "found": {
            "sections": found.sections,
            "further": document.record.further.iter().map(|(title, _)| title).collect::<Vec<_>>(),
            "lines": found.lines,
            "timed": found.timed,
            "milestones": found.milestones,
            "claims": document.record.claims,
            "metrics": document.record.metrics.len(),
            "follow_ups": document.record.follow_ups.len(),
        },
        "missing": found.missing,
    })
}
