//! The statistics as CSV: one line per group and duration, lengths in seconds, unknown empty.

use crate::analysis::stats::{Group, Metric, StatsTable};
use crate::cli::error::CliError;
use crate::diag::Diagnostic;

const HEADER: [&str; 19] = [
    "group",
    "incidents",
    "metric",
    "known",
    "by_fallback",
    "uncertain",
    "missing",
    "contradictory",
    "ongoing",
    "median_s",
    "median_low_s",
    "median_high_s",
    "p90_s",
    "mean_s",
    "largest_share",
    "about",
    "business_median_s",
    "definition",
    "definitions_version",
];

pub(super) fn write(answer: &StatsTable) -> Result<String, CliError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| CliError::failed(Diagnostic::error(format!("cannot write the CSV: {error}")));
    writer.write_record(HEADER).map_err(wrong)?;
    for group in &answer.groups {
        for metric in &group.metrics {
            writer.write_record(line(group, metric, answer)).map_err(wrong)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| CliError::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn line(group: &Group, metric: &Metric, answer: &StatsTable) -> [String; 19] {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let median = metric.summary.median.as_ref();
    let mean = metric.summary.mean.as_ref();
    [
        group.name.clone(),
        group.incidents.to_string(),
        metric.name.to_string(),
        metric.known.to_string(),
        metric.by_fallback.to_string(),
        metric.uncertain.to_string(),
        metric.missing.to_string(),
        metric.contradictory.to_string(),
        metric.ongoing.to_string(),
        number(median.and_then(|median| median.value)),
        number(median.and_then(|median| median.low)),
        number(median.and_then(|median| median.high)),
        number(metric.summary.p90),
        number(mean.map(|mean| mean.value)),
        number(mean.map(|mean| mean.largest_share)),
        metric.about.to_string(),
        number(metric.business.as_ref().and_then(|business| business.median.as_ref()?.value)),
        answer.definitions.get(&metric.name).cloned().unwrap_or_default(),
        answer.definitions_version.to_string(),
    ]
}
