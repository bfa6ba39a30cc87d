//! The timeline in a view.

use chrono::NaiveDate;
use serde::Serialize;

use crate::model::milestone::MilestoneName;
use crate::model::timeline::{Entry, State};
use crate::report::{Report, When, phrasing, when};

/// An entry of the timeline.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct EntryView {
    /// The instant in UTC; null if unknown, or known only as an interval.
    pub at: Option<String>,
    /// The time with everything that is known about it; null if nothing is.
    pub when: Option<When>,
    /// When it ended, for something that took a while.
    pub end: Option<When>,
    /// The day for readers, only where it differs from that of the entry before.
    pub new_day: Option<String>,
    /// The heading to show above the entry, where it differs from the one before: its day, or that
    /// its time is unknown. Always null if no entry has a time.
    pub heading: Option<String>,
    /// The time of day in the report's zone: `15:22`, `~15:22`, `15:05 – 15:20`.
    pub clock: String,
    /// The kind of event: `alert`, `status_update`, `note` …
    pub kind: &'static str,
    /// The state that a status update announces.
    pub state: Option<&'static str>,
    /// What to show before the text: the state or the kind, the actor, and the milestone that it is
    /// evidence for.
    pub label: Option<String>,
    /// What happened, in Markdown.
    pub text: String,
    /// Who or what did it or said it; for the public `Responder 1` and the like.
    pub actor: Option<String>,
    /// Who may read it: `public`, `internal`, `restricted`.
    pub visibility: &'static str,
    /// The source, and its record there: `S1#b2f1`.
    pub source: Option<String>,
    /// The key of that source.
    pub source_key: Option<String>,
    /// The milestone that this entry is evidence for.
    pub milestone: Option<&'static str>,
}

/// The entries that the report's audience may read, in the order of time.
pub(super) fn entries(report: &Report) -> Vec<EntryView> {
    let entries = report.incident.timeline_in_order();
    let readable: Vec<&Entry> = entries
        .into_iter()
        .map(|(_, entry)| entry)
        .filter(|entry| report.audience().may_read(entry))
        .collect();
    let is_dated = readable.iter().any(|entry| entry.at.is_some());
    let mut known = None;
    let mut views: Vec<EntryView> =
        readable.iter().map(|entry| EntryView::new(entry, report, &mut known)).collect();
    if is_dated {
        head(&mut views, &readable, report);
    }
    views
}

/// Sets the headings. An entry without a time remains in its position, but not below the day of the
/// entry before it, since its day is unknown.
fn head(views: &mut [EntryView], entries: &[&Entry], report: &Report) {
    let mut above = None;
    for (view, entry) in views.iter_mut().zip(entries) {
        let day = entry.at.map(|at| when::day(at, report.zone));
        if above.replace(day) != Some(day) {
            view.heading = Some(day.map_or_else(|| "Time unknown".to_owned(), when::long_day));
        }
    }
}

impl EntryView {
    fn new(entry: &Entry, report: &Report, known: &mut Option<NaiveDate>) -> Self {
        let zone = report.zone;
        let day = entry.at.map(|at| when::day(at, zone));
        let new_day = day.filter(|day| *known != Some(*day));
        *known = day.or(*known);
        let clock = match (entry.at, day) {
            (Some(at), Some(day)) => {
                let end = entry.end.map(|end| format!(" – {}", when::clock(end, zone, day)));
                when::clock(at, zone, day) + &end.unwrap_or_default()
            }
            _ => "time unknown".to_owned(),
        };
        let source = entry.source.as_ref().filter(|_| report.audience().may_read_internals());
        let actor = entry.actor.clone();
        EntryView {
            at: entry.at.and_then(|at| When::new(at, zone).at),
            when: entry.at.map(|at| When::new(at, zone)),
            end: entry.end.map(|end| When::new(end, zone)),
            new_day: new_day.map(when::long_day),
            heading: None,
            clock,
            kind: entry.kind().as_str(),
            state: entry.state.map(State::as_str),
            label: label(entry, actor.as_deref()),
            text: entry.text.clone(),
            actor,
            visibility: entry.visibility().as_str(),
            source: source.map(ToString::to_string),
            source_key: source.map(|source| source.source.clone()),
            milestone: entry.milestone.map(MilestoneName::as_str),
        }
    }
}

fn label(entry: &Entry, actor: Option<&str>) -> Option<String> {
    let what =
        entry.state.map(phrasing::state).or_else(|| entry.kind.and_then(phrasing::entry_kind));
    // Avoids a label such as "Resolved · Resolved".
    let milestone =
        entry.milestone.map(phrasing::milestone_label).filter(|_| entry.state.is_none());
    let parts: Vec<&str> = [what, actor, milestone].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
