//! `list` and `timeline`: what there is, for people and for programs.

use crate::world::World;

const INCIDENT: &str = "schema: posthoc/v1\nid: a\ntitle: A\nstatus: resolved\nmilestones:\n  impact_start: ~2026-03-17T14:05Z\n  resolved_at: 2026-03-17T15:05Z\nimpact:\n  windows:\n    - {start: 2026-03-17T14:05Z, end: 2026-03-17T14:45Z}\ntimeline:\n  - {at: 2026-03-17, text: A **change** went in.}\n  - {at: 2026-03-17T14:05Z..2026-03-17T14:10Z, text: It began., source: S1#b2, hidden: true}\nsources: {S1: {format: note}}\n";

fn json(world: &World, arguments: &[&str]) -> serde_json::Value {
    serde_json::from_slice(&world.output(arguments).stdout).expect("JSON")
}

#[test]
fn a_list_for_programs_has_the_instants_and_durations_of_the_view() {
    let world = World::new();
    world.write("incidents/a.yaml", INCIDENT);
    let (list, view) = (json(&world, &["list", "--json"]), json(&world, &["show", "a", "--json"]));
    assert_eq!(list[0]["occurred"]["at"], "2026-03-17T14:05:00Z");
    assert_eq!(list[0]["occurred"]["about"], true);
    assert_eq!(list[0]["durations"]["ttr"], view["durations"]["ttr"]);
    assert_eq!(list[0]["durations"]["impact"]["seconds"], 2400);
    assert_eq!(list[0]["durations"]["ttd"]["seconds"], serde_json::Value::Null);
    assert_eq!(list[0]["status"], view["status"]);
}

#[test]
fn a_timeline_for_programs_has_bounds_where_there_is_no_instant() {
    let world = World::new();
    world.write("incidents/a.yaml", INCIDENT);
    assert_eq!(json(&world, &["timeline", "a", "--json"]).as_array().map(Vec::len), Some(1));
    let all = json(&world, &["timeline", "a", "--all", "--json"]);
    assert_eq!((&all[1]["at"], &all[1]["when"]["latest"]), (&serde_json::Value::Null, &"2026-03-17T14:10:00Z".into()));
    assert_eq!((&all[1]["source"], &all[1]["hidden"]), (&"S1#b2".into(), &true.into()));
    assert_eq!(all[0]["when"]["precision"], "day");
    assert_eq!(all[0]["kind"], "note");
}
