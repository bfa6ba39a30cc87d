//! `posthoc stats`.

mod csv;
mod human;
mod layout;
mod notes;

use super::answer::VERSION;
use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::names::one_of;
use super::reports;
use super::terminal::Terminal;
use crate::analysis::duration_name::DurationName;
use crate::analysis::stats::{Grouping, StatsOptions, StatsTable, stats};
use crate::model::{Incident, zone};

/// Aggregate recovery times over the incidents, no more precisely than the sample allows
///
/// The median comes first, with an interval and how sure it is; fewer than five values are listed and
/// not averaged. Unknown, uncertain and ongoing values are counted beside every number; an ongoing
/// incident has lasted at least until now, or until --now.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    filters: Filters,
    /// Group by severity, service, team, cause, month, quarter or year
    #[arg(long, value_name = "WHAT", ignore_case = true, value_parser = one_of(Grouping::ALL, Grouping::as_str))]
    by: Option<Grouping>,
    /// Which durations: ttr, ttd, ttn, reported, impact … separated by commas
    #[arg(long = "metric", value_name = "NAMES", value_delimiter = ',', ignore_case = true, value_parser = one_of(DurationName::ALL, DurationName::as_str), default_value = "ttr,ttd,ttn,reported,impact")]
    metrics: Vec<DurationName>,
    /// Leave out values that are known only by a fallback
    #[arg(long)]
    strict: bool,
    /// The output format
    #[arg(long, value_name = "FORM", default_value = "table", ignore_case = true)]
    format: Format,
    /// As JSON: the same as --format json
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Table,
    /// Tab-separated values: the rows of the table, without the notes
    Tsv,
    /// For programs
    Json,
    /// For spreadsheets: one line per group and duration
    Csv,
}

/// The answer in JSON, with the version of its shape.
#[derive(serde::Serialize)]
struct Versioned {
    version: u32,
    tzdata: &'static str,
    #[serde(flatten)]
    answer: StatsTable,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    // The statistics themselves say which incidents are outside the period, and which have no date.
    let period = args.filters.period(context, &workspace)?;
    let selection = args.filters.select_at_any_time(&workspace)?;
    let exit = reports::tell_problems(&selection.chosen, terminal)?;
    let incidents: Vec<&Incident> = selection.incidents().collect();
    let options = StatsOptions {
        metrics: args.metrics.clone(),
        by: args.by,
        zone: Filters::zone(context, &workspace),
        since: period.since,
        until: period.until,
        strict: args.strict,
        now: Some(context.now()),
    };
    let answer = stats(&incidents, &workspace.config.definitions, &options);
    match if args.json { Format::Json } else { args.format } {
        Format::Table => {
            terminal.page();
            human::write(&answer, options.zone, terminal)?;
        }
        Format::Tsv => human::table(&answer).write_tabs(terminal)?,
        Format::Json => {
            let answer = Versioned { version: VERSION, tzdata: zone::release(), answer };
            terminal.json(&answer)?;
        }
        Format::Csv => terminal.say(&csv::write(&answer)?)?,
    }
    Ok(exit)
}
