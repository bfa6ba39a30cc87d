//! The record of values removed from an incident for its audience.

use crate::model::path::Path;

/// Replaces a term that must not leave the company.
pub(super) const REMOVED: &str = "[removed]";

/// A value that was left out or replaced for the audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The path of the value in the file.
    pub path: Path,
    /// The change and its reason: `left out: the entry is internal`.
    pub what: String,
}
