//! Incidents as tables for other programs.

use crate::support::world::World;

#[test]
fn tables_are_written_as_csv_and_as_json_lines() {
    let world = World::new();
    world.write("posthoc.toml", "").write(
        "incidents/torn.yaml",
        "schema: posthoc/v1\nid: torn\ntitle: \"=HYPERLINK(\\\"x\\\")\"\nservices: [api, web]\nmilestones:\n  \
         impact_start: 2026-03-17T14:05Z..2026-03-17T14:06Z\n  resolved_at: ~2026-03-17T15:00Z\nimpact:\n  windows:\n    \
         - {start: 2026-03-17T14:05Z, level: full, components: [api]}\ntimeline:\n  \
         - {at: 2026-03-17T14:09Z, kind: alert, text: \"-1+2\\nSecond line\", milestone: detected_at}\naction_items:\n  \
         - {text: Add an alert, owner: ana, due: 2026-04-01, status: done}\n",
    );
    world.write("incidents/blank.yaml", "schema: posthoc/v1\nid: blank\ntitle: Blank\n");
    insta::assert_snapshot!(world.run(&["export", "--to", "csv,ndjson", "--out", "tables"]), @"
    ── stdout
    tables/incidents.csv
    tables/incidents.ndjson
    tables/milestones.csv
    tables/milestones.ndjson
    tables/durations.csv
    tables/durations.ndjson
    tables/windows.csv
    tables/windows.ndjson
    tables/updates.csv
    tables/updates.ndjson
    tables/action_items.csv
    tables/action_items.ndjson
    ── exit 0
    ");
    for (name, expected) in
        [("incidents", 2), ("milestones", 3), ("windows", 1), ("updates", 1), ("action_items", 1)]
    {
        let csv = world.read(&format!("tables/{name}.csv"));
        assert_eq!(csv.lines().count(), expected + 1, "{name}: {csv}");
        let lines = world.read(&format!("tables/{name}.ndjson"));
        assert_eq!(lines.lines().count(), expected, "{name}: {lines}");
    }
    insta::assert_snapshot!(world.read("tables/incidents.csv"), @r#"
    id,title,kind,severity,status,review,services,teams,regions,tags,time_zone,occurred_earliest,occurred_latest,duplicate_of,parent,recurrence_of,caused_by,root_cause_categories,summary,definitions
    blank,Blank,incident,,,draft,,,,,,,,,,,,,,
    torn,"'=HYPERLINK(""x"")",incident,,resolved,draft,api; web,,,,,2026-03-17T14:05:00Z,2026-03-17T14:06:00Z,,,,,,,
    "#);
    insta::assert_snapshot!(world.read("tables/milestones.csv"), @"
    incident,name,earliest,latest,precision,about,basis,source,note
    torn,impact_start,2026-03-17T14:05:00Z,2026-03-17T14:06:00Z,minute,false,observed,,
    torn,detected_at,2026-03-17T14:09:00Z,2026-03-17T14:09:00Z,minute,false,alert,,
    torn,resolved_at,2026-03-17T15:00:00Z,2026-03-17T15:00:00Z,minute,true,observed,,
    ");
    insta::assert_snapshot!(world.read("tables/updates.csv"), @"
    incident,number,earliest,latest,precision,about,kind,state,milestone,actor,visibility,hidden,source,text
    torn,1,2026-03-17T14:09:00Z,2026-03-17T14:09:00Z,minute,false,alert,,detected_at,,internal,false,,'-1+2 Second line
    ");
    insta::assert_snapshot!(world.read("tables/windows.ndjson"), @r#"{"components":["api"],"counted_until":null,"end_earliest":"2026-03-17T15:00:00Z","end_latest":"2026-03-17T15:00:00Z","implied":false,"incident":"torn","level":"full","number":1,"source":null,"start_earliest":"2026-03-17T14:05:00Z","start_latest":"2026-03-17T14:05:00Z"}"#);
    let durations = world.read("tables/durations.ndjson");
    let ttr = durations.lines().find(|line| line.contains("\"ttr\"") && line.contains("torn"));
    insta::assert_snapshot!(ttr.expect("a duration"), @r#"{"about":true,"definitions_version":1,"formula":"resolved_at − impact_start","incident":"torn","is_ongoing":false,"max_seconds":3300.0,"min_seconds":3240.0,"name":"ttr","precision":"minute","reason":null,"so_far_max_seconds":null,"so_far_min_seconds":null}"#);
}
