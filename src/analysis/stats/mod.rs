//! Recovery statistics over many incidents, with what n can carry.
//!
//! The median comes first and with an interval; what is unknown, uncertain, ongoing or only bounded
//! by a fallback is counted beside every number, and few values are listed and not averaged.

mod availability;
pub mod bounds;
pub mod compare;
mod comparison;
#[cfg(test)]
mod coverage;
mod covered;
mod duplicates;
mod failures;
mod group;
mod history;
mod keys;
mod mean;
mod metric;
mod normal;
mod options;
mod order;
pub mod quantile;
mod row;
mod sample;
mod summary;
pub mod survival;
mod table;
mod trend;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use rayon::prelude::*;

pub use self::availability::Availability;
pub use self::covered::Covered;
use self::duplicates::counted_in_circles;
pub use self::failures::BetweenFailures;
use self::failures::between_failures;
pub use self::group::Grouping;
use self::keys::{Key, divided, keys};
pub use self::metric::{Bounded, IfUnknown, Metric};
pub use self::options::StatsOptions;
pub use self::order::Ranks;
pub(crate) use self::row::Row;
use self::row::{Standing, by_service, is_counted};
use self::sample::{ImpactTimes, United};
pub use self::summary::{Few, Mean, Median, Method, NoMean, P90, Summary, summarize};
pub use self::table::{Excluded, Group, ImpactTotal, OtherDefinitions, SeverityCount, StatsTable};
pub use self::trend::Trend;
use super::config::Definitions;
pub use super::measure::Bound;
use super::objective::Objective;
use super::spans::Stretch;
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;
use crate::model::zone::Zone;

/// Computes statistics over `incidents`. The order of the incidents does not matter.
pub fn stats(
    incidents: &[&Incident],
    definitions: &Definitions,
    options: &StatsOptions,
) -> StatsTable {
    let row = |incident: &&Incident| Row::of(incident, definitions, options);
    Rows::new(incidents.par_iter().map(row).collect()).stats(definitions, options)
}

/// The incidents of some statistics.
#[derive(Debug)]
pub(crate) struct Rows {
    /// By id.
    rows: Vec<Row>,
}

impl Rows {
    /// From the rows of all incidents: which duplicates are counted depends on the others.
    pub(crate) fn new(mut rows: Vec<Row>) -> Self {
        rows.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let counted: BTreeSet<IncidentId> =
            counted_in_circles(&rows).into_iter().cloned().collect();
        let duplicates =
            rows.iter_mut().filter(|row| row.duplicate_of.is_some() && !counted.contains(&row.id));
        duplicates.for_each(|row| row.standing = Standing::Duplicate);
        Rows { rows }
    }

    /// Computes statistics over them. Metrics, instant and fallbacks are those that the rows were
    /// made with; the other options may differ, and there may be fewer metrics.
    pub(crate) fn stats(&self, definitions: &Definitions, options: &StatsOptions) -> StatsTable {
        let (other_definitions, rows) = other_definitions(&self.rows);
        let covered = covered::covered(&rows, options);
        let bounded = options.since.is_some() || options.until.is_some();
        let (dated, undated): (Vec<&Row>, Vec<&Row>) =
            rows.into_iter().partition(|row| !bounded || row.began.is_some());
        table(&dated, &undated, definitions, options, other_definitions, covered)
    }

    /// The objectives over all of them, in the order of their names.
    pub(crate) fn availability(
        &self,
        objectives: &[(&str, &Objective)],
        options: &StatsOptions,
    ) -> Vec<Availability> {
        availability::availability(&self.rows, objectives, options)
    }
}

/// The table of `dated`; the start of `undated` would have to be known for the period.
fn table(
    dated: &[&Row],
    undated: &[&Row],
    definitions: &Definitions,
    options: &StatsOptions,
    other_definitions: Vec<OtherDefinitions>,
    covered: Vec<Covered>,
) -> StatsTable {
    let groups: Vec<Group> = grouped(dated, definitions, options)
        .iter()
        .map(|(key, members)| {
            let names = key.names();
            let mut group = group(names, members, options);
            group.severities = severities(members, definitions);
            group
        })
        // What only reached beyond the period has nothing in it.
        .filter(|group| group.has_any() || options.by.is_none())
        .collect();
    let total = options.by.map(|_| total(dated, definitions, options));
    let before = dated.len();
    let rows: Vec<&Row> = dated.iter().copied().filter(|row| in_period(row, options)).collect();
    let between = between_failures(&rows, options);
    let is_until_now =
        |one: &BetweenFailures| one.without_failure_until == options.now && options.now.is_some();
    StatsTable {
        by: options.by,
        then_by: options.then_by,
        zone: options.zone.to_string(),
        since: options.since,
        until: options.until,
        as_of: options
            .now
            .filter(|_| groups.iter().any(Group::goes_on) || between.iter().any(is_until_now)),
        silent: named(rows.iter().filter(|row| is_counted(row) && row.is_silent)),
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
        comparisons: compare::successive(&groups, options),
        trends: trend::trends(&rows, options),
        groups,
        between_failures: between,
        covered,
    }
}

/// What is pinned to other definitions, by version, and the rest.
fn other_definitions(rows: &[Row]) -> (Vec<OtherDefinitions>, Vec<&Row>) {
    let mut others: BTreeMap<u32, Vec<IncidentId>> = BTreeMap::new();
    let mut rest = Vec::with_capacity(rows.len());
    for row in rows {
        match row.other_definitions {
            Some(version) => others.entry(version).or_default().push(row.id.clone()),
            None => rest.push(row),
        }
    }
    let others =
        others.into_iter().map(|(version, incidents)| OtherDefinitions { version, incidents });
    (others.collect(), rest)
}

fn named<'r>(rows: impl Iterator<Item = &'r &'r Row>) -> Vec<IncidentId> {
    rows.map(|row| row.id.clone()).collect()
}

fn in_period(row: &Row, options: &StatsOptions) -> bool {
    row.began.is_none_or(|began| {
        options.since.is_none_or(|since| since <= began)
            && options.until.is_none_or(|until| began < until)
    })
}

/// An incident as a group sees it.
struct Member<'r> {
    row: &'r Row,
    /// Whether it began in the group's period. If not, only its impact there counts.
    began_here: bool,
    /// The period that impact is clipped to, if there is one.
    period: Option<Stretch>,
}

/// The incidents of each group. By period, an incident is also a member of each later period that
/// its impact reaches.
fn grouped<'r>(
    rows: &[&'r Row],
    definitions: &Definitions,
    options: &StatsOptions,
) -> BTreeMap<Key, Vec<Member<'r>>> {
    let mut groups: BTreeMap<Key, Vec<Member>> = BTreeMap::new();
    if options.by.is_none() {
        let member =
            |row| Member { row, began_here: in_period(row, options), period: asked_for(options) };
        groups.insert(Key::named("all"), rows.iter().copied().map(member).collect());
        return groups;
    }
    let (both, by) = ([options.by, options.then_by], options.period());
    for &row in rows {
        let own = row.began.and_then(|began| by?.period_of(began, options.zone));
        let period = clip(own, options);
        for key in divided(row, row.began, both, options.zone, definitions) {
            groups.entry(key).or_default().push(Member {
                row,
                began_here: in_period(row, options),
                period,
            });
        }
        let reached = by.map(|by| reached(row, by, options)).unwrap_or_default();
        for (start, end) in reached.into_iter().filter(|period| Some(*period) != own) {
            let period = clip(Some((start, end)), options);
            for key in divided(row, Some(start), both, options.zone, definitions) {
                groups.entry(key).or_default().push(Member { row, began_here: false, period });
            }
        }
    }
    groups
}

/// The periods that the impact of an incident reaches, where it is grouped by period.
fn reached(row: &Row, by: Grouping, options: &StatsOptions) -> Vec<Stretch> {
    let mut periods: Vec<Stretch> = Vec::new();
    if !is_counted(row) {
        return periods;
    }
    for &(start, end) in ImpactTimes::of(row, None).possible() {
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

fn group(names: Vec<String>, members: &[Member], options: &StatsOptions) -> Group {
    let by = options.by.into_iter().chain(options.then_by);
    let of_service = by
        .zip(&names)
        .find(|(by, name)| *by == Grouping::Service && *name != Grouping::Service.unknown());
    let service = of_service.map(|(_, name)| name.as_str());
    let began_here = || members.iter().filter(|member| member.began_here).map(|member| member.row);
    let counted: Vec<&Row> = began_here().filter(|row| is_counted(row)).collect();
    let count = |standing| began_here().filter(|row| row.standing == standing).count();
    Group {
        name: names.join(" · "),
        incidents: counted.len(),
        excluded: Excluded {
            maintenance: count(Standing::Maintenance),
            drills: count(Standing::Drill),
            near_misses: count(Standing::NearMiss),
            duplicates: count(Standing::Duplicate),
        },
        reopened: counted.iter().filter(|row| row.reopened > 0).count(),
        impact: impact_total(members, service),
        names,
        severities: Vec::new(),
        metrics: (0..options.metrics.len())
            .map(|index| metric::metric(options.metrics[index], index, &counted, options.inputs))
            .collect(),
    }
}

/// All incidents of the period as one group.
fn total(rows: &[&Row], definitions: &Definitions, options: &StatsOptions) -> Group {
    let members: Vec<Member> = rows
        .iter()
        .map(|&row| Member { row, began_here: in_period(row, options), period: asked_for(options) })
        .collect();
    let mut total =
        group(vec!["total".to_owned()], &members, &StatsOptions { by: None, ..options.clone() });
    total.severities = severities(&members, definitions);
    total
}

/// So many incidents are named as those with the most impact.
const MOST_IMPACT: usize = 5;

/// The incidents with the most impact within the period.
fn most_impact(rows: &[&Row], options: &StatsOptions) -> Vec<Few> {
    let impact = |row: &Row| {
        let impact_times = ImpactTimes::of(row, None);
        let is_open = impact_times.open > 0;
        let impact_times = match asked_for(options) {
            Some(period) => impact_times.clipped(period),
            None => impact_times,
        };
        let united = United::of(&[impact_times]);
        let [min, _, max] = united.lengths().map(bounds::length);
        let about = united.is_about();
        let length = Elapsed { min, max, precision: united.precision()?, about };
        (max > TimeDelta::zero()).then(|| Few::new((length, Some(&row.id)), is_open))
    };
    let counted = rows.iter().copied().filter(|row| is_counted(row));
    let mut all: Vec<Few> = counted.filter_map(impact).collect();
    all.sort_by(|a, b| b.seconds.total_cmp(&a.seconds).then_with(|| a.incident.cmp(&b.incident)));
    all.truncate(MOST_IMPACT);
    all
}

fn severities(members: &[Member], definitions: &Definitions) -> Vec<SeverityCount> {
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    for member in members.iter().filter(|member| member.began_here && is_counted(member.row)) {
        let by = Grouping::Severity;
        for key in keys(member.row, None, by, Zone::UTC, definitions) {
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
        let impact_times = ImpactTimes::of(member.row, service);
        match member.period {
            Some(period) => impact_times.clipped(period),
            None => impact_times,
        }
    };
    // What began elsewhere belongs here only as far as its impact reaches.
    let reaches = |member: &&Member| {
        is_counted(member.row) && (member.began_here || !harm_of(member, service).is_empty())
    };
    let members: Vec<&Member> = members.iter().filter(reaches).collect();
    let all_times: Vec<ImpactTimes> =
        members.iter().map(|member| harm_of(member, service)).collect();
    let any = United::of(&all_times);
    let by_service = match service {
        Some(_) => any.lengths(),
        None => by_service(members.iter().map(|member| (member.row, *member)))
            .iter()
            .map(|(service, members)| {
                let all_times: Vec<ImpactTimes> =
                    members.iter().map(|member| harm_of(member, *service)).collect();
                United::of(&all_times).lengths()
            })
            .fold([0.0; 3], |sum, lengths| {
                std::array::from_fn(|index| sum[index] + lengths[index])
            }),
    };
    let ([any_min_seconds, any_seconds, any_max_seconds], precision) =
        (any.lengths(), any.precision());
    let [service_min_seconds, service_seconds, service_max_seconds] = by_service;
    let count = |is: fn(&ImpactTimes) -> bool| {
        all_times.iter().filter(|impact_times| is(impact_times)).count()
    };
    let known = count(ImpactTimes::is_known);
    ImpactTotal {
        any_seconds,
        any_min_seconds,
        any_max_seconds,
        service_seconds,
        service_min_seconds,
        service_max_seconds,
        known,
        unknown: all_times.len() - known,
        clipped: members.iter().any(|member| member.period.is_some()),
        began_before: members.iter().filter(|member| !member.began_here).count(),
        ongoing: count(|impact_times| impact_times.open > 0),
        open_windows: all_times.iter().map(|impact_times| impact_times.open).sum(),
        uncertain: count(ImpactTimes::is_vague),
        about: count(ImpactTimes::is_about),
        precision,
    }
}

#[cfg(test)]
mod tests;
