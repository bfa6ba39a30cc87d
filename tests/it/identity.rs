//! Which file a record belongs to, where installations of one product count their incidents each
//! from 1.

use crate::servers::Server;
use crate::world::World;

/// The incident 1 of an installation, with a second update or without; `address` is where it says
/// that people can read it.
fn first_of(name: &str, address: Option<&str>, is_over: bool) -> String {
    let permalink = address.map_or(String::new(), |url| format!(r#""permalink": "{url}/incidents/1","#));
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
    let told = world.run(&[&["import", "--zone", "UTC", "--format", "cachet"], inputs].concat());
    assert!(told.ends_with("exit 0\n"), "{told}");
    told
}

fn names(world: &World) -> Vec<String> {
    let files = world.files().into_iter().map(|(name, _)| name);
    files.filter_map(|name| Some(name.strip_prefix("incidents/")?.strip_suffix(".yaml")?.to_owned())).collect()
}

const A: Option<&str> = Some("https://status.a.example");
const B: Option<&str> = Some("https://status.b.example");

#[test]
fn the_same_number_on_two_pages_is_two_files_together_and_one_after_the_other() {
    let together = World::new();
    let apart = World::new();
    for world in [&together, &apart] {
        world.write("a.json", first_of("Slow logins", A, false)).write("b.json", first_of("Slow search", B, false));
    }
    assert!(import(&together, &["a.json", "b.json"]).contains("2 created, 0 extended"));
    for input in ["a.json", "b.json"] {
        assert!(import(&apart, &[input]).contains("1 created, 0 extended"));
    }
    for world in [&together, &apart] {
        assert_eq!(names(world), ["2026-07-01-slow-logins", "2026-07-01-slow-search"]);
        let logins = world.read("incidents/2026-07-01-slow-logins.yaml");
        let before = world.files();
        assert!(import(world, &["b.json", "a.json"]).contains("0 created, 0 extended, 2 unchanged"));
        world.assert_same(&before);
        world.write("b.json", first_of("Slow search", B, true));
        assert!(import(world, &["b.json"]).contains("extended  incidents/2026-07-01-slow-search.yaml  (1 entry)"));
        assert_eq!(world.read("incidents/2026-07-01-slow-logins.yaml"), logins);
    }
}

#[test]
fn a_page_that_is_not_known_may_be_any_and_the_known_one_goes_first() {
    for (first, second) in [(A, None), (None, A), (None, None)] {
        let world = World::new();
        world.write("first.json", first_of("Slow logins", first, false));
        world.write("second.json", first_of("Slow logins", second, true));
        import(&world, &["first.json"]);
        assert!(import(&world, &["second.json"]).contains("0 created, 1 extended"), "{first:?} {second:?}");
        assert_eq!(names(&world), ["2026-07-01-slow-logins"]);
        world.write("third.json", first_of("Slow logins", first, true));
        assert!(import(&world, &["third.json", "second.json"]).contains("0 created, 0 extended, 2 unchanged"));
    }
}

#[test]
fn a_page_is_known_by_where_it_was_fetched_and_a_saved_answer_of_it_is_the_same() {
    let of = |name: &str| Server::of(&[("/api/v1/incidents", &first_of(name, None, false))]);
    let (one, other) = (of("Slow logins"), of("Slow search"));
    let [at_one, at_other] = [&one, &other].map(|server| format!("{}/api/v1/incidents", server.address));
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
fn evidence_of_another_page_with_the_same_number_is_another_source() {
    let world = World::new();
    world.write("a.json", first_of("Slow logins", A, false)).write("b.json", first_of("Slow search", B, false));
    import(&world, &["a.json"]);
    let told = import(&world, &["b.json", "--into", "slow-logins"]);
    assert!(told.contains("1 source, 2 entries"), "{told}");
    let before = world.files();
    for input in ["a.json", "b.json"] {
        assert!(import(&world, &[input, "--into", "slow-logins"]).contains("has it all already"));
    }
    world.assert_same(&before);
}
