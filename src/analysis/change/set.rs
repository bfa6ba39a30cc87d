//! How the aggregates of a set of incidents changed.

use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::stats::bounds::Bounds;
use crate::analysis::stats::{Few, StatsOptions, stats};
use crate::model::Incident;

/// Aggregates of the times to resolve of a set of incidents. Lengths are in seconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SetSummary {
    /// The number of incidents; maintenance, drills and near misses are not counted.
    pub incidents: usize,
    /// The number of known times to resolve.
    pub known: usize,
    /// The number of times to resolve that a fallback bounds.
    pub by_fallback: usize,
    /// The number of ongoing incidents.
    pub ongoing: usize,
    /// The median time to resolve; absent if there are too few values.
    pub median: Option<f64>,
    /// The bounds of the median.
    pub median_bounds: Option<Bounds>,
    /// The values in ascending order, if there are too few for a median.
    pub values: Vec<Few>,
    /// The time with impact: the union over all incidents.
    pub impact: f64,
    /// The bounds of the time with impact.
    pub impact_bounds: Option<Bounds>,
    /// The number of incidents whose impact is known.
    pub impact_known: usize,
    /// The number of open windows, which are not part of the length.
    pub open_windows: usize,
}

/// The aggregates of a set of incidents before and after.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SetChange {
    /// The aggregates before.
    pub before: SetSummary,
    /// The aggregates after.
    pub after: SetSummary,
}

/// Compares two sets of incidents, each with the definitions of its time.
pub(crate) fn compare_sets(
    before: (&[&Incident], &Definitions),
    after: (&[&Incident], &Definitions),
) -> SetChange {
    SetChange { before: summary(before.0, before.1), after: summary(after.0, after.1) }
}

fn summary(incidents: &[&Incident], definitions: &Definitions) -> SetSummary {
    // Intervals are not reported here, so no resampling is needed.
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
