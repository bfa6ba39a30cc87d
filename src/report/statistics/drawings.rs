//! The figures of a report on statistics.

use super::figures::{figures_of, several};
use crate::analysis::stats::{Few, Group, Metric, StatsTable};
use crate::figure::lengths::{self, Length, Row};
use crate::figure::{columns, columns::Panel};
use crate::report::figures::Drawing;

/// So many groups have a row of their own.
const MOST_ROWS: usize = 16;

/// The durations that are drawn: of several groups the first duration, else all.
fn drawn(answer: &StatsTable) -> impl Iterator<Item = (&Group, &Metric)> {
    let durations = if answer.by.is_some() { 1 } else { usize::MAX };
    let groups = answer.groups.iter().chain(several(answer));
    let all = groups.flat_map(move |group| {
        group.metrics.iter().take(durations).map(move |metric| (group, metric))
    });
    all.filter(|(_, metric)| !metric.values().is_empty()).take(MOST_ROWS)
}

/// A row of values for each group and, without groups, for each duration.
pub(super) fn strip_rows(answer: &StatsTable) -> Vec<Row> {
    let row = |(group, metric): (&Group, &Metric)| {
        let limits = metric.summary.median.map(|median| [median.value, median.low, median.high]);
        let name = name(answer, group, metric);
        let values = metric.inputs.iter().filter(|one| one.bound.is_none());
        let length = |one: &Few| {
            let most = one.max_seconds.unwrap_or(one.seconds);
            Length { least: one.min_seconds, most, is_over: !one.so_far }
        };
        Row { name, values: values.map(length).collect(), median: limits.unwrap_or_default() }
    };
    drawn(answer).map(row).collect()
}

fn name(answer: &StatsTable, group: &Group, metric: &Metric) -> String {
    let metric = metric.name.as_str().to_uppercase();
    if answer.by.is_some() { format!("{} {metric}", group.name) } else { metric }
}

/// Draws the figures of `answer`, which must list its inputs; `months` is the same by month.
pub(crate) fn draw(answer: &StatsTable, months: &StatsTable) -> Vec<Drawing> {
    let rows = strip_rows(answer);
    let figures = [
        ("durations", lengths::strip(&rows, strip_sentence(answer))),
        ("months", by_month(months)),
        ("survival", curve(answer)),
    ];
    let drawing = |(name, figure): (&str, Option<_>)| {
        Some(Drawing { name: name.to_owned(), figure: figure?, sparklines: Vec::new() })
    };
    figures.into_iter().filter_map(drawing).collect()
}

fn strip_sentence(answer: &StatsTable) -> String {
    let median = |(group, metric): (&Group, &Metric)| {
        let figures = figures_of(&metric.summary);
        metric.summary.median?.value?;
        Some(format!("{}: median {}", name(answer, group, metric), figures.median))
    };
    let medians: Vec<String> = drawn(answer).filter_map(median).collect();
    let medians =
        if medians.is_empty() { String::new() } else { format!(" {}.", medians.join("; ")) };
    format!(
        "Durations on a logarithmic axis, each a dot, or a bracket if it is uncertain; a line is the median and a band its interval; one with a tail \
         is ongoing.{medians}"
    )
}

fn by_month(months: &StatsTable) -> Option<crate::figure::Figure> {
    let dated =
        months.groups.iter().filter(|group| group.name.starts_with(|c: char| c.is_ascii_digit()));
    let groups: Vec<&Group> = dated.collect();
    let names = with_gaps(groups.first()?.name.as_str(), groups.last()?.name.as_str());
    let of = |number: fn(&Group) -> f64| {
        let find = |name: &String| groups.iter().find(|group| group.name == *name);
        names.iter().map(|name| find(name).map_or(0.0, |group| number(group))).collect()
    };
    let counts: Vec<f64> = of(|group| group.incidents as f64);
    let hours: Vec<f64> = of(|group| group.impact.any_seconds / 3600.0);
    let alt = format!(
        "Incidents and hours of impact by month, {} to {}: {} incidents and {:.0} hours in total.",
        names.first()?,
        names.last()?,
        counts.iter().sum::<f64>(),
        hours.iter().sum::<f64>()
    );
    let panels = [("incidents", counts), ("hours with impact", hours)]
        .map(|(label, numbers)| Panel { label: label.to_owned(), numbers });
    columns::draw(&names, &panels, alt)
}

/// Every month from `first` to `last`, also those without incidents.
fn with_gaps(first: &str, last: &str) -> Vec<String> {
    let number = |name: &str| -> Option<u32> {
        let (year, month) = name.split_once('-')?;
        Some(year.parse::<u32>().ok()? * 12 + month.parse::<u32>().ok()? - 1)
    };
    let months = number(first).zip(number(last)).map(|(first, last)| first..=last);
    let name = |month: u32| format!("{:04}-{:02}", month / 12, month % 12 + 1);
    months.into_iter().flatten().map(name).collect()
}

/// How many incidents last longer than a time, by the first duration of all incidents.
fn curve(answer: &StatsTable) -> Option<crate::figure::Figure> {
    let group = answer.total.as_ref().or(answer.groups.first())?;
    let metric = group.metrics.iter().find(|metric| metric.summary.median.is_some())?;
    let values = metric.values();
    let until = values.iter().map(|one| one.0).fold(0.0, f64::max);
    let name = metric.name.as_str().to_uppercase();
    let alt = format!(
        "The share of incidents whose {name} is longer than a time, by Kaplan and Meier from {} values: median {}.",
        values.len(),
        figures_of(&metric.summary).median
    );
    lengths::survival(&metric.survival(), until, alt)
}
