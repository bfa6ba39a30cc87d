//! Where a history ends: at the last page that may be fetched, and at another host.

use std::io::Write;

use crate::servers::{Server, answer};
use crate::world::World;

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
    let shown =
        world.run(&["import", "--dry-run", &url, "--since", since]).replace(&server.address, "http://127.0.0.1");
    shown.lines().filter(|line| !line.starts_with("created   ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_history_without_an_end_is_given_up_after_many_pages() {
    let server = Server::new(|_, path| {
        let number: usize = path.split("page=").nth(1).map_or(1, |number| number.parse().unwrap());
        answer("200 OK", "", page((number - 1) * 50, 50).as_bytes())
    });
    insta::assert_snapshot!(import(&server, "/api/v2/incidents.json", "1900-01-01"), @r"
    ── stdout
    ── stderr
    warning: 50 pages of this history were read, and no more are
     |
     = help: import the rest by its address: the one after http://127.0.0.1/api/v2/incidents.json?page=50
    2500 created, 0 extended, 0 unchanged (dry run: nothing was written)
    ── exit 0
    ");
    assert_eq!(server.requests(), 50);
}

#[test]
fn the_link_header_names_the_next_page_where_the_format_does_not_and_never_another_host() {
    let stranger = Server::new(|_, _| answer("200 OK", "", page(50, 10).as_bytes()));
    let elsewhere = stranger.url("/next");
    let server = Server::talking(move |_, request, stream| {
        let (link, body) = match request.path.as_str() {
            "/list?token=s3cret" => ("</list?token=***&cursor=b>; rel=\"next\"".to_owned(), page(0, 2)),
            "/list?token=s3cret&cursor=b" => (format!("<{elsewhere}>; rel=\"next\""), page(2, 2)),
            _ => (String::new(), page(4, 1)),
        };
        let _ = stream.write_all(&answer("200 OK", &format!("Link: {link}\r\n"), body.as_bytes()));
    });
    let shown = import(&server, "/list?token=s3cret", "2020-01-01").replace(&stranger.address, "http://other");
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
    assert_eq!(server.paths(), ["/list?token=s3cret", "/list?token=s3cret&cursor=b"], "the secret goes with it");
    assert_eq!(stranger.requests(), 0);
}
