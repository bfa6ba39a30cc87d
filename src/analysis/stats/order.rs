//! Intervals for a quantile from the order statistics: between which of n sorted values it lies.
//!
//! How many of n values are below the quantile `p` of what they are drawn from has the binomial
//! distribution of n and p, whatever that is. So the r-th to the s-th of them are around the
//! quantile with a probability that can be computed, and nothing is assumed or drawn at random.
//! Ties only make it greater. Hahn and Meeker, *Statistical Intervals* (1991), section 5.2.

use serde::Serialize;

/// The most that may lie beyond one limit.
const BEYOND: f64 = 0.025;

/// Which of n sorted values, counted from 1, are the limits of a quantile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ranks {
    /// The rank of the lower limit; `None` where so few values have none.
    pub low: Option<usize>,
    /// The rank of the upper limit; `None` where so few values have none.
    pub high: Option<usize>,
    /// How probable it is that the quantile lies within, 0 to 1.
    pub confidence: f64,
}

impl Ranks {
    /// The limits of the median: the r-th value from below and from above, with the greatest r for
    /// which the confidence is 95 % or more; else the least and the greatest value. `None` for
    /// fewer than two.
    pub fn of_median(n: usize) -> Option<Self> {
        if n < 2 {
            return None;
        }
        // Below six values even the least and the greatest are not enough for 95 %.
        let (rank, below) = limit(n, 0.5).unwrap_or((1, 0.5_f64.powi(n as i32)));
        let confidence = 1.0 - 2.0 * below;
        Some(Ranks { low: Some(rank), high: Some(n + 1 - rank), confidence })
    }

    /// The limits of the quantile `p`, with at most 2.5 % beyond each.
    pub fn of(n: usize, p: f64) -> Self {
        let (low, below) = limit(n, p).unzip();
        let (high, above) = limit(n, 1.0 - p).unzip();
        let confidence = 1.0 - below.unwrap_or(0.0) - above.unwrap_or(0.0);
        Ranks { low, high: high.map(|rank| n + 1 - rank), confidence }
    }

    /// The values at the limits: the lower one of `minima`, the upper one of `maxima`.
    pub(super) fn limits(&self, minima: &[f64], maxima: &[f64]) -> [Option<f64>; 2] {
        let at = |values: &[f64], rank: Option<usize>| values.get(rank?.checked_sub(1)?).copied();
        [at(minima, self.low), at(maxima, self.high)]
    }
}

/// The greatest rank r for which the quantile `p` is below the r-th of `n` values with a
/// probability of at most 2.5 %, and that probability: of fewer than r of them being below the
/// quantile.
fn limit(n: usize, p: f64) -> Option<(usize, f64)> {
    // In logarithms, since (1 − p)^n is no number of 64 bits for some thousand values.
    let mut log = n as f64 * (1.0 - p).ln();
    let odds = (p / (1.0 - p)).ln();
    let mut sum = 0.0;
    let mut found = None;
    for rank in 1..=n {
        sum += log.exp();
        if sum > BEYOND {
            break;
        }
        found = Some((rank, sum));
        log += ((n + 1 - rank) as f64 / rank as f64).ln() + odds;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(ranks: Ranks) -> String {
        let rank = |rank: Option<usize>| rank.map_or_else(|| "–".to_owned(), |r| r.to_string());
        format!("{} {} {:.4}", rank(ranks.low), rank(ranks.high), ranks.confidence)
    }

    /// Against the table of Conover, *Practical Nonparametric Statistics*, and sums by hand.
    #[test]
    fn median_ranks_match_published_tables() {
        let of = |n| shown(Ranks::of_median(n).unwrap());
        assert_eq!(of(5), "1 5 0.9375");
        assert_eq!(of(6), "1 6 0.9688");
        assert_eq!(of(7), "1 7 0.9844");
        assert_eq!(of(9), "2 8 0.9609");
        assert_eq!(of(10), "2 9 0.9785");
        assert_eq!(of(15), "4 12 0.9648");
        assert_eq!(of(100), "40 61 0.9648");
        assert_eq!(Ranks::of_median(1), None);
    }

    #[test]
    fn p90_has_an_upper_limit_from_36_values() {
        let of = |n| shown(Ranks::of(n, 0.9));
        assert_eq!(of(1), "– – 1.0000");
        assert_eq!(of(2), "1 – 0.9900");
        assert_eq!(of(35).split(' ').nth(1), Some("–"));
        assert_eq!(of(100), "84 96 0.9557");
        assert_eq!(of(36), "29 36 0.9540");
    }

    /// C(n, k) / 2^n, exactly enough: the sum of what is printed, for every n that a team has.
    #[test]
    fn printed_confidence_equals_the_binomial_sum() {
        for n in 5_usize..=200 {
            let mut row = vec![1.0_f64];
            for _ in 0..n {
                let next: Vec<f64> = std::iter::once(0.0)
                    .chain(row.iter().copied())
                    .zip(row.iter().copied().chain([0.0]))
                    .map(|(left, right)| f64::midpoint(left, right))
                    .collect();
                row = next;
            }
            let ranks = Ranks::of_median(n).unwrap();
            let (low, high) = (ranks.low.unwrap(), ranks.high.unwrap());
            let sum: f64 = row[low..high].iter().sum();
            assert!((sum - ranks.confidence).abs() < 1e-12, "{n}: {sum} and {ranks:?}");
            let inner: f64 = row[low + 1..high - 1].iter().sum();
            assert!(inner < 0.95 && (sum >= 0.95 || low == 1), "{n}: not the narrowest");
        }
    }

    #[test]
    fn median_limits_exist_for_a_million_values() {
        let ranks = Ranks::of_median(1_000_000).unwrap();
        // About n / 2 − 1.96 · √n / 2.
        assert_eq!(ranks.low, Some(499_020));
        assert!((0.95..0.951).contains(&ranks.confidence), "{ranks:?}");
    }
}
