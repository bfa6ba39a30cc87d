//! Which file a record belongs to, where installations of one product count their incidents each
//! from 1.

use crate::support::servers::Server;
use crate::support::world::World;

/// The incident 1 of an installation, with a second update or without; `address` is where it says
/// that people can read it.
fn first_of(name: &str, address: Option<&str>, is_over: bool) -> String {
    let permalink =
        address.map_or(String::new(), |url| format!(r#""permalink": "{url}/incidents/1","#));
    let over = if is_over {
        r#"{"id": 2, "status": 4, "message": "Over.", "created_at": "2026-07-01 13:00:00"},"#
    } else {
        ""
    };
    format!(
        r#"{{"data": [{{"id": 1, "name": "{name}", "status": 1, "message": "We look.", {permalink} "human_status": "Investigating",
        "created_at": "2026-07-01 12:00:00", "updates": [{over}
        {{"id": 1, "status": 2, "message": "Found.", "created_at": "2026-07-01 12:30:00"}}]}}]}}"#
    )
}

fn import(world: &World, inputs: &[&str]) -> String {
    let output = world.run(&[&["import", "--zone", "UTC", "--format", "cachet"], inputs].concat());
    assert!(output.ends_with("exit 0\n"), "{output}");
    output
}

fn names(world: &World) -> Vec<String> {
    let files = world.files().into_iter().map(|(name, _)| name);
    files
        .filter_map(|name| Some(name.strip_prefix("incidents/")?.strip_suffix(".yaml")?.to_owned()))
        .collect()
}

const A: Option<&str> = Some("https://status.a.example");
const B: Option<&str> = Some("https://status.b.example");

#[test]
fn same_number_on_two_pages_gives_two_files() {
    let together = World::new();
    let apart = World::new();
    for world in [&together, &apart] {
        world
            .write("a.json", first_of("Slow logins", A, false))
            .write("b.json", first_of("Slow search", B, false));
    }
    assert!(import(&together, &["a.json", "b.json"]).contains("2 created, 0 extended"));
    for input in ["a.json", "b.json"] {
        assert!(import(&apart, &[input]).contains("1 created, 0 extended"));
    }
    for world in [&together, &apart] {
        assert_eq!(names(world), ["2026-07-01-slow-logins", "2026-07-01-slow-search"]);
        let logins = world.read("incidents/2026-07-01-slow-logins.yaml");
        let before = world.files();
        assert!(
            import(world, &["b.json", "a.json"]).contains("0 created, 0 extended, 2 unchanged")
        );
        world.assert_same(&before);
        world.write("b.json", first_of("Slow search", B, true));
        assert!(
            import(world, &["b.json"])
                .contains("extended  incidents/2026-07-01-slow-search.yaml  (1 entry)")
        );
        assert_eq!(world.read("incidents/2026-07-01-slow-logins.yaml"), logins);
    }
}

#[test]
fn unknown_page_matches_any_but_known_page_first() {
    for (first, second) in [(A, None), (None, A), (None, None)] {
        let world = World::new();
        world.write("first.json", first_of("Slow logins", first, false));
        world.write("second.json", first_of("Slow logins", second, true));
        import(&world, &["first.json"]);
        assert!(
            import(&world, &["second.json"]).contains("0 created, 1 extended"),
            "{first:?} {second:?}"
        );
        assert_eq!(names(&world), ["2026-07-01-slow-logins"]);
        world.write("third.json", first_of("Slow logins", first, true));
        assert!(
            import(&world, &["third.json", "second.json"])
                .contains("0 created, 0 extended, 2 unchanged")
        );
    }
}

#[test]
fn fetched_page_and_its_saved_response_are_the_same() {
    let of = |name: &str| Server::of(&[("/api/v1/incidents", &first_of(name, None, false))]);
    let (one, other) = (of("Slow logins"), of("Slow search"));
    let [at_one, at_other] =
        [&one, &other].map(|server| format!("{}/api/v1/incidents", server.address));
    let world = World::new();
    world.write("saved.json", first_of("Slow logins", None, true));
    assert!(import(&world, &[&at_one]).contains("1 created"));
    assert!(import(&world, &[&at_one]).contains("0 created, 0 extended, 1 unchanged"));
    assert!(import(&world, &["saved.json"]).contains("0 created, 1 extended"));
    assert!(import(&world, &[&at_other]).contains("1 created"));
    assert_eq!(names(&world), ["2026-07-01-slow-logins", "2026-07-01-slow-search"]);
    assert!(import(&world, &[&at_other, &at_one]).contains("0 created, 0 extended, 2 unchanged"));
}

#[test]
fn same_number_of_another_page_is_another_source() {
    let world = World::new();
    world
        .write("a.json", first_of("Slow logins", A, false))
        .write("b.json", first_of("Slow search", B, false));
    import(&world, &["a.json"]);
    let output = import(&world, &["b.json", "--into", "slow-logins"]);
    assert!(output.contains("1 source, 2 entries"), "{output}");
    let before = world.files();
    for input in ["a.json", "b.json"] {
        assert!(
            import(&world, &[input, "--into", "slow-logins"]).contains("already has all of it")
        );
    }
    world.assert_same(&before);
}

/// The last beats of a monitor, one every ten minutes from `hour` on: up or down.
fn beats(hour: u32, up: &[bool]) -> String {
    let beat = |(index, up): (usize, &bool)| {
        let (hour, minute) = (hour as usize + index / 6, index % 6 * 10);
        format!(
            r#"{{"status": {}, "time": "2026-03-17 {hour:02}:{minute:02}:00.000", "msg": ""}}"#,
            u8::from(*up)
        )
    };
    let beats: Vec<String> = up.iter().enumerate().map(beat).collect();
    format!(r#"{{"heartbeatList": {{"1": [{}]}}}}"#, beats.join(","))
}

#[test]
fn outage_longer_than_one_capture_is_one_file() {
    let world = World::new();
    let captures = [
        ("a.json", beats(10, &[true, true, false, false])),
        ("b.json", beats(11, &[false, false])),
        ("c.json", beats(12, &[false, true])),
        ("d.json", beats(13, &[false, false, true])),
    ];
    let import = |names: &[&str]| world.run(&[&["import"], names].concat());
    let file = "incidents/2026-03-17-monitor-1-is-down.yaml";
    for (name, text) in captures {
        world.write(name, text);
    }
    assert!(import(&["a.json"]).contains("1 created"));
    let output = import(&["b.json"]);
    let guess = "monitor 1 is down at 2026-03-17T10:20:00Z and at 2026-03-17T11:00:00Z: this is treated as one outage";
    assert!(
        output.contains(guess) && output.contains("0 created, 0 extended, 1 unchanged"),
        "{output}"
    );
    let output = import(&["c.json"]);
    assert!(output.contains("0 created, 1 extended"), "{output}");
    let text = world.read(file);
    assert_eq!(text.matches("    text: ").count(), 2, "down, and up: {text}");
    assert!(text.contains("resolved_at:\n    at: 2026-03-17T12:10:00Z"), "{text}");
    let before = world.files();
    let output = import(&["a.json", "b.json", "c.json"]);
    assert!(
        output.contains("0 created, 0 extended, 3 unchanged") && !output.contains("taken for one"),
        "{output}"
    );
    world.assert_same(&before);
    assert!(import(&["d.json"]).contains("1 created"), "it was over before this one began");
    // All at once it is the same.
    let other = World::new();
    for name in ["a.json", "b.json", "c.json", "d.json"] {
        other.write(name, world.read(name));
    }
    let output = other.run(&["import", "d.json", "c.json", "b.json", "a.json"]);
    assert!(output.contains("2 created, 0 extended"), "{output}");
}

#[test]
fn older_capture_adds_the_start_to_the_same_file() {
    let world = World::new();
    world
        .write("late.json", beats(11, &[false, true]))
        .write("early.json", beats(10, &[true, true, false, false, false, false, false, true]));
    assert!(world.run(&["import", "late.json"]).contains("1 created"));
    let output = world.run(&["import", "early.json"]);
    assert!(
        output.contains("0 created, 1 extended") && !output.contains("note: the update"),
        "{output}"
    );
    let names = names(&world);
    let [name] = &names[..] else { panic!("{names:?}") };
    let text = world.read(&format!("incidents/{name}.yaml"));
    for part in ["impact_start:", "first_notice_at:", "2026-03-17T10:20:00Z"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let before = world.files();
    for input in ["late.json", "early.json"] {
        let output = world.run(&["import", input]);
        assert!(output.contains("0 created, 0 extended, 1 unchanged"), "{output}");
    }
    world.assert_same(&before);
}
