//! Metrics over time in a view, as charts and numbers.

use serde::Serialize;

use crate::figure::axis::short;
use crate::report::figures::{Drawing, Range, choice, groups};
use crate::report::{MetricSource, Report};

/// A source with metrics.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct EvidenceView {
    /// The key of the source.
    pub source: String,
    /// A title for readers.
    pub title: String,
    /// The queries or metrics, each once.
    pub queries: Vec<String>,
    /// Why the source could not be read, or not completely.
    pub problem: Option<String>,
    /// The charts, one for each unit.
    pub charts: Vec<ChartView>,
}

/// Series with the same unit.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ChartView {
    /// The name of the figure; null if there is no number to draw.
    pub figure: Option<String>,
    /// A sentence that describes it, for the alternative text.
    pub alt: Option<String>,
    /// Which of the series the figure shows, if it cannot show all.
    pub choice: Option<String>,
    /// The unit, if the source has one.
    pub unit: Option<String>,
    /// The series.
    pub series: Vec<SeriesView>,
}

/// A series in numbers.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct SeriesView {
    /// The name.
    pub name: String,
    /// The number of samples with a value.
    pub samples: usize,
    /// The lowest value; null also for an infinity, which JSON cannot express.
    pub min: Option<f64>,
    /// The highest value; null also for an infinity.
    pub max: Option<f64>,
    /// The last value; null also for an infinity.
    pub last: Option<f64>,
    /// The lowest value for readers.
    pub min_text: Option<String>,
    /// The highest value for readers.
    pub max_text: Option<String>,
    /// The last value for readers.
    pub last_text: Option<String>,
}

pub(super) fn all(report: &Report, drawings: &[Drawing]) -> Vec<EvidenceView> {
    let evidence = report.evidence.iter().filter(|_| report.audience().may_read_internals());
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
                        series: group
                            .series
                            .iter()
                            .map(|series| numbers(&series.name, Range::of(series)))
                            .collect(),
                    }
                })
                .collect(),
        })
        .collect()
}

fn queries(evidence: &MetricSource) -> Vec<String> {
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
