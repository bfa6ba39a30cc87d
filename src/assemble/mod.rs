//! Records and the person's incident to incident.
//!
//! An import may append timeline entries and sources and set milestones that are absent; nothing
//! else. What it wants is a [`Plan`]: edits, and what the person should hear. Importing the same
//! records again gives an empty plan.

pub mod broken;
pub mod documents;
pub mod entry_key;
pub mod evidence;
mod family;
pub mod history;
pub mod identity;
mod milestones;
pub mod names;
pub mod onset;
pub mod outage;
pub mod overrun;
pub mod plan;
mod reread;
mod sections;
pub mod trigger;
mod twins;

use chrono::{DateTime, Utc};

use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::edit::Edit;

/// What an import wants to do to one incident.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The changes, in order.
    pub edits: Vec<Edit>,
    /// What the person should hear.
    pub notes: Vec<Diagnostic>,
}

/// What is known about the input that the records came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The id of the format.
    pub format: String,
    /// The path in the workspace, or the file name, by which a document is found again. `None` for what
    /// has none, as the standard input.
    pub name: Option<String>,
    /// Where it was fetched from.
    pub url: Option<String>,
    /// When it was fetched.
    pub retrieved_at: Option<DateTime<Utc>>,
    /// The kept bytes, relative to the workspace.
    pub path: Option<String>,
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: Option<String>,
    /// The zone that was given for times without one.
    pub zone: Option<String>,
    /// What was masked in the bytes.
    pub masked: Vec<String>,
}

/// The first key of the form `S1`, `S2` … that `incident` has not taken.
pub fn free_source_key(incident: &Incident) -> String {
    (1..)
        .map(|number| format!("S{number}"))
        .find(|key| !incident.sources.contains_key(key))
        .unwrap_or_default()
}
