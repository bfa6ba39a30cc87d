//! How long fetching may take, and what is fetched at the same time.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use posthoc::fetch::{Cause, FetchOptions};

use crate::import::fetch::{fetcher, options};
use crate::support::servers::{Server, answer, ok};
use crate::support::world::World;

const PAGE: &str = "<!doctype html><title>Status</title>";
const LINKED: &str = "<!doctype html><title>Status</title><link rel=alternate type=application/rss+xml href=/best.xml>\
                      <link rel=alternate type=application/rss+xml href=/other.xml>";
const INCIDENTS: &str = r#"{"page":{"id":"p","name":"P","time_zone":"Etc/UTC"},"incidents":[{"id":"i1","name":"Slow","status":"resolved",
"created_at":"2026-03-17T10:00:00Z","incident_updates":[{"id":"u1","status":"resolved","body":"Over.","display_at":"2026-03-17T11:00:00Z"}]}]}"#;
const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>P</title><item><title>Slow</title><guid>n1</guid>
<pubDate>Tue, 17 Mar 2026 14:00:00 GMT</pubDate><description>We look into it.</description></item></channel></rss>"#;

#[test]
fn probing_has_one_total_limit() {
    let drips = Server::talking(|_, request, stream| {
        if request.path == "/" {
            let _ = stream.write_all(&ok(PAGE));
            return;
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        for _ in 0..500 {
            if stream.write_all(b" ").is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let slow_front = Server::talking(|_, _, stream| drop(stream.read(&mut [0])));
    for server in [&drips, &slow_front] {
        let limit = Duration::from_millis(400);
        let (fetcher, _) = fetcher(FetchOptions { search_timeout: limit, ..options() });
        let began = Instant::now();
        let error = fetcher.page(&server.url("/")).unwrap_err();
        assert_eq!(error.cause, Cause::SearchTime(limit));
        assert!(began.elapsed() < Duration::from_millis(1_500), "{:?}", began.elapsed());
        let text = error.to_string().replace(&server.address, "http://host");
        assert_eq!(text, "cannot fetch http://host/: no data was found there within 400 ms");
        assert!(error.hint().unwrap().contains("the address of the data itself"));
    }
}

#[test]
fn slow_addresses_are_probed_concurrently_and_the_best_is_used() {
    let server = Server::new(|_, path| {
        if path == "/" {
            return ok(LINKED);
        }
        // The better one is the slower one.
        std::thread::sleep(Duration::from_millis(if path == "/best.xml" { 400 } else { 150 }));
        match path {
            "/best.xml" | "/other.xml" => answer("200 OK", "", RSS.as_bytes()),
            _ => answer("404 Not Found", "", b""),
        }
    });
    let (fetcher, _) = fetcher(options());
    let page = fetcher.page(&server.url("/")).unwrap();
    assert_eq!(page.inputs[0].input.name, server.url("/best.xml"));
    assert!((2..=4).contains(&server.busiest()), "{}", server.busiest());
    assert_eq!(
        server.paths()[..2],
        ["/", "/api/v2/incidents.json"],
        "the commonest one first, and alone"
    );
}

#[test]
fn endless_response_does_not_block_other_addresses() {
    let server = Server::talking(|_, request, stream| match request.path.as_str() {
        "/" => drop(stream.write_all(&ok(LINKED))),
        "/best.xml" | "/api/v2/incidents.json" => drop(stream.read(&mut [0])),
        "/other.xml" => drop(stream.write_all(&answer("200 OK", "", RSS.as_bytes()))),
        _ => drop(stream.write_all(&answer("404 Not Found", "", b""))),
    });
    let (fetcher, _) =
        fetcher(FetchOptions { read_timeout: Duration::from_millis(300), ..options() });
    let page = fetcher.page(&server.url("/")).unwrap();
    assert_eq!(page.inputs[0].input.name, server.url("/other.xml"));
    assert!(
        page.tried.iter().any(|tried| tried.contains("no answer for 300 ms")),
        "{:?}",
        page.tried
    );
}

#[test]
fn recognised_page_gets_one_request_at_a_time() {
    let server = Server::new(|_, path| match path {
        "/" => ok(PAGE),
        "/api/v2/incidents.json" => ok(INCIDENTS),
        _ => answer("404 Not Found", "", b""),
    });
    fetcher(options()).0.page(&server.url("/")).unwrap();
    assert_eq!(server.busiest(), 1);
}

#[test]
fn timeout_covers_all_addresses_and_keeps_finished_ones() {
    let (quick, silent) = (
        Server::new(|_, _| ok(INCIDENTS)),
        Server::talking(|_, _, stream| {
            let _ = stream.read(&mut [0]);
        }),
    );
    let world = World::new();
    let addresses = [
        silent.url("/a.json"),
        quick.url("/incidents.json"),
        silent.url("/b.json"),
        silent.url("/c.json"),
    ];
    let mut arguments = vec!["import", "--timeout", "1"];
    arguments.extend(addresses.iter().map(String::as_str));
    let began = Instant::now();
    let shown = world.run(&arguments).replace(&silent.address, "http://silent");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    insta::assert_snapshot!(shown, @r"
    ── stdout
    created   incidents/2026-03-17-slow.yaml
    ── stderr
    error: cannot fetch http://silent/a.json: not fetched within the 1 s that --timeout allows
     |
     = help: give --timeout a longer time, or import this address alone
    error: cannot fetch http://silent/b.json: not fetched within the 1 s that --timeout allows
     |
     = help: give --timeout a longer time, or import this address alone
    error: cannot fetch http://silent/c.json: not fetched within the 1 s that --timeout allows
     |
     = help: give --timeout a longer time, or import this address alone
    1 created, 0 extended, 0 unchanged
    warning: 3 of 4 inputs were not imported
    ── exit 4
    ");
}

#[test]
fn retry_after_beyond_the_timeout_is_not_waited_for() {
    let server = Server::new(|_, _| answer("429 Too Many Requests", "Retry-After: 30\r\n", b""));
    let world = World::new();
    let began = Instant::now();
    let shown = world.run(&["import", "--timeout", "5s", &server.url("/incidents.json")]);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert!(shown.contains("429 Too Many Requests") && shown.ends_with("exit 4\n"), "{shown}");
    assert_eq!(server.requests(), 1);
}

#[test]
fn zero_or_excessive_timeout_is_refused() {
    for wrong in ["0", "-1", "1d", "soon"] {
        let shown = World::new().run(&["import", &format!("--timeout={wrong}"), "x.json"]);
        assert!(shown.contains("'--timeout <LENGTH>'") && shown.ends_with("exit 2\n"), "{shown}");
    }
}
