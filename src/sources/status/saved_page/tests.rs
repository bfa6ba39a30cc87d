use super::*;
use crate::sources::record::IncidentRecord;
use crate::sources::status::kit::api::testing::{outline, read};

const PAGE: &str = "Mail is slow

Incident Report for Example

Postmortem

A table was locked.

Resolution:

  • Ended the session.
  • Added an index.
Posted Jan 01, 2026 - 00:40 UTC

Resolved

Mail became slow at about 11:30PM UTC, 2025/12/31, lasting about 20 minutes. We'll share a report. We will limit the batch.
Posted Dec 31, 2025 - 23:55 UTC

Investigating

We look.
Posted Dec 31, 2025 - 23:40 UTC
This incident affected: Sites (Web, App), and Mail, Search.
";

const COPY: &str = "Update timeline
- resolved Dec 31, 2025, 11:50 PM UTC
Type: Incident Duration: 1 hour and 5 minutes Jan 1, 00:55:05 GMT+0 - Resolved - Over. Jan 1, 01:10:00 GMT+0 - Postmortem - ### Summary It was slow. --- ### Root Cause A lock. It was held. --- ### Follow-up Actions We add an alert. We look at others. --- Ask us. Dec 31, 23:50:10 GMT+0 - Investigating - We look.
Looking to track Example downtime and outages?
Somebody polls it.
";

fn shown(incident: &IncidentRecord) -> String {
    let mut lines =
        vec![format!("{} of {}", incident.title, incident.provider.as_deref().unwrap_or("nobody"))];
    lines.extend(outline(incident));
    lines.push(format!(
        "impact {:?} to {:?}",
        incident.impact_start.map(|at| at.to_string()),
        incident.impact_end.map(|at| at.to_string())
    ));
    lines.push(format!("components {:?}", incident.components));
    lines.push(format!("claimed {:?}", incident.claimed));
    lines.extend(incident.sections.iter().map(|(name, text)| format!("{name}: {text:?}")));
    lines.join("\n")
}

#[test]
fn incident_page_is_read() {
    let (records, warnings) = read(&SavedPage, PAGE);
    assert!(warnings.is_empty(), "{warnings:?}");
    insta::assert_snapshot!(shown(&records[0]), @r#"
    Mail is slow of Example
    2025-12-31T23:40Z investigating We look.
    2025-12-31T23:55Z resolved Mail became slow at about 11:30PM UTC, 2025/12/31, lasting about 20 minutes. We'll share a report. We will limit the batch.
    2026-01-01T00:40Z postmortem A table was locked.

    Resolution:

    - Ended the session.
    - Added an index.
    impact Some("~2025-12-31T23:30Z") to Some("~2025-12-31T23:50Z")
    components [("Sites", "Web"), ("Sites", "App"), ("", "Mail"), ("", "Search")]
    claimed None
    root_cause: "A table was locked."
    resolution: "- Ended the session.\n- Added an index."
    follow_ups: "- We will limit the batch."
    "#);
}

#[test]
fn aggregator_copy_is_read() {
    let (records, warnings) = read(&SavedPage, COPY);
    insta::assert_snapshot!(format!("{}\n{}", shown(&records[0]), warnings.join("\n")), @r#"
    Example incident of Example
    2025-12-31T23:50:10Z investigating We look.
    2026-01-01T00:55:05Z resolved Over.
    2026-01-01T01:10:00Z postmortem ### Summary

    It was slow.

    ---

    ### Root Cause

    A lock. It was held.

    ---

    ### Follow-up Actions

    We add an alert. We look at others.

    ---

    Ask us.
    impact None to None
    components []
    claimed Some("1 hour and 5 minutes")
    summary: "It was slow."
    root_cause: "A lock. It was held."
    follow_ups: "We add an alert. We look at others."
    page.json:2:1: warning: the headline says `resolved` at 2025-12-31T23:50Z, which is the time of the first update; that update is of 2026-01-01T00:55:05Z, which is used (incident "Example incident")
    "#);
}

/// [`PAGE`] as a status page may mark it up.
const PAGE_IN_HTML: &str = "<!doctype html><html><head><title>Example</title><style>p { color: red }</style></head><body>
<nav><a href='/'>Home</a></nav><form><button>Subscribe</button></form>
<main><h1>Mail is <span>slow</span></h1><div>Incident Report for <a href='/'>Example</a></div>
<section><h2>Postmortem</h2><p>A table
  was locked.</p><p>Resolution:</p><ul><li>Ended the session.</li><li><p>Added an index.</p></li></ul>
<div>Posted <time>Jan 01, 2026 - 00:40&nbsp;UTC</time></div></section>
<table><tr><td>Resolved</td><td>Mail became slow at about 11:30PM UTC, 2025/12/31, lasting about 20 minutes. We&#39;ll share a report. We will limit the batch.</td><td>Posted Dec 31, 2025 - 23:55 UTC</td></tr></table>
Investigating<br><br>We look.<br>Posted Dec 31, 2025 - 23:40 UTC
<ol><li>This incident affected: Sites (Web, App), and Mail, Search.</li></ol></main><script>let x = 'Posted';</script></body></html>";

/// [`COPY`] as an aggregator may mark it up.
const COPY_IN_HTML: &str = "<html><body><h2>Update timeline</h2><ul><li>resolved <b>Dec 31, 2025, 11:50 PM UTC</b></li></ul>
<article>Type: <b>Incident</b> Duration: 1 hour and 5 minutes Jan 1, 00:55:05&nbsp;GMT&#43;0 - Resolved - Over.
Jan 1, 01:10:00 GMT+0 - Postmortem - ### Summary It was slow. --- ### Root Cause A lock. It was held. --- ### Follow-up Actions We add an alert. We look at others. --- Ask us.
Dec 31, 23:50:10 GMT+0 - <i>Investigating</i> - We look.</article>
<h3>Looking to track Example downtime and outages?</h3><p>Somebody polls it.</p></body></html>";

#[test]
fn saved_html_equals_the_copied_text() {
    for (text, html) in [(PAGE, PAGE_IN_HTML), (COPY, COPY_IN_HTML)] {
        let (as_text, as_html) = (read(&SavedPage, text), read(&SavedPage, html));
        assert_eq!(as_html.0, as_text.0);
        assert_eq!(as_html.1.len(), as_text.1.len(), "{:?}", as_html.1);
    }
    // Text above it in the file does not matter, however long it is.
    let styles = format!("<style>{}</style></head>", "p { color: red }\n".repeat(2_000));
    assert_eq!(
        read(&SavedPage, &PAGE_IN_HTML.replace("</head>", &styles)).0,
        read(&SavedPage, PAGE).0
    );
}

#[test]
fn html_lines_match_copied_text() {
    let cases = [
        ("<p>a\n  b&nbsp;<b>c</b> </p><p>d</p>", "a b c\n\nd\n\n"),
        ("<div>a</div><div></div><div>b<div>c</div>d</div>", "a\n\nb\nc\nd\n"),
        ("a<br>b<br/><br/>c<p><br></p>d", "a\nb\n\nc\n\nd\n"),
        (
            "<ul><li>a<ul><li>b</li></ul></li><li> </li><li><p>c</p></li></ul>d",
            "- a\n- b\n- c\n\nd\n",
        ),
        ("<pre>a\n\n  b &lt;\n</pre>c", "a\n\n  b <\n\nc\n"),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a\nb\nc\n\n"),
        (
            "<title>x</title><nav>x</nav>a<form>x<input></form><script>x</script><style>x</style><button>x</button>",
            "a\n",
        ),
    ];
    for (html, wanted) in cases {
        assert_eq!(web::lines(html), wanted, "{html}");
    }
    let deep = format!("{}a{}", "<div>".repeat(450), "</div>".repeat(450));
    assert_eq!(web::lines(&deep), "a\n");
}

#[test]
fn undated_posts_keep_their_text_and_unknown_zones_are_refused() {
    let (records, warnings) = read(
        &SavedPage,
        &PAGE.replace("Posted Dec 31, 2025 - 23:40 UTC", "Posted yesterday - UTC"),
    );
    assert_eq!(records[0].updates.len(), 2);
    assert!(
        warnings[0].contains("the update `Investigating` has no time that can be read"),
        "{warnings:?}"
    );
    let no_year = COPY.replace("- resolved Dec 31, 2025, 11:50 PM UTC\n", "");
    let (records, warnings) = read(&SavedPage, &no_year);
    assert_eq!(
        (records[0].updates.len(), records[0].untimed.len()),
        (0, 3),
        "the texts are there without a time"
    );
    assert!(warnings[0].contains("they have no time"), "{warnings:?}");
    let no_zone = PAGE.replace(" UTC\n", "\n");
    let refused =
        SavedPage.read(&Input::new("x", no_zone.clone()), &ReadOptions::default()).unwrap_err();
    assert!(
        refused.hint.unwrap().contains("--zone"),
        "with one it has every time: {}",
        refused.message
    );
    let berlin = ReadOptions { zone: "Europe/Berlin".parse().ok(), ..ReadOptions::default() };
    let read = SavedPage.read(&Input::new("x", no_zone), &berlin).unwrap();
    assert!(
        matches!(&read.value[..], [Record::Incident(incident)] if incident.updates.len() == 3),
        "{read:?}"
    );
    for other in [
        "",
        "A report.\n\nPosted by Ann\n",
        "<p>Incident Report for X</p>\nPosted Jan 1 - x",
        "Type: Incident",
    ] {
        assert!(matches!(SavedPage.sniff(&Input::new("x", other)), Verdict::No(_)), "{other}");
    }
}
