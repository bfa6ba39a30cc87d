//! A duration whose value changed, and what changed it.

use crate::analysis::duration_name::DurationName;
use crate::analysis::phases::Duration;

/// A duration whose value is another. One that stays unknown has not changed, whatever the reason.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationChange {
    /// Which.
    pub name: DurationName,
    /// What it was.
    pub before: Duration,
    /// What it is.
    pub after: Duration,
    /// The smallest set of changes that explains it.
    pub because: Vec<Cause>,
    /// Whether each of them alone explains it, so that taking back one would change nothing.
    pub either_alone: bool,
}

/// A change that, alone or with the others beside it, moves a duration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The definitions of the durations changed.
    Definitions,
    /// These of [`Change::fields`](super::Change::fields), by their position.
    Fields(Vec<usize>),
}
