//! What to compute.

use chrono::{DateTime, Utc};

use super::group::Grouping;
use crate::analysis::duration_name::DurationName;
use crate::model::zone::Zone;

/// What to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct StatsOptions {
    /// Which durations, in the order in which they are shown.
    pub metrics: Vec<DurationName>,
    /// How to group; all together if absent.
    pub by: Option<Grouping>,
    /// How to divide each of these groups, if at all. At most one of the two is by period.
    pub then_by: Option<Grouping>,
    /// The zone of the periods.
    pub zone: Zone,
    /// Only incidents that began at or after this instant.
    pub since: Option<DateTime<Utc>>,
    /// Only incidents that began before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Leave out what is only bounded by a fallback. The period of an incident may still be that of
    /// a fallback; how many are is counted.
    pub strict: bool,
    /// Whether each metric lists the values that it is made from.
    pub inputs: bool,
    /// The instant at which ongoing durations are censored and open windows are cut off. Without
    /// it they are counted and left out.
    pub now: Option<DateTime<Utc>>,
}

impl StatsOptions {
    /// The grouping by period, if there is one.
    pub(super) fn period(&self) -> Option<Grouping> {
        self.by.into_iter().chain(self.then_by).find(|by| by.is_period())
    }
}

impl Default for StatsOptions {
    fn default() -> Self {
        StatsOptions {
            metrics: vec![DurationName::Ttr, DurationName::Ttd],
            by: None,
            then_by: None,
            zone: Zone::UTC,
            since: None,
            until: None,
            strict: false,
            inputs: false,
            now: None,
        }
    }
}
