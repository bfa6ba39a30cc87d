//! The context for reading a time, and the result.

use chrono::NaiveDate;

use super::moment::Moment;
use super::remark::Remark;
use crate::model::zone::Zone;

/// What is known about the times of a source, besides their text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// The zone of the source. It applies to times without a zone, and decides between the meanings
    /// of an abbreviation. Without it, a time that names no zone is an error, and an abbreviation
    /// gets its most common meaning, with a remark.
    pub zone: Option<Zone>,
    /// The abbreviation that the source states once for all its times. It applies literally to
    /// times without a zone, as if it were written after each.
    pub label: Option<&'static str>,
    /// The date of times without one.
    pub date: Option<NaiveDate>,
    /// The year of dates without one.
    pub year: Year,
    /// The order of day and month if both are numbers.
    pub order: Option<DateOrder>,
    /// Whether hours run to 12 or to 24.
    pub clock: ClockStyle,
}

impl Reading {
    /// A reading with at most a zone.
    pub fn in_zone(zone: Option<Zone>) -> Self {
        Reading { zone, ..Reading::default() }
    }

    /// A reading of times written by machines: every hour is on a 24-hour clock.
    pub fn by_machine(zone: Option<Zone>) -> Self {
        Reading { clock: ClockStyle::TwentyFour, ..Reading::in_zone(zone) }
    }
}

/// Where the year of a date without one comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Year {
    /// Nowhere: such dates are errors.
    #[default]
    Unknown,
    /// The context states it.
    Is(i32),
    /// The year that puts the date nearest to this one.
    Near(NaiveDate),
    /// The last year in which the date is not after this one, since a log contains nothing from the
    /// future.
    UpTo(NaiveDate),
}

/// The order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/12/2025`.
    DayFirst,
    /// `12/31/2025`.
    MonthFirst,
}

/// Whether a source uses a 12-hour or a 24-hour clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockStyle {
    /// Unknown. `9:45` and `11:30` may then be in the morning or in the evening; `09:45`, `14:05`,
    /// `9:45:00` and `2026-03-17 9:45` are forms of 24-hour clocks.
    #[default]
    Unknown,
    /// 24 hours.
    TwentyFour,
    /// 12 hours; without am or pm, an hour may be in either half.
    Twelve,
}

/// A time that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The time.
    pub moment: Moment,
    /// The date on the local clock of the text. `None` for an epoch number and for RFC 3339, whose
    /// offset is often not that of a local clock.
    pub date: Option<NaiveDate>,
    /// What was noticed, and what was taken from the context.
    pub remarks: Vec<Remark>,
}

impl Read {
    /// The remarks that make the time doubtful.
    pub fn doubts(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|remark| remark.is_doubt())
    }
}
