//! What reading a time needs to know, and what it gives.

use chrono::NaiveDate;

use super::moment::Moment;
use super::remark::Remark;
use crate::model::zone::Zone;

/// What is known of the times of a source, beside their text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// The zone of the source: that of times that name none, and the one that decides between the
    /// meanings of an abbreviation. Without it times that name no zone are errors, and an
    /// abbreviation has its commonest meaning, with a remark.
    pub zone: Option<Zone>,
    /// The abbreviation that the source says once for all its times: it counts for times that name
    /// no zone, literally, as if it were written behind each.
    pub label: Option<&'static str>,
    /// The date of times that have none.
    pub date: Option<NaiveDate>,
    /// The year of dates that have none.
    pub year: Year,
    /// The order of day and month where both are numbers.
    pub order: Option<DateOrder>,
    /// Whether hours run to 12 or to 24.
    pub clock: ClockStyle,
}

impl Reading {
    /// Nothing is known but the zone, if that.
    pub fn in_zone(zone: Option<Zone>) -> Self {
        Reading { zone, ..Reading::default() }
    }

    /// How machines write: every hour is one of 24.
    pub fn by_machine(zone: Option<Zone>) -> Self {
        Reading { clock: ClockStyle::TwentyFour, ..Reading::in_zone(zone) }
    }
}

/// Where the year of a date without one comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Year {
    /// From nowhere: such dates are errors.
    #[default]
    Unknown,
    /// It is said elsewhere.
    Is(i32),
    /// The year in which the date is nearest to this one.
    Near(NaiveDate),
    /// The last year in which the date is not after this one: a log knows nothing of the future.
    UpTo(NaiveDate),
}

/// Which of two numbers is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/12/2025`.
    DayFirst,
    /// `12/31/2025`.
    MonthFirst,
}

/// How a source counts hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockStyle {
    /// Nobody says. `9:45` and `11:30` may then be of the morning or of the evening; `09:45`,
    /// `14:05`, `9:45:00` and `2026-03-17 9:45` are what 24-hour clocks write.
    #[default]
    Unsaid,
    /// To 24.
    TwentyFour,
    /// To 12; without am or pm, an hour may be of either half.
    Twelve,
}

/// A time that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The time.
    pub moment: Moment,
    /// The date that its own clock shows then. `None` for a number and for a machine's form, whose
    /// offset is seldom that of a clock on a wall.
    pub date: Option<NaiveDate>,
    /// What was noticed, and what was taken from around it.
    pub remarks: Vec<Remark>,
}

impl Read {
    /// The remarks that make the time doubtful.
    pub fn doubts(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|remark| remark.is_doubt())
    }
}
