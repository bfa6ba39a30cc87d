//! Options for the metric that measures an impact.

use std::str::FromStr;

use super::search::{Limit, Side};
use crate::diag::{Diagnostic, nearest};
use crate::model::series::Series;
use crate::model::time::Moment;
use crate::text::clean::clean_line;

/// How to search for the onset.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The limit; computed from the samples if absent.
    pub threshold: Option<Threshold>,
    /// How many samples form a run.
    pub runs: NofM,
    /// A time at which the metric was bad.
    pub near: Option<Moment>,
    /// The name of the series.
    pub series: Option<String>,
}

impl Options {
    /// Whether any option is set, so that a metric that is already in the file is searched again.
    pub fn is_stated(&self) -> bool {
        self.threshold.is_some() || self.near.is_some() || self.series.is_some()
    }

    /// Whether `series` may be the selected one.
    pub(super) fn selects(&self, series: &Series) -> bool {
        let is_named =
            |name: &String| series.name == *name || series.labels.get("__name__") == Some(name);
        let by_threshold = self.threshold.as_ref().and_then(|threshold| threshold.series.as_ref());
        self.series.iter().chain(by_threshold).all(is_named)
    }

    /// The warning if no series has the given name.
    pub(super) fn unknown_series(&self, series: &[&Series]) -> Option<Diagnostic> {
        let by_threshold = self.threshold.as_ref().and_then(|threshold| threshold.series.as_ref());
        let name = self.series.as_ref().or(by_threshold)?;
        let names: Vec<String> = series.iter().map(|one| clean_line(&one.name)).collect();
        let meant = nearest(name, names.iter().map(String::as_str));
        let problem = Diagnostic::warning(format!("no series is called `{}`", clean_line(name)));
        Some(match meant {
            Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
            None => problem.hint(format!(
                "the series: {}",
                names.iter().take(5).cloned().collect::<Vec<_>>().join(", ")
            )),
        })
    }
}

/// The number of bad samples among consecutive ones that starts an impact, written `3/5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NofM {
    /// The number of bad samples.
    pub bad: usize,
    /// The number of consecutive samples.
    pub of: usize,
}

impl Default for NofM {
    fn default() -> Self {
        NofM { bad: 3, of: 5 }
    }
}

impl FromStr for NofM {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a number of samples; write 3/5 for 3 bad of 5, or 1");
        let (bad, of) = text.split_once('/').unwrap_or((text, text));
        let number = |text: &str| text.trim().parse::<usize>().map_err(|_| wrong());
        let (bad, of) = (number(bad)?, number(of)?);
        if bad == 0 || bad > of { Err(wrong()) } else { Ok(NofM { bad, of }) }
    }
}

/// A condition for bad samples: `> 5`, `error_rate >= 1%`, `success < 0.99`.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    series: Option<String>,
    side: Side,
    is_inclusive: bool,
    value: f64,
    is_percent: bool,
}

impl Threshold {
    /// The limit for a series with that unit. If the unit is not percent, a percentage is converted
    /// to a fraction of 1.
    pub(super) fn limit(&self, unit: Option<&str>) -> Limit {
        let is_share = self.is_percent
            && !unit.is_some_and(|unit| unit.contains(['%']) || unit.contains("ercent"));
        let value = if is_share { self.value / 100.0 } else { self.value };
        Limit { side: self.side, value, is_inclusive: self.is_inclusive, usual: None }
    }
}

impl FromStr for Threshold {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("`{text}` is not a limit; write what is bad, as in `> 5` or `error_rate >= 1%`")
        };
        // The name of a series may contain these signs in its labels: `up{job=\"a\"} < 1`.
        let at = text.rfind(['<', '>']).ok_or_else(wrong)?;
        let (name, rest) = text.split_at(at);
        let side = if rest.starts_with('>') { Side::Above } else { Side::Below };
        let rest = &rest[1..];
        let is_inclusive = rest.starts_with('=');
        let value = rest.trim_start_matches('=').trim();
        let is_percent = value.ends_with('%');
        let value = value.trim_end_matches('%').trim().replace('_', "");
        let value: f64 = value.parse().map_err(|_| wrong())?;
        if !value.is_finite() {
            return Err(wrong());
        }
        let name = name.trim();
        let series = (!name.is_empty()).then(|| name.to_owned());
        Ok(Threshold { series, side, is_inclusive, value, is_percent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_parsed() {
        let of = |text: &str| {
            text.parse::<Threshold>().map(|threshold| {
                let limit = threshold.limit(Some("ms"));
                (threshold.series, limit.side, limit.is_inclusive, limit.value)
            })
        };
        assert_eq!(of("> 5"), Ok((None, Side::Above, false, 5.0)));
        assert_eq!(of("error rate>=1%"), Ok((Some("error rate".into()), Side::Above, true, 0.01)));
        assert_eq!(
            of("up{job=\"a>b\"} < -1_000.5"),
            Ok((Some("up{job=\"a>b\"}".into()), Side::Below, false, -1000.5))
        );
        for wrong in ["", "5", ">", "> five", "> inf", "a = 5", "> 5 ms"] {
            assert!(of(wrong).unwrap_err().contains("is not a limit"), "{wrong}");
        }
        let percent: Threshold = "> 1%".parse().unwrap();
        assert_eq!(percent.limit(Some("%")).value, 1.0);
    }

    #[test]
    fn sample_counts_are_parsed() {
        assert_eq!("3/5".parse(), Ok(NofM { bad: 3, of: 5 }));
        assert_eq!("4".parse(), Ok(NofM { bad: 4, of: 4 }));
        for wrong in ["", "0", "0/5", "6/5", "3/5/7", "-1", "a/b"] {
            assert!(wrong.parse::<NofM>().is_err(), "{wrong}");
        }
    }
}
