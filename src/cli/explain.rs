//! `posthoc explain`.

mod aggregate;
mod single;

use clap_complete::ArgValueCompleter;
use serde_json::{Value, json};

use super::answer::VERSION;
use super::args::Context;
use super::complete;
use super::error::{CliError, Exit};
use super::filter::Dates;
use super::names::one_of;
use super::stats::{Asked, metric};
use super::terminal::{Terminal, clean_line};
use crate::analysis::stats::Grouping;
use crate::diag::Place;
use crate::model::time::Precision;
use crate::model::zone;

/// Explain one number: its inputs with file and line, its formula, the arithmetic, and a check
///
/// `posthoc explain 2026-03-17-x ttr` explains a duration of one incident, `posthoc explain stats ttr` the median
/// of all, and `posthoc explain stats ttr sev2 --by severity` that of one group. Each check is one line of Python,
/// R or SQL that computes the same number from the inputs without posthoc.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An incident's id, or a part of it that matches no other; or `stats`
    #[arg(value_name = "INCIDENT|stats", add = ArgValueCompleter::new(complete::incidents))]
    what: String,
    /// Which duration: ttr, ttd, impact …
    #[arg(value_name = "METRIC", ignore_case = true, value_parser = metric())]
    metric: Asked,
    /// With `stats` and --by: which group
    #[arg(value_name = "GROUP", requires = "by")]
    group: Option<String>,
    /// With `stats`: group as `posthoc stats --by` does
    #[arg(long, value_name = "WHAT", ignore_case = true, requires = "group", value_parser = one_of(Grouping::ALL, Grouping::as_str))]
    by: Option<Grouping>,
    #[command(flatten)]
    dates: Dates,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// How a number came about.
struct Explanation {
    /// The number with its name: `TTR of 2026-03-17-x = 5 h 16 min`.
    number: String,
    /// The figures in seconds, as far as they are known.
    seconds: Value,
    /// What it is computed from.
    inputs: Vec<Input>,
    /// A label and a sentence each: formula, arithmetic, rounding.
    steps: Vec<(&'static str, String)>,
    /// A language and one line of it each.
    checks: Vec<(&'static str, String)>,
}

/// One input, and where it is written.
struct Input {
    name: String,
    value: String,
    place: Option<Place>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let explanation = if args.what == "stats" {
        aggregate::explain(args, &workspace, context, terminal)?
    } else {
        single::explain(&args.what, args.metric.name, &workspace, context)?
    };
    if args.json {
        terminal.json(&explanation.json())?;
        return Ok(Exit::Fine);
    }
    terminal.page();
    explanation.write(terminal)?;
    Ok(Exit::Fine)
}

impl Explanation {
    fn json(&self) -> Value {
        let inputs = self.inputs.iter().map(|input| {
            let place = input.place.as_ref();
            json!({
                "name": input.name, "value": input.value,
                "file": place.map(|place| &*place.file), "line": place.map(|place| place.line),
            })
        });
        let pairs = |pairs: &[(&'static str, String)]| -> Value {
            pairs.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect()
        };
        json!({
            "version": VERSION, "tzdata": zone::release(), "number": self.number, "seconds": self.seconds,
            "inputs": inputs.collect::<Vec<Value>>(), "steps": pairs(&self.steps), "checks": pairs(&self.checks),
        })
    }

    fn write(&self, terminal: &mut Terminal) -> Result<(), CliError> {
        terminal.paragraph(&clean_line(&self.number))?;
        terminal.line("")?;
        let widest = |of: fn(&Input) -> &String| {
            self.inputs.iter().map(|input| of(input).chars().count()).max().unwrap_or(0)
        };
        let (names, values) = (widest(|input| &input.name), widest(|input| &input.value));
        for Input { name, value, place } in &self.inputs {
            let place = place
                .as_ref()
                .map_or_else(String::new, |place| format!("{}:{}", place.file, place.line));
            let line = format!("{name:names$}  {value:values$}  {place}");
            terminal.line(clean_line(&line).trim_end())?;
        }
        if !self.inputs.is_empty() {
            terminal.line("")?;
        }
        for (label, text) in &self.steps {
            terminal.paragraph(&clean_line(&format!("{label}: {text}")))?;
        }
        // A command is not broken into lines: it is there to be copied.
        for (language, text) in &self.checks {
            terminal.line(&clean_line(&format!("{language}: {text}")))?;
        }
        Ok(())
    }
}

/// The rule by which a length is shown.
fn rounding(precision: Precision) -> String {
    let unit = match precision {
        Precision::Day => "day",
        Precision::Minute => "minute",
        Precision::Second => "second",
        Precision::Subsecond => "second, although the inputs are finer",
    };
    format!(
        "truncated to the {unit}, the coarsest precision of the inputs; the ends of an interval are moved outwards"
    )
}
