//! The statistics for people: numbers never without how many they rest on.

use chrono::TimeDelta;

use crate::analysis::stats::{Excluded, Few, Group, Metric, StatsTable, Summary};
use crate::cli::error::CliError;
use crate::cli::table::{Align, table};
use crate::cli::terminal::Terminal;
use crate::model::elapsed::Elapsed;
use crate::model::time::Precision;

pub(super) fn write(answer: &StatsTable, terminal: &mut Terminal) -> Result<(), CliError> {
    if answer.groups.iter().all(|group| group.incidents == 0) {
        terminal.talk("no incidents to count")?;
    }
    let grouped = answer.by.is_some();
    let mut columns = vec![
        ("metric", Align::Left),
        ("known", Align::Right),
        ("median", Align::Right),
        ("95 %", Align::Left),
        ("p90", Align::Right),
        ("mean", Align::Right),
        ("largest", Align::Right),
    ];
    if grouped {
        columns.insert(0, ("group", Align::Left));
    }
    let mut rows = Vec::new();
    for group in &answer.groups {
        for (position, metric) in group.metrics.iter().enumerate() {
            let named = |position| if position == 0 { group.name.clone() } else { String::new() };
            let known = format!("{} of {}", metric.known, group.incidents);
            let name = metric.name.as_str().to_uppercase();
            let mut row = row(name, known, &metric.summary, is_vague(metric));
            if grouped {
                row.insert(0, named(position));
            }
            rows.push(row);
            if let Some(business) = &metric.business {
                let known = format!("{} of {}", business.n, group.incidents);
                let mut row = self::row("  in business hours".to_owned(), known, business, is_vague(metric));
                if grouped {
                    row.insert(0, String::new());
                }
                rows.push(row);
            }
        }
    }
    terminal.say(&table(&columns, rows))?;
    terminal.line("")?;
    answer.groups.iter().try_for_each(|group| below(group, grouped, terminal))?;
    for (name, definition) in &answer.definitions {
        terminal.line(&format!("{} = {definition}", name.as_str().to_uppercase()))?;
    }
    if let Some(hours) = &answer.business_hours {
        terminal.line(&format!("business hours: {hours}"))?;
    }
    if answer.definitions_version != 1 || !answer.other_definitions.is_empty() {
        terminal.line(&format!("definitions: version {}", answer.definitions_version))?;
    }
    for other in &answer.other_definitions {
        let names: Vec<&str> = other.incidents.iter().map(|id| id.as_str()).collect();
        let (n, version) = (names.len(), other.version);
        let files = if n == 1 { "file" } else { "files" };
        terminal.line(&format!("left out: {n} {files} pinned to version {version}: {}", names.join(", ")))?;
    }
    period(answer, terminal)
}

/// Whether its aggregates rest on times that are approximate or uncertain.
fn is_vague(metric: &Metric) -> bool {
    metric.about + metric.uncertain > 0
}

fn row(name: String, known: String, summary: &Summary, about: bool) -> Vec<String> {
    let median = summary.median.as_ref();
    let length = |seconds| length(seconds, about);
    let interval = median.and_then(|median| Some(format!("{} – {}", length(median.low?), length(median.high?))));
    vec![
        name,
        known,
        median.and_then(|median| median.value).map_or_else(|| few(&summary.values), length),
        interval.unwrap_or_default(),
        summary.p90.map_or_else(String::new, length),
        summary.mean.as_ref().map_or_else(String::new, |mean| length(mean.value)),
        summary.mean.as_ref().map_or_else(String::new, |mean| format!("{:.0} %", mean.largest_share * 100.0)),
    ]
}

/// Too few to average: the values themselves, each as well as it is known, to the minute.
fn few(values: &[Few]) -> String {
    if values.is_empty() {
        return "—".to_owned();
    }
    let shown = |length: Elapsed| Elapsed { precision: length.precision.min(Precision::Minute), ..length }.to_string();
    values.iter().map(|value| shown(value.length)).collect::<Vec<_>>().join(", ")
}

/// An aggregate for a reader. Those of figures that are mostly known to the minute claim no
/// seconds, and those that rest on vague ones are `about`.
fn length(seconds: f64, about: bool) -> String {
    let seconds = if seconds < 60.0 { seconds } else { (seconds / 60.0).round() * 60.0 };
    let milliseconds = TimeDelta::milliseconds((seconds * 1000.0).round() as i64);
    Elapsed { precision: Precision::Minute, about, ..Elapsed::exactly(milliseconds) }.to_string()
}

/// What a reader must know to read the numbers of a group.
fn below(group: &Group, grouped: bool, terminal: &mut Terminal) -> Result<(), CliError> {
    let name = if grouped { format!("{}: ", group.name) } else { String::new() };
    let mut parts = vec![format!("{} incidents", group.incidents)];
    let impact = &group.impact;
    if impact.known > 0 {
        parts.push(format!(
            "{} of harm in {} of them ({} by service)",
            length(impact.any_seconds, impact.uncertain > 0),
            impact.known,
            length(impact.service_seconds, impact.uncertain > 0)
        ));
    }
    if group.reopened > 0 {
        parts.push(format!("{} opened again", group.reopened));
    }
    parts.extend(excluded(&group.excluded));
    terminal.line(&format!("{name}{}", parts.join("; ")))?;
    for metric in &group.metrics {
        if let Some(caveats) = caveats(metric, group.incidents) {
            terminal.line(&format!("  {name}{} {caveats}", metric.name.as_str().to_uppercase()))?;
        }
    }
    Ok(())
}

fn excluded(excluded: &Excluded) -> Option<String> {
    let counts = [
        (excluded.maintenance, "maintenance"),
        (excluded.drills, "drills"),
        (excluded.near_misses, "near misses"),
        (excluded.duplicates, "told in another file"),
    ];
    let parts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    (!parts.is_empty()).then(|| format!("not counted: {}", parts.join(", ")))
}

fn caveats(metric: &Metric, incidents: usize) -> Option<String> {
    let mut parts = Vec::new();
    if metric.by_fallback > 0 {
        parts.push(format!("{} of them by fallback", metric.by_fallback));
    }
    // Values that are listed say for themselves how well they are known.
    if metric.about > 0 && metric.summary.values.is_empty() {
        parts.push(format!("{} approximate", metric.about));
    }
    if metric.uncertain > 0 {
        parts.push(format!("{} uncertain, counted as the middle", metric.uncertain));
    }
    if !metric.wide.is_empty() {
        let names: Vec<&str> = metric.wide.iter().map(|id| id.as_str()).collect();
        parts.push(format!("very uncertain: {}", names.join(", ")));
    }
    if metric.ongoing > 0 {
        parts.push(format!("{} still going on", metric.ongoing));
    }
    if metric.contradictory > 0 {
        parts.push(format!("{} contradict themselves and are left out", metric.contradictory));
    }
    (!parts.is_empty()).then(|| format!("known for {} of {incidents}, {}", metric.known, parts.join("; ")))
}

fn period(answer: &StatsTable, terminal: &mut Terminal) -> Result<(), CliError> {
    let mut parts = Vec::new();
    if answer.outside > 0 {
        parts.push(format!("{} incidents lie outside the period", answer.outside));
    }
    if !answer.undated.is_empty() {
        let names: Vec<&str> = answer.undated.iter().map(|id| id.as_str()).collect();
        parts.push(format!("no date is known of {}", names.join(", ")));
    }
    if answer.dated_by_fallback > 0 && answer.by.is_some_and(|by| by.is_period()) {
        parts.push(format!("the period of {} is told by a fallback", answer.dated_by_fallback));
    }
    if answer.by.is_some_and(|by| by.is_period()) {
        parts.push(format!("periods in {}", answer.zone));
    }
    if parts.is_empty() { Ok(()) } else { terminal.line(&parts.join("; ")) }
}
