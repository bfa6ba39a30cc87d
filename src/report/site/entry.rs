//! The data that the lists of a site show about one incident.

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::time::Moment;
use crate::report::view::{self, ActionView};
use crate::report::{Report, phrasing, when};

/// An incident in a list.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its id.
    pub(crate) id: String,
    /// Its title.
    pub(crate) title: String,
    /// Its start, for ordering lists. The middle of the interval if the time is uncertain.
    pub(crate) at: Option<DateTime<Utc>>,
    /// The day on which it began, in the zone of the report.
    pub(crate) day: Option<NaiveDate>,
    /// The latest recorded time.
    pub(crate) updated: Option<DateTime<Utc>>,
    /// Its severity.
    pub(crate) severity: String,
    /// Its status as shown to readers; empty if unknown.
    pub(crate) status: &'static str,
    /// Its kind as shown to readers; empty for an ordinary incident.
    pub(crate) kind: &'static str,
    /// Its services.
    pub(crate) services: Vec<String>,
    /// The duration of its impact; empty if unknown.
    pub(crate) impact: String,
    /// The beginning of its summary.
    pub(crate) summary: String,
    /// Its follow-ups.
    pub(crate) follow_ups: Vec<ActionView>,
}

/// The longest summary in a feed, in characters.
const LONGEST_SUMMARY: usize = 460;

impl Entry {
    /// `updated` is the latest time recorded in the incident.
    pub(crate) fn new(report: &Report, updated: Option<Moment>) -> Self {
        let incident = &report.incident;
        let occurred = incident.occurred();
        let so_far = if report.impact.open { " so far" } else { "" };
        let kind = incident.kind();
        Entry {
            id: incident.id.to_string(),
            title: incident.title.clone(),
            at: occurred.map(|at| at.middle()),
            day: occurred.map(|at| when::day(at, report.zone)),
            updated: updated.map(|at| at.latest()),
            severity: incident.severity.clone().unwrap_or_default(),
            status: incident.status().map_or("", phrasing::status),
            kind: if kind == crate::model::Kind::Incident { "" } else { phrasing::kind(kind) },
            services: incident.services.clone(),
            impact: report
                .impact
                .union
                .map_or_else(String::new, |length| format!("{length}{so_far}")),
            summary: incident
                .summary
                .as_deref()
                .and_then(|text| view::short_of(text, LONGEST_SUMMARY))
                .unwrap_or_default(),
            follow_ups: view::action_items(report),
        }
    }
}
