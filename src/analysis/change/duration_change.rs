//! A duration that changed, and the cause.

use crate::analysis::duration_name::DurationName;
use crate::analysis::phases::Duration;

/// A duration that changed. One that was and is unknown has not changed, whatever the reasons.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DurationChange {
    /// The name of the duration.
    pub name: DurationName,
    /// The duration before.
    pub before: Duration,
    /// The duration after.
    pub after: Duration,
    /// The smallest set of changes that explains it.
    pub because: Vec<Cause>,
    /// Whether each of them explains it alone, so that reverting one would not change the duration.
    pub either_alone: bool,
}

/// A change that moves a duration, alone or together with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The definitions of the durations changed.
    Definitions,
    /// Changes at these indices of [`Change::fields`](super::Change::fields).
    Fields(Vec<usize>),
}
