//! Notes below the figures that a reader needs to interpret them.

use std::collections::BTreeMap;

use super::figures::{bounded_median, precision_of, several};
use crate::analysis::duration_name::DurationName;
use crate::analysis::stats::bounds::Bounds;
use crate::analysis::stats::{
    Bounded, Excluded, Few, Group, Grouping, IfUnknown, ImpactTotal, Method, Metric, NoMean, P90,
    Ranks, SeverityCount, StatsTable, Summary,
};

use crate::model::elapsed::Elapsed;
use crate::model::id::IncidentId;
use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;
use crate::text::{counted, counted_that};

/// The notes of an output, one line each.
pub(super) fn of(answer: &StatsTable, zone: Zone) -> Vec<String> {
    let groups = answer.groups.iter().chain(several(answer));
    let mut notes: Vec<String> = groups.flat_map(|group| of_group(group, answer.by)).collect();
    if let [_, _, ..] = answer.most_impact.as_slice() {
        let one = |few: &Few| {
            format!("{} {}", few.incident.as_ref().map_or("", |id| id.as_str()), few.text)
        };
        let most: Vec<String> = answer.most_impact.iter().map(one).collect();
        notes.push(format!("most impact: {}", most.join(", ")));
    }
    notes.extend(intervals(answer));
    let groups = || answer.groups.iter().chain(&answer.total);
    if let Some(now) = answer.as_of.filter(|_| groups().any(Group::goes_on)) {
        let now = Moment::known_to(now, Precision::Minute).display_in(zone);
        notes.push(format!("ongoing: as of {now}"));
    }
    if !answer.silent.is_empty() {
        notes.push(format!(
            "ongoing, and counted only up to the last record, since nothing was recorded for two weeks: {}",
            names(&answer.silent)
        ));
    }
    for (name, definition) in &answer.definitions {
        notes.push(format!("{} = {definition}", name.as_str().to_uppercase()));
    }
    notes.extend(answer.business_hours.iter().map(|hours| format!("business hours: {hours}")));
    if answer.definitions_version != 1 || !answer.other_definitions.is_empty() {
        notes.push(format!("definitions: version {}", answer.definitions_version));
    }
    for other in &answer.other_definitions {
        let (files, version) = (counted(other.incidents.len(), "file"), other.version);
        notes.push(format!(
            "left out: {files} pinned to version {version}: {}",
            names(&other.incidents)
        ));
    }
    notes.extend(period(answer));
    notes
}

/// What a mean is called here, for users who requested it by name.
pub(super) fn of_means(answer: &StatsTable, means: &[DurationName]) -> Vec<String> {
    let note = |&name: &DurationName| {
        let (upper, definition) = (name.as_str().to_uppercase(), answer.definitions.get(&name)?);
        let others = match name {
            DurationName::Ttr => {
                "; MTTR can also mean RESTORE, REPAIR or RESPONSE: see --metric restore,repair,response"
            }
            _ => "",
        };
        Some(format!(
            "M{upper} = the mean of {upper} ({definition}); the median comes first, since one long incident \
             moves a mean{others}"
        ))
    };
    means.iter().filter_map(note).collect()
}

/// Which of the values are the limits of a median, once for each number of values, with the
/// confidence.
fn intervals(answer: &StatsTable) -> Vec<String> {
    let summaries = || {
        let groups = answer.groups.iter().chain(several(answer));
        let metrics = groups.flat_map(|group| &group.metrics);
        metrics.flat_map(|metric| std::iter::once(&metric.summary).chain(&metric.business))
    };
    let ranks: BTreeMap<usize, Ranks> = summaries()
        .filter_map(|summary| Some((summary.n, summary.median.as_ref()?.ranks?)))
        .collect();
    let mut parts: Vec<String> = ranks
        .iter()
        .filter_map(|(n, ranks)| {
            let (low, high) = (ordinal(ranks.low?), ordinal(ranks.high?));
            Some(format!("{low}–{high} of {n} values, {:.1} %", ranks.confidence * 100.0))
        })
        .collect();
    let is_by_curve = |summary: &Summary| {
        summary.median.as_ref().is_some_and(|median| median.method == Method::KaplanMeier)
    };
    if summaries().any(is_by_curve) {
        parts.push("Kaplan–Meier's, 95 %".to_owned());
    }
    let has_no_p90 = |summary: &Summary| {
        let Some(P90 { value: None, low: Some(low), bounds: Some(bounds), .. }) = summary.p90
        else {
            return false;
        };
        bounds.text_at_least(low).is_some()
    };
    let mut notes = Vec::new();
    if !parts.is_empty() {
        notes.push(format!("interval of the median: {}", parts.join("; ")));
    }
    if summaries().any(has_no_p90) {
        notes.push(
            "p90: a lower limit (97.5 %), since so few values do not bound it from above"
                .to_owned(),
        );
    }
    let has_mean = |summary: &Summary| summary.mean.as_ref().is_some_and(|mean| mean.low.is_some());
    if summaries().any(has_mean) {
        // The percentages are those that the simulation in the tests finds for log-normal values.
        notes.push(
            "mean interval: 95 % for many values; of few with a long tail it misses the mean more often (14 % for 5, \
             11 % for 15, 8 % for 50)"
                .to_owned(),
        );
    }
    notes
}

/// `1st`, `2nd`, `3rd`, `11th`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn names(incidents: &[IncidentId]) -> String {
    incidents.iter().map(IncidentId::as_str).collect::<Vec<_>>().join(", ")
}

fn of_group(group: &Group, by: Option<Grouping>) -> Vec<String> {
    let name = if by.is_some() { format!("{}: ", group.name) } else { String::new() };
    let mut parts =
        vec![format!("{}{}", counted(group.incidents, "incident"), severities(group, by))];
    parts.extend(impact(&group.impact));
    if group.reopened > 0 {
        parts.push(format!("{} opened again", group.reopened));
    }
    parts.extend(excluded(&group.excluded));
    let caveats = group.metrics.iter().filter_map(|metric| {
        let caveats = caveats(metric, group)?;
        Some(format!("  {name}{} {caveats}", metric.name.as_str().to_uppercase()))
    });
    std::iter::once(format!("{name}{}", parts.join("; "))).chain(caveats).collect()
}

/// How many incidents have each severity, unless the groups are severities or none has one.
fn severities(group: &Group, by: Option<Grouping>) -> String {
    let is_known = group.severities.iter().any(|one| one.severity.is_some());
    if !is_known || (by == Some(Grouping::Severity) && group.severities.len() < 2) {
        return String::new();
    }
    let one = |one: &SeverityCount| {
        format!("{} {}", one.severity.as_deref().unwrap_or("no severity"), one.incidents)
    };
    format!(" ({})", group.severities.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// If a metric has no known value, the one that has. A table that shows that one needs no note,
/// unless bounds give a figure that could be mistaken for a value.
fn known_instead(metric: &Metric, group: &Group) -> Option<String> {
    let reported = metric.reported_instead?;
    let is_shown = group.metrics.iter().any(|other| other.name == DurationName::Reported);
    (metric.bounded.is_some() || !is_shown)
        .then(|| format!("the known measure is REPORTED ({reported} of {})", group.incidents))
}

/// The hours of impact, which are shown with every time to X; empty if there is no incident.
fn impact(impact: &ImpactTotal) -> Option<String> {
    let ImpactTotal { known, unknown, ongoing, .. } = *impact;
    if known == 0 {
        return (unknown > 0).then(|| "how long the impact lasted is unknown".to_owned());
    }
    let of = match (known - impact.began_before, impact.began_before) {
        (here, 0) => format!("in {here} of them"),
        (0, before) => format!("in {before} that began before"),
        (here, before) => format!("in {here} of them and in {before} that began before"),
    };
    let within = if impact.clipped { " within the period" } else { "" };
    let going_on = format!("{ongoing} ongoing");
    if ongoing > 0 && impact.any_max_seconds <= 0.0 {
        return Some(format!("impact{within} {of}, {going_on}"));
    }
    let any = span(impact, impact.any_min_seconds, impact.any_max_seconds);
    let by_service = span(impact, impact.service_min_seconds, impact.service_max_seconds);
    Some(match ongoing {
        0 => format!("{any} of impact{within} {of} ({by_service} by service)"),
        _ => format!(
            "at least {any} of impact{within} so far {of} ({by_service} by service), {going_on}"
        ),
    })
}

/// A sum of impact, at the precision of its ends.
fn span(impact: &ImpactTotal, min: f64, max: f64) -> String {
    let precision = impact.precision.unwrap_or(Precision::Minute);
    Elapsed {
        min: Bounds::length(min),
        max: Bounds::length(max),
        precision,
        about: impact.about > 0,
    }
    .to_string()
}

fn excluded(excluded: &Excluded) -> Option<String> {
    let of = |count: usize, text: String| (count > 0).then_some(text);
    let Excluded { maintenance, drills, near_misses, duplicates } = *excluded;
    let parts: Vec<String> = [
        of(maintenance, format!("{maintenance} maintenance")),
        of(drills, counted(drills, "drill")),
        of(near_misses, counted(near_misses, "near miss")),
        of(duplicates, format!("{duplicates} recorded in another file")),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| format!("not counted: {}", parts.join(", ")))
}

fn caveats(metric: &Metric, group: &Group) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(metric.bounded.as_ref().map(|bounded| bounds(metric, bounded)));
    // Listed values already show their own precision.
    if metric.about > 0 && metric.summary.values.is_empty() {
        parts.push(format!("{} approximate", metric.about));
    }
    if metric.uncertain > 0 {
        parts.push(format!("{} uncertain", metric.uncertain));
    }
    if !metric.wide.is_empty() {
        parts.push(format!("very uncertain: {}", names(&metric.wide)));
    }
    if metric.proactive > 0 {
        parts.push(format!("{} {} (counted here only)", metric.proactive, proactive(metric.name)));
    }
    parts.extend(going_on(metric));
    if metric.not_applicable > 0 {
        parts.push(format!(
            "{} not applicable ({})",
            metric.not_applicable,
            over_before(metric.name)
        ));
    }
    match metric.contradictory {
        0 => {}
        1 => parts.push("1 contradicts itself and is left out".to_owned()),
        several => parts.push(format!("{several} contradict themselves and are left out")),
    }
    parts.extend(metric.if_unknown.as_ref().map(if_unknown));
    parts.extend(known_instead(metric, group));
    (!parts.is_empty())
        .then(|| format!("known for {} of {}; {}", metric.known, group.incidents, parts.join("; ")))
}

/// How far unknown values could move the median: `if the 6 unknown were all shorter: median 19 min;
/// all longer: 28 min`.
fn if_unknown(unknown: &IfUnknown) -> String {
    let IfUnknown { precision, about, .. } = *unknown;
    let show = |seconds| shown(seconds, precision, about);
    let shorter = unknown
        .median_if_shorter_seconds
        .map_or_else(|| format!("below {}", show(unknown.least_seconds)), show);
    let longer = unknown
        .median_if_longer_seconds
        .map_or_else(|| format!("above {}", show(unknown.greatest_seconds)), show);
    match unknown.incidents {
        1 => format!("if the 1 unknown were shorter: median {shorter}; longer: {longer}"),
        several => {
            format!(
                "if the {several} unknown were all shorter: median {shorter}; all longer: {longer}"
            )
        }
    }
}

/// Incidents detected before the impact, whose duration is 0 by definition.
fn proactive(name: DurationName) -> &'static str {
    match name {
        DurationName::Ttn => "announced before the impact",
        _ => "detected before the impact",
    }
}

/// The number of bounds, and the median with them: `300 at least so long; median ≥ 31 min from 300
/// lower bounds`.
fn bounds(metric: &Metric, bounded: &Bounded) -> String {
    let kinds = [(metric.lower_bounds, "lower bound"), (metric.upper_bounds, "upper bound")];
    let kinds =
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, name)| counted(count, name));
    let kinds = kinds.collect::<Vec<_>>().join(" and ");
    match bounded_median(bounded) {
        Some(median) if metric.summary.n == 0 => format!("median {median} from {kinds}"),
        Some(median) => format!("{kinds}, with which the median of all {} is {median}", bounded.n),
        None => kinds,
    }
}

/// Incidents that were resolved before the duration began.
fn over_before(name: DurationName) -> &'static str {
    match name {
        DurationName::Reported => "resolved before the first notice",
        _ => "recovered before detection",
    }
}

/// Ongoing incidents, and their effect on the figures.
fn going_on(metric: &Metric) -> Option<String> {
    let summary = &metric.summary;
    let mut text = match metric.ongoing {
        0 => return None,
        ongoing => format!("{ongoing} ongoing"),
    };
    let left_out = metric.ongoing.saturating_sub(summary.censored);
    if left_out > 0 {
        text += &format!(", {left_out} of them left out since they had not begun by then");
    }
    if summary.no_mean == Some(NoMean::NotOver) {
        text += match summary.median.as_ref().and_then(|median| median.value) {
            Some(_) => ", so the median is Kaplan–Meier's and the mean is not known yet",
            None => ", so the median (by Kaplan–Meier) and the mean are not known yet",
        };
    }
    Some(text)
}

fn period(answer: &StatsTable) -> Option<String> {
    let mut parts = Vec::new();
    if answer.outside > 0 {
        parts.push(format!(
            "{} outside the period",
            counted_that(answer.outside, "incident", ["is", "are"])
        ));
    }
    if !answer.undated.is_empty() {
        parts.push(format!("without a date: {}", names(&answer.undated)));
    }
    if answer.is_by_period() {
        if answer.dated_by_fallback > 0 {
            parts.push(format!("{} dated by a fallback", answer.dated_by_fallback));
        }
        parts.push(format!("periods in {}", answer.zone));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// One length among values of which the coarsest has `precision`.
fn shown(seconds: f64, precision: Precision, about: bool) -> String {
    let precision = precision_of(seconds, precision);
    Bounds { min_seconds: seconds, max_seconds: seconds, precision, about }.text(seconds)
}
