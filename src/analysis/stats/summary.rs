//! What n values can carry: a list, or a median with its interval, then a p90, and last a mean.

use chrono::TimeDelta;
use serde::Serialize;

use super::bounds::{Bounds, Sorted};
use super::mean;
use super::order::Ranks;
use super::quantile::type7;
use super::sample::{Observed, Row, seconds};
use super::survival::{self, Lasted};
use crate::analysis::duration_name::DurationName;
use crate::analysis::measure::{Bound, is_too_wide};
use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;
use crate::model::time::Precision;

/// Below this many, values are listed and nothing is averaged.
const ENOUGH_TO_AVERAGE: usize = 5;

/// One metric of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metric {
    /// Which duration.
    pub name: DurationName,
    /// Incidents with a value.
    pub known: usize,
    /// Incidents without a value of which a fallback bounds it: the sum of the next two.
    pub by_fallback: usize,
    /// Of those, the ones that took this long or longer.
    pub lower_bounds: usize,
    /// Of those, the ones that took this long or less.
    pub upper_bounds: usize,
    /// Of the known ones, those whose value was said to be "about".
    pub about: usize,
    /// Of the known ones, those whose value is an interval.
    pub uncertain: usize,
    /// Of those, the ones whose interval is wider than half its middle, by name.
    pub wide: Vec<IncidentId>,
    /// Incidents in which something that it needs is unknown.
    pub missing: usize,
    /// Incidents that have none and contradict nothing: recovered before detection, or resolved
    /// before the first notice.
    pub not_applicable: usize,
    /// Incidents that contradict themselves: the end before the start.
    pub contradictory: usize,
    /// Incidents in which it is not over. Those that had begun as of the table's instant are part
    /// of the summary, as censored.
    pub ongoing: usize,
    /// What the values say, as far as so many can. Bounds are no part of it.
    pub summary: Summary,
    /// What the values and the bounds say together, if there are bounds.
    pub bounded: Option<Bounded>,
    /// The same of the part in business hours, where the definitions say when those are and none
    /// is still going on.
    pub business: Option<Summary>,
}

/// What can be said of some durations. All are in seconds.
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
    /// The mean, from five on, unless some are not over: then nobody knows it.
    pub mean: Option<Mean>,
    /// Why there is no mean.
    pub no_mean: Option<NoMean>,
    /// The values themselves in rising order, where they are too few for anything else.
    pub values: Vec<Few>,
}

/// A median and where it lies, with 95 % confidence or what `ranks` says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Median {
    /// The median; `None` where more than half are not over, and nobody knows it yet.
    pub value: Option<f64>,
    /// The lower end of the interval.
    pub low: Option<f64>,
    /// The upper end; `None` where the data cannot bound it.
    pub high: Option<f64>,
    /// Which of the values the limits are, and how sure that makes it; `None` for Kaplan and Meier's
    /// estimate, whose limits are of 95 %.
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
    /// The 90 % point; `None` where the data cannot bound it from above: it would be little more than the
    /// largest value.
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

/// What the values and the bounds of a metric say together, where some are only bounds.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Bounded {
    /// How many there are: values, those that are ongoing, and bounds.
    pub n: usize,
    /// The least that the median of all can be; `None` where `n` is too few for one.
    pub median_min_seconds: Option<f64>,
    /// The most that it can be; `None` also where lower bounds leave it open.
    pub median_max_seconds: Option<f64>,
    /// The coarsest precision of them.
    pub precision: Option<Precision>,
    /// Whether any is approximate.
    pub about: bool,
    /// The bounds themselves in rising order, where they are few.
    pub values: Vec<Few>,
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
    fn new((length, incident): Value, so_far: bool) -> Self {
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

    fn bounding((length, incident): Value, bound: Bound) -> Self {
        let (end, sign) = match bound {
            Bound::AtLeast => (length.min, '≥'),
            Bound::AtMost => (length.max, '≤'),
        };
        let shown = Elapsed { min: end, max: end, ..length };
        Few {
            is_midpoint: false,
            min_seconds: if bound == Bound::AtMost { 0.0 } else { seconds(end) },
            max_seconds: (bound == Bound::AtMost).then(|| seconds(end)),
            bound: Some(bound),
            text: format!("{sign} {shown}"),
            ..Few::new((shown, incident), false)
        }
    }
}

/// A length, and the incident whose it is.
pub type Value<'a> = (Elapsed, Option<&'a IncidentId>);

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

/// The values, those that are not over, and the bounds of one metric.
#[derive(Default)]
struct Split<'a> {
    known: Vec<Value<'a>>,
    censored: Vec<Value<'a>>,
    bounds: Vec<(Value<'a>, Bound)>,
}

impl Split<'_> {
    /// What all of them say together: a bound enters as the least and the most that it allows.
    fn bounded(&self) -> Option<Bounded> {
        if self.bounds.is_empty() {
            return None;
        }
        let values = || {
            self.known
                .iter()
                .chain(&self.censored)
                .chain(self.bounds.iter().map(|(value, _)| value))
        };
        let n = values().count();
        let nothing = self.bounds.iter().filter(|(_, bound)| *bound == Bound::AtMost).map(|_| 0.0);
        let lower = self.bounds.iter().filter(|(_, bound)| *bound == Bound::AtLeast);
        let upper = self.bounds.iter().filter(|(_, bound)| *bound == Bound::AtMost);
        let open = self.censored.iter().chain(lower.clone().map(|(value, _)| value));
        let least = self
            .known
            .iter()
            .chain(open.clone())
            .map(|(length, _)| seconds(length.min))
            .chain(nothing);
        let most = self
            .known
            .iter()
            .chain(upper.map(|(value, _)| value))
            .map(|(length, _)| seconds(length.max));
        let most = most.chain(open.map(|_| f64::INFINITY));
        let median = |mut all: Vec<f64>| {
            all.sort_unstable_by(f64::total_cmp);
            type7(&all, 0.5).filter(|median| median.is_finite() && n >= ENOUGH_TO_AVERAGE)
        };
        let mut few: Vec<Few> =
            self.bounds.iter().map(|&(value, bound)| Few::bounding(value, bound)).collect();
        few.sort_by(|a, b| {
            a.seconds.total_cmp(&b.seconds).then_with(|| a.incident.cmp(&b.incident))
        });
        Some(Bounded {
            n,
            median_min_seconds: median(least.collect()),
            median_max_seconds: median(most.collect()),
            precision: values().map(|(length, _)| length.precision).min(),
            about: values().any(|(length, _)| length.about),
            values: if few.len() < ENOUGH_TO_AVERAGE { few } else { Vec::new() },
        })
    }
}

/// The metric at `index` of `rows`, with what it rests on.
pub(super) fn metric(name: DurationName, index: usize, rows: &[&Row]) -> Metric {
    let mut metric = Metric {
        name,
        known: 0,
        by_fallback: 0,
        lower_bounds: 0,
        upper_bounds: 0,
        about: 0,
        uncertain: 0,
        wide: Vec::new(),
        missing: 0,
        not_applicable: 0,
        contradictory: 0,
        ongoing: 0,
        summary: Summary::default(),
        bounded: None,
        business: None,
    };
    let mut split = Split::default();
    let mut in_business = Vec::new();
    for row in rows {
        let id = Some(&row.incident.id);
        match row.observed[index] {
            Observed::Known { length, business } => {
                metric.known += 1;
                metric.about += usize::from(length.about);
                metric.uncertain += usize::from(length.is_uncertain());
                if is_too_wide(&length) {
                    metric.wide.push(row.incident.id.clone());
                }
                split.known.push((length, id));
                in_business.extend(business.map(|length| (length, id)));
            }
            Observed::Bound { length, bound } => {
                metric.by_fallback += 1;
                match bound {
                    Bound::AtLeast => metric.lower_bounds += 1,
                    Bound::AtMost => metric.upper_bounds += 1,
                }
                split.bounds.push(((length, id), bound));
            }
            Observed::Ongoing { so_far } => {
                metric.ongoing += 1;
                split.censored.extend(so_far.map(|so_far| (so_far, id)));
            }
            Observed::NotApplicable => metric.not_applicable += 1,
            Observed::Contradictory => metric.contradictory += 1,
            Observed::Missing => metric.missing += 1,
        }
    }
    metric.bounded = split.bounded();
    metric.summary = summarize(split.known, split.censored);
    // How much of what is not over lies in business hours is not asked: it has no figure then.
    let has_business = metric.ongoing == 0 && !in_business.is_empty();
    metric.business = has_business.then(|| summarize(in_business, Vec::new()));
    metric
}
