//! Medians where some of the durations are not over yet.
//!
//! An ongoing incident has lasted at least so long. Leaving it out makes recovery look faster than
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
    /// The lower limit; `None` where the data cannot bound it.
    pub low: Option<f64>,
    /// The upper limit; `None` where the data cannot bound it.
    pub high: Option<f64>,
}

/// The normal distribution's 97.5 % point.
const Z: f64 = 1.959_963_984_540_054;

/// Two shares that differ by less than this are one, as in R's `quantile.survfit`.
const SAME: f64 = 1.490_116_119_384_765_6e-8;

/// The time by which the share `p` of `lasted` is over, by Kaplan and Meier's product-limit
/// estimate, with the log-log interval of Kalbfleisch and Prentice: what R gives for
/// `quantile(survfit(Surv(time, over) ~ 1, conf.type = "log-log"), p)`.
///
/// Where the curve rests at exactly `1 − p`, each end of that stretch is as good as the other, and
/// the time is the middle of it.
pub fn quantile(lasted: &[Lasted], p: f64) -> SurvivalQuantile {
    let steps = curve(lasted);
    let last = lasted.iter().map(|one| one.seconds).max_by(f64::total_cmp);
    let left = 1.0 - p;
    SurvivalQuantile {
        at: crossing(steps.iter().map(|step| (step.seconds, step.survival)), last, left),
        low: crossing(
            steps.iter().filter_map(|step| Some((step.seconds, step.limits()?.0))),
            None,
            left,
        ),
        high: crossing(
            steps.iter().filter_map(|step| Some((step.seconds, step.limits()?.1))),
            None,
            left,
        ),
    }
}

/// The steps of the survival curve: each time at which something is over, and the share that lasts
/// longer.
pub(super) fn shares(lasted: &[Lasted]) -> Vec<(f64, f64)> {
    curve(lasted).iter().map(|step| (step.seconds, step.survival)).collect()
}

/// Where a falling curve gets to `left`. If it rests there, that is the middle of the rest, which
/// lasts until the next step or, without one, until `last`.
fn crossing(curve: impl Iterator<Item = (f64, f64)>, last: Option<f64>, left: f64) -> Option<f64> {
    let mut reached = curve.skip_while(|&(_, share)| share > left + SAME);
    let (at, share) = reached.next()?;
    if share < left - SAME {
        return Some(at);
    }
    let beyond = reached.find(|&(_, share)| share < left - SAME).map(|(next, _)| next);
    Some(beyond.or(last).map_or(at, |end| f64::midpoint(at, end)))
}

/// One step down of the survival curve.
struct Step {
    seconds: f64,
    /// The share that lasts longer than this.
    survival: f64,
    /// Greenwood's variance of the logarithm of `survival`.
    variance: f64,
}

impl Step {
    /// The 95 % limits of the survival here; `None` where nothing is left, since the logarithm of
    /// nothing has no variance.
    fn limits(&self) -> Option<(f64, f64)> {
        if self.survival <= 0.0 {
            return None;
        }
        let log = self.survival.ln();
        let margin = Z * self.variance.sqrt() / log.abs();
        let limit = |margin: f64| (-((-log).ln() + margin).exp()).exp();
        Some((limit(margin), limit(-margin)))
    }
}

fn curve(lasted: &[Lasted]) -> Vec<Step> {
    let mut sorted = lasted.to_vec();
    sorted.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let (mut survival, mut variance, mut start) = (1.0, 0.0, 0);
    let mut steps = Vec::new();
    while let Some(first) = sorted.get(start) {
        let same = sorted[start..].iter().take_while(|other| other.seconds == first.seconds);
        let (count, over) =
            same.fold((0, 0), |(count, over), one| (count + 1, over + usize::from(one.over)));
        let at_risk = sorted.len() - start;
        if over > 0 {
            // The last one of all leaves exactly nothing.
            survival *= (at_risk - over) as f64 / at_risk as f64;
            let (at_risk, over) = (at_risk as f64, over as f64);
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
            .map(|word| Lasted {
                seconds: word.trim_end_matches('+').parse().unwrap(),
                over: !word.ends_with('+'),
            })
            .collect()
    }

    /// Remission times in weeks of the 6-MP group of Freireich et al. (1963), the example of most
    /// textbooks; `+` is censored.
    const REMISSIONS: &str = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+";

    #[test]
    fn survival_curve_matches_the_textbook_example() {
        let steps: Vec<(f64, String)> = curve(&lasted(REMISSIONS))
            .iter()
            .map(|s| (s.seconds, format!("{:.3}", s.survival)))
            .collect();
        // 18/21, then times 16/17, 14/15, 11/12, 10/11, 6/7, 5/6.
        let expected = [(6.0, "0.857"), (7.0, "0.807"), (10.0, "0.753"), (13.0, "0.690")];
        assert_eq!(steps[..4], expected.map(|(t, s)| (t, s.to_owned())));
        let expected = [(16.0, "0.627"), (22.0, "0.538"), (23.0, "0.448")];
        assert_eq!(steps[4..], expected.map(|(t, s)| (t, s.to_owned())));
    }

    /// Each with the median, the 90 % point and their limits that R 4.2 with survival 3.5 prints.
    #[test]
    fn survival_quantiles_and_limits_match_r() {
        type Expected = [Option<f64>; 3];
        let (none, some) =
            ([None; 3], |at: f64, low: f64, high: f64| [Some(at), Some(low), Some(high)]);
        let unbounded = |at: f64, low: f64| [Some(at), Some(low), None];
        let cases: [(&str, Expected, Expected); 9] = [
            (REMISSIONS, unbounded(23.0, 13.0), none),
            // The only resolved incident is the last one, so there are no limits.
            ("10+ 10+ 20+ 40+ 80", [Some(80.0), None, None], [Some(80.0), None, None]),
            // The curve rests at exactly a half from 7 to 24.
            ("5 6 7 24 45 17+", unbounded(15.5, 5.0), unbounded(45.0, 24.0)),
            // It rests there to the end.
            ("1 2 3+ 4+", unbounded(3.0, 1.0), [None, Some(2.0), None]),
            ("4 2+ 1 3", unbounded(3.0, 1.0), unbounded(4.0, 3.0)),
            ("1+ 2+ 3+", none, none),
            ("10 20 30 40 50 25+", unbounded(30.0, 10.0), unbounded(50.0, 30.0)),
            ("3 5 5 8 12 14 21 30 44 60 9+ 33+", some(14.0, 5.0, 44.0), unbounded(60.0, 30.0)),
            ("5 5 5 5 10 12+", unbounded(5.0, 5.0), [None, Some(5.0), None]),
        ];
        for (text, median, p90) in cases {
            for (p, [at, low, high]) in [(0.5, median), (0.9, p90)] {
                assert_eq!(
                    quantile(&lasted(text), p),
                    SurvivalQuantile { at, low, high },
                    "{p} of {text}"
                );
            }
        }
    }
}
