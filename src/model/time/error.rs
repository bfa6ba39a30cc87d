//! Why a text is not a time.

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::zone::ZoneError;

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text does not have the form of times in incident files.
    #[error(
        "`{0}` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval"
    )]
    Shape(String),
    /// The text has none of the known forms.
    #[error("`{0}` is not a time in a known form")]
    Unread(String),
    /// The form is right, but the calendar or the clock has no such value.
    #[error("`{0}` is not on the calendar or on the clock")]
    OutOfRange(String),
    /// A day that the year from the context does not have: 29 February.
    #[error("`{text}` has no year, and the year {year} from the context has no such day")]
    NotInYear {
        /// The text.
        text: String,
        /// The year from the context.
        year: i32,
    },
    /// A clock time without a zone.
    #[error("`{0}` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin")]
    NoZone(String),
    /// A day and month without a year.
    #[error("`{0}` has no year, and nothing around it says which")]
    NoYear(String),
    /// A clock time without a date.
    #[error("`{0}` has no date, and nothing around it says which")]
    NoDate(String),
    /// The order of day and month is ambiguous.
    #[error("`{text}` may be {day_first}, if the day is first, or {month_first}, if the month is")]
    DayOrMonth {
        /// The text.
        text: String,
        /// The date if the day comes first.
        day_first: NaiveDate,
        /// The date if the month comes first.
        month_first: NaiveDate,
    },
    /// "Midnight" may be the start or the end of the day.
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
    /// An offset next to a zone that has another offset at that instant.
    #[error("`{text}` contradicts itself: {zone} is at {zone_offset} then, not at {offset}")]
    OffsetConflict {
        /// The text.
        text: String,
        /// The offset as written.
        offset: String,
        /// The zone as written.
        zone: String,
        /// The offset of the zone at that instant.
        zone_offset: String,
    },
    /// A suffix in brackets that is marked as critical and is not supported: `[!u-ca=hebrew]`.
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
    /// The id of the `check` rule that reports this error in an incident file, if it has its own.
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
