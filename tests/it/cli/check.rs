//! `check`, `rules`, `formats`: what is found, and how it is written.

use crate::support::world::World;

const CONTRADICTORY: &str = "schema: posthoc/v1\nid: a\ntitle: A\nstatus: resolved\nmilestones:\n  impact_start: 2026-03-17T14:05Z\n  mitigated_at: 2026-03-17T13:00Z\n  resolved_at: 2026-03-17T15:00Z\nclaims: {duration: 5 hours}\n";

fn world() -> World {
    let world = World::new();
    world.write("incidents/a.yaml", CONTRADICTORY);
    world
}

#[test]
fn findings_show_their_line_and_decide_the_exit_code() {
    let world = world();
    insta::assert_snapshot!(world.run(&["check"]));
    assert!(world.run(&["check", "--format", "github"]).contains("::error file=incidents/a.yaml,line=7,endLine=7,col=17,endColumn=34,title=posthoc impossible-order::mitigated_at"));
    assert_eq!(world.output(&["check", "--deny", "warning"]).status.code(), Some(1));
    world.write("incidents/a.yaml", "schema: posthoc/v1\nid: a\ntitle: A\nkind: near_miss\n");
    assert_eq!(world.output(&["check"]).status.code(), Some(0));
}

#[test]
fn unreadable_file_is_reported_and_the_rest_is_checked() {
    let world = world();
    world.write("incidents/b.yaml", "schema: posthoc/v1\nid: b\ntitel: B\n");
    let shown = world.run(&["check"]);
    assert!(
        shown.contains("unknown key `titel`")
            && shown.contains("impossible-order")
            && shown.ends_with("exit 3\n"),
        "{shown}"
    );
}

#[test]
fn untrustworthy_times_have_their_own_rules() {
    let world = World::new();
    let head = |id: &str| format!("schema: posthoc/v1\nid: {id}\ntitle: T\nkind: drill\n");
    world
        .write("incidents/a.yaml", head("a") + "milestones:\n  detected_at: 2023-06-11 15:06\n")
        .write(
            "incidents/b.yaml",
            head("b") + "timeline:\n  - {at: 2023-06-11 15:06 IST, text: x}\n",
        )
        .write(
            "incidents/c.yaml",
            head("c")
                + "summary: Since 15:06 CET.\nmilestones:\n  detected_at: 2023-06-11T13:06Z\n",
        );
    insta::assert_snapshot!(world.run(&["check"]), @r"
    ── stdout
    error: `detected_at`: `2023-06-11 15:06` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin [naive-time]
     --> incidents/a.yaml:6:16
      |
    6 |   detected_at: 2023-06-11 15:06
      |                ^^^^^^^^^^^^^^^^
      |
      = help: write `2023-06-11 15:06 Europe/Berlin`, with the zone whose clock it is

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
    `posthoc check --explain ambiguous-time` says what a rule looks for, and why
    3 files: 2 errors, 1 warning, 0 notes
    ── exit 3
    ");
    let rules = |format: &str| {
        let json: serde_json::Value =
            serde_json::from_slice(&world.output(&["check", "--format", format]).stdout)
                .expect("JSON");
        json
    };
    let reported = rules("json");
    let reported: Vec<&str> = reported["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["rule"].as_str())
        .collect();
    assert_eq!(reported, ["naive-time", "ambiguous-time", "season-mismatch"]);
    let sarif = rules("sarif");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.iter().map(|result| &result["ruleId"]).collect::<Vec<_>>(), reported);
    let known = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(reported.iter().all(|id| known.iter().any(|rule| rule["id"] == *id)));
    assert!(
        world.run(&["check", "--explain", "naive-time"]).contains("no `Z`, no offset, no name")
    );
    // What can be read is a finding; what cannot is bad input.
    assert_eq!(world.output(&["check", "c", "--deny", "warning"]).status.code(), Some(1));
    assert_eq!(world.output(&["check", "c"]).status.code(), Some(0));
}

#[test]
fn missing_and_changed_evidence_files_are_found() {
    let world = World::new();
    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"; // of "hello"
    let sources: String = ["S1", "S2", "S3"]
        .map(|key| format!("  {key}: {{path: evidence/a/{key}.txt, sha256: {hash}}}\n"))
        .concat();
    world.write(
        "incidents/a.yaml",
        format!("schema: posthoc/v1\nid: a\ntitle: A\nkind: drill\nsources:\n{sources}"),
    );
    world.write("evidence/a/S1.txt", "hello");
    world.write("evidence/a/S2.txt", "hello!");
    insta::assert_snapshot!(world.run(&["check"]), @r"
    ── stdout
    error: the evidence file of S2 is no longer what was imported: evidence/a/S2.txt [evidence-changed]
     --> incidents/a.yaml:7:41
      |
    7 | …h: evidence/a/S2.txt, sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824}
      |                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: restore it from version control; add new information as another source

    error: the evidence file of S3 is not there: evidence/a/S3.txt [evidence-changed]
     --> incidents/a.yaml:8:14
      |
    8 |   S3: {path: evidence/a/S3.txt, sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e7304336…
      |              ^^^^^^^^^^^^^^^^^
      |
      = help: restore it from version control, or remove `path` and `sha256` from the source
    ── stderr
    `posthoc check --explain evidence-changed` says what a rule looks for, and why
    1 file: 2 errors, 0 warnings, 0 notes
    ── exit 1
    ");
}

#[test]
fn json_and_sarif_agree() {
    let world = world();
    let json: serde_json::Value =
        serde_json::from_slice(&world.output(&["check", "--json"]).stdout).expect("JSON");
    let sarif: serde_json::Value =
        serde_json::from_slice(&world.output(&["check", "--format", "sarif"]).stdout)
            .expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let findings = json["findings"].as_array().expect("findings");
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

/// What a tool of the build prints.
fn printed(tool: &str, arguments: &[&str]) -> String {
    let program = std::env::var_os(tool.to_ascii_uppercase()).unwrap_or_else(|| tool.into());
    let mut command = std::process::Command::new(program);
    let output = command
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the tool runs");
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The schema of SARIF 2.1.0 is somebody else's file: it is read from the crate that carries it.
fn sarif_schema() -> serde_json::Value {
    let about_rustc = printed("rustc", &["-vV"]);
    let host =
        about_rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("a platform");
    // Of another platform's crates nothing may be on this machine.
    let platform = ["--locked", "--offline", "--filter-platform", host];
    let metadata =
        printed("cargo", &[&["metadata", "--format-version", "1"][..], &platform].concat());
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let carrier = packages
        .iter()
        .find(|package| package["name"] == "serde-sarif")
        .expect("the crate with the schema");
    let manifest = std::path::Path::new(carrier["manifest_path"].as_str().expect("a path"));
    let schema =
        std::fs::read(manifest.with_file_name("src").join("schema.json")).expect("the schema");
    serde_json::from_slice(&schema).expect("JSON")
}

fn sarif(world: &World) -> serde_json::Value {
    serde_json::from_slice(&world.output(&["check", "--format", "sarif"]).stdout).expect("JSON")
}

#[test]
fn sarif_is_valid_against_its_schema() {
    let world = world();
    world.write("incidents/b.yaml", "schema: posthoc/v1\nid: b\ntitel: B\n");
    world.write("incidents/ü c.yaml", "schema: posthoc/v1\nid: c\ntitle: C\nreview: published\n");
    let schema = sarif_schema();
    assert!(
        schema["$id"].as_str().expect("an id").contains("sarif-schema-2.1.0"),
        "{}",
        schema["$id"]
    );
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let log = sarif(&world);
    let problems: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path))
        .collect();
    assert_eq!(problems, [""; 0]);
    let typed: serde_sarif::sarif::Sarif =
        serde_json::from_value(log.clone()).expect("the types of SARIF");
    assert_eq!(typed.version, "2.1.0");
    // The validator checks the levels: an unknown one is an error.
    let mut wrong = log;
    wrong["runs"][0]["results"][0]["level"] = "terrible".into();
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn sarif_meets_code_scanning_requirements() {
    let world = world();
    world.write("incidents/ü c.yaml", "schema: posthoc/v1\nid: c\ntitle: C\nreview: published\n");
    let log = sarif(&world);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for rule in rules {
        assert!(
            rule["help"]["markdown"].is_string()
                && rule["defaultConfiguration"]["level"].is_string(),
            "{rule}"
        );
    }
    let results = run["results"].as_array().expect("results");
    assert!(results.len() > 4, "{results:#?}");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        assert_eq!(rules[usize::try_from(index).expect("small")]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(["incidents/a.yaml", "incidents/%C3%BC%20c.yaml"].contains(&uri), "{uri}");
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        assert!(
            place["region"]["endColumn"].as_u64() > place["region"]["startColumn"].as_u64(),
            "{place}"
        );
    }
    let claim =
        results.iter().find(|result| result["ruleId"] == "claim-mismatch").expect("the claim");
    insta::assert_json_snapshot!(claim["locations"][0]["physicalLocation"]["region"], @r#"
    {
      "endColumn": 27,
      "endLine": 9,
      "startColumn": 20,
      "startLine": 9
    }
    "#);
}

#[test]
fn fingerprint_is_stable_when_the_line_moves() {
    let fingerprints = |world: &World| -> std::collections::BTreeSet<String> {
        let log = sarif(world);
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        let prints: Vec<String> =
            results.iter().map(|result| result["partialFingerprints"].to_string()).collect();
        let set: std::collections::BTreeSet<String> = prints.iter().cloned().collect();
        assert_eq!(set.len(), prints.len(), "each finding has its own");
        set
    };
    let world = world();
    let before = fingerprints(&world);
    world.write("incidents/a.yaml", CONTRADICTORY.replace("status:", "# A remark.\n\nstatus:"));
    assert_eq!(fingerprints(&world), before);
    world.write("incidents/a.yaml", CONTRADICTORY.replace("5 hours", "6 hours"));
    assert_ne!(fingerprints(&world), before, "another claim is another finding");
}

#[test]
fn every_rule_has_an_explanation() {
    let world = World::new();
    let rules: serde_json::Value =
        serde_json::from_slice(&world.output(&["rules", "--json"]).stdout).expect("JSON");
    let rules = rules["rules"].as_array().expect("rules");
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
fn formats_templates_and_rules_are_listed() {
    let world = World::new();
    insta::assert_snapshot!(world.run(&["formats"]));
    insta::assert_snapshot!(world.run(&["templates"]), @r"
    ── stdout
    TEMPLATE	WHAT
    default	the whole record: a postmortem with timeline, figures, causes, lessons, follow-ups and sources
    brief	one page: summary, key figures, timeline, cause, fix and what is next
    public	for customers: what happened, who was affected, when, what changed, and the updates
    google-sre	the order of the site reliability books: summary, impact, causes, trigger, resolution, detection
    pagerduty	the order of PagerDuty's guide: overview, what happened, impact in figures, responders
    atlassian	the order of Atlassian's handbook: leadup, fault, impact, detection, response, recovery
    ── exit 0
    ");
    insta::assert_snapshot!(world.run(&["--help"]));
    assert!(world.run(&["completions", "bash"]).contains("_posthoc"));
    assert!(world.run(&["man"]).contains(".TH posthoc 1"));
    assert!(world.run(&["man", "import"]).contains("\\-\\-into"));
}

#[test]
fn folder_without_incidents_fails_the_check() {
    let world = World::new();
    world.run(&["init", "."]);
    let empty = world.run(&["check"]);
    assert!(
        empty.contains("nothing to check: there are no incident files in incidents"),
        "{empty}"
    );
    assert!(empty.ends_with("── exit 3\n"), "{empty}");
    let world = World::new();
    world.write("incidents", "a file");
    let file = world.run(&["check", "--format", "github"]);
    assert!(file.contains("incidents is a file, not a folder of incidents"), "{file}");
    assert!(file.ends_with("── exit 3\n"), "{file}");
}
