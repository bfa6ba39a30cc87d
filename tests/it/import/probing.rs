//! From a host alone to the data of its status page, whatever the host answers.

use posthoc::fetch::{Cause, FetchError};

use crate::import::fetch::{fetcher, options};
use crate::support::servers::{Server, answer, ok};

const INCIDENTS: &str =
    r#"{"page": {"id": "p", "name": "P", "updated_at": "2026-01-01T00:00:00Z"}, "incidents": []}"#;
const MAINTENANCES: &str = r#"{"page": {"id": "p", "name": "P", "updated_at": "2026-01-01T00:00:00Z"}, "scheduled_maintenances": []}"#;
const LOGIN: &str = "<!doctype html><html><title>Please log in</title></html>";

fn statuses(server: &Server) -> Result<posthoc::fetch::FetchedPage, FetchError> {
    fetcher(options()).0.page(&server.url("/"))
}

#[test]
fn page_gives_incidents_and_maintenances() {
    let server = Server::new(|_, path| match path {
        "/api/v2/incidents.json" => ok(INCIDENTS),
        "/api/v2/scheduled-maintenances.json" => ok(MAINTENANCES),
        _ => answer("404 Not Found", "", b""),
    });
    let page = statuses(&server).unwrap();
    assert_eq!((page.inputs.len(), page.notes.len()), (2, 0));
    let (fetcher, _) = fetcher(options());
    assert_eq!(
        fetcher.page(&server.url("/api/v2/incidents.json")).unwrap().inputs.len(),
        1,
        "data is taken as it is"
    );
}

#[test]
fn page_is_requested_first_and_then_only_its_data() {
    let server = Server::of(&[
        ("/api/v2/incidents.json", INCIDENTS),
        ("/api/v2/scheduled-maintenances.json", MAINTENANCES),
    ]);
    statuses(&server).unwrap();
    assert_eq!(
        server.paths(),
        ["/", "/api/v2/incidents.json", "/api/v2/scheduled-maintenances.json"]
    );
}

#[test]
fn address_with_a_path_is_read_as_given() {
    let history = "<!doctype html><title>P status</title><link href=\"https://status.example.com/history.atom\">";
    let server = Server::new(move |_, path| match path {
        "/api/v2/incidents.json" => ok(INCIDENTS),
        "/api/v2/scheduled-maintenances.json" => ok(MAINTENANCES),
        "/loop" => answer("302 Found", "Location: /loop\r\n", b""),
        "/forbidden" => answer("403 Forbidden", "", b""),
        "/empty" => ok(""),
        "/other.json" => ok("{\"other\": 1}"),
        "/html" => ok(LOGIN),
        "/history?page=2" | "/moved/history" => ok(history),
        "/old" => answer("302 Found", "Location: /moved/history\r\n", b""),
        _ => answer("404 Not Found", "", b""),
    });
    let (fetcher, _) = fetcher(options());
    let failure = |path: &str| fetcher.page(&server.url(path)).unwrap_err().cause;
    assert_eq!(failure("/missing"), Cause::Status { code: 404, reason: "Not Found" });
    assert_eq!(failure("/forbidden"), Cause::Status { code: 403, reason: "Forbidden" });
    assert!(matches!(failure("/loop"), Cause::RedirectLoop(_)));
    // The content is passed on unchanged; its reader reports what is wrong.
    for (path, body) in [("/empty", ""), ("/other.json", "{\"other\": 1}"), ("/html", LOGIN)] {
        let page = fetcher.page(&server.url(path)).unwrap();
        assert_eq!(
            (page.inputs.len(), page.inputs[0].input.bytes.as_slice()),
            (1, body.as_bytes()),
            "{path}"
        );
    }
    // The web page of a status page leads to its data, which is reported.
    for path in ["/history?page=2", "/old"] {
        let page = fetcher.page(&server.url(path)).unwrap();
        let expected = format!(
            "note: {}: a web page (\"P status\"); {} was read instead",
            server.url(path),
            server.url("/api/v2/incidents.json")
        );
        assert_eq!(page.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
        assert_eq!(page.inputs.len(), 2);
    }
}

#[test]
fn missing_address_falls_back_and_missing_companion_is_a_note() {
    let summary = INCIDENTS.replace("\"incidents\"", "\"components\": [], \"incidents\"");
    let server = Server::new(move |_, path| match path {
        "/api/v2/summary.json" => ok(&summary),
        _ => answer("404 Not Found", "", b""),
    });
    let page = statuses(&server).unwrap();
    assert_eq!(page.inputs[0].input.name, server.url("/api/v2/summary.json"));
    assert!(
        page.notes[0].message.ends_with("/api/v2/summary.json was read instead"),
        "{:?}",
        page.notes
    );

    let lonely = Server::new(|_, path| match path {
        "/api/v2/incidents.json" => ok(INCIDENTS),
        _ => ok(LOGIN),
    });
    let page = statuses(&lonely).unwrap();
    assert_eq!((page.inputs.len(), page.notes.len()), (1, 1));
    assert!(
        page.notes[0]
            .message
            .ends_with("scheduled-maintenances.json: a web page (\"Please log in\")"),
        "{:?}",
        page.notes
    );
}

#[test]
fn login_page_is_refused_not_an_empty_history() {
    let server =
        Server::new(|_, _| answer("200 OK", "Content-Type: text/html\r\n", LOGIN.as_bytes()));
    let error = statuses(&server).unwrap_err();
    assert_eq!(error.cause, Cause::WebPage { title: Some("Please log in".to_owned()), from: None });
    assert!(
        error.to_string().contains("it gives a web page (\"Please log in\"), not data"),
        "{error}"
    );
}

#[test]
fn host_without_a_status_page_lists_the_attempts() {
    let server = Server::new(|_, path| match path {
        "/" => answer("200 OK", "", b"<!doctype html><title>Shop</title>"),
        "/api/v2/incidents.json" => ok("{\"other\": 1}"),
        "/index.json" => ok(""),
        "/data.json" => answer("500 Oops", "", b""),
        _ => answer("404 Not Found", "", b""),
    });
    let error = statuses(&server).unwrap_err();
    let Cause::NoStatusPage(answers) = &error.cause else { panic!("{error}") };
    let output = |answer: &str| {
        answers.iter().find(|answers| answers.what == answer).map(|found| found.addresses.join(" "))
    };
    assert_eq!(output("a web page (\"Shop\")").as_deref(), Some("/"));
    assert_eq!(output("another format").as_deref(), Some("/api/v2/incidents.json"));
    assert_eq!(output("empty").as_deref(), Some("/index.json"));
    assert_eq!(
        output("500 Internal Server Error").as_deref(),
        Some("/data.json"),
        "it was asked once"
    );
    assert!(output("404 Not Found").unwrap().contains("/history.atom"), "{error}");
    let text = error.to_string().replace(&server.url(""), "http://127.0.0.1");
    // The number grows with every format.
    insta::with_settings!({filters => [(r"and \d+ more", "and N more")]}, {
        insta::assert_snapshot!(text, @r#"cannot fetch http://127.0.0.1/: no known kind of status page; a web page ("Shop"): /; another format: /api/v2/incidents.json; 404 Not Found: /history.atom /history.rss /en-us/status/feed/ /feed.xml and N more; 500 Internal Server Error: /data.json; empty: /index.json"#);
    });
    assert_eq!(
        answers.iter().map(|answers| answers.addresses.len()).sum::<usize>(),
        server.requests()
    );
    assert!(server.requests() <= 31, "{}", server.requests());
    assert!(server.busiest() <= 4, "{}", server.busiest());
}

#[test]
fn failing_host_is_not_reported_as_having_no_status_page() {
    let server = Server::new(|_, _| answer("503 Service Unavailable", "", b""));
    let error = statuses(&server).unwrap_err();
    assert_eq!(error.cause, Cause::Status { code: 503, reason: "Service Unavailable" });
    assert_eq!(server.requests(), 4, "one address, four tries");

    let inner = Server::new(|_, path| match path {
        "/" => ok("<!doctype html><title>Hello</title>"),
        _ => answer("503 Service Unavailable", "", b""),
    });
    let error = statuses(&inner).unwrap_err();
    assert_eq!(error.cause, Cause::Status { code: 503, reason: "Service Unavailable" });
    assert!(inner.requests() <= 5 + 2 * 4, "it is left alone after a few: {}", inner.requests());

    let busy = Server::new(|_, path| match path {
        "/" => ok("<!doctype html><title>Hello</title>"),
        _ => answer("429 Too Many Requests", "", b""),
    });
    assert_eq!(
        statuses(&busy).unwrap_err().cause,
        Cause::Status { code: 429, reason: "Too Many Requests" }
    );
    assert_eq!(busy.requests(), 2, "and at once when it asks for that");
}

const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>Shop Status</title><entry><id>urn:1</id><title>Slow</title>
<published>2026-01-01T10:00:00Z</published><updated>2026-01-01T12:00:00Z</updated><content type="html">It is slow.</content></entry></feed>"#;

#[test]
fn linked_feed_is_read_as_a_fallback() {
    let html = "<!doctype html><title>Status</title><link rel=\"alternate\" type=\"application/atom+xml\" href=\"news/all.xml?x=1\">";
    let server = Server::of(&[("/", html), ("/news/all.xml?x=1", ATOM)]);
    let page = statuses(&server).unwrap();
    assert_eq!(page.inputs[0].input.name, server.url("/news/all.xml?x=1"));
    assert_eq!((page.inputs.len(), page.notes.len()), (1, 0));
    assert_eq!(
        server.paths()[..2],
        ["/", "/api/v2/incidents.json"],
        "the commonest one alone, then a few at a time"
    );
    assert!(
        page.tried.iter().any(|tried| tried.ends_with("/api/v2/incidents.json: 404 Not Found")),
        "{:?}",
        page.tried
    );

    let both = Server::of(&[
        ("/", html),
        ("/news/all.xml?x=1", ATOM),
        ("/api/v2/incidents.json", INCIDENTS),
    ]);
    assert_eq!(statuses(&both).unwrap().inputs[0].input.name, both.url("/api/v2/incidents.json"));

    // A host that is a feed needs no looking.
    let root = Server::of(&[("/", ATOM)]);
    assert_eq!((statuses(&root).unwrap().inputs.len(), root.requests()), (1, 1));
}

#[test]
fn moved_page_is_followed_to_its_new_host() {
    let new = Server::of(&[
        ("/", "<!doctype html><title>Status</title>"),
        ("/api/v2/incidents.json", INCIDENTS),
    ]);
    let target = new.url("/");
    let old = Server::new(move |_, path| match path {
        "/" => answer("301 Moved", &format!("Location: {target}\r\n"), b""),
        _ => answer("404 Not Found", "", b""),
    });
    assert_eq!(statuses(&old).unwrap().inputs[0].input.name, new.url("/api/v2/incidents.json"));
    assert_eq!(old.requests(), 1);
}

#[test]
fn captive_portal_is_reported_after_few_requests() {
    let portal = Server::new(|_, _| ok("<!doctype html><title>Wi-Fi of the hotel</title>"));
    let target = portal.url("/login");
    let host =
        Server::new(move |_, _| answer("302 Found", &format!("Location: {target}\r\n"), b""));
    let error = statuses(&host).unwrap_err();
    let page = Cause::WebPage {
        title: Some("Wi-Fi of the hotel".to_owned()),
        from: Some(portal.url("/login")),
    };
    assert_eq!(error.cause, page);
    assert!(error.hint().unwrap().contains("log in"), "{error}");
    assert_eq!(
        (host.requests(), portal.requests()),
        (1, 1),
        "the host that it leads to has nothing to do with it"
    );

    let target = portal.url("/login");
    let inner = Server::new(move |_, path| match path {
        "/" => ok("<!doctype html><title>Hello</title>"),
        _ => answer("302 Found", &format!("Location: {target}\r\n"), b""),
    });
    assert_eq!(statuses(&inner).unwrap_err().cause, page);
    assert!(inner.requests() <= 5 + 2 * 4, "it is left alone after a few: {}", inner.requests());
}
