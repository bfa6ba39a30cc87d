//! Time between failures, objectives for availability, and the period that the sources cover.

use crate::support::world::World;

const OBJECTIVES: &str = "\
[objectives.always]
service = \"api\"
target = 99.5
window = \"4w\"

[objectives.office]
service = \"api\"
target = 99
window = \"month\"
hours = { zone = \"UTC\", days = [\"Mon\", \"Tue\", \"Wed\", \"Thu\", \"Fri\"], from = \"08:00\", to = \"18:00\" }

[objectives.search]
service = \"search\"
target = 99.9
";

/// Three failures of `api` before the clock of the tests, 1 April 2026 at noon, and a maintenance.
fn world(settings: &str) -> World {
    let world = World::new();
    world.write("posthoc.toml", settings);
    let file = |id: &str, more: &str, start: &str, end: &str| {
        world.write(
            &format!("incidents/{id}.yaml"),
            format!(
                "schema: posthoc/v1\nid: {id}\ntitle: {id}\nservices: [api]\n{more}impact:\n  windows:\n    - {{start: {start}, end: {end}}}\n"
            ),
        );
    };
    // A Tuesday; half of it is within office hours.
    file("one", "", "2026-03-10T17:00Z", "2026-03-10T19:00Z");
    file("two", "", "2026-03-20T08:00Z", "2026-03-20T08:30Z");
    // Overlaps the one before, and the maintenance.
    file("three", "", "2026-03-20T08:15Z", "2026-03-20T09:30Z");
    file("four", "", "2026-03-30T22:00Z..2026-03-30T22:10Z", "2026-03-30T23:00Z");
    file("upgrade", "kind: maintenance\n", "2026-03-20T09:00Z", "2026-03-20T10:00Z");
    world
}

fn lines(world: &World, arguments: &[&str], prefix: &str) -> String {
    let output = world.run(&[&["stats", "--metric", "ttr"], arguments].concat());
    // A note continues in lines that are indented.
    let mut lines = Vec::new();
    let mut is_wanted = false;
    for line in output.lines() {
        if !line.starts_with(' ') {
            is_wanted = line.starts_with(prefix);
        }
        if is_wanted {
            lines.push(line);
        }
    }
    lines.join("\n")
}

#[test]
fn time_since_the_last_failure_is_censored() {
    let world = world("");
    insta::assert_snapshot!(lines(&world, &[], "time between"), @"
    time between failures: api: 3 failures; ~37 h so far, ~9 d 13 h, ~10 d 12 h 35 min; none since the
      last until 2026-04-01 12:00 UTC
    ");
    let between = |arguments: &[&str]| -> serde_json::Value {
        let output = world.output(&[&["stats", "--json"], arguments].concat());
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        answer["between_failures"][0].clone()
    };
    let all = between(&[]);
    assert_eq!((&all["summary"]["n"], &all["summary"]["censored"]), (&3.into(), &1.into()));
    assert_eq!(all["without_failure_until"], "2026-04-01T12:00:00Z");
    // The end of the period, where that is before now.
    let until = between(&["--until", "2026-03-25"]);
    assert_eq!(until["without_failure_until"], "2026-03-26T00:00:00Z");
    assert_eq!(until["summary"]["values"][0]["so_far"], true, "{until}");
    // A failure that is ongoing has no time after it.
    world.write(
        "incidents/five.yaml",
        "schema: posthoc/v1\nid: five\ntitle: Five\nservices: [api]\nstatus: ongoing\nmilestones: {impact_start: 2026-04-01T08:00Z}\n",
    );
    let ongoing = between(&[]);
    assert_eq!(ongoing["without_failure_until"], serde_json::Value::Null);
    assert_eq!((&ongoing["summary"]["n"], &ongoing["summary"]["censored"]), (&3.into(), &0.into()));
}

#[test]
fn objectives_show_availability_and_error_budget() {
    let world = world(OBJECTIVES);
    insta::assert_snapshot!(lines(&world, &[], "objective"), @"
    objective always: api: available 99.403–99.428 % from 2026-03-04 12:00 UTC to 2026-04-01 12:00 UTC
      (28d), target 99.5 %; 3 h 50 min – 4 h of 3 h 21 min 18 s used (114.2–119.2 % of the error
      budget); 1 h of maintenance left out
    objective office: api: available 100.000 % from 2026-04-01 00:00 UTC to 2026-04-01 12:00 UTC
      (month), target 99 %; nothing of 2 h 12 min used (0.0 % of the error budget); within Mon–Fri
      08:00–18:00 UTC
    objective search: search: no incident names this service
    ");
    insta::assert_snapshot!(lines(&world, &["--until", "2026-03-31"], "objective office"), @"
    objective office: api: available 99.086 % from 2026-03-01 00:00 UTC to 2026-04-01 00:00 UTC (month),
      target 99 %; 2 h of 2 h 11 min 24 s used (91.3 % of the error budget); 1 h of maintenance left
      out; within Mon–Fri 08:00–18:00 UTC
    ");
    insta::assert_snapshot!(lines(&world, &["--severity", "unknown"], "objective"), @"objectives: not measured, since a filter leaves incidents out");
    let output = world.output(&["stats", "--json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let always = &answer["objectives"][0];
    // 120 + 60 minutes without the maintenance, and 50 to 60.
    assert_eq!(always["down_min_seconds"], (120.0 + 60.0 + 50.0) * 60.0);
    assert_eq!(always["down_max_seconds"], 240.0 * 60.0);
    assert_eq!(always["maintenance_seconds"], 3600.0);
    assert_eq!(always["measured_seconds"], (28.0 * 24.0 - 1.0) * 3600.0);
}

#[test]
fn mistakes_in_objectives_name_file_and_line() {
    let world = world(
        "[objectives.a]\nservice = \"api\"\ntarget = 100\n[objectives.b]\ntarget = 99.9\nwindow = \"1h\"\n",
    );
    insta::assert_snapshot!(world.run(&["stats"]), @r#"
    ── stderr
    error: `target`: a target of 100 % is not above 0 and below 100, such as 99.9
     --> posthoc.toml:3:10
      |
    3 | target = 100
      |          ^^^
    error: `service` is missing
     --> posthoc.toml:4:1
      |
    4 | [objectives.b]
      | ^^^^^^^^^^^^^^
    error: `window`: `1h` is not a window; write 30d, 4w, month, quarter or year
     --> posthoc.toml:6:10
      |
    6 | window = "1h"
      |          ^^^^
    ── exit 3
    "#);
}

#[test]
fn records_of_a_source_cover_a_part_of_the_period() {
    let world = World::new();
    world.write("posthoc.toml", "");
    for (id, day) in [("a", 3), ("b", 20)] {
        world.write(
            &format!("incidents/{id}.yaml"),
            format!(
                "schema: posthoc/v1\nid: {id}\ntitle: {id}\nmilestones: {{first_notice_at: 2026-02-{day:02}T00:00Z}}\n\
                 sources:\n  S1: {{format: statuspage-v2, record: r{id}, url: 'https://status.example.com/x', retrieved_at: 2026-02-25T00:00:00Z}}\n"
            ),
        );
    }
    insta::assert_snapshot!(lines(&world, &["--since", "2026-02", "--until", "2026-02"], "records"), @"
    records of status.example.com: from 2026-02-03 00:00 UTC to 2026-02-25 00:00 UTC, 78.5 % of the
      period; nothing is recorded outside of it
    ");
    insta::assert_snapshot!(lines(&world, &["--since", "2026-02-10", "--until", "2026-02-20"], "records"), @"
    records of status.example.com: from 2026-02-03 00:00 UTC to 2026-02-25 00:00 UTC, 100 % of the
      period; nothing is recorded outside of it
    ");
    assert_eq!(lines(&world, &[], "records"), "", "no period was asked for");
}
