//! `posthoc verify`.

use std::collections::BTreeSet;

use super::answer::{Answer, Form};
use super::args::Context;
use super::check::has_incidents;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::reports;
use super::table::{Column, Table};
use super::terminal::Terminal;
use crate::analysis::rules::EvidenceState;
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::store::Workspace;
use crate::text::counted;

/// Verify that the evidence files are the bytes that were imported
///
/// Reads every file that a source names with `path`, and compares its SHA-256 with the one in the
/// incident file. Exits with 1 if a file is missing, changed, unreadable, or has no SHA-256. Files
/// in the evidence folder of an incident that no source names are reported.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    answer: Answer,
}

const COLUMNS: [Column; 4] = [
    Column::new("incident"),
    Column::new("source"),
    Column::new("state"),
    Column::new("path").cut(),
];

/// One evidence file.
struct Row<'i> {
    incident: &'i Incident,
    source: &'i str,
    path: &'i str,
    sha256: Option<&'i str>,
    state: String,
}

impl Row<'_> {
    fn is_proven(&self) -> bool {
        self.state == UNCHANGED
    }
}

const UNCHANGED: &str = "unchanged";

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    has_incidents(&workspace, context)?;
    let selection = args.filters.select(&workspace, context, terminal)?;
    let exit = reports::report_problems(&selection.chosen, terminal)?;
    let incidents: Vec<&Incident> = selection.incidents().collect();
    let rows: Vec<Row<'_>> =
        incidents.iter().flat_map(|incident| rows(incident, &workspace)).collect();
    let failed = rows.iter().filter(|row| !row.is_proven()).count();
    let is_short = args.answer.form() == Form::Table;
    // A table lists only the files that need attention.
    let shown = rows.iter().filter(|row| !is_short || !row.is_proven());
    let cells = |row: &Row<'_>| {
        vec![
            row.incident.id.to_string(),
            row.source.to_owned(),
            row.state.clone(),
            row.path.to_owned(),
        ]
    };
    if !is_short || failed > 0 {
        let json = |row: &Row<'_>| {
            serde_json::json!({
                "incident": row.incident.id, "source": row.source, "path": row.path, "sha256": row.sha256, "state": row.state,
            })
        };
        args.answer.write(
            terminal,
            || Table::new(COLUMNS, shown.map(cells)),
            "evidence",
            || rows.iter().map(json).collect(),
        )?;
    }
    for path in incidents.iter().flat_map(|incident| unnamed(incident, &workspace)) {
        let note = Diagnostic::note(format!("no source names {path}"));
        terminal.report(
            &note.hint("`posthoc import FILE --into ID` stores evidence with its source"),
        )?;
    }
    terminal.talk(&format!(
        "{} of {} unchanged",
        rows.len() - failed,
        counted(rows.len(), "evidence file")
    ))?;
    Ok(if failed > 0 { exit.max(Exit::Findings) } else { exit })
}

/// The evidence files of one incident, by its sources.
fn rows<'i>(incident: &'i Incident, workspace: &Workspace) -> Vec<Row<'i>> {
    let changed = reports::not_as_it_was(incident, &|path| workspace.read_evidence(path));
    let sources =
        incident.sources.iter().filter_map(|(key, info)| Some((key, info.path.as_deref()?, info)));
    sources
        .map(|(key, path, info)| {
            let state = changed.iter().find(|(source, _)| source == key).map(|(_, state)| state);
            let state = match state {
                None if info.sha256.is_none() => "no SHA-256".to_owned(),
                None => UNCHANGED.to_owned(),
                Some(EvidenceState::Missing) => "missing".to_owned(),
                Some(EvidenceState::Changed) => "changed".to_owned(),
                Some(EvidenceState::Unreadable(why)) => format!("unreadable: {why}"),
            };
            Row { incident, source: key, path, sha256: info.sha256.as_deref(), state }
        })
        .collect()
}

/// The files in an incident's evidence folder that no source names.
fn unnamed(incident: &Incident, workspace: &Workspace) -> Vec<String> {
    let named: BTreeSet<&str> =
        incident.sources.values().filter_map(|source| source.path.as_deref()).collect();
    let files = workspace.stored_files(&format!("evidence/{}", incident.id));
    files.into_iter().filter(|path| !named.contains(path.as_str())).collect()
}
