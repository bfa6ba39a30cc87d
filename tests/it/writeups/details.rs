//! Small things that people write into documents, each of which was once read wrongly.

use posthoc::sources::record::{DocumentKind, DocumentRecord, Record, SectionName};
use posthoc::sources::writeups::Document;
use posthoc::sources::{Input, ReadOptions, Source};

use crate::support::world::World;

fn read(name: &str, text: &str) -> (DocumentRecord, Vec<String>) {
    let read =
        Document.read(&Input::new(name, text), &ReadOptions::default()).expect("it can be read");
    let [Record::Document(record)] = &read.value[..] else { panic!("one document") };
    ((**record).clone(), read.warnings.iter().map(|warning| warning.message.clone()).collect())
}

fn record(text: &str) -> DocumentRecord {
    read("incident.md", text).0
}

fn times(record: &DocumentRecord) -> Vec<String> {
    record.rows.iter().map(|row| row.at.map_or("?".to_owned(), |at| at.to_string())).collect()
}

#[test]
fn general_day_applies_to_every_entry_without_one() {
    let output = record(
        "# Outage\n\n## Timeline\n\nUnless otherwise noted all events happened on 2026-03-17, and all times are in UTC.\n\n- 2026-03-16 00:55: Builds fail\n- 01:38: The site is down\n- 23:58: Restarted\n- 00:03: Watched\n",
    );
    assert_eq!(
        times(&output),
        ["2026-03-16T00:55Z", "2026-03-17T01:38Z", "2026-03-17T23:58Z", "2026-03-18T00:03Z"]
    );
}

#[test]
fn date_line_can_state_the_zone_of_all_times() {
    for day in [
        "Date: 2026-03-17. All times UTC.",
        "**Date:** 2026-03-17. All times are in UTC.",
        "Date: 17 March 2026 (all times UTC)",
    ] {
        let output = record(&format!(
            "# Outage\n\n{day}\n\n## Timeline\n\n- 01:38 The site is down.\n- 02:00 It is up.\n"
        ));
        assert_eq!(times(&output), ["2026-03-17T01:38Z", "2026-03-17T02:00Z"], "{day}");
    }
    for zone in ["Timezone: Europe/Berlin", "Time zone: CET", "**Timezone:** CET"] {
        let output = record(&format!(
            "# Outage\n\nDate: 2026-03-17\n\n{zone}\n\n## Timeline\n\n- 01:38 The site is down.\n"
        ));
        assert_eq!(times(&output), ["2026-03-17T00:38Z"], "{zone}");
    }
    for other in
        ["Date: 2026-03-17. Times are not UTC but CET.", "Date: 2026-03-17. We wrote it later."]
    {
        let output =
            record(&format!("# Outage\n\n{other}\n\n## Timeline\n\n- 01:38 The site is down.\n"));
        assert_eq!(times(&output), ["?"], "{other}");
    }
    for of_the_document in
        ["Meeting date: 2026-03-20. All times UTC.", "Last updated: 2026-03-20. All times UTC."]
    {
        let output = record(&format!(
            "# Outage\n\n{of_the_document}\n\n## Timeline\n\n- 23:38 The site is down.\n- 00:10 It is up.\n"
        ));
        assert_eq!(times(&output), ["?", "?"], "{of_the_document}");
    }
    let output = record(
        "# Outage\n\nDate: 2026-03-17. All times UTC.\n\n## Timeline\n\n- 01:38 The site is down.\n",
    );
    assert!(
        output.further.iter().any(|(_, text)| text == "All times UTC."),
        "{:?}",
        output.further
    );
}

#[test]
fn html_line_breaks_separate_rows_and_fields() {
    let output = record(
        "# Outage\n\nSeverity: SEV2<br> Owners: ann<br>\n\nMore of it.\n\n## Timeline (all times in PST/PDT)\n\n### 2026-03-17\n\n15:27 - A change is\nmade.<br> 21:14 - The change takes effect. **\\<START OF\nOUTAGE>**<br> 21:20 - A page.\n",
    );
    assert_eq!(
        (output.severity.as_deref(), output.roles.owner.as_deref()),
        (Some("SEV2"), Some("ann"))
    );
    assert_eq!(times(&output), ["2026-03-17T22:27Z", "2026-03-18T04:14Z", "2026-03-18T04:20Z"]);
    assert_eq!(output.rows[0].text, "A change is\nmade.");
}

#[test]
fn text_below_a_timed_heading_can_be_a_milestone() {
    let output = record(
        "# Outage\n\n## Timeline (times in UTC)\n\n### 2026-03-17 17:00\nIncident declared\n> Hey all.\n\n### 18:11\n\nIncident resolved.\n",
    );
    let suggested: Vec<_> = output
        .rows
        .iter()
        .flat_map(|row| row.states.iter().map(|(name, _)| name.to_string()))
        .collect();
    assert_eq!(suggested, ["declared_at", "resolved_at"]);
}

#[test]
fn file_name_can_give_the_year() {
    let text = "# Outage\n\n## Timeline\n\n| Time (UTC) | Event |\n|---|---|\n| Jan 2, 10:18 AM | a |\n| Jan 9, 5:33 PM | b |\n";
    assert_eq!(
        times(&read("2026-01-04-outage.md", text).0),
        ["2026-01-02T10:18Z", "2026-01-09T17:33Z"]
    );
    assert_eq!(times(&record(text)), ["?", "?"]);
}

#[test]
fn table_header_gives_the_zone_in_any_section() {
    let table = "| Time (UTC) | Event |\n|---|---|\n| 01:15 | Queries time out |\n| 01:20 | Alert fires |\n| 01:58 | Fixed |\n";
    for above in ["## Detection\n\nby an alert", "**Impact:** searches failed", "## What happened"]
    {
        let text = format!("# Outage\n\n**Date:** 2026-03-17\n\n{above}\n\n{table}");
        assert_eq!(
            times(&record(&text)),
            ["2026-03-17T01:15Z", "2026-03-17T01:20Z", "2026-03-17T01:58Z"],
            "{above}"
        );
    }
}

#[test]
fn unambiguous_day_decides_the_date_order() {
    let output = record(
        "# Outage\n\n## Timeline (UTC)\n\n- 04-03-2026 10:00 - a\n- 16-03-2026 11:00-11:30 - b\n",
    );
    assert_eq!(times(&output), ["2026-03-04T10:00Z", "2026-03-16T11:00Z"]);
    assert_eq!(output.rows[1].end.unwrap().to_string(), "2026-03-16T11:30Z");
}

#[test]
fn unicode_hyphens_are_read_and_warnings_keep_their_line() {
    let input = Input::new(
        "incident.md",
        "# Outage on 2026‑03‑17\n\n## Timeline (UTC)\n\n- 10:00 a\n- 2026‑03‑17 10:?? b\n",
    );
    let read = Document.read(&input, &ReadOptions::default()).unwrap();
    let Record::Document(record) = &read.value[0] else { panic!("a document") };
    assert_eq!(times(record), ["2026-03-17T10:00Z", "2026-03-17"]);
    assert!(read.warnings[0].place.is_some(), "{:?}", read.warnings);
}

#[test]
fn duration_field_can_give_the_day_and_zone() {
    let output = record(
        "# Outage\n\n**Duration:** August 10, 2026, 8:00 AM - August 10, 2026, 11:30 AM (UTC)\n\n## Timeline\n\n- 08:00 AM: a\n- 11:30 AM: b\n",
    );
    assert_eq!(times(&output), ["2026-08-10T08:00Z", "2026-08-10T11:30Z"]);
}

#[test]
fn partly_filled_template_is_still_a_write_up() {
    let text = "# Outage\n\n## Summary\n\nOn 2026-03-17 it broke.\n\n## Timeline\n\n- `HH:MM` what happened\n";
    assert_eq!(record(text).kind, DocumentKind::Incident);
    assert_eq!(record(&text.replace("2026-03-17", "YYYY-MM-DD")).kind, DocumentKind::Template);
}

#[test]
fn heading_with_text_after_a_colon_is_not_lost() {
    let output = record(
        "# Outage\n\n## Summary\n\nIt broke.\n\n## Meeting scheduled for: waived by ann\n\n## Impact\n\nAll.\n",
    );
    assert_eq!(output.further, [("Meeting scheduled for".to_owned(), "waived by ann".to_owned())]);
}

#[test]
fn reference_links_keep_their_addresses_in_every_section() {
    let output = record(
        "# Outage\n\n## Timeline (UTC)\n\n- 2026-03-17 10:00 [ann] looked\n- 2026-03-17 10:05 more\n\n## Action items\n\n- See [the issue][1]\n\n[ann]: https://example.com/ann\n[1]: https://example.com/issues/1\n",
    );
    assert_eq!(output.rows[0].text, "[ann](https://example.com/ann) looked");
    assert_eq!(output.follow_ups[0].ticket.as_deref(), Some("https://example.com/issues/1"));
}

#[test]
fn times_beyond_the_supported_range_are_malformed() {
    let (output, warnings) = read(
        "incident.md",
        "# Outage\n\n## Timeline (UTC)\n\n- 9999-12-31 23:59 - 00:30 a\n- 00:10 b\n- 2026-03-17 10:00 c\n",
    );
    assert_eq!(times(&output), ["9999-12-31T23:59Z", "?", "2026-03-17T10:00Z"]);
    assert_eq!((output.rows[0].end, warnings.len()), (None, 2), "{warnings:?}");
}

#[test]
fn meaningless_trailing_spaces_are_removed() {
    let output =
        record("# Outage\n\n## Summary\n\nIt broke. \nBadly.  \nReally.  \n\n```\ncode  \n```\n");
    let text = &output.sections.iter().find(|(name, _)| *name == SectionName::Summary).unwrap().1;
    assert_eq!(text, "It broke.\nBadly.  \nReally.\n\n```\ncode\n```");
}

#[test]
fn section_with_timed_lines_is_a_timeline() {
    for heading in ["What happened", "What happened when", "Root cause", "Chronicle"] {
        let world = World::new();
        let rows = "- 09:00 Errors start for all users.\n- 09:12 The first alert fires.\n- 09:50 Fully resolved.\n";
        world.write(
            "a.md",
            format!("# Cache outage\n\nDate: 2026-06-02. All times UTC.\n\n## {heading}\n{rows}"),
        );
        world.run(&["import", "a.md"]);
        let file = world.read("incidents/2026-06-02-cache-outage.yaml");
        assert!(
            file.contains("2026-06-02T09:12Z") && file.contains("impact_start"),
            "{heading}: {file}"
        );
    }
}

#[test]
fn timeline_in_a_block_of_code_is_read() {
    let lines = "14:30 UTC - Alert triggered\n14:38 UTC - Error rate drops to 0%\n";
    let fenced = format!("```\n{lines}```\n");
    let tildes = format!("~~~text\n{lines}~~~\n");
    let indented = lines.lines().map(|line| format!("    {line}\n")).collect::<String>();
    for code in [&fenced, &tildes, &indented] {
        let output = record(&format!("# Outage\n\nDate: 2026-03-17\n\n## Timeline\n\n{code}"));
        assert_eq!(times(&output), ["2026-03-17T14:30Z", "2026-03-17T14:38Z"], "{code}");
        assert_eq!(output.rows[0].text, "Alert triggered");
    }
    // Below another heading it may be a log.
    let output = record(&format!("# Outage\n\nDate: 2026-03-17\n\n## Root cause\n\n{fenced}"));
    assert_eq!(output.rows, []);
}

#[test]
fn times_in_japanese_are_read() {
    let output = record(
        "# 障害報告\n\n## タイムライン\n\n| 時刻 (JST) | イベント |\n| --- | --- |\n| 2026-03-17 10:00 頃 | **検知** |\n| 2026-03-17 10:05〜10:20 | 調査 |\n",
    );
    assert_eq!(times(&output), ["~2026-03-17T01:00Z", "2026-03-17T01:05Z"]);
}

#[test]
fn table_of_action_items_needs_no_heading() {
    let output = record(
        "# Outage\n\nDate: 2026-03-17\n\n| Action item | Owner | Status |\n| --- | --- | --- |\n| Pin the version | Ops | Done |\n\n## Timeline\n\n- 10:00 UTC The site went down.\n",
    );
    assert_eq!(output.follow_ups[0].text, "Pin the version");
}

#[test]
fn period_in_a_label_is_the_span_of_the_impact() {
    let output = record(
        "# Outage\n\n## Outage\n\n**Period:** March 17th 2026 18:50 UTC to 19:20 (30 minutes)\n\n**Impact:** No data.\n",
    );
    let stated: Vec<String> =
        output.in_prose.iter().map(|found| format!("{} {}", found.name, found.at)).collect();
    assert_eq!(stated, ["impact_start 2026-03-17T18:50Z", "impact_end 2026-03-17T19:20Z"]);
}

#[test]
fn short_halves_of_the_day_are_read() {
    let output = record(
        "# Outage\n\nDate: 2026-03-17. All times UTC.\n\n## Timeline\n\n- 11:21a The site went down.\n- 1:05P It was back.\n- 1:10p-1:30p Watched.\n",
    );
    let expected = ["2026-03-17T11:21Z", "2026-03-17T13:05Z", "2026-03-17T13:10Z"];
    assert_eq!(times(&output), expected);
}
