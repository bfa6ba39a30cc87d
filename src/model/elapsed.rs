//! A length of time between two moments, as uncertain as the moments.

use std::fmt;

use chrono::TimeDelta;

use super::time::{Moment, Precision};

/// The time from one [`Moment`] to another.
///
/// The difference of two uncertain moments is itself uncertain: it lies between `min` and `max`. It
/// may be negative; the caller decides what that means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed {
    /// The shortest that it can have been.
    pub min: TimeDelta,
    /// The longest that it can have been.
    pub max: TimeDelta,
    /// The coarser precision of the two moments. It is never displayed finer than this.
    pub precision: Precision,
    /// Whether either moment is approximate ("about").
    pub about: bool,
}

impl Elapsed {
    /// The time from `start` to `end`.
    pub fn between(start: Moment, end: Moment) -> Self {
        Elapsed {
            min: end.earliest() - start.latest(),
            max: end.latest() - start.earliest(),
            precision: start.precision().min(end.precision()),
            about: start.is_about() || end.is_about(),
        }
    }

    /// A known length, to the second.
    pub fn exactly(length: TimeDelta) -> Self {
        Elapsed { min: length, max: length, precision: Precision::Second, about: false }
    }

    /// Whether it is an interval rather than one length.
    pub fn is_uncertain(&self) -> bool {
        self.min != self.max
    }

    /// The middle of the interval, which aggregates use as its value.
    pub fn middle(&self) -> TimeDelta {
        self.min + (self.max - self.min) / 2
    }

    /// The same, with negative bounds raised to zero.
    #[must_use]
    pub fn or_zero(self) -> Self {
        Elapsed {
            min: self.min.max(TimeDelta::zero()),
            max: self.max.max(TimeDelta::zero()),
            ..self
        }
    }
}

/// The sum of both lengths: the uncertainties add up, and the coarser precision applies.
impl std::ops::Add for Elapsed {
    type Output = Elapsed;
    fn add(self, other: Elapsed) -> Elapsed {
        Elapsed {
            min: self.min + other.min,
            max: self.max + other.max,
            precision: self.precision.min(other.precision),
            about: self.about || other.about,
        }
    }
}

/// `5 h 16 min 27 s`, `~40 min`, `31–47 min`, `< 1 min`; never finer than the precision.
///
/// A length is truncated to its precision and never rounded, here and in every figure of every
/// command: 59 min 59 s that is known to the minute is `59 min`. Only the bounds of an interval are
/// moved outwards, since a truncated upper bound would exclude lengths that are possible.
impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An interval shown coarser than it is known is shown wider, never narrower.
        let unit = unit(self.precision);
        let short = |length: TimeDelta| length.num_seconds() < unit;
        let (min, max) = if self.is_uncertain() && self.min >= TimeDelta::zero() && !short(self.max)
        {
            let (low, high) = (self.min.num_seconds(), self.max);
            let seconds = high.num_seconds() + i64::from(high.subsec_nanos() > 0);
            (low - low % unit, (seconds + unit - 1) / unit * unit)
        } else {
            (self.min.num_seconds(), self.max.num_seconds())
        };
        let from_nothing = min == 0 && max >= unit;
        let (min, max) = (words(min, self.precision), words(max, self.precision));
        // "less than a minute" needs no "about" before it.
        if self.about && !(min == max && min.starts_with('<')) {
            f.write_str("~")?;
        }
        if min == max {
            return f.write_str(&min);
        }
        // "31–47 min" only where each is one number of the same unit: "41–53 h 12 min" would hide
        // that the minutes belong to both.
        match (min.split_once(' '), max.split_once(' ')) {
            (_, Some((high, unit))) if from_nothing && !unit.contains(' ') => {
                write!(f, "0–{high} {unit}")
            }
            _ if from_nothing => write!(f, "0 – {max}"),
            (Some((low, unit)), Some((high, other)))
                if unit == other && low != "<" && !unit.contains(' ') =>
            {
                write!(f, "{low}–{high} {unit}")
            }
            _ => write!(f, "{min} – {max}"),
        }
    }
}

/// From here on, days are easier to read than hours.
const DAYS_FROM_HOURS: i64 = 72;

/// The length of the smallest unit that a precision shows, in seconds.
fn unit(precision: Precision) -> i64 {
    precision.unit().num_seconds()
}

fn words(seconds: i64, precision: Precision) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.abs();
    let smallest = match precision {
        Precision::Day => "d",
        Precision::Minute => "min",
        Precision::Second | Precision::Subsecond => "s",
    };
    if seconds < unit(precision) {
        return format!("< 1 {smallest}");
    }
    if precision == Precision::Day {
        return format!("{sign}{} d", seconds / 86_400);
    }
    let hours = seconds / 3600;
    let (days, hours) =
        if hours >= DAYS_FROM_HOURS { (hours / 24, hours % 24) } else { (0, hours) };
    let parts = [(days, "d"), (hours, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let finest = if precision == Precision::Minute { 3 } else { 4 };
    let shown: Vec<String> = parts[..finest]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    format!("{sign}{}", shown.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(start: &str, end: &str) -> String {
        Elapsed::between(start.parse().unwrap(), end.parse().unwrap()).to_string()
    }

    #[test]
    fn durations_are_shown_at_the_coarser_precision() {
        assert_eq!(between("2026-03-17T14:14:05Z", "2026-03-17T19:30:32Z"), "5 h 16 min 27 s");
        assert_eq!(between("2026-03-17T14:14Z", "2026-03-17T19:30:32Z"), "5 h 16 min");
        assert_eq!(between("2026-03-17T14:14Z", "2026-03-17T14:14:32Z"), "< 1 min");
        assert_eq!(between("2026-03-17T14:14:00Z", "2026-03-17T14:14:00.4Z"), "< 1 s");
        assert_eq!(between("2026-03-17T00:00Z", "2026-03-21T02:03Z"), "4 d 2 h 3 min");
    }

    #[test]
    fn approximation_and_intervals_propagate_to_durations() {
        assert_eq!(between("~2025-07-04T03:06Z", "2025-07-04T03:46Z"), "~40 min");
        assert_eq!(between("~2025-07-04T03:06Z", "2025-07-04T03:06Z"), "< 1 min");
        assert_eq!(
            between("2013-04-06T16:45Z..2013-04-07T04:45Z", "2013-04-08T09:45Z..2013-04-08T21:45Z"),
            "29–53 h"
        );
        assert_eq!(
            between("2026-03-17T14:00Z..2026-03-17T14:16Z", "2026-03-17T14:47Z"),
            "31–47 min"
        );
        assert_eq!(
            between("2026-03-17T14:00Z..2026-03-17T15:16Z", "2026-03-17T15:47Z"),
            "31 min – 1 h 47 min"
        );
    }

    #[test]
    fn interval_is_never_shown_narrower_than_it_is() {
        assert_eq!(
            between("2026-03-17T14:00:20Z..2026-03-17T14:16:30Z", "2026-03-17T14:47Z"),
            "30–47 min"
        );
        assert_eq!(
            between("2026-03-17T14:00:20Z..2026-03-17T14:00:40Z", "2026-03-17T14:47Z"),
            "46–47 min"
        );
        assert_eq!(
            between("2026-03-17T14:00:20Z..2026-03-17T14:00:40Z", "2026-03-17T14:01Z"),
            "< 1 min"
        );
        assert_eq!(
            between("2026-03-17T14:00:20Z..2026-03-17T14:00:40Z", "2026-03-17T14:02Z"),
            "1–2 min"
        );
        assert_eq!(between("2026-03-17", "2026-03-19T10:00Z"), "1–3 d");
    }

    #[test]
    fn both_ends_repeat_units_of_several_parts() {
        let between = |end: &str| between("2026-03-17T00:00Z..2026-03-17T12:00Z", end);
        assert_eq!(between("2026-03-19T05:12Z"), "41 h 12 min – 53 h 12 min");
        assert_eq!(between("2026-03-22T00:12Z"), "4 d 12 h 12 min – 5 d 12 min");
        assert_eq!(between("2026-03-19T05:00Z"), "41–53 h");
        assert_eq!(between("2026-03-17T12:00Z"), "0–12 h");
        assert_eq!(between("2026-03-17T12:00:20Z"), "0 – 12 h 1 min", "moved outwards");
    }

    #[test]
    fn lengths_are_truncated_not_rounded() {
        assert_eq!(between("2026-03-17T14:00Z", "2026-03-17T14:59:59Z"), "59 min");
        let to = |precision, hours| {
            Elapsed { precision, ..Elapsed::exactly(TimeDelta::hours(hours)) }.to_string()
        };
        assert_eq!(to(Precision::Day, 47), "1 d");
        assert_eq!(to(Precision::Day, 23), "< 1 d");
    }

    #[test]
    fn dates_without_clock_times_give_days() {
        assert_eq!(between("2026-03-17", "2026-03-19"), "1–3 d");
    }
}
