//! What an aggregate takes from each incident: light rows, extracted once.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::options::StatsOptions;
use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::gap::{Gap, Remark};
use crate::analysis::impact;
use crate::analysis::measure::{Bound, Measured, measure_with};
use crate::analysis::progress::{is_ongoing, known_until, reopened};
use crate::analysis::spans::{Spans, Stretch};
use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;
use crate::model::impact::Window;
use crate::model::milestone::MilestoneName;
use crate::model::time::{Moment, Precision};
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
    Known { length: Elapsed, business: Option<Elapsed> },
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

/// One incident.
pub(super) struct Row<'a> {
    pub(super) incident: &'a Incident,
    pub(super) standing: Standing,
    /// As of when it is ongoing, if it is: the table's instant, or the last record of one that is silent.
    pub(super) as_of: Option<DateTime<Utc>>,
    /// The instant that decides its period.
    pub(super) began: Option<DateTime<Utc>>,
    /// Whether a fallback had to say so.
    pub(super) began_by_fallback: bool,
    pub(super) reopened: usize,
    /// Whether the duration that a status page reports is known.
    pub(super) is_reported: bool,
    /// One per metric asked for, in that order.
    pub(super) observed: Vec<Observed>,
}

impl<'a> Row<'a> {
    /// Whether it is ongoing by its file, although nothing was recorded for long before `now`.
    pub(super) fn is_silent(&self, now: Option<DateTime<Utc>>) -> bool {
        self.as_of != now && is_ongoing(self.incident)
    }

    /// `counts_after_all` are the duplicates that are counted all the same.
    pub(super) fn of(
        incident: &'a Incident,
        definitions: &Definitions,
        options: &StatsOptions,
        counts_after_all: &BTreeSet<&IncidentId>,
    ) -> Self {
        let standing = standing(incident, counts_after_all.contains(&incident.id));
        let (began, began_by_fallback) = began(incident, definitions);
        let as_of = options.now.map(|now| known_until(incident, now));
        let observed = match standing {
            Standing::Counted => options
                .metrics
                .iter()
                .map(|&metric| observe(incident, metric, definitions, options, as_of))
                .collect(),
            Standing::Maintenance | Standing::Drill | Standing::NearMiss | Standing::Duplicate => {
                Vec::new()
            }
        };
        let reported = || measure_with(incident, DurationName::Reported, definitions, None, false);
        Row {
            incident,
            standing,
            as_of,
            began,
            began_by_fallback,
            reopened: reopened(incident),
            is_reported: reported().is_ok(),
            observed,
        }
    }
}

/// Whether a row is part of the aggregates.
pub(super) fn is_counted(row: &Row) -> bool {
    row.standing == Standing::Counted
}

/// What belongs to each service, by the services of its incident; that of no service is under `None`.
pub(super) fn by_service<'i, T: Copy>(
    all: impl Iterator<Item = (&'i Incident, T)>,
) -> BTreeMap<Option<&'i str>, Vec<T>> {
    let mut services: BTreeMap<Option<&str>, Vec<T>> = BTreeMap::new();
    for (incident, one) in all {
        if incident.services.is_empty() {
            services.entry(None).or_default().push(one);
        }
        for service in &incident.services {
            services.entry(Some(service)).or_default().push(one);
        }
    }
    services
}

fn standing(incident: &Incident, counts_after_all: bool) -> Standing {
    match incident.kind() {
        _ if incident.related.duplicate_of.is_some() && !counts_after_all => Standing::Duplicate,
        Kind::Maintenance => Standing::Maintenance,
        Kind::Drill => Standing::Drill,
        Kind::NearMiss => Standing::NearMiss,
        Kind::Incident | Kind::Security => Standing::Counted,
    }
}

/// The instant that decides the period: the start of the impact, by the milestone or the first window,
/// or its fallback.
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

fn observe(
    incident: &Incident,
    metric: DurationName,
    definitions: &Definitions,
    options: &StatsOptions,
    as_of: Option<DateTime<Utc>>,
) -> Observed {
    match measure_with(incident, metric, definitions, as_of, !options.strict) {
        Ok(measured) => match measured.bound {
            Some(bound) => Observed::Bound { length: measured.value, bound },
            None if is_proactive(&measured) => Observed::Proactive,
            None => {
                let hours = definitions.business_hours.as_ref();
                let business = hours.and_then(|hours| measured.business(incident, metric, hours));
                Observed::Known { length: measured.value, business }
            }
        },
        Err(Gap::OverBefore { .. }) => Observed::NotApplicable,
        Err(Gap::Backwards { .. }) => Observed::Contradictory,
        Err(gap) => match gap.censored() {
            Some(so_far) => Observed::Ongoing { so_far },
            None => Observed::Missing,
        },
    }
}

fn is_proactive(measured: &Measured) -> bool {
    matches!(measured.remark, Some(Remark::Proactive(_) | Remark::Announced(_)))
}

/// A length in seconds, with its fraction.
pub(super) fn seconds(length: TimeDelta) -> f64 {
    length.num_seconds() as f64 + f64::from(length.subsec_nanos()) * 1e-9
}

/// The impact of one incident, as the sets of instants from which the unions of a group are
/// computed.
/// Windows that surely end before they start are no part of it.
#[derive(Debug, Default)]
pub(super) struct ImpactTimes {
    certain: Vec<Stretch>,
    middle: Vec<Stretch>,
    possible: Vec<Stretch>,
    ends: Ends,
    /// Whether it has any window.
    known: bool,
    /// The instant at which windows that are ongoing are cut off.
    open_until: Option<DateTime<Utc>>,
    /// How many windows are open. Where an instant was stated they reach to it, else they are only
    /// counted here.
    pub(super) open: usize,
}

/// How well the ends of windows are known.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    precision: Option<Precision>,
    about: bool,
}

impl ImpactTimes {
    /// The windows of a row's incident that are `service`'s. A window that names other things than
    /// services means them all.
    pub(super) fn of(row: &Row, service: Option<&str>) -> Self {
        let (incident, now) = (row.incident, row.as_of);
        let (windows, _) = impact::windows(incident);
        let names_a_service =
            |window: &Window| window.components.iter().any(|name| incident.services.contains(name));
        let is_meant = |window: &&Window| match service {
            Some(service) if names_a_service(window) => {
                window.components.iter().any(|name| name == service)
            }
            _ => true,
        };
        let open = windows.iter().filter(is_meant).filter(|window| window.end.is_none()).count();
        let windows = until(windows, now.filter(|_| open > 0));
        let middle = impact::middles(windows.iter().filter(is_meant)).0;
        let known = !middle.is_empty() || open > 0;
        let mut impact_times = ImpactTimes {
            middle,
            open,
            known,
            open_until: now.filter(|_| open > 0),
            ..ImpactTimes::default()
        };
        for window in windows.iter().filter(is_meant) {
            let Some(end) = window.end else { continue };
            impact_times.certain.push((window.start.latest(), end.earliest()));
            impact_times.possible.push((window.start.earliest(), end.latest()));
            impact_times.ends = impact_times.ends.and(Ends::of(window.start)).and(Ends::of(end));
        }
        impact_times
    }

    /// Whether anything is known of it.
    pub(super) fn is_known(&self) -> bool {
        self.known
    }

    /// Only what is within `period`. That something is known of the whole stays true.
    #[must_use]
    pub(super) fn clipped(self, period: Stretch) -> Self {
        let clip = |stretches: Vec<Stretch>| -> Vec<Stretch> {
            let cut = stretches
                .into_iter()
                .map(|(start, end)| (start.max(period.0), end.min(period.1), start));
            // One that begins at the very end of the period is the next one's.
            cut.filter(|&(start, end, began)| start <= end && began < period.1)
                .map(|(start, end, _)| (start, end))
                .collect()
        };
        ImpactTimes {
            certain: clip(self.certain),
            middle: clip(self.middle),
            possible: clip(self.possible),
            open: if self.open_until.is_some_and(|now| now >= period.1) { 0 } else { self.open },
            ..self
        }
    }

    /// Whether any time at all may be left of it.
    pub(super) fn is_empty(&self) -> bool {
        self.possible.iter().all(|(start, end)| start == end)
    }

    /// The stretches that it may have lasted.
    pub(super) fn possible(&self) -> &[Stretch] {
        &self.possible
    }

    /// Whether an end of a window is approximate.
    pub(super) fn is_about(&self) -> bool {
        self.ends.about
    }

    /// Whether an end of a window is approximate or uncertain.
    pub(super) fn is_vague(&self) -> bool {
        self.ends.about || self.certain != self.possible
    }
}

impl Ends {
    fn of(moment: Moment) -> Self {
        Ends { precision: Some(moment.precision()), about: moment.is_about() }
    }

    fn and(self, other: Ends) -> Self {
        let precision = [self.precision, other.precision].into_iter().flatten().min();
        Ends { precision, about: self.about || other.about }
    }
}

/// The windows, with the open ones cut off at `now`.
fn until(windows: Cow<'_, [Window]>, now: Option<DateTime<Utc>>) -> Cow<'_, [Window]> {
    let Some(now) = now.map(Moment::exact) else { return windows };
    windows
        .iter()
        .map(|window| Window { end: window.end.or(Some(now)), ..window.clone() })
        .collect()
}

/// The impact of several incidents; overlapping windows count once.
pub(super) struct United {
    certain: Spans,
    possible: Spans,
    ends: Ends,
    /// Each end in the middle of what it may be.
    pub(super) middle: Spans,
}

impl United {
    pub(super) fn of(all_times: &[ImpactTimes]) -> Self {
        let union = |part: fn(&ImpactTimes) -> &Vec<Stretch>| {
            Spans::union(all_times.iter().flat_map(part).copied())
        };
        United {
            certain: union(|impact_times| &impact_times.certain),
            possible: union(|impact_times| &impact_times.possible),
            ends: all_times
                .iter()
                .fold(Ends::default(), |ends, impact_times| ends.and(impact_times.ends)),
            middle: union(|impact_times| &impact_times.middle),
        }
    }

    /// How long it is: the least, the middle and the most, in seconds.
    pub(super) fn lengths(&self) -> [f64; 3] {
        self.parts().map(|spans| seconds(spans.length()))
    }

    /// The instants that it surely was, is in the middle, and may have been.
    pub(super) fn parts(&self) -> [&Spans; 3] {
        [&self.certain, &self.middle, &self.possible]
    }

    /// Whether any end is approximate.
    pub(super) fn is_about(&self) -> bool {
        self.ends.about
    }

    /// The coarsest precision of the ends.
    pub(super) fn precision(&self) -> Option<Precision> {
        self.ends.precision
    }
}
