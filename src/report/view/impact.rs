//! Harm for programs and for people.

use indexmap::IndexMap;
use serde::Serialize;

use super::durations::{Seconds, only_length};
use crate::analysis::impact::{self, ImpactSummary};
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::impact::{Level, Window};
use crate::model::time::Precision;
use crate::model::words::Figure;
use crate::report::{Report, When, words};

/// The harm of one incident.
#[derive(Debug, Clone, Serialize)]
pub struct ImpactView {
    /// What users saw, in Markdown.
    pub statement: Option<String>,
    /// When; several windows are normal.
    pub windows: Vec<WindowView>,
    /// Whether the file lists no windows, and the milestones were taken as one.
    pub implied: bool,
    /// The length of the windows' union; null where unknown or known only as an interval.
    pub union_seconds: Option<Seconds>,
    /// The union with its bounds and its precision; null where it is unknown.
    pub union: Option<Length>,
    /// The union for a reader.
    pub union_text: Option<String>,
    /// From the first start to the last end.
    pub span_seconds: Option<Seconds>,
    /// The span with its bounds and its precision; null where it is unknown.
    pub span: Option<Length>,
    /// The span for a reader.
    pub span_text: Option<String>,
    /// How many windows there are once those that touch or overlap are one.
    pub count: usize,
    /// Whether it goes on: the lengths are then "so far".
    pub open: bool,
    /// The length at each level, the worst first; `unknown` holds what has no level.
    pub by_level: IndexMap<String, Length>,
    /// Why the lengths of the levels do not add up to the union, where they do not.
    pub by_level_note: Option<String>,
    /// The length of each component's own union.
    pub by_component: IndexMap<String, Length>,
    /// How much was harmed.
    pub figures: Vec<Measure>,
    /// What was checked and found unharmed.
    pub not_affected: Vec<String>,
}

/// A length of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Length {
    /// How long; null where it is known only as an interval.
    pub seconds: Option<Seconds>,
    /// The least it can be.
    pub min_seconds: Seconds,
    /// The most it can be.
    pub max_seconds: Seconds,
    /// How precisely it is known.
    pub precision: Precision,
    /// What it belongs to, for a reader.
    pub label: String,
    /// The length for a reader.
    pub text: String,
}

/// One figure on the size of the harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// What is counted.
    pub label: &'static str,
    /// The figure as it was written.
    pub value: String,
}

/// One stretch of harm.
#[derive(Debug, Clone, Serialize)]
pub struct WindowView {
    /// When it began.
    pub start: When,
    /// When it ended; null while it goes on.
    pub end: Option<When>,
    /// `full`, `partial`, `degraded`, or null.
    pub level: Option<&'static str>,
    /// The level for a reader.
    pub level_label: String,
    /// What was affected.
    pub components: Vec<String>,
    /// How long, for a reader; null while it goes on.
    pub text: Option<String>,
    /// Who says so.
    pub source: Option<String>,
}

/// Components of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// The group; empty for those of no group.
    pub group: String,
    /// The components.
    pub names: Vec<String>,
}

impl ImpactView {
    pub(super) fn new(report: &Report) -> Self {
        let (summary, impact) = (&report.impact, &report.incident.impact);
        let (windows, implied) = impact::windows(&report.incident);
        ImpactView {
            statement: impact.statement.clone(),
            windows: windows.iter().map(|window| WindowView::new(window, report)).collect(),
            implied,
            union_seconds: summary.union.as_ref().and_then(only_length),
            union: summary.union.map(|length| Length::new("Union", length)),
            union_text: summary.union.map(|length| length.to_string()),
            span_seconds: summary.span.as_ref().and_then(only_length),
            span: summary.span.map(|length| Length::new("Span", length)),
            span_text: summary.span.map(|length| length.to_string()),
            count: summary.count,
            open: summary.open,
            by_level: summary
                .by_level
                .iter()
                .map(|(name, length)| (name.clone(), Length::new(words::level(name), *length)))
                .collect(),
            by_level_note: by_level_note(summary),
            by_component: summary
                .by_component
                .iter()
                .map(|(name, length)| (name.clone(), Length::new(name, *length)))
                .collect(),
            figures: figures(report).map(|(label, figure)| Measure { label, value: figure.to_string() }).collect(),
            not_affected: impact.not_affected.clone(),
        }
    }
}

impl Length {
    fn new(label: &str, length: Elapsed) -> Self {
        Length {
            seconds: only_length(&length),
            min_seconds: Seconds(length.min),
            max_seconds: Seconds(length.max),
            precision: length.precision,
            label: label.to_owned(),
            text: length.to_string(),
        }
    }
}

impl WindowView {
    fn new(window: &Window, report: &Report) -> Self {
        let zone = report.zone;
        WindowView {
            start: When::new(window.start, zone),
            end: window.end.map(|end| When::new(end, zone)),
            level: window.level.map(Level::as_str),
            level_label: words::level(window.level.map_or("unknown", |level| level.as_str())).to_owned(),
            components: window.components.clone(),
            text: window.end.map(|end| Elapsed::between(window.start, end).or_zero().to_string()),
            source: window.source.as_ref().filter(|_| report.audience.may_read_internals()).map(ToString::to_string),
        }
    }
}

/// What to say where the levels, each truncated, add up to less than the truncated union: readers
/// add them up.
fn by_level_note(summary: &ImpactSummary) -> Option<String> {
    let union = summary.union?;
    let shown = |length: &Elapsed| {
        let (seconds, unit) = (length.min.num_seconds(), length.precision.unit().num_seconds());
        seconds - seconds % unit
    };
    let lengths = || summary.by_level.values();
    let exact = !union.is_uncertain() && lengths().all(|length| !length.is_uncertain());
    let falls_short = lengths().map(shown).sum::<i64>() < shown(&union);
    (exact && lengths().len() > 1 && falls_short).then(|| format!("each is truncated; together they are {union}"))
}

/// The figures that the audience may read: for the public how many were harmed, not what it cost.
fn figures(report: &Report) -> impl Iterator<Item = (&'static str, &Figure)> {
    let impact = &report.incident.impact;
    let costs = [&impact.revenue, &impact.support_tickets, &impact.slo_burn];
    let costs = if report.audience.may_read_internals() { [&None; 3] } else { costs };
    impact.figures().filter(move |(_, figure)| {
        !costs.iter().any(|cost| cost.as_ref().is_some_and(|cost| std::ptr::eq(cost, *figure)))
    })
}

pub(super) fn affected(incident: &Incident) -> Vec<Affected> {
    let groups = incident.impact.components.iter();
    groups.map(|(group, names)| Affected { group: group.clone(), names: names.clone() }).collect()
}
