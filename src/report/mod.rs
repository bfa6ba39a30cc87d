//! An analysed incident as what people read.
//!
//! A [`Report`] is everything that is known; a [`view::View`] is the part of it that its audience
//! may read, in the frozen shape that templates and JSON see. [`template::Templates`] turn a view
//! into Markdown.

pub mod audience;
pub mod figures;
mod filters;
pub mod template;
pub mod view;
mod when;
mod words;

use chrono::{DateTime, Utc};

pub use audience::Audience;
pub use when::When;

use crate::analysis::impact::ImpactSummary;
use crate::analysis::phases::Duration;
use crate::analysis::rules::Finding;
use crate::diag::Place;
use crate::model::Incident;
use crate::model::series::Series;
use crate::model::zone::Zone;

/// One incident with all that analysis says of it.
#[derive(Debug, Clone)]
pub struct Report {
    /// The incident.
    pub incident: Incident,
    /// Its durations, known and unknown, in the order of their names.
    pub durations: Vec<Duration>,
    /// Its harm, added up.
    pub impact: ImpactSummary,
    /// What the rules found, each with its place in the file where that is known.
    pub findings: Vec<(Finding, Option<Place>)>,
    /// The metrics among its sources.
    pub evidence: Vec<Evidence>,
    /// The instant at which "so far" and "overdue" are meant; without one neither is said.
    pub now: Option<DateTime<Utc>>,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// Who will read it.
    pub audience: Audience,
}

/// One source that holds metrics over time.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The key of the source in the file's `sources`.
    pub source: String,
    /// A title for people.
    pub title: String,
    /// What it measures.
    pub series: Vec<Series>,
    /// Why it could not be read, or not all of it.
    pub problem: Option<String>,
}
