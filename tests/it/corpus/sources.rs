//! The readers on real captures, counted independently, and on nonsense.
//!
//! The captures are not part of the repository: `POSTHOC_CORPUS` names their folder, or they are in
//! `../shared`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use posthoc::sources::record::{IncidentRecord, Record};
use posthoc::sources::{Input, REGISTRY, ReadOptions, Verdict, by_id, detect};
use proptest::prelude::*;
use rayon::prelude::*;
use serde_json::Value;

use crate::support::world::shared;

/// The captures in a folder whose names end so, sorted.
pub fn captures(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(shared("corpus").join(folder)).expect("a folder");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} holds nothing that ends in {endings:?}");
    paths
}

pub fn load(path: &Path) -> Input {
    Input::new(path.file_name().unwrap().to_string_lossy(), std::fs::read(path).unwrap())
}

/// Reads a capture with the reader that is chosen for it, which must be `format` and no other.
pub fn read(path: &Path, format: &str) -> (Vec<Record>, Vec<String>) {
    let input = load(path);
    let source =
        detect::choose(&input, None).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(source.id(), format, "{}", path.display());
    // A reader of anything alike may say "maybe" as well.
    let count = |verdict| REGISTRY.iter().filter(|source| source.sniff(&input) == verdict).count();
    let claims = if count(Verdict::Yes) > 0 { count(Verdict::Yes) } else { count(Verdict::Maybe) };
    assert_eq!(claims, 1, "{} is claimed by {claims} readers", path.display());
    let read = source
        .read(&input, &ReadOptions::default())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (read.value, read.warnings.iter().map(ToString::to_string).collect())
}

pub(crate) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The JSON of a capture, found by its first and last bracket.
pub(crate) fn json_of(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    let start = text.find("\n{\n").map_or_else(|| text.find(['[', '{']).unwrap(), |at| at + 1);
    serde_json::Deserializer::from_str(&text[start..]).into_iter().next().unwrap().unwrap()
}

pub fn incidents(records: &[Record]) -> Vec<&IncidentRecord> {
    records
        .iter()
        .map(|record| match record {
            Record::Incident(incident) => incident,
            Record::Event(_) | Record::Series(_) | Record::Document(_) => {
                panic!("not an incident: {record:?}")
            }
        })
        .collect()
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn status_page_captures_are_read_completely() {
    println!(
        "{:52} {:>9} {:>7} {:>12} {:>8}",
        "file", "incidents", "updates", "maintenances", "warnings"
    );
    let paths = captures("status/statuspage", &[".json", ".js"])
        .into_iter()
        .chain(captures("alerts/statuspage", &[".json"]));
    for path in paths {
        let (records, warnings) = read(&path, "statuspage-v2");
        let records = incidents(&records);
        let json = json_of(&path);
        let documents = json.as_array().cloned().unwrap_or_else(|| vec![json]);
        let (mut expected, mut expected_maintenances) = (Vec::new(), 0);
        for document in &documents {
            expected.extend(list(document, "incidents").iter().cloned());
            expected.extend(document.get("incident").cloned());
            expected.extend(list(document, "scheduled_maintenances").iter().cloned());
            expected_maintenances += list(document, "scheduled_maintenances").len();
        }
        let maintenances = records.iter().filter(|incident| incident.maintenance).count();
        let updates: usize = records.iter().map(|incident| incident.updates.len()).sum();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        println!(
            "{name:52} {:>9} {updates:>7} {maintenances:>12} {:>8}",
            records.len() - maintenances,
            warnings.len()
        );
        for warning in &warnings {
            println!("    {warning}");
        }
        assert_eq!(records.len(), expected.len(), "{name}");
        assert_eq!(maintenances, expected_maintenances, "{name}");
        assert_eq!(
            updates,
            expected.iter().map(|incident| list(incident, "incident_updates").len()).sum::<usize>(),
            "{name}"
        );
        for (record, raw) in records.iter().zip(&expected) {
            assert_same_incident(record, raw, &name);
        }
    }
}

fn assert_same_incident(record: &IncidentRecord, raw: &Value, file: &str) {
    assert_eq!(Some(record.id.as_str()), raw["id"].as_str(), "{file}");
    assert_eq!(record.impact_word.as_deref(), raw["impact"].as_str(), "{file} {}", record.id);
    assert!(record.updates.windows(2).all(
        |pair| pair[0].at.earliest().timestamp() / 60 <= pair[1].at.earliest().timestamp() / 60
    ));
    // The start is the least of all the stamps, read here by another parser.
    let stamps = [&raw["started_at"], &raw["created_at"]]
        .into_iter()
        .chain(list(raw, "incident_updates").iter().map(|u| &u["display_at"]));
    let least = stamps
        .filter_map(Value::as_str)
        .map(|text| chrono::DateTime::parse_from_rfc3339(text).unwrap())
        .min()
        .unwrap();
    assert_eq!(record.announced.unwrap().earliest(), least, "{file} {}", record.id);
    let of = |update: &Value| update["id"].as_str().unwrap().to_owned();
    let expected: BTreeSet<String> = list(raw, "incident_updates").iter().map(of).collect();
    assert_eq!(
        record.updates.iter().map(|update| update.id.clone()).collect::<BTreeSet<_>>(),
        expected,
        "{file}"
    );
    // Every affected component is there, whatever its group.
    let named = list(raw, "components").iter().filter_map(|component| component["name"].as_str());
    for name in named {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            record.components.iter().any(|(_, child)| *child == name),
            "{file} {}: {name} of {:?}",
            record.id,
            record.components
        );
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn component_groups_match_the_summary() {
    for path in captures("status/statuspage", &["cloudflare-summary-2023-11-02T1713Z.json"]) {
        let (records, _) = read(&path, "statuspage-v2");
        let json = json_of(&path);
        let components = list(&json, "components");
        let name_of = |id: &Value| {
            components
                .iter()
                .find(|component| component["id"] == *id)
                .and_then(|c| c["name"].as_str())
        };
        let mut grouped = 0;
        for (record, raw) in incidents(&records)
            .iter()
            .zip(list(&json, "incidents").iter().chain(list(&json, "scheduled_maintenances")))
        {
            for (component, (group, name)) in list(raw, "components").iter().zip(&record.components)
            {
                assert_eq!(component["name"].as_str().map(str::trim), Some(name.as_str()));
                assert_eq!(name_of(&component["group_id"]).unwrap_or_default().trim(), group);
                grouped += usize::from(!group.is_empty());
            }
        }
        assert!(grouped > 10, "{grouped}");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn alert_captures_are_read_completely() {
    println!("{:36} {:>6} {:>8} {:>8}", "file", "events", "in file", "warnings");
    for path in captures("alerts/alertmanager", &[".json"]) {
        let (records, warnings) = read(&path, "alertmanager");
        let json = json_of(&path);
        let raw = json.as_array().map_or_else(|| list(&json, "alerts"), Vec::as_slice);
        let is_end = |record: &&Record| matches!(record, Record::Event(event) if event.id.ends_with("-cleared"));
        let is_proven = |record: &Record| matches!(record, Record::Event(event) if is_end(&record) && event.at.is_some());
        let ends = records.iter().filter(|record| is_proven(record)).count();
        let starts = records.iter().filter(|record| !is_end(record)).count();
        // One event for each fingerprint, or set of labels, and start; silences have neither.
        let distinct: BTreeSet<String> = raw
            .iter()
            .filter(|alert| alert["labels"]["alertname"] != "Watchdog")
            .map(|alert| {
                let identity =
                    alert.get("fingerprint").or(alert.get("labels")).unwrap_or(&alert["id"]);
                format!("{identity}{}", alert["startsAt"])
            })
            .collect();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        println!("{name:36} {:>6} {:>8} {:>8}", records.len(), raw.len(), warnings.len());
        for warning in &warnings {
            println!("    {warning}");
        }
        assert_eq!(starts, distinct.len(), "{name}");
        assert_eq!(ends, 0, "{name}: none of these captures proves an end");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn metric_captures_are_read_completely() {
    println!("{:36} {:>6} {:>7} {:>5} {:>8}", "file", "series", "samples", "gaps", "warnings");
    for path in captures("metrics/prometheus", &[".txt"]) {
        let (records, warnings) = read(&path, "prometheus-range");
        let json = json_of(&path);
        let raw = list(&json["data"], "result");
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (mut samples, mut gaps, mut names) = (0, 0, BTreeSet::new());
        for (record, raw) in records.iter().zip(raw) {
            let Record::Series(series) = record else { panic!("{record:?}") };
            assert!(names.insert(&series.name), "{name}: {} twice", series.name);
            let values: Vec<f64> = series.values().collect();
            let expected: Vec<f64> = list(raw, "values")
                .iter()
                .map(|pair| pair[1].as_str().unwrap().parse().unwrap())
                .collect();
            assert_eq!(
                values,
                expected.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>(),
                "{name}"
            );
            let first = series.points[0].0;
            assert_eq!(
                first.timestamp(),
                list(raw, "values")[0][0].as_f64().unwrap() as i64,
                "{name}"
            );
            samples += expected.len();
            gaps += series.points.len() - expected.len();
        }
        println!("{name:36} {:>6} {samples:>7} {gaps:>5} {:>8}", records.len(), warnings.len());
        for warning in &warnings {
            println!("    {warning}");
        }
        assert_eq!(records.len(), raw.len(), "{name}");
    }
}

/// Small inputs of every format in JSON, as seeds for nonsense.
const SEEDS: &[&str] = &[
    r#"{"page": {"id": "p", "name": "P", "time_zone": "Etc/UTC", "updated_at": "2026-01-01T00:00:00Z"}, "components": [{"id": "c", "name": "API", "group_id": "g"}],
       "incidents": [{"id": "a", "name": "n", "status": "resolved", "impact": "minor", "created_at": "2026-01-01T10:00:00.000Z", "resolved_at": null,
       "incident_updates": [{"id": "u", "status": "resolved", "body": "<b>x</b> [y](javascript:z)", "display_at": "2026-01-01T10:00:00-06:00",
       "affected_components": [{"code": "c", "name": "G - API", "old_status": "operational", "new_status": "major_outage"}]}]}]}"#,
    r#"{"page": {"id": "01KDWFZY800000000000000000", "name": "P"}, "incidents": [{"id": "01KDWFZY800000000000000001", "name": "n", "impact": "minor",
       "status": "resolved", "created_at": "2026-01-01T10:00:00Z", "incident_updates": [{"id": "01KDWFZY800000000000000002", "body": "x", "status": "monitoring",
       "display_at": "2026-01-01T08:00:00Z", "created_at": "2026-01-01T10:00:00Z", "updated_at": "2026-01-01T10:00:00Z"}]}]}"#,
    r#"[{"id": "a", "number": 7, "begin": "2026-01-01T10:00:00+00:00", "created": "2026-01-01T11:00:00+00:00", "end": "2026-01-01T12:00:00Z",
       "external_desc": "**Title:** x", "severity": "high", "affected_products": [{"title": "P", "id": "p"}], "uri": "incidents/a", "updates": [{"created": "2026-01-01T11:00:00+00:00",
       "modified": "2026-01-01T11:00:01+00:00", "when": "2026-01-01T11:00:00+00:00", "text": "**x**", "status": "AVAILABLE"}]}]"#,
    r#"{"archive": [{"service_name": "S", "summary": "[RESOLVED] x", "date": "1769926001", "status": 1, "service": "s",
       "description": "<div><span class=\"yellowfg\">10:06 PM PST</span>&nbsp;x</div><div><span class=\"yellowfg\">Feb 2,  9:00 AM PST</span>&nbsp;y</div>"}], "current": []}"#,
    r#"[{"date": "1772369485", "arn": "arn:aws:health:x", "region_name": "R", "status": "3", "service_name": "S", "summary": "x",
       "event_log": [{"message": "m", "status": 1, "timestamp": 1772369485}, {"message": "m", "status": 0, "timestamp": 1772369490000}],
       "impacted_services": {"s": {"service_name": "S"}}}]"#,
    r#"{"status": "active", "date_created": "2026-03-08T03:30:00-07:00", "active_incidents": [{"id": 7, "date_created": "2026-03-08T01:30:00-08:00",
       "title": "x", "type": "incident", "status": "active", "url": "https://status.example.com/1", "services": ["S"],
       "notes": [{"date_created": "2026-03-08T03:30:00-07:00", "body": "x"}]}]}"#,
    r#"[{"created_at": "2014-04-01T17:16:00Z", "id": 604, "resolved": true, "status_dev": "green", "status_prod": "green", "title": "x", "upcoming": false,
       "full_url": "https://status.example.com/incidents/604", "updates": [{"contents": "x", "created_at": "2013-11-03T01:30:00Z", "id": 1, "status_dev": "red",
       "update_type": "resolved"}]}]"#,
    r#"{"page": {"name": "P", "status": "HASISSUES"}, "activeIncidents": [{"id": "c", "name": "x", "started": "2026-01-01T10:00:00.000Z", "status": "MONITORING",
       "impact": "MINOROUTAGE"}], "activeMaintenances": [{"id": "d", "name": "y", "start": "2026-01-01T10:00:00.000Z", "status": "NOTSTARTEDYET", "duration": "60"}]}"#,
    r#"{"data": {"id": "1", "type": "status_page", "attributes": {"company_name": "C", "timezone": "UTC"}}, "included": [
       {"id": "r", "type": "status_page_resource", "attributes": {"status_page_section_id": 3, "public_name": "API"}},
       {"id": "u", "type": "status_update", "attributes": {"message": "m", "published_at": "2026-01-01T10:00:00.000Z", "affected_resources": [
        {"status_page_resource_id": "r", "status": "resolved"}]}}, {"id": "9", "type": "status_report", "attributes": {"title": "x", "report_type": "manual",
        "starts_at": "2026-01-01T10:00:00.000Z", "ends_at": null}, "relationships": {"status_updates": {"data": [{"id": "u", "type": "status_update"}]}}}]}"#,
    r#"{"incidents": [{"id": "b", "name": "x", "severity": "MEDIUM", "created_at": "2026-01-01T10:00:00.607Z", "lastUpdateStatus": "INVESTIGATING",
       "services": [{"name": "API"}], "incidentUpdates": [{"id": "1", "status": "INVESTIGATING", "description": "x", "publicIncidentUpdateDate": "2026-01-01T09:50:00.000Z"}]}]}"#,
    r#"{"items": [{"title": "x", "report": "<p>y</p>", "reportPublishedTime": "2026-01-05T10:00:00.000Z", "id": 9, "status": "resolved", "startDate": "2026-01-01T10:00:00.000Z",
       "endDate": "2026-01-01T12:00:00.000Z", "createdAt": "2026-01-01T10:40:00.000Z", "levelId": 2, "level": {"label": "Unavailable"}, "services": [{"name": "C"}],
       "comments": [{"id": 1, "type": "resolved", "content": "<p>z</p>", "createdAt": "2026-01-01T12:05:00.000Z"}]}]}"#,
    r#"{"meta": {"pagination": {"total": 41, "current_page": 1, "total_pages": 3, "links": {"next_page": null}}}, "data": [{"id": 7, "name": "x", "status": 4, "message": "y",
       "occurred_at": "2026-07-01T11:50:00Z", "created_at": "2026-07-01T12:00:00Z", "human_status": "Fixed", "updates": [{"id": 2, "status": 4, "message": "z", "created_at": "2026-07-01T13:00:00Z"}]}]}"#,
    r#"{"data": [{"id": "7", "type": "incidents", "attributes": {"guid": "g", "name": "x", "message": "y", "status": {"value": 4}, "occurred": {"string": "2026-07-01T11:50:00Z"},
       "created": {"string": "2026-07-01T12:00:00Z"}}, "relationships": {"updates": {"data": [{"type": "updates", "id": "1"}]}}}], "included": [{"id": "1", "type": "updates",
       "attributes": {"message": "z", "status": {"value": 4}, "created": {"string": "2026-07-01T13:00:00Z"}}}], "links": {"next": "https://example.com/?page=2"}}"#,
    r#"{"config": {"slug": "s", "title": "T", "showPoweredBy": true}, "incident": {"id": 42, "style": "danger", "title": "x", "content": "y", "createdDate": "2026-01-01 10:00:00",
       "lastUpdatedDate": "2026-01-01 10:30:00"}, "publicGroupList": [{"name": "G", "monitorList": [{"id": 7, "name": "API"}]}], "maintenanceList": [{"id": 3, "title": "z",
       "timezone": "Europe/Berlin", "status": "ended", "timeslotList": [{"startDate": "2026-01-02 11:00:00", "endDate": "2026-01-02 12:00:00"}]}]}"#,
    r#"{"heartbeatList": {"7": [0, {"status": 1, "time": "2026-01-01 10:00:00.123", "msg": "", "ping": 1}, {"status": 0, "time": "2026-01-01 10:01:00.123", "msg": "x"},
       {"status": 3, "time": "2026-01-01T10:02:00.123Z"}, {"status": 1, "time": "2026-01-01 10:03:00.123"}]}, "uptimeList": {"7_24": 1}}"#,
    r#"[{"number": 12, "title": "🛑 API is down", "state": "closed", "created_at": "2026-01-01T10:10:20Z", "closed_at": "2026-01-01T10:25:30Z", "labels": [{"name": "status"}, {"name": "maintenance"}],
       "body": "<!--\nstart: 2026-01-03T13:00:00+00:00\nend: 2026-01-03T14:00:00+00:00\nexpectedDown: api\n-->x", "comments": [{"id": 6, "body": "**Resolved:** x", "created_at": "2026-01-01T10:25:28Z"}]}]"#,
    r#"[{"id": 7, "createdAt": "2026-08-21T08:53:01.000Z", "updatedAt": "2026-08-25T09:00:00.000Z", "instanceKeys": ["E"], "serviceKeys": ["s"], "message": {"rootCause": "<p>x</p>"},
       "IncidentImpacts": [{"startTime": "2026-08-21T08:30:00.000Z", "endTime": null, "severity": "minor", "type": "aBc"}],
       "IncidentEvents": [{"id": 12, "message": "x", "type": "y", "createdAt": "2026-08-21T09:45:00.000Z"}]}]"#,
    r#"{"result": {"status_overall": {"status_code": 500}, "incidents": [{"_id": "5b1", "name": "x", "datetime_open": "2026-01-01T10:00:00.000Z",
       "messages": [{"details": "x", "state": 300, "status": 300, "datetime": "2026-01-01T11:00:00.000Z"}], "components_affected": [{"name": "A"}]}],
       "maintenance": {"active": [], "upcoming": [{"_id": "5b2", "name": "y", "datetime_planned_start": "2026-01-08T14:00:00.000Z", "datetime_planned_end": "2026-01-08T19:00:00.000Z"}]}}}"#,
    r#"{"posts": [{"id": "PP1", "post_type": "maintenance", "title": "x", "starts_at": "2026-01-08T11:00:00Z", "ends_at": "2026-01-08T12:00:00Z", "updates": [
       {"id": "PU1", "message": "<p>x</p>", "status": {"id": "PS1", "description": "scheduled"}, "reported_at": "2026-01-01T10:08:19Z"}]}],
       "post_updates": [{"id": "PU2", "post": {"id": "PP2"}, "message": "y", "impacted_services": [{"service": {"name": "API"}}], "reported_at": "2026-01-01T10:08:19Z"}]}"#,
    r#"{"page_title": "P Status", "ongoing_incidents": [{"id": "01KDWFZY800000000000000001", "name": "x", "status": "identified", "last_update_at": "2026-01-01T10:30:00Z",
       "last_update_message": "y", "current_worst_impact": "partial_outage", "affected_components": [{"name": "API", "group_name": "EU"}]}],
       "scheduled_maintenances": [{"id": "m", "name": "z", "starts_at": "2026-02-01T00:00:00Z", "ends_at": "2026-02-02T00:00:00Z"}]}"#,
    r#"{"page": {"name": "P", "time_zone": "Etc/UTC"}, "incidents": [{"name": "x", "status": "started", "impact": "minor", "started_at": "2026-03-19T10:30:00Z",
       "url": "https://status.example.com/incidents/abc123", "incident_updates": [{"body": "y", "status": "identified", "created_at": "2026-03-19T10:50:00Z"}]}]}"#,
    r#"{"name": "x", "impact": "minor", "updates": [{"date": "2026-01-01T10:00:00Z", "status": "resolved", "content": "y"}]}"#,
    r#"{"version": "4", "groupKey": "g", "status": "resolved", "alerts": [{"status": "resolved", "labels": {"alertname": "A", "severity": "info"},
       "annotations": {"summary": "s"}, "startsAt": "2026-01-01T10:00:00.123456789-05:00", "endsAt": "2026-01-01T16:00:00Z", "fingerprint": "f"}]}"#,
    r#"[{"id": "s", "createdBy": "x", "comment": "y", "startsAt": "2026-01-01T10:00:00Z", "matchers": [{"name": "a", "value": "b", "isRegex": false}]}]"#,
    "{\"tool\": 1}\n{\n\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [{\"metric\": {\"a\": \"b\"}, \"values\": [[1772359201, \"2\"], [1772359202.5, \"NaN\"], [1772359209, \"+Inf\"]]}]}}",
    r#"{"data": [{"id": "7", "type": "incident", "attributes": {"title": "Slow", "outage": true, "started_at": "2026-05-11T19:56:49.000Z"}, "relationships": {"incident_updates": {"data": [{"id": "1"}]}}}], "included": [{"id": "1", "type": "incident_update", "attributes": {"created_at": "2026-05-11T19:58:13.000Z", "description": "We look."}}]}"#,
];

pub fn seeds() -> Vec<&'static str> {
    let of_other_files = [
        crate::corpus::feeds::SEEDS,
        crate::corpus::status_files::SEEDS,
        crate::corpus::status_html::SEEDS,
        crate::corpus::saved_pages::SEEDS,
        crate::writeups::reading::SEEDS,
        crate::corpus::alerts::SEEDS,
        crate::corpus::metrics::SEEDS,
    ];
    SEEDS.iter().chain(of_other_files.into_iter().flatten()).copied().collect()
}

/// The seeds whose fields can be given another value.
fn json_seeds() -> Vec<&'static str> {
    let metrics = crate::corpus::metrics::SEEDS;
    SEEDS
        .iter()
        .chain(crate::corpus::alerts::SEEDS)
        .chain(metrics)
        .copied()
        .filter(|seed| seed.contains("\": "))
        .collect()
}

pub fn read_with_all(bytes: &[u8]) {
    let input = Input::new("fuzz", bytes);
    let _ = detect::choose(&input, None);
    for source in REGISTRY {
        let _ = source.sniff(&input);
        let _ = source.read(&input, &ReadOptions::default());
    }
}

#[test]
fn seeds_cover_every_format() {
    let mut formats = BTreeSet::new();
    for seed in seeds() {
        let input = Input::new("seed", seed);
        let source = detect::choose(&input, None).unwrap();
        let options = ReadOptions { zone: "UTC".parse().ok(), ..ReadOptions::default() };
        assert!(
            !source.read(&input, &options).unwrap().value.is_empty(),
            "{}: {seed}",
            source.id()
        );
        formats.insert(source.id());
    }
    assert_eq!(formats.len(), REGISTRY.len(), "a format has no seed: {formats:?}");
    assert!(formats.iter().all(|id| by_id(id).is_some()));
}

/// A beginning is read by the formats that may claim it. A person may force any other with
/// `--format`: those read each sixteenth of the beginnings, since a hundred formats read all of
/// them in minutes. Of the lengths, one in seven is tried by default; `POSTHOC_LENGTHS=all` tries
/// every one.
#[test]
fn truncated_seeds_are_refused_or_read() {
    let step =
        if std::env::var("POSTHOC_LENGTHS").is_ok_and(|which| which == "all") { 1 } else { 7 };
    let beginnings = seeds().into_par_iter().flat_map_iter(|seed| {
        (0..seed.len())
            .step_by(step)
            .enumerate()
            .map(move |(nth, length)| (nth, &seed.as_bytes()[..length]))
    });
    beginnings.for_each(|(nth, bytes)| {
        if nth % 16 == 0 {
            return read_with_all(bytes);
        }
        let input = Input::new("fuzz", bytes);
        let _ = detect::choose(&input, None);
        for source in REGISTRY {
            if !matches!(source.sniff(&input), Verdict::No(_)) {
                let _ = source.read(&input, &ReadOptions::default());
            }
        }
    });
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_with_all(&bytes);
    }

    #[test]
    fn shuffled_and_spoilt_seeds_never_panic(
        seed in prop::sample::select(seeds()),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = seed.as_bytes().to_vec();
        for (from, to, byte) in cuts {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            bytes.swap(from, to);
            bytes[from] = byte;
            bytes.rotate_left(if byte % 5 == 0 { to } else { 0 });
        }
        read_with_all(&bytes);
    }

    #[test]
    fn fields_of_any_value_never_panic(seed in prop::sample::select(json_seeds()), field in any::<prop::sample::Index>(), value in prop_oneof![
        Just("null"), Just("0"), Just("-1"), Just("1e400"), Just("[]"), Just("{}"), Just("\"\""), Just("true"), Just("[[]]"),
        Just("\"9999-12-31T23:59:59Z\""), Just("\"0000-01-01T00:00:00-14:00\""), Just("99999999999999999999999"), Just("\"\\ud800\""),
    ]) {
        let text = seed;
        let ends: Vec<usize> = text.match_indices("\": ").map(|(at, _)| at + 3).collect();
        let at = ends[field.index(ends.len())];
        let rest = &text[at..];
        let end = rest.find([',', '}', ']', '\n']).unwrap();
        read_with_all(format!("{}{value}{}", &text[..at], &rest[end..]).as_bytes());
    }
}
