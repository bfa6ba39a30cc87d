//! Evidence from what is on this machine: repositories, and parts of what a file holds.

use std::process::Command;

use crate::support::world::World;

/// A repository in the folder `shop`, with three commits and a tag around the incident.
fn repository(world: &World) {
    let git = |time: &str, arguments: &[&str]| {
        let run = Command::new("git")
            .current_dir(world.path("shop"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_DATE", time)
            .env("GIT_COMMITTER_DATE", time)
            .args(["-c", "user.name=Ana", "-c", "user.email=ana@example.com"])
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    std::fs::create_dir(world.path("shop")).expect("a new folder");
    git("2026-03-17T10:00:00Z", &["init", "-q", "-b", "main"]);
    let commit = |time: &str, path: &str, message: &str| {
        world.write(&format!("shop/{path}"), message);
        git(time, &["add", "-A"]);
        git(time, &["commit", "-q", "-m", message]);
    };
    commit("2026-01-01T10:00:00Z", "a.txt", "Long before");
    commit(
        "2026-03-17T13:58:00Z",
        "pool.txt",
        "Smaller pool\n\ncommit 471c4bbc388c1c536f07ce1dd26b811bd39a9467 did less",
    );
    git("2026-03-17T14:00:00Z", &["tag", "-a", "v1.4", "-m", "The spring release"]);
    commit("2026-03-17T14:40:00Z", "api/b.txt", "Revert");
}

const INCIDENT: &str = "schema: posthoc/v1\nid: a\ntitle: A\nmilestones: {impact_start: 2026-03-17T14:05Z, resolved_at: 2026-03-17T15:00Z}\n";

#[test]
fn commits_and_tags_become_entries_and_the_last_before_impact_the_trigger() {
    let world = World::new();
    repository(&world);
    // A repository may name programs that git runs. None of them is.
    let config = "\n[gpg]\n\tprogram = ./evil\n[log]\n\tshowSignature = true\n[core]\n\tpager = ./evil\n\tfsmonitor = ./evil\n[filter \"x\"]\n\tclean = ./evil\n";
    let path = "shop/.git/config";
    world.write(path, world.read(path) + config);
    world.write("shop/evil", "#!/bin/sh\ntouch ran\n");
    world.write("incidents/a.yaml", INCIDENT);
    let printed = world.run(&["import", "--format", "git", "shop", "--into", "a"]);
    let file = world.read("incidents/a.yaml");
    let texts: Vec<&str> =
        file.lines().filter(|line| line.contains("**") || line.contains("Revert")).collect();
    assert_eq!(texts.len(), 5, "{printed}\n{file}");
    assert!(
        file.contains("2 min before impact_start") || file.contains("5 min before impact_start"),
        "{file}"
    );
    assert!(!file.contains("Long before") && !world.path("shop/ran").exists(), "{file}");
    assert!(!world.read("evidence/a/S1.txt").contains("example.com"));
    let again = world.run(&["import", "--format", "git", "shop", "--into", "a"]);
    assert!(again.contains("already has all of it"), "{again}");
    // A folder of it: what was changed there, and tags.
    world.write("incidents/b.yaml", INCIDENT.replace("id: a", "id: b"));
    let printed = world.run(&[
        "import",
        "--format",
        "git",
        "shop/api",
        "--into",
        "b",
        "--since",
        "2026-03-17T14:30Z",
        "--until",
        "2026-03-18",
    ]);
    let file = world.read("incidents/b.yaml");
    assert!(
        file.contains("Revert") && !file.contains("Smaller pool") && !file.contains("v1.4"),
        "{printed}\n{file}"
    );
}

#[test]
fn unreadable_repository_is_reported() {
    let world = World::new();
    std::fs::create_dir(world.path("empty")).expect("a new folder");
    world.write("incidents/a.yaml", "schema: posthoc/v1\nid: a\ntitle: A\n");
    let printed = world.run(&["import", "--format", "git", "empty", "--into", "a"]);
    assert!(printed.contains("no part of the history of empty was chosen"), "{printed}");
    let since = ["import", "--format", "git", "empty", "--into", "a", "--since", "2026"];
    let printed = world.run(&since);
    assert!(
        printed.contains("is not in a git repository") && printed.ends_with("── exit 4\n"),
        "{printed}"
    );
}

#[test]
fn verify_fails_on_missing_changed_or_unhashed_evidence() {
    let world = World::new();
    world.write("incidents/a.yaml", INCIDENT);
    for name in ["one.csv", "two.csv", "three.csv"] {
        world.write(name, format!("time,{name}\n2026-03-17T14:00:00Z,1\n2026-03-17T14:01:00Z,2\n"));
        world.run(&["import", name, "--into", "a"]);
    }
    let all = world.run(&["verify"]);
    assert!(
        all.contains("3 of 3 evidence files unchanged") && all.ends_with("── exit 0\n"),
        "{all}"
    );
    world.write("evidence/a/S1.csv", world.read("evidence/a/S1.csv") + "\n");
    std::fs::remove_file(world.path("evidence/a/S2.csv")).expect("it is there");
    let file = world.read("incidents/a.yaml");
    let hash =
        file.lines().rfind(|line| line.contains("sha256:")).expect("a hash").to_owned() + "\n";
    world.write("incidents/a.yaml", file.replace(&hash, ""));
    world.write("evidence/a/notes.txt", "mine");
    insta::assert_snapshot!(world.run(&["verify", "a"]), @r"
    ── stdout
    INCIDENT	SOURCE	STATE	PATH
    a	S1	changed	evidence/a/S1.csv
    a	S2	missing	evidence/a/S2.csv
    a	S3	no SHA-256	evidence/a/S3.csv
    ── stderr
    note: no source names evidence/a/notes.txt
     |
     = help: `posthoc import FILE --into ID` stores evidence with its source
    0 of 3 evidence files unchanged
    ── exit 1
    ");
    let json: serde_json::Value =
        serde_json::from_slice(&world.output(&["verify", "--json"]).stdout).expect("JSON");
    assert_eq!(json["evidence"][0]["state"], "changed");
    assert!(world.run(&["verify", "b"]).ends_with("── exit 2\n"));
}

/// The folder of a chat's export: two channels, of which `ops` has the incident and a day long
/// before.
fn export(world: &World) {
    let day = |path: &str, messages: &str| {
        world.write(&format!("export/{path}"), format!("[{messages}]"));
    };
    world.write(
        "export/users.json",
        r#"[{"id": "U1", "profile": {"real_name": "Ana Alm"}}, {"id": "U2", "real_name": "Li"}]"#,
    );
    world.write("export/channels.json", r#"[{"id": "C1", "name": "ops"}]"#);
    day(
        "ops/2026-01-01.json",
        r#"{"type": "message", "user": "U1", "ts": "1767261600.000001", "text": "long before", "pinned_to": ["C1"]}"#,
    );
    day(
        "ops/2026-03-17.json",
        r#"{"type": "message", "user": "U1", "ts": "1773756600.000001", "text": "<@U2>: is the shop down?", "reactions": [{"name": "rotating_light"}]},
        {"type": "message", "user": "U2", "ts": "1773756660.000001", "thread_ts": "1773756600.000001", "text": "yes, rolling back"},
        {"type": "message", "user": "U2", "ts": "1773757200.000001", "text": "lunch?", "pinned_to": ["C1"]}"#,
    );
    day(
        "random/2026-03-17.json",
        r#"{"type": "message", "user": "U1", "ts": "1773756700.000001", "text": "cats"}"#,
    );
}

#[test]
fn marked_messages_of_a_chat_export_are_imported_by_channel() {
    let world = World::new();
    export(&world);
    world.write("incidents/a.yaml", INCIDENT);
    let import = ["import", "export", "--into", "a"];
    insta::assert_snapshot!(world.run(&import));
    let ops = [import.as_slice(), &["--channel", "ops"]].concat();
    insta::assert_snapshot!(world.run(&ops));
    let file = world.read("incidents/a.yaml");
    assert!(file.contains("actor: Ana Alm") && file.contains("@Li: is the shop down?"), "{file}");
    assert!(!file.contains("long before") && !file.contains("rolling back"), "{file}");
    assert!(world.run(&ops).contains("already has all of it"));
    // A thread with all its messages, with roles for names.
    world.write(
        "posthoc.toml",
        "[roles]\n\"Ana Alm\" = \"on-call engineer\"\nLi = \"incident commander\"\n",
    );
    world.write("incidents/b.yaml", INCIDENT.replace("id: a", "id: b"));
    let thread = ["--channel", "ops", "--thread", "1773756600.000001", "--all-messages"];
    let printed = world.run(&[["import", "export", "--into", "b"].as_slice(), &thread].concat());
    let file = world.read("incidents/b.yaml");
    assert!(printed.contains("--thread leaves out 1 message"), "{printed}");
    assert!(
        file.contains("rolling back") && file.contains("hidden: true") && !file.contains("lunch"),
        "{file}"
    );
    assert!(
        file.contains("actor: on-call engineer") && !file.contains("Ana") && !file.contains("Li:"),
        "{file}"
    );
    insta::assert_snapshot!(world.run(&["import", "export", "--into", "a", "--channel", "opps"]));
}

#[test]
fn archive_is_read_like_its_folder() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: no python3 to make a zip archive");
        return;
    }
    let world = World::new();
    export(&world);
    let zipped = Command::new("python3")
        .current_dir(world.path("export"))
        .args([
            "-m",
            "zipfile",
            "-c",
            "../export.zip",
            "users.json",
            "channels.json",
            "ops/",
            "random/",
        ])
        .status();
    assert!(zipped.expect("python3 runs").success());
    world.write("incidents/a.yaml", INCIDENT);
    let printed = world.run(&["import", "export.zip", "--into", "a", "--channel", "ops"]);
    let file = world.read("incidents/a.yaml");
    assert!(
        file.contains("@Li: is the shop down?") && !file.contains("long before"),
        "{printed}\n{file}"
    );
    assert_eq!(world.read("evidence/a/S1.json"), world.read("export/ops/2026-03-17.json"));
    world.write("broken.zip", b"PK\x03\x04 and no more");
    let printed = world.run(&["import", "broken.zip", "--into", "a"]);
    assert!(printed.contains("broken.zip") && printed.ends_with("── exit 3\n"), "{printed}");
}

#[test]
fn routing_key_is_masked_in_evidence_and_entries() {
    let world = World::new();
    world.write("incidents/a.yaml", INCIDENT);
    let key = format!("e93facc0476{}", "4012d7bfb002500d5d1a6");
    let log = format!(
        "2026-03-17T14:10:00Z ERROR posting routing_key={key} failed\n2026-03-17T14:11:00Z ERROR again\n"
    );
    world.write("app.log", &log);
    let printed = world.run(&["import", "app.log", "--into", "a"]);
    assert!(
        printed.contains("app.log is not stored: it contains a password or key, first in line 1"),
        "{printed}"
    );
    assert!(printed.ends_with("── exit 3\n") && !world.path("evidence").exists(), "{printed}");
    let printed = world.run(&["import", "app.log", "--into", "a", "--mask"]);
    let file = world.read("incidents/a.yaml");
    assert!(file.contains("masked:") && !file.contains(&key), "{printed}\n{file}");
    let stored = world.read("evidence/a/S1.log");
    assert_eq!(stored, log.replace(&key, &"*".repeat(key.len())));
}

#[test]
fn alert_of_two_systems_is_shown_once_with_the_clock_offset() {
    let world = World::new();
    world.write("incidents/a.yaml", INCIDENT);
    let alert = |name: &str, minute: u32, second: u32| {
        format!(
            r#"{{"labels":{{"alertname":"{name}"}},"annotations":{{}},"startsAt":"2026-03-17T14:{minute:02}:{second:02}Z","endsAt":"2026-03-18T14:00:00Z","fingerprint":"{name}{minute}","status":{{"state":"active","inhibitedBy":[],"silencedBy":[]}},"updatedAt":"2026-03-17T14:40:00Z","receivers":[],"generatorURL":""}}"#
        )
    };
    let alerts = |minute: u32, second: u32| {
        format!(
            "[{},{}]",
            alert("HighErrors", minute, second),
            alert("HighLatency", minute + 3, second)
        )
    };
    world.write("one.json", alerts(6, 12));
    // The same alerts by a clock that is 90 s ahead.
    world.write("two.json", alerts(7, 42));
    world.run(&["import", "one.json", "--into", "a"]);
    let count = |world: &World| {
        let file = world.read("incidents/a.yaml");
        (file.matches("**High").count(), file.matches("same_as: S1#").count())
    };
    let entries = count(&world).0;
    let dry = world.run(&["import", "two.json", "--into", "a", "--dry-run"]);
    assert!(dry.contains("the clock of S2 is 90s ahead of the other sources: the median of 2 events that both have (90s to 90s)"), "{dry}");
    let printed = world.run(&["import", "two.json", "--into", "a", "--apply-offset"]);
    assert_eq!(
        count(&world),
        (2 * entries, entries),
        "{printed}\n{}",
        world.read("incidents/a.yaml")
    );
    let file = world.read("incidents/a.yaml");
    assert!(file.contains("clock_offset: 90s") && file.contains("hidden: true"), "{file}");
    let report = world.run(&["timeline", "a"]);
    assert_eq!(report.matches("High").count(), entries, "{report}");
    assert!(world.run(&["import", "two.json", "--into", "a"]).contains("already has all of it"));
}
