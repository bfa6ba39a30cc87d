//! What was done to an incident for its audience.

use crate::model::path::Path;

/// What is written in place of a term that must not leave the company.
pub(super) const REMOVED: &str = "[removed]";

/// Something that was left out or replaced for the audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The path of the value in the file.
    pub path: Path,
    /// What was done to it, and why: `left out: the entry is internal`.
    pub what: String,
}
