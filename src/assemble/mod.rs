//! Turns records and existing incidents into a plan of changes.
//!
//! An import may append timeline entries and sources and set milestones that are absent; nothing
//! else. The result is a [`Plan`] with edits and notes. Importing the same records again gives an
//! empty plan.

pub(crate) mod broken;
pub mod documents;
pub(crate) mod entry_key;
pub(crate) mod evidence;
mod family;
pub mod history;
pub(crate) mod identity;
mod milestones;
pub(crate) mod names;
pub mod onset;
pub(crate) mod outage;
mod outside;
pub(crate) mod overrun;
pub(crate) mod plan;
mod reread;
mod sections;
pub(crate) mod trigger;
mod twins;

use chrono::{DateTime, Utc};

use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::edit::Edit;

/// The changes that an import makes to one incident.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The changes, in order.
    pub edits: Vec<Edit>,
    /// Notes for the user.
    pub notes: Vec<Diagnostic>,
}

/// What is known about the input of the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The id of the format.
    pub format: String,
    /// The path in the workspace, or the file name, by which a document is found again. `None` if
    /// there is none, as for standard input.
    pub name: Option<String>,
    /// The address from which it was fetched.
    pub url: Option<String>,
    /// When it was fetched.
    pub retrieved_at: Option<DateTime<Utc>>,
    /// The path of the evidence file, relative to the workspace.
    pub path: Option<String>,
    /// The SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: Option<String>,
    /// The zone that the user gave for times without one.
    pub zone: Option<String>,
    /// What was masked in the bytes.
    pub masked: Vec<String>,
}

/// The first key of the form `S1`, `S2` … that is not used in `incident`.
pub fn free_source_key(incident: &Incident) -> String {
    (1..)
        .map(|number| format!("S{number}"))
        .find(|key| !incident.sources.contains_key(key))
        .unwrap_or_default()
}
