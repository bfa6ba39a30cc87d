//! What an aggregate takes from each incident: light rows, extracted once.

use chrono::{DateTime, TimeDelta, Utc};

use super::StatsOptions;
use crate::analysis::config::Definitions;
use crate::analysis::impact;
use crate::analysis::measure::{Gap, measure_with};
use crate::analysis::phases::{DurationName, reopened};
use crate::analysis::spans::{Spans, Stretch};
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::{Incident, Kind};

/// Whether an incident is counted, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Counted,
    Maintenance,
    Drill,
    NearMiss,
    Duplicate,
}

/// One duration of one incident, as an aggregate sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Observed {
    /// It has a value, and one in business hours where those are defined.
    Known { length: Elapsed, by_fallback: bool, business: Option<Elapsed> },
    /// It is not over; so far, where an instant was stated.
    Ongoing { so_far: Option<f64> },
    /// Its end comes before its start.
    Contradictory,
    /// Something that it needs is unknown.
    Missing,
}

/// One incident.
pub(super) struct Row<'a> {
    pub(super) incident: &'a Incident,
    pub(super) standing: Standing,
    /// The instant that decides its period.
    pub(super) began: Option<DateTime<Utc>>,
    /// Whether a fallback had to say so.
    pub(super) began_by_fallback: bool,
    pub(super) reopened: usize,
    /// One per metric asked for, in that order.
    pub(super) observed: Vec<Observed>,
}

impl<'a> Row<'a> {
    pub(super) fn of(incident: &'a Incident, definitions: &Definitions, options: &StatsOptions) -> Self {
        let standing = standing(incident);
        let (began, began_by_fallback) = began(incident, definitions);
        let observed = match standing {
            Standing::Counted => {
                options.metrics.iter().map(|&metric| observe(incident, metric, definitions, options)).collect()
            }
            Standing::Maintenance | Standing::Drill | Standing::NearMiss | Standing::Duplicate => Vec::new(),
        };
        Row { incident, standing, began, began_by_fallback, reopened: reopened(incident), observed }
    }
}

fn standing(incident: &Incident) -> Standing {
    match incident.kind() {
        _ if incident.related.duplicate_of.is_some() => Standing::Duplicate,
        Kind::Maintenance => Standing::Maintenance,
        Kind::Drill => Standing::Drill,
        Kind::NearMiss => Standing::NearMiss,
        Kind::Incident | Kind::Security => Standing::Counted,
    }
}

/// The instant of the period: when the harm began, or what stands in for that.
fn began(incident: &Incident, definitions: &Definitions) -> (Option<DateTime<Utc>>, bool) {
    let at = |name: MilestoneName| incident.milestones.at(name).map(Moment::middle);
    match at(MilestoneName::ImpactStart) {
        Some(start) => (Some(start), false),
        None => {
            let stand_in = definitions.fallbacks_of(MilestoneName::ImpactStart).iter().find_map(|&name| at(name));
            (stand_in, stand_in.is_some())
        }
    }
}

fn observe(incident: &Incident, metric: DurationName, definitions: &Definitions, options: &StatsOptions) -> Observed {
    match measure_with(incident, metric, definitions, options.now, !options.strict) {
        Ok(measured) => {
            let hours = definitions.business_hours.as_ref();
            Observed::Known {
                length: measured.value,
                by_fallback: measured.by_fallback,
                business: hours.and_then(|hours| measured.business(incident, metric, hours)),
            }
        }
        Err(Gap::Backwards { .. }) => Observed::Contradictory,
        Err(gap) => match gap.censored() {
            Some(so_far) => Observed::Ongoing { so_far: so_far.map(|so_far| seconds(so_far.middle())) },
            None => Observed::Missing,
        },
    }
}

/// A length in seconds, with its fraction.
pub(super) fn seconds(length: TimeDelta) -> f64 {
    length.num_seconds() as f64 + f64::from(length.subsec_nanos()) * 1e-9
}

/// Whether an end of a window that counts is approximate or uncertain.
pub(super) fn is_vague(incident: &Incident) -> bool {
    let (windows, _) = impact::windows(incident);
    let ends = windows.iter().filter_map(|window| Some([window.start, window.end?])).flatten();
    ends.into_iter().any(|end| end.is_about() || end.is_uncertain())
}

/// The closed windows of `incident` that are `service`'s, at the middle of what they may be, and
/// how many are open. A window that names other things than services means them all.
pub(super) fn harm_of(incident: &Incident, service: Option<&str>) -> (Vec<Stretch>, usize) {
    let (windows, _) = impact::windows(incident);
    let names_a_service = |components: &[String]| components.iter().any(|name| incident.services.contains(name));
    impact::middles(windows.iter().filter(|window| match service {
        Some(service) if names_a_service(&window.components) => window.components.iter().any(|name| name == service),
        _ => true,
    }))
}

/// The union of the harm to `service` over `incidents`.
pub(super) fn united<'a>(incidents: impl Iterator<Item = &'a Incident>, service: Option<&str>) -> Spans {
    Spans::union(incidents.flat_map(|incident| harm_of(incident, service).0))
}
