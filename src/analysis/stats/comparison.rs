//! What a comparison of two periods says.

use serde::Serialize;

use crate::analysis::duration_name::DurationName;
use crate::model::time::Precision;

/// The verdict on a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Fewer than five values on one side.
    TooFew,
    /// A difference like this one is common where nothing changed.
    NotDistinguishable,
    /// The later durations are shorter.
    LikelyShorter,
    /// The later durations are longer.
    LikelyLonger,
}

/// One duration in two periods. Only durations that are known and over are compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The group, where there are groups within the periods.
    pub group: Option<String>,
    /// Which duration.
    pub metric: DurationName,
    /// The earlier period.
    pub before: Side,
    /// The later period.
    pub after: Side,
    /// The comparison itself; `None` for too few values.
    pub change: Option<Change>,
    /// What follows from it.
    pub verdict: Verdict,
}

/// One of the two periods.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Its name.
    pub period: String,
    /// How many values are compared.
    pub n: usize,
    /// How many incidents are not, since the duration is unknown, ongoing, or only bounded.
    pub left_out: usize,
    /// The median of the values.
    pub median_seconds: Option<f64>,
    /// The precision of the median.
    pub precision: Precision,
    /// Whether any value is approximate.
    pub about: bool,
}

/// How the durations of two periods differ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// The smallest ratio that so many values, as spread as these, could have shown with a power of
    /// 80 %.
    pub smallest_ratio: f64,
    /// The later median by the earlier one; `None` where that is 0.
    pub ratio: Option<f64>,
    /// The lower limit of its 95 % interval.
    pub ratio_low: Option<f64>,
    /// The upper limit.
    pub ratio_high: Option<f64>,
    /// How probable a difference of the mean logarithms like this one is by chance, two-sided.
    pub p: f64,
    /// The same after Holm's correction over the groups.
    pub p_adjusted: f64,
    /// How many ways to divide the values were looked at.
    pub permutations: usize,
    /// Whether those are all.
    pub exact: bool,
}
