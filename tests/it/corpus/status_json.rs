//! The readers of JSON APIs on real captures of status pages, counted independently.

use std::collections::BTreeMap;
use std::path::Path;

use posthoc::model::time::Moment;
use posthoc::sources::record::IncidentRecord;
use serde_json::Value;

use super::sources::{captures, incidents, json_of, list, read};

/// What there is in a capture: incidents and maintenances by id, each with the stamps of its
/// updates as seconds since 1970, sorted.
type Raw = BTreeMap<String, Vec<i64>>;

/// Where the captures of a format are, how another parser counts what is in them, and how many
/// maintenances and warnings there are in all of them.
struct Case {
    folder: &'static str,
    format: &'static str,
    count: fn(&Value) -> Raw,
    planned_and_reported: (usize, usize),
}

const fn case(
    folder: &'static str,
    format: &'static str,
    count: fn(&Value) -> Raw,
    planned_and_reported: (usize, usize),
) -> Case {
    Case { folder, format, count, planned_and_reported }
}

fn seconds(stamp: &Value) -> i64 {
    chrono::DateTime::parse_from_rfc3339(stamp.as_str().unwrap()).unwrap().timestamp()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The incidents of a list, whose updates are under `updates` with their time under `stamp`.
fn counted(incidents: &[Value], updates: &str, stamp: &str) -> Raw {
    let stamps = |incident| {
        let mut stamps: Vec<i64> =
            list(incident, updates).iter().map(|update| seconds(&update[stamp])).collect();
        stamps.sort_unstable();
        stamps
    };
    incidents.iter().map(|incident| (text(&incident["id"]), stamps(incident))).collect()
}

fn incident_io(json: &Value) -> Raw {
    let mut raw = counted(list(json, "incidents"), "incident_updates", "display_at");
    raw.extend(counted(list(json, "scheduled_maintenances"), "incident_updates", "display_at"));
    raw
}

fn google_cloud(json: &Value) -> Raw {
    counted(json.as_array().unwrap(), "updates", "when")
}

/// The stamps of a post without a day, from the day of its event on: an own reading of the HTML,
/// which takes the nearest day for the first and the next one for each other.
fn aws_data(json: &Value) -> Raw {
    let mut raw = Raw::new();
    for event in list(json, "archive").iter().chain(list(json, "current")) {
        let date: i64 = text(&event["date"]).parse().unwrap();
        let mut last = chrono::DateTime::from_timestamp(date - 12 * 3600, 0).unwrap();
        let mut stamps = Vec::new();
        for part in event["description"].as_str().unwrap().split("yellowfg\">").skip(1) {
            let stamp = part.split('<').next().unwrap().trim();
            let (stamp, hours) = match (stamp.strip_suffix(" PDT"), stamp.strip_suffix(" PST")) {
                (Some(stamp), _) => (stamp, -7),
                (_, Some(stamp)) => (stamp, -8),
                _ => panic!("{stamp}"),
            };
            let zone = chrono::FixedOffset::east_opt(hours * 3600).unwrap();
            let local = last.with_timezone(&zone).date_naive();
            let (day, clock) =
                stamp.rsplit_once(',').map_or((None, stamp), |(day, clock)| (Some(day), clock));
            let clock = chrono::NaiveTime::parse_from_str(clock.trim(), "%I:%M %p").unwrap();
            let candidates: Vec<_> = match day {
                Some(day) => (-1..=1)
                    .filter_map(|years| {
                        let text = format!("{day} {}", chrono::Datelike::year(&local) + years);
                        chrono::NaiveDate::parse_from_str(&text, "%b %d %Y").ok()
                    })
                    .min_by_key(|day| (*day - local).abs())
                    .into_iter()
                    .collect(),
                None => vec![local, local.succ_opt().unwrap()],
            };
            let instants = candidates
                .iter()
                .map(|day| day.and_time(clock).and_local_timezone(zone).unwrap().to_utc());
            // People who write a post a little before another one do not write on another day.
            let slack = chrono::TimeDelta::minutes(if stamps.is_empty() { 0 } else { 60 });
            last =
                instants.filter(|at| day.is_some() || *at >= last - slack).min().unwrap().max(last);
            stamps.push(if day.is_some() {
                candidates[0].and_time(clock).and_local_timezone(zone).unwrap().timestamp()
            } else {
                last.timestamp()
            });
        }
        stamps.sort_unstable();
        raw.insert(format!("{}_{date}", text(&event["service"])), stamps);
    }
    raw
}

fn slack(json: &Value) -> Raw {
    counted(list(json, "active_incidents"), "notes", "date_created")
}

/// Version 3, whose `Z` is the wall clock of San Francisco: seven hours west of UTC in April.
fn heroku(json: &Value) -> Raw {
    let one = [json.clone()];
    let mut raw = counted(json.as_array().map_or(&one[..], Vec::as_slice), "updates", "created_at");
    raw.values_mut().flatten().for_each(|stamp| *stamp += 7 * 3600);
    raw
}

fn instatus(json: &Value) -> Raw {
    counted(list(json, "activeIncidents"), "updates", "none")
}

fn better_stack(json: &Value) -> Raw {
    let objects = list(json, "included");
    let of = |kind: &'static str| objects.iter().filter(move |object| object["type"] == kind);
    let stamps = |report: &Value| {
        let related = list(&report["relationships"]["status_updates"], "data");
        let posts = of("status_update")
            .filter(|update| related.iter().any(|known| known["id"] == update["id"]));
        let mut stamps: Vec<i64> =
            posts.map(|update| seconds(&update["attributes"]["published_at"])).collect();
        stamps.sort_unstable();
        stamps
    };
    of("status_report").map(|report| (text(&report["id"]), stamps(report))).collect()
}

fn checkly(json: &Value) -> Raw {
    counted(list(json, "incidents"), "incidentUpdates", "publicIncidentUpdateDate")
}

/// The comments, and the report where there is one.
fn yandex_cloud(json: &Value) -> Raw {
    let one = [json.clone()];
    let items = json["items"].as_array().map_or(&one[..], Vec::as_slice);
    let mut raw = counted(items, "comments", "createdAt");
    for item in items.iter().filter(|item| item["report"].is_string()) {
        let stamps = raw.get_mut(&text(&item["id"])).unwrap();
        stamps.push(seconds(&item["reportPublishedTime"]));
        stamps.sort_unstable();
    }
    raw
}

const CASES: &[Case] = &[
    case("status/incident-io", "incident-io", incident_io, (0, 2)),
    case("status/google-cloud", "google-cloud", google_cloud, (0, 0)),
    case("status/aws", "aws-data", aws_data, (0, 0)),
    case("status/slack", "slack-status", slack, (0, 0)),
    case("status/heroku", "heroku", heroku, (0, 2)),
    case("status/instatus", "instatus-summary", instatus, (0, 1)),
    case("status/betterstack", "better-stack", better_stack, (2, 0)),
    case("status/checkly", "checkly", checkly, (0, 0)),
    case("status/yandex-cloud", "yandex-cloud", yandex_cloud, (0, 0)),
];

/// The times of the impact, compared with another parser.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn google_cloud_impact_matches_the_file() {
    for path in captures("status/google-cloud", &[".json"]) {
        let (records, _) = read(&path, "google-cloud");
        for (record, raw) in incidents(&records).iter().zip(json_of(&path).as_array().unwrap()) {
            let stamp = |moment: Option<Moment>| moment.map(|moment| moment.earliest().timestamp());
            assert_eq!(stamp(record.impact_start), Some(seconds(&raw["begin"])), "{}", record.id);
            assert_eq!(stamp(record.impact_end), raw.get("end").map(seconds), "{}", record.id);
            assert_eq!(record.state.is_some(), raw.get("end").is_some(), "{}", record.id);
            let named = list(raw, "affected_products").len().max(1);
            assert!(
                record.components.len() <= named && !record.components.is_empty(),
                "{}",
                record.id
            );
        }
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn json_status_page_captures_are_read_completely() {
    println!(
        "{:46} {:>9} {:>7} {:>12} {:>8}",
        "file", "incidents", "updates", "maintenances", "warnings"
    );
    for case in CASES {
        let (mut maintenances, mut output) = (0, 0);
        let paths = captures(case.folder, &[".json"]);
        for path in &paths {
            let (records, warnings) = read(path, case.format);
            let records = incidents(&records);
            let planned = records.iter().filter(|record| record.maintenance).count();
            let updates: usize = records.iter().map(|record| record.updates.len()).sum();
            let name = path.file_name().unwrap().to_string_lossy();
            println!(
                "{name:46} {:>9} {updates:>7} {planned:>12} {:>8}",
                records.len() - planned,
                warnings.len()
            );
            for warning in &warnings {
                println!("    {warning}");
            }
            assert_same(&records, &(case.count)(&json_of(path)), path);
            maintenances += planned;
            output += warnings.len();
        }
        if !paths.is_empty() {
            assert_eq!((maintenances, output), case.planned_and_reported, "{}", case.format);
        }
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn single_incident_file_is_read_completely_and_named_after_the_file() {
    for path in captures("status/datocms-custom", &[".json"]) {
        let (records, warnings) = read(&path, "datocms-status");
        let raw = json_of(&path);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let stamps =
            counted(std::slice::from_ref(&raw), "updates", "date").into_values().next().unwrap();
        let records = incidents(&records);
        assert_same(&records, &[(name, stamps)].into(), &path);
        assert_eq!(
            records[0].maintenance,
            raw.get("scheduledTime").is_some(),
            "{}",
            path.display()
        );
        assert!(warnings.is_empty(), "{warnings:?}");
    }
}

fn assert_same(records: &[&IncidentRecord], raw: &Raw, path: &Path) {
    let read: Raw = records
        .iter()
        .map(|record| {
            let mut stamps: Vec<i64> =
                record.updates.iter().map(|update| update.at.earliest().timestamp()).collect();
            stamps.sort_unstable();
            (record.id.clone(), stamps)
        })
        .collect();
    assert_eq!(records.len(), read.len(), "{}: an id is there twice", path.display());
    assert_eq!(&read, raw, "{}", path.display());
}
