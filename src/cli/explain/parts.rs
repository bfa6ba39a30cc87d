//! What was asked for, and how a number came about.

use clap_complete::ArgValueCompleter;
use serde_json::{Value, json};

use crate::analysis::stats::Grouping;
use crate::cli::answer::VERSION;
use crate::cli::complete;
use crate::cli::error::CliError;
use crate::cli::filter::Dates;
use crate::cli::names::one_of;
use crate::cli::stats::{Asked, metric};
use crate::cli::terminal::{Terminal, clean_line};
use crate::diag::Place;
use crate::model::time::Precision;
use crate::model::zone;

/// Explain one number: its inputs with file and line, its formula, the arithmetic, and a check
///
/// `posthoc explain 2026-03-17-x ttr` explains a duration of one incident, `posthoc explain stats
/// ttr` the median of all, and `posthoc explain stats ttr sev2 --by severity` that of one group.
/// Each check is one line of Python, R or SQL that computes the same number from the inputs without
/// posthoc.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An incident's id, or a part of it that matches no other; or `stats`
    #[arg(value_name = "INCIDENT|stats", add = ArgValueCompleter::new(complete::incidents))]
    pub(super) what: String,
    /// Which duration: ttr, ttd, impact …
    #[arg(value_name = "METRIC", ignore_case = true, value_parser = metric())]
    pub(super) metric: Asked,
    /// With `stats` and --by: which group
    #[arg(value_name = "GROUP", requires = "by")]
    pub(super) group: Option<String>,
    /// With `stats`: group as `posthoc stats --by` does
    #[arg(long, value_name = "WHAT", ignore_case = true, requires = "group", value_parser = one_of(Grouping::ALL, Grouping::as_str))]
    pub(super) by: Option<Grouping>,
    #[command(flatten)]
    pub(super) dates: Dates,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// How a number came about.
pub(super) struct Explanation {
    /// The number with its name: `TTR of 2026-03-17-x = 5 h 16 min`.
    pub(super) number: String,
    /// The figures in seconds, as far as they are known.
    pub(super) seconds: Value,
    /// What it is computed from.
    pub(super) inputs: Vec<Input>,
    /// A label and a sentence each: formula, arithmetic, rounding.
    pub(super) steps: Vec<(&'static str, String)>,
    /// A language and one line of it each.
    pub(super) checks: Vec<(&'static str, String)>,
}

/// One input, and where it is written.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) place: Option<Place>,
}

impl Explanation {
    pub(super) fn json(&self) -> Value {
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

    pub(super) fn write(&self, terminal: &mut Terminal) -> Result<(), CliError> {
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
pub(super) fn rounding(precision: Precision) -> String {
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
