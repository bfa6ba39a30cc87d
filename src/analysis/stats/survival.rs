//! Medians where some of the durations are not over yet.
//!
//! What still goes on has lasted at least so long. Leaving it out makes recovery look faster than
//! it is, ending it now makes up a recovery; Kaplan and Meier's estimate does neither.

/// One observed length in seconds: over, or so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lasted {
    /// How long.
    pub seconds: f64,
    /// Whether it is over; else it is right-censored here.
    pub over: bool,
}

/// A quantile of a survival curve, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalQuantile {
    /// The first time by which the share is over; `None` where the curve does not get there.
    pub at: Option<f64>,
    /// The lower end of the interval.
    pub low: Option<f64>,
    /// The upper end; `None` where the data cannot bound it.
    pub high: Option<f64>,
}

/// The normal distribution's 97.5 % point.
const Z: f64 = 1.959_963_984_540_054;

/// The time by which the share `p` of `lasted` is over, by Kaplan and Meier's product-limit
/// estimate, with an interval from Greenwood's variance of the logarithm, as R's `survfit` has it.
pub fn quantile(lasted: &[Lasted], p: f64) -> SurvivalQuantile {
    let left = 1.0 - p;
    let mut found = SurvivalQuantile { at: None, low: None, high: None };
    for step in curve(lasted) {
        let margin = (Z * step.variance.sqrt()).exp();
        let reached = |survival: f64| survival <= left + 1e-12;
        if reached(step.survival) {
            found.at = found.at.or(Some(step.seconds));
        }
        if reached(step.survival / margin) {
            found.low = found.low.or(Some(step.seconds));
        }
        if reached((step.survival * margin).min(1.0)) {
            found.high = found.high.or(Some(step.seconds));
        }
    }
    found
}

/// One step down of the survival curve.
struct Step {
    seconds: f64,
    /// The share that lasts longer than this.
    survival: f64,
    /// Greenwood's variance of the logarithm of `survival`.
    variance: f64,
}

fn curve(lasted: &[Lasted]) -> Vec<Step> {
    let mut sorted = lasted.to_vec();
    sorted.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let (mut survival, mut variance, mut start) = (1.0, 0.0, 0);
    let mut steps = Vec::new();
    while let Some(first) = sorted.get(start) {
        let same = sorted[start..].iter().take_while(|other| other.seconds == first.seconds);
        let (count, over) = same.fold((0, 0), |(count, over), one| (count + 1, over + usize::from(one.over)));
        let at_risk = (sorted.len() - start) as f64;
        if over > 0 {
            let over = over as f64;
            survival *= 1.0 - over / at_risk;
            // The last one of all leaves nothing, and the logarithm of nothing has no variance.
            variance += if at_risk > over { over / (at_risk * (at_risk - over)) } else { 0.0 };
            steps.push(Step { seconds: first.seconds, survival, variance });
        }
        start += count;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lasted(text: &str) -> Vec<Lasted> {
        text.split(' ')
            .map(|word| Lasted { seconds: word.trim_end_matches('+').parse().unwrap(), over: !word.ends_with('+') })
            .collect()
    }

    /// Remission times in weeks of the 6-MP group of Freireich et al. (1963), the example of most
    /// textbooks; `+` is censored.
    const REMISSIONS: &str = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+";

    #[test]
    fn the_textbook_curve() {
        let steps: Vec<(f64, String)> =
            curve(&lasted(REMISSIONS)).iter().map(|s| (s.seconds, format!("{:.3}", s.survival))).collect();
        // 18/21, then times 16/17, 14/15, 11/12, 10/11, 6/7, 5/6.
        let expected = [(6.0, "0.857"), (7.0, "0.807"), (10.0, "0.753"), (13.0, "0.690")];
        assert_eq!(steps[..4], expected.map(|(t, s)| (t, s.to_owned())));
        let expected = [(16.0, "0.627"), (22.0, "0.538"), (23.0, "0.448")];
        assert_eq!(steps[4..], expected.map(|(t, s)| (t, s.to_owned())));
    }

    #[test]
    fn its_median_is_that_of_r() {
        let median = quantile(&lasted(REMISSIONS), 0.5);
        assert_eq!(median, SurvivalQuantile { at: Some(23.0), low: Some(16.0), high: None });
        assert_eq!(quantile(&lasted(REMISSIONS), 0.9).at, None, "the curve never falls to a tenth");
    }

    #[test]
    fn by_hand_with_one_censored() {
        // 1, 2+, 3, 4: S(1) = 3/4, S(3) = 3/4 · 1/2 = 3/8, S(4) = 0.
        let median = quantile(&lasted("4 2+ 1 3"), 0.5);
        assert_eq!(median.at, Some(3.0));
        assert_eq!(quantile(&lasted("1+ 2+"), 0.5).at, None);
    }
}
