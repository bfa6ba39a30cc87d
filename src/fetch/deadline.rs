//! Deadlines for requests, searches and runs.

use std::time::{Duration, Instant};

use super::error::Cause;

/// What a deadline limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// One address, with all its attempts.
    Address,
    /// The search for the data of a host, with all the addresses that it tries.
    Search,
    /// Everything that a fetcher does.
    Run,
}

/// A time limit, with its total duration.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    given: Duration,
    of: Scope,
}

impl Deadline {
    pub(super) fn of_address(given: Duration) -> Self {
        Deadline::new(given, Scope::Address)
    }

    pub(super) fn of_search(given: Duration) -> Self {
        Deadline::new(given, Scope::Search)
    }

    pub(super) fn of_run(given: Duration) -> Self {
        Deadline::new(given, Scope::Run)
    }

    fn new(given: Duration, of: Scope) -> Self {
        // A limit that the clock cannot represent is replaced by a year, which is as good as none.
        let at = Instant::now()
            .checked_add(given)
            .unwrap_or_else(|| Instant::now() + Duration::from_secs(31_536_000));
        Deadline { at, given, of }
    }

    /// The earlier one.
    pub(super) fn or_sooner(self, other: Option<Self>) -> Self {
        other.filter(|other| other.at < self.at).unwrap_or(self)
    }

    /// The remaining time.
    pub(super) fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// The error for a deadline that has passed; `None` before that.
    pub(super) fn passed(self) -> Option<Cause> {
        self.left().is_zero().then_some(match self.of {
            Scope::Address => Cause::TotalTime(self.given),
            Scope::Search => Cause::SearchTime(self.given),
            Scope::Run => Cause::RunTime(self.given),
        })
    }
}
