//! The site: its files, its links, and what it does in a browser.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use scraper::{Html, Selector};

use crate::support::world::{NOW, World};

fn world() -> World {
    let world = World::new();
    for (id, title, severity, service, day) in [
        ("slow", "Search was slow", "sev2", "search", "2026-02-03"),
        ("down", "The API was down", "sev1", "api", "2026-03-17"),
        ("old", "Search & pay stopped", "sev1", "search", "2025-11-05"),
    ] {
        world.write(
            &format!("incidents/{id}.yaml"),
            format!(
                "schema: posthoc/v1\nid: {id}\ntitle: {title}\nseverity: {severity}\nservices: [{service}]\n\
                 summary: What happened to {service}.\n\
                 milestones: {{impact_start: {day}T10:00Z, impact_end: {day}T10:40Z, resolved_at: {day}T11:00Z}}\n\
                 impact: {{windows: [{{start: {day}T10:00Z, end: {day}T10:40Z, level: full}}]}}\n\
                 action_items:\n  - {{text: Add a test, owner: ana, due: 2026-03-20}}\n  - {{text: Say so, status: done}}\n"
            ),
        );
    }
    world
}

/// The relative links of a page, without what is within the page.
fn links(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    page.select(&Selector::parse("a[href], link[href]").unwrap())
        .filter_map(|element| element.value().attr("href"))
        .filter(|href| !href.starts_with('#') && !href.contains(':'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_link_of_the_site_leads_to_a_file() {
    let world = world();
    let printed = world.run(&["site", "--out", "www/sub"]);
    insta::assert_snapshot!(printed, @r"
    ── stdout
    www/sub/index.html
    ── stderr
    10 files written, for the audience internal
    ── exit 0
    ");
    let files: BTreeSet<String> = world.files().into_iter().map(|(name, _)| name).collect();
    let pages: Vec<&String> =
        files.iter().filter(|name| name.starts_with("www/") && name.ends_with(".html")).collect();
    assert_eq!(pages.len(), 8, "{pages:?}");
    for page in pages {
        let html = world.read(page);
        for link in links(&html) {
            let mut parts: Vec<&str> = page.split('/').collect();
            parts.pop();
            for part in link.split('/') {
                if part == ".." {
                    parts.pop();
                } else {
                    parts.push(part);
                }
            }
            assert!(files.contains(&parts.join("/")), "{page}: {link}");
        }
        assert!(
            !html.contains("http://127") && !html.contains("src="),
            "nothing is loaded: {page}"
        );
    }
    let feed = world.read("www/sub/feed.atom");
    assert!(feed.contains("<title>Search &amp; pay stopped</title>"), "{feed}");
    assert!(
        world
            .read("www/sub/feed.json")
            .contains("\"version\": \"https://jsonfeed.org/version/1.1\"")
    );
}

#[test]
fn lists_have_what_is_known() {
    let world = world();
    world.run(&["site"]);
    let text = |page: &str| {
        let html = world.read(page);
        let page = Html::parse_document(&html);
        let wanted = Selector::parse("h1, h2, main > p, tr").unwrap();
        let rows = page.select(&wanted).map(|row| {
            row.text()
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" | ")
        });
        rows.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(text("site/index.html"), @r"
    Internal | Incidents
    Incidents
    3 incidents.
    2026 | #
    Date | Incident | Severity | Status | Services | Impact
    2026-03-17 | The API was down | sev1 | Resolved | api | 40 min
    2026-02-03 | Search was slow | sev2 | Resolved | search | 40 min
    2025 | #
    Date | Incident | Severity | Status | Services | Impact
    2025-11-05 | Search & pay stopped | sev1 | Resolved | search | 40 min
    ");
    insta::assert_snapshot!(text("site/services/search.html"), @r"
    Internal | Incidents
    search
    2 incidents.
    Date | Incident | Severity | Status | Services | Impact
    2026-02-03 | Search was slow | sev2 | Resolved | search | 40 min
    2025-11-05 | Search & pay stopped | sev1 | Resolved | search | 40 min
    ");
    insta::assert_snapshot!(text("site/follow-ups.html"), @r"
    Internal | Incidents
    Follow-ups
    3 open, 3 of them overdue; 3 done or dropped.
    ana | #
    Follow-up | Incident | Due
    Add a test | The API was down | 2026-03-20, | overdue
    Add a test | Search was slow | 2026-03-20, | overdue
    Add a test | Search & pay stopped | 2026-03-20, | overdue
    ");
}

#[test]
fn page_of_a_removed_incident_is_removed_and_others_files_stay() {
    let world = world();
    world.run(&["site"]);
    world
        .write("site/own.html", "mine")
        .write("site/.posthoc-site", world.read("site/.posthoc-site") + "../incidents/down.yaml\n");
    std::fs::remove_file(world.path("incidents/old.yaml")).unwrap();
    world.run(&["site"]);
    assert!(!world.path("site/incidents/old.html").exists());
    assert!(world.path("site/own.html").exists() && world.path("incidents/down.yaml").exists());
}

#[test]
fn site_is_the_same_bytes_again() {
    let world = world();
    world.run(&["site"]);
    let before = world.files();
    world.run(&["site"]);
    world.assert_same(&before);
}

/// The page after its scripts have run, as a browser has it; `None` without a browser.
fn in_browser(address: &str) -> Option<String> {
    let program = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|done| done.status.success())
    });
    let Some(program) = program else {
        eprintln!("skipped: there is no browser");
        return None;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let done = Command::new("timeout")
        .args([
            "60",
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=3000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", folder.path().display()))
        .arg(address)
        .output()
        .expect("the browser runs");
    Some(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn shown_rows(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    page.select(&Selector::parse("main tbody tr:not([hidden])").unwrap())
        .map(|row| row.text().collect::<Vec<_>>().join(" "))
        .collect()
}

fn file_address(path: &Path, fragment: &str) -> String {
    format!("file://{}{fragment}", path.display())
}

#[test]
fn filters_work_from_a_folder() {
    let world = world();
    world.run(&["site"]);
    let index = world.path("site/index.html");
    let Some(all) = in_browser(&file_address(&index, "")) else { return };
    assert!(all.contains("<select name=\"severity\">"), "the script has run: {all}");
    assert_eq!(shown_rows(&all).len(), 3);
    let some = in_browser(&file_address(&index, "#severity=sev1&services=search")).unwrap();
    let rows = shown_rows(&some);
    assert!(rows.len() == 1 && rows[0].contains("Search & pay"), "{rows:?}");
    let found = in_browser(&file_address(&index, "#q=api+down")).unwrap();
    assert_eq!(shown_rows(&found).len(), 1, "{:?}", shown_rows(&found));
}

/// A running `posthoc serve`, ended when it is dropped.
struct Server {
    child: std::process::Child,
    port: u16,
}

impl Server {
    fn start(world: &World) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("posthoc"))
            .args(["serve", "--port", "0", "--now", NOW])
            .current_dir(world.path("."))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        Server { child, port }
    }

    fn get(&self, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn server_shows_changes_and_errors_to_this_machine_only() {
    let world = world();
    let server = Server::start(&world);
    let own = format!("127.0.0.1:{}", server.port);
    let index = server.get("/", &own);
    assert!(index.starts_with("HTTP/1.1 200") && index.contains("The API was down"), "{index}");
    let version = server.get("/version", &own);
    world.write(
        "incidents/down.yaml",
        world.read("incidents/down.yaml").replace("The API was down", "The API was away"),
    );
    assert_ne!(server.get("/version", &own), version);
    let page = server.get("/incidents/down.html", &own);
    assert!(
        page.contains("The API was away") && page.contains("connect-src &#39;self&#39;"),
        "{page}"
    );
    world.write("incidents/down.yaml", "schema: posthoc/v1\nid: down\ntitel: A\n");
    let wrong = server.get("/incidents/down.html", &own);
    assert!(
        wrong.starts_with("HTTP/1.1 500")
            && wrong.contains("incidents/down.yaml:3:1")
            && wrong.contains("did you mean `title`"),
        "{wrong}"
    );
    assert!(server.get("/incidents/slow.html", &own).starts_with("HTTP/1.1 200"));
    assert!(server.get("/", "evil.example.com").starts_with("HTTP/1.1 403"));
    assert!(server.get("/../posthoc.toml", &own).starts_with("HTTP/1.1 404"));
}
