//! The impact in a view.

use indexmap::IndexMap;
use serde::Serialize;

use super::durations::{Seconds, only_length};
use crate::analysis::impact::ImpactSummary;
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::impact::{Level, Window};
use crate::model::time::Precision;
use crate::model::word_enums::Figure;
use crate::report::{Report, When, phrasing};

/// Who was affected, how badly, and when.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ImpactView {
    /// What users noticed, in Markdown.
    pub statement: Option<String>,
    /// The periods of impact.
    pub windows: Vec<WindowView>,
    /// Whether the file has no windows, so that the one window is taken from the milestones.
    pub implied: bool,
    /// The time with impact: the length of the union of the windows; null if unknown, or known only
    /// as an interval.
    pub union_seconds: Option<Seconds>,
    /// The same with its bounds and its precision; null if unknown.
    pub union: Option<Length>,
    /// The same for readers.
    pub union_text: Option<String>,
    /// The time from the first start to the last end.
    pub span_seconds: Option<Seconds>,
    /// The same with its bounds and its precision; null if unknown.
    pub span: Option<Length>,
    /// The same for readers.
    pub span_text: Option<String>,
    /// The number of windows, after those that touch or overlap are merged.
    pub count: usize,
    /// Whether the impact is ongoing, so that all lengths are "so far".
    pub open: bool,
    /// The length at each level, the worst first; `unknown` for windows without a level.
    pub by_level: IndexMap<String, Length>,
    /// Why the lengths of the levels do not add up to the union, if they do not.
    pub by_level_note: Option<String>,
    /// The length for each component.
    pub by_component: IndexMap<String, Length>,
    /// The figures on the size of the impact.
    pub figures: Vec<Measure>,
    /// What was checked and was not affected.
    pub not_affected: Vec<String>,
}

/// A length of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Length {
    /// The length; null if known only as an interval.
    pub seconds: Option<Seconds>,
    /// The shortest length that is possible.
    pub min_seconds: Seconds,
    /// The longest length that is possible.
    pub max_seconds: Seconds,
    /// How precisely the length is known.
    #[schemars(with = "String")]
    pub precision: Precision,
    /// What the length is of, for readers.
    pub label: String,
    /// The length for readers.
    pub text: String,
}

/// A figure on the size of the impact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Measure {
    /// What is counted.
    pub label: &'static str,
    /// The figure as it is written in the file.
    pub value: String,
}

/// A period of impact.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct WindowView {
    /// When the impact began.
    pub start: When,
    /// When the impact ended; null while it is ongoing.
    pub end: Option<When>,
    /// `full`, `partial` or `degraded`; null if unknown.
    pub level: Option<&'static str>,
    /// The level for readers.
    pub level_label: String,
    /// The affected components.
    pub components: Vec<String>,
    /// The length for readers; null while it is ongoing.
    pub text: Option<String>,
    /// The source that states the window.
    pub source: Option<String>,
}

/// The components of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Affected {
    /// The name of the group; empty for components without a group.
    pub group: String,
    /// The names of the components.
    pub names: Vec<String>,
}

impl ImpactView {
    pub(super) fn new(report: &Report) -> Self {
        let (summary, impact) = (&report.impact, &report.incident.impact);
        ImpactView {
            statement: impact.statement.clone(),
            windows: summary.windows.iter().map(|window| WindowView::new(window, report)).collect(),
            implied: summary.implied,
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
                .map(|(name, length)| (name.clone(), Length::new(phrasing::level(name), *length)))
                .collect(),
            by_level_note: by_level_note(summary),
            by_component: summary
                .by_component
                .iter()
                .map(|(name, length)| (name.clone(), Length::new(name, *length)))
                .collect(),
            figures: figures(report)
                .map(|(label, figure)| Measure { label, value: figure.to_string() })
                .collect(),
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
            level_label: phrasing::level(window.level.map_or("unknown", |level| level.as_str()))
                .to_owned(),
            components: window.components.clone(),
            text: window.end.map(|end| Elapsed::between(window.start, end).or_zero().to_string()),
            source: window
                .source
                .as_ref()
                .filter(|_| report.audience().may_read_internals())
                .map(ToString::to_string),
        }
    }
}

/// The note for levels whose truncated lengths add up to less than the truncated union, since
/// readers add them up.
fn by_level_note(summary: &ImpactSummary) -> Option<String> {
    let union = summary.union?;
    let shown = |length: &Elapsed| {
        let (seconds, unit) = (length.min.num_seconds(), length.precision.unit().num_seconds());
        seconds - seconds % unit
    };
    let lengths = || summary.by_level.values();
    let exact = !union.is_uncertain() && lengths().all(|length| !length.is_uncertain());
    let falls_short = lengths().map(shown).sum::<i64>() < shown(&union);
    (exact && lengths().len() > 1 && falls_short)
        .then(|| format!("each is truncated; together they are {union}"))
}

/// The figures that the audience may read: for the public the number of affected, not the cost.
pub(super) fn figures(report: &Report) -> impl Iterator<Item = (&'static str, &Figure)> {
    let impact = &report.incident.impact;
    let costs = [&impact.revenue, &impact.support_tickets, &impact.slo_burn];
    let costs = if report.audience().may_read_internals() { [&None; 3] } else { costs };
    impact.figures().filter(move |(_, figure)| {
        !costs.iter().any(|cost| cost.as_ref().is_some_and(|cost| std::ptr::eq(cost, *figure)))
    })
}

pub(super) fn affected(incident: &Incident) -> Vec<Affected> {
    let groups = incident.impact.components.iter();
    groups.map(|(group, names)| Affected { group: group.clone(), names: names.clone() }).collect()
}
