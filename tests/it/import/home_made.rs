//! Formats that nobody else has: found by their fields, or described in posthoc.toml.

use crate::support::world::World;

const ALERTS: &str = r#"{"data": {"alerts": [
  {"nr": 7, "firedAt": "2026-03-01 11:00:00", "closedAt": "2026-03-01 11:20:00", "rule": {"name": "Queue"}, "said": "Too long", "prio": "high"},
  {"nr": 8, "firedAt": "2026-03-01 11:05:00", "rule": {"name": "Mail"}, "said": "Waits", "prio": "low"}]}}"#;

const FORMAT: &str = "[formats.shop-alerts]\nrecords = \"data.alerts\"\ntime = \"firedAt\"\nend = \"closedAt\"\ntitle = \"rule.name\"\ntext = \"said\"\nid = \"nr\"\nseverity = \"prio\"\nzone = \"Europe/Berlin\"\n";

#[test]
fn a_described_format_is_read_by_its_name_and_by_itself() {
    let world = World::new();
    world.write("posthoc.toml", FORMAT).write("alerts.json", ALERTS);
    world.write("incidents/outage.yaml", "schema: posthoc/v1\nid: outage\ntitle: Slow\n");
    for arguments in [
        &["import", "alerts.json", "--into", "outage", "--format", "shop-alerts", "--dry-run"][..],
        &["import", "alerts.json", "--into", "outage"],
    ] {
        let shown = world.run(arguments);
        assert!(shown.contains("exit 0") && shown.contains("2 entries"), "{shown}");
    }
    let file = world.read("incidents/outage.yaml");
    assert!(file.contains("Queue: Too long") && file.contains("2026-03-01T10:00:00Z"), "{file}");
    let again = world.run(&["import", "alerts.json", "--into", "outage"]);
    assert!(again.contains("the same bytes are here already"), "{again}");
}

#[test]
fn what_is_wrong_with_a_description_names_the_key_and_the_record() {
    let world = World::new();
    world.write("alerts.json", ALERTS);
    world.write("incidents/outage.yaml", "schema: posthoc/v1\nid: outage\ntitle: Slow\n");
    world.write("posthoc.toml", FORMAT.replace("\"said\"", "\"message\""));
    let import =
        ["import", "alerts.json", "--into", "outage", "--format", "shop-alerts", "--dry-run"];
    let shown = world.run(&import);
    assert!(
        shown.contains(
            "formats.shop-alerts.text of posthoc.toml is `message`, and no record has a value there"
        ),
        "{shown}"
    );
    world.write("posthoc.toml", FORMAT.replace("time = \"firedAt\"", "time = \"rule.name\""));
    let shown = world.run(&import);
    assert!(
        shown.contains("`formats.shop-alerts.time: rule.name` was ignored: `Queue` is not a time"),
        "{shown}"
    );
    assert!(shown.contains("alerts.json:2:"), "{shown}");
}

#[test]
fn a_proposed_format_can_be_pasted() {
    let world = World::new();
    world.write("alerts.json", ALERTS);
    world.write("incidents/outage.yaml", "schema: posthoc/v1\nid: outage\ntitle: Slow\n");
    let output =
        world.output(&["formats", "try", "alerts.json", "--name", "mine", "--zone", "UTC"]);
    let proposed = String::from_utf8_lossy(&output.stdout).into_owned();
    insta::assert_snapshot!(proposed, @r#"
    [formats.mine]
    kind = "entries"
    records = "data.alerts"
    time = "firedAt"
    end = "closedAt"
    title = "rule.name"
    text = "said"
    # This reads 2 entries:
    # 2026-03-01T11:00:00Z until 2026-03-01T11:20:00Z note Queue: Too long
    # 2026-03-01T11:05:00Z note Mail: Waits
    "#);
    world.write("posthoc.toml", &proposed);
    let shown = world.run(&[
        "import",
        "alerts.json",
        "--into",
        "outage",
        "--zone",
        "UTC",
        "--format",
        "mine",
    ]);
    assert!(shown.contains("exit 0") && shown.contains("2 entries"), "{shown}");
}

#[test]
fn a_home_made_list_of_incidents_makes_a_file_for_each() {
    let world = World::new();
    world.write("incidents.json", r#"[
      {"id": "a-1", "service": "Shop", "status": "down", "started_at": "2026-03-01T10:00:00Z", "resolved_at": "2026-03-01T10:30:00Z", "message": "HTTP 502"},
      {"id": "a-2", "service": "Mail", "status": "down", "started_at": "2026-03-02T10:00:00Z", "resolved_at": null, "message": "timeout"}]"#);
    let shown = world.run(&["import", "incidents.json"]);
    assert!(shown.contains("2 created"), "{shown}");
    let again = world.run(&["import", "incidents.json"]);
    assert!(again.contains("0 created, 0 extended, 2 unchanged"), "{again}");
    let list = world.run(&["list"]);
    insta::assert_snapshot!(list, @"
    ── stdout
    INCIDENT	TITLE	BEGAN	SEVERITY	STATUS	TTR
    2026-03-02-mail-timeout	Mail: timeout	2026-03-02		unknown	
    2026-03-01-shop-http-502	Shop: HTTP 502	2026-03-01		resolved	30 min
    ── exit 0
    ");
}

#[test]
fn metrics_of_another_time_are_reported_and_the_caption_says_so() {
    let world = World::new();
    world.write(
        "incidents/outage.yaml",
        "schema: posthoc/v1\nid: outage\ntitle: Slow\nmilestones:\n  impact_start: { at: 2026-03-02T10:00:00Z }\n  impact_end: { at: 2026-03-02T11:00:00Z }\n",
    );
    world.write(
        "load.csv",
        "time,load\n2026-03-01T10:00:00Z,1\n2026-03-01T10:01:00Z,2\n2026-03-01T10:02:00Z,3\n",
    );
    let shown = world.run(&["import", "load.csv", "--into", "outage"]);
    assert!(shown.contains("all samples of S1 are from before the incident"), "{shown}");
    let report = world.run(&["render", "outage", "--to", "md", "--out", "-"]);
    assert!(report.contains("All samples are from before the impact."), "{report}");
}

#[test]
fn a_saved_metrics_text_is_of_the_time_that_a_person_names() {
    let world = World::new();
    world.write("incidents/outage.yaml", "schema: posthoc/v1\nid: outage\ntitle: Slow\n");
    world.write("metrics.prom", "# TYPE queue gauge\nqueue 7\n");
    let shown = world.run(&["import", "metrics.prom", "--into", "outage"]);
    assert!(shown.contains("say which with --taken TIME") && shown.contains("exit 3"), "{shown}");
    let shown = world.run(&[
        "import",
        "metrics.prom",
        "--into",
        "outage",
        "--taken",
        "2026-03-01T10:00:00Z",
    ]);
    assert!(shown.contains("exit 0"), "{shown}");
    assert!(world.read("incidents/outage.yaml").contains("retrieved_at: 2026-03-01T10:00:00Z"));
}

#[test]
fn evidence_is_not_stored_where_the_settings_say_so() {
    let world = World::new();
    world.write("posthoc.toml", "store_evidence = false\n");
    world.write("incidents/outage.yaml", "schema: posthoc/v1\nid: outage\ntitle: Slow\n");
    world.write(
        "log.jsonl",
        "{\"ts\": \"2026-03-01T10:00:00Z\", \"level\": \"error\", \"msg\": \"Timeout\"}\n",
    );
    let shown = world.run(&["import", "log.jsonl", "--into", "outage"]);
    assert!(shown.contains("1 entry") && shown.contains("exit 0"), "{shown}");
    let file = world.read("incidents/outage.yaml");
    assert!(file.contains("sha256:") && !file.contains("path:"), "{file}");
    assert!(
        world.files().iter().all(|(name, _)| !name.contains("evidence")),
        "{:?}",
        world.files()
    );
    assert!(
        world
            .run(&["import", "log.jsonl", "--into", "outage"])
            .contains("the same bytes are here already")
    );
    assert!(world.run(&["verify"]).contains("exit 0"));
}
