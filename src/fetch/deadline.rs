//! When something must be done.

use std::time::{Duration, Instant};

use super::error::Cause;

/// What a time is the limit of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// One address, with all its tries.
    Address,
    /// The search for the data behind a host, with all the addresses that it tries.
    Search,
    /// Everything that a fetcher does.
    Run,
}

/// When something must be done, and how long it was given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    given: Duration,
    of: Of,
}

impl Deadline {
    pub(super) fn of_address(given: Duration) -> Self {
        Deadline::new(given, Of::Address)
    }

    pub(super) fn of_search(given: Duration) -> Self {
        Deadline::new(given, Of::Search)
    }

    pub(super) fn of_run(given: Duration) -> Self {
        Deadline::new(given, Of::Run)
    }

    fn new(given: Duration, of: Of) -> Self {
        // What the clock cannot count is no limit; a year is none either.
        let at = Instant::now()
            .checked_add(given)
            .unwrap_or_else(|| Instant::now() + Duration::from_secs(31_536_000));
        Deadline { at, given, of }
    }

    /// The earlier one.
    pub(super) fn or_sooner(self, other: Option<Self>) -> Self {
        other.filter(|other| other.at < self.at).unwrap_or(self)
    }

    /// How long is left.
    pub(super) fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// That the time is over, if it is.
    pub(super) fn passed(self) -> Option<Cause> {
        self.left().is_zero().then_some(match self.of {
            Of::Address => Cause::TotalTime(self.given),
            Of::Search => Cause::SearchTime(self.given),
            Of::Run => Cause::RunTime(self.given),
        })
    }
}
