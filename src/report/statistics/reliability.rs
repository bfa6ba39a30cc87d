//! Notes on services rather than incidents: time between failures, objectives, and what the sources
//! cover.

use super::figures::figures_of;
use crate::analysis::stats::bounds::Bounds;
use crate::analysis::stats::{Availability, BetweenFailures, Covered, StatsTable, Summary};
use crate::model::elapsed::Elapsed;
use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;
use crate::text::counted;

use chrono::{DateTime, Utc};

/// So many services are shown, those with the most failures.
const MOST_SERVICES: usize = 5;

/// The notes of an output, one line each.
pub(super) fn of(answer: &StatsTable, zone: Zone) -> Vec<String> {
    let mut several: Vec<&BetweenFailures> =
        answer.between_failures.iter().filter(|between| between.failures > 1).collect();
    several.sort_by_key(|between| std::cmp::Reverse(between.failures));
    let mut notes: Vec<String> =
        several.iter().take(MOST_SERVICES).map(|between| of_service(between, zone)).collect();
    if let Some(more @ 1..) = several.len().checked_sub(MOST_SERVICES) {
        notes.push(format!("time between failures: {} more in --json", counted(more, "service")));
    }
    notes.extend(answer.covered.iter().filter_map(|covered| of_source(covered, zone)));
    notes
}

fn day(at: DateTime<Utc>, zone: Zone) -> String {
    Moment::known_to(at, Precision::Minute).display_in(zone)
}

/// `time between failures: api: 6 failures; median 12 d 4 h (3–40 d, …); none since 1 March`
fn of_service(between: &BetweenFailures, zone: Zone) -> String {
    let BetweenFailures { service, failures, without_failure_until, summary } = between;
    let open = match without_failure_until {
        Some(until) => format!("; none since the last until {}", day(*until, zone)),
        None => String::new(),
    };
    format!("time between failures: {service}: {failures} failures; {}{open}", shown(summary))
}

fn shown(summary: &Summary) -> String {
    let figures = figures_of(summary);
    if !summary.values.is_empty() {
        return figures.median;
    }
    let method = if summary.censored > 0 {
        "Kaplan–Meier, 95 %".to_owned()
    } else {
        let confidence = summary.median.as_ref().and_then(|median| median.ranks);
        confidence.map_or_else(String::new, |ranks| format!("{:.1} %", ranks.confidence * 100.0))
    };
    format!("median {} ({}, {method})", figures.median, figures.interval)
}

/// How much of a period that was asked for a history covers.
fn of_source(covered: &Covered, zone: Zone) -> Option<String> {
    let Covered { source, from, to, share } = covered;
    // 99.96 % is not all of it.
    let percent = (share.as_ref()? * 1000.0).floor() / 10.0;
    Some(format!(
        "records of {source}: from {} to {}, {percent} % of the period; nothing is recorded outside of it",
        day(*from, zone),
        day(*to, zone)
    ))
}

/// One line for each objective.
pub(crate) fn objectives(objectives: &[Availability], zone: Zone) -> Vec<String> {
    objectives.iter().map(|one| objective(one, zone)).collect()
}

fn objective(one: &Availability, zone: Zone) -> String {
    let head = format!("objective {}: {}", one.name, one.service);
    if !one.is_known {
        return format!("{head}: no incident names this service");
    }
    let Some(target) = one.percent(one.budget_seconds).map(|_| one.target_percent) else {
        return format!(
            "{head}: no hours to measure from {} to {}",
            day(one.from, zone),
            day(one.to, zone)
        );
    };
    let downs = [one.down_max_seconds, one.down_seconds, one.down_min_seconds];
    let available = range(downs.map(|down| one.percent(down).unwrap_or_default()), 3);
    let mut parts = vec![format!(
        "{head}: available {available} from {} to {} ({}), target {target} %",
        day(one.from, zone),
        day(one.to, zone),
        one.window,
    )];
    let precision = one.precision.unwrap_or(Precision::Minute);
    let lasted = |min: f64, max: f64, about: bool| {
        Elapsed { min: Bounds::length(min), max: Bounds::length(max), precision, about }.to_string()
    };
    let burned = range(
        [one.down_min_seconds, one.down_seconds, one.down_max_seconds]
            .map(|down| one.burned(down).unwrap_or_default() * 100.0),
        1,
    );
    let down = if one.down_max_seconds > 0.0 {
        lasted(one.down_min_seconds, one.down_max_seconds, one.about)
    } else {
        "nothing".to_owned()
    };
    let budget = Elapsed {
        precision: Precision::Second,
        ..Elapsed::exactly(Bounds::length(one.budget_seconds))
    };
    parts.push(format!("{down} of {budget} used ({burned} of the error budget)"));
    if one.maintenance_seconds > 0.0 {
        let maintenance = lasted(one.maintenance_seconds, one.maintenance_seconds, false);
        parts.push(format!("{maintenance} of maintenance left out"));
    }
    parts.extend(one.hours.as_ref().map(|hours| format!("within {hours}")));
    if one.ongoing > 0 {
        parts.push(format!("{} ongoing", one.ongoing));
    }
    if !one.unknown.is_empty() {
        let count = counted(one.unknown.len(), "incident");
        parts.push(format!("{count} of unknown impact not counted"));
    }
    parts.join("; ")
}

/// The least and the most of three percentages, truncated: 99.9996 % is not 100 %.
fn range([least, _, most]: [f64; 3], decimals: usize) -> String {
    let scale = 10_f64.powi(decimals as i32);
    let show = |percent: f64| format!("{:.decimals$}", (percent * scale + 1e-9).floor() / scale);
    let (least, most) = (show(least), show(most));
    if least == most { format!("{least} %") } else { format!("{least}–{most} %") }
}
