//! Inputs that are no plain files, or too many or too large: refused at once, by name.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use crate::support::world::World;

const PAGE: &str = r#"{"page":{"id":"p","name":"P","time_zone":"Etc/UTC"},"incidents":[{"id":"i1","name":"Slow","status":"resolved",
"created_at":"2026-03-17T10:00:00Z","incident_updates":[{"id":"u1","status":"resolved","body":"Over.","display_at":"2026-03-17T11:00:00Z"}]}]}"#;

/// A pipe that nobody writes into, a socket, and links to them and to a device.
fn world() -> (World, UnixListener) {
    let world = World::new();
    let made =
        std::process::Command::new("mkfifo").arg(world.path("pipe")).status().expect("mkfifo runs");
    assert!(made.success());
    let socket = UnixListener::bind(world.path("socket")).expect("a socket");
    symlink("/dev/zero", world.path("zero")).expect("a link");
    world.write("page.json", PAGE);
    (world, socket)
}

#[test]
fn special_files_are_refused_and_the_rest_is_imported() {
    let (world, _socket) = world();
    let began = Instant::now();
    insta::assert_snapshot!(world.run(&["import", "/dev/zero", "zero", "pipe", "socket", "page.json"]), @r"
    ── stdout
    created   incidents/2026-03-17-slow.yaml
    ── stderr
    error: cannot read /dev/zero: it is a device, not a file
     |
     = help: to import what a program prints: `PROGRAM | posthoc import -`
    error: cannot read zero: it is a device, not a file
     |
     = help: to import what a program prints: `PROGRAM | posthoc import -`
    error: cannot read pipe: it is a pipe, not a file
     |
     = help: to import what a program prints: `PROGRAM | posthoc import -`
    error: cannot read socket: it is a socket, not a file
     |
     = help: to import what a program prints: `PROGRAM | posthoc import -`
    1 created, 0 extended, 0 unchanged
    warning: 4 of 5 inputs were not imported
    ── exit 3
    ");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn special_files_are_refused_with_into() {
    let (world, _socket) = world();
    world.write("incidents/a.yaml", "schema: posthoc/v1\nid: a\ntitle: A\n");
    for name in ["/dev/zero", "pipe", "socket"] {
        let shown = world.run(&["import", name, "--into", "a"]);
        assert!(
            shown.contains(&format!("cannot read {name}: it is a")) && shown.ends_with("exit 3\n"),
            "{shown}"
        );
    }
}

#[test]
fn special_files_in_a_folder_are_reported_and_skipped() {
    let (world, _socket) = world();
    let other = World::new();
    other.write("page.json", PAGE);
    symlink(other.path("page.json"), world.path("linked.json")).expect("a link");
    symlink(".", world.path("circle")).expect("a link");
    insta::assert_snapshot!(world.run(&["import", "."]), @r"
    ── stdout
    created   incidents/2026-03-17-slow.yaml
    ── stderr
    warning: not read, since they are links, pipes or devices: circle, linked.json, pipe, socket, zero
     |
     = help: give a link by its own name to import what it leads to
    1 created, 0 extended, 0 unchanged
    ── exit 0
    ");
    let shown = world.run(&["import", "linked.json"]);
    assert!(shown.contains("1 unchanged"), "a link that is named is read: {shown}");
}

#[test]
fn too_large_file_is_refused_unread() {
    let world = World::new();
    world.write("page.json", PAGE);
    let large = std::fs::File::create(world.path("large.json")).expect("a file");
    // It has no bytes on the disk.
    large.set_len(200 << 30).expect("a length");
    let began = Instant::now();
    insta::assert_snapshot!(world.run(&["import", "large.json", "page.json"]), @r"
    ── stdout
    created   incidents/2026-03-17-slow.yaml
    ── stderr
    error: large.json has more than 64 MB (204800 MB)
     |
     = help: import a part of it: a page's newest incidents, or one incident's alerts
    1 created, 0 extended, 0 unchanged
    warning: 1 of 2 inputs were not imported
    ── exit 3
    ");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn too_large_folder_is_refused_unread() {
    let world = World::new();
    for number in 0..40 {
        world.write(&format!("heavy/{number}.json"), "");
        let file =
            std::fs::File::options().write(true).open(world.path(&format!("heavy/{number}.json")));
        file.expect("a file").set_len(60 << 20).expect("a length");
    }
    let shown = world.run(&["import", "heavy"]);
    assert!(
        shown.contains("the folder heavy has more than 2048 MB; none of it was read"),
        "{shown}"
    );
    assert!(shown.ends_with("exit 3\n"), "{shown}");
    std::fs::create_dir(world.path("many")).expect("a folder");
    for number in 0..=20_000 {
        std::fs::File::create(world.path(&format!("many/{number}"))).expect("a file");
    }
    let shown = world.run(&["import", "many"]);
    assert!(
        shown.contains("the folder many has more than 20000 files; none of it was read"),
        "{shown}"
    );
}
