//! Alerts, metrics and status updates as evidence within one incident.

use std::path::{Path, PathBuf};

use super::next;
use super::opened::{self, MOST_ATTEMPTS};
use super::read::ReadInput;
use super::{Args, kept};
use crate::analysis::secrets::{Weight, secrets};
use crate::assemble::evidence::{self, Wishes};
use crate::assemble::{Plan, Provenance, documents, free_source_key, history, stamp};
use crate::cli::answer::VERSION;
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::terminal::{Terminal, clean_line, counted};
use crate::diag::{Diagnostic, Place};
use crate::model::edit::Edit;
use crate::model::evidence::Trust;
use crate::model::{Incident, zone};
use crate::sources::record::{DocumentRecord, IncidentRecord, Record};
use crate::store::workspace::Loaded;
use crate::store::{StoreError, edit, write};

pub(super) fn run(
    id: &str,
    read: &[ReadInput],
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let is_written = workspace.incidents_dir().exists() && !args.dry_run;
    let _lock = if is_written { Some(opened::locked(&workspace, context, terminal)?) } else { None };
    for attempt in 1.. {
        let file = workspace.load(id)?;
        let mut incident = file.as_written().into_owned();
        let (mut edits, mut notes) = (Vec::new(), Vec::new());
        let mut to_keep: Vec<(PathBuf, &[u8])> = Vec::new();
        for input in read {
            let relative = evidence_path(&incident, input);
            let name = document(input).and_then(|record| name_of(input, record, workspace.root()));
            let from = Provenance { name, ..kept(input, relative.display().to_string()) };
            let plan = plan(&incident, input, from, args, workspace.config.definitions.order_of_trust())?;
            notes.extend(plan.notes);
            if plan.edits.iter().any(|edit| matches!(edit, Edit::AddSource(..))) {
                notes.extend(keys_in(input));
                to_keep.push((workspace.root().join(relative), &input.input.bytes));
            }
            plan.edits.iter().for_each(|edit| edit.apply(&mut incident));
            edits.extend(plan.edits);
        }
        if !edits.is_empty() {
            let name = workspace.name(&file.path);
            let text = match edit::apply(&name, &file.text, &file.as_written(), &edits) {
                Ok(text) => text,
                Err(reason) => {
                    // The inputs are all for this one file: the rest of the call is done, and that is nothing.
                    let problem = Diagnostic::error(format!("this file is not extended: {reason}"));
                    return Err(CliError::bad_input(problem.at(Place::whole_file(name))));
                }
            };
            match if args.dry_run { Ok(()) } else { keep_and_write(&to_keep, &file, &text) } {
                // Somebody else has saved it: the plan is made anew on what they saved.
                Err(StoreError::Changed(_)) if attempt < MOST_ATTEMPTS => continue,
                Err(error @ StoreError::Edit { .. }) => {
                    return Err(CliError::bad_input(Diagnostic::error(error.to_string())));
                }
                outcome => outcome?,
            }
        }
        notes.iter().try_for_each(|note| terminal.tell(note))?;
        report(&edits, &file.path, args, context, terminal)?;
        let written = if edits.is_empty() { Vec::new() } else { vec![file.incident.id.clone()] };
        next::say(&written, args, context, terminal)?;
        break;
    }
    Ok(Exit::Fine)
}

/// The warning of keys and passwords in bytes that are about to be stored: a repository keeps them for
/// good.
pub(super) fn keys_in(input: &ReadInput) -> Option<Diagnostic> {
    let text = String::from_utf8_lossy(&input.input.bytes);
    let mut kinds: Vec<&str> =
        secrets(&text).iter().filter(|secret| secret.weight == Weight::Key).map(|secret| secret.what).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let message = format!("{} contains {}, and is stored as evidence", input.input.name, kinds.join(", "));
    let hint = "revoke it, and do not commit the file before it is taken out";
    (!kinds.is_empty()).then(|| Diagnostic::warning(message).hint(hint))
}

/// The evidence goes first: a file that names bytes which are not there would be worse than bytes
/// that no file names. Should the file then not be written, the bytes are taken back.
fn keep_and_write(to_keep: &[(PathBuf, &[u8])], file: &Loaded, text: &str) -> Result<(), StoreError> {
    let mut written: Vec<&Path> = Vec::new();
    let outcome = to_keep.iter().try_for_each(|(path, bytes)| {
        if let Some(folder) = path.parent() {
            write::folder(folder)?;
        }
        write::new_file(path, bytes)?;
        written.push(path);
        Ok(())
    });
    let outcome = outcome.and_then(|()| write::update(&file.path, text.as_bytes(), file.text.as_bytes()));
    if outcome.is_err() {
        for path in written {
            // The first error is the one to tell.
            let _ = std::fs::remove_file(path);
        }
    }
    outcome
}

/// `evidence/<id>/S2.json`, with the ending of the input's own name.
fn evidence_path(incident: &Incident, input: &ReadInput) -> PathBuf {
    let ending = ending(&input.input.name);
    Path::new("evidence").join(incident.id.as_str()).join(format!("{}.{ending}", free_source_key(incident)))
}

/// The ending of an input's name, where it is a plain one.
pub(super) fn ending(name: &str) -> String {
    // `#` begins a fragment in an address, and is a letter in the name of a file.
    let name = if name.contains("://") { name.split(['?', '#']).next().unwrap_or_default() } else { name };
    let extension =
        Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or("data").to_lowercase();
    let plain = extension.len() <= 8 && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { extension } else { "data".to_owned() }
}

/// What a document is called in its incident file: its path in the workspace, so that two files of one
/// name stay two, or its file name where it lies elsewhere; the last part of an address.
pub(super) fn name_of(input: &ReadInput, record: &DocumentRecord, root: &Path) -> Option<String> {
    // A page saved as a file may know its address too.
    if input.input.retrieved_at.is_some() {
        return Some(record.id.clone());
    }
    let path = std::fs::canonicalize(&input.input.name).ok()?;
    let root = std::fs::canonicalize(root).ok()?;
    let inside = path.strip_prefix(root).ok();
    let joined = inside.map(|inside| inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"));
    joined.or_else(|| Some(record.id.clone()))
}

/// Refuses an input that tells of several incidents.
pub(super) fn suits(input: &ReadInput, id: &str) -> Result<(), CliError> {
    let count = posts(input).count();
    if count < 2 {
        return Ok(());
    }
    let message = format!("{} tells of {count} incidents; which of them belongs to `{id}`?", input.input.name);
    Err(CliError::usage(Diagnostic::error(message).hint("cut the input down to one, or import it without --into")))
}

/// What a status page says in the input.
fn posts(input: &ReadInput) -> impl Iterator<Item = &IncidentRecord> {
    input.records.iter().filter_map(|record| match record {
        Record::Incident(record) => Some(record),
        Record::Event(_) | Record::Series(_) | Record::Document(_) => None,
    })
}

/// The write-up that the input is.
fn document(input: &ReadInput) -> Option<&DocumentRecord> {
    input.records.iter().find_map(|record| match record {
        Record::Document(record) => Some(record.as_ref()),
        Record::Incident(_) | Record::Event(_) | Record::Series(_) => None,
    })
}

fn plan(incident: &Incident, input: &ReadInput, from: Provenance, args: &Args, trust: Trust) -> Result<Plan, CliError> {
    if let Some(record) = document(input) {
        if let Some(key) = evidence::already_there(incident, &stamp::hex(&input.input.bytes)) {
            return Ok(here_already(key));
        }
        let known = documents::extend(incident, record, &from, trust);
        return Ok(known.unwrap_or_else(|| documents::add(incident, record, &from, trust)));
    }
    let Some(record) = posts(input).next() else {
        let wishes = Wishes { clock_offset: args.clock_offset };
        return Ok(evidence::add(incident, &input.records, &from, wishes, trust));
    };
    if let Some(plan) = history::extend(incident, record, &from, args.update, trust) {
        return Ok(plan);
    }
    if let Some(key) = evidence::already_there(incident, &stamp::hex(&input.input.bytes)) {
        return Ok(here_already(key));
    }
    Ok(history::add(incident, record, &from, trust))
}

/// Nothing is to be done, and why.
fn here_already(key: &str) -> Plan {
    Plan { edits: Vec::new(), notes: vec![Diagnostic::note(format!("the same bytes are here already, as {key}"))] }
}

fn report(
    edits: &[Edit],
    path: &Path,
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let count = |wanted: fn(&Edit) -> bool| edits.iter().filter(|edit| wanted(edit)).count();
    let entries = count(|edit| matches!(edit, Edit::AppendEntry(_)));
    let sources = count(|edit| matches!(edit, Edit::AddSource(..)));
    let milestones = count(|edit| matches!(edit, Edit::SetMilestone(..)));
    let path = context.name(path).to_string();
    if args.json {
        let action = if edits.is_empty() { "unchanged" } else { "extended" };
        let json = serde_json::json!({ "version": VERSION, "tzdata": zone::release(), "path": path, "action": action, "sources": sources, "entries": entries, "milestones": milestones });
        return terminal.json(&json);
    }
    if edits.is_empty() {
        return terminal.talk(&format!("{path} has it all already"));
    }
    let would = if args.dry_run { " (dry run: nothing was written)" } else { "" };
    let counts = [counted(sources, "source"), counted(entries, "entry"), counted(milestones, "milestone")];
    terminal.line(&clean_line(&format!("extended  {path}  ({}){would}", counts.join(", "))))
}
