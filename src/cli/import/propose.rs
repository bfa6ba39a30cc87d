//! `posthoc import --propose`, and the choices made with `--set`.

use serde_json::{Value as Json, json};

use super::args::Args;
use super::read::ReadInput;
use crate::assemble::plan::proposal::{self, Proposed, Value, Vocabulary};
use crate::cli::answer::{versioned, write_json};
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::table::{Column, Table};
use crate::cli::terminal::Terminal;
use crate::diag::Diagnostic;
use crate::sources::Yields;
use crate::sources::record::{DocumentRecord, Record};

fn vocabulary(context: &Context) -> Result<Vocabulary, CliError> {
    let config = context.workspace()?.config;
    Ok(Vocabulary { services: config.services, words: config.writeups.words })
}

/// Applies `[writeups.words]` and the choices of `--set`.
pub(super) fn decide(
    read: &mut [ReadInput],
    args: &Args,
    context: &Context,
) -> Result<(), CliError> {
    let documents = read.iter_mut().flat_map(|one| &mut one.records);
    let documents = documents.filter_map(|record| match record {
        Record::Document(document) => Some(document.as_mut()),
        _ => None,
    });
    let mut documents: Vec<&mut DocumentRecord> = documents.collect();
    if !args.set.is_empty() && documents.len() != 1 {
        let message = format!("--set is for one write-up, and there are {}", documents.len());
        return Err(CliError::usage(Diagnostic::error(message)));
    }
    if documents.is_empty() {
        return Ok(());
    }
    let vocabulary = vocabulary(context)?;
    for document in &mut documents {
        proposal::teach(document, &vocabulary);
        for choice in &args.set {
            proposal::accept(document, choice).map_err(|why| {
                let hint = "--propose lists the fields with their lines";
                CliError::usage(Diagnostic::error(format!("--set: {why}")).hint(hint))
            })?;
        }
    }
    Ok(())
}

/// Prints the value found for each field of every write-up.
pub(super) fn run(
    read: &[ReadInput],
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    if let Some(one) = read.iter().find(|one| one.source.yields() != Yields::Documents) {
        let message = format!(
            "{}: --propose is for write-ups, and this is {}",
            one.input.name,
            one.source.id()
        );
        return Err(CliError::usage(Diagnostic::error(message)));
    }
    let vocabulary = vocabulary(context)?;
    let mut all: Vec<Json> = Vec::new();
    for one in read {
        let text = String::from_utf8_lossy(&one.input.bytes);
        for record in &one.records {
            let Record::Document(record) = record else { continue };
            let mut fields = proposal::propose(record, &vocabulary);
            let places =
                fields.iter_mut().flat_map(|field| field.found.iter_mut().chain(&mut field.others));
            places
                .filter(|value| value.line.is_none())
                .for_each(|value| value.line = line_of(&text, value));
            if args.json {
                all.push(
                    json!({"document": one.input.name, "title": record.title, "fields": fields}),
                );
            } else {
                terminal.talk(&format!("{}: {}", one.input.name, record.title))?;
                Table::new(COLUMNS, fields.iter().map(row)).write(terminal)?;
            }
        }
    }
    if args.json {
        write_json(terminal, &versioned("documents", all))?;
    }
    Ok(Exit::Fine)
}

/// The first line of a text that contains the quoted words.
fn line_of(text: &str, value: &Value) -> Option<usize> {
    let words = value.quote.as_deref()?.trim_end_matches('…');
    text.lines().position(|line| line.contains(words)).map(|at| at + 1)
}

const COLUMNS: [Column; 5] = [
    Column::new("field"),
    Column::new("sure"),
    Column::new("found").cut(),
    Column::new("where").cut(),
    Column::new("or").cut(),
];

fn row(field: &Proposed) -> Vec<String> {
    let place = |value: &Value| {
        let line = value.line.map_or(String::new(), |line| format!("L{line}"));
        match value.quote.as_deref().filter(|quote| *quote != value.value) {
            Some(quote) => format!("{line} “{quote}”").trim_start().to_owned(),
            None => line,
        }
    };
    let other = |value: &Value| format!("{} ({})", value.value, place(value));
    let sure = serde_json::to_value(field.sure).ok();
    vec![
        field.field.clone(),
        sure.and_then(|sure| Some(sure.as_str()?.to_owned())).unwrap_or_default(),
        field.found.as_ref().map_or(String::new(), |value| {
            value.value.lines().next().unwrap_or_default().to_owned()
        }),
        field.found.as_ref().map_or(String::new(), place),
        field.others.iter().map(other).collect::<Vec<_>>().join("; "),
    ]
}
