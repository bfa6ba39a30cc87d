//! The figures of each group and duration as text, each as precise as its values.

use crate::analysis::stats::bounds::Bounds;
use crate::analysis::stats::{
    Bounded, Few, Group, Median, Method, Metric, NoMean, P90, StatsTable, Summary,
};
use crate::model::time::Precision;

/// The figures of one duration of one group, formatted; empty if there is none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    /// The group, if there are several; the same in all rows of a group.
    pub(crate) group: Option<String>,
    pub(crate) metric: String,
    pub(crate) known: String,
    /// The median, or the values if they are too few for a median.
    pub(crate) median: String,
    pub(crate) interval: String,
    pub(crate) p90: String,
    pub(crate) p90_interval: String,
    pub(crate) mean: String,
    pub(crate) largest: String,
    pub(crate) mean_interval: String,
}

/// All incidents together, where that is more than one group.
pub(super) fn several(answer: &StatsTable) -> Option<&Group> {
    answer.total.as_ref().filter(|_| answer.groups.len() > 1)
}

/// The figures of every group and duration.
pub(crate) fn rows(answer: &StatsTable) -> Vec<Figures> {
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
    figures
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

/// The median of values and bounds: `≥ 31 min`, `≤ 5 h`, `10 min – 2 h`.
pub(super) fn bounded_median(bounded: &Bounded) -> Option<String> {
    let precision = bounded.precision.unwrap_or(Precision::Minute);
    let show = |min: f64, max: f64| {
        let precision = precision_of(min, precision);
        let bounds = Bounds { min_seconds: min, max_seconds: max, precision, about: bounded.about };
        bounds.text(min)
    };
    match (bounded.median_min_seconds?, bounded.median_max_seconds) {
        (least, None) if least > 0.0 => Some(format!("≥ {}", show(least, least))),
        (_, None) => None,
        (least, Some(most)) if least > 0.0 => Some(show(least, most)),
        (_, Some(most)) => Some(format!("≤ {}", show(most, most))),
    }
}

/// The precision for a length, if the coarsest of several has `precision`: a length below one day
/// is not shown in days, even if other values are known only to the day.
pub(super) fn precision_of(seconds: f64, precision: Precision) -> Precision {
    let is_less = seconds < precision.unit().num_seconds() as f64;
    if is_less { precision.max(Precision::Minute) } else { precision }
}
