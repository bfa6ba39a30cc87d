//! Imports alerts, metrics and status updates as evidence within one incident.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::args::Args;
use super::next;
use super::opened::{self, MOST_ATTEMPTS};
use super::original::original;
use super::read::ReadInput;
use super::status_page::entries;
use crate::assemble::evidence::{self, EvidenceOptions};
use crate::assemble::plan::into::{self, Input, Options, document, posts};
use crate::cli::answer::VERSION;
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::filter::Period;
use crate::cli::stop;
use crate::cli::terminal::{Terminal, clean_line};
use crate::diag::Diagnostic;
use crate::model::edit::Edit;
use crate::model::zone;
use crate::store::StoreError;
use crate::store::commit::{self, Action, Step};
use crate::store::write::Watch;
use crate::text::counted;

pub(super) fn run(
    id: &str,
    read: &[ReadInput],
    args: &Args,
    period: Period,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let is_written = workspace.incidents_dir().exists() && !args.dry_run;
    let _lock =
        if is_written { Some(opened::locked(&workspace, context, terminal)?) } else { None };
    let inputs: Vec<Input<'_>> = read
        .iter()
        .map(|one| {
            let original = original(one, document(&one.records), workspace.root());
            Input { records: &one.records, original }
        })
        .collect();
    let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.original.bytes).collect();
    let onset = args.onset();
    let options = Options {
        onset: &onset,
        evidence_options: EvidenceOptions {
            clock_offset: args.clock_offset,
            since: period.since,
            until: period.until,
            thread: args.thread.as_deref(),
            all_messages: args.all_messages,
            roles: Some(&workspace.config.roles),
            apply_offset: args.apply_offset,
        },
        update: args.update,
        is_stored: workspace.config.store_evidence.unwrap_or(true),
        trust: workspace.config.definitions.order_of_trust(),
    };
    for attempt in 1.. {
        let file = [workspace.load(id)?];
        let is_free = |path: &str, bytes: &[u8]| commit::is_free(&workspace, path, bytes);
        let change = into::plan(&file[0], &inputs, options, &is_free);
        let (steps, left_out) = commit::prepare(&workspace, &file, vec![change]);
        // All inputs are for this one file, so nothing was done before it.
        if let Some(left_out) = left_out.into_iter().next() {
            return Err(CliError::bad_input(*left_out.problem));
        }
        if !args.dry_run {
            match commit::commit(
                &workspace,
                &steps,
                &bytes,
                Watch { stop: stop::asked(), done: &|| () },
            )?
            .into_iter()
            .collect()
            {
                // Somebody saved it in the meantime, so it is planned again from the saved version.
                Err(StoreError::Changed(_)) if attempt < MOST_ATTEMPTS => continue,
                Err(error @ StoreError::Edit { .. }) => {
                    return Err(CliError::bad_input(Diagnostic::error(error.to_string())));
                }
                outcome => outcome?,
            }
        }
        report_steps(&steps, args, context, terminal)?;
        break;
    }
    Ok(Exit::Fine)
}

/// Reports what each step changed, and what to do next.
fn report_steps(
    steps: &[Step],
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    for step in steps {
        step.notes.iter().try_for_each(|note| terminal.report(note))?;
        let edits = match &step.action {
            Action::Extend { edits, .. } => edits.as_slice(),
            _ => &[],
        };
        report(edits, &step.path, args, context, terminal)?;
    }
    let written: Vec<_> =
        steps.iter().filter(|step| step.is_written()).map(|step| step.id.clone()).collect();
    next::say(&written, args, context, terminal)
}

/// The time around the incident `id`, as far as its file states it.
pub(super) fn around(
    id: &str,
    context: &Context,
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    // Errors in the file are reported when the records are added to it.
    let file = context.workspace().ok().and_then(|workspace| workspace.load(id).ok());
    let time = file.and_then(|file| evidence::around(&file.incident));
    time.map_or((None, None), |(first, last)| (Some(first), last))
}

/// Refuses an input with several incidents.
pub(super) fn suits(input: &ReadInput, id: &str) -> Result<(), CliError> {
    let count = posts(&input.records).count();
    if count < 2 {
        return Ok(());
    }
    let message =
        format!("{} has {count} incidents; which of them belongs to `{id}`?", input.input.name);
    Err(CliError::usage(
        Diagnostic::error(message).hint("cut the input down to one, or import it without --into"),
    ))
}

fn report(
    edits: &[Edit],
    path: &Path,
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let count = |wanted: fn(&Edit) -> bool| edits.iter().filter(|edit| wanted(edit)).count();
    let entries = entries(edits);
    let sources = count(|edit| matches!(edit, Edit::AddSource(..)));
    let milestones = count(|edit| matches!(edit, Edit::SetMilestone(..)));
    let path = context.name(path).to_string();
    if args.json {
        let action = if edits.is_empty() { "unchanged" } else { "extended" };
        let json = serde_json::json!({ "version": VERSION, "tzdata": zone::release(), "path": path, "action": action, "sources": sources, "entries": entries, "milestones": milestones });
        return terminal.json(&json);
    }
    if edits.is_empty() {
        return terminal.talk(&format!("{path} already has all of it"));
    }
    let would = if args.dry_run { " (dry run: nothing was written)" } else { "" };
    let counts =
        [counted(sources, "source"), counted(entries, "entry"), counted(milestones, "milestone")];
    terminal.line(&clean_line(&format!("extended  {path}  ({}){would}", counts.join(", "))))
}
