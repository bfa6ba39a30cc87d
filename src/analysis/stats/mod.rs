//! Recovery statistics over many incidents, with what n can carry.
//!
//! The median comes first and with an interval; what is unknown, uncertain, ongoing or only bounded
//! by a fallback is counted beside every number, and few values are listed and not averaged.

pub mod bounds;
pub mod compare;
mod duplicates;
mod group;
mod mean;
mod metric;
mod normal;
mod options;
mod order;
pub mod quantile;
mod sample;
mod summary;
pub mod survival;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rayon::prelude::*;
use serde::Serialize;

use self::bounds::Bounds;
use self::compare::Comparison;
use self::duplicates::counted_in_circles;
pub use self::group::Grouping;
use self::group::{Key, keys};
pub use self::metric::{Bounded, IfUnknown, Metric};
pub use self::options::StatsOptions;
pub use self::order::Ranks;
use self::sample::{Harm, Row, Standing, United};
pub use self::summary::{Few, Mean, Median, Method, NoMean, P90, Summary, summarize};
use super::config::Definitions;
use super::duration_name::{DurationName, Formula};
pub use super::measure::Bound;
use super::spans::Stretch;
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;
use crate::model::time::Precision;
use crate::model::zone::Zone;

/// The whole answer. Durations are in seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatsTable {
    /// How it is grouped.
    pub by: Option<Grouping>,
    /// The zone of the periods, an IANA name or an offset.
    pub zone: String,
    /// The first instant that counts.
    pub since: Option<DateTime<Utc>>,
    /// The first instant that no longer counts.
    pub until: Option<DateTime<Utc>>,
    /// As of when what goes on has lasted so long. Absent where nothing goes on: such an answer is
    /// the same at any time.
    pub as_of: Option<DateTime<Utc>>,
    /// Ongoing incidents of which nothing was recorded for two weeks: they are counted up to their last
    /// record, since probably nobody closed them.
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
    /// Incidents that were left out since nobody knows whether they lie in the period.
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
    /// The time between failures of each service, by name.
    pub between_failures: Vec<BetweenFailures>,
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
    /// Its name: `sev1`, `api`, `2026-03`, `all`.
    pub name: String,
    /// How many incidents are counted.
    pub incidents: usize,
    /// What is not counted.
    pub excluded: Excluded,
    /// How many of the incidents were opened again after they had been resolved.
    pub reopened: usize,
    /// The harm, added up.
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
    fn has_any(&self) -> bool {
        self.incidents > 0 || self.excluded != Excluded::default() || self.impact.known > 0
    }

    /// Whether any of its numbers is about something that goes on.
    fn goes_on(&self) -> bool {
        self.impact.open_windows > 0 || self.metrics.iter().any(|metric| metric.ongoing > 0)
    }
}

/// What is outside every aggregate, counted apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Planned maintenance.
    pub maintenance: usize,
    /// Practice.
    pub drills: usize,
    /// Nobody was harmed.
    pub near_misses: usize,
    /// Told in another file.
    pub duplicates: usize,
}

/// The harm of a group, in seconds. Where windows go on, the lengths are so far, as of the table's
/// instant; without one, such windows are no part of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct ImpactTotal {
    /// Time in which anything was harmed: one union over all incidents and services, each window's
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
    /// Incidents of which the harm is known.
    pub known: usize,
    /// Incidents of which it is not.
    pub unknown: usize,
    /// Whether only the impact within a period is counted.
    pub clipped: bool,
    /// Of the incidents, those that began in another period and whose impact reaches this one.
    pub began_before: usize,
    /// Incidents of which the harm goes on.
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

/// The time from the end of one failure of a service to the start of the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BetweenFailures {
    /// The service.
    pub service: String,
    /// How many stretches of harm there are once those that touch or overlap are one.
    pub failures: usize,
    /// The times between them; one fewer than there are failures.
    pub summary: Summary,
}

/// Computes statistics over `incidents`. The order of the incidents does not matter.
pub fn stats(
    incidents: &[&Incident],
    definitions: &Definitions,
    options: &StatsOptions,
) -> StatsTable {
    let counted_after_all = counted_in_circles(incidents);
    let (other_definitions, incidents) = other_definitions(incidents, definitions);
    let mut rows: Vec<Row> = incidents
        .par_iter()
        .map(|incident| Row::of(incident, definitions, options, &counted_after_all))
        .collect();
    rows.sort_unstable_by(|a, b| a.incident.id.cmp(&b.incident.id));
    let bounded = options.since.is_some() || options.until.is_some();
    let (dated, undated): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| !bounded || row.began.is_some());
    let groups: Vec<Group> = grouped(&dated, definitions, options)
        .iter()
        .map(|(key, members)| {
            let service =
                options.by.is_some_and(|by| by == Grouping::Service && *key != Key::unknown(by));
            let service = service.then_some(key.name.as_str());
            let mut group = group(&key.name, service, members, options);
            group.severities = severities(members, definitions);
            group
        })
        // What only reached beyond the period has nothing in it.
        .filter(|group| group.has_any() || options.by.is_none())
        .collect();
    let total = options.by.map(|_| total(&dated, definitions, options));
    let before = dated.len();
    let rows: Vec<Row> = dated.into_iter().filter(|row| in_period(row, options)).collect();
    StatsTable {
        by: options.by,
        zone: options.zone.to_string(),
        since: options.since,
        until: options.until,
        as_of: options.now.filter(|_| groups.iter().any(Group::goes_on)),
        silent: named(rows.iter().filter(|row| is_counted(row) && row.is_silent(options.now))),
        strict: options.strict,
        definitions_version: definitions.version,
        definitions: options
            .metrics
            .iter()
            .map(|&metric| (metric, definitions.formula(metric)))
            .collect(),
        business_hours: definitions.business_hours.as_ref().map(ToString::to_string),
        other_definitions,
        outside: before - rows.len(),
        undated: named(undated.iter().filter(|row| is_counted(row))),
        dated_by_fallback: rows
            .iter()
            .filter(|row| is_counted(row) && row.began_by_fallback)
            .count(),
        total,
        most_impact: most_impact(&rows, options),
        comparisons: if options.by.is_some_and(Grouping::is_period) {
            compare::successive(&groups)
        } else {
            Vec::new()
        },
        groups,
        between_failures: between_failures(&rows),
    }
}

/// What is pinned to other definitions, by version, and the rest.
fn other_definitions<'i>(
    incidents: &[&'i Incident],
    definitions: &Definitions,
) -> (Vec<OtherDefinitions>, Vec<&'i Incident>) {
    let mut others: BTreeMap<u32, Vec<IncidentId>> = BTreeMap::new();
    let mut rest = Vec::with_capacity(incidents.len());
    for &incident in incidents {
        match definitions.pinned_elsewhere(incident) {
            Some(version) => others.entry(version).or_default().push(incident.id.clone()),
            None => rest.push(incident),
        }
    }
    let others = others.into_iter().map(|(version, mut incidents)| {
        incidents.sort_unstable();
        OtherDefinitions { version, incidents }
    });
    (others.collect(), rest)
}

fn named<'r, 'i: 'r>(rows: impl Iterator<Item = &'r Row<'i>>) -> Vec<IncidentId> {
    rows.map(|row| row.incident.id.clone()).collect()
}

fn in_period(row: &Row, options: &StatsOptions) -> bool {
    row.began.is_none_or(|began| {
        options.since.is_none_or(|since| since <= began)
            && options.until.is_none_or(|until| began < until)
    })
}

fn is_counted(row: &Row) -> bool {
    row.standing == Standing::Counted
}

/// An incident as a group sees it.
struct Member<'r, 'i> {
    row: &'r Row<'i>,
    /// Whether it began in the group's period. If not, only its impact there counts.
    began_here: bool,
    /// The period that impact is clipped to, if there is one.
    period: Option<Stretch>,
}

/// The incidents of each group. By period, an incident is also a member of each later period that
/// its impact reaches.
fn grouped<'r, 'i>(
    rows: &'r [Row<'i>],
    definitions: &Definitions,
    options: &StatsOptions,
) -> BTreeMap<Key, Vec<Member<'r, 'i>>> {
    let mut groups: BTreeMap<Key, Vec<Member>> = BTreeMap::new();
    let Some(by) = options.by else {
        let member =
            |row| Member { row, began_here: in_period(row, options), period: asked_for(options) };
        groups.insert(Key::named("all"), rows.iter().map(member).collect());
        return groups;
    };
    for row in rows {
        let own = row.began.and_then(|began| by.period_of(began, options.zone));
        let period = clip(own, options);
        for key in keys(row.incident, row.began, by, options.zone, definitions) {
            groups.entry(key).or_default().push(Member {
                row,
                began_here: in_period(row, options),
                period,
            });
        }
        for (start, end) in
            reached(row, by, options).into_iter().filter(|period| Some(*period) != own)
        {
            let period = clip(Some((start, end)), options);
            for key in keys(row.incident, Some(start), by, options.zone, definitions) {
                groups.entry(key).or_default().push(Member { row, began_here: false, period });
            }
        }
    }
    groups
}

/// The periods that the impact of an incident reaches, where it is grouped by period.
fn reached(row: &Row, by: Grouping, options: &StatsOptions) -> Vec<Stretch> {
    let mut periods: Vec<Stretch> = Vec::new();
    if !by.is_period() || !is_counted(row) {
        return periods;
    }
    for &(start, end) in Harm::of(row, None).possible() {
        let mut at = start;
        while let Some(period) =
            by.period_of(at, options.zone).filter(|period| at < end && at < period.1)
        {
            periods.push(period);
            at = period.1;
        }
    }
    periods.sort_unstable();
    periods.dedup();
    periods
}

/// The period that was asked for, if one was.
fn asked_for(options: &StatsOptions) -> Option<Stretch> {
    clip(None, options)
}

/// What `period` and the period that was asked for have in common.
fn clip(period: Option<Stretch>, options: &StatsOptions) -> Option<Stretch> {
    if period.is_none() && options.since.is_none() && options.until.is_none() {
        return None;
    }
    let (start, end) = period.unwrap_or((DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC));
    Some((
        options.since.map_or(start, |since| since.max(start)),
        options.until.map_or(end, |until| until.min(end)),
    ))
}

fn group(name: &str, service: Option<&str>, members: &[Member], options: &StatsOptions) -> Group {
    let began_here = || members.iter().filter(|member| member.began_here).map(|member| member.row);
    let counted: Vec<&Row> = began_here().filter(|row| is_counted(row)).collect();
    let count = |standing| began_here().filter(|row| row.standing == standing).count();
    Group {
        name: name.to_owned(),
        incidents: counted.len(),
        excluded: Excluded {
            maintenance: count(Standing::Maintenance),
            drills: count(Standing::Drill),
            near_misses: count(Standing::NearMiss),
            duplicates: count(Standing::Duplicate),
        },
        reopened: counted.iter().filter(|row| row.reopened > 0).count(),
        impact: impact_total(members, service),
        severities: Vec::new(),
        metrics: (0..options.metrics.len())
            .map(|index| metric::metric(options.metrics[index], index, &counted, options.inputs))
            .collect(),
    }
}

/// All incidents of the period as one group.
fn total(rows: &[Row], definitions: &Definitions, options: &StatsOptions) -> Group {
    let members: Vec<Member> = rows
        .iter()
        .map(|row| Member { row, began_here: in_period(row, options), period: asked_for(options) })
        .collect();
    let mut total = group("total", None, &members, options);
    total.severities = severities(&members, definitions);
    total
}

/// So many incidents are named as those with the most impact.
const MOST_IMPACT: usize = 5;

/// The incidents with the most impact within the period.
fn most_impact(rows: &[Row], options: &StatsOptions) -> Vec<Few> {
    let impact = |row: &Row| {
        let harm = Harm::of(row, None);
        let is_open = harm.open > 0;
        let harm = match asked_for(options) {
            Some(period) => harm.clipped(period),
            None => harm,
        };
        let united = United::of(&[harm]);
        let [min, _, max] = united.lengths().map(bounds::length);
        let about = united.is_about();
        let length = Elapsed { min, max, precision: united.precision()?, about };
        (max > TimeDelta::zero()).then(|| Few::new((length, Some(&row.incident.id)), is_open))
    };
    let mut all: Vec<Few> = rows.iter().filter(|row| is_counted(row)).filter_map(impact).collect();
    all.sort_by(|a, b| b.seconds.total_cmp(&a.seconds).then_with(|| a.incident.cmp(&b.incident)));
    all.truncate(MOST_IMPACT);
    all
}

fn severities(members: &[Member], definitions: &Definitions) -> Vec<SeverityCount> {
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    for member in members.iter().filter(|member| member.began_here && is_counted(member.row)) {
        let by = Grouping::Severity;
        for key in keys(member.row.incident, None, by, Zone::UTC, definitions) {
            *counts.entry(key).or_default() += 1;
        }
    }
    let unknown = Key::unknown(Grouping::Severity);
    let count = |(key, incidents): (Key, usize)| SeverityCount {
        severity: (key != unknown).then_some(key.name),
        incidents,
    };
    counts.into_iter().map(count).collect()
}

fn impact_total(members: &[Member], service: Option<&str>) -> ImpactTotal {
    let harm_of = |member: &Member, service: Option<&str>| {
        let harm = Harm::of(member.row, service);
        match member.period {
            Some(period) => harm.clipped(period),
            None => harm,
        }
    };
    // What began elsewhere belongs here only as far as its impact reaches.
    let reaches = |member: &&Member| {
        is_counted(member.row) && (member.began_here || !harm_of(member, service).is_empty())
    };
    let members: Vec<&Member> = members.iter().filter(reaches).collect();
    let harms: Vec<Harm> = members.iter().map(|member| harm_of(member, service)).collect();
    let any = United::of(&harms);
    let by_service = match service {
        Some(_) => any.lengths(),
        None => by_service(members.iter().map(|member| (member.row.incident, *member)))
            .iter()
            .map(|(service, members)| {
                let harms: Vec<Harm> =
                    members.iter().map(|member| harm_of(member, *service)).collect();
                United::of(&harms).lengths()
            })
            .fold([0.0; 3], |sum, lengths| {
                std::array::from_fn(|index| sum[index] + lengths[index])
            }),
    };
    let ([any_min_seconds, any_seconds, any_max_seconds], precision) =
        (any.lengths(), any.precision());
    let [service_min_seconds, service_seconds, service_max_seconds] = by_service;
    let count = |is: fn(&Harm) -> bool| harms.iter().filter(|harm| is(harm)).count();
    let known = count(Harm::is_known);
    ImpactTotal {
        any_seconds,
        any_min_seconds,
        any_max_seconds,
        service_seconds,
        service_min_seconds,
        service_max_seconds,
        known,
        unknown: harms.len() - known,
        clipped: members.iter().any(|member| member.period.is_some()),
        began_before: members.iter().filter(|member| !member.began_here).count(),
        ongoing: count(|harm| harm.open > 0),
        open_windows: harms.iter().map(|harm| harm.open).sum(),
        uncertain: count(Harm::is_vague),
        about: count(Harm::is_about),
        precision,
    }
}

/// What belongs to each service, by the services of its incident; that of no service is under `None`.
fn by_service<'i, T: Copy>(
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

fn between_failures(rows: &[Row]) -> Vec<BetweenFailures> {
    let services =
        by_service(rows.iter().filter(|row| is_counted(row)).map(|row| (row.incident, row)));
    let named = services.iter().filter_map(|(service, rows)| Some(((*service)?, rows)));
    named
        .map(|(service, rows)| {
            let harms: Vec<Harm> = rows.iter().map(|row| Harm::of(row, Some(service))).collect();
            let spans = United::of(&harms).middle;
            // Between windows whose ends are vague there is only a vague time.
            let about = harms.iter().any(Harm::is_vague);
            let precision = Precision::Minute;
            let gaps = spans
                .gaps()
                .map(|gap| (Elapsed { about, precision, ..Elapsed::exactly(gap) }, None))
                .collect();
            BetweenFailures {
                service: service.to_owned(),
                failures: spans.stretches().len(),
                summary: summarize(gaps, Vec::new()),
            }
        })
        .filter(|between| between.failures > 0)
        .collect()
}

#[cfg(test)]
mod tests;
