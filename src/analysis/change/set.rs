//! How the aggregates of a whole set of incidents moved.

use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::stats::bounds::Bounds;
use crate::analysis::stats::{Few, StatsOptions, stats};
use crate::model::Incident;

/// What can be said of the times to resolve of a set of incidents. Lengths are in seconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SetSummary {
    /// How many incidents are counted; maintenance, drills and near misses are not.
    pub incidents: usize,
    /// Of how many the time to resolve is known.
    pub known: usize,
    /// Of how many a fallback bounds it.
    pub by_fallback: usize,
    /// How many are not over.
    pub ongoing: usize,
    /// The median time to resolve; absent where the values are too few for one.
    pub median: Option<f64>,
    /// What the median may be.
    pub median_bounds: Option<Bounds>,
    /// The values in rising order, where they are too few for a median.
    pub values: Vec<Few>,
    /// The time with impact: one union over all incidents.
    pub impact: f64,
    /// What that may be.
    pub impact_bounds: Option<Bounds>,
    /// In how many incidents the impact is known.
    pub impact_known: usize,
    /// Windows that are ongoing, and no part of the length.
    pub open_windows: usize,
}

/// A set of incidents before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct SetChange {
    /// What it was.
    pub before: SetSummary,
    /// What it is.
    pub after: SetSummary,
}

/// Compares two sets of incidents, each under the definitions of its time.
pub fn compare_sets(
    before: (&[&Incident], &Definitions),
    after: (&[&Incident], &Definitions),
) -> SetChange {
    SetChange { before: summary(before.0, before.1), after: summary(after.0, after.1) }
}

fn summary(incidents: &[&Incident], definitions: &Definitions) -> SetSummary {
    // The intervals are not told here, so that nothing needs to be drawn for them.
    let options = StatsOptions { metrics: vec![DurationName::Ttr], ..StatsOptions::default() };
    let table = stats(incidents, definitions, &options);
    let Some((group, ttr)) =
        table.groups.first().and_then(|group| Some((group, group.metrics.first()?)))
    else {
        return SetSummary::default();
    };
    SetSummary {
        incidents: group.incidents,
        known: ttr.known,
        by_fallback: ttr.by_fallback,
        ongoing: ttr.ongoing,
        median: ttr.summary.median.and_then(|median| median.value),
        median_bounds: ttr.summary.median.and_then(|median| median.bounds),
        values: ttr.summary.values.clone(),
        impact: group.impact.any_seconds,
        impact_bounds: group.impact.bounds(),
        impact_known: group.impact.known,
        open_windows: group.impact.open_windows,
    }
}
