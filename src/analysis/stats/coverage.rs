//! How often the intervals contain what they are intervals of, by simulation: sets of values are
//! drawn from a distribution whose median, 90 % point and mean are known.

use chrono::TimeDelta;
use rayon::prelude::*;

use super::compare::next_random;
use super::normal;
use super::order::Ranks;
use super::summary::{Summary, Value, summarize};
use crate::model::elapsed::Elapsed;

/// An hour, in seconds: the median of each distribution.
const MEDIAN: f64 = 3600.0;
const SIZES: [usize; 4] = [5, 7, 15, 50];

/// How many sets are drawn of each kind. `POSTHOC_SETS` asks for more than the tests of every day
/// do.
fn sets() -> u64 {
    option_env!("POSTHOC_SETS").map_or(2_000, |sets| sets.parse().expect("a number"))
}

/// How far a simulated percentage may be from the true one: four standard deviations at 95 %.
fn tolerance() -> f64 {
    400.0 * (0.95 * 0.05 / sets() as f64).sqrt()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Exponential,
    LogNormal,
}

impl Shape {
    const ALL: [Shape; 2] = [Shape::Exponential, Shape::LogNormal];

    fn quantile(self, p: f64) -> f64 {
        match self {
            Shape::Exponential => -(1.0 - p).ln() / 2.0_f64.ln() * MEDIAN,
            Shape::LogNormal => normal::quantile(p).exp() * MEDIAN,
        }
    }

    fn mean(self) -> f64 {
        match self {
            Shape::Exponential => MEDIAN / 2.0_f64.ln(),
            Shape::LogNormal => 0.5_f64.exp() * MEDIAN,
        }
    }
}

/// What is drawn.
#[derive(Debug, Clone, Copy)]
struct Design {
    shape: Shape,
    n: usize,
    /// Whether values are rounded up to 20 minutes, so that several are equal. The median stays
    /// one.
    ties: bool,
    /// The probability that a value is not over yet.
    censored: f64,
}

/// A number above 0 and below 1.
fn uniform(state: &mut u64) -> f64 {
    ((next_random(state) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

impl Design {
    fn rounded(self, seconds: f64) -> f64 {
        if self.ties { (seconds / 1200.0).ceil() * 1200.0 } else { seconds }
    }

    /// The summary of one set.
    fn draw(self, seed: u64) -> Summary {
        // The generator adds a constant to its state, so that seeds in a row would share their
        // numbers.
        let mut state = next_random(&mut { seed });
        let value = |seconds: f64| -> Value<'static> {
            let length = TimeDelta::microseconds((seconds * 1e6) as i64);
            (Elapsed::exactly(length), None)
        };
        // An exponential time until it was looked at, which is first with the probability
        // `censored` where the values are exponential too.
        let rate = self.censored / (1.0 - self.censored) * 2.0_f64.ln() / MEDIAN;
        let (mut known, mut open) = (Vec::new(), Vec::new());
        for _ in 0..self.n {
            let length = self.rounded(self.shape.quantile(uniform(&mut state)));
            let looked_at = self.rounded(-uniform(&mut state).ln() / rate);
            if length <= looked_at {
                known.push(value(length));
            } else {
                open.push(value(looked_at));
            }
        }
        summarize(known, open)
    }

    /// In how many of 100 sets `is_within` holds, of those in which it says something.
    fn coverage(self, is_within: fn(&Summary, Shape) -> Option<bool>) -> f64 {
        let found: Vec<bool> = (1..=sets())
            .into_par_iter()
            .filter_map(|seed| is_within(&self.draw(seed), self.shape))
            .collect();
        assert!(found.len() as u64 > sets() / 10, "{self:?}: {} sets", found.len());
        found.iter().filter(|within| **within).count() as f64 * 100.0 / found.len() as f64
    }
}

/// Whether `truth` is between two limits, each of which may be absent.
fn between(low: Option<f64>, truth: f64, high: Option<f64>) -> bool {
    low.is_none_or(|low| low <= truth) && high.is_none_or(|high| truth <= high)
}

fn median(summary: &Summary, _: Shape) -> Option<bool> {
    let median = summary.median?;
    Some(between(median.low, MEDIAN, median.high))
}

#[test]
fn median_interval_covers_what_it_prints() {
    for shape in Shape::ALL {
        for n in SIZES {
            let printed = Ranks::of_median(n).unwrap().confidence * 100.0;
            let design = Design { shape, n, ties: false, censored: 0.0 };
            let covered = design.coverage(median);
            assert!(
                (covered - printed).abs() < tolerance().min(1.0),
                "{design:?}: {covered} and {printed}"
            );
            let design = Design { ties: true, ..design };
            let covered = design.coverage(median);
            assert!(covered > printed - tolerance(), "{design:?}: {covered} and {printed}");
        }
    }
}

/// Only of sets of which a value is not over: the others have the interval above.
#[test]
fn kaplan_meier_interval_covers_93_percent() {
    for shape in Shape::ALL {
        for n in SIZES {
            for censored in [0.1, 0.3, 0.5] {
                for ties in [false, true] {
                    let design = Design { shape, n, ties, censored };
                    let of_open = |summary: &Summary, shape| {
                        median(summary, shape).filter(|_| summary.censored > 0)
                    };
                    let covered = design.coverage(of_open);
                    assert!(covered >= 93.0, "{design:?}: {covered}");
                }
            }
        }
    }
}

/// Each limit has at most 2.5 % beyond it; below 36 values there is only a lower one.
#[test]
fn p90_interval_covers_95_percent() {
    let within = |summary: &Summary, shape: Shape| {
        let p90 = summary.p90?;
        assert_eq!(p90.high.is_some(), summary.n >= 36);
        Some(between(p90.low, shape.quantile(0.9), p90.high))
    };
    for shape in Shape::ALL {
        for n in SIZES {
            let printed = Ranks::of(n, 0.9).confidence * 100.0;
            let design = Design { shape, n, ties: false, censored: 0.0 };
            let covered = design.coverage(within);
            assert!((covered - printed).abs() < tolerance(), "{design:?}: {covered} and {printed}");
            assert!(printed >= 95.0);
        }
    }
}

/// No interval of a mean holds for every distribution. These are the percentages that the notes
/// below the statistics state.
#[test]
fn mean_interval_covers_less_where_few_values_have_a_long_tail() {
    let within = |summary: &Summary, shape: Shape| {
        let mean = summary.mean.as_ref()?;
        Some(between(mean.low, shape.mean(), mean.high))
    };
    let expected = [
        (Shape::Exponential, [91.0, 92.0, 93.4, 94.3]),
        (Shape::LogNormal, [86.3, 87.2, 89.2, 91.7]),
    ];
    for (shape, percentages) in expected {
        for (n, expected) in SIZES.into_iter().zip(percentages) {
            let design = Design { shape, n, ties: false, censored: 0.0 };
            let covered = design.coverage(within);
            // A lower percentage has a larger deviation.
            assert!(
                (covered - expected).abs() < 2.0 * tolerance(),
                "{design:?}: {covered} and {expected}"
            );
        }
    }
}
