//! `posthoc.toml` decides what the numbers mean, whom they believe, and which files they mix; and a
//! milestone comes from its evidence.

use crate::support::world::World;

const TORN: &str = "\
schema: posthoc/v1
id: torn
title: Torn
status: resolved
services: [api]
severity: p2
milestones:
  impact_start: 2026-03-17T14:05Z
  resolved_at: 2026-03-17T19:05Z
timeline:
  - {at: 2026-03-17T14:21Z, kind: status_update, state: investigating, visibility: public, text: We see errors., source: S2#u1, milestone: detected_at}
  - {at: 2026-03-17T14:09Z, kind: alert, visibility: public, text: The lag alert fired., source: S1#a, milestone: detected_at}
  - {at: 2026-03-17T14:12Z, kind: message, visibility: restricted, text: A customer called., source: S3, milestone: detected_at}
  - {at: 2026-03-17T14:40Z, kind: message, text: It works again., source: S3, milestone: mitigated_at, hidden: true}
sources:
  S1: {format: alerts}
  S2: {format: status}
  S3: {format: chat}
";

fn world(settings: &str) -> World {
    let world = World::new();
    world.write("posthoc.toml", settings);
    world.write("incidents/torn.yaml", TORN);
    world
}

fn view(world: &World) -> serde_json::Value {
    serde_json::from_slice(
        &world.output(&["show", "torn", "--audience", "restricted", "--json"]).stdout,
    )
    .expect("JSON")
}

#[test]
fn unstated_milestone_comes_from_evidence_and_output_names_it() {
    let world = world("");
    let shown = world.run(&["show", "torn", "--audience", "restricted"]);
    let tables = shown.split("\nwarning:").next().expect("the tables");
    insta::assert_snapshot!(tables, @r"
    ── stdout
    Torn
    torn · incident · p2 · resolved · draft · api

    MILESTONE	AT	BASIS	SOURCE
    impact_start	2026-03-17 14:05 UTC	observed	
    detected_at	2026-03-17 14:09 UTC	alert	S1#a; chat S3 says 14:12, 3 min later; status page S2#u1 says 14:21, 12 min later
    resolved_at	2026-03-17 19:05 UTC	observed	

    DURATION	VALUE	DEFINITION
    TTD	4 min	detected_at − impact_start, floor 0
    TTA	— acknowledged_at is unknown	acknowledged_at − detected_at
    TTN	— first_notice_at is unknown	first_notice_at − impact_start, floor 0
    TTI	— identified_at is unknown	identified_at − detected_at
    TTM	— mitigated_at is unknown	mitigated_at − impact_start
    TTR	5 h	resolved_at − impact_start
    RESTORE	— impact_end is unknown	impact_end − impact_start
    REPAIR	— impact_end is unknown	impact_end − detected_at
    RESPONSE	— declared_at is unknown	resolved_at − declared_at
    REPORTED	— first_notice_at is unknown	resolved_at − first_notice_at
    IMPACT	— no impact window is known	length of the union of the impact windows
    UNDETECTED	— no impact window is known	part of the union of the impact windows before detected_at
    FDRT	— the type of the trigger is unknown	impact_end − trigger.deployed_at, where the trigger is a deployment
    ");
    let view = view(&world);
    let detected = &view["milestones"]["detected_at"];
    assert_eq!(
        (detected["at"].as_str(), detected["basis"].as_str()),
        (Some("2026-03-17T14:09:00Z"), Some("alert"))
    );
    let evidence = &detected["evidence"];
    let testimony = |one: &serde_json::Value| {
        let text = |field: &str| one[field].as_str().unwrap_or("null").to_owned();
        format!("{} {} {} {}", text("at"), text("witness"), text("source"), one["entry"])
    };
    assert_eq!(testimony(&evidence["chosen"]), "2026-03-17T14:09:00Z alert S1#a 1");
    let list = |field: &str| {
        evidence[field].as_array().expect("a list").iter().map(testimony).collect::<Vec<_>>()
    };
    let (page, chat) =
        ("2026-03-17T14:21:00Z status_page S2#u1 0", "2026-03-17T14:12:00Z chat S3 2");
    assert_eq!(list("candidates"), ["2026-03-17T14:09:00Z alert S1#a 1", chat, page]);
    assert_eq!(list("disagree"), [chat, page]);
    assert!(view["milestones"]["mitigated_at"].is_null(), "what is hidden proves nothing");
    assert_eq!(view["durations"]["ttd"]["seconds"], 240);

    world.run(&["render", "torn", "--audience", "restricted", "--to", "md,html"]);
    let stated = "an alert, [S1](#sources); chat S3 says 14:12, 3 min later; status page S2#u1 says 14:21, 12 min later";
    assert!(
        world.read("out/torn.restricted.md").contains(stated),
        "{}",
        world.read("out/torn.restricted.md")
    );
    assert!(
        world
            .read("out/torn.restricted.html")
            .contains("status page S2#u1 says 14:21, 12 min later")
    );
    // Others do not read of an entry that they may not read, and the public not from whom it is.
    world.run(&["render", "torn", "--audience", "public", "--to", "md,json"]);
    let (markdown, json) = (world.read("out/torn.public.md"), world.read("out/torn.public.json"));
    assert!(!markdown.contains("14:12") && !json.contains("14:12"), "{markdown}{json}");
    assert!(!markdown.contains("S2#u1") && !json.contains("S2#u1"), "{markdown}{json}");
    let view: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let disagree = &view["milestones"]["detected_at"]["evidence"]["disagree"];
    assert_eq!(
        (&disagree[0]["at"], &disagree[0]["source"]),
        (&"2026-03-17T14:21:00Z".into(), &serde_json::Value::Null)
    );
    let json: serde_json::Value =
        serde_json::from_slice(&world.output(&["stats", "--json"]).stdout).expect("JSON");
    assert_eq!(
        json["groups"][0]["metrics"][2]["summary"]["values"][0]["seconds"], 240.0,
        "in aggregates too"
    );
}

#[test]
fn trust_order_is_configurable() {
    let world = world("[definitions]\ntrust = [\"status_page\", \"chat\"]\ntolerance = \"10m\"\n");
    let view = view(&world);
    let detected = &view["milestones"]["detected_at"];
    assert_eq!(detected["evidence"]["chosen"]["witness"], "status_page");
    assert_eq!(
        detected["evidence"]["disagree"].as_array().map(Vec::len),
        Some(1),
        "nine minutes are within ten"
    );
    assert_eq!(view["durations"]["ttd"]["seconds"], 16 * 60);
}

#[test]
fn business_hours_are_shown_next_to_wall_clock_time() {
    let hours = "[definitions.business_hours]\nzone = \"Europe/Berlin\"\nfrom = \"08:00\"\nto = \"18:00\"\nholidays = [\"2026-03-18\"]\n";
    let world = world(hours);
    let ttr = view(&world)["durations"]["ttr"].clone();
    assert_eq!(ttr["seconds"], 5 * 3600);
    assert_eq!(
        ttr["business"],
        serde_json::json!({
            "seconds": 10_500, "min_seconds": 10_500, "max_seconds": 10_500, "precision": "minute",
            "calendar": "Mon–Fri 08:00–18:00 Europe/Berlin without 1 holiday", "text": "2 h 55 min",
        })
    );
    let shown = world.run(&["show", "torn"]);
    assert!(shown.contains("BUSINESS HOURS") && shown.contains("2 h 55 min"), "{shown}");
    world.run(&["render", "torn", "--to", "md"]);
    let report = world.read("out/torn.md");
    assert!(
        report.contains(
            "| Time to resolve | 5 h | 2 h 55 min | from the start of impact to resolution |"
        ),
        "{report}"
    );
    assert!(
        report.contains("Business hours are Mon–Fri 08:00–18:00 Europe/Berlin without 1 holiday."),
        "{report}"
    );
    insta::assert_snapshot!(world.run(&["stats", "--metric", "ttr"]), @"
    ── stdout
    METRIC	KNOWN	MEDIAN	INTERVAL	P90	P90 INTERVAL	MEAN	LARGEST	MEAN INTERVAL
    TTR	1 of 1	5 h						
    TTR in business hours	1 of 1	2 h 55 min						

    1 incident (p2 1); how long the impact lasted is unknown
    TTR = resolved_at − impact_start
    business hours: Mon–Fri 08:00–18:00 Europe/Berlin without 1 holiday
    ── exit 0
    ");
    // Invalid hours are reported with their place.
    world.write("posthoc.toml", hours.replace("18:00", "8 pm"));
    let printed = world.run(&["stats"]);
    assert!(
        printed.contains("`8 pm` is not a time such as 09:00") && printed.contains("posthoc.toml"),
        "{printed}"
    );
}

#[test]
fn incidents_pinned_to_other_definitions_are_listed_and_not_mixed() {
    let world = world(
        "[definitions]\nversion = 2\nseverities = [\"p1\", \"p2\"]\n[definitions.durations]\nttr = { start = \"detected_at\", end = \"resolved_at\" }\n",
    );
    let pinned = |id: &str, version: u32| {
        TORN.replace("id: torn", &format!("id: {id}\ndefinitions: {version}"))
    };
    world.write("incidents/old-a.yaml", pinned("old-a", 1));
    world.write("incidents/old-b.yaml", pinned("old-b", 1));
    world.write("incidents/new.yaml", pinned("new", 2));
    insta::assert_snapshot!(world.run(&["stats", "--metric", "ttr", "--by", "severity"]), @"
    ── stdout
    GROUP	METRIC	KNOWN	MEDIAN	INTERVAL	P90	P90 INTERVAL	MEAN	LARGEST	MEAN INTERVAL
    p2	TTR	2 of 2	4 h 56 min, 4 h 56 min						

    p2: 2 incidents; how long the impact lasted is unknown
    TTR = resolved_at − detected_at
    definitions: version 2
    left out: 2 files pinned to version 1: old-a, old-b
    ── exit 0
    ");
    let json: serde_json::Value =
        serde_json::from_slice(&world.output(&["stats", "--json"]).stdout).expect("JSON");
    assert_eq!(
        json["other_definitions"],
        serde_json::json!([{ "version": 1, "incidents": ["old-a", "old-b"] }])
    );
    assert_eq!(
        (&json["groups"][0]["incidents"], &json["definitions_version"]),
        (&2.into(), &2.into())
    );
    assert_eq!(json["definitions"]["ttr"], "resolved_at − detected_at");
    let csv = world.run(&["stats", "--format", "csv", "--metric", "ttr"]);
    assert!(csv.contains(",resolved_at − detected_at,2,"), "{csv}");

    let named = "file is pinned to version 1 of the definitions; its numbers here are computed with version 2";
    assert!(world.run(&["show", "old-a"]).contains(named));
    assert!(!world.run(&["show", "new"]).contains("pinned"));
    world.run(&["render", "old-a", "--to", "md,json"]);
    assert!(
        world.read("out/old-a.md").contains(&format!("The {named}.")),
        "{}",
        world.read("out/old-a.md")
    );
    let view: serde_json::Value =
        serde_json::from_str(&world.read("out/old-a.json")).expect("JSON");
    assert_eq!(
        (&view["definitions"]["version"], &view["definitions"]["pinned"]),
        (&2.into(), &1.into())
    );
    assert_eq!(view["durations"]["ttr"]["definition"], "resolved_at − detected_at");
}

#[test]
fn import_marks_evidence_and_is_idempotent() {
    let world = World::new();
    let alert = |id: &str, minute: u32| {
        format!(
            "{{\"labels\":{{\"alertname\":\"{id}\"}},\"annotations\":{{}},\"startsAt\":\"2026-03-17T14:{minute:02}:00Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"fingerprint\":\"{id}\",\"status\":{{\"state\":\"active\",\"silencedBy\":[],\"inhibitedBy\":[]}}}}"
        )
    };
    // Until the alerts came, the chat was the best witness.
    world.write("incidents/torn.yaml", TORN.replace("S1#a, milestone: detected_at", "S1#a"));
    world.write("alerts.json", format!("[{},{}]", alert("late", 20), alert("early", 8)));
    insta::assert_snapshot!(world.run(&["import", "alerts.json", "--into", "torn"]), @"
    ── stdout
    extended  incidents/torn.yaml  (1 source, 2 entries, 0 milestones)
    ── stderr
    note: detected_at moves from 2026-03-17T14:12Z to 2026-03-17T14:08:00Z, as alert S4#early-1773756480-fired says
     --> incidents/torn.yaml
    ── exit 0
    ");
    let file = world.read("incidents/torn.yaml");
    assert_eq!(
        file.matches("milestone: detected_at").count(),
        3,
        "of the alerts only the first: {file}"
    );
    assert!(!file.contains("  detected_at:"), "its mark sets it: {file}");
    assert_eq!(view(&world)["milestones"]["detected_at"]["at"], "2026-03-17T14:08:00Z");
    let before = world.files();
    world.run(&["import", "alerts.json", "--into", "torn"]);
    world.assert_same(&before);
}
