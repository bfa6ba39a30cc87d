//! The statistics as CSV: one line per group and duration; durations in seconds; unknown values
//! empty.

use crate::analysis::stats::bounds::Bounds;
use crate::analysis::stats::{
    Few, Group, Mean, Median, Method, Metric, NoMean, P90, Ranks, StatsTable,
};
use crate::cli::error::CliError;
use crate::diag::Diagnostic;
use crate::text::cells;

/// The subject of one line.
struct Line<'a> {
    group: &'a Group,
    metric: &'a Metric,
    answer: &'a StatsTable,
}

/// A column: its name and its value.
type Column = (&'static str, fn(&Line) -> String);

/// All columns. Few values are lists separated by `;`, all in the same order: the midpoint, the
/// minimum and the maximum of each. The maximum of an ongoing value is empty.
const COLUMNS: [Column; 56] = [
    ("group", |line| line.group.name.clone()),
    ("incidents", |line| line.group.incidents.to_string()),
    ("metric", |line| line.metric.name.to_string()),
    ("known", |line| line.metric.known.to_string()),
    ("by_fallback", |line| line.metric.by_fallback.to_string()),
    ("uncertain", |line| line.metric.uncertain.to_string()),
    ("missing", |line| line.metric.missing.to_string()),
    ("contradictory", |line| line.metric.contradictory.to_string()),
    ("ongoing", |line| line.metric.ongoing.to_string()),
    ("median_s", |line| number(line.median().and_then(|median| median.value))),
    ("median_low_s", |line| number(line.median().and_then(|median| median.low))),
    ("median_high_s", |line| number(line.median().and_then(|median| median.high))),
    ("p90_s", |line| number(line.p90().and_then(|p90| p90.value))),
    ("mean_s", |line| number(line.mean().map(|mean| mean.value))),
    ("largest_share", |line| number(line.mean().map(|mean| mean.largest_share))),
    ("about", |line| line.metric.about.to_string()),
    ("business_median_s", |line| {
        number(line.metric.business.as_ref().and_then(|business| business.median.as_ref()?.value))
    }),
    ("n", |line| line.metric.summary.n.to_string()),
    ("censored", |line| line.metric.summary.censored.to_string()),
    ("median_method", |line| {
        let name = |median: &Median| match median.method {
            Method::OrderStatistics => "order_statistics",
            Method::KaplanMeier => "kaplan_meier",
        };
        line.median().map(name).unwrap_or_default().to_owned()
    }),
    ("no_mean", |line| {
        let name = |reason| match reason {
            NoMean::TooFew => "too_few",
            NoMean::NotOver => "not_over",
        };
        line.metric.summary.no_mean.map(name).unwrap_or_default().to_owned()
    }),
    ("values", |line| line.values("; ", |few| few.text.clone())),
    ("values_middle_s", |line| line.values(";", |few| few.seconds.to_string())),
    ("values_min_s", |line| line.values(";", |few| few.min_seconds.to_string())),
    ("values_max_s", |line| line.values(";", |few| number(few.max_seconds))),
    ("impact_known", |line| line.group.impact.known.to_string()),
    ("impact_ongoing", |line| line.group.impact.ongoing.to_string()),
    ("impact_s", |line| line.impact(line.group.impact.any_seconds)),
    ("impact_min_s", |line| line.impact(line.group.impact.any_min_seconds)),
    ("impact_max_s", |line| line.impact(line.group.impact.any_max_seconds)),
    ("impact_by_service_s", |line| line.impact(line.group.impact.service_seconds)),
    ("impact_by_service_min_s", |line| line.impact(line.group.impact.service_min_seconds)),
    ("impact_by_service_max_s", |line| line.impact(line.group.impact.service_max_seconds)),
    ("as_of", |line| {
        line.answer.as_of.map_or_else(String::new, |now| {
            now.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
        })
    }),
    ("definition", |line| {
        line.answer.definitions.get(&line.metric.name).map_or_else(String::new, ToString::to_string)
    }),
    ("definitions_version", |line| line.answer.definitions_version.to_string()),
    ("median_min_s", |line| number(line.median_bounds().map(|bounds| bounds.min_seconds))),
    ("median_max_s", |line| number(line.median_bounds().map(|bounds| bounds.max_seconds))),
    ("median_precision", |line| {
        line.median_bounds().map_or("", |bounds| bounds.precision.as_str()).to_owned()
    }),
    ("lower_bounds", |line| line.metric.lower_bounds.to_string()),
    ("upper_bounds", |line| line.metric.upper_bounds.to_string()),
    ("bounded_median_min_s", |line| {
        number(line.metric.bounded.as_ref().and_then(|all| all.median_min_seconds))
    }),
    ("bounded_median_max_s", |line| {
        number(line.metric.bounded.as_ref().and_then(|all| all.median_max_seconds))
    }),
    ("bounds", |line| {
        let values = line.metric.bounded.iter().flat_map(|bounded| &bounded.values);
        values.map(|few| few.text.as_str()).collect::<Vec<_>>().join("; ")
    }),
    ("not_applicable", |line| line.metric.not_applicable.to_string()),
    ("median_low_rank", |line| rank(line.ranks().and_then(|ranks| ranks.low))),
    ("median_high_rank", |line| rank(line.ranks().and_then(|ranks| ranks.high))),
    ("median_confidence", |line| number(line.ranks().map(|ranks| ranks.confidence))),
    ("p90_low_s", |line| number(line.p90().and_then(|p90| p90.low))),
    ("p90_high_s", |line| number(line.p90().and_then(|p90| p90.high))),
    ("mean_low_s", |line| number(line.mean().and_then(|mean| mean.low))),
    ("mean_high_s", |line| number(line.mean().and_then(|mean| mean.high))),
    ("proactive", |line| line.metric.proactive.to_string()),
    ("median_if_unknown_shorter_s", |line| {
        number(line.metric.if_unknown.and_then(|unknown| unknown.median_if_shorter_seconds))
    }),
    ("median_if_unknown_longer_s", |line| {
        number(line.metric.if_unknown.and_then(|unknown| unknown.median_if_longer_seconds))
    }),
    ("reported_instead", |line| rank(line.metric.reported_instead)),
];

impl Line<'_> {
    fn median(&self) -> Option<&Median> {
        self.metric.summary.median.as_ref()
    }

    fn ranks(&self) -> Option<Ranks> {
        self.median()?.ranks
    }

    fn p90(&self) -> Option<&P90> {
        self.metric.summary.p90.as_ref()
    }

    fn median_bounds(&self) -> Option<&Bounds> {
        self.median()?.bounds.as_ref()
    }

    fn mean(&self) -> Option<&Mean> {
        self.metric.summary.mean.as_ref()
    }

    fn values(&self, between: &str, cell: impl Fn(&Few) -> String) -> String {
        self.metric.summary.values.iter().map(cell).collect::<Vec<_>>().join(between)
    }

    /// A length of impact: empty, not zero, if it is unknown.
    fn impact(&self, seconds: f64) -> String {
        number((self.group.impact.known > 0).then_some(seconds))
    }
}

fn rank(value: Option<usize>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

pub(super) fn write(answer: &StatsTable) -> Result<String, CliError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| {
        CliError::failed(Diagnostic::error(format!("cannot write the CSV: {error}")))
    };
    writer.write_record(COLUMNS.map(|(name, _)| name)).map_err(wrong)?;
    for group in &answer.groups {
        for metric in &group.metrics {
            let line = Line { group, metric, answer };
            writer
                .write_record(COLUMNS.map(|(_, value)| cells::csv(&value(&line)).into_owned()))
                .map_err(wrong)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| CliError::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
