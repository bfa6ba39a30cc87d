//! What n values can carry: a list, or a median with its interval, then a p90, and last a mean.

use chrono::TimeDelta;
use serde::Serialize;

use super::bounds::{Bounds, Sorted};
use super::mean;
use super::order::Ranks;
use super::sample::seconds;
use super::survival::{self, Lasted};
use crate::analysis::measure::Bound;
use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;
use crate::model::time::Precision;

/// Below this many, values are listed and nothing is averaged.
pub(super) const ENOUGH_TO_AVERAGE: usize = 5;

/// The summary of several durations, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    /// How many values there are, those that are not over among them.
    pub n: usize,
    /// How many of them are not over: censored at the table's instant.
    pub censored: usize,
    /// The middle, from five on.
    pub median: Option<Median>,
    /// The 90 % point, from five on.
    pub p90: Option<P90>,
    /// The mean of at least five values; `None` while one of them is ongoing.
    pub mean: Option<Mean>,
    /// Why there is no mean.
    pub no_mean: Option<NoMean>,
    /// The values themselves in rising order, where they are too few for anything else.
    pub values: Vec<Few>,
}

/// A median and where it lies, with 95 % confidence or what `ranks` says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Median {
    /// The median; `None` while more than half of the incidents are ongoing.
    pub value: Option<f64>,
    /// The lower end of the interval.
    pub low: Option<f64>,
    /// The upper end; `None` where the data cannot bound it.
    pub high: Option<f64>,
    /// Which of the values the limits are, and how sure that makes it; `None` for Kaplan and
    /// Meier's estimate, whose limits are of 95 %.
    pub ranks: Option<Ranks>,
    /// How they were computed.
    pub method: Method,
    /// What the median may be; the limits are those of the least and of the most that each value
    /// can be. `None` where the median is.
    pub bounds: Option<Bounds>,
}

/// How a median was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Linear interpolation (R type 7), with limits that are values themselves.
    OrderStatistics,
    /// Kaplan and Meier's estimate, with Greenwood's interval: some are not over.
    KaplanMeier,
}

/// A 90 % point and where it lies, with at most 2.5 % beyond each limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct P90 {
    /// The 90 % point; `None` where the data cannot bound it from above: it would be little more
    /// than the largest value.
    pub value: Option<f64>,
    /// The lower limit.
    pub low: Option<f64>,
    /// The upper limit, from 36 values on.
    pub high: Option<f64>,
    /// Which of the values the limits are; `None` for Kaplan and Meier's estimate.
    pub ranks: Option<Ranks>,
    /// What the 90 % point may be, or the lower limit where there is no more.
    pub bounds: Option<Bounds>,
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
    /// The lower limit of its 95 % interval; `None` where the values do not differ.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
    /// The largest value's share of the sum, 0 to 1.
    pub largest_share: f64,
    /// The incident with the largest value.
    pub largest: Option<IncidentId>,
    /// What the mean may be.
    pub bounds: Bounds,
}

/// One value, and whose it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Few {
    /// The value; the middle of one that is an interval.
    pub seconds: f64,
    /// Whether it is an interval, of which `seconds` is only the middle.
    pub is_midpoint: bool,
    /// The least that it can be; 0 where it is an upper bound.
    pub min_seconds: f64,
    /// The most that it can be; `None` where it is not over, or a lower bound.
    pub max_seconds: Option<f64>,
    /// How precisely it is known.
    pub precision: Precision,
    /// Whether it is not over: the value is so far.
    pub so_far: bool,
    /// Whether the true length is this or more, or this or less.
    pub bound: Option<Bound>,
    /// The value for a reader, as well as it is known: `29–53 h`, `~40 min`, `2 h so far`.
    pub text: String,
    /// The value itself, to be shown otherwise.
    #[serde(skip)]
    pub length: Elapsed,
    /// The incident, where it is one incident's.
    pub incident: Option<IncidentId>,
}

impl Few {
    pub(super) fn new((length, incident): Value, so_far: bool) -> Self {
        Few {
            seconds: seconds(length.middle()),
            is_midpoint: length.is_uncertain(),
            min_seconds: seconds(length.min),
            max_seconds: (!so_far).then(|| seconds(length.max)),
            precision: length.precision,
            so_far,
            bound: None,
            text: format!("{length}{}", if so_far { " so far" } else { "" }),
            length,
            incident: incident.cloned(),
        }
    }

    pub(super) fn bounding((length, incident): Value, bound: Bound) -> Self {
        let end = match bound {
            Bound::AtLeast => length.min,
            Bound::AtMost => length.max,
        };
        let shown = Elapsed { min: end, max: end, ..length };
        Few {
            is_midpoint: false,
            min_seconds: if bound == Bound::AtMost { 0.0 } else { seconds(end) },
            max_seconds: (bound == Bound::AtMost).then(|| seconds(end)),
            bound: Some(bound),
            text: bound_text(bound, &shown.to_string()),
            ..Few::new((shown, incident), false)
        }
    }
}

/// A bound for a reader: `≥ 31 min`, `≤ 5 h`. Of less than a unit, one says nothing and the other
/// all.
fn bound_text(bound: Bound, length: &str) -> String {
    match (bound, length.strip_prefix("< 1 ")) {
        (Bound::AtLeast, None) => format!("≥ {length}"),
        (Bound::AtLeast, Some(unit)) => format!("≥ 0 {unit}"),
        (Bound::AtMost, None) => format!("≤ {length}"),
        (Bound::AtMost, Some(_)) => length.to_owned(),
    }
}

/// A length, and the incident whose it is.
pub(super) type Value<'a> = (Elapsed, Option<&'a IncidentId>);

/// Sums up `known` values and those that are not over, of which `censored` is how long they have
/// lasted so far.
pub fn summarize(mut known: Vec<Value>, censored: Vec<Value>) -> Summary {
    known.sort_unstable_by_key(|&(length, incident)| (length.middle(), incident));
    let n = known.len() + censored.len();
    if n < ENOUGH_TO_AVERAGE {
        let so_far = censored.iter().map(|&value| Few::new(value, true));
        let mut values: Vec<Few> =
            known.iter().map(|&value| Few::new(value, false)).chain(so_far).collect();
        values.sort_by(|a, b| {
            (a.length.middle(), &a.incident).cmp(&(b.length.middle(), &b.incident))
        });
        return Summary {
            n,
            censored: censored.len(),
            no_mean: Some(NoMean::TooFew),
            values,
            ..Summary::default()
        };
    }
    if !censored.is_empty() {
        return with_censored(&known, &censored);
    }
    let sorted = Sorted::new(known.iter().map(|(length, _)| length));
    let (value, bounds) = sorted.quantile(0.5).unzip();
    let ranks = Ranks::of_median(n);
    // An interval may lie anywhere in the bounds of its values.
    let limits = |ranks: Ranks| ranks.limits(&sorted.minima, &sorted.maxima);
    let [low, high] = ranks.map(limits).unwrap_or_default();
    let sum: f64 = sorted.middles.iter().sum();
    let mean = known.last().zip(sorted.middles.last()).map(|(&(_, incident), &largest)| {
        let (value, bounds) = sorted.mean();
        let largest_share = if sum > 0.0 { largest / sum } else { 0.0 };
        let low = mean::interval(&sorted.minima).map(|(low, _)| low);
        let high = mean::interval(&sorted.maxima).map(|(_, high)| high);
        Mean { value, low, high, largest_share, largest: incident.cloned(), bounds }
    });
    Summary {
        n,
        median: Some(Median { value, low, high, ranks, method: Method::OrderStatistics, bounds }),
        p90: Some(p90(&sorted)),
        mean,
        ..Summary::default()
    }
}

/// The 90 % point of values of which each is over.
fn p90(sorted: &Sorted) -> P90 {
    let ranks = Ranks::of(sorted.middles.len(), 0.9);
    let [low, high] = ranks.limits(&sorted.minima, &sorted.maxima);
    let (value, bounds) = sorted.quantile(0.9).filter(|_| high.is_some()).unzip();
    let bounds = bounds.or_else(|| low.map(|low| sorted.of_one(low, low)));
    P90 { value, low, high, ranks: Some(ranks), bounds }
}

fn with_censored(known: &[Value], censored: &[Value]) -> Summary {
    let n = known.len() + censored.len();
    let sorted = Sorted::new(known.iter().chain(censored).map(|(length, _)| length));
    let quantile = |p: f64, of: fn(&Elapsed) -> TimeDelta| {
        let lasted = |values: &[Value], over| -> Vec<Lasted> {
            values.iter().map(|(length, _)| Lasted { seconds: seconds(of(length)), over }).collect()
        };
        survival::quantile(&[lasted(known, true), lasted(censored, false)].concat(), p)
    };
    let with_bounds = |p: f64| {
        let [least, middle, most] =
            [|length: &Elapsed| length.min, Elapsed::middle, |length: &Elapsed| length.max]
                .map(|of: fn(&Elapsed) -> TimeDelta| quantile(p, of));
        let bounds = least.at.zip(most.at).map(|(min, max)| sorted.of_one(min, max));
        (middle.at, bounds.filter(|_| middle.at.is_some()), least.low, most.high)
    };
    let (value, bounds, low, high) = with_bounds(0.5);
    let (p90, p90_bounds, p90_low, p90_high) = with_bounds(0.9);
    let p90 = p90.filter(|_| p90_high.is_some());
    let p90_bounds = p90_bounds.filter(|_| p90.is_some());
    Summary {
        n,
        censored: censored.len(),
        median: Some(Median { value, low, high, ranks: None, method: Method::KaplanMeier, bounds }),
        p90: Some(P90 {
            value: p90,
            low: p90_low,
            high: p90_high,
            ranks: None,
            bounds: p90_bounds.or_else(|| p90_low.map(|low| sorted.of_one(low, low))),
        }),
        no_mean: Some(NoMean::NotOver),
        ..Summary::default()
    }
}
