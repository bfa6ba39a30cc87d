//! What a reader of times noticed and the author of the text should know.

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};

use crate::model::zone::{Assumption, OffSeason};

/// What was noticed while a time was read, or chosen for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The zone's label is of the other season; its literal offset was taken.
    OffSeason(Box<OffSeason>),
    /// The zone's label has several meanings; the commonest was taken.
    Assumed(Assumption),
    /// The weekday is not that of the date; the date was taken.
    WrongWeekday {
        /// What is written.
        written: Weekday,
        /// The date, whose weekday is another.
        date: NaiveDate,
    },
    /// Numeric offset and label disagree (`+0200 CET`); the offset was taken.
    OtherLabel {
        /// The label.
        label: String,
        /// The instant that it would give.
        instant: DateTime<Utc>,
    },
    /// Day and month are in the other order than the source's; no other reading is on the calendar.
    OtherOrder(NaiveDate),
    /// A 12-hour clock without am or pm: the interval holds both.
    HalfUnknown,
    /// A 12-hour clock without am or pm, of which only one half fits between its neighbours.
    HalfFromWalk,
    /// The text has no year.
    YearFromContext(i32),
    /// The text has no date.
    DateFromContext(NaiveDate),
    /// The text has no zone.
    ZoneFromContext,
    /// A time that is earlier (later, if read backwards) than the one before it. If it is so by
    /// little, that was taken to be out of order, and not on another day or in another year.
    OutOfOrder(TimeDelta),
    /// A clock time that began another day.
    AnotherDay(NaiveDate),
}

impl Remark {
    /// Whether something in the text is doubtful. The others say what was taken from around it.
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
                write!(f, "day and month are the other way round than elsewhere: taken as {date}")
            }
            Remark::HalfUnknown => f.write_str("am or pm is missing: it may be either"),
            Remark::HalfFromWalk => {
                f.write_str("am or pm is missing; only one fits its neighbours")
            }
            Remark::YearFromContext(year) => {
                write!(f, "the year {year} is taken from its surroundings")
            }
            Remark::DateFromContext(date) => {
                write!(f, "the date {date} is taken from its surroundings")
            }
            Remark::ZoneFromContext => f.write_str("the zone is taken from its surroundings"),
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
