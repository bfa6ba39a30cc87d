//! One metric of one group: its values, its bounds, and what is unknown.

use chrono::TimeDelta;
use serde::Serialize;

use super::bounds::Sorted;
use super::quantile::type7;
use super::row::{Observed, Row};
use super::sample::seconds;
use super::summary::{ENOUGH_TO_AVERAGE, Few, Summary, Value, summarize};
use super::survival::{self, Lasted};
use crate::analysis::duration_name::DurationName;
use crate::analysis::measure::{Bound, is_too_wide};
use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;
use crate::model::time::Precision;

/// One metric of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metric {
    /// Which duration.
    pub name: DurationName,
    /// Incidents with a value.
    pub known: usize,
    /// Incidents that were detected, or announced, before their impact began: the duration is 0 by
    /// definition. They are no part of the summary, since such zeros say nothing of how long
    /// detection takes.
    pub proactive: usize,
    /// Incidents without a value of which a fallback bounds it: the sum of the next two.
    pub by_fallback: usize,
    /// Of those, the ones that took this long or longer.
    pub lower_bounds: usize,
    /// Of those, the ones that took this long or less.
    pub upper_bounds: usize,
    /// How many of the known values are approximate (`~`).
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
    /// The known values in seconds, each the middle of what it may be, in rising order.
    #[serde(skip)]
    pub(super) lengths: Vec<f64>,
    /// The values and bounds themselves in rising order, where the options ask for them.
    #[serde(skip)]
    pub inputs: Vec<Few>,
    /// What the values and the bounds say together, if there are bounds.
    pub bounded: Option<Bounded>,
    /// Where some are unknown: how far they could move the median. `None` where there is no median.
    pub if_unknown: Option<IfUnknown>,
    /// For a metric without any value: in how many incidents the reported duration is.
    pub reported_instead: Option<usize>,
    /// The same of the part in business hours, where the definitions say when those are and none
    /// is still going on.
    pub business: Option<Summary>,
}

impl Metric {
    /// The values that the summary is made from, in seconds and in rising order, and whether each
    /// is over; only where the options ask for the inputs.
    pub fn values(&self) -> Vec<(f64, bool)> {
        let values = self.inputs.iter().filter(|one| one.bound.is_none());
        values.map(|one| (one.seconds, !one.so_far)).collect()
    }

    /// The steps of the survival curve of these values: each time at which something is over, and
    /// the share that lasts longer.
    pub fn survival(&self) -> Vec<(f64, f64)> {
        let values = self.values().into_iter();
        let lasted: Vec<Lasted> = values.map(|(seconds, over)| Lasted { seconds, over }).collect();
        survival::shares(&lasted)
    }
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

/// What the median would be if the unknown values were known, at worst.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct IfUnknown {
    /// How many incidents have neither a value nor a bound: unknown, or contradictory.
    pub incidents: usize,
    /// The median, if each of them were shorter than every known value, and each bound as short as
    /// it allows; `None` where that is below all known values.
    pub median_if_shorter_seconds: Option<f64>,
    /// The median, if each of them were longer than every known value, and each bound as long as it
    /// allows; `None` where that is above all known values.
    pub median_if_longer_seconds: Option<f64>,
    /// The least known value.
    pub least_seconds: f64,
    /// The greatest known value, or the greatest so far.
    pub greatest_seconds: f64,
    /// How precisely these figures are known.
    pub precision: Precision,
    /// Whether any value is approximate.
    pub about: bool,
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

    /// Every value and every bound, in rising order.
    fn inputs(&self) -> Vec<Few> {
        let known = self.known.iter().map(|&value| Few::new(value, false));
        let censored = self.censored.iter().map(|&value| Few::new(value, true));
        let bounds = self.bounds.iter().map(|&(value, bound)| Few::bounding(value, bound));
        let mut inputs: Vec<Few> = known.chain(censored).chain(bounds).collect();
        inputs.sort_by(|a, b| {
            a.seconds.total_cmp(&b.seconds).then_with(|| a.incident.cmp(&b.incident))
        });
        inputs
    }

    /// How far `unknown` missing values could move the median.
    fn if_unknown(&self, unknown: usize) -> Option<IfUnknown> {
        if unknown == 0 || self.known.len() + self.censored.len() < ENOUGH_TO_AVERAGE {
            return None;
        }
        let values = self.known.iter().chain(&self.censored);
        let sorted = Sorted::new(values.map(|(length, _)| length));
        let (least, greatest) = (*sorted.minima.first()?, *sorted.maxima.last()?);
        let median = |of: fn(&Elapsed) -> TimeDelta, out: f64| {
            let of = |length: &Elapsed| seconds(of(length));
            let known =
                self.known.iter().map(|(length, _)| Lasted { seconds: of(length), over: true });
            let censored =
                self.censored.iter().map(|(length, _)| Lasted { seconds: of(length), over: false });
            // A bound is as good as a value only at the end that it states.
            let bounds = self.bounds.iter().map(|((length, _), bound)| Lasted {
                seconds: if (*bound == Bound::AtLeast) == (out < 0.0) { of(length) } else { out },
                over: true,
            });
            let missing = std::iter::repeat_n(Lasted { seconds: out, over: true }, unknown);
            let all: Vec<Lasted> = known.chain(censored).chain(bounds).chain(missing).collect();
            survival::quantile(&all, 0.5).at.filter(|median| median.is_finite())
        };
        let shorter = median(|length| length.min, f64::NEG_INFINITY);
        let longer = median(|length| length.max, f64::INFINITY);
        let shown = [shorter.unwrap_or(least), longer.unwrap_or(greatest)];
        let [shorter_bounds, longer_bounds] = shown.map(|figure| sorted.of_one(figure, figure));
        Some(IfUnknown {
            incidents: unknown,
            median_if_shorter_seconds: shorter,
            median_if_longer_seconds: longer,
            least_seconds: least,
            greatest_seconds: greatest,
            precision: shorter_bounds.precision.min(longer_bounds.precision),
            about: shorter_bounds.about,
        })
    }
}

/// The metric at `index` of `rows`, with what it rests on.
pub(super) fn metric(name: DurationName, index: usize, rows: &[&Row], inputs: bool) -> Metric {
    let mut metric = Metric {
        name,
        known: 0,
        proactive: 0,
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
        lengths: Vec::new(),
        inputs: Vec::new(),
        bounded: None,
        if_unknown: None,
        reported_instead: None,
        business: None,
    };
    let mut split = Split::default();
    let mut in_business = Vec::new();
    for row in rows {
        let id = Some(&row.id);
        match row.observed[index] {
            Observed::Known { length } => {
                metric.known += 1;
                metric.about += usize::from(length.about);
                metric.uncertain += usize::from(length.is_uncertain());
                if is_too_wide(&length) {
                    metric.wide.push(row.id.clone());
                }
                split.known.push((length, id));
                let business = row.business.get(index).copied().flatten();
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
            Observed::Proactive => metric.proactive += 1,
            Observed::NotApplicable => metric.not_applicable += 1,
            Observed::Contradictory => metric.contradictory += 1,
            Observed::Missing => metric.missing += 1,
        }
    }
    if inputs {
        metric.inputs = split.inputs();
    }
    metric.bounded = split.bounded();
    metric.if_unknown = split.if_unknown(metric.missing + metric.contradictory);
    if metric.known == 0 && lasts_until_the_end(name) {
        let reported = rows.iter().filter(|row| row.is_reported).count();
        metric.reported_instead = (reported > 0).then_some(reported);
    }
    metric.lengths = split.known.iter().map(|(length, _)| seconds(length.middle())).collect();
    metric.lengths.sort_unstable_by(f64::total_cmp);
    metric.summary = summarize(split.known, split.censored);
    // How much of what is not over lies in business hours is not asked: it has no figure then.
    let has_business = metric.ongoing == 0 && !in_business.is_empty();
    metric.business = has_business.then(|| summarize(in_business, Vec::new()));
    metric
}

/// Whether a duration says how long something lasted, for which the reported duration is the
/// nearest substitute.
fn lasts_until_the_end(name: DurationName) -> bool {
    use DurationName::{Impact, Repair, Response, Restore, Ttm, Ttr};
    matches!(name, Ttm | Ttr | Restore | Repair | Response | Impact)
}
