//! Whole accounts, from servers that answer as documented by the two systems.

use std::io::Write as _;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::servers::{Request, Server, answer, ok as json};
use crate::support::world::World;

const TOKEN: &str = "u+Secret-token_123";

fn import(world: &World, system: &str, server: &Server, more: &[&str]) -> Output {
    let api = server.url("");
    let mut arguments = vec![
        "import",
        "--from",
        system,
        "--since",
        "2026-03-01",
        "--until",
        "2026-03-20",
        "--api",
        &api,
    ];
    arguments.extend(more);
    let mut command = world.command_at("2026-04-01T00:00:00Z", &arguments);
    command.env("PAGERDUTY_TOKEN", TOKEN).env("OPSGENIE_API_KEY", TOKEN);
    command.output().expect("the program runs")
}

fn shown(world: &World, output: &Output) -> String {
    let shown = world.shown(output);
    assert!(!shown.contains(TOKEN), "the token is in the output: {shown}");
    for (name, bytes) in world.files() {
        assert!(!String::from_utf8_lossy(&bytes).contains(TOKEN), "the token is in {name}");
    }
    shown
}

fn incident(id: &str, number: u32) -> String {
    format!(
        r#"{{"id":"{id}","incident_number":{number},"title":"Outage {number}","status":"resolved","urgency":"high","created_at":"2026-03-0{number}T10:00:00Z",
            "last_status_change_at":"2026-03-0{number}T11:00:00Z","service":{{"summary":"Shop"}},"html_url":"https://acme.example.com/incidents/{id}"}}"#
    )
}

/// Three incidents in two pages; the log of the second fails as long as `is_broken` is set.
fn pager(is_broken: Arc<AtomicBool>) -> Server {
    Server::talking(move |number, request: &Request, stream| {
        let path = request.path.as_str();
        let log = |number: u32| {
            json(&format!(
                r#"{{"log_entries":[
                    {{"id":"R2","type":"resolve_log_entry","created_at":"2026-03-0{number}T11:00:00Z","agent":{{"summary":"Ana","type":"user_reference"}},"channel":{{"type":"website"}}}},
                    {{"id":"R1","type":"trigger_log_entry","created_at":"2026-03-0{number}T10:00:00Z","agent":null,"channel":{{"type":"auto"}}}}],"limit":100,"offset":0,"more":false}}"#
            ))
        };
        let is_page = |offset: &str| path.starts_with("/incidents?") && path.ends_with(offset);
        let bytes = match path {
            _ if number == 0 => answer("429 Too Many Requests", "Retry-After: 1\r\n", b""),
            _ if is_page("offset=0") => json(&format!(
                r#"{{"incidents":[{},{}],"limit":2,"offset":0,"more":true,"total":3}}"#,
                incident("P1", 1),
                incident("P2", 2)
            )),
            _ if is_page("offset=2") => json(&format!(
                r#"{{"incidents":[{}],"limit":2,"offset":2,"more":false,"total":3}}"#,
                incident("P3", 3)
            )),
            _ if path.starts_with("/incidents/P2/log_entries")
                && is_broken.load(Ordering::SeqCst) =>
            {
                answer(
                    "404 Not Found",
                    "Content-Type: application/json\r\n",
                    br#"{"error":{"message":"Not Found","code":2100}}"#,
                )
            }
            _ if path.starts_with("/incidents/P1/log_entries") => log(1),
            _ if path.starts_with("/incidents/P2/log_entries") => log(2),
            _ if path.starts_with("/incidents/P3/log_entries") => log(3),
            _ if path.contains("/alerts") => {
                json(r#"{"alerts":[],"limit":100,"offset":0,"more":false}"#)
            }
            _ if path.starts_with("/incidents/P1/notes") => json(
                r#"{"notes":[{"id":"N1","user":{"summary":"Ana"},"content":"Rolled back","created_at":"2026-03-01T10:30:00Z"}]}"#,
            ),
            _ if path.contains("/notes") => json(r#"{"notes":[]}"#),
            _ => answer("404 Not Found", "", b""),
        };
        let _ = stream.write_all(&bytes);
    })
}

#[test]
fn every_incident_of_an_account_gets_a_file_with_its_log_and_notes() {
    let is_broken = Arc::new(AtomicBool::new(true));
    let (world, server) = (World::new(), pager(is_broken.clone()));
    let output = import(&world, "pagerduty", &server, &[]);
    let first = shown(&world, &output);
    assert!(
        first.contains("2 incidents imported, 0 unchanged since the last time, 1 failed"),
        "{first}"
    );
    assert!(
        first.contains("the server answered 404: Not Found") && first.contains("exit 4"),
        "{first}"
    );
    let asked = server.asked();
    assert!(
        asked
            .iter()
            .all(|one| one.header("Authorization").as_deref()
                == Some(&format!("Token token={TOKEN}")))
    );
    assert!(asked[1].path.contains("since=2026-03-01T00:00:00Z"), "{}", asked[1].path);

    let file = world.read("incidents/2026-03-01-outage-1.yaml");
    for part in
        ["detected_at", "resolved_at", "Rolled back", "evidence/2026-03-01-outage-1/", "record: P1"]
    {
        assert!(file.contains(part), "{part}: {file}");
    }

    // What failed is imported the next time, and nothing else is fetched again.
    is_broken.store(false, Ordering::SeqCst);
    let before = server.requests();
    let output = import(&world, "pagerduty", &server, &[]);
    let second = shown(&world, &output);
    assert!(
        second.contains("1 incident imported, 2 unchanged since the last time, 0 failed"),
        "{second}"
    );
    assert!(second.contains("exit 0"), "{second}");
    assert_eq!(
        server.paths()[before..].iter().filter(|path| path.contains("log_entries")).count(),
        1
    );
    let files = world.files();
    let output = import(&world, "pagerduty", &server, &[]);
    assert!(shown(&world, &output).contains("0 incidents imported, 3 unchanged"), "{output:?}");
    world.assert_same(&files);
}

#[test]
fn a_list_that_is_shorter_than_the_server_counts_is_reported() {
    let world = World::new();
    let server = Server::new(|_, path| match path {
        _ if path.starts_with("/incidents?") => json(&format!(
            r#"{{"incidents":[{}],"limit":100,"offset":0,"more":false,"total":2}}"#,
            incident("P1", 1)
        )),
        _ => json(r#"{"log_entries":[],"more":false}"#),
    });
    let output = import(&world, "pagerduty", &server, &[]);
    let text = shown(&world, &output);
    assert!(
        text.contains("the lists gave 1 of 2 items that the server counts")
            && text.contains("exit 4"),
        "{text}"
    );
}

#[test]
fn a_refused_token_is_not_repeated_and_a_missing_one_is_named() {
    let world = World::new();
    let server = Server::new(|_, _| {
        let body = format!(r#"{{"error":{{"message":"Invalid token {TOKEN}"}}}}"#);
        answer("401 Unauthorized", "Content-Type: application/json\r\n", body.as_bytes())
    });
    let output = import(&world, "pagerduty", &server, &[]);
    let text = shown(&world, &output);
    assert!(text.contains("401: Invalid token ***") && text.contains("exit 4"), "{text}");
    let text = world.run(&[
        "import",
        "--from",
        "pagerduty",
        "--since",
        "2026-03-01",
        "--api",
        &server.url(""),
    ]);
    assert!(text.contains("PAGERDUTY_TOKEN is not set") && text.contains("exit 2"), "{text}");
    let text = world.run(&["import", "--from", "opsgenie"]);
    assert!(text.contains("--since") && text.contains("exit 2"), "{text}");
}

#[test]
fn alerts_of_an_incident_belong_to_it_and_others_are_incidents() {
    let alert = |id: &str, message: &str| {
        format!(
            r#"{{"id":"{id}","tinyId":"1","alias":"{id}","message":"{message}","status":"closed","acknowledged":true,"priority":"P2","source":"monitor","createdAt":"2026-03-02T10:00:00Z","updatedAt":"2026-03-02T11:00:00Z"}}"#
        )
    };
    let server = Server::talking(move |_, request: &Request, stream| {
        let path = request.path.as_str();
        let host = request.header("Host").unwrap_or_default();
        let log = r#"{"data":[{"log":"Alert acknowledged via web","type":"system","owner":"ana@example.com","createdAt":"2026-03-02T10:05:00Z","offset":"1"}],"paging":{}}"#;
        let bytes = match path {
            _ if path.starts_with("/v1/incidents?") => json(
                r#"{"data":[{"id":"i1","tinyId":"7","message":"Shop is down","status":"resolved","priority":"P1","createdAt":"2026-03-02T09:59:00Z","updatedAt":"2026-03-02T11:00:00Z","impactStartDate":"2026-03-02T09:55:00Z","impactEndDate":"2026-03-02T10:50:00Z"}],"totalCount":1}"#,
            ),
            "/v1/incidents/i1/associated-alert-ids" => json(r#"{"data":["a1"]}"#),
            "/v2/alerts/a1" => json(&format!(r#"{{"data":{}}}"#, alert("a1", "Shop alert"))),
            _ if path.contains("/logs") && path.starts_with("/v2/alerts/") => json(log),
            _ if path.starts_with("/v2/alerts?") && path.contains("offset=1") => {
                json(&format!(r#"{{"data":[{}],"paging":{{}}}}"#, alert("a2", "Mail alert")))
            }
            // The next page is an address.
            _ if path.starts_with("/v2/alerts?") => json(&format!(
                r#"{{"data":[{}],"paging":{{"next":"http://{host}/v2/alerts?limit=1&offset=1"}}}}"#,
                alert("a1", "Shop alert")
            )),
            _ => json(r#"{"data":[],"paging":{}}"#),
        };
        let _ = stream.write_all(&bytes);
    });
    let world = World::new();
    let output = import(&world, "opsgenie", &server, &[]);
    let text = shown(&world, &output);
    assert!(text.contains("2 incidents imported") && text.contains("exit 0"), "{text}");
    assert!(
        server
            .asked()
            .iter()
            .all(|one| one.header("Authorization") == Some(format!("GenieKey {TOKEN}")))
    );
    let shop = world.read("incidents/2026-03-02-shop-is-down.yaml");
    assert!(shop.contains("impact_start") && shop.contains("acknowledged"), "{shop}");
    let mail = world.read("incidents/2026-03-02-mail-alert.yaml");
    assert!(mail.contains("acknowledged"), "{mail}");
    assert!(!world.path("incidents/2026-03-02-shop-alert.yaml").exists());
}
