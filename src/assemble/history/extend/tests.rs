use super::*;
use crate::assemble::entry_key::READ;
use crate::assemble::history::fixture::{
    applied, extended, from, imported, long, record, short, trust, update, update_of,
};
use crate::assemble::history::{incident, wanted_id};
use crate::model::milestone::Basis;
use crate::model::time::Moment;
use crate::sources::record::{UntimedPost, UpdateRecord};

#[test]
fn matching_many_posts_takes_linear_time() {
    let read = |count: usize, replace: bool| {
        let post = |number: usize| {
            let at = format!("2026-03-17T{:02}:{:02}Z", number / 60, number % 60);
            update(&format!("u{number}"), &at, State::Update)
        };
        let posts: Vec<UpdateRecord> = (0..count).map(post).collect();
        let incident = imported(posts.clone());
        READ.set(0);
        assert_eq!(update_of(&incident, posts, replace), Plan::default());
        READ.get()
    };
    for replace in [false, true] {
        assert!(read(400, replace) < 5 * read(100, replace), "{}", read(100, replace));
    }
}

#[test]
fn later_closing_post_ends_the_existing_incident() {
    let closing = long().remove(2);
    let plan = update_of(&imported(short()), vec![closing.clone()], false);
    assert!(
        plan.edits
            .iter()
            .any(|edit| matches!(edit, Edit::SetMilestone(MilestoneName::ResolvedAt, _)))
    );
    // The reverse: the earlier posts come later.
    let alone = imported(vec![closing]);
    assert_eq!(alone.milestones.resolved_at, None);
    let whole = applied(alone.clone(), &update_of(&alone, long(), false));
    assert_eq!(whole.milestones.resolved_at.as_ref().unwrap().at.to_string(), "2026-03-17T15:00Z");
    assert_eq!(
        whole.milestones.first_notice_at.as_ref().unwrap().at.to_string(),
        "2026-03-17T14:00Z"
    );
    assert_eq!(update_of(&whole, long(), false), Plan::default());
    // A milestone that a person removed from a complete history is not set again.
    let mut without = whole;
    without.milestones.resolved_at = None;
    assert_eq!(update_of(&without, long(), false), Plan::default());
}

#[test]
fn same_record_again_changes_nothing() {
    assert_eq!(update_of(&imported(long()), long(), false), Plan::default());
}

/// The record as it was at that hour of the next day.
fn revised(hour: u32, updates: Vec<UpdateRecord>) -> IncidentRecord {
    let at = format!("2026-03-18T{hour:02}:00:00Z").parse().unwrap();
    IncidentRecord { revised: Some(at), ..record(updates) }
}

fn reworded(text: &str) -> Vec<UpdateRecord> {
    let mut updates = long();
    updates[0].text = text.to_owned();
    updates
}

#[test]
fn update_applies_the_newer_copy_in_any_order() {
    let [old, new] = [revised(10, reworded("old")), revised(11, reworded("new"))];
    let of = |first: &IncidentRecord| incident(first, wanted_id(first), &from());
    let [from_old, from_new] = [of(&old), of(&new)];
    assert_eq!(from_old.sources["S1"].revised_at, old.revised);
    let plan = extended(&from_old, &new, true, trust());
    assert_eq!(applied(from_old, &plan), from_new);
    let plan = extended(&from_new, &old, true, trust());
    assert_eq!(plan.edits, []);
    insta::assert_snapshot!(plan.notes[0].message, @"this copy was last changed at 2026-03-18T10:00:00Z, and a newer one at 2026-03-18T11:00:00Z; the newer one is used");
    assert_eq!(extended(&from_new, &new, true, trust()), Plan::default());
    // A copy with the same content is not a different copy.
    assert_eq!(extended(&from_new, &revised(10, reworded("new")), true, trust()), Plan::default());
    assert_eq!(extended(&from_new, &revised(12, reworded("new")), true, trust()), Plan::default());
}

#[test]
fn older_copy_adds_missing_posts_and_changes_nothing_else() {
    let file = incident(&revised(11, reworded("new")), "a".parse().unwrap(), &from());
    let more = update("u0", "2026-03-17T13:59Z", State::Update);
    let older = revised(10, [vec![more], reworded("old")].concat());
    let plan = extended(&file, &older, false, trust());
    assert!(
        matches!(&plan.edits[..], [Edit::AppendEntry(entry)] if entry.text == "text u0"),
        "{plan:?}"
    );
    assert_eq!(plan.notes.len(), 1);
    assert_eq!(extended(&file, &older, true, trust()).edits, []);
}

#[test]
fn redated_post_is_moved_by_an_update() {
    let at = |time: &str| {
        let id = format!("{time}-investigating");
        let first =
            UpdateRecord { text: "We look.".into(), ..update(&id, time, State::Investigating) };
        [vec![first], long()[1..].to_vec()].concat()
    };
    let file = imported(at("2026-03-17T14:00Z"));
    let after = applied(file.clone(), &update_of(&file, at("2026-03-17T13:50Z"), true));
    assert_eq!(
        (after.timeline.len(), after.timeline[0].at.unwrap().to_string().as_str()),
        (3, "2026-03-17T13:50Z")
    );
    let plan = update_of(&file, at("2026-03-17T13:50Z"), false);
    assert_eq!(
        applied(file, &plan).timeline.len(),
        4,
        "without it both are there, and the first is reported"
    );
}

#[test]
fn undated_post_becomes_an_undated_entry_once() {
    let post = |id: &str| UntimedPost { id: id.into(), state: None, text: format!("text of {id}") };
    let with = |ids: &[&str]| IncidentRecord {
        untimed: ids.iter().map(|id| post(id)).collect(),
        ..record(long())
    };
    let first = with(&["x1"]);
    let file = incident(&first, wanted_id(&first), &from());
    let last = file.timeline.last().unwrap();
    assert_eq!((last.at, last.text.as_str()), (None, "text of x1"));
    assert_eq!(extended(&file, &first, false, trust()), Plan::default());
    let after = applied(file.clone(), &extended(&file, &with(&["x1", "x2"]), false, trust()));
    assert_eq!(after.timeline.len(), file.timeline.len() + 1);
    assert_eq!(
        extended(&after, &record(long()), false, trust()).notes.len(),
        2,
        "they are no longer upstream"
    );
}

#[test]
fn longer_history_adds_only_new_posts() {
    let mut edited = imported(short());
    edited.title = "Ours".into();
    edited.timeline[0].text = "changed by hand".into();
    let plan = update_of(&edited, long(), false);
    assert_eq!(plan.edits.len(), 2, "{plan:?}");
    let after = applied(edited.clone(), &plan);
    assert_eq!(after.milestones.resolved_at.as_ref().unwrap().at.to_string(), "2026-03-17T15:00Z");
    assert_eq!(
        (after.title.as_str(), after.timeline[0].text.as_str()),
        ("Ours", "changed by hand")
    );
    assert_eq!(update_of(&after, long(), false), Plan::default());
}

/// The same updates in a feed: other ids, minutes only, other markup.
fn of_feed(updates: Vec<UpdateRecord>) -> IncidentRecord {
    let update = |update: UpdateRecord| {
        let at: Moment = format!("{}Z", &update.at.to_string()[..16]).parse().unwrap();
        let state = update.state.map_or("", State::as_str);
        UpdateRecord {
            id: format!("{at}-{state}"),
            at,
            text: format!("*{}*", update.text),
            ..update
        }
    };
    record(updates.into_iter().map(update).collect())
}

fn feed() -> Provenance {
    Provenance { format: "statuspage-feed".into(), ..Provenance::default() }
}

#[test]
fn another_format_of_the_family_adds_only_new_posts() {
    let extended = |incident: &Incident, record: &IncidentRecord, from: &Provenance| {
        super::extend(incident, record, from, true, trust()).expect("it is the same incident")
    };
    let exact: Vec<_> = short()
        .into_iter()
        .chain([update("u3", "2026-03-17T15:00:31.5Z", State::Resolved)])
        .collect();
    for (first, second) in [
        ((record(exact[..2].to_vec()), from()), (of_feed(exact.clone()), feed())),
        ((of_feed(exact[..2].to_vec()), feed()), (record(exact.clone()), from())),
    ] {
        let file = incident(&first.0, wanted_id(&first.0), &first.1);
        let plan = extended(&file, &second.0, &second.1);
        assert_eq!(plan.notes, []);
        let file = applied(file, &plan);
        assert_eq!((file.timeline.len(), file.sources.len()), (3, 2));
        assert_eq!(file.sources["S2"].format.as_deref(), Some(second.1.format.as_str()));
        let last = file.timeline[2].source.as_ref().unwrap();
        assert_eq!(
            (last.source.as_str(), file.timeline[2].milestone),
            ("S2", Some(MilestoneName::ResolvedAt))
        );
        assert_eq!(file.milestones.resolved_at.as_ref().unwrap().source, Some(last.without_hash()));
        let whole = [(record(exact.clone()), from()), (of_feed(exact.clone()), feed())];
        for (record, from) in [&first, &second].into_iter().chain(&whole) {
            assert_eq!(extended(&file, record, from), Plan::default());
        }
    }
}

#[test]
fn format_with_nothing_new_leaves_no_trace() {
    let file = imported(long());
    let changes = |record: &IncidentRecord, from: &Provenance| {
        super::extend(&file, record, from, true, trust())
    };
    assert_eq!(changes(&of_feed(long()), &feed()), Some(Plan::default()));
    let other = Provenance { format: "cachet".into(), ..Provenance::default() };
    assert_eq!(
        changes(&of_feed(long()), &other),
        None,
        "the ids of another system mean nothing here"
    );
    assert_eq!(changes(&IncidentRecord { id: "r2".into(), ..of_feed(long()) }, &feed()), None);
}

#[test]
fn post_becomes_evidence_when_another_format_gives_its_state() {
    let index = |mut updates: Vec<UpdateRecord>| {
        updates.iter_mut().for_each(|update| update.state = None);
        IncidentRecord { latest_only: true, ..of_feed(updates) }
    };
    let first = index(long()[2..].to_vec());
    let file = incident(&first, wanted_id(&first), &feed());
    assert_eq!(file.milestones.resolved_at, None);
    let plan = super::extend(&file, &record(long()), &from(), false, trust()).unwrap();
    let mut file = applied(file, &plan);
    assert_eq!(file.timeline.len(), 3);
    assert_eq!(file.milestones.resolved_at.take().unwrap().at.to_string(), "2026-03-17T15:00Z");
    let again = super::extend(&file, &record(long()), &from(), false, trust());
    assert_eq!(again, Some(Plan::default()), "what a person has taken out does not come back");
}

#[test]
fn later_response_sets_the_end_of_an_ongoing_incident() {
    let changes = |updates: Vec<UpdateRecord>, end: Option<&str>| IncidentRecord {
        impact_start: Some("2026-03-17T13:55Z".parse().unwrap()),
        impact_end: end.map(|at| at.parse().unwrap()),
        ..record(updates)
    };
    let open = changes(short(), None);
    let file = incident(&open, wanted_id(&open), &from());
    let extend = |file: &Incident, record: &IncidentRecord| {
        super::extend(file, record, &from(), false, trust()).expect("it is the same incident")
    };
    for updates in [short(), long()] {
        let over = changes(updates, Some("2026-03-17T14:50Z"));
        let plan = extend(&file, &over);
        let mut after = applied(file.clone(), &plan);
        let end = after.milestones.impact_end.clone().unwrap();
        assert_eq!(
            (end.at.to_string().as_str(), end.basis),
            ("2026-03-17T14:50Z", Basis::Reported)
        );
        assert_eq!(extend(&after, &over), Plan::default());
        let moved = IncidentRecord {
            impact_end: Some("2026-03-17T14:20Z".parse().unwrap()),
            ..over.clone()
        };
        assert_eq!(
            extend(&after, &moved),
            Plan::default(),
            "known differences stay, and are not reported at every import"
        );
        // If the file says that the incident is resolved, a missing end was removed.
        after.milestones.impact_end = None;
        after.status = Some(Status::Resolved);
        assert_eq!(extend(&after, &over), Plan::default());
    }
    let ours = Incident::new("ours".parse().unwrap(), "Ours");
    let plan = super::add(&ours, &changes(short(), Some("2026-03-17T14:50Z")), &from(), trust());
    assert_eq!(
        applied(ours, &plan).milestones.impact_end,
        None,
        "the impact of another page is not this incident's"
    );
    let mut without_start = file.clone();
    without_start.milestones.impact_start = None;
    assert_eq!(
        extend(&without_start, &open),
        Plan::default(),
        "a start was there at the first import"
    );
}

#[test]
fn removed_milestone_does_not_come_back() {
    let mut edited = imported(long());
    edited.milestones.identified_at = None;
    assert_eq!(update_of(&edited, long(), false), Plan::default());
}

#[test]
fn latest_post_only_source_gives_an_end_but_no_start() {
    let last = |updates: Vec<UpdateRecord>| IncidentRecord { announced: None, ..record(updates) };
    let identified = last(vec![update("u2", "2026-03-17T14:10Z", State::Identified)]);
    let first = incident(&identified, wanted_id(&identified), &from());
    assert_eq!(
        (&first.milestones.first_notice_at, &first.milestones.identified_at),
        (&None, &None)
    );
    let resolved = last(vec![update("u3", "2026-03-17T15:00Z", State::Resolved)]);
    let plan = extended(&first, &resolved, false, trust());
    assert_eq!(plan.notes, [], "what is not the latest any more is not gone");
    let after = applied(first, &plan);
    assert_eq!((after.timeline.len(), after.milestones.first_notice_at), (2, None));
    assert_eq!(after.milestones.resolved_at.unwrap().at.to_string(), "2026-03-17T15:00Z");
}
