//! Tests of the outline on documents of many layouts.

use super::*;

/// Renders the title, the fields, and each part as `title (meaning): text`, with `/` for line
/// breaks.
fn told(text: &str) -> Vec<String> {
    let outline = outline(text, None);
    let title = outline.title.map(|title| format!("# {title}"));
    let fields = outline.fields.iter().map(|field| format!("{} = {}", field.label, field.value));
    let parts =
        outline.parts.iter().filter(|part| !part.title.is_empty() || !part.lines.is_empty());
    let parts = parts.map(|part| {
        let meaning = part.meaning.map_or(String::new(), |meaning| format!(" ({meaning})"));
        format!("{}{meaning}: {}", part.title, part.lines.join("/"))
    });
    title.into_iter().chain(fields).chain(parts).collect()
}

#[test]
fn sections_are_found_by_heading_at_any_level() {
    let text = "# It broke\n\nLead.\n\n## Root cause\n\nWhy.\n\n### A detail\n\nMore.\n\n#### Timeline\n\n- 10:00 a\n\n## Our plans for tea\n\nTea.\n\n# Stats\n\n- x: y\n";
    assert_eq!(
        told(text),
        [
            "# It broke",
            ": Lead.",
            "Root cause (root_cause): Why.//### A detail//More.",
            "Timeline (timeline): - 10:00 a",
            "Our plans for tea: Tea.",
            "Stats: - x: y"
        ]
    );
}

#[test]
fn form_with_bold_labels_is_read() {
    let text = "# A\n\n- **Key events**\n  - Detected 10:00\n\n- **Time to repair**: 4h\n\n- **Impact**:\n  - One\n    - deeper\n\n- **Background**: Text\n\nMore of it.\n\n- **Resolution**:\n    Mended.\n";
    assert_eq!(
        told(text),
        [
            "# A",
            "Time to repair = 4h",
            "Key events (timeline): - Detected 10:00",
            "Impact (impact): - One/  - deeper",
            "Background: Text//More of it.",
            "Resolution (resolution): Mended."
        ]
    );
}

#[test]
fn labels_in_paragraphs_and_tables_are_read() {
    let text = "**Date**: 2026-03-17\n**Authors**: a, b\n**Summary**: It broke\nbadly.\n**Root Causes**: A bug.\n\nImpact: All of them.\n\nNot a label: here.\n";
    assert_eq!(
        told(text),
        [
            "Date = 2026-03-17",
            "Authors = a, b",
            "Summary (summary): It broke/badly.",
            "Root Causes (root_cause): A bug.",
            "Impact (impact): All of them.//Not a label: here."
        ]
    );
    let text = "# A\n\n| Field | Value |\n|---|---|\n| Severity | SEV1 |\n| Status | Resolved |\n| Moon | full |\n\n**What went well**\n\n- x\n";
    assert_eq!(
        told(text),
        [
            "# A",
            "Severity = SEV1",
            "Status = Resolved",
            "Moon = full",
            "What went well (went_well): - x"
        ]
    );
}

#[test]
fn bold_line_is_a_heading_if_there_are_no_others() {
    assert_eq!(told("**Some title**\n\nText.\n"), ["Some title: Text."]);
    assert_eq!(
        told("## Summary\n\n**Some title**\n\nText.\n"),
        ["Summary (summary): **Some title**//Text."]
    );
    assert_eq!(
        told("## Summary\n\n**What happened?**:\nText.\n"),
        ["Summary (summary): **What happened?**:/Text."]
    );
}

#[test]
fn timed_headings_are_timeline_entries() {
    let text = "# A\n\n## 13:36 It began\n\nWords.\n\n## 13:40 - More\n\n## Resolution\n\nDone.\n";
    assert_eq!(
        told(text),
        [
            "# A",
            " (timeline): ## 13:36 It began//Words.//## 13:40 - More",
            "Resolution (resolution): Done."
        ]
    );
}

#[test]
fn field_heading_is_not_the_title() {
    assert_eq!(
        told("# Metadata\n\nOwner: ann\n\n# Overview\n\nIt broke.\n"),
        ["Owner = ann", "Overview (summary): It broke."]
    );
    assert_eq!(
        told(
            "## Owner: ann\n## Meeting: on Monday\n## Involved:\n- ben\n\n# Overview\n\nIt broke.\n"
        ),
        ["# Meeting: on Monday", "Owner = ann", "Involved: - ben", "Overview (summary): It broke."]
    );
    assert_eq!(
        told("# Date:\n\n2026-03-17\n\n# Impact:\n\nAll.\n"),
        ["Date: 2026-03-17", "Impact (impact): All."]
    );
}

#[test]
fn affected_services_field_lists_services_or_describes_impact() {
    assert_eq!(
        told("**Affected services:** Public API, Web\n"),
        ["Affected services = Public API, Web"]
    );
    assert_eq!(
        told("**Affected services:** All of them were slow for an hour.\n"),
        ["Affected services (impact): All of them were slow for an hour."]
    );
}

#[test]
fn heading_without_markup_is_recognised() {
    assert_eq!(
        told("# A\n\n## Detection\n\nA page.\n\nAction Items\n\n- One\n"),
        ["# A", "Detection (detection): A page.", "Action Items (follow_ups): - One"]
    );
    assert_eq!(
        told("# A\n\n## Detection\n\nAction Items\n\nThere are none.\n"),
        ["# A", "Detection (detection): Action Items//There are none."]
    );
}

#[test]
fn follow_ups_are_grouped_by_type() {
    assert_eq!(
        told(
            "# A\n\n## Action items\n\n### Detection\n\n- Page\n\n### Mitigation\n\nNone.\n\n### Timeline\n\n- 10:00 a\n"
        ),
        [
            "# A",
            "Action items (follow_ups): ### Detection//- Page//### Mitigation//None.",
            "Timeline (timeline): - 10:00 a"
        ]
    );
}

#[test]
fn template_comments_are_removed() {
    let text = "# A\n\n<!-- say what -->\n\n## Impact\n\nAll.\n\n---\n\n## Resolution\n\nx\n";
    assert_eq!(told(text), ["# A", "Impact (impact): All.", "Resolution (resolution): x"]);
}

#[test]
fn timed_line_below_a_heading_is_not_a_label() {
    let text = "# A\n\n## Impact\n\n- **Service affected**: api, web\n- **Error rate**: 15 %\n\n## Timeline\n\n- **14:05 UTC**: First alert\n- **14:10 UTC**: Begun\n\n## Prevention\n\n- **Action item**: A limit\n";
    assert_eq!(
        told(text),
        [
            "# A",
            "Service affected = api, web",
            "Impact (impact): **Error rate**: 15 %",
            "Timeline (timeline): - **14:05 UTC**: First alert/- **14:10 UTC**: Begun",
            "Prevention (follow_ups): - **Action item**: A limit"
        ]
    );
}
