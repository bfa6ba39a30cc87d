//! Sets of instants, for computing unions of windows.

use chrono::{DateTime, TimeDelta, Utc};

/// From an instant to a later one.
pub(super) type Stretch = (DateTime<Utc>, DateTime<Utc>);

/// A set of instants, as disjoint stretches in the order of time that do not touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spans(Vec<Stretch>);

impl Spans {
    /// The union of `stretches`, each from its start to its end. A stretch that ends before it
    /// starts is empty; one of zero length is included, since something happened there.
    pub(super) fn union(stretches: impl IntoIterator<Item = Stretch>) -> Self {
        let mut sorted: Vec<_> =
            stretches.into_iter().filter(|(start, end)| start <= end).collect();
        sorted.sort_unstable();
        let mut united: Vec<Stretch> = Vec::with_capacity(sorted.len());
        for (start, end) in sorted {
            match united.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => united.push((start, end)),
            }
        }
        Spans(united)
    }

    /// The total length of all stretches.
    pub(super) fn length(&self) -> TimeDelta {
        self.0.iter().fold(TimeDelta::zero(), |sum, (start, end)| sum + (*end - *start))
    }

    /// The stretches, in the order of time.
    pub(super) fn stretches(&self) -> &[Stretch] {
        &self.0
    }

    /// The time between each stretch and the next.
    pub(super) fn gaps(&self) -> impl Iterator<Item = TimeDelta> {
        self.0.windows(2).map(|pair| pair[1].0 - pair[0].1)
    }

    /// The instants in this set but not in `other`.
    #[must_use]
    pub(super) fn without(&self, other: &Spans) -> Spans {
        let mut left = Vec::new();
        let mut holes = other.0.iter().peekable();
        for &(mut start, end) in &self.0 {
            while holes.peek().is_some_and(|hole| hole.1 <= start) {
                holes.next();
            }
            let mut ahead = holes.clone();
            while let Some(&&(hole_start, hole_end)) = ahead.peek() {
                if hole_start >= end {
                    break;
                }
                if hole_start > start {
                    left.push((start, hole_start));
                }
                start = start.max(hole_end);
                ahead.next();
            }
            if start < end {
                left.push((start, end));
            }
        }
        Spans(left)
    }

    /// The instants in this set before `instant`.
    #[must_use]
    pub(super) fn before(&self, instant: DateTime<Utc>) -> Spans {
        Spans(
            self.0
                .iter()
                .filter(|(start, _)| *start < instant)
                .map(|&(start, end)| (start, end.min(instant)))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + minute * 60, 0).unwrap()
    }

    fn spans(minutes: &[(i64, i64)]) -> Spans {
        Spans::union(minutes.iter().map(|&(start, end)| (at(start), at(end))))
    }

    #[test]
    fn touching_and_overlapping_spans_merge() {
        assert_eq!(spans(&[(10, 20), (0, 5), (5, 8), (15, 30)]), spans(&[(0, 8), (10, 30)]));
        assert_eq!(spans(&[(10, 20), (12, 13)]).length(), TimeDelta::minutes(10));
        assert_eq!(spans(&[(20, 10)]).stretches().len(), 0);
        assert_eq!(spans(&[(7, 7)]).stretches().len(), 1);
    }

    #[test]
    fn difference_removes_spans() {
        assert_eq!(
            spans(&[(0, 100)]).without(&spans(&[(10, 20), (30, 40)])),
            spans(&[(0, 10), (20, 30), (40, 100)])
        );
        assert_eq!(
            spans(&[(0, 10), (20, 30)]).without(&spans(&[(5, 25)])),
            spans(&[(0, 5), (25, 30)])
        );
        assert_eq!(spans(&[(0, 10)]).without(&spans(&[(0, 10)])), Spans::default());
        assert_eq!(spans(&[(0, 10)]).before(at(4)), spans(&[(0, 4)]));
    }

    proptest! {
        #[test]
        fn union_length_is_between_longest_and_sum(
            mut stretches in prop::collection::vec((0i64..5000, 0i64..600), 1..40),
            seed in any::<prop::sample::Index>(),
        ) {
            let windows: Vec<(i64, i64)> = stretches.iter().map(|&(start, length)| (start, start + length)).collect();
            let united = spans(&windows);
            let longest = stretches.iter().map(|&(_, length)| length).max().unwrap();
            let sum: i64 = stretches.iter().map(|&(_, length)| length).sum();
            prop_assert!(united.length() >= TimeDelta::minutes(longest));
            prop_assert!(united.length() <= TimeDelta::minutes(sum));
            let turn = seed.index(stretches.len());
            stretches.rotate_left(turn);
            stretches.reverse();
            let again: Vec<(i64, i64)> = stretches.iter().map(|&(start, length)| (start, start + length)).collect();
            prop_assert_eq!(spans(&again), united);
        }

        #[test]
        fn difference_and_intersection_add_up_to_the_set(
            ours in prop::collection::vec((0i64..500, 0i64..60), 0..12),
            theirs in prop::collection::vec((0i64..500, 0i64..60), 0..12),
        ) {
            let set = |list: &[(i64, i64)]| spans(&list.iter().map(|&(s, l)| (s, s + l)).collect::<Vec<_>>());
            let (ours, theirs) = (set(&ours), set(&theirs));
            let left = ours.without(&theirs);
            let shared = ours.without(&left);
            prop_assert_eq!(left.length() + shared.length(), ours.length());
            prop_assert_eq!(left.without(&theirs).length(), left.length());
        }
    }
}
