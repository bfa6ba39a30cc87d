//! Metrics over time, as charts and numbers.

use serde::Serialize;

use crate::figure::axis::short;
use crate::report::figures::{Drawing, Range, choice, groups};
use crate::report::{Evidence, Report};

/// One source that holds metrics.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceView {
    /// The key of the source.
    pub source: String,
    /// A title for people.
    pub title: String,
    /// What was asked for: each query or metric once.
    pub queries: Vec<String>,
    /// Why it could not be read, or not all of it.
    pub problem: Option<String>,
    /// Its charts, one for each unit.
    pub charts: Vec<ChartView>,
}

/// Series of one unit.
#[derive(Debug, Clone, Serialize)]
pub struct ChartView {
    /// The name of its figure; null where there is no number to draw.
    pub figure: Option<String>,
    /// The sentence that says the same.
    pub alt: Option<String>,
    /// Which of the series it shows, where it cannot show all.
    pub choice: Option<String>,
    /// The unit, where the source says one.
    pub unit: Option<String>,
    /// The lines.
    pub series: Vec<SeriesView>,
}

/// One metric in numbers.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesView {
    /// Its name.
    pub name: String,
    /// How many samples have a number.
    pub samples: usize,
    /// The lowest number; null also for an infinity, which JSON has not.
    pub min: Option<f64>,
    /// The highest number; null also for an infinity.
    pub max: Option<f64>,
    /// The last number; null also for an infinity.
    pub last: Option<f64>,
    /// The lowest for a reader.
    pub min_text: Option<String>,
    /// The highest for a reader.
    pub max_text: Option<String>,
    /// The last for a reader.
    pub last_text: Option<String>,
}

pub(super) fn all(report: &Report, drawings: &[Drawing]) -> Vec<EvidenceView> {
    let evidence = report.evidence.iter().filter(|_| report.audience.may_read_internals());
    evidence
        .enumerate()
        .map(|(number, evidence)| EvidenceView {
            source: evidence.source.clone(),
            title: evidence.title.clone(),
            queries: queries(evidence),
            problem: evidence.problem.clone(),
            charts: groups(number, evidence)
                .into_iter()
                .map(|group| {
                    let drawing = drawings.iter().find(|drawing| drawing.name == group.name);
                    ChartView {
                        figure: drawing.map(|drawing| drawing.name.clone()),
                        alt: drawing.map(|drawing| drawing.figure.alt.clone()),
                        choice: drawing.and_then(|_| choice(group.series.len())),
                        unit: group.series.first().and_then(|series| series.unit.clone()),
                        series: group.series.iter().map(|series| numbers(&series.name, Range::of(series))).collect(),
                    }
                })
                .collect(),
        })
        .collect()
}

fn queries(evidence: &Evidence) -> Vec<String> {
    let mut queries: Vec<String> = Vec::new();
    for query in evidence.series.iter().filter_map(|series| series.query.as_ref()) {
        if !queries.contains(query) {
            queries.push(query.clone());
        }
    }
    queries
}

fn numbers(name: &str, range: Option<Range>) -> SeriesView {
    SeriesView {
        name: name.to_owned(),
        samples: range.map_or(0, |range| range.samples),
        min: range.map(|range| range.low),
        max: range.map(|range| range.high),
        last: range.map(|range| range.last),
        min_text: range.map(|range| short(range.low)),
        max_text: range.map(|range| short(range.high)),
        last_text: range.map(|range| short(range.last)),
    }
}
