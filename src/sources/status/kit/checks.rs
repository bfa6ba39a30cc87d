//! Outages from monitor data: the checks of one service, in order.

use std::ops::Range;

/// The result of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sources::status) enum Health {
    /// The service is healthy.
    Up,
    /// It responds, but not well.
    Degraded,
    /// It does not respond.
    Down,
    /// It is under maintenance.
    Maintenance,
}

impl Health {
    /// The level of an outage may change during it.
    fn kind(self) -> Health {
        if self == Health::Degraded { Health::Down } else { self }
    }
}

/// Consecutive checks with the service down or under maintenance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sources::status) struct Run {
    /// The last healthy check before it. Without one, its start was not observed.
    pub(in crate::sources::status) before: Option<usize>,
    /// The checks.
    pub(in crate::sources::status) checks: Range<usize>,
    /// The first healthy check after it. Without one, its end was not observed.
    pub(in crate::sources::status) after: Option<usize>,
}

/// The runs in the checks of one service, which are in time order.
pub(in crate::sources::status) fn runs(checks: &[Health]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = 0;
    for run in checks.chunk_by(|one, other| one.kind() == other.kind()) {
        let (start, end) = (at, at + run.len());
        at = end;
        if run[0] == Health::Up {
            continue;
        }
        let is_up = |index: &usize| checks.get(*index) == Some(&Health::Up);
        runs.push(Run {
            before: start.checked_sub(1).filter(is_up),
            checks: start..end,
            after: Some(end).filter(is_up),
        });
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use Health::{Degraded, Down, Maintenance, Up};
    use proptest::prelude::*;

    fn run(before: Option<usize>, checks: Range<usize>, after: Option<usize>) -> Run {
        Run { before, checks, after }
    }

    #[test]
    fn outage_lies_between_two_successful_checks() {
        assert_eq!(
            runs(&[Up, Up, Degraded, Down, Up, Down]),
            [run(Some(1), 2..4, Some(4)), run(Some(4), 5..6, None)]
        );
        assert_eq!(runs(&[Down, Up]), [run(None, 0..1, Some(1))]);
        assert_eq!(
            runs(&[Up, Down, Maintenance, Up]),
            [run(Some(0), 1..2, None), run(None, 2..3, Some(3))]
        );
        assert_eq!((runs(&[]), runs(&[Up])), (vec![], vec![]));
    }

    proptest! {
        #[test]
        fn every_failed_check_belongs_to_one_run(
            checks in proptest::collection::vec(prop::sample::select(vec![Up, Degraded, Down, Maintenance]), 0..40)
        ) {
            let runs = runs(&checks);
            let covered: Vec<usize> = runs.iter().flat_map(|run| run.checks.clone()).collect();
            let ill: Vec<usize> = (0..checks.len()).filter(|index| checks[*index] != Up).collect();
            prop_assert_eq!(covered, ill);
        }
    }
}
