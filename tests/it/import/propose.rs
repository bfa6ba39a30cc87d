//! `posthoc import --propose`, `--set`, and the team's own words.

use crate::support::world::World;

const OUTAGE: &str = "# Search was down\n\nDate: 2026-03-17. All times UTC.\n\n## Summary\n\nThe Search API answered with errors.\n\n## Timeline\n\n- 10:00 Start of incident. A new version is out.\n- 10:05 The pager went off.\n- 10:07 First alert fires.\n- 10:20 The cause was identified: a bad setting.\n- 10:40 Everything is back to normal.\n";

fn world() -> World {
    let world = World::new();
    world.write("outage.md", OUTAGE).write(
        "posthoc.toml",
        "[services]\nsearch = ['search api']\nweb = []\n[writeups.words]\ndetected_at = ['pager went off']\n",
    );
    world
}

#[test]
fn proposal_lists_value_line_and_confidence() {
    let world = world();
    let before = world.files();
    insta::assert_snapshot!(world.run(&["import", "--propose", "outage.md"]), @"
    ── stdout
    FIELD	SURE	FOUND	WHERE	OR
    title	stated	Search was down	L1	
    date	stated	2026-03-17	L3	
    time_zone	stated	UTC	L3	
    severity	missing			
    services	derived	search	L1 “Search was down”	
    milestones.trigger_at	missing			
    milestones.impact_start	derived	2026-03-17T10:00Z	L11 “Start of incident”	
    milestones.detected_at	derived	2026-03-17T10:05Z	L12 “pager went off”	
    milestones.acknowledged_at	missing			
    milestones.declared_at	missing			
    milestones.first_notice_at	missing			
    milestones.identified_at	derived	2026-03-17T10:20Z	L14 “cause was identified”	
    milestones.mitigated_at	missing			
    milestones.impact_end	derived	2026-03-17T10:40Z	L15 “Everything is back to normal”	
    milestones.resolved_at	missing			
    summary	stated	The Search API answered with errors.	L7	
    trigger	missing			
    root_causes	missing			
    resolution	missing			
    claims.duration	missing
    ── stderr
    outage.md: Search was down
    ── exit 0
    ");
    let json = world.run(&["import", "--propose", "outage.md", "--json"]);
    assert!(json.contains("\"field\": \"milestones.detected_at\""), "{json}");
    assert!(json.contains("\"sure\": \"derived\"") && json.contains("\"line\": 12"), "{json}");
    world.assert_same(&before);
}

#[test]
fn chosen_value_is_applied() {
    let world = world();
    let set = ["--set", "milestones.detected_at=L13", "--set", "services=search"];
    let import = ["import", "outage.md"];
    assert!(world.run(&[&import[..], &set].concat()).contains("1 created"));
    let file = world.read("incidents/2026-03-17-search-was-down.yaml");
    assert!(file.contains("detected_at:\n    at: 2026-03-17T10:07Z"), "{file}");
    assert_eq!(file.matches("milestone: detected_at").count(), 1, "{file}");
    assert!(file.contains("services: [search]") || file.contains("services:\n- search"), "{file}");
    insta::assert_snapshot!(
        world.run(&["import", "outage.md", "--set", "milestones.detected_at=L3"]), @"
    ── stderr
    error: --set: line 3 has no time; these have one: L11, L12, L13, L14, L15
     |
     = help: --propose lists the fields with their lines
    ── exit 2
    "
    );
    insta::assert_snapshot!(world.run(&["import", "outage.md", "--set", "summary=x"]), @"
    ── stderr
    error: --set: `summary` cannot be set, expected title, severity, services or milestones.NAME
     |
     = help: --propose lists the fields with their lines
    ── exit 2
    ");
}

#[test]
fn own_team_statements_take_precedence() {
    let world = world();
    assert!(world.run(&["import", "outage.md"]).contains("1 created"));
    let file = world.read("incidents/2026-03-17-search-was-down.yaml");
    assert!(file.contains("detected_at:\n    at: 2026-03-17T10:05Z"), "{file}");
}
