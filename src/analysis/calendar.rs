//! Business hours: a figure in addition to the wall-clock duration, never instead of it.

use std::fmt;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Offset, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::model::elapsed::Elapsed;
use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;
use crate::text::counted;

/// Working hours: the same hours on some days of the week, in one time zone.
///
/// In `posthoc.toml`:
/// ```toml
/// [definitions.business_hours]
/// zone = "Europe/Berlin"
/// days = ["Mon", "Tue", "Wed", "Thu", "Fri"]
/// from = "09:00"
/// to = "17:00"
/// holidays = ["2026-12-25"]
/// ```
///
/// Hours whose end is not after their start continue past midnight (`22:00` to `06:00`) and belong
/// to the day on which they begin; `24:00` is the end of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, try_from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Calendar {
    zone: Zone,
    days: Vec<Weekday>,
    from: NaiveTime,
    /// If not later than `from`, it is on the next day.
    to: NaiveTime,
    /// Sorted.
    holidays: Vec<NaiveDate>,
}

/// The working hours: the same hours on some days of the week, in one time zone.
#[derive(Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The time zone of `from` and `to`: a name of the IANA database or an offset.
    zone: String,
    /// The working days.
    #[serde(default = "monday_to_friday")]
    days: Vec<String>,
    /// The time at which work begins.
    #[serde(default = "nine")]
    from: String,
    /// The time at which work ends. A time that is not after `from` is on the next day; `24:00` is
    /// midnight.
    #[serde(default = "seventeen")]
    to: String,
    /// Days on which nobody works.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "dates")]
    holidays: Vec<String>,
}

/// Dates as texts; TOML also has dates without quotes.
fn dates<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Date {
        Text(String),
        Toml(toml::value::Datetime),
    }
    let dates = Vec::<Date>::deserialize(deserializer)?;
    let text = |date| match date {
        Date::Text(text) => text,
        Date::Toml(date) => date.to_string(),
    };
    Ok(dates.into_iter().map(text).collect())
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
            NaiveTime::parse_from_str(text, "%H:%M")
                .map_err(|_| format!("`{text}` is not a time such as 09:00"))
        };
        let day =
            |text: &String| text.parse().map_err(|_| format!("`{text}` is not a day such as Mon"));
        let date = |text: &String| {
            text.parse().map_err(|_| format!("`{text}` is not a date such as 2026-12-25"))
        };
        let from = clock(&written.from)?;
        let to = if written.to == "24:00" { NaiveTime::MIN } else { clock(&written.to)? };
        if to == from && written.to != "24:00" {
            return Err(format!(
                "business hours begin and end at {from}; a whole day is from 00:00 to 24:00",
                from = written.from
            ));
        }
        let mut holidays =
            written.holidays.iter().map(date).collect::<Result<Vec<NaiveDate>, _>>()?;
        holidays.sort_unstable();
        holidays.dedup();
        let mut days = written.days.iter().map(day).collect::<Result<Vec<Weekday>, _>>()?;
        days.sort_by_key(Weekday::num_days_from_monday);
        days.dedup();
        if days.is_empty() {
            return Err("business hours need at least one day".to_owned());
        }
        Ok(Calendar {
            zone: written.zone.parse().map_err(|e| format!("{e}"))?,
            days,
            from,
            to,
            holidays,
        })
    }
}

impl From<Calendar> for Written {
    fn from(calendar: Calendar) -> Self {
        Written {
            zone: calendar.zone.to_string(),
            days: calendar.days.iter().map(Weekday::to_string).collect(),
            from: calendar.from.format("%H:%M").to_string(),
            to: calendar.closing(),
            holidays: calendar.holidays.iter().map(NaiveDate::to_string).collect(),
        }
    }
}

impl Calendar {
    /// The part of the time from `start` to `end` that is within business hours. Uncertain ends
    /// make it an interval.
    pub fn elapsed(&self, start: Moment, end: Moment) -> Elapsed {
        let (min, max) = (
            self.between(start.latest(), end.earliest()),
            self.between(start.earliest(), end.latest()),
        );
        in_hours(Elapsed { min, max, ..Elapsed::between(start, end) })
    }

    /// The business hours from one instant to a later one.
    ///
    /// If a clock change skips the time at which the hours begin or end, the instant of the change
    /// is used; if it shows the time twice, the first one is used. So hours that are consecutive on
    /// the clock are consecutive in time, and a whole day has its 23 or 25 hours.
    pub(super) fn between(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> TimeDelta {
        let mut sum = TimeDelta::zero();
        if end <= start {
            return sum;
        }
        let last = self.zone.local(end).date_naive();
        let first = self.zone.local(start).date_naive();
        // Hours past midnight may have begun on the day before.
        let mut date = first.pred_opt().unwrap_or(first);
        // Far from both ends, whole weeks are multiplied rather than iterated.
        let whole_from = first.checked_add_days(Days::new(2)).unwrap_or(first);
        while let Some(next) = date.checked_add_days(Days::new(1)).filter(|_| date <= last) {
            if date >= whole_from
                && let Some((after, length)) = self.whole_weeks(date, last)
            {
                sum += length;
                date = after;
                continue;
            }
            if self.days.contains(&date.weekday()) && self.holidays.binary_search(&date).is_err() {
                let closes_on = if self.to <= self.from { next } else { date };
                let open = self.zone.first_at(date.and_time(self.from));
                let close = self.zone.first_at(closes_on.and_time(self.to));
                sum += (close.min(end) - open.max(start)).max(TimeDelta::zero());
            }
            date = next;
        }
        sum
    }

    /// A run of whole weeks from `date` that ends at least two days before `last` and contains no
    /// clock change: the day after them, and the business hours in them.
    fn whole_weeks(&self, date: NaiveDate, last: NaiveDate) -> Option<(NaiveDate, TimeDelta)> {
        let year = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        let end = last.checked_sub_days(Days::new(2))?;
        // No zone changed its clock before the first bound, and none is known to change it after
        // the second. Between them, the offset is checked every week.
        let (settled, open) = (year(1800)?, year(2200)?);
        let weeks = if date >= open {
            (end - date).num_days() / 7
        } else if date < settled {
            (end.min(settled) - date).num_days() / 7
        } else {
            1
        };
        let after = date.checked_add_days(Days::new(u64::try_from(weeks * 7).ok()?))?;
        let offset = |date: NaiveDate| {
            self.zone.local(self.zone.first_at(date.and_time(NaiveTime::MIN))).offset().fix()
        };
        // The clock may change at exactly the midnight at which the hours begin, and their last
        // night may continue into the next day.
        if weeks < 1 || after > end || offset(date.pred_opt()?) != offset(after.succ_opt()?) {
            return None;
        }
        let holidays = self.holidays.partition_point(|day| *day < date)
            ..self.holidays.partition_point(|day| *day < after);
        let closed =
            self.holidays[holidays].iter().filter(|day| self.days.contains(&day.weekday())).count();
        let open_days =
            weeks * i64::try_from(self.days.len()).ok()? - i64::try_from(closed).ok()?;
        let night = if self.to <= self.from { TimeDelta::days(1) } else { TimeDelta::zero() };
        let length = self.to - self.from + night;
        Some((after, length * i32::try_from(open_days).ok()?))
    }

    /// The end of the hours, as written.
    fn closing(&self) -> String {
        if self.to == NaiveTime::MIN {
            "24:00".to_owned()
        } else {
            self.to.format("%H:%M").to_string()
        }
    }
}

/// Within business hours, a day is a number of hours, so the bounds of a length that is known to
/// the day are shown in hours.
pub(super) fn in_hours(length: Elapsed) -> Elapsed {
    Elapsed { precision: length.precision.max(Precision::Minute), ..length }
}

/// `Mon–Fri 09:00–17:00 Europe/Berlin`.
impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<u32> = self.days.iter().map(Weekday::num_days_from_monday).collect();
        let in_a_row = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
        match (self.days.first(), self.days.last()) {
            (Some(first), Some(last)) if in_a_row && self.days.len() > 2 => {
                write!(f, "{first}–{last}")?;
            }
            _ => f.write_str(
                &self.days.iter().map(Weekday::to_string).collect::<Vec<_>>().join(", "),
            )?,
        }
        write!(f, " {}–{} {}", self.from.format("%H:%M"), self.closing(), self.zone)?;
        match self.holidays.len() {
            0 => Ok(()),
            count => write!(f, " without {}", counted(count, "holiday")),
        }
    }
}

#[cfg(test)]
mod tests;
