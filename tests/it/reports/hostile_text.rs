//! What no text from outside can do to a report.

use posthoc::analysis::rules::{Finding, Nature};
use posthoc::diag::{Level, Place};
use posthoc::model::path::Path;
use posthoc::render::json;
use posthoc::report::{Audience, MetricSource, Report};
use scraper::{Html, Selector};

use super::incidents::*;

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![x](data:text/html,<script>alert(1)</script>)",
    "](javascript:alert(1))",
    "| cell | cell |\n|---|---|\n| a |",
    "`` ` ``` ````",
    "```\nopen fence",
    "\u{1b}[31mred\u{1b}[0m\u{7}\u{9b}2J",
    "{{ tera }} {% for x in y %} {{ __tera_context }}",
    "<!-- open comment",
    "</style></title></svg><iframe src=//example.com>",
    "\"><svg onload=alert(1)>",
    "# heading\n---\n> quote\n- list\n1. list",
    "&#60;script&#62; &lt;b&gt;",
    "<https://example.com/\"onmouseover=\"x> <javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "<a href='javascript:alert(1)'>x</a>\n\n<iframe></iframe>",
    "\u{202e}gnp.exe",
];

/// An incident in which every text is `text`.
fn hostile(text: &str) -> Report {
    // YAML takes control characters only by their numbers.
    let quoted = |c: char| {
        if c.is_ascii_graphic() && c != '"' && c != '\\' {
            c.to_string()
        } else {
            format!("\\U{:08x}", u32::from(c))
        }
    };
    let q = format!("\"{}\"", text.chars().map(quoted).collect::<String>());
    let yaml = format!(
        "{{schema: posthoc/v1, id: hostile, title: {q}, severity: {q}, services: [{q}, {q}], teams: [{q}], regions: [{q}], tags: [{q}],
          roles: {{commander: {q}, comms: {q}, owner: {q}, scribe: {q}, responders: [{q}], authors: [{q}]}}, summary: {q},
          milestones: {{impact_start: {{at: 2026-02-03T09:00Z, note: {q}, source: S1}}, resolved_at: 2026-02-03T10:00Z}},
          severity_history: [{{at: 2026-02-03T09:26Z, to: {q}}}],
          impact: {{statement: {q}, windows: [{{start: 2026-02-03T09:00Z, end: 2026-02-03T10:00Z, components: [{q}]}}, {{start: 2026-02-03T11:00Z, end: 2026-02-03T12:00Z}}],
            components: {{{q}: [{q}]}}, not_affected: [{q}], customers: {q}, revenue: {q}}},
          detection: {{by: {q}, description: {q}, could_be_faster: {q}}}, trigger: {{type: {q}, change: {q}, description: {q}}},
          root_causes: [{{id: {q}, category: {q}, text: {q}}}, {{text: {q}}}], contributing_factors: [{{id: {q}, text: {q}}}], mitigators: [{q}],
          resolution: {{temporary: {q}, permanent: {q}}}, lessons: {{learned: [{q}], went_well: [{q}], lucky: [{q}, {q}]}},
          open_questions: [{{question: {q}, asked_by: {q}, answer: {q}}}],
          action_items: [{{id: {q}, text: {q}, owner: {q}, ticket: {q}, priority: {q}, addresses: [{q}]}}],
          metrics: [{{name: {q}, unit: {q}, before: {q}, during: {q}, after: {q}}}],
          timeline: [{{at: 2026-02-03T09:00Z, text: {q}, actor: {q}, kind: alert, source: S1}}, {{text: {q}}}],
          claims: {{duration: {q}}}, sections: [{{title: {q}, text: {q}}}],
          sources: {{S1: {{title: {q}, format: {q}, path: {q}, url: {q}, sha256: {q}, dated: 2026-02-04, zone: {q}}}, {q}: {{title: {q}, url: 'javascript:alert(1)'}}}}, links: [{{title: {q}, url: {q}}}, {{title: {q}, url: 'javascript:alert(1)'}}]}}"
    );
    let finding = Finding {
        rule: "rule",
        nature: Nature::Contradiction,
        level: Level::Error,
        message: text.into(),
        path: Path::root(),
        span: None,
        hints: vec![text.into()],
    };
    let evidence = MetricSource {
        source: text.into(),
        title: text.into(),
        series: vec![series(text, text, 1.0, 2.0)],
        problem: Some(text.into()),
    };
    let place = Place::whole_file(text);
    Report {
        findings: vec![(finding, Some(place))],
        evidence: vec![evidence],
        ..report(&yaml, Audience::Restricted)
    }
}

fn assert_harmless(html: &str, text: &str) {
    let page = Html::parse_document(html);
    for element in page.select(&Selector::parse("*").unwrap()) {
        let element = element.value();
        assert!(
            ![
                "script",
                "iframe",
                "object",
                "embed",
                "form",
                "img",
                "link",
                "base",
                "foreignobject"
            ]
            .contains(&element.name().to_lowercase().as_str()),
            "{text:?} became <{}>",
            element.name()
        );
        for (name, value) in element.attrs() {
            assert!(
                !name.starts_with("on") && !["style", "src", "srcdoc", "action"].contains(&name),
                "{text:?} became {name}={value}"
            );
            let is_plain = ["https://", "http://", "mailto:", "#"]
                .iter()
                .any(|scheme| value.starts_with(scheme));
            assert!(!name.contains("href") || is_plain, "{text:?} became {name}={value}");
        }
    }
    let is_control = |c: char| c.is_control() && c != '\n';
    assert!(
        !html.contains(is_control) && !html.contains('\u{202e}'),
        "{text:?} brought a control character"
    );
}

/// The sections of the default template, in order.
const SECTIONS: [&str; 12] = [
    "Trigger",
    "Root cause",
    "Detection",
    "Impact",
    "Timeline",
    "Resolution",
    "What kept it from being worse",
    "Lessons",
    "Follow-ups",
    "Open questions",
    "Contradictions in the sources",
    "Appendix",
];

#[test]
fn hostile_text_cannot_break_html_tables_or_sections() {
    for text in HOSTILE {
        let report = hostile(text);
        for template in ["default", "brief", "public", "google-sre", "pagerduty", "atlassian"] {
            assert_harmless(&html_of(&report, template), text);
        }
        let html = html_of(&report, "default");
        let page = Html::parse_document(&html);
        let titles: Vec<String> = page
            .select(&Selector::parse("main > h2").unwrap())
            .map(|title| title.text().collect::<String>().trim_end_matches('#').to_owned())
            .collect();
        let mut left = titles.iter();
        for section in SECTIONS {
            assert!(
                left.any(|title| title == section),
                "{text:?}: no section {section} in {titles:?}"
            );
        }
        let columns = |table: scraper::ElementRef<'_>| -> Vec<usize> {
            table
                .select(&Selector::parse("tr").unwrap())
                .map(|row| row.child_elements().count())
                .collect()
        };
        let tables: Vec<Vec<usize>> =
            page.select(&Selector::parse("main > .table > table").unwrap()).map(columns).collect();
        assert!(tables.len() >= 9, "{text:?}: {} tables", tables.len());
        let all_even = tables.iter().all(|rows| rows.iter().all(|count| *count == rows[0]));
        assert!(all_even, "{text:?}: {tables:?}");
    }
}

#[test]
fn hostile_markdown_output_has_no_live_html() {
    for text in HOSTILE {
        let text_out = markdown_of(&hostile(text));
        assert!(!text_out.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        let mut html = String::from("<!DOCTYPE html><title>x</title>");
        let options =
            pulldown_cmark::Options::ENABLE_TABLES | pulldown_cmark::Options::ENABLE_STRIKETHROUGH;
        pulldown_cmark::html::push_html(
            &mut html,
            pulldown_cmark::Parser::new_ext(&text_out, options),
        );
        // The alignment of other programs and line breaks in tables are harmless.
        assert_harmless(&html.replace(" style=\"text-align: right\"", ""), text);
    }
}

#[test]
fn hostile_incident_gives_valid_json() {
    for text in HOSTILE {
        let bytes = json::write(&page(&hostile(text), "default").view);
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value["title"], serde_json::json!(text));
        assert!(!bytes.contains(&0x1b));
    }
}
