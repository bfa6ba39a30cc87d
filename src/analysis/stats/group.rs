//! What incidents are grouped by.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};

use crate::analysis::spans::Stretch;
use crate::model::word_enums::words;
use crate::model::zone::Zone;

words! {
    /// What incidents are grouped by.
    Grouping {
        /// By severity, in the order of the definitions.
        Severity = "severity",
        /// By service; an incident counts in each of its services.
        Service = "service",
        /// By team; an incident counts in each of its teams.
        Team = "team",
        /// By the categories of the root causes; an incident counts in each of them.
        Cause = "cause",
        /// By the month in which the impact began.
        Month = "month",
        /// By the quarter.
        Quarter = "quarter",
        /// By the year.
        Year = "year",
    }
}

impl Grouping {
    /// Whether it groups by the start of the impact.
    pub fn is_period(self) -> bool {
        matches!(self, Grouping::Month | Grouping::Quarter | Grouping::Year)
    }

    /// The name of the group of incidents without a known value.
    pub fn unknown(self) -> &'static str {
        match self {
            Grouping::Severity => "(no severity)",
            Grouping::Service => "(no service)",
            Grouping::Team => "(no team)",
            Grouping::Cause => "(no cause)",
            Grouping::Month | Grouping::Quarter | Grouping::Year => "(no date)",
        }
    }
}

impl Grouping {
    /// The period that holds `instant`, from its start to that of the next one; `None` where it
    /// groups by something else, or at the ends of the calendar.
    pub(super) fn period_of(self, instant: DateTime<Utc>, zone: Zone) -> Option<Stretch> {
        let date = zone.local(instant).date_naive();
        let (month, months) = match self {
            Grouping::Month => (date.month(), 1),
            Grouping::Quarter => (date.month0() / 3 * 3 + 1, 3),
            Grouping::Year => (1, 12),
            Grouping::Severity | Grouping::Service | Grouping::Team | Grouping::Cause => {
                return None;
            }
        };
        let first = NaiveDate::from_ymd_opt(date.year(), month, 1)?;
        let next = first.checked_add_months(Months::new(months))?;
        Some((
            zone.first_at(first.and_time(NaiveTime::MIN)),
            zone.first_at(next.and_time(NaiveTime::MIN)),
        ))
    }
}
