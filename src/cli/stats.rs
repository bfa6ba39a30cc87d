//! `posthoc stats`.

mod comparison;
mod csv;
mod human;
mod layout;
mod proof;
mod report;

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use self::report::Output;
use super::answer::VERSION;
use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::Filters;
use super::names::one_of;
use super::period::Time;
use super::reports;
use super::terminal::Terminal;
use crate::analysis::duration_name::DurationName;
use crate::analysis::objective::Objective;
use crate::analysis::stats::compare::compare;
use crate::analysis::stats::{Availability, Grouping, Row, Rows, StatsOptions, StatsTable};
use crate::diag::Diagnostic;
use crate::model::zone as tzdata;
use crate::model::zone::Zone;
use crate::report::{Audience, statistics};
use crate::store::Workspace;
use crate::store::workspace::Loaded;

/// Aggregate recovery times over the incidents, no more precisely than the sample allows
///
/// The median comes first, with an interval and its confidence; fewer than five values are listed
/// instead of averaged. Unknown, uncertain and ongoing values are counted next to every number. An
/// ongoing incident has lasted at least until now, or until --now.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filters: Filters,
    /// Group by severity, service, team, cause, month, quarter or year; by two of them with a comma
    #[arg(long, value_name = "A[,B]", value_delimiter = ',', ignore_case = true, value_parser = one_of(Grouping::ALL, Grouping::as_str))]
    by: Vec<Grouping>,
    /// Which durations: ttr, restore, ttd, ttn, reported, impact … separated by commas; mttr is
    /// ttr, with an explanation
    #[arg(long = "metric", value_name = "NAMES", value_delimiter = ',', ignore_case = true, value_parser = metric(), default_value = "ttr,restore,ttd,ttn,reported,impact")]
    metrics: Vec<Asked>,
    /// Compare what began in one period with what began in another: 2026-Q1 2026-Q2, or
    /// 2026-01..2026-03 2026-04..2026-06
    #[arg(long, value_names = ["A..B", "C..D"], num_args = 2, conflicts_with_all = ["since", "until"])]
    compare: Vec<Range>,
    /// Leave out values that are known only by a fallback
    #[arg(long)]
    strict: bool,
    /// Write a report with figures instead: md, html, pdf, separated by commas
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', ignore_case = true, conflicts_with_all = ["compare", "format", "json"], value_parser = one_of(Output::ALL, Output::as_str))]
    to: Vec<Output>,
    /// The readers of the figures and of the report: public, internal, restricted; without it,
    /// everything counts
    #[arg(long, value_name = "AUDIENCE", ignore_case = true, value_parser = one_of(Audience::ALL, Audience::as_str))]
    audience: Option<Audience>,
    /// The folder of the report
    #[arg(long, value_name = "DIR", default_value = "out", requires = "to")]
    out: PathBuf,
    /// Write the exact values to this folder, with scripts in Python and R that compute the same
    /// figures
    #[arg(long, value_name = "DIR", conflicts_with_all = ["compare", "to", "format", "json"])]
    proof: Option<PathBuf>,
    /// Draw the durations below the table, on a logarithmic axis
    #[arg(long, conflicts_with_all = ["compare", "to", "proof", "format", "json"])]
    plot: bool,
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
pub(super) struct Asked {
    pub(super) name: DurationName,
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
pub(super) fn metric() -> impl TypedValueParser<Value = Asked> {
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
struct Versioned<T> {
    version: u32,
    tzdata: &'static str,
    #[serde(flatten)]
    answer: T,
}

/// The statistics as JSON.
#[derive(serde::Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    table: &'a StatsTable,
    objectives: &'a [Availability],
}

/// The first and the second grouping of `--by`.
fn groupings(by: &[Grouping]) -> Result<(Option<Grouping>, Option<Grouping>), CliError> {
    let usage = |message: &str| Err(CliError::usage(Diagnostic::error(message)));
    match by {
        [] => Ok((None, None)),
        [one] => Ok((Some(*one), None)),
        [one, other] if one == other => usage("--by names the same grouping twice"),
        [one, other] if one.is_period() && other.is_period() => {
            usage("--by takes one of month, quarter and year")
        }
        [one, other] => Ok((Some(*one), Some(*other))),
        _ => usage("--by takes two groupings at most"),
    }
}

/// A period as typed: `2026-Q1`, or `2026-01..2026-03`, with both ends in it.
#[derive(Debug, Clone)]
struct Range {
    typed: String,
    first: Time,
    last: Time,
}

impl std::str::FromStr for Range {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        Ok(Range { typed: text.trim().to_owned(), first: first.parse()?, last: last.parse()? })
    }
}

/// What to compute for each of the two periods, and what they are called.
fn compared(
    before: &Range,
    after: &Range,
    options: &StatsOptions,
    context: &Context,
) -> Result<[(String, StatsOptions); 2], CliError> {
    let usage = |message: String| CliError::usage(Diagnostic::error(message));
    if options.by.into_iter().chain(options.then_by).any(Grouping::is_period) {
        return Err(usage("--compare cannot be combined with a period in --by".to_owned()));
    }
    let bounds = |range: &Range| {
        let bounds = |time: Time| time.bounds(context.now(), options.zone);
        let (since, until) = (bounds(range.first)?.0, bounds(range.last)?.1);
        (since < until).then_some((since, until))
    };
    let period = |range: &Range| -> Result<_, CliError> {
        let (since, until) = bounds(range).ok_or_else(|| {
            usage(format!("{} is no period: it ends before it begins", range.typed))
        })?;
        let options = StatsOptions { since: Some(since), until: Some(until), ..options.clone() };
        Ok((range.typed.clone(), options))
    };
    let [before, after] = [period(before)?, period(after)?];
    if before.1.since < after.1.until && after.1.since < before.1.until {
        let message = format!("{} and {} have a time in common", before.0, after.0);
        return Err(CliError::usage(
            Diagnostic::error(message).hint("an incident must be in one of them"),
        ));
    }
    Ok([before, after])
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    // The statistics report which incidents are outside the period, and which have no date.
    let period = args.filters.period(context, &workspace)?;
    let zone = Filters::zone(context, &workspace);
    let (by, then_by) = groupings(&args.by)?;
    let options = StatsOptions {
        metrics: distinct(args.metrics.iter().map(|asked| asked.name)),
        by,
        then_by,
        zone,
        since: period.since,
        until: period.until,
        strict: args.strict,
        inputs: args.plot || args.proof.is_some() || !args.to.is_empty(),
        now: Some(context.now()),
    };
    let definitions = &workspace.config.definitions;
    let (rows, exit) = rows(args, &workspace, &options, terminal)?;
    let format = if args.json { Format::Json } else { args.format };
    if let [before, after] = args.compare.as_slice() {
        let compared = compared(before, after, &options, context)?
            .map(|(name, options)| (name, rows.stats(definitions, &options)));
        compare_periods(compared, format, terminal)?;
        return Ok(exit);
    }
    let answer = rows.stats(definitions, &options);
    if let Some(folder) = &args.proof {
        proof::write(&answer, folder, context, terminal)?;
        return Ok(exit);
    }
    let objectives = objectives(args, &workspace, &rows, &options);
    let notes = || notes(args, &answer, &workspace, &objectives, zone);
    if !args.to.is_empty() {
        let by = Some(Grouping::Month);
        let months = StatsOptions { metrics: Vec::new(), by, then_by: None, ..options.clone() };
        let months = rows.stats(definitions, &months);
        let target = report::Target {
            to: &args.to,
            out: &args.out,
            audience: args.audience.unwrap_or(Audience::Internal),
        };
        report::write(&target, (&answer, &months), &notes(), zone, context, terminal)?;
        return Ok(exit);
    }
    match format {
        Format::Table => {
            terminal.page();
            human::write(&answer, args.plot, &notes(), terminal)?;
        }
        Format::Tsv => human::table(&answer).write_tabs(terminal)?,
        Format::Json => {
            let answer = Answer { table: &answer, objectives: &objectives };
            terminal.json(&Versioned { version: VERSION, tzdata: tzdata::release(), answer })?;
        }
        Format::Csv => terminal.say(&csv::write(&answer)?)?,
    }
    Ok(exit)
}

/// Prints the differences between two periods, each with its name.
fn compare_periods(
    [before, after]: [(String, StatsTable); 2],
    format: Format,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let answer = comparison::Compared {
        comparisons: compare((&before.0, &before.1), (&after.0, &after.1)),
        before: before.1,
        after: after.1,
    };
    match format {
        Format::Json => {
            terminal.json(&Versioned { version: VERSION, tzdata: tzdata::release(), answer })
        }
        Format::Table => comparison::write(&answer, terminal),
        Format::Tsv | Format::Csv => {
            Err(CliError::usage(Diagnostic::error("--compare has no table; use --format json")))
        }
    }
}

/// The rows of the selected incidents, which are not in memory at the same time unless a filter has
/// to look at all of them.
fn rows(
    args: &Args,
    workspace: &Workspace,
    options: &StatsOptions,
    terminal: &mut Terminal,
) -> Result<(Rows, Exit), CliError> {
    let definitions = &workspace.config.definitions;
    let row = |loaded: &Loaded| -> Result<Row, CliError> {
        let incident = reports::readable(loaded, workspace, args.audience)?;
        Ok(Row::of(&incident, definitions, options))
    };
    if !args.filters.is_selective() {
        let all = workspace.load_each(|loaded| row(&loaded))?;
        let exit = reports::report_each(&all.problems, terminal)?;
        let rows: Result<_, CliError> = all.values.into_iter().collect();
        return Ok((Rows::new(rows?), exit));
    }
    let selection = args.filters.select_at_any_time(workspace)?;
    let exit = reports::report_problems(&selection.chosen, terminal)?;
    let rows: Result<_, CliError> = selection.chosen.incidents.iter().map(row).collect();
    Ok((Rows::new(rows?), exit))
}

/// The notes below the figures.
fn notes(
    args: &Args,
    answer: &StatsTable,
    workspace: &Workspace,
    objectives: &[Availability],
    zone: Zone,
) -> Vec<String> {
    let means = args.metrics.iter().filter(|asked| asked.by_mean).map(|asked| asked.name);
    let is_selective = args.filters.is_selective() && !workspace.config.objectives.is_empty();
    let objectives = if is_selective {
        vec!["objectives: not measured, since a filter leaves incidents out".to_owned()]
    } else {
        statistics::objectives(objectives, zone)
    };
    statistics::notes(answer, objectives, &distinct(means), zone)
}

/// The objectives, unless incidents are left out: without them a service would look better than it
/// was.
fn objectives(
    args: &Args,
    workspace: &Workspace,
    rows: &Rows,
    options: &StatsOptions,
) -> Vec<Availability> {
    if args.filters.is_selective() {
        return Vec::new();
    }
    let stated: Vec<(&str, &Objective)> =
        workspace.config.objectives.iter().map(|(name, one)| (name.as_str(), one)).collect();
    rows.availability(&stated, options)
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
