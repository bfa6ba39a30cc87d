//! Why an import has created nothing, or not all of it.

use crate::support::world::World;

const PAGE: &str = r#"{"page":{"id":"p","name":"P","time_zone":"Etc/UTC"},"incidents":[{"id":"i1","name":"Slow","status":"resolved",
"created_at":"2026-03-17T10:00:00Z","incident_updates":[{"id":"u1","status":"resolved","body":"Over.","display_at":"2026-03-17T11:00:00Z"}]}]}"#;
const EMPTY: &str = r#"{"page":{"id":"p","name":"P","time_zone":"Etc/UTC"},"incidents":[]}"#;
const WRITE_UP: &str = "# Postmortem: slow orders\n\nDate: 2026-03-17\n\n## Timeline\n\n- 2026-03-17 10:00 UTC: orders fail\n\
                        - 2026-03-17 11:00 UTC: resolved\n\n## Root cause\n\nA queue.\n";

#[test]
fn every_reason_for_creating_nothing_is_reported() {
    let world = World::new();
    world.write("page.json", PAGE).write("empty.json", EMPTY).write("post.md", WRITE_UP);
    for (arguments, reason, exit) in [
        (&["empty.json"][..], "nothing was created: the input has no incidents", 0),
        (
            &["page.json", "--since", "2026-04"],
            "nothing was created: --since and --until leave out 1 incident",
            0,
        ),
        (
            &["post.md", "--until", "2026-02"],
            "nothing was created: --since and --until leave out 1 write-up",
            0,
        ),
        (&["none"], "cannot read none", 4),
    ] {
        let shown = world.run(&[&["import"], arguments].concat());
        assert!(
            shown.contains(reason) && shown.ends_with(&format!("exit {exit}\n")),
            "{arguments:?}: {shown}"
        );
        assert!(!world.path("incidents/2026-03-17-slow.yaml").exists());
    }
    std::fs::create_dir(world.path("folder")).expect("a folder");
    let shown = world.run(&["import", "folder"]);
    assert!(
        shown.contains("there is nothing to import: the folder has no files")
            && shown.ends_with("exit 3\n"),
        "{shown}"
    );
}

#[test]
fn second_capture_of_a_page_changes_nothing() {
    let world = World::new();
    world.write("first.json", PAGE).write("second.json", format!("{PAGE}\n"));
    assert!(world.run(&["import", "first.json"]).contains("1 created, 0 extended, 0 unchanged"));
    let before = world.files();
    let shown = world.run(&["import", "second.json"]);
    assert!(
        shown.contains("0 created, 0 extended, 1 unchanged") && shown.ends_with("exit 0\n"),
        "{shown}"
    );
    let shown = world.run(&["import", "first.json", "second.json"]);
    assert!(
        shown.contains("0 created, 0 extended, 2 unchanged") && shown.ends_with("exit 0\n"),
        "{shown}"
    );
    world.assert_same(&before);
}

#[test]
fn write_up_with_a_key_is_refused_or_masked() {
    let world = World::new();
    // Put together here, so that nobody takes it for a key that leaked.
    let key = format!("AKIA{}", "ABCDEFGHIJKLMNOP");
    world.write("post.md", format!("{WRITE_UP}\nThe key was {key}.\n"));
    let before = world.files();
    let shown = world.run(&["import", "post.md"]);
    assert!(
        shown.contains("post.md is not stored: it contains an AWS access key, first in line")
            && shown.contains("`--mask` imports it"),
        "{shown}"
    );
    assert!(shown.ends_with("── exit 3\n") && !shown.contains(&key), "it is not repeated: {shown}");
    world.assert_same(&before);
    let shown = world.run(&["import", "post.md", "--mask"]);
    assert!(
        shown.contains("1 secret masked: an AWS access key") && shown.contains("1 created"),
        "{shown}"
    );
    let files = world.files();
    for (name, bytes) in files.iter().filter(|(name, _)| name != "post.md") {
        assert!(!String::from_utf8_lossy(bytes).contains(&key), "{name}");
    }
    let file = files.iter().find(|(name, _)| name.starts_with("incidents/")).expect("a file");
    let text = String::from_utf8_lossy(&file.1);
    assert!(text.contains("masked:") && text.contains("an AWS access key"), "{text}");
    assert!(world.run(&["verify"]).contains("1 of 1 evidence file unchanged"));
    let again = world.run(&["import", "post.md", "--mask"]);
    assert!(again.contains("0 created, 0 extended, 1 unchanged"), "{again}");
}

#[test]
fn uneditable_file_is_reported_and_its_input_not_stored() {
    let world = World::new();
    let text = "schema: posthoc/v1\nid: a\ntitle: A\nroot_causes: &empty []\ntimeline: *empty\n";
    world.write("incidents/a.yaml", text).write("post.md", WRITE_UP);
    let shown = world.run(&["import", "post.md", "--into", "a"]);
    assert!(
        shown.contains("this file is not extended") && shown.contains("incidents/a.yaml"),
        "{shown}"
    );
    assert!(shown.ends_with("exit 3\n"), "{shown}");
    assert_eq!(world.read("incidents/a.yaml"), text);
    assert!(!world.path("evidence").exists());
}

#[cfg(unix)]
#[test]
fn into_does_not_write_through_a_link() {
    let world = World::new();
    let text = "schema: posthoc/v1\nid: a\ntitle: A\n";
    world.write("elsewhere.yaml", text).write("incidents/.keep", "").write("post.md", WRITE_UP);
    std::os::unix::fs::symlink(world.path("elsewhere.yaml"), world.path("incidents/a.yaml"))
        .expect("a link");
    let shown = world.run(&["import", "post.md", "--into", "a"]);
    assert!(
        shown.contains("a.yaml cannot be edited in place: it is a link")
            && shown.ends_with("exit 3\n"),
        "{shown}"
    );
    assert_eq!(world.read("elsewhere.yaml"), text);
    assert!(
        !world.files().iter().any(|(name, _)| name.starts_with("evidence/")),
        "nothing is stored for it"
    );
}

#[test]
fn empty_source_argument_is_an_error() {
    let world = World::new();
    world.write("notes.md", "# Outage\n\n- 2026-01-02 10:00 UTC The incident began.\n");
    let shown = world.run(&["import", ""]);
    assert!(shown.contains("error: a SRC is empty") && shown.ends_with("exit 2\n"), "{shown}");
}

#[test]
fn incident_without_readable_times_keeps_its_texts() {
    let world = World::new();
    let page = r#"{"page":{"id":"p","name":"P","url":"https://status.example.com"},"incidents":[{"id":"i3","name":"Slow","status":"resolved","created_at":"06/01/2026","incident_updates":[{"id":"x1","status":"investigating","body":"The disk is full.","created_at":1767700000}]}]}"#;
    world.write("page.json", page);
    let shown = world.run(&["import", "page.json"]);
    assert!(shown.contains("1 created") && !shown.contains("left out"), "{shown}");
    let timeline = world.run(&["timeline", "slow"]);
    assert!(timeline.contains("The disk is full."), "{timeline}");
}
