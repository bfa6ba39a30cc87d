//! Whether durations became shorter or longer over time, and incidents rarer or more frequent.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::normal::quantile;
use super::options::StatsOptions;
use super::quantile::type7;
use super::row::{Observed, Row, is_counted};
use super::sample::seconds;
use super::summary::ENOUGH_TO_AVERAGE;
use crate::analysis::duration_name::DurationName;

/// The length of a month in days, for slopes.
const MONTH: f64 = 30.44;
/// Beyond so many values, the newest are used: every pair of them is looked at.
const MOST: usize = 2_000;

/// How the known values of a duration changed over the whole time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// Which duration.
    pub metric: DurationName,
    /// How many values there are.
    pub n: usize,
    /// By how much a duration is multiplied from one month to the next: the median over all pairs
    /// of values (Theil and Sen), on logarithms.
    pub per_month: f64,
    /// The lower limit of its 95 % interval.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
}

/// The trend of each metric over `rows`, where it is grouped by period and there are enough values.
pub(super) fn trends(rows: &[&Row], options: &StatsOptions) -> Vec<Trend> {
    if options.period().is_none() {
        return Vec::new();
    }
    let of_metric = |(index, &metric): (usize, &DurationName)| {
        let point = |row: &Row| match row.observed[index] {
            Observed::Known { length, .. } => {
                Some((months(row.began?), seconds(length.middle()).max(1.0).ln()))
            }
            _ => None,
        };
        let points: Vec<(f64, f64)> =
            rows.iter().copied().filter(|row| is_counted(row)).filter_map(point).collect();
        trend(metric, points)
    };
    options.metrics.iter().enumerate().filter_map(of_metric).collect()
}

fn months(at: DateTime<Utc>) -> f64 {
    at.timestamp() as f64 / (86_400.0 * MONTH)
}

/// Sen, *Estimates of the regression coefficient based on Kendall's tau* (1968); the limits are the
/// slopes at the ranks that Kendall's variance gives, as in SciPy's `theilslopes`.
fn trend(metric: DurationName, mut points: Vec<(f64, f64)>) -> Option<Trend> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let points = &points[points.len().saturating_sub(MOST)..];
    let n = points.len();
    if n < ENOUGH_TO_AVERAGE {
        return None;
    }
    let mut slopes = Vec::with_capacity(n * (n - 1) / 2);
    for (index, later) in points.iter().enumerate() {
        let earlier = points[..index].iter().filter(|earlier| earlier.0 < later.0);
        slopes.extend(earlier.map(|earlier| (later.1 - earlier.1) / (later.0 - earlier.0)));
    }
    slopes.sort_by(f64::total_cmp);
    let last = slopes.len().checked_sub(1)?;
    let tied = |of: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = points.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let runs = values.chunk_by(|a, b| a == b);
        runs.map(|run| pairs_of_kendall(run.len())).sum::<f64>()
    };
    let variance = (pairs_of_kendall(n) - tied(|point| point.0) - tied(|point| point.1)) / 18.0;
    let (count, margin) = (slopes.len() as f64, quantile(0.975) * variance.max(0.0).sqrt());
    let rank = |rank: f64| (rank.round_ties_even().max(0.0) as usize).min(last);
    let (low, high) = (rank((count - margin) / 2.0 - 1.0), rank((count + margin) / 2.0));
    Some(Trend {
        metric,
        n,
        per_month: type7(&slopes, 0.5)?.exp(),
        low: slopes[low].exp(),
        high: slopes[high].exp(),
    })
}

/// n (n − 1) (2 n + 5): 18 times the variance of Kendall's score of so many values without ties.
fn pairs_of_kendall(n: usize) -> f64 {
    let n = n as f64;
    n * (n - 1.0) * (2.0 * n + 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(points: &[(f64, f64)]) -> String {
        match trend(DurationName::Ttr, points.to_vec()) {
            Some(Trend { n, per_month, low, high, .. }) => {
                format!("{n}: {per_month:.4} {low:.4} {high:.4}")
            }
            None => String::new(),
        }
    }

    /// Against exp of `scipy.stats.theilslopes(y, x)`.
    #[test]
    fn slope_and_limits_equal_those_of_scipy() {
        let y = [1.0, 2.5, 2.0, 4.0, 3.5, 6.0, 5.0, 8.0];
        let points: Vec<(f64, f64)> = y.iter().enumerate().map(|(x, y)| (x as f64, *y)).collect();
        assert_eq!(shown(&points), "8: 2.4494 1.6487 3.7937");
        let ties =
            [(0.0, 1.0), (0.0, 2.0), (1.0, 2.0), (2.0, 2.0), (2.0, 1.0), (4.0, 3.0), (5.0, 2.0)];
        assert_eq!(shown(&ties), "7: 1.0000 1.0000 1.6487");
    }

    #[test]
    fn few_values_or_one_day_have_no_trend() {
        assert_eq!(shown(&[(0.0, 1.0), (1.0, 2.0), (2.0, 3.0), (3.0, 4.0)]), "");
        assert_eq!(shown(&[(1.0, 1.0); 6]), "");
    }
}
