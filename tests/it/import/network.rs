//! Importing over the network, as users do: histories of many pages, cached responses,
//! many addresses at once, and sources that have a name.

use std::io::Write as _;
use std::time::Duration;

use crate::support::servers::{Server, answer, ok as json};
use crate::support::world::World;

/// Incidents of a page's API, one on each of the days that come before day `first` of the year.
fn history(first: u32, count: u32) -> String {
    let incident = |number: u32| {
        let day = chrono::NaiveDate::from_yo_opt(2026, number).unwrap();
        format!(
            r#"{{"id":"i{number}","name":"Slow {number}","status":"resolved","created_at":"{day}T10:00:00Z","incident_updates":[
                {{"id":"u{number}","status":"resolved","body":"Over.","display_at":"{day}T11:00:00Z"}}]}}"#
        )
    };
    let incidents: Vec<String> = (0..count).map(|back| incident(first - back)).collect();
    format!(
        r#"{{"page":{{"id":"p","name":"P","time_zone":"Etc/UTC"}},"incidents":[{}]}}"#,
        incidents.join(",")
    )
}

/// A page with 110 incidents, 50 of them in each answer.
fn paged() -> Server {
    Server::new(|_, path| match path {
        "/api/v2/incidents.json" => json(&history(110, 50)),
        "/api/v2/incidents.json?page=2" => json(&history(60, 50)),
        "/api/v2/incidents.json?page=3" => json(&history(10, 10)),
        _ => answer("404 Not Found", "", b""),
    })
}

fn created(shown: &str) -> usize {
    shown.lines().filter(|line| line.starts_with("created ")).count()
}

#[test]
fn history_is_read_back_to_since() {
    let (world, server) = (World::new(), paged());
    let address = server.url("/api/v2/incidents.json");
    let shown = world.run(&["import", &address, "--dry-run"]);
    assert_eq!((created(&shown), server.requests()), (50, 1), "{shown}");
    assert!(shown.contains("the 50 most recent incidents only"), "{shown}");

    let shown = world.run(&["import", &address, "--since", "2026-03-12T00:00Z"]);
    let asked = ["/api/v2/incidents.json", "/api/v2/incidents.json?page=2"];
    assert_eq!(server.paths()[1..], asked, "behind a page that is all older, nothing is wanted");
    assert_eq!(created(&shown), 40, "from day 71 on: {shown}");
    assert!(!shown.contains("most recent"), "{shown}");

    let shown = world.run(&["import", &address, "--since", "2025-01-01T00:00Z"]);
    assert_eq!(server.requests(), 1 + 2 + 3);
    assert!(shown.contains("70 created, 0 extended, 40 unchanged"), "{shown}");
}

#[test]
fn repeated_first_page_ends_paging_with_a_warning() {
    let (world, server) = (World::new(), Server::new(|_, _| json(&history(50, 50))));
    let shown = world.run(&[
        "import",
        &server.url("/api/v2/incidents.json"),
        "--since",
        "2020-01-01T00:00Z",
    ]);
    assert_eq!((created(&shown), server.requests()), (50, 2), "{shown}");
    assert!(
        shown.contains("has nothing new: there are no older pages") && shown.ends_with("exit 0\n"),
        "{shown}"
    );
}

#[test]
fn failed_page_keeps_the_pages_before_it() {
    let server = Server::new(|_, path| match path {
        "/api/v2/incidents.json" => json(&history(110, 50)),
        _ => answer("404 Not Found", "", b""),
    });
    let world = World::new();
    let shown = world.run(&[
        "import",
        &server.url("/api/v2/incidents.json"),
        "--since",
        "2020-01-01T00:00Z",
    ]);
    assert_eq!(created(&shown), 50, "{shown}");
    assert!(
        shown.contains("the pages before it were read") && shown.ends_with("exit 4\n"),
        "{shown}"
    );
}

#[test]
fn unchanged_response_is_not_sent_again() {
    let server = Server::talking(|_, request, stream| {
        let answer = match request.header("if-none-match").as_deref() {
            Some("\"v1\"") => answer("304 Not Modified", "ETag: \"v1\"\r\n", b""),
            _ => answer(
                "200 OK",
                "Content-Type: application/json\r\nETag: \"v1\"\r\n",
                history(9, 3).as_bytes(),
            ),
        };
        let _ = stream.write_all(&answer);
    });
    let (world, address) = (World::new(), server.url("/api/v2/incidents.json"));
    assert_eq!(created(&world.run(&["import", &address])), 3);
    let before = world.files();
    let again = world.run(&["import", &address]);
    assert!(again.contains("0 created, 0 extended, 3 unchanged"), "{again}");
    world.assert_same(&before);
    assert_eq!(server.requests(), 2, "the server is asked every time");
    drop(server);
    let offline = world.run(&["--offline", "import", &address]);
    assert!(
        offline.contains("3 unchanged") && offline.contains("as it was at 2026-04-01 12:00:00 UTC"),
        "{offline}"
    );
}

#[test]
fn each_host_gets_one_request_at_a_time_in_input_order() {
    let slow = |delay: u64| {
        Server::new(move |_, path| {
            std::thread::sleep(Duration::from_millis(delay));
            match path {
                "/missing.json" => answer("404 Not Found", "", b""),
                "/empty.json" => json(""),
                "/login.json" => answer(
                    "200 OK",
                    "Content-Type: text/html\r\n",
                    b"<!doctype html><title>Log in</title>",
                ),
                _ => json(&history(
                    path.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(1),
                    1,
                )),
            }
        })
    };
    let (world, one, other) = (World::new(), slow(30), slow(0));
    let addresses = [
        one.url("/90.json"),
        other.url("/missing.json"),
        one.url("/91.json"),
        other.url("/92.json"),
        one.url("/empty.json"),
        other.url("/login.json"),
        one.url("/93.json"),
    ];
    let arguments: Vec<&str> =
        std::iter::once("import").chain(addresses.iter().map(String::as_str)).collect();
    let shown = world
        .run(&arguments)
        .replace(&one.address, "http://one")
        .replace(&other.address, "http://other");
    assert_eq!((one.busiest(), other.busiest()), (1, 1));
    insta::assert_snapshot!(shown, @r#"
    ── stdout
    created   incidents/2026-03-31-slow-90.yaml
    created   incidents/2026-04-01-slow-91.yaml
    created   incidents/2026-04-02-slow-92.yaml
    created   incidents/2026-04-03-slow-93.yaml
    ── stderr
    error: cannot fetch http://other/missing.json: the server answered 404 Not Found
     |
     = help: check the address; a status page may have moved to another system
    error: http://one/empty.json: there is nothing in it
     |
     = help: an empty answer is not an empty history: fetch or save it again
    error: http://other/login.json: this is a web page, not data (its title is "Log in")
     |
     = help: give the address of the data, such as the page's own with /api/v2/incidents.json or /history.atom; --format document reads it as a write-up
    4 created, 0 extended, 0 unchanged
    warning: 3 of 7 inputs were not imported
    ── exit 4
    "#);
}

#[test]
fn named_sources_come_from_the_settings() {
    let (world, server) = (
        World::new(),
        Server::new(|_, path| json(&history(if path == "/a.json" { 20 } else { 30 }, 1))),
    );
    let settings = format!(
        "[sources.ours]\nurl = \"{}\"\n[sources.theirs]\nurl = \"{}\"\n",
        server.url("/a.json"),
        server.url("/b.json")
    );
    world.write("posthoc.toml", settings);
    let one = world.run(&["import", "theirs"]);
    assert_eq!((created(&one), server.paths()), (1, vec!["/b.json".to_owned()]), "{one}");
    let all = world.run(&["import", "--all"]);
    assert!(all.contains("1 created, 0 extended, 1 unchanged"), "{all}");
    assert_eq!(server.requests(), 1 + 2);
    insta::assert_snapshot!(world.run(&["import", "thiers"]), @r"
    ── stderr
    error: `thiers` is neither a file nor a source in posthoc.toml
     |
     = help: did you mean `theirs`?
    ── exit 4
    ");
    let empty = World::new();
    insta::assert_snapshot!(empty.run(&["import", "--all"]), @r#"
    ── stderr
    error: posthoc.toml names no sources
     |
     = help: add one: [sources.example] and below it url = "https://status.example.com"
    ── exit 2
    "#);
}

#[test]
fn unknown_feed_is_read_from_address_and_file_alike() {
    let feed = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Notices</title><item><title>Mail is slow</title><guid>n1</guid><pubDate>Tue, 17 Mar 2026 14:00:00 GMT</pubDate><description>We look into it.</description></item></channel></rss>";
    let server = Server::new(move |_, path| {
        match path {
        "/notices.rss" => answer("200 OK", "Content-Type: application/rss+xml\r\n", feed.as_bytes()),
        "/" => answer(
            "200 OK",
            "Content-Type: text/html\r\n",
            b"<!doctype html><title>P</title><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/notices.rss\">",
        ),
        _ => answer("404 Not Found", "", b""),
    }
    });
    for path in ["/notices.rss", ""] {
        let world = World::new();
        let shown = world.run(&["import", &server.url(path)]);
        assert!(
            shown.contains("created   incidents/2026-03-17-mail-is-slow.yaml"),
            "{path}: {shown}"
        );
    }
}
