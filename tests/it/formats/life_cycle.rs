//! The life cycle of an incident is the same for all pages, in whatever order a page lists updates.

use posthoc::assemble::{Provenance, history};
use posthoc::model::Incident;
use posthoc::sources::record::Record;
use posthoc::sources::{Input, ReadOptions, by_id};
use proptest::prelude::*;

const STATES: [&str; 6] =
    ["investigating", "identified", "monitoring", "update", "resolved", "postmortem"];

/// The place of "update" among the states.
const UPDATE: usize = 3;

/// An update: its state, and the hour of its time.
type Update = (usize, usize);

/// The incident that a page with these updates becomes.
fn incident(updates: &[Update]) -> Incident {
    let posts: Vec<String> = updates
        .iter()
        .map(|(state, hour)| {
            let state = STATES[*state];
            format!(
                r#"{{"id":"u{hour}{state}","status":"{state}","body":"{state} {hour}","created_at":"2026-03-17T{hour:02}:00:00Z","display_at":"2026-03-17T{hour:02}:00:00Z"}}"#
            )
        })
        .collect();
    let page = format!(
        r#"{{"page":{{"id":"p","name":"P"}},"incidents":[{{"id":"i","name":"Slow","created_at":"2026-03-17T00:00:00Z","incident_updates":[{}]}}]}}"#,
        posts.join(",")
    );
    first("statuspage-v2", page)
}

/// The incident that the feed of the same page becomes.
fn by_feed(updates: &[Update]) -> Incident {
    let posts: Vec<String> = updates
        .iter()
        .map(|(state, hour)| {
            let state = STATES[*state];
            format!(r#"{{"at":"2026-03-17T{hour:02}:00:00Z","status":"{state}","message":"{state} {hour}"}}"#)
        })
        .collect();
    let line = format!(
        r#"{{"id":"1","entry_id":"tag:status.example.com,2005:Incident/1","title":"Slow","url":"https://status.example.com/incidents/i","status_sequence":[],"updates":[{}]}}"#,
        posts.join(",")
    );
    first("statuspage-feed", line)
}

fn first(format: &str, text: String) -> Incident {
    let source = by_id(format).expect("the reader");
    let read =
        source.read(&Input::new("page.json", text), &ReadOptions::default()).expect("it is read");
    let Some(Record::Incident(record)) = read.value.first() else { panic!("{:?}", read.warnings) };
    let from = Provenance { format: format.to_owned(), ..Provenance::default() };
    history::incident(record, history::wanted_id(record), &from)
}

/// Updates of several hours, with several in one hour, and the same in another order. In one hour
/// no state is there twice, and "update", which has no place in the life cycle, is there alone.
fn two_orders() -> impl Strategy<Value = (Vec<Update>, Vec<Update>)> {
    let phases = [0, 1, 2, 4, 5];
    let hour = prop_oneof![
        Just(vec![UPDATE]),
        prop::sample::subsequence(phases.to_vec(), 1..=phases.len())
    ];
    prop::collection::vec(hour, 1..6).prop_flat_map(|hours| {
        let updates = hours
            .into_iter()
            .zip(1..)
            .flat_map(|(states, hour)| states.into_iter().map(move |one| (one, hour)));
        let listed: Vec<Update> = updates.collect();
        (Just(listed.clone()), Just(listed).prop_shuffle())
    })
}

proptest! {
    /// Pages list the newest first, the oldest first, or neither, and stamps are edited to one
    /// time.
    #[test]
    fn updates_in_any_order_give_the_same_incident((listed, shuffled) in two_orders()) {
        let output = |incident: &Incident| incident.timeline.iter().map(|entry| entry.text.clone()).collect::<Vec<_>>();
        let expected: Vec<String> = listed.iter().map(|(state, hour)| format!("{} {hour}", STATES[*state])).collect();
        for read in [incident, by_feed] {
            prop_assert_eq!(output(&read(&listed)), &expected[..]);
            prop_assert_eq!(read(&listed), read(&shuffled));
        }
    }
}

#[test]
fn last_end_counts_and_later_updates_reopen() {
    let ends = |updates: &[Update]| {
        incident(updates).milestones.resolved_at.map(|resolved| resolved.at.to_string())
    };
    let (open, over) = (0, 4);
    assert_eq!(ends(&[(open, 1), (over, 2)]).as_deref(), Some("2026-03-17T02:00:00Z"));
    assert_eq!(
        ends(&[(open, 1), (over, 2), (open, 3), (over, 4)]).as_deref(),
        Some("2026-03-17T04:00:00Z")
    );
    assert_eq!(
        ends(&[(open, 1), (over, 2), (over, 5)]).as_deref(),
        Some("2026-03-17T02:00:00Z"),
        "it was over at the first of a run"
    );
    assert_eq!(ends(&[(open, 1), (over, 2), (open, 3)]), None, "still open");
    assert_eq!(ends(&[(open, 1)]), None);
}
