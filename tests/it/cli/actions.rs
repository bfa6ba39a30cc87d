//! `actions`: the follow-ups of all incidents.

use crate::support::world::World;

fn world() -> World {
    let world = World::new();
    world.write("posthoc.toml", "");
    world.write(
        "incidents/a.yaml",
        "schema: posthoc/v1\nid: a\ntitle: A\nservices: [api, web]\nmilestones: {impact_start: 2026-01-01T12:00Z}\naction_items:\n  - {id: A1, text: Watch the queue, owner: Team Red, due: 2026-02-01, status: in_progress}\n  - {id: A2, text: Add an alert, owner: Team Blue, due: 2026-05-01}\n  - {id: A3, text: Write it down, owner: Team Red, due: 2026-02-01, status: done}\n",
    );
    world.write(
        "incidents/b.yaml",
        "schema: posthoc/v1\nid: b\ntitle: B\naction_items:\n  - {text: Ask the vendor}\n  - {text: Rewrite it, status: dropped}\n",
    );
    world
}

#[test]
fn overdue_comes_first_and_open_ones_are_counted_by_owner_and_service() {
    let world = world();
    insta::assert_snapshot!(world.run(&["actions"]), @"
    ── stdout
    INCIDENT	ACTION	TEXT	OWNER	DUE	AGE	STATUS
    a	A1	Watch the queue	Team Red	2026-02-01	90 d	overdue by 59 days
    a	A2	Add an alert	Team Blue	2026-05-01	90 d	open
    b		Ask the vendor				open
    a	A3	Write it down	Team Red	2026-02-01	90 d	done
    b		Rewrite it				dropped

    5 follow-ups: 3 open, 1 of them overdue; the oldest open one is 90 d old
    open by owner: Team Blue 1, Team Red 1 (1 overdue), nobody 1
    open by service: api 2 (1 overdue), web 2 (1 overdue), no service 1
    ── exit 0
    ");
    insta::assert_snapshot!(world.run(&["actions", "--open", "--owner", "none"]), @"
    ── stdout
    INCIDENT	ACTION	TEXT	OWNER	DUE	AGE	STATUS
    b		Ask the vendor				open

    1 follow-up: 1 open, 0 of them overdue
    open by owner: nobody 1
    open by service: no service 1
    ── exit 0
    ");
    insta::assert_snapshot!(world.run(&["actions", "--overdue", "--owner", "team blue"]), @"
    ── stderr
    no follow-up fits
    ── exit 0
    ");
    let json: serde_json::Value =
        serde_json::from_slice(&world.output(&["actions", "--overdue", "--json"]).stdout)
            .expect("JSON");
    let action = &json["actions"][0];
    assert_eq!((&action["incident"], &action["id"]), (&"a".into(), &"A1".into()));
    assert_eq!((&action["overdue_days"], &action["age_days"]), (&59.into(), &90.into()));
    assert_eq!(json["actions"].as_array().map(Vec::len), Some(1));
}
