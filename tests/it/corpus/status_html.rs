//! The reader of saved web pages of status pages on real captures, counted by plain search in their
//! text.

use std::collections::BTreeMap;

use posthoc::sources::record::IncidentRecord;
use posthoc::sources::{ReadOptions, by_id};

use crate::corpus::sources::{captures, incidents, load, read};

/// Small pages of every kind, as seeds for nonsense.
pub const SEEDS: &[&str] = &[
    r#"<html><head><meta name="issued"><link href="/history.atom"></head><div class="unresolved-incident impact-none"><a href="/incidents/a1">T</a><div class="update"><strong>Monitoring</strong> - x<br><small><span class='ago' data-datetime-unix='1663102886000'></span>Sep <var>13</var>, <var>2022</var> - <var>23:01</var> CEST</small></div></div>
<div class="scheduled-maintenance"><a href="/incidents/b2">T</a><small data-unix-time="1611446400">Jan 24, 00:00-03:00 UTC</small><div class="update">x<small>Posted on Jan 22, 10:00 UTC</small></div></div>
<div class="status-day "><div class="date">Jan <var>1</var>, <var>2021</var></div><div class="incident-container"><div class="incident-title impact-minor"><a href="/incidents/c3">T</a></div><div class="update"><strong>In progress</strong> - x<br><small>Dec <var> 31</var>, <var>23:01</var> KST</small></div></div></div></html>"#,
    r#"<div class="incident-updates-container"><link rel="canonical" href="https://status.example.com/incidents/d4"><h1 class="incident-name impact-major">T</h1><div class="update-row"><b class="update-title">Resolved</b><p class="update-body">x</p><i class="update-timestamp">Posted 3 days ago. Jul 03, 2025 - 20:15 PDT</i></div><p class="components-affected">This incident affected: A (B, C) and D.</p></div>"#,
    r#"<div data-react-class="HistoryIndex" data-react-props="{&quot;months&quot;:[{&quot;name&quot;:&quot;August&quot;,&quot;year&quot;:2026,&quot;incidents&quot;:[{&quot;code&quot;:&quot;e5&quot;,&quot;name&quot;:&quot;T&quot;,&quot;message&quot;:&quot;x&quot;,&quot;impact&quot;:&quot;minor&quot;,&quot;timestamp&quot;:&quot;Aug \u003cvar\u003e31\u003c/var\u003e, 23:37 - Sep 1, 19:44 UTC&quot;}]}]}"></div>"#,
    r#"{"months": [{"name": "August", "year": 2026, "incidents": [{"code": "e5", "name": "T", "message": "x", "impact": "minor", "timestamp": "Aug 27, 10:04 - 12:12 UTC"}]}]}"#,
];

/// What a page of January 2021 holds, by code: the stamps of its updates as seconds since 1970.
fn front(text: &str) -> BTreeMap<String, Vec<i64>> {
    let link = |part: &str| {
        part.split_once("/incidents/").unwrap().1.split('"').next().unwrap().to_owned()
    };
    let blocks = ["<div class=\"incident-container\">", "<div class=\"scheduled-maintenance\">"];
    let parts = blocks.iter().flat_map(|block| text.split(block).skip(1));
    parts
        .map(|part| {
            let part = blocks.iter().fold(part, |part, block| part.split(block).next().unwrap());
            // What follows the last one has neither updates nor stamps.
            (
                link(part),
                part.split("<small>")
                    .skip(1)
                    .map(|rest| stamp(rest.split("</small>").next().unwrap()))
                    .collect(),
            )
        })
        .map(|(code, mut stamps): (String, Vec<i64>)| {
            stamps.sort_unstable();
            (code, stamps)
        })
        .collect()
}

/// `Jan <var>11</var>, <var>21:05</var> KST` in that winter.
fn stamp(html: &str) -> i64 {
    let text: String =
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    let text = text.replace("Posted on", "").replace(',', " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let [month, day, clock, zone] = words[..] else { panic!("{text}") };
    let year = if month == "Dec" { 2020 } else { 2021 };
    let offset = ["UTC+0000", "KST+0900", "EST-0500"]
        .iter()
        .find_map(|known| known.strip_prefix(zone))
        .unwrap();
    let text = format!("{year} {month} {day} {clock} {offset}");
    chrono::DateTime::parse_from_str(&text, "%Y %b %d %H:%M %z").unwrap().timestamp()
}

fn by_code(records: &[&IncidentRecord]) -> BTreeMap<String, Vec<i64>> {
    let stamps = |record: &IncidentRecord| {
        record.updates.iter().map(|u| u.at.earliest().timestamp()).collect()
    };
    records.iter().map(|record| (record.id.clone(), stamps(record))).collect()
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn front_page_captures_are_read_completely() {
    println!(
        "{:52} {:>9} {:>7} {:>12} {:>8}",
        "file", "incidents", "updates", "maintenances", "warnings"
    );
    let (mut planned, mut maintenances) = (0, 0);
    let paths = captures("status/statuspage-html", &["-2021.html"]);
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy();
        let (mut records, mut warnings) = read(path, "statuspage-html");
        if name.starts_with("agencyanalytics") {
            // It writes EST, as Australians do too: the commonest meaning is taken and the other
            // one named.
            assert_eq!((records.len(), warnings.len()), (2, 1), "{warnings:?}");
            assert!(
                warnings[0].contains("it can also mean Australian Eastern Standard Time"),
                "{warnings:?}"
            );
            let assumed = by_code(&incidents(&records));
            assert_eq!(assumed, front(&std::fs::read_to_string(path).unwrap()), "{name}");
            let options =
                ReadOptions { zone: "America/New_York".parse().ok(), ..ReadOptions::default() };
            let read = by_id("statuspage-html").unwrap().read(&load(path), &options).unwrap();
            warnings = read.warnings.iter().map(ToString::to_string).collect();
            records = read.value;
        }
        let records = incidents(&records);
        let updates: usize = records.iter().map(|record| record.updates.len()).sum();
        let of_plan = records.iter().filter(|record| record.maintenance).count();
        println!(
            "{name:52} {:>9} {updates:>7} {of_plan:>12} {:>8}",
            records.len() - of_plan,
            warnings.len()
        );
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(by_code(&records), front(&text), "{name}");
        assert_eq!(warnings, [""; 0], "{name}");
        for record in records {
            assert!(
                record
                    .updates
                    .iter()
                    .all(|update| !update.text.is_empty() && !update.text.contains('<')),
                "{name}"
            );
            assert_eq!(record.announced, Some(record.updates[0].at), "{name} {}", record.id);
            let Some((from, until)) = record.scheduled else { continue };
            assert!(
                until.is_some_and(|until| from < until)
                    && text
                        .contains(&format!("data-unix-time=\"{}\"", from.earliest().timestamp()))
            );
            planned += 1;
        }
        maintenances += of_plan;
    }
    if !paths.is_empty() {
        assert_eq!((planned, maintenances), (2, 8));
    }
}

/// One incident of a capture, whose two updates share a minute.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn incident_of_a_front_page_snapshot() {
    for path in captures("status/statuspage-html", &["96c0gb8r4rhd.statuspage.io-2021.html"]) {
        let (records, _) = read(&path, "statuspage-html");
        let lines: Vec<String> = incidents(&records)[0]
            .updates
            .iter()
            .map(|update| format!("{} {} {}", update.at, update.state.unwrap(), update.id))
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        2021-01-11T05:14Z investigating 20210111T051400Z-investigating
        2021-01-11T05:28Z update 20210111T052800Z-update
        2021-01-11T11:58Z identified 20210111T115800Z-identified
        2021-01-11T12:05Z monitoring 20210111T120500Z-monitoring
        2021-01-11T12:05Z resolved 20210111T120500Z-resolved
        ");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn history_index_capture_has_start_and_end_of_each_incident() {
    for path in
        captures("status/statuspage-html", &["HistoryIndex-2026-08-28.EXCERPT-5of-August.html"])
    {
        let (records, warnings) = read(&path, "statuspage-html");
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(records.len(), text.matches("&quot;code&quot;").count());
        let lines: Vec<String> = incidents(&records)
            .iter()
            .map(|record| {
                format!(
                    "{} {} {} {}",
                    record.id,
                    record.impact_word.as_deref().unwrap(),
                    record.announced.unwrap(),
                    record.updates[0].at
                )
            })
            .collect();
        // As the page shows them: Aug 26, 23:37 - Aug 27, 19:44 UTC, and so on.
        insta::assert_snapshot!(lines.join("\n"), @r"
        5bn0vk444m1w minor 2026-08-26T23:37Z 2026-08-27T19:44Z
        tx9qn4khd664 critical 2026-08-27T10:04Z 2026-08-27T12:12Z
        kfspvrz14xr0 minor 2026-08-26T22:56Z 2026-08-27T00:26Z
        hcbtzksccj2f minor 2026-08-26T15:09Z 2026-08-26T16:07Z
        lyppgxbq1nyk minor 2026-08-24T13:56Z 2026-08-24T14:34Z
        ");
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
}
