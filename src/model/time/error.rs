//! Why a text is not a time.

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::zone::ZoneError;

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text has another shape than our files'.
    #[error(
        "`{0}` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval"
    )]
    Shape(String),
    /// No form of a time that is known looks like this.
    #[error("`{0}` is not a time in a form that is known")]
    Unread(String),
    /// The shape is right but the calendar or the clock has no such value.
    #[error("`{0}` is not on the calendar or on the clock")]
    OutOfRange(String),
    /// A day that the year of its surroundings does not have: 29 February.
    #[error("`{text}` has no year, and {year}, which its surroundings give, has no such day")]
    NotInYear {
        /// The text.
        text: String,
        /// The year that it would be in.
        year: i32,
    },
    /// A clock time with nothing that says which clock.
    #[error("`{0}` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin")]
    NoZone(String),
    /// A day and month with nothing that says which year.
    #[error("`{0}` has no year, and nothing around it says which")]
    NoYear(String),
    /// A clock time with nothing that says which day.
    #[error("`{0}` has no date, and nothing around it says which")]
    NoDate(String),
    /// Day and month may be either way round.
    #[error("`{text}` may be {day_first}, if the day is first, or {month_first}, if the month is")]
    DayOrMonth {
        /// The text.
        text: String,
        /// The date if the day comes first.
        day_first: NaiveDate,
        /// The date if the month comes first.
        month_first: NaiveDate,
    },
    /// Midnight, of one day: its start or its end.
    #[error("`{text}` may be the start of that day ({}) or its end ({})", start.format("%Y-%m-%dT%H:%MZ"), end.format("%Y-%m-%dT%H:%MZ"))]
    Midnight {
        /// The text.
        text: String,
        /// The midnight before the day.
        start: DateTime<Utc>,
        /// The midnight after it.
        end: DateTime<Utc>,
    },
    /// The zone could not be used.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// An offset, and beside it a zone whose clock shows another one then.
    #[error("`{text}` contradicts itself: {zone} is at {zone_offset} then, not at {offset}")]
    OffsetConflict {
        /// The text.
        text: String,
        /// The offset as written.
        offset: String,
        /// The zone as written.
        zone: String,
        /// What the zone's clock shows at that instant.
        zone_offset: String,
    },
    /// A suffix in brackets that must be understood and is not: `[!u-ca=hebrew]`.
    #[error("`{text}` says that `{suffix}` must be understood, and posthoc does not know it")]
    CriticalSuffix {
        /// The text.
        text: String,
        /// The suffix, with its brackets.
        suffix: String,
    },
    /// The end of an interval is before its start.
    #[error("the interval ends before it starts")]
    Backwards,
}

impl TimeError {
    /// The rule of `check` that tells of this in an incident file, if it has one of its own.
    pub fn rule(&self) -> Option<&'static str> {
        match self {
            TimeError::NoZone(_) => Some("naive-time"),
            TimeError::Zone(ZoneError::Ambiguous { .. } | ZoneError::Local(_))
            | TimeError::DayOrMonth { .. }
            | TimeError::Midnight { .. }
            | TimeError::OffsetConflict { .. } => Some("ambiguous-time"),
            TimeError::Zone(ZoneError::Unknown { .. })
            | TimeError::Shape(_)
            | TimeError::Unread(_)
            | TimeError::OutOfRange(_)
            | TimeError::NotInYear { .. }
            | TimeError::NoYear(_)
            | TimeError::NoDate(_)
            | TimeError::CriticalSuffix { .. }
            | TimeError::Backwards => None,
        }
    }
}
