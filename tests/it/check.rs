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
fn kept_files_that_are_gone_or_changed_are_found() {
    let world = World::new();
    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"; // of "hello"
    let sources: String =
        ["S1", "S2", "S3"].map(|key| format!("  {key}: {{path: evidence/a/{key}.txt, sha256: {hash}}}\n")).concat();
    world.write("incidents/a.yaml", format!("schema: posthoc/v1\nid: a\ntitle: A\nkind: drill\nsources:\n{sources}"));
    world.write("evidence/a/S1.txt", "hello");
    world.write("evidence/a/S2.txt", "hello!");
    insta::assert_snapshot!(world.run(&["check"]), @r"
    ── stdout
    error: the kept file of S2 is no longer what was imported: evidence/a/S2.txt [evidence-changed]
     --> incidents/a.yaml:7:41
      |
    7 | ...txt, sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824}
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: take it back from version control; what was learned since belongs into another source

    error: the kept file of S3 is not there: evidence/a/S3.txt [evidence-changed]
     --> incidents/a.yaml:8:14
      |
    8 |   S3: {path: evidence/a/S3.txt, sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043...
      |              ^^^^^^^^^^^^^^^^^
      |
      = help: take it back from version control, or take `path` and `sha256` out of the source
    ── stderr
    1 file: 2 errors, 0 warnings, 0 notes
    ── exit 1
    ");
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
    group,incidents,metric,known,by_fallback,uncertain,missing,contradictory,ongoing,median_s,median_low_s,median_high_s,p90_s,mean_s,largest_share
    (no severity),5,ttr,4,1,1,1,0,0,,,,,,
    (no severity),5,impact,2,0,0,3,0,0,,,,,,
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
