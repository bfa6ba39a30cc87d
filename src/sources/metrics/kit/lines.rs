//! The lines of a chart, and how they become series: names, order and warnings.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::diag::{Diagnostic, Warned};
use crate::model::series::Series;
use crate::sources::record::Record;
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;
use crate::text::{counted, counted_that};

/// Samples. `None` is a gap.
pub(in crate::sources::metrics) type Points = Vec<(DateTime<Utc>, Option<f64>)>;

/// One line of a chart, before it has a name.
#[derive(Debug, Default)]
pub(in crate::sources::metrics) struct Line<'a> {
    /// Its labels. The name of the metric is `__name__`, as in Prometheus.
    pub labels: BTreeMap<String, String>,
    /// The unit of its values.
    pub unit: Option<String>,
    /// The query, if it differs from line to line.
    pub query: Option<String>,
    /// Its samples, in the order of the source.
    pub points: Points,
    /// Its text, a slice of the decoded text, for the place of a warning.
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// An empty line of the metric `name`.
    pub(in crate::sources::metrics) fn of(name: &str, text: &'a str) -> Self {
        Line {
            labels: BTreeMap::from([(NAME.to_owned(), name.to_owned())]),
            text,
            ..Line::default()
        }
    }

    /// The same with a label, unless it is empty.
    pub(in crate::sources::metrics) fn with(mut self, label: &str, value: &str) -> Self {
        if !value.trim().is_empty() {
            self.labels.insert(label.to_owned(), value.trim().to_owned());
        }
        self
    }
}

/// The label that names the metric.
pub(in crate::sources::metrics) const NAME: &str = "__name__";

/// The lines of one input.
#[derive(Debug, Default)]
pub(in crate::sources::metrics) struct Lines<'a> {
    all: Vec<Line<'a>>,
    /// Whether the source samples at a fixed step, so that a missing sample is a gap.
    has_step: bool,
}

impl<'a> Lines<'a> {
    /// An empty list, for a source that samples at a fixed step.
    pub(in crate::sources::metrics) fn of_a_fixed_step() -> Self {
        Lines { has_step: true, ..Lines::default() }
    }

    /// Adds a line; one without samples is left out, with a warning.
    pub(in crate::sources::metrics) fn push(
        &mut self,
        line: Line<'a>,
        warnings: &mut Warnings<'a>,
    ) {
        if line.points.is_empty() {
            warnings.about(line.text, "this series has no samples and was left out");
        } else {
            self.all.push(line);
        }
    }

    /// Whether there are no lines.
    pub(in crate::sources::metrics) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The series in time order, named by the labels that distinguish them.
    pub(in crate::sources::metrics) fn finish(
        mut self,
        query: Option<&str>,
        mut warnings: Warnings<'a>,
    ) -> Warned<Vec<Record>> {
        let (mut backward, mut duplicates) = (0, 0);
        for line in &mut self.all {
            report_without_number(line, &mut warnings);
            let (back, twice) = in_order_of_time(&mut line.points);
            (backward, duplicates) = (backward + back, duplicates + twice);
        }
        report_order(backward, duplicates, &mut warnings);
        let series = series(self, query).into_iter().map(Record::Series).collect();
        Warned { value: series, warnings: warnings.finish() }
    }
}

/// Reports the number of samples in a line that a chart cannot draw.
fn report_without_number(line: &Line<'_>, warnings: &mut Warnings<'_>) {
    let count = |is_one: fn(Option<f64>) -> bool| {
        line.points.iter().filter(|(_, value)| is_one(*value)).count()
    };
    let kinds = [
        (count(|value| value == Some(f64::INFINITY)), "+Inf"),
        (count(|value| value == Some(f64::NEG_INFINITY)), "-Inf"),
        (count(|value| value.is_none()), "NaN or null"),
    ];
    let parts: Vec<String> = kinds
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| format!("{count} {kind}"))
        .collect();
    if !parts.is_empty() {
        let count: usize = kinds.iter().map(|(count, _)| count).sum();
        let (all, listed) = (counted(line.points.len(), "sample"), parts.join(", "));
        warnings
            .about(line.text, format!("{count} of {all} of this series cannot be drawn: {listed}"));
    }
}

/// Sorts the samples; samples with equal times keep the order of the source. If the source lists
/// the newest first, the list is only reversed. Returns how often the clock went back, and how many
/// samples have the time of the one before.
fn in_order_of_time(points: &mut Points) -> (usize, usize) {
    if points.len() > 1 && points.windows(2).all(|pair| pair[0].0 > pair[1].0) {
        points.reverse();
        return (0, 0);
    }
    let backward = points.windows(2).filter(|pair| pair[1].0 < pair[0].0).count();
    if backward > 0 {
        points.sort_by_key(|(at, _)| *at);
    }
    (backward, points.windows(2).filter(|pair| pair[1].0 == pair[0].0).count())
}

fn report_order(backward: usize, duplicates: usize, warnings: &mut Warnings<'_>) {
    if backward > 0 {
        let message = format!(
            "the clock goes back {}; the samples are put in the order of time",
            counted(backward, "time")
        );
        warnings.say(Diagnostic::note(message));
    }
    if duplicates > 0 {
        let have = counted_that(duplicates, "sample", ["has", "have"]);
        warnings.say(Diagnostic::note(format!(
            "{have} the time of the sample before; all of them are read"
        )));
    }
}

/// Names the lines and inserts their gaps.
fn series(lines: Lines<'_>, query: Option<&str>) -> Vec<Series> {
    let Lines { all, has_step } = lines;
    let step = if has_step { step(&all) } else { None };
    let asked = asked(&all, query);
    let common = common_labels(&all);
    let names = unique(all.iter().map(|line| name(line, &common, query)));
    let one = |(line, name): (Line<'_>, String)| Series {
        name,
        query: line.query.map(|query| clean_line(&query)).or_else(|| asked.clone()),
        unit: line.unit.map(|unit| clean_line(&unit)).filter(|unit| !unit.is_empty()),
        labels: line
            .labels
            .iter()
            .map(|(name, value)| (clean_line(name), clean_line(value)))
            .collect(),
        points: with_gaps(line.points, step),
    };
    all.into_iter().zip(names).map(one).collect()
}

/// The query, or the metric that all lines share.
fn asked(lines: &[Line<'_>], query: Option<&str>) -> Option<String> {
    let metric = |line: &Line<'_>| line.labels.get(NAME).map(|name| clean_line(name));
    let metric = lines
        .first()
        .and_then(metric)
        .filter(|first| lines.iter().all(|line| metric(line).as_ref() == Some(first)));
    query.map(clean_line).filter(|query| !query.is_empty()).or(metric)
}

/// The labels that every line has with the same value.
fn common_labels(lines: &[Line<'_>]) -> BTreeMap<String, String> {
    let Some((first, others)) = lines.split_first() else { return BTreeMap::new() };
    let mut common = first.labels.clone();
    for line in others {
        common.retain(|name, value| line.labels.get(name) == Some(value));
    }
    common
}

/// The labels of a line that are not common to all. A line without any is named after the query or
/// its metric.
fn name(line: &Line<'_>, common: &BTreeMap<String, String>, query: Option<&str>) -> String {
    let telling = line.labels.iter().filter(|(name, _)| !common.contains_key(*name));
    let words: Vec<String> =
        telling
            .map(|(name, value)| {
                if name == NAME {
                    clean_line(value)
                } else {
                    clean_line(&format!("{name}={value}"))
                }
            })
            .collect();
    if !words.is_empty() {
        return words.join(", ");
    }
    let metric = line.labels.get(NAME).map(String::as_str);
    let name = query.or(metric).map(clean_line).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| "value".to_owned())
}

/// Numbers repeated names: `up`, `up (2)`, `up (3)`.
fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    // The next number to try for each name, so that a name used n times costs n tries, not n².
    let mut next: HashMap<String, usize> = HashMap::new();
    let mut one = |name: String| {
        let mut unique = name.clone();
        while !taken.insert(unique.clone()) {
            let number = next.entry(name.clone()).or_insert(2);
            unique = format!("{name} ({number})");
            *number += 1;
        }
        unique
    };
    names.map(&mut one).collect()
}

/// The median distance between consecutive samples; `None` without samples. One query has one step,
/// so all lines are taken together: a sparse one alone would mislead.
fn step(lines: &[Line<'_>]) -> Option<TimeDelta> {
    let deltas = |line: &Line<'_>| {
        line.points.windows(2).map(|pair| pair[1].0 - pair[0].0).collect::<Vec<_>>()
    };
    let mut all: Vec<TimeDelta> =
        lines.iter().flat_map(deltas).filter(|delta| *delta > TimeDelta::zero()).collect();
    all.sort_unstable();
    all.get(all.len().saturating_sub(1) / 2).copied()
}

/// Inserts a sample without a value into each gap, one step after the last sample before it, so
/// that a chart does not draw a line across it. A gap is a distance of more than 1.5 steps.
fn with_gaps(points: Points, step: Option<TimeDelta>) -> Points {
    let Some(step) = step else { return points };
    let mut shown: Points = Vec::with_capacity(points.len());
    for (at, value) in points {
        if let Some((last, _)) = shown.last()
            && at - *last > step * 3 / 2
        {
            shown.push((*last + step, None));
        }
        shown.push((at, value));
    }
    shown
}
