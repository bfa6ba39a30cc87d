//! Turns an analysed incident into the report that people read.
//!
//! A [`Projection`] is the part of an incident that an audience may read. A [`Report`] adds what is
//! computed; a [`view::View`] has both in the frozen shape that templates and JSON see.
//! [`template::Templates`] turn a view into Markdown.

pub mod audience;
pub mod figures;
mod filters;
mod phrasing;
pub mod projection;
pub(crate) mod site;
pub(crate) mod statistics;
pub(crate) mod tables;
pub mod template;
pub mod view;
mod when;

use chrono::{DateTime, Utc};

pub use audience::Audience;
pub use projection::{Projection, Protection};
pub use when::When;

use crate::analysis::claim::ComparedClaim;
use crate::analysis::config::Definitions;
use crate::analysis::impact::ImpactSummary;
use crate::analysis::phases::Duration;
use crate::analysis::rules::Finding;
use crate::diag::Place;
use crate::model::elapsed::Elapsed;
use crate::model::evidence::{Candidate, Choice, choices};
use crate::model::series::Series;
use crate::model::timeline::Entry;
use crate::model::zone::Zone;

/// An incident with the results of its analysis.
#[derive(Debug, Clone)]
pub struct Report {
    /// The incident, as the audience of the report may read it.
    pub incident: Projection,
    /// Its durations, known and unknown, in the order of their names.
    pub durations: Vec<Duration>,
    /// Its impact windows and their lengths.
    pub impact: ImpactSummary,
    /// How often it was reopened after it had been resolved.
    pub reopened: usize,
    /// Its published durations, compared with the computed ones.
    pub claims: Vec<ComparedClaim>,
    /// The findings of the rules, each with its place in the file if that is known.
    pub findings: Vec<(Finding, Option<Place>)>,
    /// The metrics among its sources.
    pub evidence: Vec<MetricSource>,
    /// The definitions of the numbers, and the order of trust.
    pub definitions: Definitions,
    /// The instant that "so far" and "overdue" refer to; without it neither is shown.
    pub now: Option<DateTime<Utc>>,
    /// The zone in which times are shown.
    pub zone: Zone,
}

impl Report {
    /// The audience.
    pub fn audience(&self) -> Audience {
        self.incident.audience()
    }

    /// Each milestone with its evidence.
    pub fn choices(&self) -> Vec<Choice> {
        choices(&self.incident, self.definitions.order_of_trust())
    }

    /// A sentence if the file is pinned to another version of the definitions than its numbers are
    /// computed with.
    pub fn other_definitions(&self) -> Option<String> {
        let pinned = self.definitions.pinned_elsewhere(&self.incident)?;
        let version = self.definitions.version;
        Some(format!(
            "the file is pinned to version {pinned} of the definitions; its numbers here are computed with version {version}"
        ))
    }

    /// The evidence that contradicts `choice`, for readers: `status page S1#u1 says 14:21, 12 min
    /// later`. `may_read` selects the entries that the audience may read.
    pub fn contradiction(
        &self,
        choice: &Choice,
        may_read: impl Fn(&Entry) -> bool,
    ) -> Option<String> {
        let at = choice.milestone.at;
        let readable =
            |one: &&Candidate| self.incident.timeline.get(one.entry).is_some_and(&may_read);
        let parts: Vec<String> = choice
            .disagreeing()
            .filter(readable)
            .map(|one| {
                let who = one
                    .source
                    .as_ref()
                    .map_or_else(String::new, |source| format!(" {}", source.without_hash()));
                let clock = when::clock(one.at, self.zone, when::day(at, self.zone));
                let (from, to, word) =
                    if one.at < at { (one.at, at, "earlier") } else { (at, one.at, "later") };
                let apart = Elapsed::between(from, to).or_zero();
                format!("{}{who} says {clock}, {apart} {word}", one.witness.in_words())
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// A source with metrics over time.
#[derive(Debug, Clone)]
pub struct MetricSource {
    /// The key of the source in the file's `sources`.
    pub source: String,
    /// A title for people.
    pub title: String,
    /// The series.
    pub series: Vec<Series>,
    /// Why it could not be read completely.
    pub problem: Option<String>,
}
