//! Objectives for the availability of services, as `posthoc.toml` states them.

use std::fmt;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use crate::model::zone::Zone;

/// How much of the time a service must be available.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// The service, by the name that incidents use.
    pub service: String,
    /// The percentage of the time in which the service has no impact: `99.9`. It is above 0 and
    /// below 100.
    #[schemars(with = "f64")]
    pub target: Target,
    /// The time that it applies to: a length up to now (`30d`, `4w`), or the calendar's `month`,
    /// `quarter` or `year`.
    #[serde(default)]
    #[schemars(with = "String", extend("default" = "30d"))]
    pub window: Span,
    /// The hours in which the service must be available; always, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Calendar>,
}

/// A percentage above 0 and below 100.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64")]
pub struct Target(f64);

impl Target {
    /// The percentage.
    pub fn percent(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Target {
    type Error = String;
    fn try_from(percent: f64) -> Result<Self, String> {
        if percent > 0.0 && percent < 100.0 {
            return Ok(Target(percent));
        }
        Err(format!("a target of {percent} % is not above 0 and below 100, such as 99.9"))
    }
}

/// The time that an objective applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// So many days up to now.
    Days(u16),
    /// So many months of the calendar, of which the first one is January, or follows such a number:
    /// 1, 3, 12.
    Months(u8),
}

impl Default for Span {
    fn default() -> Self {
        Span::Days(30)
    }
}

impl Span {
    /// From its start to its end, where `instant` is now: a length ends there, and a period of the
    /// calendar in `zone` contains it. `None` beyond the calendar.
    pub(super) fn around(
        self,
        instant: DateTime<Utc>,
        zone: Zone,
    ) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        match self {
            Span::Days(days) => {
                Some((instant.checked_sub_signed(TimeDelta::days(days.into()))?, instant))
            }
            Span::Months(months) => {
                // The first instant of a period, as an end, belongs to the one before.
                let date =
                    zone.local(instant.checked_sub_signed(TimeDelta::nanoseconds(1))?).date_naive();
                let month0 = date.month0() / u32::from(months) * u32::from(months);
                let first = NaiveDate::from_ymd_opt(date.year(), month0 + 1, 1)?;
                let next = first.checked_add_months(Months::new(months.into()))?;
                let start = |date: NaiveDate| zone.first_at(date.and_time(NaiveTime::MIN));
                Some((start(first), start(next)))
            }
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Span::Days(days) => write!(f, "{days}d"),
            Span::Months(1) => f.write_str("month"),
            Span::Months(3) => f.write_str("quarter"),
            Span::Months(_) => f.write_str("year"),
        }
    }
}

impl std::str::FromStr for Span {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "month" => return Ok(Span::Months(1)),
            "quarter" => return Ok(Span::Months(3)),
            "year" => return Ok(Span::Months(12)),
            _ => {}
        }
        let number = |unit: char, days: u16| {
            let number: u16 = text.strip_suffix(unit)?.parse().ok().filter(|number| *number > 0)?;
            number.checked_mul(days)
        };
        number('d', 1).or_else(|| number('w', 7)).map(Span::Days).ok_or_else(|| {
            format!("`{text}` is not a window; write 30d, 4w, month, quarter or year")
        })
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(span: &str, instant: &str) -> String {
        let zone = "Europe/Berlin".parse().unwrap();
        let span: Span = span.parse().unwrap();
        let (start, end) = span.around(instant.parse().unwrap(), zone).unwrap();
        format!("{}..{}", start.format("%FT%RZ"), end.format("%FT%RZ"))
    }

    #[test]
    fn windows_end_now_or_are_calendar_periods_of_the_zone() {
        let now = "2026-05-15T12:00:00Z";
        assert_eq!(around("30d", now), "2026-04-15T12:00Z..2026-05-15T12:00Z");
        assert_eq!(around("2w", now), "2026-05-01T12:00Z..2026-05-15T12:00Z");
        assert_eq!(around("month", now), "2026-04-30T22:00Z..2026-05-31T22:00Z");
        assert_eq!(around("quarter", now), "2026-03-31T22:00Z..2026-06-30T22:00Z");
        assert_eq!(around("month", "2026-04-30T22:00:00Z"), "2026-03-31T22:00Z..2026-04-30T22:00Z");
        assert_eq!(around("year", now), "2025-12-31T23:00Z..2026-12-31T23:00Z");
    }

    #[test]
    fn meaningless_objectives_are_refused() {
        let read =
            |text: &str| toml::from_str::<Objective>(text).map_err(|e| e.message().to_owned());
        assert_eq!(read("service = 'api'\ntarget = 99.9").unwrap().window, Span::Days(30));
        for (text, why) in [
            ("target = 99.9", "service"),
            ("service = 'api'", "target"),
            ("service = 'api'\ntarget = 100.0", "below 100"),
            ("service = 'api'\ntarget = 0.0", "above 0"),
            ("service = 'api'\ntarget = 99.9\nwindow = '0d'", "is not a window"),
            ("service = 'api'\ntarget = 99.9\nwindow = 'week'", "30d, 4w"),
            ("service = 'api'\ntarget = 99.9\nwindow = '65535w'", "is not a window"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
