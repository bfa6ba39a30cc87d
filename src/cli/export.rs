//! `posthoc export`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::names::one_of;
use super::reports;
use super::terminal::{Terminal, clean_line};
use crate::analysis::config::Definitions;
use crate::analysis::progress::known_until;
use crate::analysis::{impact, phases};
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::word_enums::words;
use crate::report::Audience;
use crate::report::tables::{Facts, TABLES, Table};
use crate::store::workspace::Loaded;
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
/// There is one file for each table: incidents, milestones, durations, windows, updates and
/// action_items. Instants are in UTC and lengths in seconds; what is unknown is empty, or null.
/// docs/reference/export.md describes each column.
///
/// Without --audience the tables contain everything, also restricted and hidden entries. With it
/// they contain what that audience may read: for the public there are no names, internal entries,
/// tickets, sources and links.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    /// What to write: csv, ndjson, separated by commas
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', default_value = "csv", ignore_case = true, value_parser = one_of(Output::ALL, Output::as_str))]
    to: Vec<Output>,
    /// The readers: public, internal, restricted
    #[arg(long, value_name = "AUDIENCE", ignore_case = true, value_parser = one_of(Audience::ALL, Audience::as_str))]
    audience: Option<Audience>,
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
    let (definitions, now) = (&workspace.config.definitions, context.now());
    let lines = |loaded: &Loaded| {
        let incident = reports::readable(loaded, &workspace, args.audience)?;
        lines(&incident, definitions, now, &args.to)
    };
    // Only the lines of many incidents are in memory, unless a filter has to look at all of them.
    let (all, exit) = if args.filters.is_everything() {
        let all = workspace.load_each(|loaded| lines(&loaded))?;
        (all.values, reports::report_each(&all.problems, terminal)?)
    } else {
        let selection = args.filters.select(&workspace, context, terminal)?;
        let exit = reports::report_problems(&selection.chosen, terminal)?;
        (selection.chosen.incidents.iter().map(lines).collect(), exit)
    };
    let all: Vec<Vec<String>> = all.into_iter().collect::<Result<_, CliError>>()?;
    let out = context.path(&args.out);
    write::folder(&out)?;
    for (index, (table, output)) in files(&args.to).enumerate() {
        let head = match output {
            Output::Csv => csv([table.columns.iter().map(|name| (*name).to_owned())])?,
            Output::Ndjson => String::new(),
        };
        let text: String = std::iter::once(&head)
            .chain(all.iter().map(|lines| &lines[index]))
            .map(String::as_str)
            .collect();
        let path = out.join(format!("{}.{output}", table.name));
        write::output(&path, text.as_bytes())?;
        terminal.line(&clean_line(&context.name(&path).to_string()))?;
    }
    Ok(exit)
}

/// The files to write, in their order.
fn files(to: &[Output]) -> impl Iterator<Item = (Table, Output)> {
    TABLES.into_iter().flat_map(move |table| to.iter().map(move |&output| (table, output)))
}

/// The lines of one incident in each of the files.
fn lines(
    incident: &Incident,
    definitions: &Definitions,
    now: DateTime<Utc>,
    to: &[Output],
) -> Result<Vec<String>, CliError> {
    // As in statistics, an incident that is silent for long is ongoing only until its last record.
    let as_of = known_until(incident, now);
    let facts = Facts {
        incident,
        durations: phases::durations(incident, definitions, Some(as_of)),
        windows: impact::windows(incident),
        definitions_version: definitions.version,
        as_of,
    };
    let mut lines = Vec::with_capacity(TABLES.len() * to.len());
    for table in TABLES {
        let rows = table.rows(&facts);
        for output in to {
            lines.push(match output {
                Output::Csv => csv(rows.iter().map(|row| row.iter().map(cell)))?,
                Output::Ndjson => ndjson(&table, &rows),
            });
        }
    }
    Ok(lines)
}

fn csv(rows: impl IntoIterator<Item = impl Iterator<Item = String>>) -> Result<String, CliError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.map(|text| cells::csv(&text).into_owned())).map_err(|error| {
            CliError::failed(Diagnostic::error(format!("cannot write the CSV: {error}")))
        })?;
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
