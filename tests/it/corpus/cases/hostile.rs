//! What strangers write into files and feeds, and what a reader, a terminal, a spreadsheet or a log
//! makes of it.

use std::io::Write;
use std::process::{Command, Stdio};

use posthoc::markdown::Document;

use super::hostile;
use crate::support::world::World;

/// Whether a terminal obeys something in it, or there is something that nobody sees.
fn is_harmless(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    !text.contains(posthoc::text::is_dangerous)
        && !text.lines().any(|line| line.trim_start().starts_with("::") || line.starts_with("##["))
}

#[track_caller]
fn assert_harmless(world: &World, arguments: &[&str]) {
    let output = world.output(arguments);
    assert!(
        is_harmless(&output.stdout) && is_harmless(&output.stderr),
        "{arguments:?}: {output:?}"
    );
    assert!(output.status.code().is_some_and(|code| code <= 4), "{arguments:?}: {output:?}");
}

/// What GitHub's own renderer makes of it, with raw HTML let through; `None` (reported as skipped)
/// where it is not installed.
fn cmark_gfm(markdown: &str) -> Option<String> {
    let mut child = Command::new("cmark-gfm")
        .args(["--unsafe", "-e", "autolink", "-e", "table", "-e", "strikethrough"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|_| {
            let is_required = std::env::var_os("POSTHOC_REQUIRE_TOOLS").is_some_and(|on| on == "1");
            assert!(!is_required, "cmark-gfm is not installed");
            eprintln!("skipped: cmark-gfm is not installed");
        })
        .ok()?;
    child.stdin.take().expect("piped").write_all(markdown.as_bytes()).expect("it reads");
    Some(String::from_utf8_lossy(&child.wait_with_output().expect("it ends").stdout).into_owned())
}

/// The tags of our own Markdown; every other one came from outside.
fn live_tags(html: &str) -> Vec<String> {
    let ours = [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
        "pre",
        "em",
        "strong",
        "del",
        "br",
        "hr",
        "blockquote",
        "a",
    ];
    let tag = regex::Regex::new(r"</?([A-Za-z!?][A-Za-z0-9]*)[^>]*>").expect("valid regex");
    tag.captures_iter(html)
        .filter(|found| {
            !ours.contains(&&found[1]) || found[0].to_lowercase().contains("href=\"javascript:")
        })
        .map(|found| found[0].to_owned())
        .collect()
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn control_character_before_a_multibyte_one_does_not_panic() {
    let world = hostile("01-panic");
    let checked = world.run(&["check"]);
    assert!(!checked.contains("panicked") && checked.ends_with("exit 3\n"), "{checked}");
    let imported = world.run(&["import", "in.json", "--format", "statuspage-v2"]);
    assert!(!imported.contains("panicked") && imported.ends_with("exit 3\n"), "{imported}");
    world.write("posthoc.toml", std::fs::read(world.path("toml-also.toml")).expect("the case"));
    let listed = world.run(&["list"]);
    assert!(!listed.contains("panicked") && listed.ends_with("exit 3\n"), "{listed}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn bare_address_in_a_title_creates_no_live_tag() {
    let world = hostile("04-md-autolink");
    world.run(&["import", "in.json"]);
    world.run(&["render", "--to", "md", "--out", "out"]);
    let out = std::fs::read_dir(world.path("out"))
        .expect("a folder")
        .map(|file| file.expect("a file").path());
    for file in out {
        let markdown = std::fs::read_to_string(&file).expect("a report");
        assert!(markdown.contains("script"), "{markdown}");
        let Some(html) = cmark_gfm(&markdown) else { return };
        assert_eq!(live_tags(&html), [""; 0], "{markdown}\n{html}");
    }
}

#[test]
fn text_around_an_address_creates_no_live_tag() {
    if cmark_gfm("").is_none() {
        return;
    }
    let parts = [
        "http://x/",
        "www.y.example/",
        "ftp://z/",
        "<b>",
        "<img src=x>",
        "[",
        "](javascript:a)",
        "`",
        "*",
        "**",
        "~~",
        "\\",
        " ",
        "&lt;",
        "a",
        "|",
        "<!--",
        ">",
        "mailto:a@b.example",
        "a@b.example",
        "\"",
        "_",
        ":",
        "![",
        "(",
        ")",
    ];
    // A number of its own for every text: no chance, the same texts on each run.
    let mut seed = 7_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("31 bits") % below
    };
    for _ in 0..40 {
        let texts: Vec<String> = (0..50)
            .map(|_| (0..1 + next(10)).map(|_| parts[next(parts.len())]).collect())
            .collect();
        let written: Vec<String> = texts
            .iter()
            .flat_map(|text| {
                [
                    Document::from_markdown(text).value.to_markdown(),
                    posthoc::text::markdown::line(text),
                ]
            })
            .collect();
        // A paragraph for each; a text cannot reach beyond its own.
        let html = cmark_gfm(&written.join("\n\n")).expect("it is installed");
        assert_eq!(live_tags(&html), [""; 0], "{written:#?}\n{html}");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn csv_has_no_formulas_and_no_output_has_terminal_escapes() {
    let world = hostile("06-csv");
    let csv = world.output(&["stats", "--by", "service", "--format", "csv"]).stdout;
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_slice());
    let cells: Vec<String> = rows
        .records()
        .flat_map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(cells.iter().any(|cell| cell.starts_with("'=HYPERLINK(")), "{cells:?}");
    for cell in &cells {
        let is_number = cell.parse::<f64>().is_ok();
        assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
    }
    for arguments in [
        ["stats", "--by", "service", "--format", "csv"].as_slice(),
        &["stats", "--by", "service", "--format", "json"],
        &["stats", "--by", "service"],
        &["list"],
        &["list", "--json"],
        &["show", "a"],
        &["show", "a", "--json"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
    ] {
        assert_harmless(&world, arguments);
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn log_output_contains_no_workflow_commands() {
    let world = hostile("08-gha");
    assert_harmless(&world, &["check"]);
    let github =
        String::from_utf8(world.output(&["check", "--format", "github"]).stdout).expect("UTF-8");
    assert!(
        !github.lines().any(|line| line.starts_with("::add-mask") || line.starts_with("::error::")),
        "{github}"
    );
}

/// One incident whose every text is hostile, through every command and format.
#[test]
fn hostile_fields_are_plain_text_in_terminals_and_logs() {
    let world = World::new();
    let bad = r#""x\n::error::forged\r\n::add-mask::a\t\e]52;c;ZXZpbA==\a\u009b31m\u007f\u202e\u2066\u200b\u2028::stop\U000E0041é""#;
    world.write(
        "incidents/a.yaml",
        format!(
            "schema: posthoc/v1\nid: a\ntitle: {bad}\nseverity: {bad}\nsummary: {bad}\nservices: [{bad}, {bad}]\ntags: [{bad}]\n\
             milestones: {{impact_start: 2026-03-01T10:00Z, resolved_at: 2026-03-01T09:00Z}}\n\
             timeline:\n  - {{at: 2026-03-01T10:05Z, text: {bad}, actor: {bad}, source: {bad}}}\n  - {{text: {bad}, source: {bad}}}\n\
             root_causes: [{{id: {bad}, text: {bad}}}]\naction_items: [{{id: {bad}, text: {bad}, owner: {bad}, addresses: [{bad}]}}]\n"
        ),
    );
    world.write(
        "incidents/b.yaml",
        format!("schema: posthoc/v1\nid: b\ntitle: B\n{bad}: 1\nkind: {bad}\n"),
    );
    world.write("in\u{1b}[2J\n::error::x.json", "{}");
    for arguments in [
        ["list"].as_slice(),
        &["list", "--json"],
        &["show", "a"],
        &["show", "a", "--json"],
        &["show", "b"],
        &["show", "no\n::error::x\u{1b}[2J"],
        &["timeline", "a"],
        &["timeline", "a", "--json"],
        &["check"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["stats", "--by", "service"],
        &["stats", "--by", "severity", "--format", "json"],
        &["stats", "--by", "service", "--format", "csv"],
        &["import", "in\u{1b}[2J\n::error::x.json"],
        &["import", "no\u{1b}[2J\n::error::x.json"],
        &["render", "a", "--to", "md,html,json", "--out", "out"],
        &["render", "a", "--to", "md", "--out", "o\u{1b}[2J\n::error::x"],
    ] {
        assert_harmless(&world, arguments);
    }
    for written in ["out/a.md", "out/a.html", "out/a.json"] {
        assert!(!world.read(written).contains(posthoc::text::is_dangerous), "{written}");
    }
}
