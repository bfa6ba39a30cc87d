//! The rules of `posthoc check`, one file each.

use crate::diag::Level;
use crate::model::path::Path;

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where in the incident file; the whole file if nothing nearer is known.
    pub path: Path,
    /// What to do.
    pub hints: Vec<String>,
}
