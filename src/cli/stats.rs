//! `posthoc stats`.

mod csv;
mod human;
mod layout;
mod notes;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

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
/// The median comes first, with an interval and its confidence; fewer than five values are listed
/// instead of averaged. Unknown, uncertain and ongoing values are counted next to every number. An
/// ongoing incident has lasted at least until now, or until --now.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    filters: Filters,
    /// Group by severity, service, team, cause, month, quarter or year
    #[arg(long, value_name = "WHAT", ignore_case = true, value_parser = one_of(Grouping::ALL, Grouping::as_str))]
    by: Option<Grouping>,
    /// Which durations: ttr, restore, ttd, ttn, reported, impact … separated by commas; mttr is ttr, with
    /// an explanation
    #[arg(long = "metric", value_name = "NAMES", value_delimiter = ',', ignore_case = true, value_parser = metric(), default_value = "ttr,restore,ttd,ttn,reported,impact")]
    metrics: Vec<Asked>,
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

/// A requested duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    name: DurationName,
    /// Whether it was requested by the name of its mean, such as `mttr`.
    by_mean: bool,
}

/// The means that can be requested by name.
const MEANS: [(&str, DurationName); 4] = [
    ("mttr", DurationName::Ttr),
    ("mttd", DurationName::Ttd),
    ("mtta", DurationName::Tta),
    ("mttm", DurationName::Ttm),
];

/// A parser for the name of a duration or of its mean. The help lists only the durations.
fn metric() -> impl TypedValueParser<Value = Asked> {
    let values = DurationName::ALL.iter().map(|&name| {
        let means = MEANS.iter().filter(move |(_, of)| *of == name).map(|(mean, _)| *mean);
        PossibleValue::new(name.as_str()).aliases(means)
    });
    PossibleValuesParser::new(values).try_map(|typed| {
        let is = |word: &str| word.eq_ignore_ascii_case(&typed);
        let mean = MEANS.iter().find(|(mean, _)| is(mean)).map(|&(_, name)| name);
        let name =
            mean.or_else(|| DurationName::ALL.iter().copied().find(|name| is(name.as_str())));
        let asked = name.map(|name| Asked { name, by_mean: mean.is_some() });
        asked.ok_or_else(|| format!("no such value: {typed}"))
    })
}

/// The JSON output, with the version of its shape.
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
    // The statistics report which incidents are outside the period, and which have no date.
    let period = args.filters.period(context, &workspace)?;
    let selection = args.filters.select_at_any_time(&workspace)?;
    let exit = reports::tell_problems(&selection.chosen, terminal)?;
    let incidents: Vec<&Incident> = selection.incidents().collect();
    let options = StatsOptions {
        metrics: distinct(args.metrics.iter().map(|asked| asked.name)),
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
            let means = args.metrics.iter().filter(|asked| asked.by_mean).map(|asked| asked.name);
            human::write(&answer, &distinct(means), options.zone, terminal)?;
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

/// Each value once, in the order of their first occurrence.
fn distinct(names: impl Iterator<Item = DurationName>) -> Vec<DurationName> {
    let mut distinct = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}
