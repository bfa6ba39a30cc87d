//! The order of posts with equal times.

use crate::model::time::{Moment, Precision};
use crate::model::timeline::State;

/// Sorts posts with exactly equal times by the life cycle: a cause is not found before the
/// investigation starts. `posts` are in time order and, within one time, in source order; a post
/// outside the life cycle keeps its place.
pub(in crate::sources::status) fn settle<T>(
    posts: Vec<T>,
    dated: impl Fn(&T) -> (Moment, Option<State>),
) -> Vec<T> {
    let step = |post: &T| dated(post).1.and_then(State::step);
    // A day may contain more than one life cycle.
    let is_tie = |one: Moment, next: Moment| {
        one.precision() != Precision::Day && one.earliest() == next.earliest()
    };
    // Nearly every history has none, and then nothing is moved.
    if !posts.windows(2).any(|pair| is_tie(dated(&pair[0]).0, dated(&pair[1]).0)) {
        return posts;
    }
    // For each position, the index of the post that belongs there.
    let mut order: Vec<usize> = (0..posts.len()).collect();
    for run in order.chunk_by_mut(|one, next| is_tie(dated(&posts[*one]).0, dated(&posts[*next]).0))
    {
        let places: Vec<usize> =
            (0..run.len()).filter(|place| step(&posts[run[*place]]).is_some()).collect();
        let mut staged: Vec<usize> = places.iter().map(|place| run[*place]).collect();
        staged.sort_by_key(|post| step(&posts[*post]));
        places.into_iter().zip(staged).for_each(|(place, post)| run[place] = post);
    }
    let mut posts: Vec<Option<T>> = posts.into_iter().map(Some).collect();
    order.into_iter().filter_map(|post| posts[post].take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(posts: &[(&str, Option<State>)]) -> Vec<usize> {
        let posts: Vec<(usize, Moment, Option<State>)> = posts
            .iter()
            .enumerate()
            .map(|(index, (clock, state))| {
                (index, format!("2026-01-01{clock}").parse().unwrap(), *state)
            })
            .collect();
        settle(posts, |(_, at, state)| (*at, *state)).into_iter().map(|(index, ..)| index).collect()
    }

    #[test]
    fn only_simultaneous_posts_are_ordered_by_life_cycle() {
        use State::{
            Completed, Identified, InProgress, Investigating, Monitoring, Postmortem, Resolved,
            Scheduled,
        };
        let all = [Postmortem, Resolved, Monitoring, Identified, Investigating]
            .map(|state| ("T12:00Z", Some(state)));
        assert_eq!(order(&all), [4, 3, 2, 1, 0]);
        let maintenance = [Completed, InProgress, Scheduled].map(|state| ("T12:00Z", Some(state)));
        assert_eq!(order(&maintenance), [2, 1, 0]);
        let relapse = [
            ("T12:00:01Z", Some(Identified)),
            ("T12:00:02Z", Some(Investigating)),
            ("T12:01:00Z", None),
        ];
        assert_eq!(order(&relapse), [0, 1, 2], "a time decides before the life cycle does");
        assert_eq!(
            order(&[("", Some(Resolved)), ("", Some(Investigating))]),
            [0, 1],
            "nor is a day one time"
        );
    }

    #[test]
    fn posts_outside_the_life_cycle_keep_their_place() {
        use State::{Identified, Investigating, Update};
        let posts =
            [None, Some(Identified), Some(Update), Some(Investigating), Some(Investigating)];
        assert_eq!(order(&posts.map(|state| ("T12:00Z", state))), [0, 3, 2, 4, 1]);
    }
}
