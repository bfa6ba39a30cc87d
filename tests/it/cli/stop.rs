//! Ctrl-C: a real signal, sent to the running program.

use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::servers::{Server, ok};
use crate::support::world::World;

/// Starts the program in the world.
fn started(world: &World, variables: &[(&str, &str)], arguments: &[&str], input: Stdio) -> Child {
    let prepared = world.command(arguments);
    let mut command = Command::new(prepared.get_program());
    command.args(prepared.get_args()).env_clear().current_dir(world.path(""));
    for (name, value) in prepared.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    // A group of its own: the signal is for it alone.
    command.envs(variables.iter().copied()).process_group(0);
    command
        .stdin(input)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs")
}

fn interrupt(child: &Child) {
    let id = Pid::from_raw(i32::try_from(child.id()).expect("a small number")).expect("not zero");
    kill_process(id, Signal::INT).expect("it runs");
}

/// Waits until it has ended; a program that does not end is a failure, and is ended.
fn ended(world: &World, mut child: Child) -> String {
    let began = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if began.elapsed() > Duration::from_secs(10) {
            child.kill().expect("it runs");
            panic!("it did not stop: {}", world.shown(&child.wait_with_output().expect("it ends")));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    world.shown(&child.wait_with_output().expect("it has ended"))
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Incidents of a page's API.
fn page(count: u32) -> String {
    let incident = |number: u32| {
        let at = format!(
            "2026-01-{:02}T{:02}:{:02}:00Z",
            1 + number / 1440 % 28,
            number / 60 % 24,
            number % 60
        );
        format!(
            r#"{{"id":"i{number}","name":"Slow {number}","status":"resolved","created_at":"{at}","incident_updates":[
                {{"id":"u{number}","status":"resolved","body":"Over.","display_at":"{at}"}}]}}"#
        )
    };
    let incidents: Vec<String> = (0..count).map(incident).collect();
    format!(
        r#"{{"page":{{"id":"p","name":"P","time_zone":"Etc/UTC"}},"incidents":[{}]}}"#,
        incidents.join(",")
    )
}

#[test]
fn ctrl_c_during_a_silent_request_stops_and_lists_unread_inputs() {
    let silent = Server::talking(|_, _, stream| {
        let _ = stream.read(&mut [0]);
    });
    let world = World::new();
    world.write("page.json", page(3));
    let address = format!("{}?token=secret", silent.url("/incidents.json"));
    let child = started(&world, &[], &["import", "page.json", &address], Stdio::null());
    until("it asks", || silent.requests() > 0);
    interrupt(&child);
    let began = Instant::now();
    let shown = ended(&world, child).replace(&silent.address, "http://silent");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    insta::assert_snapshot!(shown, @r"
    ── stderr
    error: stopped by Ctrl-C while the inputs were read: nothing was written
     |
     = help: 2 of 2 inputs not read: page.json, http://silent/incidents.json?token=***
    ── exit 130
    ");
    assert_eq!(world.files().len(), 1);
}

#[test]
fn waiting_for_standard_input_can_be_interrupted() {
    let world = World::new();
    let mut child = started(&world, &[], &["import", "-"], Stdio::piped());
    let _input = child.stdin.take();
    // Until its handler is there; before that the signal ends it too, without a word.
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&child);
    let shown = ended(&world, child);
    assert!(shown.contains("the standard input") && shown.ends_with("exit 130\n"), "{shown}");
}

#[test]
fn ctrl_c_during_writing_lists_written_files_and_leaves_none_partial() {
    let mut count = 2_000;
    let (world, shown) = loop {
        let world = World::new();
        world.write("page.json", page(count));
        let child = started(&world, &[], &["import", "page.json"], Stdio::null());
        let written = || {
            let folder = std::fs::read_dir(world.path("incidents")).into_iter().flatten().flatten();
            folder.filter(|entry| entry.file_name().to_string_lossy().ends_with(".yaml")).count()
        };
        until("it writes", || written() > 0);
        interrupt(&child);
        let shown = ended(&world, child);
        if shown.ends_with("exit 130\n") {
            break (world, shown);
        }
        // It was quicker than the signal.
        count *= 2;
        assert!(count < 20_000, "{shown}");
    };
    let files: Vec<String> = world
        .files()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name != "page.json")
        .collect();
    let named: Vec<&str> =
        shown.lines().filter_map(|line| line.strip_prefix("created   ")).collect();
    let mut sorted = named.clone();
    sorted.sort_unstable();
    assert_eq!(files, sorted, "what is named is there, and nothing else");
    let left = usize::try_from(count).unwrap() - named.len();
    assert!(
        shown.contains(&format!("error: stopped by Ctrl-C: {left} incidents not written")),
        "{shown}"
    );
    assert!(shown.contains("run the same import again to do the rest"), "{shown}");
    let again = world.run(&["import", "page.json"]);
    assert!(
        again.contains(&format!("{left} created, 0 extended, {} unchanged", named.len())),
        "{again}"
    );
}

#[test]
fn waiting_for_another_process_can_be_interrupted() {
    let world = World::new();
    world.write("page.json", page(1)).write("incidents/.keep", "");
    let folder = std::fs::File::open(world.path("incidents")).expect("a folder");
    folder.lock().expect("nobody else has it");
    let mut child = started(&world, &[], &["import", "page.json"], Stdio::null());
    let mut seen = Vec::new();
    let mut errors = child.stderr.take().expect("piped");
    while !String::from_utf8_lossy(&seen).contains("waiting for another posthoc") {
        let mut piece = [0; 256];
        let length = errors.read(&mut piece).expect("a pipe");
        assert!(length > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..length]);
    }
    interrupt(&child);
    let shown = ended(&world, child);
    let mut rest = String::new();
    errors.read_to_string(&mut rest).expect("a pipe");
    assert!(rest.contains("stopped by Ctrl-C") && shown.ends_with("exit 130\n"), "{rest}{shown}");
}

#[test]
fn second_ctrl_c_exits_immediately() {
    let silent = Server::talking(|_, _, stream| {
        let _ = stream.read(&mut [0]);
        let _ = stream.write_all(&ok("{}"));
    });
    let world = World::new();
    let child = started(&world, &[], &["import", &silent.url("/incidents.json")], Stdio::null());
    until("it asks", || silent.requests() > 0);
    interrupt(&child);
    interrupt(&child);
    assert!(ended(&world, child).ends_with("exit 130\n"));
}

#[test]
fn ctrl_c_in_the_pager_goes_to_the_pager() {
    let world = World::new();
    for number in 0..5 {
        world.write(
            &format!("incidents/a{number}.yaml"),
            format!("schema: posthoc/v1\nid: a{number}\ntitle: T\n"),
        );
    }
    // A pager that a person reads in for a while.
    world.write(
        "pager",
        "touch reading\nwhile [ ! -e enough ]; do sleep 0.01; done\ncat\necho the end\n",
    );
    let seen = std::thread::scope(|scope| {
        let running = scope.spawn(|| {
            crate::support::screen::seen_by(
                &world,
                80,
                &[("PAGER", "sh pager")],
                &["list"],
                |child| {
                    until("the pager runs", || world.path("reading").exists());
                    for _ in 0..3 {
                        interrupt(child);
                        std::thread::sleep(Duration::from_millis(30));
                    }
                    world.write("enough", "");
                },
            )
        });
        running.join().expect("no panic")
    });
    assert!(seen.0.contains("a4") && seen.0.contains("the end"), "{}", seen.0);
    assert_eq!(seen.1, Some(0));
}

#[test]
fn import_suggests_next_commands_only_on_a_terminal() {
    let world = World::new();
    world.write("one.json", page(1)).write("three.json", page(3));
    let (seen, code) = crate::support::screen::seen(&world, 80, &[], &["import", "one.json"]);
    assert_eq!(code, Some(0));
    assert!(
        seen.ends_with(
            "next: posthoc show 2026-01-01-slow-0\nnext: posthoc check 2026-01-01-slow-0\n"
        ),
        "{seen}"
    );
    let (seen, _) = crate::support::screen::seen(&world, 80, &[], &["import", "three.json"]);
    assert!(seen.ends_with("next: posthoc list\nnext: posthoc check\n"), "{seen}");
    let (seen, _) = crate::support::screen::seen(&world, 80, &[], &["import", "three.json"]);
    assert!(!seen.contains("next:"), "nothing has changed: {seen}");
    let (seen, _) = crate::support::screen::seen(&World::new(), 80, &[], &["import", "no.json"]);
    assert!(!seen.contains("next:"), "{seen}");
    let other = World::new();
    other.write("one.json", page(1));
    assert!(!other.run(&["import", "one.json"]).contains("next:"));
}

#[test]
fn terminal_shows_reading_progress() {
    let world = World::new();
    for number in 0..40 {
        world.write(&format!("in/{number}.json"), page(200));
    }
    let (seen, _) = crate::support::screen::seen(&world, 80, &[], &["import", "--dry-run", "in"]);
    assert!(seen.contains("reading ") && seen.contains("/40"), "{}", &seen[..seen.len().min(400)]);
    let shown = world.run(&["import", "--dry-run", "in"]);
    assert!(!shown.contains("reading "), "none in a pipe");
}

#[test]
fn terminal_shows_writing_progress() {
    let world = World::new();
    world.write("page.json", page(3_000));
    let (seen, _) = crate::support::screen::seen(&world, 80, &[], &["import", "page.json"]);
    assert!(
        seen.contains("writing ") && seen.contains("/3000"),
        "{}",
        &seen[..seen.len().min(400)]
    );
    assert!(
        seen.contains("3000 created, 0 extended, 0 unchanged"),
        "{}",
        &seen[seen.len().saturating_sub(400)..]
    );
    let (seen, _) =
        crate::support::screen::seen(&world, 80, &[], &["import", "--quiet", "page.json"]);
    assert!(!seen.contains("writing ") && !seen.contains("reading "), "{seen}");
}

#[test]
fn progress_bar_fills_for_every_kind_of_input() {
    let world = World::new();
    std::fs::create_dir(world.path("empty")).expect("a folder");
    for number in 0..3 {
        world.write(&format!("in/{number}.json"), page(20));
    }
    // The standard input is read last, and the bar is there while it is waited for.
    let typed = |child: &Child| {
        std::thread::sleep(Duration::from_millis(1_500));
        interrupt(child);
    };
    let inputs = ["import", "--dry-run", "in", "empty", "nothing.json", "in/0.json", "-"];
    let (seen, code) = crate::support::screen::seen_by(&world, 80, &[], &inputs, typed);
    assert_eq!(code, Some(130), "{seen}");
    assert!(seen.contains("5/6"), "all but the standard input: {seen}");
}
