//! What the reader of times noticed and the author of the text should know.

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};

use crate::model::zone::{Assumption, OffSeason};

/// A remark about a time that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The label of the zone is of the other season; its literal offset was taken.
    OffSeason(Box<OffSeason>),
    /// The label of the zone has several meanings; the most common one was taken.
    Assumed(Assumption),
    /// The weekday does not fit the date; the date was taken.
    WrongWeekday {
        /// The weekday as written.
        written: Weekday,
        /// The date, which has another weekday.
        date: NaiveDate,
    },
    /// The numeric offset and the label disagree (`+0200 CET`); the offset was taken.
    OtherLabel {
        /// The label.
        label: String,
        /// The instant that the label would give.
        instant: DateTime<Utc>,
    },
    /// Day and month are in the other order than elsewhere in the source, since only that reading
    /// is on the calendar.
    OtherOrder(NaiveDate),
    /// A 12-hour clock time without am or pm; the interval contains both readings.
    HalfUnknown,
    /// A 12-hour clock time without am or pm; only one half fits its neighbours.
    HalfFromWalk,
    /// The text has no year; this one was taken.
    YearFromContext(i32),
    /// The text has no date; this one was taken.
    DateFromContext(NaiveDate),
    /// The text has no zone; that of the context was taken.
    ZoneFromContext,
    /// A time earlier than the one before it (later, in a document with the newest first), by this
    /// much. The difference is small, so it is taken as out of order and not as another day or
    /// year.
    OutOfOrder(TimeDelta),
    /// A clock time that was taken to be on another day.
    AnotherDay(NaiveDate),
}

impl Remark {
    /// Whether the text is doubtful here. The other remarks only record what the context supplied.
    pub fn is_doubt(&self) -> bool {
        match self {
            Remark::OffSeason(_)
            | Remark::Assumed(_)
            | Remark::WrongWeekday { .. }
            | Remark::OtherLabel { .. }
            | Remark::OtherOrder(_)
            | Remark::HalfUnknown
            | Remark::OutOfOrder(_) => true,
            Remark::HalfFromWalk
            | Remark::YearFromContext(_)
            | Remark::DateFromContext(_)
            | Remark::ZoneFromContext
            | Remark::AnotherDay(_) => false,
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::OffSeason(off) => off.fmt(f),
            Remark::Assumed(assumption) => assumption.fmt(f),
            Remark::WrongWeekday { written, date } => {
                write!(f, "{date} is a {}, and not a {}", date.format("%A"), weekday_name(*written))
            }
            Remark::OtherLabel { label, instant } => write!(
                f,
                "the label {label} disagrees with the offset beside it: it would give {}",
                instant.format("%Y-%m-%dT%H:%M:%SZ")
            ),
            Remark::OtherOrder(date) => {
                write!(f, "day and month are in the other order than elsewhere: taken as {date}")
            }
            Remark::HalfUnknown => f.write_str("am or pm is missing: it may be either"),
            Remark::HalfFromWalk => {
                f.write_str("am or pm is missing; only one fits its neighbours")
            }
            Remark::YearFromContext(year) => {
                write!(f, "the year {year} is taken from the context")
            }
            Remark::DateFromContext(date) => {
                write!(f, "the date {date} is taken from the context")
            }
            Remark::ZoneFromContext => f.write_str("the zone is taken from the context"),
            Remark::OutOfOrder(by) => {
                let (days, minutes) = (by.num_days(), by.num_minutes());
                let by = if days > 1 { format!("{days} days") } else { format!("{minutes} min") };
                write!(f, "{by} on the wrong side of the time before it: taken as out of order")
            }
            Remark::AnotherDay(date) => write!(f, "the clock went past midnight: taken as {date}"),
        }
    }
}

fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}
