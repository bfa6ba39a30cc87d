//! The statistics for people. Each number is shown with its number of incidents.

use super::comparison;
use super::layout::{self, Figures, filled, several};
use super::notes::{self, bounded_median};
use crate::analysis::duration_name::DurationName;
use crate::analysis::stats::bounds::Bounds;
use crate::analysis::stats::{
    Bounded, Few, Group, Median, Method, Metric, NoMean, P90, StatsTable, Summary,
};
use crate::cli::error::CliError;
use crate::cli::table::Table;
use crate::cli::terminal::{Terminal, width};
use crate::model::time::Precision;
use crate::model::zone::Zone;

/// Writes the statistics, with times in `zone`. `further` are notes on
/// other things than the groups. `means` are the durations that were requested by
/// the name of their mean.
pub(super) fn write(
    answer: &StatsTable,
    further: Vec<String>,
    means: &[DurationName],
    zone: Zone,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    if answer.groups.iter().all(|group| group.incidents == 0) {
        terminal.talk("no incidents to count")?;
    }
    table(answer).write(terminal)?;
    let width = width();
    terminal.line("")?;
    let notes = notes::of(answer, zone)
        .into_iter()
        .chain(further)
        .chain(comparison::of(&answer.comparisons, true))
        .chain(comparison::of_trends(&answer.trends))
        .chain(notes::of_means(answer, means));
    notes.collect::<Vec<_>>().iter().try_for_each(|note| {
        let indent = note.len() - note.trim_start().len() + 2;
        terminal.say(&filled(note, indent, width))
    })
}

/// The figures of every group and duration.
pub(super) fn table(answer: &StatsTable) -> Table {
    let mut figures = Vec::new();
    // A period that contains only a part of an impact has no durations.
    let with_incidents = |group: &&Group| group.incidents > 0 || !answer.is_by_period();
    for group in answer.groups.iter().filter(with_incidents).chain(several(answer)) {
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

pub(super) fn figures_of(summary: &Summary) -> Figures {
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
            .and_then(|p90| Some(p90.bounds?.text_between(p90.low?, p90.high?)))
            .unwrap_or_default(),
        mean: match mean {
            Some(mean) => mean.bounds.text(mean.value),
            None if summary.no_mean == Some(NoMean::NotOver) => unknown(),
            None => String::new(),
        },
        largest: mean
            .map_or_else(String::new, |mean| format!("{:.0} %", mean.largest_share * 100.0)),
        mean_interval: mean
            .and_then(|mean| Some(mean.bounds.text_between(mean.low?, mean.high?)))
            .unwrap_or_default(),
        ..Figures::default()
    }
}

/// The 90 % point, or only its lower limit if the values do not bound it from above.
fn at_90_percent(p90: &P90) -> Option<String> {
    match (p90.value, p90.low) {
        (Some(value), _) => Some(p90.bounds?.text(value)),
        (None, low) => p90.bounds?.text_at_least(low?),
    }
}

/// The interval of the median, and which ends the data cannot bound.
fn interval(median: &Median) -> Option<String> {
    // If the median is unknown, its limits have no unit but seconds.
    let bounds = |seconds| {
        let precision = Precision::Minute;
        let plain = Bounds { min_seconds: seconds, max_seconds: seconds, precision, about: false };
        median.bounds.unwrap_or(plain)
    };
    match (median.low, median.high) {
        (Some(low), Some(high)) => Some(bounds(low).text_between(low, high)),
        (Some(low), None) => match bounds(low).text_at_least(low) {
            Some(low) => Some(format!("{low}, no upper limit")),
            None => Some("no limits".to_owned()),
        },
        (None, Some(high)) => Some(format!("≤ {}, no lower limit", bounds(high).text_of_one(high))),
        // Too few have ended to locate the median.
        (None, None) => (median.method == Method::KaplanMeier).then(|| "no limits".to_owned()),
    }
}

/// The figures with the bounds, if there are few values: a few bounds are listed next to few
/// values, and without any value the median is bounded.
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

/// Too few to average: the values themselves, each at its precision.
fn listed(values: &[Few]) -> String {
    values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(", ")
}
