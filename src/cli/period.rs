//! The times of `--since` and `--until`: a year, a quarter, a month, a week, a day, an instant, or
//! how long ago.

use std::str::FromStr;

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};

use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;

/// A time as typed. Its meaning depends on the current time and on a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// This many hours before now.
    HoursAgo(u32),
    /// This many days before now.
    DaysAgo(u32),
    /// This many calendar months before now.
    MonthsAgo(u32),
    /// Whole days in the zone: the first is included, the second is not.
    Days(NaiveDate, NaiveDate),
    /// The day this many days before today.
    DayAgo(u32),
    /// A time with its own zone.
    At(Moment),
}

/// The accepted forms, for messages.
const FORMS: &str = "write 2026, 2026-Q2, 2026-01, 2026-W05, 2026-01-31, 2026-01-31T14:05Z, or how long ago: 12h, 30d, \
                     2w, 6mo, 1y";

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.contains("..") {
            return Err("this is a range; write --since A --until B".to_owned());
        }
        match text.to_ascii_lowercase().as_str() {
            "now" => return Ok(Time::HoursAgo(0)),
            "today" => return Ok(Time::DayAgo(0)),
            "yesterday" => return Ok(Time::DayAgo(1)),
            _ => {}
        }
        if let Some(time) = ago(text)? {
            return Ok(time);
        }
        if let Some(days) = days(text) {
            let (first, next) = days.ok_or_else(|| format!("the calendar has no {text}"))?;
            return Ok(Time::Days(first, next));
        }
        match Moment::parse(text, None) {
            Ok(moment) => Ok(Time::At(moment)),
            Err(error) if text.starts_with(|c: char| c.is_ascii_digit()) && text.len() > 10 => {
                Err(error.to_string())
            }
            Err(_) => Err(FORMS.to_owned()),
        }
    }
}

/// `30d`, with or without "ago" after it. `None` for another form.
fn ago(text: &str) -> Result<Option<Time>, String> {
    let text = text.strip_suffix("ago").unwrap_or(text).trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if number.is_empty() || unit.is_empty() || !unit.trim().chars().all(char::is_alphabetic) {
        return Ok(None);
    }
    let number: u32 = number.parse().map_err(|_| format!("{number} is too many"))?;
    let times =
        |factor: u32| number.checked_mul(factor).ok_or_else(|| format!("{number} is too many"));
    match unit.trim().to_ascii_lowercase().as_str() {
        "h" | "hour" | "hours" => Ok(Some(Time::HoursAgo(number))),
        "d" | "day" | "days" => Ok(Some(Time::DaysAgo(number))),
        "w" | "week" | "weeks" => Ok(Some(Time::DaysAgo(times(7)?))),
        "mo" | "month" | "months" => Ok(Some(Time::MonthsAgo(number))),
        "y" | "year" | "years" => Ok(Some(Time::MonthsAgo(times(12)?))),
        "m" => Err("`m` may be minutes or months; write `mo` for months".to_owned()),
        _ => Ok(None),
    }
}

/// The first day of a calendar period, and the first one after it. `None` for another form;
/// `Some(None)` if there is no such period.
fn days(text: &str) -> Option<Option<(NaiveDate, NaiveDate)>> {
    let is_number = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
    if !is_number(year, 4) {
        return None;
    }
    let year: i32 = year.parse().ok()?;
    let months = |first: u32, count: u32| {
        let from = NaiveDate::from_ymd_opt(year, first, 1)?;
        Some((from, from.checked_add_months(Months::new(count))?))
    };
    let Some(rest) = rest else { return Some(months(1, 12)) };
    let numbered = |letter: char| rest.strip_prefix([letter, letter.to_ascii_lowercase()]);
    if let Some(quarter) = numbered('Q').filter(|quarter| is_number(quarter, 1)) {
        let quarter: u32 = quarter.parse().ok()?;
        return Some((1..=4).contains(&quarter).then(|| months(3 * quarter - 2, 3)).flatten());
    }
    if let Some(week) = numbered('W').filter(|week| is_number(week, 2)) {
        let monday = NaiveDate::from_isoywd_opt(year, week.parse().ok()?, Weekday::Mon);
        return Some(
            monday.and_then(|monday| Some((monday, monday.checked_add_days(Days::new(7))?))),
        );
    }
    if is_number(rest, 2) {
        return Some(months(rest.parse().ok()?, 1));
    }
    let (month, day) = rest.split_once('-')?;
    if !is_number(month, 2) || !is_number(day, 2) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?);
    Some(date.and_then(|date| Some((date, date.succ_opt()?))))
}

impl Time {
    /// The first instant of the period, and the first one after it. Days are those of `zone`.
    /// `None` if that is beyond the calendar.
    pub(super) fn bounds(
        self,
        now: DateTime<Utc>,
        zone: Zone,
    ) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let start = |date: NaiveDate| Some(Moment::day(date, zone)?.earliest());
        let point = |instant: DateTime<Utc>| (instant, instant + TimeDelta::seconds(1));
        match self {
            Time::HoursAgo(hours) => {
                now.checked_sub_signed(TimeDelta::hours(hours.into())).map(point)
            }
            Time::DaysAgo(days) => now.checked_sub_signed(TimeDelta::days(days.into())).map(point),
            Time::MonthsAgo(months) => now.checked_sub_months(Months::new(months)).map(point),
            Time::Days(first, next) => Some((start(first)?, start(next)?)),
            Time::DayAgo(days) => {
                let date = zone.local(now).date_naive().checked_sub_days(Days::new(days.into()))?;
                Some((start(date)?, start(date.succ_opt()?)?))
            }
            Time::At(moment) => {
                let unit = match moment.precision() {
                    Precision::Minute => TimeDelta::minutes(1),
                    Precision::Day | Precision::Second => TimeDelta::seconds(1),
                    Precision::Subsecond => TimeDelta::nanoseconds(1),
                };
                Some((moment.earliest(), moment.latest().checked_add_signed(unit)?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Both bounds, in Berlin, at noon of 31 March 2026.
    fn bounds(text: &str) -> String {
        let now = "2026-03-31T12:00:00Z".parse().unwrap();
        let time: Time = match text.parse() {
            Ok(time) => time,
            Err(error) => return error,
        };
        let (from, to) = time.bounds(now, "Europe/Berlin".parse().unwrap()).unwrap();
        format!("{}..{}", from.format("%FT%TZ"), to.format("%FT%TZ"))
    }

    #[test]
    fn calendar_periods_use_days_of_the_zone() {
        assert_eq!(bounds("2026"), "2025-12-31T23:00:00Z..2026-12-31T23:00:00Z");
        assert_eq!(bounds("2026-Q2"), "2026-03-31T22:00:00Z..2026-06-30T22:00:00Z");
        assert_eq!(bounds("2026-q4"), "2026-09-30T22:00:00Z..2026-12-31T23:00:00Z");
        assert_eq!(
            bounds("2026-03"),
            "2026-02-28T23:00:00Z..2026-03-31T22:00:00Z",
            "the clock changed on the 29th"
        );
        assert_eq!(
            bounds("2026-W01"),
            "2025-12-28T23:00:00Z..2026-01-04T23:00:00Z",
            "ISO 8601: from Monday"
        );
        assert_eq!(
            bounds("2026-03-29"),
            "2026-03-28T23:00:00Z..2026-03-29T22:00:00Z",
            "a day of 23 hours"
        );
        assert_eq!(bounds("today"), "2026-03-30T22:00:00Z..2026-03-31T22:00:00Z");
        assert_eq!(bounds("yesterday"), "2026-03-29T22:00:00Z..2026-03-30T22:00:00Z");
    }

    #[test]
    fn relative_time_is_an_instant() {
        assert_eq!(bounds("30d"), "2026-03-01T12:00:00Z..2026-03-01T12:00:01Z");
        assert_eq!(bounds("2 weeks ago"), "2026-03-17T12:00:00Z..2026-03-17T12:00:01Z");
        assert_eq!(bounds("12h"), "2026-03-31T00:00:00Z..2026-03-31T00:00:01Z");
        assert_eq!(
            bounds("1mo"),
            "2026-02-28T12:00:00Z..2026-02-28T12:00:01Z",
            "February has no 31st"
        );
        assert_eq!(bounds("1y"), "2025-03-31T12:00:00Z..2025-03-31T12:00:01Z");
    }

    #[test]
    fn instant_spans_its_precision() {
        assert_eq!(bounds("2026-03-17T14:05Z"), "2026-03-17T14:05:00Z..2026-03-17T14:06:00Z");
        assert_eq!(
            bounds("2026-03-17T14:05:07+01:00"),
            "2026-03-17T13:05:07Z..2026-03-17T13:05:08Z"
        );
    }

    #[test]
    fn invalid_time_lists_the_accepted_forms() {
        assert_eq!(bounds("2026-01..2026-02"), "this is a range; write --since A --until B");
        assert_eq!(bounds("30m"), "`m` may be minutes or months; write `mo` for months");
        assert_eq!(bounds("2026-13"), "the calendar has no 2026-13");
        assert_eq!(bounds("2026-Q5"), "the calendar has no 2026-Q5");
        assert_eq!(bounds("2026-02-30"), "the calendar has no 2026-02-30");
        assert!(bounds("2026-03-17 14:05").contains("has no zone"));
        for nonsense in ["", "March", "soon", "d", "26", "2026-1", "99999999999d"] {
            assert!(
                bounds(nonsense) == FORMS || bounds(nonsense).contains("too many"),
                "{nonsense}"
            );
        }
    }

    proptest! {
        #[test]
        fn months_of_a_year_are_contiguous(year in 1000i32..9000, month in 1u32..12) {
            let zone: Zone = "America/New_York".parse().unwrap();
            let at = |text: String| text.parse::<Time>().unwrap().bounds(DateTime::UNIX_EPOCH, zone).unwrap();
            let whole = at(format!("{year}"));
            let (this, next) = (at(format!("{year}-{month:02}")), at(format!("{year}-{:02}", month + 1)));
            let quarter = at(format!("{year}-Q{}", month.div_ceil(3)));
            prop_assert_eq!(this.1, next.0);
            prop_assert!(whole.0 <= this.0 && next.1 <= whole.1);
            prop_assert!(quarter.0 <= this.0 && this.1 <= quarter.1);
        }

        #[test]
        fn no_typed_time_panics(text in "[0-9TZQWdhwmy :.+~-]{0,24}") {
            if let Ok(time) = text.parse::<Time>() {
                let bounds = time.bounds(DateTime::UNIX_EPOCH, Zone::UTC);
                prop_assert!(bounds.is_none_or(|(from, to)| from < to));
            }
        }
    }
}
