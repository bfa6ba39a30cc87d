//! What n values can carry: a list, or a median with its interval, then a p90, and last a mean.

use serde::Serialize;

use super::Metric;
use super::bootstrap::Resampler;
use super::quantile::type7;
use super::sample::{Observed, Row, seconds};
use super::survival::{self, Lasted};
use crate::analysis::measure::is_too_wide;
use crate::analysis::phases::DurationName;
use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;

/// Below this many, values are listed and nothing is averaged.
const ENOUGH_TO_AVERAGE: usize = 5;
/// From this many on, a p90 is more than the name of the largest value.
const ENOUGH_FOR_P90: usize = 10;

/// What can be said of some durations. All are in seconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    /// How many values there are, those that are not over among them.
    pub n: usize,
    /// How many of them are not over: censored at the table's instant.
    pub censored: usize,
    /// The middle, from five on.
    pub median: Option<Median>,
    /// The 90 % point, from ten on.
    pub p90: Option<f64>,
    /// The mean, from five on, unless some are not over: then nobody knows it.
    pub mean: Option<Mean>,
    /// Why there is no mean.
    pub no_mean: Option<NoMean>,
    /// The values themselves in rising order, where they are too few for anything else.
    pub values: Vec<Few>,
}

/// A median and where it lies with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Median {
    /// The median; `None` where more than half are not over, and nobody knows it yet.
    pub value: Option<f64>,
    /// The lower end of the interval.
    pub low: Option<f64>,
    /// The upper end; `None` where the data cannot bound it.
    pub high: Option<f64>,
    /// How both were computed.
    pub method: Method,
}

/// How a median was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Linear interpolation (R type 7), with a seeded percentile bootstrap.
    Bootstrap,
    /// Kaplan and Meier's estimate, with Greenwood's interval: some are not over.
    KaplanMeier,
}

/// Why there is no mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoMean {
    /// There are too few values to average.
    TooFew,
    /// Some are not over, and how long they will have been is a part of any mean.
    NotOver,
}

/// A mean, and how much of it is one incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mean {
    /// The mean.
    pub value: f64,
    /// The largest value's share of the sum, 0 to 1.
    pub largest_share: f64,
    /// The incident with the largest value.
    pub largest: Option<IncidentId>,
}

/// One value, and whose it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Few {
    /// The value; the middle of one that is an interval.
    pub seconds: f64,
    /// Whether it is an interval, of which `seconds` is only the middle.
    pub is_midpoint: bool,
    /// The least that it can be.
    pub min_seconds: f64,
    /// The most that it can be; `None` where it is not over.
    pub max_seconds: Option<f64>,
    /// Whether it is not over: the value is so far.
    pub so_far: bool,
    /// The value for a reader, as well as it is known: `29–53 h`, `~40 min`, `2 h so far`.
    pub text: String,
    /// The value itself, to be shown otherwise.
    #[serde(skip)]
    pub length: Elapsed,
    /// The incident, where it is one incident's.
    pub incident: Option<IncidentId>,
}

impl Few {
    fn new((length, incident): Value, so_far: bool) -> Self {
        Few {
            seconds: seconds(length.middle()),
            is_midpoint: length.is_uncertain(),
            min_seconds: seconds(length.min),
            max_seconds: (!so_far).then(|| seconds(length.max)),
            so_far,
            text: format!("{length}{}", if so_far { " so far" } else { "" }),
            length,
            incident: incident.cloned(),
        }
    }
}

/// A length, and the incident whose it is.
pub type Value<'a> = (Elapsed, Option<&'a IncidentId>);

/// Sums up `known` values and those that are not over, of which `censored` is how long they have
/// lasted so far.
pub fn summarize(mut known: Vec<Value>, censored: Vec<Value>, resampler: &mut Resampler) -> Summary {
    known.sort_unstable_by_key(|&(length, incident)| (length.middle(), incident));
    let n = known.len() + censored.len();
    if n < ENOUGH_TO_AVERAGE {
        let so_far = censored.iter().map(|&value| Few::new(value, true));
        let mut values: Vec<Few> = known.iter().map(|&value| Few::new(value, false)).chain(so_far).collect();
        values.sort_by(|a, b| (a.length.middle(), &a.incident).cmp(&(b.length.middle(), &b.incident)));
        return Summary { n, censored: censored.len(), no_mean: Some(NoMean::TooFew), values, ..Summary::default() };
    }
    let sorted: Vec<f64> = known.iter().map(|&(length, _)| seconds(length.middle())).collect();
    if !censored.is_empty() {
        return with_censored(&sorted, &censored, n);
    }
    let interval = resampler.median_interval(&sorted);
    let sum: f64 = sorted.iter().sum();
    let mean = known.last().zip(sorted.last()).map(|(&(_, incident), &largest)| Mean {
        value: sum / n as f64,
        largest_share: if sum > 0.0 { largest / sum } else { 0.0 },
        largest: incident.cloned(),
    });
    Summary {
        n,
        median: Some(Median {
            value: type7(&sorted, 0.5),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            method: Method::Bootstrap,
        }),
        p90: (n >= ENOUGH_FOR_P90).then(|| type7(&sorted, 0.9)).flatten(),
        mean,
        ..Summary::default()
    }
}

fn with_censored(known: &[f64], censored: &[Value], n: usize) -> Summary {
    let over = known.iter().map(|&seconds| Lasted { seconds, over: true });
    let so_far = censored.iter().map(|(length, _)| Lasted { seconds: seconds(length.middle()), over: false });
    let lasted: Vec<Lasted> = over.chain(so_far).collect();
    let median = survival::quantile(&lasted, 0.5);
    Summary {
        n,
        censored: censored.len(),
        median: Some(Median { value: median.at, low: median.low, high: median.high, method: Method::KaplanMeier }),
        p90: (n >= ENOUGH_FOR_P90).then(|| survival::quantile(&lasted, 0.9).at).flatten(),
        no_mean: Some(NoMean::NotOver),
        ..Summary::default()
    }
}

/// The metric at `index` of `rows`, with what it rests on.
pub(super) fn metric(name: DurationName, index: usize, rows: &[&Row], resampler: &mut Resampler) -> Metric {
    let mut metric = Metric {
        name,
        known: 0,
        by_fallback: 0,
        about: 0,
        uncertain: 0,
        wide: Vec::new(),
        missing: 0,
        contradictory: 0,
        ongoing: 0,
        summary: Summary::default(),
        business: None,
    };
    let (mut values, mut censored) = (Vec::with_capacity(rows.len()), Vec::new());
    let mut in_business = Vec::new();
    for row in rows {
        match row.observed[index] {
            Observed::Known { length, by_fallback, business } => {
                metric.known += 1;
                metric.by_fallback += usize::from(by_fallback);
                metric.about += usize::from(length.about);
                metric.uncertain += usize::from(length.is_uncertain());
                if is_too_wide(&length) {
                    metric.wide.push(row.incident.id.clone());
                }
                values.push((length, Some(&row.incident.id)));
                in_business.extend(business.map(|length| (length, Some(&row.incident.id))));
            }
            Observed::Ongoing { so_far } => {
                metric.ongoing += 1;
                censored.extend(so_far.map(|so_far| (so_far, Some(&row.incident.id))));
            }
            Observed::Contradictory => metric.contradictory += 1,
            Observed::Missing => metric.missing += 1,
        }
    }
    metric.summary = summarize(values, censored, resampler);
    // How much of what is not over lies in business hours is not asked: it has no figure then.
    let has_business = metric.ongoing == 0 && !in_business.is_empty();
    metric.business = has_business.then(|| summarize(in_business, Vec::new(), resampler));
    metric
}
