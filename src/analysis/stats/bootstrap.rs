//! A 95 % interval for a median, by a seeded percentile bootstrap.
//!
//! Drawing n values with replacement, 2,000 times, for every metric of every group is too slow
//! for thousands of incidents, and it is not needed: the median of a resample of sorted data is
//! the value at the rank of the middle one of n uniform numbers, and that number can be drawn
//! directly. With exponential waiting times, the i-th of n sorted uniform numbers is
//! `Γ(i) / (Γ(i) + Γ(n + 1 − i))`. A resample costs the same for any n, and its distribution is
//! exactly that of drawing them all.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Makes intervals. The same seed gives the same intervals, whatever was asked before.
#[derive(Debug)]
pub struct Resampler {
    seed: u64,
    resamples: usize,
    /// The ranks depend on n alone, so groups of one size share them.
    ranks: BTreeMap<usize, Vec<(usize, usize)>>,
}

impl Resampler {
    /// A maker of intervals from `resamples` resamples.
    pub fn new(seed: u64, resamples: usize) -> Self {
        Resampler { seed, resamples, ranks: BTreeMap::new() }
    }

    /// The 2.5 % and the 97.5 % point of the medians of resamples of `sorted`. `None` for fewer
    /// than two values, or no resamples.
    pub fn median_interval(&mut self, sorted: &[f64]) -> Option<(f64, f64)> {
        if sorted.len() < 2 || self.resamples == 0 {
            return None;
        }
        let (seed, resamples) = (self.seed, self.resamples);
        let ranks = self
            .ranks
            .entry(sorted.len())
            .or_insert_with(|| middle_ranks(sorted.len(), seed, resamples));
        let mut medians: Vec<f64> =
            ranks.iter().map(|&(low, high)| f64::midpoint(sorted[low], sorted[high])).collect();
        let nth = |share: f64| ((resamples - 1) as f64 * share).round() as usize;
        let low = *medians.select_nth_unstable_by(nth(0.025), f64::total_cmp).1;
        let high = *medians.select_nth_unstable_by(nth(0.975), f64::total_cmp).1;
        Some((low, high))
    }
}

/// For each resample of `n` values, the ranks of the one or two values in its middle.
fn middle_ranks(n: usize, seed: u64, resamples: usize) -> Vec<(usize, usize)> {
    let mut random =
        Random(ChaCha8Rng::seed_from_u64(seed ^ (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let rank = |uniform: f64| ((uniform * n as f64) as usize).min(n - 1);
    let draw = |random: &mut Random| {
        let half = n / 2;
        if n % 2 == 1 {
            let (below, above) = (random.gamma(half + 1), random.gamma(half + 1));
            let middle = rank(below / (below + above));
            return (middle, middle);
        }
        let (below, between, above) = (random.gamma(half), random.gamma(1), random.gamma(half));
        let all = below + between + above;
        (rank(below / all), rank((below + between) / all))
    };
    (0..resamples).map(|_| draw(&mut random)).collect()
}

struct Random(ChaCha8Rng);

impl Random {
    /// From 0 (never 0 itself) to 1.
    fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
    }

    /// Marsaglia's polar method.
    fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                return x * (-2.0 * square.ln() / square).sqrt();
            }
        }
    }

    /// A gamma variate of a whole shape of at least 1: Marsaglia and Tsang, *A simple method for
    /// generating gamma variables* (2000).
    fn gamma(&mut self, shape: usize) -> f64 {
        let d = shape as f64 - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The honest way, to hold the fast one against.
    fn by_drawing(sorted: &[f64], seed: u64) -> (f64, f64) {
        let mut random = Random(ChaCha8Rng::seed_from_u64(seed));
        let mut medians: Vec<f64> = (0..4000)
            .map(|_| {
                let mut resample: Vec<f64> = sorted
                    .iter()
                    .map(|_| sorted[(random.uniform() * sorted.len() as f64) as usize])
                    .collect();
                resample.sort_by(f64::total_cmp);
                crate::analysis::stats::quantile::type7(&resample, 0.5).unwrap()
            })
            .collect();
        medians.sort_by(f64::total_cmp);
        (medians[100], medians[3899])
    }

    #[test]
    fn the_same_interval_as_drawing_every_value() {
        for n in [6, 15, 40, 201] {
            let values: Vec<f64> = (0..n).map(|i| f64::from(i).powf(1.5)).collect();
            let fast = Resampler::new(7, 4000).median_interval(&values).unwrap();
            let slow = by_drawing(&values, 11);
            let step = values[n as usize - 1] / f64::from(n) * 1.6;
            assert!(
                (fast.0 - slow.0).abs() <= step && (fast.1 - slow.1).abs() <= step,
                "{n}: {fast:?} {slow:?}"
            );
            assert!(fast.0 < fast.1);
        }
    }

    #[test]
    fn the_seed_decides_and_nothing_else() {
        let values: Vec<f64> = (0..30).map(f64::from).collect();
        let mut used = Resampler::new(1, 500);
        used.median_interval(&values[..11]);
        assert_eq!(used.median_interval(&values), Resampler::new(1, 500).median_interval(&values));
        assert_eq!(Resampler::new(1, 500).median_interval(&[3.0]), None);
        assert_eq!(Resampler::new(1, 500).median_interval(&[3.0, 3.0]), Some((3.0, 3.0)));
    }
}
