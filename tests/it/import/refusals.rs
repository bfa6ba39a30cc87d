//! What is refused, each with the message that a person sees.

use std::io::Write;

use crate::import::fetch::{fetcher, options};
use crate::support::servers::{Server, answer};
use crate::support::world::World;

const HISTORY: &str = r#"{"page": {"id": "p", "name": "P", "updated_at": "2026-01-01T00:00:00Z"}, "incidents": [{"id": "a", "name": "Outage","#;

/// The output of the import of an address, which must write nothing.
fn refused(server: &Server, path: &str) -> String {
    let world = World::new();
    let shown =
        world.run(&["import", &server.url(path)]).replace(&server.address, "http://127.0.0.1");
    assert!(world.files().is_empty(), "{shown}");
    shown
}

#[test]
fn login_page_is_refused() {
    let login = "<!doctype html><html><title>Sign in - Example</title><form></form></html>";
    let server =
        Server::new(move |_, _| answer("200 OK", "Content-Type: text/html\r\n", login.as_bytes()));
    insta::assert_snapshot!(refused(&server, ""), @r#"
    ── stderr
    error: cannot fetch http://127.0.0.1/: it gives a web page ("Sign in - Example"), not data
     |
     = help: give the address of the data itself, or save the data and give the file; `posthoc formats` lists what can be read
    ── exit 4
    "#);
    insta::assert_snapshot!(refused(&server, "/api/v2/incidents.json"), @r#"
    ── stderr
    error: http://127.0.0.1/api/v2/incidents.json: this is a web page, not data (its title is "Sign in - Example")
     |
     = help: give the address of the data, such as the page's own with /api/v2/incidents.json or /history.atom; --format document reads it as a write-up
    ── exit 3
    "#);
}

#[test]
fn captive_portal_redirect_is_refused() {
    let portal = Server::new(|_, _| {
        answer("200 OK", "", b"<html><head><title>Free Wi-Fi</title></head></html>")
    });
    let target = portal.url("/hello");
    let host =
        Server::new(move |_, _| answer("302 Found", &format!("Location: {target}\r\n"), b""));
    let output =
        |path: &str| refused(&host, path).replace(&portal.address, "http://portal.example.net");
    insta::assert_snapshot!(output(""), @r#"
    ── stderr
    error: cannot fetch http://127.0.0.1/: it gives a web page ("Free Wi-Fi"), not data; it redirects to http://portal.example.net/hello
     |
     = help: log in to the network or to the site with a browser, or give the address that it ends at
    ── exit 4
    "#);
    insta::assert_snapshot!(output("/api/v2/incidents.json"), @r#"
    ── stderr
    error: http://127.0.0.1/api/v2/incidents.json: this is a web page, not data (its title is "Free Wi-Fi"); the address redirects to http://portal.example.net/hello
     |
     = help: log in to the network or to the site with a browser, or give the address of the data
    ── exit 3
    "#);
}

#[test]
fn truncated_or_empty_response_is_refused() {
    let server = Server::talking(|_, request, stream| {
        let _ = stream.write_all(&match request.path.as_str() {
            "/cut.json" => answer("200 OK", "", HISTORY.as_bytes()),
            "/other.json" => answer("200 OK", "", b"{\"a\": [1, 2"),
            "/empty.json" => answer("200 OK", "", b" \n"),
            _ => format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9999\r\n\r\n{HISTORY}"
            )
            .into_bytes(),
        });
    });
    insta::assert_snapshot!(refused(&server, "/cut.json"), @r#"
    ── stderr
    error: cannot read this as statuspage-v2: the JSON ends in the middle: the file was cut short
     --> http://127.0.0.1/cut.json:1:116
      |
    1 | …"name": "P", "updated_at": "2026-01-01T00:00:00Z"}, "incidents": [{"id": "a", "name": "Outage",
      |                                                                                                ^
      |
      = help: fetch or copy it again
    ── exit 3
    "#);
    insta::assert_snapshot!(refused(&server, "/other.json"), @r"
    ── stderr
    error: http://127.0.0.1/other.json: the JSON ends in the middle: it was cut short
     |
     = help: fetch, copy or save it again
    ── exit 3
    ");
    insta::assert_snapshot!(refused(&server, "/empty.json"), @r"
    ── stderr
    error: http://127.0.0.1/empty.json: there is nothing in it
     |
     = help: an empty answer is not an empty history: fetch or save it again
    ── exit 3
    ");
    let (fetcher, _) = fetcher(options());
    let error = fetcher.page(&server.url("/short.json")).unwrap_err();
    let output =
        format!("{error}\n{}", error.hint().unwrap()).replace(&server.address, "http://127.0.0.1");
    insta::assert_snapshot!(output, @r"
    cannot fetch http://127.0.0.1/short.json: the answer ended early: end of file before message length reached (tried 4 times)
    try again later
    ");
}

#[test]
fn host_without_a_status_page_is_refused() {
    let server =
        Server::of(&[("/", "<!doctype html><title>Shop</title>"), ("/data.json", "{\"a\": 1}")]);
    // The number grows with every format.
    insta::with_settings!({filters => [(r"and \d+ more", "and N more")]}, {
    insta::assert_snapshot!(refused(&server, ""), @r#"
    ── stderr
    error: cannot fetch http://127.0.0.1/: no known kind of status page; a web page ("Shop"): /; 404 Not Found: /api/v2/incidents.json /history.atom /history.rss /en-us/status/feed/ and N more; another format: /data.json
     |
     = help: give the address of the data itself, or save the data and give the file; `posthoc formats` lists what can be read
    ── exit 4
    "#);
    });
}

#[test]
fn unknown_or_ambiguous_format_is_refused() {
    let world = World::new();
    let both = "<rss version='2.0'><channel><title>xAI System Status</title><description>Statuspage</description></channel></rss>";
    world.write("incidents.json", r#"{"incidnts": [{"name": "Outage"}]}"#);
    world.write("plain.txt", "The database was slow.").write("both.rss", both);
    let output: Vec<String> = ["incidents.json", "plain.txt", "both.rss"]
        .iter()
        .map(|name| format!("$ posthoc import {name}\n{}", world.run(&["import", name])))
        .collect();
    insta::assert_snapshot!(output.join("\n"), @r"
    $ posthoc import incidents.json
    ── stderr
    error: incidents.json: no known format; not statuspage-v2: no `incidents` or `scheduled_maintenances` in it; not rootly-status: no `incidents` that have a `url` and no id; not zendesk-status: no `data` of the type `incident` that says `outage`; not incident-io: no page or incidents with ULIDs in it
     |
     = help: `posthoc formats` lists what can be read; --format ID reads it as that
    ── exit 3

    $ posthoc import plain.txt
    ── stderr
    error: plain.txt: no known format; not saved-page: no updates with the time at which they were posted; not document: no word of an incident or an outage
     |
     = help: `posthoc formats` lists what can be read; --format ID reads it as that
    ── exit 3

    $ posthoc import both.rss
    ── stderr
    error: both.rss: it could be statuspage-feed or xai-feed
     |
     = help: say which: --format statuspage-feed
    ── exit 3
    ");
}

#[test]
fn unknown_source_name_is_refused() {
    let world = World::new();
    world.write("posthoc.toml", "[sources.github]\nurl = \"https://status.example.com\"\n");
    let commands = [
        &["import", "githb"][..],
        &["--offline", "import", "github"],
        &["--offline", "import", "status.example.org/"],
        &["import", "folder.d/incidents.json"],
    ];
    let output =
        commands.map(|command| format!("$ posthoc {}\n{}", command.join(" "), world.run(command)));
    insta::assert_snapshot!(output.join("\n"), @r"
    $ posthoc import githb
    ── stderr
    error: `githb` is neither a file nor a source in posthoc.toml
     |
     = help: did you mean `github`?
    ── exit 4

    $ posthoc --offline import github
    ── stderr
    error: cannot fetch https://status.example.com/: the network is disabled, and this address is not in the cache
     |
     = help: leave --offline out, or give a file
    ── exit 4

    $ posthoc --offline import status.example.org/
    ── stderr
    error: cannot fetch https://status.example.org/: the network is disabled, and this address is not in the cache
     |
     = help: leave --offline out, or give a file
     = help: if you meant a file: none has that name
    ── exit 4

    $ posthoc import folder.d/incidents.json
    ── stderr
    error: cannot read folder.d/incidents.json: no such file or directory
     |
     = help: SRC is a file, a folder, `-` for the standard input, an address, or the name of a source in posthoc.toml
    ── exit 4
    ");
}
