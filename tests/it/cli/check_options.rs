//! Which findings `check` shows: by rule, by comments in the file, and by what a change has
//! brought.

use crate::support::world::World;

const INCIDENT: &str = "schema: posthoc/v1\nid: a\ntitle: A\nstatus: resolved\nkind: drill\nmilestones:\n  impact_start: 2026-03-17T14:05Z\n  mitigated_at: 2026-03-17T13:00Z\n  resolved_at: 2026-03-17T15:00Z\nclaims: {duration: 5 hours}\n";

fn world() -> World {
    let world = World::new();
    world.write("incidents/a.yaml", INCIDENT);
    world
}

/// A second incident with the same mistakes, that nobody would take for the first.
fn other() -> String {
    INCIDENT
        .replace("id: a", "id: b")
        .replace("title: A", "title: Mail")
        .replace("2026-03-17", "2026-02-11")
}

/// The rules of the findings, in their order, with the exit code.
fn found(world: &World, arguments: &[&str]) -> (Vec<String>, Option<i32>) {
    let output = world.output(&[&["check", "--json"], arguments].concat());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rule = |finding: &serde_json::Value| finding["rule"].as_str().expect("a rule").to_owned();
    (json["findings"].as_array().expect("a list").iter().map(rule).collect(), output.status.code())
}

fn rules(world: &World, arguments: &[&str]) -> Vec<String> {
    found(world, arguments).0
}

#[test]
fn rules_are_selected_and_ignored_by_options_and_settings() {
    let world = world();
    let all = rules(&world, &[]);
    assert_eq!(all, ["impossible-order", "claim-mismatch"]);
    assert_eq!(
        found(&world, &["--select", "claim-mismatch"]),
        (vec!["claim-mismatch".to_owned()], Some(0))
    );
    assert_eq!(found(&world, &["--ignore", "claim-mismatch,impossible-order"]), (vec![], Some(0)));
    world.write("posthoc.toml", "[check]\nignore = ['impossible-order']\n");
    assert_eq!(rules(&world, &[]), ["claim-mismatch"]);
    assert_eq!(
        rules(&world, &["--select", "impossible-order"]),
        ["impossible-order"],
        "asked for by name"
    );
    world.write("posthoc.toml", "[check]\nignore = ['imposible-order']\n");
    let shown = world.run(&["check"]);
    assert!(
        shown.contains("posthoc.toml:2:11") && shown.contains("did you mean `impossible-order`?"),
        "{shown}"
    );
}

#[test]
fn ignore_comment_works_and_unused_one_is_reported() {
    let world = world();
    let with = |from: &str, to: &str| world.write("incidents/a.yaml", INCIDENT.replace(from, to));
    with("5 hours}", "5 hours} # posthoc: ignore claim-mismatch (agreed with the customer)");
    assert_eq!(rules(&world, &[]), ["impossible-order"]);
    with("  mitigated_at", "  # posthoc: ignore impossible-order\n  mitigated_at");
    assert_eq!(rules(&world, &[]), ["claim-mismatch"]);
    with("schema:", "# posthoc: ignore impossible-order, claim-mismatch\nschema:");
    assert_eq!(found(&world, &[]), (vec![], Some(0)));
    with("kind: drill", "kind: drill # posthoc: ignore blame\n# posthoc: ignore claim-mismach");
    insta::assert_snapshot!(world.run(&["check", "--select", "unused-ignore"]), @r"
    ── stdout
    warning: `blame` has no findings on line 5 to ignore [unused-ignore]
     --> incidents/a.yaml:5:31
      |
    5 | kind: drill # posthoc: ignore blame
      |                               ^^^^^
      |
      = help: take the comment out

    warning: no rule `claim-mismach` to ignore [unused-ignore]
     --> incidents/a.yaml:6:19
      |
    6 | # posthoc: ignore claim-mismach
      |                   ^^^^^^^^^^^^^
      |
      = help: did you mean `claim-mismatch`?
    ── stderr
    `posthoc check --explain unused-ignore` says what a rule looks for, and why
    1 file: 0 errors, 2 warnings, 0 notes
    ── exit 0
    ");
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let world = world();
    world.write("incidents/b.yaml", other());
    insta::assert_snapshot!(world.run(&["check", "--statistics"]), @r"
    ── stdout
    COUNT	LEVEL	RULE	FINDS
    2	warning	claim-mismatch	a published duration that the milestones contradict
    2	error	impossible-order	times in an impossible order
    ── exit 1
    ");
    let json = world.run(&["check", "--statistics", "--json"]);
    assert!(json.contains("\"version\": 1") && json.contains("\"rules\""), "{json}");
    assert_eq!(
        world.output(&["check", "--statistics", "--format", "sarif"]).status.code(),
        Some(2)
    );
}

fn git(world: &World, arguments: &[&str]) {
    let mut command = std::process::Command::new("git");
    command.args([
        "-c",
        "user.name=T",
        "-c",
        "user.email=t@example.com",
        "-c",
        "init.defaultBranch=main",
    ]);
    let output = command.args(arguments).current_dir(world.path("")).output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

#[test]
fn only_new_findings_are_shown_with_since_revision() {
    let world = world();
    git(&world, &["init", "-q"]);
    world.write("incidents/broken.yaml", "schema: posthoc/v1\nid: broken\ntitel: B\n");
    git(&world, &["add", "-A"]);
    git(&world, &["commit", "-qm", "one"]);
    assert_eq!(
        found(&world, &["--new-since", "HEAD"]),
        (vec![], Some(0)),
        "a file that was broken before is not news"
    );
    // Lines move, a finding stays the same; another one is new, and so is one in a new file.
    world.write(
        "incidents/a.yaml",
        INCIDENT.replace("title: A\n", "title: A\nsummary: Moved.\nseverity: nonsense\n"),
    );
    assert_eq!(rules(&world, &["--new-since", "HEAD"]), ["unknown-severity"]);
    world.write("incidents/b.yaml", other());
    assert_eq!(found(&world, &["--new-since", "HEAD"]).1, Some(1));
    assert_eq!(
        rules(&world, &["--new-since", "HEAD", "b"]),
        ["impossible-order", "claim-mismatch"]
    );
    // A file that is only renamed brings nothing.
    git(&world, &["mv", "incidents/a.yaml", "incidents/c.yaml"]);
    world.write("incidents/c.yaml", INCIDENT.replace("id: a", "id: c"));
    assert_eq!(rules(&world, &["--new-since", "HEAD", "c"]), [""; 0]);
    let shown = world.run(&["check", "--new-since", "HAED"]);
    assert!(shown.contains("unknown revision `HAED`") && shown.ends_with("exit 2\n"), "{shown}");
}

/// What lets a value through to the public names that value: neither a setting for all files nor a
/// comment for one file knows what is written there later.
#[test]
fn secret_rule_can_only_be_silenced_at_the_value() {
    let world = World::new();
    let rendered = |settings: &str, above: &str, on_the_line: &str| {
        world.write("posthoc.toml", settings);
        let text = format!(
            "{above}schema: posthoc/v1\nid: a\ntitle: A\nsummary: Logged in with password=hunter2hunter2.{on_the_line}\n"
        );
        world.write("incidents/a.yaml", text);
        world.run(&["render", "a", "--audience", "public", "--to", "md", "--out", "out"])
    };
    let comment = "# posthoc: ignore secret-in-public-text\n";
    let settings = "[check]\nignore = [\"secret-in-public-text\"]\n";
    for (settings, above) in [
        ("", ""),
        (settings, ""),
        ("[check]\nselect = [\"blame\"]\n", ""),
        ("", comment),
        (settings, comment),
    ] {
        let printed = rendered(settings, above, "");
        assert!(
            printed.contains("[secret-in-public-text]") && printed.contains("exit 1"),
            "{settings}{above}: {printed}"
        );
    }
    for settings in ["", settings] {
        let printed =
            rendered(settings, "", " # posthoc: ignore secret-in-public-text  a made-up password");
        assert!(
            !printed.contains("secret-in-public-text") && printed.contains("exit 0"),
            "{settings}: {printed}"
        );
    }
}
