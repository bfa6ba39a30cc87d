//! An analysed incident as what people read.
//!
//! A [`Report`] is everything that is known; a [`view::View`] is the part of it that its audience
//! may read, in the frozen shape that templates and JSON see. [`template::Templates`] turn a view
//! into Markdown.

pub mod audience;
pub mod figures;
mod filters;
mod phrasing;
pub mod template;
pub mod view;
mod when;

use chrono::{DateTime, Utc};

pub use audience::Audience;
pub use when::When;

use crate::analysis::claim::ComparedClaim;
use crate::analysis::config::Definitions;
use crate::analysis::impact::ImpactSummary;
use crate::analysis::phases::Duration;
use crate::analysis::rules::Finding;
use crate::diag::Place;
use crate::model::Incident;
use crate::model::elapsed::Elapsed;
use crate::model::evidence::{Candidate, Choice, choices};
use crate::model::series::Series;
use crate::model::timeline::Entry;
use crate::model::zone::Zone;

/// One incident with all that analysis says of it.
#[derive(Debug, Clone)]
pub struct Report {
    /// The incident.
    pub incident: Incident,
    /// Its durations, known and unknown, in the order of their names.
    pub durations: Vec<Duration>,
    /// Its impact windows and their lengths.
    pub impact: ImpactSummary,
    /// How often it was opened again after it had been resolved.
    pub reopened: usize,
    /// Its published durations, compared with the computed ones.
    pub claims: Vec<ComparedClaim>,
    /// What the rules found, each with its place in the file where that is known.
    pub findings: Vec<(Finding, Option<Place>)>,
    /// The metrics among its sources.
    pub evidence: Vec<MetricSource>,
    /// What its numbers mean, and whom it believes.
    pub definitions: Definitions,
    /// The instant at which "so far" and "overdue" are meant; without one neither is said.
    pub now: Option<DateTime<Utc>>,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// Who will read it.
    pub audience: Audience,
}

impl Report {
    /// Each milestone with what there is to prove it.
    pub fn choices(&self) -> Vec<Choice> {
        choices(&self.incident, self.definitions.order_of_trust())
    }

    /// A sentence, where the file is pinned to other definitions than its numbers are computed by.
    pub fn other_definitions(&self) -> Option<String> {
        let pinned = self.definitions.pinned_elsewhere(&self.incident)?;
        let version = self.definitions.version;
        Some(format!(
            "the file is pinned to version {pinned} of the definitions; its numbers here are by version {version}"
        ))
    }

    /// What contradicts `choice`, for a reader: `status page S1#u1 says 14:21, 12 min later`.
    /// `may_read` keeps out the entries that are not for them.
    pub fn contradiction(
        &self,
        choice: &Choice,
        may_read: impl Fn(&Entry) -> bool,
    ) -> Option<String> {
        let at = choice.milestone.at;
        let readable =
            |one: &&Candidate| self.incident.timeline.get(one.entry).is_some_and(&may_read);
        let told: Vec<String> = choice
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
        (!told.is_empty()).then(|| told.join("; "))
    }
}

/// One source that holds metrics over time.
#[derive(Debug, Clone)]
pub struct MetricSource {
    /// The key of the source in the file's `sources`.
    pub source: String,
    /// A title for people.
    pub title: String,
    /// What it measures.
    pub series: Vec<Series>,
    /// Why it could not be read, or not all of it.
    pub problem: Option<String>,
}
