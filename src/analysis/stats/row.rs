//! What statistics take from each incident: small rows, extracted once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::history::{History, histories};
use super::options::StatsOptions;
use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::gap::{Gap, Remark};
use crate::analysis::impact;
use crate::analysis::measure::{Bound, Measured, measure_with};
use crate::analysis::progress::{is_ongoing, known_until, reopened};
use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;
use crate::model::impact::Window;
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
    /// It has a value.
    Known { length: Elapsed },
    /// It is unknown, and another milestone bounds it.
    Bound { length: Elapsed, bound: Bound },
    /// It is not over; so far, where an instant was stated.
    Ongoing { so_far: Option<Elapsed> },
    /// It was detected, or announced, before the impact: 0 by definition.
    Proactive,
    /// It was over before it began to count: recovered before it was detected, say.
    NotApplicable,
    /// Its end comes before its start.
    Contradictory,
    /// Something that it needs is unknown.
    Missing,
}

/// What statistics know of one incident. There may be very many, so it contains no text that is not
/// the name of something, and nothing of the incident is needed after it.
#[derive(Debug)]
pub(crate) struct Row {
    pub(super) id: IncidentId,
    pub(super) standing: Standing,
    pub(super) severity: Option<String>,
    pub(super) services: Vec<String>,
    pub(super) teams: Vec<String>,
    /// The categories of the root causes.
    pub(super) causes: Vec<String>,
    pub(super) duplicate_of: Option<IncidentId>,
    /// The number of entries of the timeline.
    pub(super) entries: usize,
    /// The version of other definitions that its numbers were agreed with.
    pub(super) other_definitions: Option<u32>,
    /// As of when it is ongoing, if it is: the table's instant, or the last record of one that is
    /// silent.
    pub(super) as_of: Option<DateTime<Utc>>,
    /// Whether it is ongoing by its file, although nothing was recorded for long.
    pub(super) is_silent: bool,
    /// The instant that decides its period.
    pub(super) began: Option<DateTime<Utc>>,
    /// Whether a fallback had to say so.
    pub(super) began_by_fallback: bool,
    pub(super) reopened: usize,
    /// Whether the duration that a status page reports is known.
    pub(super) is_reported: bool,
    /// One per metric asked for, in that order; empty where the incident is not counted in any
    /// case.
    pub(super) observed: Vec<Observed>,
    /// The part of each known one in business hours; empty where those are not defined.
    pub(super) business: Vec<Option<Elapsed>>,
    pub(super) windows: Vec<Impaired>,
    /// The histories that it was imported from.
    pub(super) histories: Vec<History>,
}

/// A window of impact.
#[derive(Debug)]
pub(super) struct Impaired {
    pub(super) start: Moment,
    pub(super) end: Option<Moment>,
    /// Which of the incident's services it names, by their position; none where it means all of
    /// them.
    pub(super) services: Vec<usize>,
}

impl Row {
    /// The row of `incident`. Of the options, the metrics, the instant and whether fallbacks are
    /// left out decide what it contains.
    pub(crate) fn of(
        incident: &Incident,
        definitions: &Definitions,
        options: &StatsOptions,
    ) -> Self {
        let standing = standing(incident.kind());
        let (began, began_by_fallback) = began(incident, definitions);
        let as_of = options.now.map(|now| known_until(incident, now));
        let observe = |&metric| observe(incident, metric, definitions, options, as_of);
        let metrics: &[DurationName] =
            if standing == Standing::Counted { &options.metrics } else { &[] };
        let (observed, mut business): (Vec<Observed>, Vec<Option<Elapsed>>) =
            metrics.iter().map(observe).unzip();
        if definitions.business_hours.is_none() {
            business = Vec::new();
        }
        let reported = || measure_with(incident, DurationName::Reported, definitions, None, false);
        let causes = incident.root_causes.iter().filter_map(|cause| cause.category.clone());
        let windows = impact::windows(incident).0;
        let position = |name: &String| incident.services.iter().position(|one| one == name);
        let impaired = |window: &Window| Impaired {
            start: window.start,
            end: window.end,
            services: window.components.iter().filter_map(position).collect(),
        };
        Row {
            id: incident.id.clone(),
            standing,
            severity: incident.severity.clone(),
            services: incident.services.clone(),
            teams: incident.teams.clone(),
            causes: causes.collect(),
            duplicate_of: incident.related.duplicate_of.clone(),
            entries: incident.timeline.len(),
            other_definitions: definitions.pinned_elsewhere(incident),
            as_of,
            is_silent: as_of != options.now && is_ongoing(incident),
            began,
            began_by_fallback,
            reopened: reopened(incident),
            is_reported: reported().is_ok(),
            observed,
            business,
            windows: windows.iter().map(impaired).collect(),
            histories: histories(incident),
        }
    }

    /// Whether a window names this service of the incident.
    pub(super) fn names(&self, window: &Impaired, service: &str) -> bool {
        window.services.iter().any(|&index| self.services[index] == service)
    }
}

/// Whether a row is part of the aggregates.
pub(super) fn is_counted(row: &Row) -> bool {
    row.standing == Standing::Counted
}

/// What belongs to each service, by the services of its incident; that of no service is under
/// `None`.
pub(super) fn by_service<'r, T: Copy>(
    all: impl Iterator<Item = (&'r Row, T)>,
) -> BTreeMap<Option<&'r str>, Vec<T>> {
    let mut services: BTreeMap<Option<&str>, Vec<T>> = BTreeMap::new();
    for (row, one) in all {
        if row.services.is_empty() {
            services.entry(None).or_default().push(one);
        }
        for service in &row.services {
            services.entry(Some(service)).or_default().push(one);
        }
    }
    services
}

/// How an incident of that kind is counted, unless it is a duplicate.
fn standing(kind: Kind) -> Standing {
    match kind {
        Kind::Maintenance => Standing::Maintenance,
        Kind::Drill => Standing::Drill,
        Kind::NearMiss => Standing::NearMiss,
        Kind::Incident | Kind::Security => Standing::Counted,
    }
}

/// The instant that decides the period: the start of the impact, by the milestone or the first
/// window, or its fallback.
fn began(incident: &Incident, definitions: &Definitions) -> (Option<DateTime<Utc>>, bool) {
    let at = |name: MilestoneName| incident.milestones.at(name).map(Moment::middle);
    let first_window = || incident.impact.windows.iter().map(|window| window.start.middle()).min();
    match at(MilestoneName::ImpactStart).or_else(first_window) {
        Some(start) => (Some(start), false),
        None => {
            let stand_in = definitions
                .fallbacks_of(MilestoneName::ImpactStart)
                .iter()
                .find_map(|&name| at(name));
            (stand_in, stand_in.is_some())
        }
    }
}

/// A duration, and the part of it in business hours.
fn observe(
    incident: &Incident,
    metric: DurationName,
    definitions: &Definitions,
    options: &StatsOptions,
    as_of: Option<DateTime<Utc>>,
) -> (Observed, Option<Elapsed>) {
    let observed = match measure_with(incident, metric, definitions, as_of, !options.strict) {
        Ok(measured) => match measured.bound {
            Some(bound) => Observed::Bound { length: measured.value, bound },
            None if is_proactive(&measured) => Observed::Proactive,
            None => {
                let hours = definitions.business_hours.as_ref();
                let business = hours.and_then(|hours| measured.business(incident, metric, hours));
                return (Observed::Known { length: measured.value }, business);
            }
        },
        Err(Gap::OverBefore { .. }) => Observed::NotApplicable,
        Err(Gap::Backwards { .. }) => Observed::Contradictory,
        Err(gap) => match gap.censored() {
            Some(so_far) => Observed::Ongoing { so_far },
            None => Observed::Missing,
        },
    };
    (observed, None)
}

fn is_proactive(measured: &Measured) -> bool {
    matches!(measured.remark, Some(Remark::Proactive(_) | Remark::Announced(_)))
}
