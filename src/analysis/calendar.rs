//! Business hours: a figure that stands beside the wall clock's, never in its place.

use std::fmt;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Offset, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::model::elapsed::Elapsed;
use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;
use crate::text::counted;

/// When people are at work: the same hours on each of some days of the week, by one zone's clock.
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
/// Hours that end where or before they begin run past midnight (`22:00` to `06:00`) and belong to
/// the day on which they begin; `24:00` is the end of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, try_from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Calendar {
    zone: Zone,
    days: Vec<Weekday>,
    from: NaiveTime,
    /// Not later than `from`: on the next day.
    to: NaiveTime,
    /// In order.
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
    /// The time at which work ends. A time that is not after `from` is on the next day; `24:00` is midnight.
    #[serde(default = "seventeen")]
    to: String,
    /// Days on which nobody works.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "dates")]
    holidays: Vec<String>,
}

/// Dates as texts; TOML has a form for them without quotes too.
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
    /// The part of the time from `start` to `end` that is in business hours. Uncertain ends make
    /// it an interval.
    pub fn elapsed(&self, start: Moment, end: Moment) -> Elapsed {
        let (min, max) = (
            self.between(start.latest(), end.earliest()),
            self.between(start.earliest(), end.latest()),
        );
        in_hours(Elapsed { min, max, ..Elapsed::between(start, end) })
    }

    /// The business hours from one instant to a later one.
    ///
    /// Where the clock skips the hour at which they begin or end, that is the instant of the
    /// change; where it shows the hour twice, the first: so hours that follow each other on the
    /// clock follow each other in time, and the hours of a whole day are the 23 or 25 that it has.
    pub(super) fn between(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> TimeDelta {
        let mut sum = TimeDelta::zero();
        if end <= start {
            return sum;
        }
        let last = self.zone.local(end).date_naive();
        let first = self.zone.local(start).date_naive();
        // Hours past midnight may have begun the day before.
        let mut date = first.pred_opt().unwrap_or(first);
        // Far from both ends, whole weeks are counted and not walked through.
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

    /// Some whole weeks from `date` on that end two days before `last` at the latest and in which no
    /// clock changes: the day after them, and the business hours in them.
    fn whole_weeks(&self, date: NaiveDate, last: NaiveDate) -> Option<(NaiveDate, TimeDelta)> {
        let year = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        let end = last.checked_sub_days(Days::new(2))?;
        // No zone has changed its clock before the one bound, nor is one known to do so after the
        // other. Between them, clocks are looked at every week.
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
        // The clock may change at the very midnight that they begin at, and the last of their nights
        // may run into the day after.
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

    /// The hour at which they end, as it is written.
    fn closing(&self) -> String {
        if self.to == NaiveTime::MIN {
            "24:00".to_owned()
        } else {
            self.to.format("%H:%M").to_string()
        }
    }
}

/// A day at work is hours: the bounds of what is known to the day are told as such.
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
mod tests {
    use chrono::Timelike;
    use proptest::prelude::*;

    use super::*;
    use crate::model::zone::Tz;

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
        assert_eq!(hours("2026-04-01", "2026-04-03"), "8–24 h", "a day at work is hours");
    }

    #[test]
    fn a_holiday_is_no_business_day_and_a_night_shift_belongs_to_its_evening() {
        let text = "zone = \"Europe/Berlin\"\nholidays = [\"2026-12-25\"]";
        let christmas = calendar(text).unwrap();
        let (thursday, monday) =
            ("2026-12-24T07:00Z".parse().unwrap(), "2026-12-28T09:00Z".parse().unwrap());
        assert_eq!(christmas.elapsed(thursday, monday).to_string(), "9 h");
        assert_eq!(christmas.to_string(), "Mon–Fri 09:00–17:00 Europe/Berlin without 1 holiday");
        assert_eq!(
            calendar(&text.replace("\"2026-12-25\"", "2026-12-25")).as_ref(),
            Ok(&christmas),
            "TOML's own form"
        );
        assert_eq!(calendar(&toml::to_string(&christmas).unwrap()), Ok(christmas));
        let night =
            calendar("zone = \"UTC\"\ndays = [\"Fri\"]\nfrom = \"22:00\"\nto = \"06:00\"").unwrap();
        let hours = |start: &str, end: &str| {
            night.elapsed(start.parse().unwrap(), end.parse().unwrap()).to_string()
        };
        assert_eq!(
            hours("2026-03-14T01:00Z", "2026-03-14T12:00Z"),
            "5 h",
            "Saturday morning is Friday's night"
        );
        assert_eq!(
            hours("2026-03-13T00:00Z", "2026-03-13T08:00Z"),
            "< 1 min",
            "Friday morning is Thursday's"
        );
    }

    /// The sum of a day at a time: slow, and plainly right.
    fn day_by_day(calendar: &Calendar, start: DateTime<Utc>, end: DateTime<Utc>) -> TimeDelta {
        let mut sum = TimeDelta::zero();
        let mut from = start;
        while from < end {
            let to = (from + TimeDelta::hours(24)).min(end);
            sum += calendar.between(from, to);
            from = to;
        }
        sum
    }

    #[test]
    fn years_are_counted_in_weeks_as_they_are_in_days() {
        for zone in [
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Africa/Casablanca",
            "Australia/Lord_Howe",
            "Pacific/Apia",
        ] {
            for hours in [
                "",
                "from = \"22:00\"\nto = \"06:00\"",
                "days = [\"Sun\", \"Wed\"]\nfrom = \"00:00\"\nto = \"24:00\"",
            ] {
                let text = format!(
                    "zone = \"{zone}\"\nholidays = [\"2011-12-26\", \"2012-05-01\"]\n{hours}"
                );
                let calendar = calendar(&text).unwrap();
                for (start, end) in [
                    ("2010-01-01T03:00:00Z", "2016-07-02T14:30:00Z"),
                    ("1799-12-03T23:10:00Z", "1800-02-02T00:00:00Z"),
                    ("2199-11-30T00:00:00Z", "2200-03-02T12:00:00Z"),
                    ("2026-03-20T00:00:00Z", "2026-04-10T12:00:00Z"),
                ] {
                    let (start, end) = (start.parse().unwrap(), end.parse().unwrap());
                    assert_eq!(
                        calendar.between(start, end),
                        day_by_day(&calendar, start, end),
                        "{text} {start}"
                    );
                }
            }
        }
    }

    #[test]
    fn ten_thousand_years_take_no_time() {
        let calendar = calendar("zone = \"Europe/Berlin\"").unwrap();
        let (start, end) =
            ("0001-01-01T00:00:00Z".parse().unwrap(), "9999-01-01T00:00:00Z".parse().unwrap());
        let before = std::time::Instant::now();
        assert!(calendar.between(start, end) > TimeDelta::days(800_000));
        assert!(before.elapsed() < std::time::Duration::from_secs(2), "{:?}", before.elapsed());
    }

    #[test]
    fn an_hour_that_the_clock_skips_or_shows_twice() {
        let early = calendar(
            "zone = \"Europe/Berlin\"\ndays = [\"Sun\"]\nfrom = \"02:30\"\nto = \"08:30\"",
        )
        .unwrap();
        let on = |day: &str| {
            let (start, end) =
                (format!("{day}T00:00 Europe/Berlin"), format!("{day}T12:00 Europe/Berlin"));
            early.elapsed(start.parse().unwrap(), end.parse().unwrap()).to_string()
        };
        assert_eq!(on("2026-03-22"), "6 h");
        assert_eq!(on("2026-03-29"), "5 h 30 min", "from 03:00, when 02:30 was skipped, to 08:30");
        assert_eq!(on("2026-10-25"), "7 h", "from the first 02:30");
    }

    proptest! {
        /// Hours that make up a whole day are the time on the wall, in any zone and over any change
        /// of the clock; and a span is the sum of its days.
        #[test]
        fn the_parts_of_the_day_are_the_whole_time(
            zone in prop::sample::select(Tz::all().collect::<Vec<_>>()),
            start in 0i64..2_000_000_000, length in 0i64..5_000_000, hour in 1u32..24, half in any::<bool>(),
        ) {
            let minute = if half { 30 } else { 0 };
            let all = r#"days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]"#;
            let part = |from: &str, to: &str| {
                calendar(&format!("zone = \"{zone}\"\n{all}\nfrom = \"{from}\"\nto = \"{to}\"")).unwrap()
            };
            let noon = format!("{hour:02}:{minute:02}");
            let (morning, evening, night) = (part("00:00", &noon), part(&noon, "24:00"), part(&noon, "00:00"));
            let instant = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
            let (start, end) = (instant(start), instant(start + length));
            prop_assert_eq!(morning.between(start, end) + evening.between(start, end), end - start);
            prop_assert_eq!(part("00:00", "24:00").between(start, end), end - start);
            prop_assert_eq!(night, evening);
            // Cut at every local midnight, by the clock itself.
            let date = |instant: DateTime<Utc>| Zone::Named(zone).local(instant).date_naive();
            let (mut from, mut sum) = (start, TimeDelta::zero());
            while from < end {
                let tomorrow = date(from).succ_opt().unwrap();
                let mut to = from;
                while date(to) < tomorrow {
                    to += TimeDelta::minutes(15);
                }
                let to = to.min(end);
                sum += morning.between(from, to);
                from = to;
            }
            prop_assert_eq!(sum, morning.between(start, end));
        }

        /// Against the clock itself, minute by minute, where it does not change within the hours.
        #[test]
        fn each_minute_is_in_the_hours_or_not(
            zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
            start in 28_000_000i64..29_800_000, length in 0i64..20_000,
        ) {
            let hours = calendar(&format!("zone = \"{zone}\"\nfrom = \"08:00\"\nto = \"17:30\"\nholidays = [\"2026-03-30\"]")).unwrap();
            let instant = |minute: i64| DateTime::from_timestamp(minute * 60, 0).unwrap();
            let counted = (start..start + length)
                .map(|minute| zone.parse::<Zone>().unwrap().local(instant(minute)))
                .filter(|local| local.weekday().num_days_from_monday() < 5)
                .filter(|local| local.date_naive().to_string() != "2026-03-30")
                .filter(|local| (480..1050).contains(&(local.hour() * 60 + local.minute())))
                .count();
            prop_assert_eq!(hours.between(instant(start), instant(start + length)).num_minutes(), counted as i64);
        }
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
            (
                "zone = \"UTC\"\nfrom = \"09:00\"\nto = \"09:00\"",
                "a whole day is from 00:00 to 24:00",
            ),
            ("zone = \"UTC\"\nholidays = [\"Christmas\"]", "not a date"),
            ("zone = \"UTC\"\nfrom = \"nine\"", "not a time"),
            ("zone = \"UTC\"\ndays = [\"Sonntag\"]", "not a day"),
            ("zone = \"UTC\"\ndays = []", "at least one day"),
        ] {
            let error = calendar(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
