//! Whether a duration changed from one period to another, or whether chance alone explains it.
//!
//! Durations are skewed, so that they are compared by their logarithms: a change is a ratio.

use std::collections::BTreeMap;

use super::bounds::Bounds;
pub use super::comparison::{Change, Comparison, Side, Verdict};
use super::group::Grouping;
use super::metric::Metric;
use super::normal::{quantile, t_quantile};
use super::options::StatsOptions;
use super::quantile::type7;
use super::summary::ENOUGH_TO_AVERAGE;
use super::table::{Group, StatsTable};
use crate::analysis::duration_name::DurationName;
use crate::model::time::Precision;

/// At most so many ways to divide the values are looked at one by one; beyond that, some are drawn.
const EXACT: f64 = 200_000.0;
/// How many are drawn, unless there are so many values that it would take long.
const DRAWN: usize = 20_000;
/// The start of the pseudorandom numbers: the same values give the same answer.
const SEED: u64 = 20_260_401;
/// From this probability on, chance explains a difference.
const CHANCE: f64 = 0.05;

/// Compares all durations of two tables, group by group.
pub fn compare(before: (&str, &StatsTable), after: (&str, &StatsTable)) -> Vec<Comparison> {
    let is_grouped = before.1.by.is_some();
    let of_before: BTreeMap<&str, &Group> =
        before.1.groups.iter().map(|group| (group.name.as_str(), group)).collect();
    let mut all = Vec::new();
    for group in &after.1.groups {
        let Some(earlier) = of_before.get(group.name.as_str()) else { continue };
        let name = is_grouped.then_some(group.name.as_str());
        all.extend(of_groups(name, (before.0, earlier), (after.0, group)));
    }
    adjust(&mut all);
    all
}

/// Compares each period with the one before that has incidents, where it is grouped by period;
/// within each group of the other grouping, if there is one.
pub(super) fn successive(groups: &[Group], options: &StatsOptions) -> Vec<Comparison> {
    let is_period = |by: Option<Grouping>| by.is_some_and(Grouping::is_period);
    let place = match (is_period(options.by), is_period(options.then_by)) {
        (true, _) => 0,
        (_, true) => 1,
        _ => return Vec::new(),
    };
    let mut of_other: BTreeMap<Option<&String>, Vec<&Group>> = BTreeMap::new();
    // Incidents without a date are no period.
    let is_dated = |group: &&Group| group.names[place] != Grouping::Month.unknown();
    for group in groups.iter().filter(|group| group.incidents > 0).filter(is_dated) {
        of_other.entry(group.names.get(1 - place)).or_default().push(group);
    }
    let mut all = Vec::new();
    for (other, periods) in of_other {
        for pair in periods.windows(2) {
            let [before, after] =
                [pair[0], pair[1]].map(|group| (group.names[place].as_str(), group));
            all.extend(of_groups(other.map(String::as_str), before, after));
        }
    }
    adjust(&mut all);
    all
}

fn of_groups(
    group: Option<&str>,
    (before_name, before): (&str, &Group),
    (after_name, after): (&str, &Group),
) -> Vec<Comparison> {
    let pairs = before.metrics.iter().zip(&after.metrics);
    let compare = |(earlier, later): (&Metric, &Metric)| {
        let change = change(&earlier.lengths, &later.lengths);
        Comparison {
            group: group.map(str::to_owned),
            metric: later.name,
            before: Side::of(before_name, before, earlier),
            after: Side::of(after_name, after, later),
            verdict: verdict(change.map(|(change, _)| change), change.map(|(_, shift)| shift)),
            change: change.map(|(change, _)| change),
        }
    };
    pairs.map(compare).collect()
}

impl Side {
    fn of(period: &str, group: &Group, metric: &Metric) -> Self {
        let shown = metric.summary.median.and_then(|median| median.bounds);
        Side {
            period: period.to_owned(),
            n: metric.lengths.len(),
            left_out: group.incidents - metric.lengths.len(),
            median_seconds: type7(&metric.lengths, 0.5),
            precision: shown.map_or(Precision::Minute, |bounds| bounds.precision),
            about: shown.is_some_and(|bounds| bounds.about),
        }
    }

    /// The median for a reader.
    pub fn text(&self) -> Option<String> {
        let seconds = self.median_seconds?;
        let Side { precision, about, .. } = *self;
        let bounds = Bounds { min_seconds: seconds, max_seconds: seconds, precision, about };
        Some(bounds.text(seconds))
    }
}

fn verdict(change: Option<Change>, shift: Option<f64>) -> Verdict {
    match (change, shift) {
        (Some(change), Some(_)) if change.p_adjusted >= CHANCE => Verdict::NotDistinguishable,
        (Some(_), Some(shift)) if shift < 0.0 => Verdict::LikelyShorter,
        (Some(_), Some(_)) => Verdict::LikelyLonger,
        _ => Verdict::TooFew,
    }
}

/// Corrects the probabilities of each metric for how many groups it was tested in, by Holm's
/// procedure.
fn adjust(all: &mut [Comparison]) {
    let metrics: Vec<DurationName> = all.iter().map(|one| one.metric).collect();
    for &metric in DurationName::ALL.iter().filter(|name| metrics.contains(name)) {
        let mut tested: Vec<&mut Comparison> =
            all.iter_mut().filter(|one| one.metric == metric && one.change.is_some()).collect();
        let p = |one: &Comparison| one.change.map_or(1.0, |change| change.p);
        tested.sort_by(|a, b| p(a).total_cmp(&p(b)));
        let (count, mut highest) = (tested.len(), 0.0_f64);
        for (index, one) in tested.into_iter().enumerate() {
            let Some(change) = &mut one.change else { continue };
            highest = highest.max(change.p * (count - index) as f64).min(1.0);
            change.p_adjusted = highest;
            if highest >= CHANCE {
                one.verdict = Verdict::NotDistinguishable;
            }
        }
    }
}

/// What is compared: nothing is shorter than a second, since zero has no logarithm.
fn logarithms(sorted: &[f64]) -> Vec<f64> {
    sorted.iter().map(|seconds| seconds.max(1.0).ln()).collect()
}

/// How two samples, each in rising order, differ, and by how much the mean logarithm moved.
fn change(before: &[f64], after: &[f64]) -> Option<(Change, f64)> {
    if before.len().min(after.len()) < ENOUGH_TO_AVERAGE {
        return None;
    }
    let (earlier, later) = (logarithms(before), logarithms(after));
    let shift = mean(&later) - mean(&earlier);
    let (p, permutations, exact) = permutation_test(&earlier, &later);
    let ratio = type7(after, 0.5).zip(type7(before, 0.5));
    let ratio = ratio.filter(|(_, before)| *before > 0.0).map(|(after, before)| after / before);
    let margin = margin_of_ratio(&earlier, &later);
    let limit = |factor: f64| ratio.filter(|ratio| *ratio > 0.0).map(|ratio| ratio * factor);
    let smallest_ratio = smallest_ratio(&earlier, &later);
    let (ratio_low, ratio_high) = (limit((-margin).exp()), limit(margin.exp()));
    let change = Change {
        smallest_ratio,
        ratio,
        ratio_low,
        ratio_high,
        p,
        p_adjusted: p,
        permutations,
        exact,
    };
    Some((change, shift))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The share of all ways to divide the values into groups of these sizes for which the means differ
/// at least as much as they do; how many ways were looked at, and whether those are all.
fn permutation_test(one: &[f64], other: &[f64]) -> (f64, usize, bool) {
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut all: Vec<f64> = few.iter().chain(many).copied().collect();
    let expected = mean(&all) * few.len() as f64;
    let observed = (few.iter().sum::<f64>() - expected).abs();
    // Sums of the same values in another order may differ in their last digits.
    let at_least = observed - 1e-9 * (1.0 + observed);
    if binomial(all.len(), few.len()) <= EXACT {
        let (mut extreme, mut count) = (0_usize, 0_usize);
        each_sum(&all, few.len(), 0.0, &mut |sum| {
            count += 1;
            extreme += usize::from((sum - expected).abs() >= at_least);
        });
        return (extreme as f64 / count as f64, count, true);
    }
    let draws = (20_000_000 / all.len()).clamp(1_000, DRAWN);
    let mut state = SEED;
    let mut extreme = 1;
    for _ in 0..draws {
        for index in 0..few.len() {
            let left = (all.len() - index) as u64;
            let chosen = index + (next_random(&mut state) % left) as usize;
            all.swap(index, chosen);
        }
        let sum: f64 = all[..few.len()].iter().sum();
        extreme += usize::from((sum - expected).abs() >= at_least);
    }
    // The division that was observed is one of those that are possible.
    (f64::from(extreme as u32) / (draws + 1) as f64, draws, false)
}

/// Calls `use_sum` with the sum of each choice of `count` of `values`.
fn each_sum(values: &[f64], count: usize, sum: f64, use_sum: &mut dyn FnMut(f64)) {
    if count == 0 {
        return use_sum(sum);
    }
    for (index, value) in values.iter().enumerate().take(values.len() + 1 - count) {
        each_sum(&values[index + 1..], count - 1, sum + value, use_sum);
    }
}

/// How many ways there are to choose `k` of `n`.
fn binomial(n: usize, k: usize) -> f64 {
    (0..k).map(|index| (n - index) as f64 / (index + 1) as f64).product()
}

/// SplitMix64, by Steele, Lea and Flood (2014).
pub(super) fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// How far the 95 % interval of the ratio of two medians reaches, as a logarithm. Price and Bonett,
/// *Distribution-free confidence intervals for difference and ratio of medians* (2002).
fn margin_of_ratio(before: &[f64], after: &[f64]) -> f64 {
    quantile(0.975) * (variance_of_median(before) + variance_of_median(after)).sqrt()
}

/// The variance of the median of `sorted`, by the distance of two of its order statistics.
fn variance_of_median(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    let rank = ((n as f64 + 1.0) / 2.0 - (n as f64).sqrt()).round().max(1.0) as usize;
    let log_half = n as f64 * 0.5_f64.ln();
    let mut term = log_half;
    let mut below = 0.0;
    for index in 0..rank {
        below += term.exp();
        term += ((n - index) as f64 / (index + 1) as f64).ln();
    }
    ((sorted[n - rank] - sorted[rank - 1]) / (2.0 * quantile(1.0 - below))).powi(2)
}

/// The ratio that a test at 5 % finds in 80 of 100 cases, with so many values that are so spread.
fn smallest_ratio(before: &[f64], after: &[f64]) -> f64 {
    let squares = |values: &[f64]| {
        let mean = mean(values);
        values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
    };
    let [n, m] = [before, after].map(|values| values.len() as f64);
    let freedom = n + m - 2.0;
    let deviation = ((squares(before) + squares(after)) / freedom).sqrt();
    let points = t_quantile(0.975, freedom) + t_quantile(0.8, freedom);
    (points * deviation * (1.0 / n + 1.0 / m).sqrt()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: [f64; 6] = [600.0, 900.0, 1200.0, 1500.0, 2400.0, 5400.0];
    const AFTER: [f64; 5] = [300.0, 420.0, 480.0, 840.0, 1100.0];

    /// Against a computation with Python's `itertools.combinations` and `statistics.NormalDist`.
    #[test]
    fn figures_agree_with_an_independent_computation() {
        let (change, shift) = change(&BEFORE, &AFTER).unwrap();
        let shown = format!(
            "{:.4} {:.4} {:.4} {:.4} {:.4} {:.3} {} {}",
            shift,
            change.ratio.unwrap(),
            change.ratio_low.unwrap(),
            change.ratio_high.unwrap(),
            change.p,
            change.smallest_ratio,
            change.permutations,
            change.exact
        );
        assert_eq!(shown, "-0.9991 0.3556 0.1059 1.1936 0.0346 3.632 462 true");
    }

    #[test]
    fn drawn_permutations_agree_with_all_of_them() {
        let one: Vec<f64> = (0..12).map(|index| f64::from(index * index) * 0.05).collect();
        let other: Vec<f64> = (0..14).map(|index| f64::from(index) * 0.4 + 1.0).collect();
        let (drawn, count, exact) = permutation_test(&one, &other);
        assert_eq!((count, exact), (DRAWN, false));
        assert_eq!(drawn, permutation_test(&one, &other).0, "the same again");
        let (mut extreme, mut all) = (0, 0);
        let values: Vec<f64> = one.iter().chain(&other).copied().collect();
        let expected = mean(&values) * 12.0;
        let observed = (one.iter().sum::<f64>() - expected).abs();
        each_sum(&values, 12, 0.0, &mut |sum| {
            all += 1;
            extreme += usize::from((sum - expected).abs() >= observed - 1e-9);
        });
        let exact = f64::from(extreme as u32) / f64::from(all);
        assert!((drawn - exact).abs() < 0.01, "{drawn} and {exact}");
    }

    #[test]
    fn nothing_is_said_of_few_values_or_of_the_same() {
        assert!(change(&BEFORE[..4], &AFTER).is_none());
        let (same, shift) = change(&BEFORE, &BEFORE).unwrap();
        assert_eq!((same.p, same.ratio, shift), (1.0, Some(1.0), 0.0));
        let (zero, _) = change(&[0.0; 5], &AFTER).unwrap();
        assert_eq!((zero.ratio, zero.ratio_low), (None, None), "no ratio to nothing");
    }

    #[test]
    fn many_groups_need_stronger_evidence() {
        let (change, _) = change(&BEFORE, &AFTER).unwrap();
        let side = |period: &str| Side {
            period: period.to_owned(),
            n: 5,
            left_out: 0,
            median_seconds: None,
            precision: Precision::Minute,
            about: false,
        };
        let one = |p: f64| Comparison {
            group: None,
            metric: DurationName::Ttr,
            before: side("a"),
            after: side("b"),
            change: Some(Change { p, p_adjusted: p, ..change }),
            verdict: if p < CHANCE { Verdict::LikelyShorter } else { Verdict::NotDistinguishable },
        };
        let mut all = [one(0.04), one(0.01), one(0.03)];
        adjust(&mut all);
        let adjusted = all.clone().map(|one| one.change.unwrap().p_adjusted);
        // 3 × 0.01; 2 × 0.03; and no less than that for 0.04.
        assert_eq!(adjusted, [0.06, 0.03, 0.06]);
        assert_eq!(
            all.map(|one| one.verdict),
            [Verdict::NotDistinguishable, Verdict::LikelyShorter, Verdict::NotDistinguishable]
        );
    }
}
