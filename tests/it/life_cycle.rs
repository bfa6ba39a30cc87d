//! One life cycle for all pages: in whatever order a page tells, the same comes out.

use posthoc::assemble::{Provenance, history};
use posthoc::model::Incident;
use posthoc::sources::record::Record;
use posthoc::sources::{Input, ReadOptions, by_id};
use proptest::prelude::*;

const STATES: [&str; 5] = ["investigating", "identified", "monitoring", "update", "resolved"];

/// The incident that a page with these updates becomes, each a state and the hour of its time.
fn incident(updates: &[(usize, usize)]) -> Incident {
    let posts: Vec<String> = updates
        .iter()
        .map(|(state, hour)| {
            let state = STATES[*state];
            format!(
                r#"{{"id":"u{hour}","status":"{state}","body":"{state} {hour}","created_at":"2026-03-17T{hour:02}:00:00Z","display_at":"2026-03-17T{hour:02}:00:00Z"}}"#
            )
        })
        .collect();
    let page = format!(
        r#"{{"page":{{"id":"p","name":"P"}},"incidents":[{{"id":"i","name":"Slow","created_at":"2026-03-17T00:00:00Z","incident_updates":[{}]}}]}}"#,
        posts.join(",")
    );
    let source = by_id("statuspage-v2").expect("the reader");
    let read = source.read(&Input::new("page.json", page), &ReadOptions::default()).expect("it is read");
    let Some(Record::Incident(record)) = read.value.first() else { panic!("{:?}", read.warnings) };
    let from = Provenance { format: "statuspage-v2".to_owned(), ..Provenance::default() };
    history::incident(record, history::wanted_id(record), &from)
}

proptest! {
    /// Pages list the newest first, the oldest first, or neither.
    #[test]
    fn updates_in_any_order_give_the_same_incident(
        (listed, shuffled) in prop::collection::vec(0..STATES.len(), 1..8).prop_flat_map(|states| {
            let listed: Vec<(usize, usize)> = states.into_iter().zip(1..).collect();
            (Just(listed.clone()), Just(listed).prop_shuffle())
        })
    ) {
        prop_assert_eq!(incident(&listed), incident(&shuffled));
    }
}

#[test]
fn the_last_of_several_ends_counts_and_what_follows_it_opens_it_again() {
    let ends =
        |updates: &[(usize, usize)]| incident(updates).milestones.resolved_at.map(|resolved| resolved.at.to_string());
    let (open, over) = (0, 4);
    assert_eq!(ends(&[(open, 1), (over, 2)]).as_deref(), Some("2026-03-17T02:00:00Z"));
    assert_eq!(ends(&[(open, 1), (over, 2), (open, 3), (over, 4)]).as_deref(), Some("2026-03-17T04:00:00Z"));
    assert_eq!(
        ends(&[(open, 1), (over, 2), (over, 5)]).as_deref(),
        Some("2026-03-17T02:00:00Z"),
        "it was over at the first of a run"
    );
    assert_eq!(ends(&[(open, 1), (over, 2), (open, 3)]), None, "it goes on");
    assert_eq!(ends(&[(open, 1)]), None);
}
