//! Web pages that a browser saved in one MIME file, read by whichever reader reads the page.

use crate::support::world::World;

/// The page of one file, in quoted-printable.
fn mhtml(html: &str) -> String {
    format!(
        "From: <Saved by a browser>\r\nDate: Sat, 5 Apr 2025 20:00:00 -0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; type=\"text/html\"; boundary=\"--B\"\r\n\r\n----B\r\n\
         Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n----B--\r\n",
        html.replace('=', "=3D").replace(' ', " =\r\n")
    )
}

const WRITE_UP: &str = "<html><head><title>Search outage</title></head><body><h1>Search outage</h1>\
    <h2>Root cause</h2><p>A disk was full.</p>\
    <h2>Timeline</h2><ul><li>2026-03-17 14:05 UTC: The search failed.</li><li>2026-03-17 14:45 UTC: Resolved.</li></ul>\
    </body></html>";

#[test]
fn mhtml_write_up_equals_the_html_file() {
    let imported = |name: &str, bytes: &str| {
        let world = World::new();
        world.write("posthoc.toml", "").write(name, bytes);
        let output = world.run(&["import", name, "--format", "document"]);
        let stored = world
            .files()
            .into_iter()
            .any(|(path, stored)| path.starts_with("evidence/") && stored == bytes.as_bytes());
        (world.run(&["timeline", "2026-03-17-search-outage"]), stored, output)
    };
    let html = imported("page.html", WRITE_UP);
    let mhtml = imported("page.mhtml", &mhtml(WRITE_UP));
    assert!(
        html.0.contains("The search failed.") && html.0.contains("14:45"),
        "{} {}",
        html.0,
        html.2
    );
    assert_eq!((mhtml.0, mhtml.1), (html.0, html.1), "{}", mhtml.2);
}

#[test]
fn damaged_mhtml_is_an_error_with_a_hint() {
    let world = World::new();
    world.write("posthoc.toml", "");
    world.write(
        "page.mhtml",
        mhtml(WRITE_UP).replace("----B\r\n", "----C\r\n").replace("----B--", ""),
    );
    insta::assert_snapshot!(world.run(&["import", "page.mhtml"]), @r"
    ── stderr
    error: cannot unpack this saved web page: none of its parts is found: no line is `----B`
     --> page.mhtml
      |
      = help: save the page again, as MHTML or as HTML
    ── exit 3
    ");
    world.write("page.mhtml", mhtml(WRITE_UP).replace("----B--", ""));
    let output = world.run(&["import", "page.mhtml", "--format", "document"]);
    assert!(output.contains("warning: ") && output.contains("was cut short"), "{output}");
    assert!(world.path("incidents/2026-03-17-search-outage.yaml").is_file(), "{output}");
}

#[test]
fn warning_names_the_inner_page_and_shows_its_line() {
    let world = World::new();
    world.write("posthoc.toml", "");
    world.write(
        "page.mhtml",
        mhtml(&WRITE_UP.replace("<li>", "\n<li>").replace("14:45 UTC", "25:99 UTC")),
    );
    let shown = world.run(&["import", "page.mhtml", "--format", "document"]);
    let warning = shown.split("warning: ").nth(1).unwrap_or_else(|| panic!("{shown}"));
    insta::assert_snapshot!(warning.split("\n1 created").next().unwrap_or_default(), @r"
    `2026-03-17 25:99` cannot be read as a time; it is left unknown
     --> the page inside page.mhtml:3:5
      |
    3 | <li>2026-03-17 25:99 UTC: Resolved.</li></ul></body></html>
      |     ^^^^^^^^^^^^^^^^
    ");
}
