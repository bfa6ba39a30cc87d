//! The exact values of the statistics with scripts that compute the same figures without posthoc.

use std::path::Path;

use crate::analysis::stats::{Few, Metric, StatsTable};
use crate::assemble::entry_key;
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::cli::terminal::{Terminal, clean_line};
use crate::diag::Diagnostic;
use crate::store::write;
use crate::text::cells;

const PYTHON: &str = include_str!("proof/check.py");
const R: &str = include_str!("proof/check.R");

/// Writes `values.csv`, `expected.csv`, their hashes and two scripts into the folder `out`.
/// `answer` lists its inputs.
pub(super) fn write(
    answer: &StatsTable,
    out: &Path,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let (values, expected) = (csv(&VALUES, values(answer))?, csv(&EXPECTED, expected(answer))?);
    let hash = |name: &str, text: &str| format!("{}  {name}\n", entry_key::hex(text.as_bytes()));
    let hashes = hash("values.csv", &values) + &hash("expected.csv", &expected);
    let out = context.path(out);
    write::folder(&out)?;
    for (name, text) in [
        ("values.csv", values.as_str()),
        ("expected.csv", &expected),
        ("SHA256SUMS", &hashes),
        ("check.py", PYTHON),
        ("check.R", R),
    ] {
        let path = out.join(name);
        write::output(&path, text.as_bytes())?;
        terminal.line(&clean_line(&context.name(&path).to_string()))?;
    }
    Ok(())
}

const VALUES: [&str; 7] =
    ["group", "metric", "incident", "seconds", "min_seconds", "max_seconds", "over"];

/// Every value that a figure is made from; `over` is 0 for one that is ongoing. Bounds are no
/// values.
fn values(answer: &StatsTable) -> Vec<Vec<String>> {
    let row = |(group, metric, one): (&str, &Metric, &Few)| {
        let id = one.incident.as_ref().map_or_else(String::new, ToString::to_string);
        let [min, max] = [one.length.min, one.length.max].map(|end| end.as_seconds_f64());
        vec![
            group.to_owned(),
            metric.name.to_string(),
            id,
            one.seconds.to_string(),
            min.to_string(),
            max.to_string(),
            u8::from(!one.so_far).to_string(),
        ]
    };
    let inputs = metrics(answer)
        .flat_map(|(group, metric)| metric.inputs.iter().map(move |one| (group, metric, one)));
    inputs.filter(|(_, _, one)| one.bound.is_none()).map(row).collect()
}

const EXPECTED: [&str; 11] = [
    "group",
    "metric",
    "n",
    "censored",
    "median",
    "low",
    "high",
    "confidence",
    "p90_low",
    "p90_high",
    "mean",
];

/// The figures that posthoc prints, not rounded; what is unknown is empty.
fn expected(answer: &StatsTable) -> Vec<Vec<String>> {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let row = |(group, metric): (&str, &Metric)| {
        let summary = &metric.summary;
        let (median, p90) = (summary.median.as_ref()?, summary.p90.as_ref());
        Some(vec![
            group.to_owned(),
            metric.name.to_string(),
            summary.n.to_string(),
            summary.censored.to_string(),
            number(median.value),
            number(median.low),
            number(median.high),
            number(median.ranks.map(|ranks| ranks.confidence)),
            number(p90.and_then(|p90| p90.low)),
            number(p90.and_then(|p90| p90.high)),
            number(summary.mean.as_ref().map(|mean| mean.value)),
        ])
    };
    metrics(answer).filter_map(row).collect()
}

fn metrics(answer: &StatsTable) -> impl Iterator<Item = (&str, &Metric)> {
    let groups = answer.groups.iter().chain(&answer.total);
    groups.flat_map(|group| group.metrics.iter().map(|metric| (group.name.as_str(), metric)))
}

fn csv(header: &[&str], rows: Vec<Vec<String>>) -> Result<String, CliError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| {
        CliError::failed(Diagnostic::error(format!("cannot write the CSV: {error}")))
    };
    writer.write_record(header).map_err(wrong)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| cells::csv(cell).into_owned())).map_err(wrong)?;
    }
    let bytes = writer.into_inner().map_err(|error| CliError::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
