//! `list` and `timeline`: what there is, for people and for programs.

use crate::support::world::World;

#[cfg(unix)]
use crate::support::screen::seen;

const INCIDENT: &str = "schema: posthoc/v1\nid: a\ntitle: A\nstatus: resolved\nmilestones:\n  impact_start: ~2026-03-17T14:05Z\n  resolved_at: 2026-03-17T15:05Z\nimpact:\n  windows:\n    - {start: 2026-03-17T14:05Z, end: 2026-03-17T14:45Z}\ntimeline:\n  - {at: 2026-03-17, text: A **change** went in.}\n  - {at: 2026-03-17T14:05Z..2026-03-17T14:10Z, text: It began., source: S1#b2, hidden: true}\nsources: {S1: {format: note}}\n";

fn json(world: &World, arguments: &[&str]) -> serde_json::Value {
    serde_json::from_slice(&world.output(arguments).stdout).expect("JSON")
}

#[test]
fn json_list_matches_the_view() {
    let world = World::new();
    world.write("incidents/a.yaml", INCIDENT);
    let (list, view) = (json(&world, &["list", "--json"]), json(&world, &["show", "a", "--json"]));
    assert_eq!(list["incidents"][0]["occurred"]["at"], "2026-03-17T14:05:00Z");
    assert_eq!(list["incidents"][0]["occurred"]["about"], true);
    assert_eq!(list["incidents"][0]["durations"]["ttr"], view["durations"]["ttr"]);
    assert_eq!(list["incidents"][0]["durations"]["impact"]["seconds"], 2400);
    assert_eq!(list["incidents"][0]["durations"]["ttd"]["seconds"], serde_json::Value::Null);
    assert_eq!(list["incidents"][0]["status"], view["status"]);
}

#[test]
fn json_timeline_gives_bounds_for_uncertain_times() {
    let world = World::new();
    world.write("incidents/a.yaml", INCIDENT);
    assert_eq!(
        json(&world, &["timeline", "a", "--json"])["entries"].as_array().map(Vec::len),
        Some(1)
    );
    let all = &json(&world, &["timeline", "a", "--all", "--json"])["entries"];
    assert_eq!(
        (&all[1]["at"], &all[1]["when"]["latest"]),
        (&serde_json::Value::Null, &"2026-03-17T14:10:00Z".into())
    );
    assert_eq!((&all[1]["source"], &all[1]["hidden"]), (&"S1#b2".into(), &true.into()));
    assert_eq!(all[0]["when"]["precision"], "day");
    assert_eq!(all[0]["kind"], "note");
}

const LONG_ID: &str = "2026-03-17-ingestion-delayed-by-a-migration-of-the-queue";

/// Two incidents, one with a long id and a title that no terminal has room for.
fn world() -> World {
    let world = World::new();
    let title = "Ingestion was delayed for three hours while the queue was moved to another region";
    world.write(
        &format!("incidents/{LONG_ID}.yaml"),
        format!("schema: posthoc/v1\nid: {LONG_ID}\ntitle: {title}\nseverity: sev2\nstatus: resolved\nmilestones:\n  impact_start: 2026-03-17T14:05Z\n  resolved_at: 2026-03-17T17:05Z\n"),
    );
    world.write("incidents/b.yaml", "schema: posthoc/v1\nid: b\ntitle: Search was down\nseverity: sev3\nstatus: resolved\nmilestones:\n  impact_start: 2026-02-01T10:00Z\n  resolved_at: 2026-02-01T10:20Z\n");
    world
}

#[test]
fn piped_list_has_complete_tab_separated_rows() {
    let world = world();
    let output = String::from_utf8(world.output(&["list"]).stdout).unwrap();
    let rows: Vec<Vec<&str>> = output.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0], ["INCIDENT", "TITLE", "BEGAN", "SEVERITY", "STATUS", "TTR"]);
    assert_eq!(rows[1][0], LONG_ID);
    assert!(rows[1][1].ends_with("moved to another region"), "{output}");
    assert_eq!(rows[2], ["b", "Search was down", "2026-02-01", "sev3", "resolved", "20 min"]);
    let quiet = String::from_utf8(world.output(&["list", "--quiet"]).stdout).unwrap();
    assert_eq!(quiet.lines().count(), 2, "without the names of the columns: {quiet}");
}

#[test]
#[cfg(unix)]
fn terminal_list_has_one_line_per_incident_with_the_full_id() {
    let world = world();
    let (narrow, _) = seen(&world, 80, &[], &["list", "--no-pager"]);
    insta::assert_snapshot!(narrow, @r"
    INCIDENT                                                  TITLE         STATUS
    2026-03-17-ingestion-delayed-by-a-migration-of-the-queue  Ingestion w…  resolved
    b                                                         Search was…   resolved
    not shown for lack of room: BEGAN, SEVERITY, TTR (a pipe and --json have every
    column)
    ");
    let (wide, _) = seen(&world, 80, &[("COLUMNS", "130")], &["list", "--no-pager"]);
    insta::assert_snapshot!(wide, @r"
    INCIDENT                                                  TITLE                             BEGAN       SEVERITY  STATUS    TTR
    2026-03-17-ingestion-delayed-by-a-migration-of-the-queue  Ingestion was delayed for three…  2026-03-17  sev2      resolved  3 h
    b                                                         Search was down                   2026-02-01  sev3      resolved  20 min
    ");
}

#[test]
#[cfg(unix)]
fn output_uses_the_pager_only_on_a_terminal() {
    let world = world();
    let pager = [("POSTHOC_PAGER", "sed s/^/paged:/")];
    let (shown, code) = seen(&world, 200, &pager, &["list"]);
    assert_eq!(
        (shown.lines().filter(|line| line.starts_with("paged:")).count(), code),
        (3, Some(0)),
        "{shown}"
    );
    assert!(!seen(&world, 200, &pager, &["list", "--no-pager"]).0.contains("paged:"));
    assert!(!seen(&world, 200, &pager, &["list", "--json"]).0.contains("paged:"));
    let off = [("POSTHOC_PAGER", ""), ("PAGER", "sed s/^/paged:/")];
    assert!(!seen(&world, 200, &off, &["list"]).0.contains("paged:"));
    // A pager that cannot be run costs nothing of the answer.
    assert!(
        seen(&world, 200, &[("PAGER", "no-such-program")], &["list"]).0.contains("Search was down")
    );
    // Leaving it early is no error, and what was found still decides the exit code.
    let (_, code) = seen(&world, 200, &[("PAGER", "true")], &["check", "--deny", "note"]);
    assert_eq!(code, Some(1));
    let output = world.command(&["list"]).env("POSTHOC_PAGER", "sed s/^/paged:/").output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stdout).contains("paged:"));
}

#[test]
#[cfg(unix)]
fn messages_are_printed_after_the_pager_exits() {
    let world = world();
    world.write(
        "incidents/c.yaml",
        "schema: posthoc/v1\nid: c\ntitle: C\nimpact:\n  windows: [{start: 2026-03-01T10:00Z}]\n",
    );
    let (shown, _) =
        seen(&world, 100, &[("PAGER", "sh -c 'sleep 0.3; cat; echo end-of-pager'")], &["check"]);
    let end = shown.find("end-of-pager").expect("the pager ran");
    assert!(shown.find("3 files:").is_some_and(|at| at > end), "{shown}");
}
