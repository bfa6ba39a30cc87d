//! Imports the history of a status page: one file per incident.

use super::args::Args;
use super::carry_out::{CarriedOut, carry_out};
use super::opened::Opened;
use super::outcome::{Outcome, provenance, stopped_writing};
use super::read::ReadInput;
use crate::assemble::plan::order::{self, Input};
use crate::assemble::plan::{LeftOut, histories};
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::filter::Period;
use crate::cli::terminal::{Terminal, clean_line};
use crate::diag::Diagnostic;
use crate::model::edit::Edit;
use crate::sources::record::Record;
use crate::store::commit::{Action, Step};
use crate::text::counted;

pub(super) fn run(
    read: &[&ReadInput],
    args: &Args,
    period: Period,
    context: &Context,
    terminal: &mut Terminal,
    opened: &mut Opened,
) -> Result<Outcome, CliError> {
    let inputs: Vec<Input<'_>> = read
        .iter()
        .map(|&input| Input { records: &input.records, from: provenance(input) })
        .collect();
    let mut records = order::incidents(&inputs);
    let all = records.len();
    order::keep_those_of(&mut records, |began| period.may_hold(began));
    if records.is_empty() {
        terminal.talk(&match all {
            0 => "nothing was created: the input has no incidents".to_owned(),
            _ => format!(
                "nothing was created: --since and --until leave out {}",
                counted(all, "incident")
            ),
        })?;
    }
    let older = if args.update { order::by_age(&mut records) } else { None };
    let records = order::in_families(records);
    let (records, joined) =
        order::joined(&records, opened.incidents.iter().map(|file| &file.incident));
    let carried_out =
        carry_out(opened, records.len(), &[], args.dry_run, terminal, |opened, todo| {
            let severity_of = &|word: &str, meaning: Option<&str>| {
                opened.workspace.config.severity_of(word, meaning)
            };
            histories::plan(
                &records,
                todo,
                opened.known(),
                histories::Options { update: args.update, severity_of },
            )
        })?;
    let CarriedOut { done, failed, left_out, notes, failure, is_stopped } = carried_out;
    let notes =
        older.iter().chain(&joined).chain(done.iter().flat_map(|step| &step.notes)).chain(&notes);
    for note in notes.chain(left_out.iter().map(|left_out| &*left_out.problem)) {
        terminal.report(note)?;
    }
    let json = report(&done, &left_out, args, context, terminal)?;
    let written =
        done.iter().filter(|step| step.is_written()).map(|step| step.id.clone()).collect();
    let exit = if left_out.is_empty() { Exit::Fine } else { Exit::BadInput };
    match failure {
        None if is_stopped => {
            Err(stopped_writing(&counted(failed.len(), "incident"), done.is_empty()))
        }
        None => Ok(Outcome { exit, json, written }),
        Some(error) if done.is_empty() => Err(error.into()),
        Some(error) => Err(CliError::from(error)
            .hint("what is listed above is done; run the same import again to do the rest")),
    }
}

/// Refuses an input without incidents.
pub(super) fn suits(read: &ReadInput) -> Result<(), CliError> {
    if read.records.iter().all(|record| matches!(record, Record::Incident(_) | Record::Document(_)))
    {
        return Ok(());
    }
    let message =
        format!("{} holds evidence, not incidents ({})", read.input.name, read.source.id());
    Err(CliError::usage(Diagnostic::error(message).hint("add it to an incident: `--into ID`")))
}

/// The number of new or replaced entries.
pub(super) fn entries(edits: &[Edit]) -> usize {
    edits
        .iter()
        .filter(|edit| matches!(edit, Edit::AppendEntry(_) | Edit::ReplaceEntry(..)))
        .count()
}

fn report(
    steps: &[Step],
    left_out: &[LeftOut],
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Vec<serde_json::Value>, CliError> {
    if args.json {
        let json = steps.iter().map(|Step { id, path, action, .. }| {
            let path = context.name(path).to_string();
            match action {
                Action::Create { .. } => serde_json::json!({ "id": id, "action": "created", "path": path }),
                Action::Extend { edits, .. } => {
                    serde_json::json!({ "id": id, "action": "extended", "path": path, "entries": entries(edits) })
                }
                Action::Unchanged => serde_json::json!({ "id": id, "action": "unchanged" }),
            }
        });
        let left_out = left_out.iter().map(
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
            Action::Extend { edits, .. } => {
                extended += 1;
                terminal
                    .line(&format!("extended  {path}  ({})", counted(entries(edits), "entry")))?;
            }
            Action::Unchanged => kept += records.len(),
        }
    }
    let would = if args.dry_run { " (dry run: nothing was written)" } else { "" };
    let left_out =
        if left_out.is_empty() { String::new() } else { format!(", {} left out", left_out.len()) };
    terminal.talk(&format!(
        "{created} created, {extended} extended, {kept} unchanged{left_out}{would}"
    ))?;
    Ok(Vec::new())
}
