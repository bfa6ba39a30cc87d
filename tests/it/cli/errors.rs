//! Bad input: a clear error with its place, a non-zero exit, and no changed file.

use crate::support::world::World;

const HEAD: &str = "schema: posthoc/v1\nid: a\ntitle: A\n";

#[test]
fn each_mistake_of_a_file_is_shown_with_its_line() {
    let world = World::new();
    world.write(
        "incidents/a.yaml",
        format!(
            "{HEAD}severty: sev1\nmilestones:\n  resolved_at: 2026-03-29 02:30 Europe/Berlin\n"
        ),
    );
    insta::assert_snapshot!(world.run(&["timeline", "a"]), @r"
    ── stderr
    error: unknown key `severty`
     --> incidents/a.yaml:4:1
      |
    4 | severty: sev1
      | ^^^^^^^
      |
      = help: did you mean `severity`?
    error: `resolved_at`: 2026-03-29 02:30:00 does not exist in Europe/Berlin: it may mean 2026-03-29T02:30:00+01:00 or 2026-03-29T02:30:00+02:00
     --> incidents/a.yaml:6:16
      |
    6 |   resolved_at: 2026-03-29 02:30 Europe/Berlin
      |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the offset instead of the zone
    ── exit 3
    ");
}

#[test]
fn workspace_folder_can_be_given_from_anywhere() {
    let world = World::new();
    world
        .write("deep/posthoc.toml", "")
        .write("deep/incidents/a.yaml", format!("{HEAD}severty: sev1\n"));
    let from_outside = world.run(&["-C", "deep", "list"]);
    assert!(from_outside.contains("severty: sev1\n"), "the line is shown: {from_outside}");
    world.write("deep/incidents/year/b.yaml", "schema: posthoc/v1\nid: b\ntitle: B\n");
    assert!(world.run(&["-C", "deep/incidents/year", "timeline", "b"]).contains("no entries yet"));
    insta::assert_snapshot!(world.run(&["-C", "nowhere", "list"]), @r"
    ── stderr
    error: nowhere is not a folder
    ── exit 2
    ");
}

#[test]
fn each_kind_of_bad_file_is_reported_and_others_are_listed() {
    let world = World::new();
    world
        .write("incidents/good.yaml", "schema: posthoc/v1\nid: good\ntitle: Good\n")
        .write("incidents/empty.yaml", "")
        .write("incidents/not-yaml.yaml", "title: [\n")
        .write("incidents/not-utf8.yaml", b"schema: posthoc/v1\ntitle: \xff\n")
        .write("incidents/list.yaml", "- a\n")
        .write("incidents/sub/good.yaml", "schema: posthoc/v1\nid: good\ntitle: Good again\n")
        .write("incidents/large.yaml", vec![b'#'; 9 << 20]);
    insta::assert_snapshot!(world.run(&["list"]));
}

#[cfg(unix)]
#[test]
fn named_pipe_in_the_incidents_folder_does_not_block() {
    let world = World::new();
    world.write("incidents/a.yaml", HEAD);
    let made = std::process::Command::new("mkfifo").arg(world.path("incidents/pipe.yaml")).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe");
    insta::assert_snapshot!(world.run(&["list"]), @r"
    ── stdout
    INCIDENT	TITLE	BEGAN	SEVERITY	STATUS	TTR
    a	A	unknown		unknown
    ── stderr
    error: this is not a file, but it is named like an incident file
     --> incidents/pipe.yaml
      |
      = help: rename it, or move it elsewhere
    ── exit 3
    ");
}

#[test]
fn id_of_two_files_is_neither_counted_nor_rendered() {
    let world = World::new();
    world.write("incidents/a.yaml", HEAD).write("incidents/sub/a.yaml", HEAD);
    world.write("incidents/b.yaml", "schema: posthoc/v1\nid: b\ntitle: B\n");
    insta::assert_snapshot!(world.run(&["render", "--to", "md"]), @r"
    ── stdout
    out/b.md
    ── stderr
    error: the id `a` is also that of incidents/sub/a.yaml
     --> incidents/a.yaml
      |
      = help: an id names one file, so none of them is used: rename all but one, and change the `id` in them
    error: the id `a` is also that of incidents/a.yaml
     --> incidents/sub/a.yaml
      |
      = help: an id names one file, so none of them is used: rename all but one, and change the `id` in them
    ── exit 3
    ");
    assert!(!world.path("out/a.md").exists());
    assert!(
        world.run(&["render", "a", "--to", "md"]).contains("is also that of incidents/sub/a.yaml")
    );
    assert!(!world.path("out/a.md").exists());
    assert!(world.run(&["new", "A", "--id", "a"]).contains("is taken"));
}

#[test]
fn ambiguous_part_of_an_id_lists_the_matches() {
    let world = World::new();
    for id in ["2026-a", "2026-b"] {
        world.write(
            &format!("incidents/{id}.yaml"),
            format!("schema: posthoc/v1\nid: {id}\ntitle: x\n"),
        );
    }
    insta::assert_snapshot!(world.run(&["show", "2026"]), @r"
    ── stderr
    error: `2026` is a part of 2 ids
     |
     = help: say which: 2026-a, 2026-b
    ── exit 2
    ");
}

#[test]
fn invalid_settings_stop_every_command() {
    let world = World::new();
    world.write("posthoc.toml", "zone = \"Europe/Berln\"\n");
    insta::assert_snapshot!(world.run(&["list"]), @r#"
    ── stderr
    error: unknown time zone `Europe/Berln`
     --> posthoc.toml:1:8
      |
    1 | zone = "Europe/Berln"
      |        ^^^^^^^^^^^^^^
      |
      = help: did you mean `Europe/Berlin`?
    ── exit 3
    "#);
}

#[test]
fn broken_pipe_is_not_an_error() {
    let world = World::new();
    for number in 0..400 {
        world.write(
            &format!("incidents/i{number}.yaml"),
            format!("schema: posthoc/v1\nid: i{number}\ntitle: {}\n", "x".repeat(200)),
        );
    }
    let program = assert_cmd::cargo::cargo_bin("posthoc");
    let script = format!(
        "{} -C {} list --json | head -1; echo ${{PIPESTATUS[0]}}",
        program.display(),
        world.path(".").display()
    );
    let output = std::process::Command::new("bash").args(["-c", &script]).output().expect("bash");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "{\n0\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let world = World::new();
    world.write(
        "incidents/a.yaml",
        format!("{HEAD}timeline:\n  - {{at: 2026-03-17T14:05Z, text: \"\\e[31mred\\a\\u202e\"}}\n"),
    );
    let shown = world.run(&["timeline", "a", "--color", "never"]);
    assert!(
        shown.contains("[31mred") && !shown.contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{shown:?}"
    );
}

/// Runs a shell script with a small file system of its own mounted at `disk`, gone when it ends.
/// `None` where that is not allowed; a line says so.
#[cfg(target_os = "linux")]
fn with_small_disk(world: &World, script: &str) -> Option<String> {
    std::fs::create_dir_all(world.path("disk")).expect("a folder");
    let program = assert_cmd::cargo::cargo_bin("posthoc");
    let script = format!(
        "mount -t tmpfs -o size=64k tmpfs disk || exit 77\nposthoc() {{ {} --now 2026-04-01T12:00:00Z \"$@\" 2>&1; echo \"exit $?\"; }}\n{script}",
        program.display()
    );
    let output = std::process::Command::new("unshare")
        .args(["--mount", "bash", "-c", &script])
        .current_dir(world.path("."))
        .output();
    match output {
        Ok(output) if output.status.success() => {
            let shown = String::from_utf8_lossy(&output.stdout).into_owned();
            Some(shown.replace(&*world.path("disk").to_string_lossy(), "[DISK]"))
        }
        _ => {
            eprintln!("skipped: this user may not mount a file system");
            None
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_leaves_the_old_file_intact() {
    let world = World::new();
    world.write("a.yaml", HEAD);
    let script = "mkdir disk/incidents; cp a.yaml disk/incidents; head -c 70000 /dev/zero > disk/filler 2>/dev/null
        posthoc -C disk new 'It broke'
        posthoc -C disk render
        posthoc -C disk list
        cmp a.yaml disk/incidents/a.yaml && ls -A disk disk/incidents";
    let Some(shown) = with_small_disk(&world, script) else { return };
    insta::assert_snapshot!(shown, @r"
    error: cannot write [DISK]/incidents/2026-04-01-it-broke.yaml: no space left on device
    exit 4
    error: cannot write [DISK]/out/a.md: no space left on device
    exit 4
    INCIDENT	TITLE	BEGAN	SEVERITY	STATUS	TTR
    a	A	unknown		unknown	
    exit 0
    disk:
    filler
    incidents
    out

    disk/incidents:
    a.yaml
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn import_that_fills_the_disk_lists_what_it_wrote() {
    let world = World::new();
    let incident = |number: u32| {
        let at = format!("2026-03-{number:02}T10:00:00Z");
        let body = "x".repeat(9_000);
        format!(
            r#"{{"id":"i{number}","name":"n","incident_updates":[{{"id":"u","status":"investigating","body":"{body}","display_at":"{at}"}}]}}"#
        )
    };
    let incidents: Vec<String> = (1..=9).map(incident).collect();
    world.write("page.json", format!(r#"{{"incidents":[{}]}}"#, incidents.join(",")));
    let script = "posthoc -C disk import ../page.json; ls -A disk/incidents";
    let Some(shown) = with_small_disk(&world, script) else { return };
    let named: Vec<&str> =
        shown.lines().filter_map(|line| line.strip_prefix("created   incidents/")).collect();
    let there: Vec<&str> =
        shown.lines().filter(|line| line.ends_with("-n.yaml") && !line.contains(' ')).collect();
    assert_eq!(named, there, "what is named is what is there, in the order of the page");
    assert!((1..9).contains(&named.len()), "{named:?}");
    // Which of several that are written at once finds no room is chance.
    let rest: String = shown
        .lines()
        .filter(|line| !line.ends_with("-n.yaml"))
        .map(|line| format!("{line}\n"))
        .collect();
    insta::with_settings!({ filters => [(r"\d+ created", "[N] created"), (r"2026-03-0\d-n", "[ONE]")] }, {
        insta::assert_snapshot!(rest, @r"
        [N] created, 0 extended, 0 unchanged
        error: cannot write [DISK]/incidents/[ONE].yaml: no space left on device
         |
         = help: what is listed above is done; run the same import again to do the rest
        exit 4
        ");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn read_only_folder_is_reported_and_reading_works() {
    let world = World::new();
    world.write("a.yaml", HEAD);
    let script = "mkdir disk/incidents; cp a.yaml disk/incidents; mount -o remount,ro disk
        posthoc -C disk new 'It broke'
        posthoc -C disk render a --to md
        posthoc -C disk list";
    let Some(shown) = with_small_disk(&world, script) else { return };
    insta::assert_snapshot!(shown, @r"
    error: cannot write [DISK]/incidents/2026-04-01-it-broke.yaml: read-only file system
    exit 4
    error: cannot create the folder [DISK]/out: read-only file system
    exit 4
    INCIDENT	TITLE	BEGAN	SEVERITY	STATUS	TTR
    a	A	unknown		unknown	
    exit 0
    ");
}

#[test]
fn unknown_zone_suggests_the_nearest_one() {
    let world = World::new();
    world.write("posthoc.toml", "");
    let shown = world.run(&["list", "--zone", "Europe/Berln"]);
    assert!(
        shown.contains("did you mean `Europe/Berlin`?") && shown.ends_with("exit 2\n"),
        "{shown}"
    );
}
