//! Where a history ends: at the last page that may be fetched, and at another host.

use std::io::Write;

use crate::support::servers::{Server, answer};
use crate::support::world::World;

/// `count` incidents, one a day, counted back from the newest, from the `first` on.
fn page(first: usize, count: usize) -> String {
    let newest: chrono::NaiveDate = "2026-03-31".parse().unwrap();
    let incident = |number: usize| {
        let day = newest - chrono::Days::new(number as u64);
        format!(
            r#"{{"id": "i{number}", "name": "Outage {number}", "status": "resolved", "impact": "minor", "created_at": "{day}T10:00:00.000Z",
            "incident_updates": [{{"id": "u{number}", "status": "resolved", "body": "Done.", "created_at": "{day}T11:00:00.000Z", "display_at": "{day}T11:00:00.000Z"}}]}}"#
        )
    };
    let incidents: Vec<String> = (first..first + count).map(incident).collect();
    format!(
        r#"{{"page": {{"id": "p", "name": "P", "time_zone": "Etc/UTC", "updated_at": "2026-03-31T12:00:00Z"}}, "incidents": [{}]}}"#,
        incidents.join(",")
    )
}

fn import(server: &Server, path: &str, since: &str) -> String {
    let world = World::new();
    let url = server.url(path);
    let shown = world
        .run(&["import", "--dry-run", &url, "--since", since])
        .replace(&server.address, "http://127.0.0.1");
    shown.lines().filter(|line| !line.starts_with("created   ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn endless_history_stops_after_a_page_limit() {
    let server = Server::new(|_, path| {
        let number: usize = path.split("page=").nth(1).map_or(1, |number| number.parse().unwrap());
        answer("200 OK", "", page((number - 1) * 50, 50).as_bytes())
    });
    insta::assert_snapshot!(import(&server, "/api/v2/incidents.json", "1900-01-01"), @"
    ── stdout
    ── stderr
    warning: only the first 50 pages of this history were read
     |
     = help: import the rest by its address: the one after http://127.0.0.1/api/v2/incidents.json?page=50
    2500 created, 0 extended, 0 unchanged (dry run: nothing was written)
    ── exit 0
    ");
    assert_eq!(server.requests(), 50);
}

#[test]
fn link_header_gives_the_next_page_on_the_same_host_only() {
    let stranger = Server::new(|_, _| answer("200 OK", "", page(50, 10).as_bytes()));
    let elsewhere = stranger.url("/next");
    let server = Server::talking(move |_, request, stream| {
        let (link, body) = match request.path.as_str() {
            "/list?token=s3cret" => {
                ("</list?token=***&cursor=b>; rel=\"next\"".to_owned(), page(0, 2))
            }
            "/list?token=s3cret&cursor=b" => (format!("<{elsewhere}>; rel=\"next\""), page(2, 2)),
            _ => (String::new(), page(4, 1)),
        };
        let _ = stream.write_all(&answer("200 OK", &format!("Link: {link}\r\n"), body.as_bytes()));
    });
    let shown = import(&server, "/list?token=s3cret", "2020-01-01")
        .replace(&stranger.address, "http://other");
    insta::assert_snapshot!(shown, @r"
    ── stdout
    ── stderr
    error: cannot fetch http://127.0.0.1/list?token=***&cursor=b: its next page is http://other/next, which is another host
     |
     = help: if that is meant, import that address as well
     = help: the pages before it were read
    4 created, 0 extended, 0 unchanged (dry run: nothing was written)
    warning: 1 of 3 inputs were not imported
    ── exit 4
    ");
    assert_eq!(
        server.paths(),
        ["/list?token=s3cret", "/list?token=s3cret&cursor=b"],
        "the secret goes with it"
    );
    assert_eq!(stranger.requests(), 0);
}

/// The import of a history back to `since`: the paths that were asked for, and the last line of
/// what was said before the exit code.
fn walk(server: &Server, path: &str, since: &str) -> (Vec<String>, String) {
    let shown = import(server, path, since);
    assert!(shown.ends_with("── exit 0"), "{shown}");
    let sum = shown.lines().rev().nth(1).unwrap_or_default().to_owned();
    (server.paths(), sum)
}

/// The value of a parameter in a path, or what it is without one.
fn number(path: &str, parameter: &str, default: usize) -> usize {
    let value =
        path.split(['?', '&']).find_map(|pair| pair.strip_prefix(parameter)?.strip_prefix('='));
    value.map_or(default, |value| value.parse().unwrap())
}

/// The day that is so many days before the last of March.
fn day(back: usize) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap() - chrono::Days::new(back as u64)
}

#[test]
fn rootly_pages_are_read_until_one_is_not_full() {
    let server = Server::new(|_, path| {
        let (number, size) = (number(path, "page", 1), number(path, "per_page", 25));
        let incidents = (0..60).skip((number - 1) * size).take(size).map(|back| {
            let day = day(back);
            format!(
                r#"{{"name": "Slow {back}", "status": "started", "impact": "minor", "started_at": "{day}T10:00:00Z", "url": "https://status.example.com/incidents/i{back}",
                "incident_updates": [{{"body": "We look.", "status": "investigating", "created_at": "{day}T10:05:00Z"}}]}}"#
            )
        });
        let incidents = incidents.collect::<Vec<_>>().join(",");
        let page = r#"{"name": "P", "url": "https://status.example.com", "time_zone": "Etc/UTC"}"#;
        answer(
            "200 OK",
            "",
            format!(r#"{{"page": {page}, "incidents": [{incidents}]}}"#).as_bytes(),
        )
    });
    let (paths, sum) = walk(&server, "/api/v1/incidents.json?per_page=20", "2026-03-15T00:00Z");
    let asked = ["/api/v1/incidents.json?per_page=20", "/api/v1/incidents.json?per_page=20&page=2"];
    assert_eq!(paths, asked, "the second page is all older, and there are three: {sum}");
    let (paths, sum) = walk(&server, "/api/v1/incidents.json", "2020-01-01T00:00Z");
    let asked = [
        "/api/v1/incidents.json",
        "/api/v1/incidents.json?page=2",
        "/api/v1/incidents.json?page=3",
    ];
    assert_eq!(paths[2..], asked);
    assert!(sum.starts_with("60 created, "), "{sum}");
}

#[test]
fn pagerduty_offsets_are_followed_while_there_are_more() {
    let server = Server::new(|_, path| {
        let (offset, limit) = (number(path, "offset", 0), number(path, "limit", 25));
        let posts = (0..60).skip(offset).take(limit).map(|back| {
            let day = day(back);
            format!(
                r#"{{"id": "P{back}", "post_type": "incident", "title": "Slow {back}", "updates": [{{"id": "U{back}", "message": "We look.",
                "status": {{"description": "investigating"}}, "reported_at": "{day}T10:05:00Z"}}]}}"#
            )
        });
        let posts = posts.collect::<Vec<_>>().join(",");
        let more = offset + limit < 60;
        let body = format!(
            r#"{{"offset": {offset}, "limit": {limit}, "more": {more}, "total": null, "posts": [{posts}]}}"#
        );
        answer("200 OK", "", body.as_bytes())
    });
    let path = "/status_pages/PX/posts?include[]=status_page_post_update";
    let (paths, sum) = walk(&server, path, "2026-03-10T00:00Z");
    let offsets: Vec<usize> = paths.iter().map(|path| number(path, "offset", 0)).collect();
    assert_eq!(offsets, [0, 25], "the second part is all older, and there are three: {sum}");
    assert!(
        paths.iter().all(|path| path.contains("include")),
        "what else was asked for is kept: {paths:?}"
    );
    let (paths, _) = walk(&server, "/status_pages/PX/posts?limit=40", "2026-02-28T00:00Z");
    assert_eq!(
        paths[2..],
        ["/status_pages/PX/posts?limit=40", "/status_pages/PX/posts?limit=40&offset=40"]
    );
    let (paths, sum) = walk(&server, path, "2020-01-01T00:00Z");
    assert_eq!((paths.len(), sum.starts_with("60 created, ")), (4 + 3, true), "{sum}");
}

/// A page of the index of a history, with three months: an incident in each of `busy` of them.
fn months(number: usize, busy: impl Fn(usize) -> bool) -> String {
    let months = (0..3).map(|place| {
        let back = (number - 1) * 3 + place;
        // December 2026 is the newest.
        let (name, year) = (chrono::Month::try_from(12 - (back % 12) as u8).unwrap().name(), 2026 - back / 12);
        let short = &name[..3];
        let incident = format!(
            r#"{{"code": "code{back}", "name": "Slow {back}", "message": "Over.", "impact": "minor", "timestamp": "{short} <var data-var='date'>12</var>, <var data-var='time'>23:37</var> - {short} <var data-var='date'>13</var>, <var data-var='time'>01:02</var> UTC"}}"#
        );
        let incidents = if busy(back) { incident } else { String::new() };
        format!(r#"{{"name": "{name}", "year": {year}, "incidents": [{incidents}]}}"#)
    });
    format!(r#"{{"months": [{}]}}"#, months.collect::<Vec<_>>().join(","))
}

#[test]
fn statuspage_index_pages_are_read_past_empty_ones() {
    // Nothing happened on the second page, nor on the sixth and before.
    let busy = |back: usize| !(3..6).contains(&back) && back < 15;
    let server = Server::new(move |_, path| {
        answer("200 OK", "", months(number(path, "page", 1), busy).as_bytes())
    });
    let (paths, sum) = walk(&server, "/history.json", "2026-05-01T00:00Z");
    let page = |number: usize| format!("/history.json?page={number}");
    assert_eq!(paths, ["/history.json".to_owned(), page(2), page(3), page(4)], "{sum}");
    let (paths, sum) = walk(&server, "/history.json", "2010-01-01T00:00Z");
    assert_eq!(
        paths[4..],
        [["/history.json".to_owned()].as_slice(), &(2..=9).map(page).collect::<Vec<_>>()].concat()
    );
    assert!(sum.starts_with("12 created, "), "{sum}");
}

#[test]
fn html_history_is_read_if_its_data_is_disabled() {
    let server = Server::new(|_, path| {
        if !path.starts_with("/history?") && path != "/history" {
            return answer("404 Not Found", "", b"");
        }
        let data =
            months(number(path, "page", 1), |_| true).replace('"', "&quot;").replace('<', "&lt;");
        let page = format!(
            "<!doctype html><html><title>P Status - Incident History</title><div data-react-class=\"HistoryIndex\" data-react-props=\"{data}\"></div></html>"
        );
        answer("200 OK", "Content-Type: text/html\r\n", page.as_bytes())
    });
    let (paths, sum) = walk(&server, "/history", "2026-08-20T00:00Z");
    let asked: Vec<&str> =
        paths.iter().map(String::as_str).filter(|path| path.starts_with("/history")).collect();
    let pages: Vec<&str> = asked
        .into_iter()
        .filter(|path| !path.ends_with("atom") && !path.ends_with("rss"))
        .collect();
    assert_eq!(pages, ["/history", "/history?page=2", "/history?page=3"], "{sum}");
}
