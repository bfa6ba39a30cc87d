//! `posthoc export`.

use std::path::PathBuf;

use serde_json::Value;

use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::names::one_of;
use super::reports;
use super::terminal::{Terminal, clean_line};
use crate::analysis::{impact, phases};
use crate::diag::Diagnostic;
use crate::model::word_enums::words;
use crate::report::tables::{Facts, TABLES, Table};
use crate::store::write;
use crate::text::cells;

words! {
    /// The kinds of files that are exported.
    Output {
        /// Comma-separated values.
        Csv = "csv",
        /// A JSON object in each line.
        Ndjson = "ndjson",
    }
}

/// Write all incidents as tables for other programs: CSV, or JSON lines
///
/// There is one file for each table: incidents, milestones, durations, windows, updates and action_items. Instants are
/// in UTC and lengths in seconds; what is unknown is empty, or null. docs/reference/export.md describes each column.
///
/// The tables are internal: they contain what reports for the public leave out.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    /// What to write: csv, ndjson, separated by commas
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', default_value = "csv", ignore_case = true, value_parser = one_of(Output::ALL, Output::as_str))]
    to: Vec<Output>,
    /// The folder to write to
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

/// Runs the command.
pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let selection = args.filters.select(&workspace, context, terminal)?;
    let exit = reports::report_problems(&selection.chosen, terminal)?;
    let definitions = &workspace.config.definitions;
    let facts = |incident| Facts {
        incident,
        durations: phases::durations(incident, definitions, Some(context.now())),
        windows: impact::windows(incident),
        definitions_version: definitions.version,
    };
    let incidents: Vec<Facts> = selection.incidents().map(facts).collect();
    let out = context.path(&args.out);
    write::folder(&out)?;
    for table in TABLES {
        let rows: Vec<Vec<Value>> = incidents.iter().flat_map(|facts| table.rows(facts)).collect();
        for output in &args.to {
            let text = match output {
                Output::Csv => csv(&table, &rows)?,
                Output::Ndjson => ndjson(&table, &rows),
            };
            let path = out.join(format!("{}.{output}", table.name));
            write::output(&path, text.as_bytes())?;
            terminal.line(&clean_line(&context.name(&path).to_string()))?;
        }
    }
    Ok(exit)
}

fn csv(table: &Table, rows: &[Vec<Value>]) -> Result<String, CliError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| {
        CliError::failed(Diagnostic::error(format!("cannot write the CSV: {error}")))
    };
    writer.write_record(table.columns).map_err(wrong)?;
    for row in rows {
        let cells = row.iter().map(|value| cells::csv(&cell(value)).into_owned());
        writer.write_record(cells).map_err(wrong)?;
    }
    let bytes = writer.into_inner().map_err(|error| CliError::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A value as text: nothing for null, and the parts of a list with `; ` between them.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join("; "),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn ndjson(table: &Table, rows: &[Vec<Value>]) -> String {
    let line = |row: &Vec<Value>| {
        let object: Value =
            table.columns.iter().map(|name| (*name).to_owned()).zip(row.iter().cloned()).collect();
        format!("{object}\n")
    };
    rows.iter().map(line).collect()
}
