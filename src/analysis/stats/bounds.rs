//! What a figure may be, where the values that it is made from are intervals.

use chrono::TimeDelta;
use serde::Serialize;

use super::quantile::{ranks, type7};
use super::sample::seconds;
use crate::model::elapsed::Elapsed;
use crate::model::time::Precision;

/// From what to what a figure lies, and how precisely it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// The figure, if every value were the least that it can be.
    pub min_seconds: f64,
    /// The figure, if every value were the most that it can be.
    pub max_seconds: f64,
    /// The coarsest precision of the values it is made from.
    pub precision: Precision,
    /// Whether any of them is approximate.
    pub about: bool,
}

impl Bounds {
    /// Seconds as a length.
    pub fn length(seconds: f64) -> TimeDelta {
        length(seconds)
    }

    /// The figure for a reader: truncated to its precision, or from what to what it lies where
    /// those differ by more than that.
    pub fn text(&self, figure: f64) -> String {
        let Bounds { precision, about, .. } = *self;
        let (min, max) = (length(self.min_seconds), length(self.max_seconds));
        // What is known to the day is an interval about as wide as its own unit: `1–3 d`.
        let close = if precision == Precision::Day { TimeDelta::zero() } else { precision.unit() };
        let elapsed = if max - min > close {
            Elapsed { min, max, precision, about }
        } else {
            Elapsed { min: length(figure), max: length(figure), precision, about }
        };
        elapsed.to_string()
    }

    /// From one limit of a confidence interval to the other, by the rule of every interval: never
    /// shown narrower than it is, and with one unit where that is enough: `31–47 min`.
    pub fn text_between(&self, low: f64, high: f64) -> String {
        let Bounds { precision, about, .. } = *self;
        Elapsed { min: length(low), max: length(high), precision, about }.to_string()
    }

    /// A figure that the true one is not below: `≥ 31 min`. `None` where that says nothing.
    pub fn text_at_least(&self, figure: f64) -> Option<String> {
        let text = self.text_of_one(figure);
        (!text.starts_with('<')).then(|| format!("≥ {text}"))
    }

    /// Another figure of the same values, such as a limit of the confidence interval.
    pub fn text_of_one(&self, figure: f64) -> String {
        Bounds { min_seconds: figure, max_seconds: figure, ..*self }.text(figure)
    }
}

/// Seconds as a length.
pub fn length(seconds: f64) -> TimeDelta {
    TimeDelta::milliseconds((seconds * 1000.0).round() as i64)
}

/// Values by their least, their middle and their most, each in rising order.
pub(super) struct Sorted {
    pub(super) minima: Vec<f64>,
    pub(super) middles: Vec<f64>,
    pub(super) maxima: Vec<f64>,
    /// Whether each of the minima, and of the maxima, is known only to the day.
    days: [Vec<bool>; 2],
    coarsest: Precision,
    /// The coarsest precision but that of whole days, if any value is known better than that.
    coarsest_clock: Option<Precision>,
    about: bool,
}

impl Sorted {
    pub(super) fn new<'a>(lengths: impl Iterator<Item = &'a Elapsed> + Clone) -> Self {
        let by = |of: fn(&Elapsed) -> TimeDelta| {
            let mut sorted: Vec<(f64, bool)> = lengths
                .clone()
                .map(|length| (seconds(of(length)), length.precision == Precision::Day))
                .collect();
            sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            sorted.into_iter().unzip()
        };
        let (minima, min_days) = by(|length| length.min);
        let (middles, _): (_, Vec<bool>) = by(Elapsed::middle);
        let (maxima, max_days) = by(|length| length.max);
        let precisions = || lengths.clone().map(|length| length.precision);
        Sorted {
            minima,
            middles,
            maxima,
            days: [min_days, max_days],
            coarsest: precisions().min().unwrap_or(Precision::Second),
            coarsest_clock: precisions().filter(|&precision| precision != Precision::Day).min(),
            about: lengths.clone().any(|length| length.about),
        }
    }

    /// The quantile `p` of the middles, with its bounds.
    pub(super) fn quantile(&self, p: f64) -> Option<(f64, Bounds)> {
        let bounds =
            self.bounds(type7(&self.minima, p)?, type7(&self.maxima, p)?, self.precision_at(p));
        Some((type7(&self.middles, p)?, bounds))
    }

    /// The mean of the middles, with its bounds.
    pub(super) fn mean(&self) -> (f64, Bounds) {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        (mean(&self.middles), self.bounds(mean(&self.minima), mean(&self.maxima), self.coarsest))
    }

    /// The bounds of a figure that is one of the values, or lies between two of them.
    pub(super) fn of_one(&self, min_seconds: f64, max_seconds: f64) -> Bounds {
        let [min_days, max_days] = &self.days;
        let is_of_a_day = |values: &[f64], days: &[bool], figure: f64| {
            values
                .iter()
                .zip(days)
                .any(|(value, is_day)| *is_day && value.total_cmp(&figure).is_eq())
        };
        let is_day = is_of_a_day(&self.minima, min_days, min_seconds)
            || is_of_a_day(&self.maxima, max_days, max_seconds);
        let precision = self.coarsest_clock.filter(|_| !is_day).unwrap_or(self.coarsest);
        self.bounds(min_seconds, max_seconds, precision)
    }

    fn bounds(&self, min_seconds: f64, max_seconds: f64, precision: Precision) -> Bounds {
        Bounds { min_seconds, max_seconds, precision, about: self.about }
    }

    /// A value that is known only to the day is an interval, and moves a quantile within its
    /// bounds. It makes the quantile as coarse as a day only where the quantile is taken from it:
    /// one such value among hundreds does not.
    fn precision_at(&self, p: f64) -> Precision {
        let is_of_a_day = |days: &Vec<bool>| ranks(days.len(), p).any(|rank| days[rank]);
        match self.coarsest_clock {
            Some(precision) if !self.days.iter().any(is_of_a_day) => precision,
            _ => self.coarsest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(ends: &[(&str, &str)]) -> Sorted {
        let lengths: Vec<Elapsed> = ends
            .iter()
            .map(|(start, end)| {
                Elapsed::between(start.parse().unwrap(), end.parse().unwrap()).or_zero()
            })
            .collect();
        Sorted::new(lengths.iter())
    }

    fn median(ends: &[(&str, &str)]) -> String {
        let (figure, bounds) = sorted(ends).quantile(0.5).unwrap();
        bounds.text(figure)
    }

    #[test]
    fn both_bounds_are_shown_when_they_differ_beyond_the_precision() {
        let start = "2026-03-01T00:00Z..2026-03-02T00:00Z";
        assert_eq!(median(&[(start, "2026-03-02T00:00Z"); 5]), "0–24 h");
        assert_eq!(median(&[("2026-03-01", "2026-03-03T15:00Z"); 5]), "1–3 d");
        assert_eq!(
            median(&[("2026-03-01T00:00Z..2026-03-01T00:01Z", "2026-03-01T01:00Z"); 5]),
            "59 min",
            "truncated"
        );
    }

    #[test]
    fn one_day_precision_value_widens_the_median_but_keeps_its_unit() {
        let short = ("2026-03-01T00:00Z", "2026-03-01T00:10Z");
        let long = ("2026-03-01T00:00Z", "2026-03-01T00:40Z");
        let day = ("2026-03-01", "2026-03-01T20:00Z");
        assert_eq!(median(&[short, short, long, long, day]), "10–40 min");
        assert_eq!(median(&[short, short, short, long, day]), "10 min");
        let (mean, bounds) = sorted(&[short, short, short, long, day]).mean();
        assert_eq!(bounds.text(mean), "< 1 d", "the mean is made from every value");
    }

    #[test]
    fn seconds_are_shown_only_if_every_value_has_them() {
        let seconds = ("2026-03-01T00:00:00Z", "2026-03-01T00:00:20Z");
        assert_eq!(median(&[seconds; 5]), "20 s");
        let minutes = ("2026-03-01T00:00Z", "2026-03-01T00:59:36Z");
        assert_eq!(median(&[minutes; 5]), "59 min");
        assert_eq!(median(&[seconds, seconds, seconds, seconds, minutes]), "< 1 min");
    }
}
