//! The answer of the statistics: groups, with their counts and their durations.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::bounds::Bounds;
use super::comparison::Comparison;
use super::covered::Covered;
use super::failures::BetweenFailures;
use super::group::Grouping;
use super::metric::Metric;
use super::summary::Few;
use super::trend::Trend;
use crate::analysis::duration_name::{DurationName, Formula};
use crate::model::id::IncidentId;
use crate::model::time::Precision;

/// The whole answer. Durations are in seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatsTable {
    /// How it is grouped.
    pub by: Option<Grouping>,
    /// How each of these groups is divided.
    pub then_by: Option<Grouping>,
    /// The zone of the periods, an IANA name or an offset.
    pub zone: String,
    /// The first instant that counts.
    pub since: Option<DateTime<Utc>>,
    /// The first instant that no longer counts.
    pub until: Option<DateTime<Utc>>,
    /// The instant that ongoing durations are counted to. Absent if nothing is ongoing: such an
    /// answer is the same at any time.
    pub as_of: Option<DateTime<Utc>>,
    /// Ongoing incidents of which nothing was recorded for two weeks: they are counted up to their
    /// last record, since probably nobody closed them.
    pub silent: Vec<IncidentId>,
    /// Whether fallbacks were left out.
    pub strict: bool,
    /// The version of the team's definitions.
    pub definitions_version: u32,
    /// What each metric means.
    pub definitions: BTreeMap<DurationName, Formula>,
    /// The hours of the figures in business hours, where the definitions have some.
    pub business_hours: Option<String>,
    /// Files that are pinned to other definitions: named here, and no part of any number.
    pub other_definitions: Vec<OtherDefinitions>,
    /// How many incidents are outside the period asked for.
    pub outside: usize,
    /// Incidents that were left out because it is unknown whether they are in the period.
    pub undated: Vec<IncidentId>,
    /// Incidents whose period a fallback decided.
    pub dated_by_fallback: usize,
    /// The groups in their order. Without a grouping it is one, `all`.
    pub groups: Vec<Group>,
    /// All incidents together, where they are grouped.
    pub total: Option<Group>,
    /// The incidents with the most impact, the most first: at most five.
    pub most_impact: Vec<Few>,
    /// Each period with the one before it, where it is grouped by month, quarter or year.
    pub comparisons: Vec<Comparison>,
    /// How the durations and the number of incidents changed over time, where it is grouped by
    /// period.
    pub trends: Vec<Trend>,
    /// The time between failures of each service, by name.
    pub between_failures: Vec<BetweenFailures>,
    /// What is imported of each history, by name.
    pub covered: Vec<Covered>,
}

impl StatsTable {
    /// Whether it is grouped by a period.
    pub fn is_by_period(&self) -> bool {
        self.by.into_iter().chain(self.then_by).any(Grouping::is_period)
    }
}

/// The files that are pinned to one other version of the definitions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherDefinitions {
    /// The version.
    pub version: u32,
    /// The files.
    pub incidents: Vec<IncidentId>,
}

/// The incidents of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Its name: `sev1`, `api`, `2026-03`, `all`, `sev1 · api`.
    pub name: String,
    /// The name of the group in each grouping: two where the groups are divided.
    pub names: Vec<String>,
    /// How many incidents are counted.
    pub incidents: usize,
    /// What is not counted.
    pub excluded: Excluded,
    /// How many of the incidents were opened again after they had been resolved.
    pub reopened: usize,
    /// The total impact.
    pub impact: ImpactTotal,
    /// How many of the incidents have each severity, the worst first; those without one last.
    pub severities: Vec<SeverityCount>,
    /// One per metric, in the order asked for.
    pub metrics: Vec<Metric>,
}

/// How many incidents have one severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeverityCount {
    /// The severity; `None` where it is unknown.
    pub severity: Option<String>,
    /// The incidents.
    pub incidents: usize,
}

impl Group {
    /// Whether there is anything in it.
    pub(super) fn has_any(&self) -> bool {
        self.incidents > 0 || self.excluded != Excluded::default() || self.impact.known > 0
    }

    /// Whether any of its numbers includes something ongoing.
    pub fn goes_on(&self) -> bool {
        self.impact.open_windows > 0 || self.metrics.iter().any(|metric| metric.ongoing > 0)
    }
}

/// Incidents that are in no aggregate, counted separately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Planned maintenance.
    pub maintenance: usize,
    /// Practice.
    pub drills: usize,
    /// Near misses.
    pub near_misses: usize,
    /// Duplicates of another incident.
    pub duplicates: usize,
}

/// The impact of a group, in seconds. With open windows, the lengths are so far, as of the table's
/// instant; without one, such windows are no part of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct ImpactTotal {
    /// The time with any impact: one union over all incidents and services, each window's
    /// ends in the middle of what they may be.
    pub any_seconds: f64,
    /// The least that it can be.
    pub any_min_seconds: f64,
    /// The most that it can be.
    pub any_max_seconds: f64,
    /// Each service's own union, added up. Incidents of no service count as one service.
    pub service_seconds: f64,
    /// The least that this can be.
    pub service_min_seconds: f64,
    /// The most that this can be.
    pub service_max_seconds: f64,
    /// Incidents with known impact.
    pub known: usize,
    /// Incidents of which it is not.
    pub unknown: usize,
    /// Whether only the impact within a period is counted.
    pub clipped: bool,
    /// Of the incidents, those that began in another period and whose impact reaches this one.
    pub began_before: usize,
    /// Incidents with ongoing impact.
    pub ongoing: usize,
    /// The windows in which it does.
    pub open_windows: usize,
    /// Incidents of which an end of a window is approximate or uncertain.
    pub uncertain: usize,
    /// Of those, the ones of which one is approximate.
    pub about: usize,
    /// The coarsest precision of the windows' ends.
    pub precision: Option<Precision>,
}

impl ImpactTotal {
    /// What the time with any impact may be; `None` where none is known.
    pub fn bounds(&self) -> Option<Bounds> {
        let (min_seconds, max_seconds) = (self.any_min_seconds, self.any_max_seconds);
        Some(Bounds { min_seconds, max_seconds, precision: self.precision?, about: self.about > 0 })
    }
}
