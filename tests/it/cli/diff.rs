//! `diff`: what changed in meaning over a git history, and why.

use std::process::Command;

use crate::support::world::World;

const OUTAGE: &str = "schema: posthoc/v1
id: api-down
title: The API was down
severity: sev2
time_zone: Europe/Berlin
services: [api]
milestones:
  impact_start: ~2026-03-17T14:00Z
  detected_at: 2026-03-17T14:10Z
  resolved_at: 2026-03-17T17:00Z
timeline:
  - {at: 2026-03-17T14:10Z, text: The pager went off.}
action_items:
  - {id: A1, text: Alert on lag, owner: ana}
";

/// A world that is a repository. Everything about its commits is fixed, so that their hashes are.
pub fn repository() -> World {
    let world = World::new();
    git(&world, &["init", "-q", "-b", "main", "--object-format=sha1"]);
    world
}

fn git(world: &World, arguments: &[&str]) {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=A Person",
            "-c",
            "user.email=person@example.com",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .current_dir(world.path("."))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", world.path("."))
        .env("GIT_AUTHOR_DATE", "2026-03-20T12:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-03-20T12:00:00Z")
        .output()
        .expect("git is installed: tests/run does so");
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

pub fn commit(world: &World, message: &str) {
    git(world, &["add", "--all"]);
    git(world, &["commit", "-q", "-m", message]);
}

fn incident(id: &str, title: &str, rest: &str) -> String {
    format!("schema: posthoc/v1\nid: {id}\ntitle: {title}\n{rest}")
}

fn outage() -> World {
    let world = repository();
    world.write("incidents/api-down.yaml", OUTAGE);
    commit(&world, "An incident");
    world
}

fn json(world: &World, arguments: &[&str]) -> serde_json::Value {
    let output = world.output(&[&["diff", "--json"], arguments].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", world.shown(&output)))
}

#[test]
fn moved_milestone_is_reported_with_affected_durations() {
    let world = outage();
    let edited = OUTAGE
        .replace("resolved_at: 2026-03-17T17:00Z", "resolved_at: 2026-03-17T19:00Z")
        .replace("owner: ana", "owner: li, due: 2026-05-01, status: done")
        .replace("went off.", "went off; nobody woke.");
    world.write("incidents/api-down.yaml", edited);
    insta::assert_snapshot!(world.run(&["diff", "main"]));
    let json = json(&world, &["main", "api-down"]);
    let ttr = &json["incidents"][0]["durations"][0];
    assert_eq!((&ttr["name"], &ttr["after"]["seconds"]), (&"ttr".into(), &18_000.into()));
    assert_eq!(ttr["because"][0]["fields"], serde_json::json!(["milestones.resolved_at"]));
    assert_eq!(json["set"], serde_json::Value::Null, "one incident is no set");
}

#[test]
fn formatting_comments_and_order_are_not_changes() {
    let world = outage();
    let reformatted = "# The same.\nid: api-down\nschema: posthoc/v1\ntitle: 'The API was down'\nseverity: sev2\n\
        time_zone: Europe/Berlin\nservices:\n- api\nmilestones:\n  resolved_at: 2026-03-17 18:00 Europe/Berlin\n  \
        detected_at: {at: 2026-03-17T14:10Z}\n  impact_start: \"~2026-03-17T14:00Z\"\naction_items:\n\
        - {owner: ana, id: A1, text: Alert on lag}\ntimeline:\n- at: 2026-03-17T14:10Z\n  kind: note\n  \
        text: |\n    The pager went off.\n";
    world.write("incidents/api-down.yaml", reformatted);
    insta::assert_snapshot!(world.run(&["diff", "HEAD"]));
    assert_eq!(json(&world, &["HEAD"])["incidents"][0]["how"], "same_meaning");
    // A file that only has another time of change was not touched at all.
    world.write("incidents/api-down.yaml", OUTAGE);
    assert!(world.run(&["diff", "HEAD"]).contains("nothing changed"));
}

#[test]
fn renamed_added_and_removed_incidents_are_reported() {
    let world = outage();
    world
        .write("incidents/same.yaml", incident("same", "Stays", "severity: sev3\n"))
        .write(
            "incidents/page.yaml",
            incident("page", "Imported", "sources: {S1: {format: note, record: r1}}\n"),
        )
        .write(
            "incidents/old.yaml",
            incident(
                "old",
                "Goes",
                "milestones: {impact_start: 2026-01-01T10:00Z, resolved_at: 2026-01-01T11:00Z}\n",
            ),
        );
    commit(&world, "More");
    git(&world, &["mv", "incidents/api-down.yaml", "incidents/api-outage.yaml"]);
    world.write(
        "incidents/api-outage.yaml",
        OUTAGE.replace("id: api-down", "id: api-outage").replace("sev2", "sev1"),
    );
    std::fs::remove_file(world.path("incidents/old.yaml")).expect("it was there");
    std::fs::remove_file(world.path("incidents/page.yaml")).expect("it was there");
    // Neither is tracked; one comes from the record that another file came from.
    world
        .write(
            "incidents/page-two.yaml",
            incident(
                "page-two",
                "Quite another title",
                "sources: {S7: {format: note, record: r1}}\n",
            ),
        )
        .write(
            "incidents/new.yaml",
            incident(
                "new",
                "Comes",
                "status: ongoing\nmilestones: {impact_start: 2026-02-01T10:00Z}\n",
            ),
        );
    insta::assert_snapshot!(world.run(&["diff", "HEAD"]));
    // Both names lead to a renamed incident, and what is gone can be named.
    for name in ["api-down", "api-outage", "incidents/api-outage.yaml"] {
        let json = json(&world, &["HEAD", name]);
        assert_eq!(json["incidents"][0]["renamed_from"], "api-down", "{name}");
        assert_eq!(json["incidents"].as_array().map(Vec::len), Some(1), "{name}");
    }
    assert!(world.run(&["diff", "HEAD", "old"]).contains("old (removed) · Goes"));
    assert!(world.run(&["diff", "HEAD", "same"]).contains("nothing changed"));
    insta::assert_snapshot!(world.run(&["diff", "HEAD", "api-dwn"]), @r"
    ── stderr
    error: no incident `api-dwn`; did you mean `api-down`?
     |
     = help: `posthoc list` lists the incidents
    ── exit 2
    ");
}

#[test]
fn unreadable_file_on_one_side_is_reported_and_others_compared() {
    let world = outage();
    world.write("incidents/bad.yaml", "schema: posthoc/v1\nid: bad\ntitel: Bad\n");
    commit(&world, "A mistake");
    world.write("incidents/bad.yaml", incident("bad", "Mended", ""));
    world.write("incidents/worse.yaml", "title: [\n");
    world.write("incidents/api-down.yaml", OUTAGE.replace("sev2", "sev1"));
    insta::assert_snapshot!(world.run(&["diff", "HEAD"]));
    assert_eq!(
        world.output(&["diff", "HEAD", "api-down"]).status.code(),
        Some(0),
        "the others are not its business"
    );
    let markdown = world.run(&["diff", "HEAD", "--format", "md"]);
    assert!(
        markdown.contains("- HEAD:incidents/bad.yaml:3:1: error: unknown key \\`titel\\`"),
        "{markdown}"
    );
}

#[test]
fn unreadable_old_settings_are_reported_and_current_ones_used() {
    let world = outage();
    world.write("posthoc.toml", "zone = \"Europe/Berln\"\n");
    commit(&world, "A mistake in the settings");
    world.write("posthoc.toml", "zone = \"Europe/Berlin\"\n");
    world.write("incidents/api-down.yaml", OUTAGE.replace("17:00Z", "18:00Z"));
    insta::assert_snapshot!(world.run(&["diff", "HEAD"]), @"
    ── stdout
    HEAD (4dac31c) → the working tree

    api-down · The API was down
      TTR         ~3 h → ~4 h
                  because milestones.resolved_at moved from 2026-03-17 18:00 CET to
                  2026-03-17 19:00 CET (1 h later)
    ── stderr
    error: unknown time zone `Europe/Berln`
     --> HEAD:posthoc.toml:1:8
      |
      = help: did you mean `Europe/Berlin`?
    ── exit 3
    ");
}

#[test]
fn two_revisions_are_compared_independent_of_the_working_tree() {
    let world = outage();
    git(&world, &["tag", "v1"]);
    git(&world, &["switch", "-q", "-c", "topic"]);
    world.write("incidents/api-down.yaml", OUTAGE.replace("17:00Z", "18:00Z"));
    commit(&world, "Later");
    git(&world, &["tag", "v2"]);
    git(&world, &["switch", "-q", "main"]);
    world.write("incidents/elsewhere.yaml", incident("elsewhere", "On main", ""));
    commit(&world, "Main goes on");
    world.write("incidents/api-down.yaml", "not yet written");
    let shown = world.run(&["diff", "v1..v2"]);
    assert!(shown.contains("TTR         ~3 h → ~4 h") && shown.ends_with("exit 0\n"), "{shown}");
    let ids = |range: &str| -> Vec<String> {
        let json = json(&world, &[range]);
        json["incidents"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|i| format!("{} {}", i["how"], i["id"]))
            .collect()
    };
    assert_eq!(ids("main..topic"), [r#""changed" "api-down""#, r#""removed" "elsewhere""#]);
    assert_eq!(ids("main...topic"), [r#""changed" "api-down""#], "since the branch left main");
    assert_eq!(ids("topic.."), [r#""changed" "api-down""#, r#""added" "elsewhere""#]);
}

#[test]
fn changed_definitions_come_first_with_their_effects() {
    let world = outage();
    for day in 1..=5 {
        let times = format!(
            "milestones: {{impact_start: 2026-01-0{day}T10:00Z, detected_at: 2026-01-0{day}T10:30Z, resolved_at: 2026-01-0{day}T12:00Z}}\n"
        );
        world.write(
            &format!("incidents/i{day}.yaml"),
            incident(&format!("i{day}"), "One of five", &times),
        );
    }
    world.write("posthoc.toml", "");
    commit(&world, "Five more");
    world.write(
        "posthoc.toml",
        "[definitions]\nversion = 2\n[definitions.durations]\nttr = {start = \"detected_at\", end = \"resolved_at\"}\n",
    );
    world.write(
        "incidents/api-down.yaml",
        OUTAGE.replace("~2026-03-17T14:00Z", "~2026-03-17T13:50Z"),
    );
    insta::assert_snapshot!(world.run(&["diff", "HEAD"]));
}

#[test]
fn user_text_cannot_break_markdown_or_the_terminal() {
    let world = outage();
    let edited = OUTAGE
        .replace("title: The API was down", "title: \"A | <script>x</script> \\e[31m@ana\\n# B\"")
        .replace("17:00Z", "19:00Z")
        .replace("The pager went off.", "\"[x](javascript:y) `code` | </details>\"");
    world.write("incidents/api-down.yaml", edited);
    world.write(
        "incidents/other.yaml",
        incident("other", "Another", "services: [a, b]\nteams: [c]\n"),
    );
    insta::assert_snapshot!(world.run(&["diff", "HEAD", "--format", "md"]));
    let shown = world.run(&["diff", "HEAD"]);
    assert!(!shown.contains('\u{1b}') && shown.contains("[31m@ana"), "{shown:?}");
}

#[test]
fn missing_repository_or_revision_is_reported() {
    let world = World::new();
    world.write("incidents/api-down.yaml", OUTAGE);
    insta::assert_snapshot!(world.run(&["diff", "main"]), @"
    ── stderr
    error: [WORLD] is not in a git repository
     |
     = help: incidents are compared with their history in git
    ── exit 4
    ");
    let world = outage();
    insta::assert_snapshot!(world.run(&["diff", "mian"]), @r"
    ── stderr
    error: unknown revision `mian`
     |
     = help: did you mean `main`?
    ── exit 2
    ");
    insta::assert_snapshot!(world.run(&["diff", "main..0123abc"]), @r"
    ── stderr
    error: unknown revision `0123abc`
     |
     = help: a branch, a tag, a commit, HEAD~3, or two of them as A..B
    ── exit 2
    ");
    let before = world.files();
    let refused =
        world.command(&["diff"]).args(["--", "--output=x"]).output().expect("the program runs");
    assert!(
        world.shown(&refused).contains("unknown revision `--output=x`"),
        "{}",
        world.shown(&refused)
    );
    let without_git =
        world.command(&["diff", "main"]).env("PATH", "").output().expect("the program runs");
    insta::assert_snapshot!(world.shown(&without_git), @"
    ── stderr
    error: the program `git` cannot be run: no such file or directory
     |
     = help: `posthoc diff` reads the history with git: install it
    ── exit 4
    ");
    assert_eq!(world.output(&["diff"]).status.code(), Some(2));
    world.assert_same(&before);
}

#[test]
fn nested_workspace_and_hook_environment_make_no_difference() {
    let world = repository();
    world.write("deep down/posthoc.toml", "incidents = \"post mortems\"\n");
    world.write("deep down/post mortems/2026/api-down.yaml", OUTAGE);
    world.write("incidents/not-ours.yaml", OUTAGE.replace("api-down", "not-ours"));
    commit(&world, "Deep");
    world.write("deep down/post mortems/2026/api-down.yaml", OUTAGE.replace("17:00Z", "18:00Z"));
    world.write("incidents/not-ours.yaml", "broken");
    let mut command = world.command(&["-C", "deep down", "diff", "HEAD"]);
    let output = command
        .env("GIT_DIR", "/nowhere")
        .env("GIT_INDEX_FILE", "/nowhere")
        .output()
        .expect("the program runs");
    let shown = world.shown(&output);
    assert!(
        shown.contains("~3 h → ~4 h") && shown.ends_with("exit 0\n") && !shown.contains("not-ours"),
        "{shown}"
    );
}

/// Nothing that the settings or attributes of a foreign repository name is run.
#[cfg(unix)]
#[test]
fn diff_runs_no_program_configured_in_the_repository() {
    use std::os::unix::fs::PermissionsExt;
    let world = outage();
    let program = world.path(".git/run");
    let ran = world.path("ran");
    std::fs::write(&program, format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\ncat\n", ran.display()))
        .expect("a program");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("it can run");
    std::fs::create_dir_all(world.path(".git/hooks")).expect("a folder");
    for hook in
        ["post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman"]
    {
        std::fs::copy(&program, world.path(&format!(".git/hooks/{hook}"))).expect("a hook");
    }
    let program = program.display().to_string();
    for (name, value) in [
        ("filter.evil.clean", program.as_str()),
        ("filter.evil.smudge", &program),
        ("filter.evil.required", "true"),
        ("filter.a=b.clean", &program),
        ("filter.long.process", &program),
        ("diff.evil.textconv", &program),
        ("diff.evil.command", &program),
        ("diff.external", &program),
        ("core.fsmonitor", &program),
        ("core.pager", &program),
        ("pager.diff", "true"),
    ] {
        git(&world, &["config", name, value]);
    }
    world.write(
        ".gitattributes",
        "*.yaml filter=evil diff=evil\n/incidents/b.yaml filter=long\n/incidents/c.yaml filter=a=b\n",
    );
    world.write("incidents/api-down.yaml", OUTAGE.replace("17:00Z", "17:30Z"));
    world
        .write("incidents/b.yaml", incident("b", "B", ""))
        .write("incidents/c.yaml", incident("c", "C", ""));
    let _ = std::fs::remove_file(&ran);
    let shown = world.run(&["diff", "HEAD"]);
    assert!(
        shown.contains("TTR") && shown.contains("b (new)") && shown.ends_with("exit 0\n"),
        "{shown}"
    );
    assert!(!ran.exists(), "{}", world.read("ran"));
    // The same repository runs them for git itself.
    let by_git = Command::new("git")
        .args(["diff", "HEAD"])
        .current_dir(world.path("."))
        .output()
        .expect("git runs");
    assert!(ran.exists(), "{by_git:?}");
}
