//! The statistics for people: numbers never without how many they rest on.

use super::layout::{self, Figures, filled};
use super::notes::{self, bounded_median};
use crate::analysis::stats::bounds::{self, Bounds};
use crate::analysis::stats::{
    Bounded, Few, Group, Grouping, Median, Method, Metric, NoMean, P90, StatsTable, Summary,
};
use crate::cli::error::CliError;
use crate::cli::table::Table;
use crate::cli::terminal::{Terminal, width};
use crate::model::elapsed::Elapsed;
use crate::model::time::Precision;
use crate::model::zone::Zone;

/// Writes the answer, the times in it in `zone`.
pub(super) fn write(
    answer: &StatsTable,
    zone: Zone,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    if answer.groups.iter().all(|group| group.incidents == 0) {
        terminal.talk("no incidents to count")?;
    }
    table(answer).write(terminal)?;
    let width = width();
    terminal.line("")?;
    notes::of(answer, zone).iter().try_for_each(|note| {
        let indent = note.len() - note.trim_start().len() + 2;
        terminal.say(&filled(note, indent, width))
    })
}

/// The figures of every group and duration.
pub(super) fn table(answer: &StatsTable) -> Table {
    let mut figures = Vec::new();
    // A period into which only impact reaches has no durations.
    let with_incidents =
        |group: &&Group| group.incidents > 0 || !answer.by.is_some_and(Grouping::is_period);
    for group in answer.groups.iter().filter(with_incidents) {
        for metric in &group.metrics {
            let row = |name: String, n: usize, summary: &Summary| Figures {
                group: answer.by.map(|_| group.name.clone()),
                metric: name,
                known: format!("{n} of {}", group.incidents),
                ..figures_of(summary)
            };
            let main = row(metric.name.as_str().to_uppercase(), metric.known, &metric.summary);
            figures.push(match &metric.bounded {
                Some(bounded) => with_bounds(main, metric, bounded),
                None => main,
            });
            if let Some(business) = &metric.business {
                figures.push(row(
                    format!("{} in business hours", metric.name.as_str().to_uppercase()),
                    business.n,
                    business,
                ));
            }
        }
    }
    layout::table(&figures)
}

fn figures_of(summary: &Summary) -> Figures {
    let unknown = || "—".to_owned();
    let median = summary.median.as_ref();
    let mean = summary.mean.as_ref();
    let p90 = summary.p90.as_ref();
    Figures {
        median: match median {
            Some(median) => median
                .value
                .zip(median.bounds)
                .map_or_else(unknown, |(value, bounds)| bounds.text(value)),
            None if summary.values.is_empty() => unknown(),
            None => listed(&summary.values),
        },
        interval: median.and_then(interval).unwrap_or_default(),
        p90: p90.and_then(at_90_percent).unwrap_or_default(),
        p90_interval: p90
            .filter(|p90| p90.value.is_some())
            .and_then(|p90| between(p90.bounds.as_ref()?, p90.low?, p90.high?))
            .unwrap_or_default(),
        mean: match mean {
            Some(mean) => mean.bounds.text(mean.value),
            None if summary.no_mean == Some(NoMean::NotOver) => unknown(),
            None => String::new(),
        },
        largest: mean
            .map_or_else(String::new, |mean| format!("{:.0} %", mean.largest_share * 100.0)),
        mean_interval: mean
            .and_then(|mean| between(&mean.bounds, mean.low?, mean.high?))
            .unwrap_or_default(),
        ..Figures::default()
    }
}

/// The 90 % point, or its lower limit where the values bound it from below only.
fn at_90_percent(p90: &P90) -> Option<String> {
    match (p90.value, p90.low) {
        (Some(value), _) => Some(p90.bounds?.text(value)),
        (None, low) => Some(format!("≥ {}", p90.bounds?.text_of_one(low?))),
    }
}

/// From one limit to the other, as precisely as the figure between them.
fn between(bounds: &Bounds, low: f64, high: f64) -> Option<String> {
    Some(format!("{} – {}", bounds.text_of_one(low), bounds.text_of_one(high)))
}

/// Where the median lies. What the data cannot bound is said.
fn interval(median: &Median) -> Option<String> {
    let text = |seconds| match &median.bounds {
        Some(bounds) => bounds.text_of_one(seconds),
        None => length(seconds),
    };
    match (median.low, median.high) {
        (Some(low), Some(high)) => Some(format!("{} – {}", text(low), text(high))),
        (Some(low), None) => Some(format!("≥ {}, no upper limit", text(low))),
        (None, Some(high)) => Some(format!("≤ {}, no lower limit", text(high))),
        // Too little is over to say anything of where the median lies.
        (None, None) => (median.method == Method::KaplanMeier).then(|| "no limits".to_owned()),
    }
}

/// The figures with what bounds say, where values alone say little: a few bounds are listed beside
/// few values, and where no value is known the median is bounded.
fn with_bounds(figures: Figures, metric: &Metric, bounded: &Bounded) -> Figures {
    if metric.summary.n == 0
        && let Some(median) = bounded_median(bounded)
    {
        return Figures { median, ..figures };
    }
    if metric.summary.median.is_some() || bounded.values.is_empty() {
        return figures;
    }
    let values = [&metric.summary.values, &bounded.values].map(|values| listed(values));
    let median = values.into_iter().filter(|list| !list.is_empty()).collect::<Vec<_>>().join(", ");
    Figures { median, ..figures }
}

/// Too few to average: the values themselves, each as well as it is known.
fn listed(values: &[Few]) -> String {
    values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(", ")
}

/// A figure of which only the seconds are known, to the minute.
fn length(seconds: f64) -> String {
    Elapsed { precision: Precision::Minute, ..Elapsed::exactly(bounds::length(seconds)) }
        .to_string()
}
