//! Business hours: a figure that stands beside the wall clock's, never in its place.

use std::fmt;

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::model::elapsed::Elapsed;
use crate::model::time::Moment;
use crate::model::zone::Zone;

/// When people are at work: the same hours on each of some days of the week, by one zone's clock.
///
/// In `posthoc.toml`:
/// ```toml
/// [definitions.business_hours]
/// zone = "Europe/Berlin"
/// days = ["Mon", "Tue", "Wed", "Thu", "Fri"]
/// from = "09:00"
/// to = "17:00"
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, try_from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Calendar {
    zone: Zone,
    days: Vec<Weekday>,
    from: NaiveTime,
    to: NaiveTime,
}

#[derive(Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    zone: String,
    #[serde(default = "monday_to_friday")]
    days: Vec<String>,
    #[serde(default = "nine")]
    from: String,
    #[serde(default = "seventeen")]
    to: String,
}

fn monday_to_friday() -> Vec<String> {
    ["Mon", "Tue", "Wed", "Thu", "Fri"].map(str::to_owned).to_vec()
}

fn nine() -> String {
    "09:00".to_owned()
}

fn seventeen() -> String {
    "17:00".to_owned()
}

impl TryFrom<Written> for Calendar {
    type Error = String;
    fn try_from(written: Written) -> Result<Self, String> {
        let clock = |text: &str| {
            NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| format!("`{text}` is not a time such as 09:00"))
        };
        let day = |text: &String| text.parse().map_err(|_| format!("`{text}` is not a day such as Mon"));
        let (from, to) = (clock(&written.from)?, clock(&written.to)?);
        if to <= from {
            return Err(format!("business hours end at {} but begin at {}", written.to, written.from));
        }
        let mut days = written.days.iter().map(day).collect::<Result<Vec<Weekday>, _>>()?;
        days.sort_by_key(Weekday::num_days_from_monday);
        days.dedup();
        if days.is_empty() {
            return Err("business hours need at least one day".to_owned());
        }
        Ok(Calendar { zone: written.zone.parse().map_err(|e| format!("{e}"))?, days, from, to })
    }
}

impl From<Calendar> for Written {
    fn from(calendar: Calendar) -> Self {
        Written {
            zone: calendar.zone.to_string(),
            days: calendar.days.iter().map(Weekday::to_string).collect(),
            from: calendar.from.format("%H:%M").to_string(),
            to: calendar.to.format("%H:%M").to_string(),
        }
    }
}

impl Calendar {
    /// The part of the time from `start` to `end` that is in business hours. Uncertain ends make
    /// it an interval.
    pub fn elapsed(&self, start: Moment, end: Moment) -> Elapsed {
        Elapsed {
            min: self.between(start.latest(), end.earliest()),
            max: self.between(start.earliest(), end.latest()),
            ..Elapsed::between(start, end)
        }
    }

    fn between(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> TimeDelta {
        let mut sum = TimeDelta::zero();
        if end <= start {
            return sum;
        }
        let last = self.zone.local(end).date_naive();
        let mut date = self.zone.local(start).date_naive();
        while date <= last {
            if self.days.contains(&date.weekday())
                && let (Some(open), Some(close)) =
                    (self.instant(date.and_time(self.from)), self.instant(date.and_time(self.to)))
            {
                sum += (close.min(end) - open.max(start)).max(TimeDelta::zero());
            }
            match date.checked_add_days(Days::new(1)) {
                Some(next) => date = next,
                None => break,
            }
        }
        sum
    }

    /// Where the clock skips the hour or shows it twice, the first reading: offices do not close
    /// for a change of the clock.
    fn instant(&self, local: chrono::NaiveDateTime) -> Option<DateTime<Utc>> {
        match self.zone.instant(local) {
            Ok(instant) => Some(instant),
            Err(doubled) => doubled.readings.iter().map(DateTime::to_utc).min(),
        }
    }
}

/// `Mon–Fri 09:00–17:00 Europe/Berlin`.
impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<u32> = self.days.iter().map(Weekday::num_days_from_monday).collect();
        let in_a_row = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
        match (self.days.first(), self.days.last()) {
            (Some(first), Some(last)) if in_a_row && self.days.len() > 2 => write!(f, "{first}–{last}")?,
            _ => f.write_str(&self.days.iter().map(Weekday::to_string).collect::<Vec<_>>().join(", "))?,
        }
        write!(f, " {}–{} {}", self.from.format("%H:%M"), self.to.format("%H:%M"), self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(text: &str) -> Result<Calendar, String> {
        toml::from_str(text).map_err(|e: toml::de::Error| e.message().to_owned())
    }

    fn hours(start: &str, end: &str) -> String {
        let calendar = calendar("zone = \"Europe/Berlin\"").unwrap();
        calendar.elapsed(start.parse().unwrap(), end.parse().unwrap()).to_string()
    }

    #[test]
    fn a_weekend_is_no_business_hour_and_summer_time_moves_the_hours() {
        // Friday 16:00 to Monday 10:00 in Berlin, over the spring change of 2026-03-29.
        assert_eq!(hours("2026-03-27T15:00Z", "2026-03-30T08:00Z"), "2 h");
        assert_eq!(hours("2026-03-28T15:00Z", "2026-03-29T08:00Z"), "< 1 min");
        assert_eq!(hours("2026-03-26T15:30Z..2026-03-26T15:45Z", "2026-03-26T18:00Z"), "15–30 min");
    }

    #[test]
    fn it_names_itself_and_survives_being_written() {
        let week = calendar("zone = \"Europe/Berlin\"").unwrap();
        assert_eq!(week.to_string(), "Mon–Fri 09:00–17:00 Europe/Berlin");
        let two = calendar("zone = \"UTC\"\ndays = [\"Sat\", \"Mon\"]\nfrom = \"08:30\"").unwrap();
        assert_eq!(two.to_string(), "Mon, Sat 08:30–17:00 UTC");
        assert_eq!(calendar(&toml::to_string(&two).unwrap()), Ok(two));
    }

    #[test]
    fn hours_that_mean_nothing_are_refused() {
        for (text, why) in [
            ("zone = \"Nowhere\"", "unknown time zone"),
            ("zone = \"UTC\"\nfrom = \"17:00\"\nto = \"09:00\"", "end at 09:00"),
            ("zone = \"UTC\"\nfrom = \"nine\"", "not a time"),
            ("zone = \"UTC\"\ndays = [\"Sonntag\"]", "not a day"),
            ("zone = \"UTC\"\ndays = []", "at least one day"),
        ] {
            let error = calendar(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
