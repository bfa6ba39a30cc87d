//! From an analysed incident to Markdown, HTML and JSON: what a reader sees, and what no text from
//! outside can do to it.

use chrono::{DateTime, TimeDelta, Utc};
use posthoc::analysis::config::Definitions;
use posthoc::analysis::rules::{Finding, Nature};
use posthoc::analysis::{claim, impact, phases, progress};
use posthoc::diag::{Level, Place};
use posthoc::figure::Shape;
use posthoc::model::Incident;
use posthoc::model::path::Path;
use posthoc::model::series::Series;
use posthoc::render::{Page, html, json, markdown, pdf};
use posthoc::report::template::Templates;
use posthoc::report::{Audience, MetricSource, Projection, Protection, Report, figures};
use scraper::{Html, Selector};

pub(super) const RICH: &str = include_str!("rich.yaml");

pub(super) fn report(yaml: &str, audience: Audience) -> Report {
    let incident: Incident = serde_yaml::from_str(yaml).expect("the test's incident");
    let now = Some("2026-03-10T12:00:00Z".parse().unwrap());
    let durations = phases::durations(&incident, &Definitions::default(), now);
    Report {
        impact: impact::summarize(&incident, now),
        reopened: progress::reopened(&incident),
        claims: claim::compare(&incident, &durations),
        durations,
        findings: Vec::new(),
        evidence: Vec::new(),
        definitions: Definitions::default(),
        now,
        zone: incident.zone(),
        incident: Projection::new(
            &incident,
            audience,
            &Protection::default(),
            Definitions::default().order_of_trust(),
        ),
    }
}

/// A curve that rises at 09:12, falls at 10:00, and lacks some samples.
pub(super) fn series(name: &str, unit: &str, low: f64, high: f64) -> Series {
    let start: DateTime<Utc> = "2026-02-03T08:30:00Z".parse().unwrap();
    let points = (0..150).map(|minute: i32| {
        let bump =
            f64::from((minute - 42).clamp(0, 12) - (minute - 88).clamp(0, 30) * 12 / 30) / 12.0;
        let ripple = f64::from(minute * 37 % 11) / 90.0;
        let value = low + (high - low) * (bump.max(0.0) + ripple).min(1.0);
        (
            start + TimeDelta::minutes(i64::from(minute)),
            (!(60..66).contains(&minute)).then_some(value),
        )
    });
    Series {
        name: name.into(),
        query: None,
        unit: Some(unit.into()),
        labels: Default::default(),
        points: points.collect(),
    }
}

pub(super) fn rich(audience: Audience) -> Report {
    let findings = vec![
        (
            Finding {
                rule: "claim-differs",
                nature: Nature::Contradiction,
                level: Level::Warning,
                message: "the published duration, about an hour and a half, is longer than the impact of ~1 h 19 min"
                    .into(),
                path: Path::key("claims").then("duration"),
                span: None,
                hints: vec!["say what it counts".into()],
            },
            Some(Place {
                file: "incidents/2026-02-03-checkout-timeouts.yaml".into(),
                span: 0..1,
                line: 104,
                column: 10,
                nearby: None,
            }),
        ),
        (
            Finding {
                rule: "entry-without-time",
                nature: Nature::Gap,
                level: Level::Note,
                message: "one entry of the timeline has no time".into(),
                path: Path::key("timeline").then(14),
                span: None,
                hints: vec![],
            },
            None,
        ),
    ];
    let evidence = vec![MetricSource {
        source: "S2".into(),
        title: "Checkout metrics".into(),
        series: vec![
            series("session read p99", "ms", 11.0, 940.0),
            series("checkouts failed", "1/min", 0.0, 260.0),
            series("checkouts started", "1/min", 610.0, 900.0),
        ],
        problem: Some("two of 452 lines were not numbers and were left out".into()),
    }];
    Report { findings, evidence, ..report(RICH, audience) }
}

pub(super) fn page(report: &Report, template: &str) -> Page {
    let templates = Templates::built_in().expect("the built-in templates");
    Page::new(report, &templates, template).expect("a filled template").value
}

pub(super) fn markdown_of(report: &Report) -> String {
    let page = page(report, "default");
    String::from_utf8(markdown::write(&page.document, &page.sparklines)).unwrap()
}

pub(super) fn html_of(report: &Report, template: &str) -> String {
    let page = page(report, template);
    String::from_utf8(html::write(&page.document, &page.figures, &page.meta)).unwrap()
}

/// Without the style sheet, which has its own file, and without the insides of the drawings.
pub(super) fn readable(html: &str) -> String {
    let (head, rest) = html.split_once("<style>").unwrap();
    let mut text = head.to_owned() + rest.split_once("</style>").unwrap().1;
    while let Some(start) = text.find("</title><") {
        let end = start + text[start..].find("</svg>").unwrap();
        text.replace_range(start + "</title>".len()..end, "…");
    }
    text.replace(&policy(html), "POLICY")
}

pub(super) fn policy(html: &str) -> String {
    html.split_once("Security-Policy\" content=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
}

pub(super) const EMPTY: &str = "{schema: posthoc/v1, id: something-broke, title: Something broke}";

#[test]
fn rich_incident_as_markdown() {
    insta::assert_snapshot!(markdown_of(&rich(Audience::Internal)));
}

#[test]
fn rich_incident_for_the_public() {
    let text = markdown_of(&rich(Audience::Public));
    for word in [
        "role-commander",
        "responder-",
        "role-owner",
        "resharding is recognised",
        "name of the customer",
        "hidden by hand",
        "entry-without-time",
    ] {
        assert!(!text.contains(word), "{word} is not for the public");
    }
    assert!(text.contains("12 entries are left out of this version."), "{text}");
    assert!(text.contains("you will not be charged twice"));
}

/// An incident with `leak-…` in every field that is not for the public, and in none that is.
const LEAKY: &str = "
schema: posthoc/v1
id: x
title: Public title
services: [public-service]
teams: [leak-team]
tags: [leak-tag]
roles: {commander: leak-person, comms: leak-person, owner: leak-person, scribe: leak-person, responders: [leak-person], authors: [leak-author]}
summary: Public summary.
milestones:
  trigger_at: {at: 2026-02-03T08:00Z, source: leak-source#leak-record, note: leak-note}
  impact_start: {at: 2026-02-03T09:00Z, source: S1#leak-record, note: leak-note}
  resolved_at: 2026-02-03T10:00Z
impact:
  windows: [{start: 2026-02-03T09:00Z, end: 2026-02-03T10:00Z, level: full, source: S1#leak-record}]
  customers: 12
  revenue: leak-revenue
  support_tickets: leak-tickets
  slo_burn: leak-burn
detection: {method: alert, by: leak-alert}
trigger: {type: config_push, change: leak-change, description: Public description.}
root_causes: [{id: rc1, category: some_category, text: Public cause., source: S1#leak-record}]
contributing_factors: [{id: cf1, text: Public factor., source: S1#leak-record}]
open_questions: [{question: Public question?, asked_by: leak-person}]
action_items: [{id: A1, text: Public follow-up., type: process, owner: leak-person, priority: leak-priority, due: 2026-02-20, ticket: LEAK-ticket, status: in_progress}]
related: {duplicate_of: leak-one, parent: leak-two, recurrence_of: leak-three, caused_by: leak-four}
timeline:
  - {at: 2026-02-03T09:00Z, text: leak-internal-entry, actor: leak-person}
  - {at: 2026-02-03T09:10Z, text: Public entry., visibility: public, actor: leak-person, source: S1#leak-record}
  - {at: 2026-02-03T09:20Z, text: leak-restricted, visibility: restricted}
sources:
  S1: {title: leak-source-title, format: leak-format, path: leak/path, sha256: leak-hash, url: 'https://leak.example.com/', zone: UTC, records: 3}
links: [{title: leak-link, url: 'https://leak.example.com/'}]
";

#[test]
fn public_output_contains_nothing_internal() {
    let leaks = |audience| -> Vec<String> {
        let evidence = MetricSource {
            source: "leak-source".into(),
            title: "leak-title".into(),
            series: vec![Series {
                query: Some("leak-query".into()),
                ..series("leak-host", "leak-unit", 1.0, 2.0)
            }],
            problem: Some("leak-problem".into()),
        };
        let (rule, nature, level, path) =
            ("some-rule", Nature::Contradiction, Level::Error, Path::key("leak-path"));
        let finding = Finding {
            rule,
            nature,
            level,
            message: "leak-finding".into(),
            path,
            span: None,
            hints: vec!["leak-hint".into()],
        };
        let report = Report {
            evidence: vec![evidence],
            findings: vec![(finding, None)],
            ..report(LEAKY, audience)
        };
        let page = page(&report, "default");
        let options = pdf::Options::default();
        let pdf = pdf::render(&page.document, &page.figures, &page.meta, &options).unwrap().value;
        let pdf = lopdf::Document::load_mem(&pdf).unwrap();
        let numbers: Vec<u32> = pdf.get_pages().into_keys().collect();
        // The drawing, and the metadata of the file.
        let words = pdf.extract_text(&numbers).unwrap();
        let output: String = pdf.objects.values().map(|object| format!("{object:?}")).collect();
        vec![
            String::from_utf8(markdown::write(&page.document, &page.sparklines)).unwrap(),
            String::from_utf8(html::write(&page.document, &page.figures, &page.meta)).unwrap(),
            String::from_utf8(json::write(&page.view)).unwrap(),
            words.split_whitespace().collect::<String>() + &output,
        ]
    };
    for text in leaks(Audience::Public) {
        let found = text
            .to_lowercase()
            .find("leak")
            .map(|at| text[at.saturating_sub(80)..].chars().take(160).collect());
        assert_eq!(found, None::<String>);
        assert!(text.replace(' ', "").contains("Publicentry."), "{text}");
    }
    for text in leaks(Audience::Internal) {
        assert!(
            text.to_lowercase().contains("leak-ticket") || text.contains("LEAK"),
            "the test can see a leak"
        );
    }
}

#[test]
fn restricted_report_shows_everything_not_hidden() {
    let text = markdown_of(&rich(Audience::Restricted));
    assert!(text.contains("name of the customer") && !text.contains("hidden by hand"));
}

#[test]
fn rich_incident_as_html() {
    insta::assert_snapshot!(readable(&html_of(&rich(Audience::Internal), "default")));
}

#[test]
fn rich_incident_as_brief() {
    let page = page(&rich(Audience::Internal), "brief");
    insta::assert_snapshot!(
        String::from_utf8(markdown::write(&page.document, &page.sparklines)).unwrap()
    );
}

#[test]
fn rich_incident_as_json() {
    let page = page(&rich(Audience::Internal), "default");
    let json = String::from_utf8(json::write(&page.view)).unwrap();
    insta::assert_snapshot!(json.replace(posthoc::model::zone::release(), "[tzdata]"));
}

#[test]
fn almost_empty_incident_renders() {
    let report = report(EMPTY, Audience::Internal);
    insta::assert_snapshot!(markdown_of(&report));
    let html = html_of(&report, "default");
    assert!(!html.contains("<figure"), "there is nothing to draw");
}

#[test]
fn published_figure_is_compared_with_the_computed_one() {
    let verdict = |claim: &str, milestones: &str| {
        let yaml = format!(
            "{{schema: posthoc/v1, id: x, title: x, milestones: {{{milestones}}}, claims: {{duration: {claim}}}}}"
        );
        let text = markdown_of(&report(&yaml, Audience::Internal));
        text.lines()
            .find_map(|line| line.strip_prefix("Published figures, in their own words: "))
            .unwrap()
            .to_owned()
    };
    let page = "first_notice_at: 2026-03-17T14:14:05Z, resolved_at: 2026-03-17T19:30:32Z";
    assert_eq!(
        verdict("5 hours and 16 minutes", page),
        "duration “5 hours and 16 minutes” (agrees with the reported duration of 5 h 16 min 27 s)."
    );
    assert_eq!(
        verdict("2 hours", page),
        "duration “2 hours” (does not agree with the reported duration of 5 h 16 min 27 s)."
    );
    assert_eq!(
        verdict("2 hours", ""),
        "duration “2 hours” (there is no computed duration to compare it with)."
    );
    assert_eq!(
        verdict("ages", page),
        "duration “ages” (not checked, since it cannot be read as a duration)."
    );
}

#[test]
fn entry_without_a_time_is_under_no_day() {
    let yaml = "{schema: posthoc/v1, id: x, title: x, timeline: [
        {at: 2026-02-03T09:00Z, text: one}, {text: two}, {text: three}, {at: 2026-02-03T10:00Z, text: four}, {at: 2026-02-04T10:00Z, text: five}]}";
    let report = report(yaml, Audience::Internal);
    let page = page(&report, "default");
    let text = page.document.to_markdown();
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| {
            line.starts_with("### ")
                || line.ends_with(" |") && line.contains(":00 |")
                || line.starts_with("| time")
        })
        .collect();
    assert_eq!(
        lines,
        [
            "### Tuesday, 3 February 2026",
            "| 09:00 | one |",
            "### Time unknown",
            "| time unknown | two |",
            "| time unknown | three |",
            "### Tuesday, 3 February 2026",
            "| 10:00 | four |",
            "### Wednesday, 4 February 2026",
            "| 10:00 | five |",
        ]
    );
    assert_eq!(
        (page.view.timeline[1].at.as_ref(), page.view.timeline[1].when.as_ref()),
        (None, None)
    );
}

/// The labels at the edges of the impact figure.
fn off_the_edge(milestones: &str) -> Vec<String> {
    let yaml = format!("{{schema: posthoc/v1, id: x, title: x, milestones: {{{milestones}}}}}");
    let drawings = figures::draw(&report(&yaml, Audience::Internal));
    let texts = drawings[0].figure.shapes.iter().filter_map(|shape| match shape {
        Shape::Text { text, .. } => Some(text.clone()),
        _ => None,
    });
    texts.filter(|text| text.starts_with('←') || text.ends_with('→')).collect()
}

#[test]
fn axis_covers_the_incident_and_omits_distant_times() {
    let page = "first_notice_at: 2026-03-17T14:14:05Z, identified_at: 2026-03-17T14:22:06Z, resolved_at: 2026-03-17T19:30:32Z";
    assert_eq!(off_the_edge(page), Vec::<String>::new());
    let impact = "impact_start: 2026-03-17T14:00Z, impact_end: 2026-03-17T14:30Z";
    assert_eq!(
        off_the_edge(&format!("{impact}, trigger_at: 2026-03-17T11:00Z")),
        Vec::<String>::new()
    );
    assert_eq!(
        off_the_edge(&format!("{impact}, trigger_at: 2026-03-10T11:00Z")),
        ["← Trigger 10 Mar 11:00"]
    );
    assert_eq!(
        off_the_edge(&format!("{impact}, resolved_at: 2026-03-19T11:00Z")),
        ["Resolved 19 Mar 11:00 →"]
    );
}

#[test]
fn report_lists_only_contradictions_and_keeps_field_names() {
    let finding = |nature, message: &str| {
        let (rule, level, message, path) =
            ("some-rule", Level::Warning, message.to_owned(), Path::root());
        (Finding { rule, nature, level, message, path, span: None, hints: Vec::new() }, None)
    };
    let findings = vec![
        finding(Nature::Gap, "detected_at is unknown"),
        finding(Nature::Housekeeping, "the source S9 is used nowhere"),
        finding(Nature::Contradiction, "resolved_at (14:00) is before impact_start"),
        finding(Nature::Contradiction, "evidence/x/S1.txt is no longer what it was"),
        finding(Nature::Contradiction, "the end is before the start"),
    ];
    let text = markdown_of(&Report { findings, ..report(EMPTY, Audience::Internal) });
    let output = text
        .split("Contradictions in the sources\n\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    assert_eq!(
        output,
        "- resolved_at (14:00) is before impact_start.\n\
         - evidence/x/S1.txt is no longer what it was.\n\
         - The end is before the start."
    );
}

#[test]
fn chart_of_many_series_shows_the_most_changed_ones() {
    let mut many: Vec<Series> = (0..7).map(|at| series(&format!("a{at}"), "%", 0.0, 0.0)).collect();
    many.push(series("y", "%", 0.0, 1.2));
    many.push(series("z", "%", 0.0, 1.89));
    many.iter_mut().for_each(|series| series.query = Some("rate(a{b=~\"c|d\"}[3m])".into()));
    let evidence = MetricSource {
        source: "S1".into(),
        title: "Throttling".into(),
        series: many,
        problem: None,
    };
    let report = Report { evidence: vec![evidence], ..report(EMPTY, Audience::Internal) };
    let text = markdown_of(&report);
    assert!(text.contains("### Throttling\n\nMeasured: `rate(a{b=~\"c|d\"}[3m])`\n"), "{text}");
    assert!(
        text.contains(
            "The chart shows the 6 of 9 series that changed most; the table has all of them."
        ),
        "{text}"
    );
    let names: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).collect();
    assert_eq!(names[names.len() - 9..][..4], ["z", "y", "a0", "a1"], "{text}");
    assert!(page(&report, "default").sparklines["metric-1-1"][0].0 == "z");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(
        html_of(&rich(Audience::Internal), "default"),
        html_of(&rich(Audience::Internal), "default")
    );
}

#[test]
fn html_is_well_formed_and_loads_nothing() {
    let html = html_of(&rich(Audience::Internal), "default");
    let page = Html::parse_document(&html);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    assert!(policy(&html).starts_with("default-src &#39;none&#39;"));
    let ids: Vec<&str> =
        page.select(&Selector::parse("[id]").unwrap()).filter_map(|e| e.attr("id")).collect();
    let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    for link in page.select(&Selector::parse("a[href^='#']").unwrap()) {
        let target = link.attr("href").unwrap().trim_start_matches('#');
        assert!(ids.contains(&target), "#{target} leads nowhere");
    }
}

#[test]
fn template_mistake_is_reported_with_its_place() {
    let report = report(EMPTY, Audience::Internal);
    let mut templates = Templates::built_in().unwrap();
    let error = templates.add("mine.md", "# {{ title }}\n\n{% if severity }\n").unwrap_err();
    assert_eq!(error.to_diagnostic().to_string(), "mine.md:3:16: error: found `}` but expected %}");
    templates.add("mine.md", "# {{ title }}\n\n  {{ durations.ttx.text }}\n").unwrap();
    let error = Page::new(&report, &templates, "mine.md").unwrap_err().to_diagnostic();
    insta::assert_snapshot!(format!("{error}\n{}", error.hints.join("\n")), @"
    mine.md:3:16: error: field `ttx` is not defined; available fields: fdrt, impact, repair, reported, response, restore, tta, ttd, tti, ttm, ttn, ttr, undetected
    the fields are those of `posthoc show ID --json`; what may be absent is asked for with `is defined` or `{% if … %}`
    ");
    let error = Page::new(&report, &templates, "defualt").unwrap_err().to_diagnostic();
    insta::assert_snapshot!(format!("{error}\n{}", error.hints.join("\n")), @r"
    error: there is no template `defualt`
    there are: default, brief, public, google-sre, pagerduty, atlassian, mine.md
    a template of your own is given as the path of its file
    ");
}

#[test]
fn custom_template_overrides_a_block_and_is_escaped() {
    let mut templates = Templates::built_in().unwrap();
    let mine = "{% extends \"default\" %}{% block title %}# Report: {{ title }}\n\n{{ services }}{% endblock %}{% block facts %}{% endblock %}";
    templates.add("mine", mine).unwrap();
    let yaml = "{schema: posthoc/v1, id: x, title: '*a* <b> | c'}";
    let page = Page::new(&report(yaml, Audience::Internal), &templates, "mine").unwrap().value;
    let text = page.document.to_markdown();
    assert!(text.starts_with("# Report: \\*a\\* \\<b> \\| c\n"), "{text}");
    assert!(
        !text.contains("No duration can be computed") && text.contains("## Appendix"),
        "{text}"
    );
}
