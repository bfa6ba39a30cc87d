//! The time between failures of each service.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::options::StatsOptions;
use super::row::{Row, by_service, is_counted};
use super::sample::{ImpactTimes, United};
use super::summary::{Summary, summarize};
use crate::model::elapsed::Elapsed;
use crate::model::time::Precision;

/// The time from the end of one failure of a service to the start of the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BetweenFailures {
    /// The service.
    pub service: String,
    /// How many periods of impact there are after those that touch or overlap are merged.
    pub failures: usize,
    /// Until when the service has had no failure since the last one. That time is censored: it is
    /// at least so long. `None` while a failure is ongoing, and where no instant was stated.
    pub without_failure_until: Option<DateTime<Utc>>,
    /// The times between them: one fewer than there are failures, and the time since the last one.
    pub summary: Summary,
}

/// The time between the failures in `rows`, by service.
pub(super) fn between_failures(rows: &[&Row], options: &StatsOptions) -> Vec<BetweenFailures> {
    let counted = rows.iter().copied().filter(|row| is_counted(row));
    let services = by_service(counted.map(|row| (row, row)));
    let named = services.iter().filter_map(|(service, rows)| Some(((*service)?, rows)));
    named
        .map(|(service, rows)| of_service(service, rows, options))
        .filter(|between| between.failures > 0)
        .collect()
}

fn of_service(service: &str, rows: &[&Row], options: &StatsOptions) -> BetweenFailures {
    let all_times: Vec<ImpactTimes> =
        rows.iter().map(|row| ImpactTimes::of(row, Some(service))).collect();
    let spans = United::of(&all_times).middle;
    // Between windows whose ends are vague there is only a vague time.
    let about = all_times.iter().any(ImpactTimes::is_vague);
    let length = |length| {
        (Elapsed { about, precision: Precision::Minute, ..Elapsed::exactly(length) }, None)
    };
    let last = spans.stretches().last().map(|(_, end)| *end);
    let is_ongoing = all_times.iter().any(|impact_times| impact_times.open > 0);
    let until = options.now.map(|now| options.until.map_or(now, |until| until.min(now)));
    let until = until.filter(|until| !is_ongoing && last.is_some_and(|last| last < *until));
    let open = until.zip(last).map(|(until, last)| length(until - last));
    BetweenFailures {
        service: service.to_owned(),
        failures: spans.stretches().len(),
        without_failure_until: until,
        summary: summarize(spans.gaps().map(length).collect(), open.into_iter().collect()),
    }
}
