//! `check`, `rules`, `stats`, `formats`: what is found, and how it is written.

use crate::world::World;

const CONTRADICTORY: &str = "schema: posthoc/v1\nid: a\ntitle: A\nstatus: resolved\nmilestones:\n  impact_start: 2026-03-17T14:05Z\n  mitigated_at: 2026-03-17T13:00Z\n  resolved_at: 2026-03-17T15:00Z\nclaims: {duration: 5 hours}\n";

fn world() -> World {
    let world = World::new();
    world.write("incidents/a.yaml", CONTRADICTORY);
    world
}

#[test]
fn findings_have_their_line_and_decide_the_exit() {
    let world = world();
    insta::assert_snapshot!(world.run(&["check"]));
    assert!(world.run(&["check", "--format", "github"]).contains("::error file=incidents/a.yaml,line=7,"));
    assert_eq!(world.output(&["check", "--deny", "warning"]).status.code(), Some(1));
    world.write("incidents/a.yaml", "schema: posthoc/v1\nid: a\ntitle: A\nkind: near_miss\n");
    assert_eq!(world.output(&["check"]).status.code(), Some(0));
}

#[test]
fn a_file_that_cannot_be_read_is_bad_input_and_the_rest_is_still_checked() {
    let world = world();
    world.write("incidents/b.yaml", "schema: posthoc/v1\nid: b\ntitel: B\n");
    let shown = world.run(&["check"]);
    assert!(
        shown.contains("unknown key `titel`") && shown.contains("impossible-order") && shown.ends_with("exit 3\n"),
        "{shown}"
    );
}

#[test]
fn times_that_cannot_be_trusted_have_rules_of_their_own() {
    let world = World::new();
    let head = |id: &str| format!("schema: posthoc/v1\nid: {id}\ntitle: T\nkind: drill\n");
    world
        .write("incidents/a.yaml", head("a") + "milestones:\n  detected_at: 2023-06-11 15:06\n")
        .write("incidents/b.yaml", head("b") + "timeline:\n  - {at: 2023-06-11 15:06 IST, text: x}\n")
        .write(
            "incidents/c.yaml",
            head("c") + "summary: Since 15:06 CET.\nmilestones:\n  detected_at: 2023-06-11T13:06Z\n",
        );
    insta::assert_snapshot!(world.run(&["check"]), @r"
    ── stdout
    error: `detected_at`: `2023-06-11 15:06` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin [naive-time]
     --> incidents/a.yaml:6:16
      |
    6 |   detected_at: 2023-06-11 15:06
      |                ^^^^^^^^^^^^^^^^

    error: `at`: `IST` means more than one zone: India Standard Time (2023-06-11T09:36:00Z), or Irish Standard Time (2023-06-11T14:06:00Z), or Israel Standard Time (2023-06-11T13:06:00Z) [ambiguous-time]
     --> incidents/b.yaml:6:10
      |
    6 |   - {at: 2023-06-11 15:06 IST, text: x}
      |          ^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the offset, such as +01:00, or a place; or say `time_zone:` in the file

    warning: CET contradicts the season: the clock of Europe/Berlin is CEST then [season-mismatch]
     --> incidents/c.yaml:5:16
      |
    5 | summary: Since 15:06 CET.
      |                ^^^^^^^^^
      |
      = help: write CEST or Europe/Berlin if that clock was meant, and the offset if not
    ── stderr
    3 files: 2 errors, 1 warning, 0 notes
    ── exit 3
    ");
    let rules = |format: &str| {
        let json: serde_json::Value =
            serde_json::from_slice(&world.output(&["check", "--format", format]).stdout).expect("JSON");
        json
    };
    let told = rules("json");
    let told: Vec<&str> = told.as_array().unwrap().iter().filter_map(|finding| finding["rule"].as_str()).collect();
    assert_eq!(told, ["naive-time", "ambiguous-time", "season-mismatch"]);
    let sarif = rules("sarif");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.iter().map(|result| &result["ruleId"]).collect::<Vec<_>>(), told);
    let known = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(told.iter().all(|id| known.iter().any(|rule| rule["id"] == *id)));
    assert!(world.run(&["check", "--explain", "naive-time"]).contains("no `Z`, no offset, no zone"));
    // What can be read is a finding; what cannot is bad input.
    assert_eq!(world.output(&["check", "c", "--deny", "warning"]).status.code(), Some(1));
    assert_eq!(world.output(&["check", "c"]).status.code(), Some(0));
}

#[test]
fn json_and_sarif_say_the_same() {
    let world = world();
    let json: serde_json::Value = serde_json::from_slice(&world.output(&["check", "--json"]).stdout).expect("JSON");
    let sarif: serde_json::Value =
        serde_json::from_slice(&world.output(&["check", "--format", "sarif"]).stdout).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let findings = json.as_array().expect("findings");
    assert!(!findings.is_empty());
    assert_eq!(findings.len(), results.len());
    for (finding, result) in findings.iter().zip(results) {
        assert_eq!(finding["rule"], result["ruleId"]);
        assert_eq!(finding["severity"], result["level"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(finding["place"]["line"], region["startLine"]);
    }
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
    }
}

#[test]
fn every_rule_explains_itself() {
    let world = World::new();
    let rules: serde_json::Value = serde_json::from_slice(&world.output(&["rules", "--json"]).stdout).expect("JSON");
    let rules = rules.as_array().expect("rules");
    assert!(rules.len() >= 12, "a first dozen: {}", rules.len());
    for rule in rules {
        let id = rule["id"].as_str().expect("an id");
        let shown = world.run(&["check", "--explain", id]);
        assert!(shown.contains(id) && shown.ends_with("exit 0\n"), "{shown}");
    }
    insta::assert_snapshot!(world.run(&["check", "--explain", "imposible-order"]), @r"
    ── stderr
    error: no rule `imposible-order`
     |
     = help: did you mean `impossible-order`?
    ── exit 2
    ");
}

#[test]
fn the_examples_have_no_errors() {
    let root = env!("CARGO_MANIFEST_DIR");
    let world = World::new();
    let shown = world.run(&["-C", root, "check"]);
    assert!(shown.ends_with("exit 0\n"), "{shown}");
}

#[test]
fn statistics_as_table_json_and_csv() {
    let root = env!("CARGO_MANIFEST_DIR");
    let world = World::new();
    insta::assert_snapshot!(world.run(&["-C", root, "stats"]));
    insta::assert_snapshot!(world.run(&["-C", root, "stats", "--by", "year", "--metric", "ttr,reported"]));
    insta::assert_snapshot!(world.run(&["-C", root, "stats", "--format", "csv", "--by", "severity", "--metric", "ttr,impact"]), @r"
    ── stdout
    group,incidents,metric,known,by_fallback,uncertain,missing,contradictory,ongoing,median_s,median_low_s,median_high_s,p90_s,mean_s,largest_share,about,business_median_s,definition,definitions_version
    (no severity),5,ttr,4,1,1,1,0,0,,,,,,,2,,resolved_at − impact_start,1
    (no severity),5,impact,2,0,0,3,0,0,,,,,,,1,,length of the union of the impact windows,1
    ── exit 0
    ");
    let json: serde_json::Value =
        serde_json::from_slice(&world.output(&["-C", root, "stats", "--json"]).stdout).expect("JSON");
    assert_eq!(json["groups"][0]["incidents"], 5);
    insta::assert_snapshot!(world.run(&["stats", "--by", "colour"]), @r"
    ── stderr
    error: invalid value 'colour' for '--by <WHAT>': unknown value `colour`, expected one of: severity, service, team, cause, month, quarter, year

    For more information, try '--help'.
    ── exit 2
    ");
}

#[test]
fn lists_of_what_there_is() {
    let world = World::new();
    insta::assert_snapshot!(world.run(&["formats"]));
    insta::assert_snapshot!(world.run(&["templates"]), @r"
    ── stdout
    TEMPLATE  WHAT
    default   the whole record: a postmortem with timeline, figures, causes, lessons, follow-ups and
              sources
    brief     one page: summary, key facts, timeline, follow-ups
    ── exit 0
    ");
    insta::assert_snapshot!(world.run(&["--help"]));
    assert!(world.run(&["completions", "bash"]).contains("_posthoc"));
    assert!(world.run(&["man"]).contains(".TH posthoc 1"));
    assert!(world.run(&["man", "import"]).contains("\\-\\-into"));
}
