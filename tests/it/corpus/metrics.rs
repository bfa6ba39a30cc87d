//! Captures of metrics: which reader claims each, and what comes out, counted here from the raw
//! bytes and not by a reader.

use std::path::{Path, PathBuf};

use posthoc::sources::record::Record;
use posthoc::sources::{Input, REGISTRY, ReadOptions, Verdict, detect};
use serde_json::Value;

use crate::support::world::shared;

/// A small input of each format, as a seed for nonsense.
pub const SEEDS: &[&str] = &[
    // Samples of any JSON, and the line protocol.
    r#"{"name":"cpu","tags":{"host":"a"},"data":[[1772359200,1.5],[1772359260,null]]}"#,
    "cpu,host=a idle=92.5,user=3i 1772359200000000000\ncpu,host=a idle=12 1772359260000000000\n",
    "# TYPE up gauge\nup{job=\"a\\\"b\"} 1 1772359200000\nup 2 1772359200.5 # {x=\"y\"} 1\n# EOF\n",
    r#"{"metric": {"__name__": "up"}, "values": [1, null], "timestamps": [1772359200000, 1772359260000]}"#,
    r#"{"results": {"A": {"frames": [{"schema": {"fields": [{"name": "Time", "type": "time"}, {"name": "v", "type": "number"}]},
       "data": {"values": [[1772359200000, 1772359260000], [1.5, null]], "entities": [null, {"Inf": [1]}]}}]}}}"#,
    r#"{"MetricDataResults": [{"Id": "m", "Label": "x", "Timestamps": ["2026-03-01T10:00:00Z"], "Values": [7.0], "StatusCode": "Complete"}]}"#,
    r#"{"status": "ok", "query": "q", "series": [{"metric": "m", "scope": "host:a", "unit": [{"name": "byte"}, null], "pointlist": [[1772359200000, 5.0]]}]}"#,
    "#datatype,string,long,dateTime:RFC3339,double\n#group,false,false,false,false\n#default,_result,,,\n,result,table,_time,_value\n,,0,2026-03-01T10:00:00Z,1.5\n",
    r#"{"results": [{"statement_id": 0, "series": [{"name": "cpu", "columns": ["time", "value"], "values": [["2026-03-01T10:00:00Z", 2], [1772359260000000000, null]]}]}]}"#,
    r#"[{"target": "web.load", "datapoints": [[1.5, 1772359200], [null, 1772359260]]}]"#,
    r#"{"itemid": 5, "name": "Load", "host": {"host": "a", "name": "b"}, "clock": 1772359200, "ns": 5, "value": 1.5, "type": 0}"#,
    "time,host,cpu (%)\n2026-03-01T10:00:00Z,a,1.5 %\n2026-03-01T10:01:00Z,a,\"2,000 %\"\n",
];

/// The format of each folder, and how to count its series and samples.
type Count = fn(&str) -> (usize, usize);
const FOLDERS: &[(&str, &str, &str, Count)] = &[
    ("csv", ".csv", "metrics-csv", table),
    ("grafana", ".csv", "metrics-csv", table),
    ("nab/realAWSCloudwatch", ".csv", "metrics-csv", table),
    ("nab/realKnownCause", ".csv", "metrics-csv", table),
    ("petshop", ".csv", "metrics-csv", table),
    ("datadog", ".json", "datadog-metrics", datadog),
    ("graphite", ".json", "graphite", graphite),
    ("influxdb", ".csv", "influxdb-csv", influx_csv),
    ("influxdb", ".json", "influxdb-json", influx_json),
    ("zabbix", ".ndjson", "zabbix-values", zabbix),
    ("exposition", "", "prometheus-text", exposition),
    ("prometheus", ".txt", "prometheus-range", prometheus),
];

/// Captures that are no metrics over time: labels of data sets, data by the index of a sample, and
/// a recording of HTTP exchanges.
const NO_METRICS: [&str; 2] = ["datadogpy-metrics-cassette.yaml", "target.json"];

/// A table with the time in its first column: its numbers by column.
fn table(text: &str) -> (usize, usize) {
    let mut rows = text.lines().filter(|line| !line.starts_with('#'));
    let is_sample = |line: &str| {
        line.starts_with(['1', '2']) && line.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
    };
    let mut counts: Vec<usize> = Vec::new();
    for row in rows.by_ref().filter(|line| is_sample(line)) {
        for (column, cell) in row.split(',').skip(1).enumerate() {
            counts.resize(counts.len().max(column + 1), 0);
            counts[column] += usize::from(!cell.trim().is_empty());
        }
    }
    (counts.iter().filter(|count| **count > 0).count(), counts.iter().sum())
}

fn json(text: &str) -> Value {
    let start = text.find("\n{\n").map_or(0, |at| at + 1);
    serde_json::Deserializer::from_str(&text[start..])
        .into_iter()
        .next()
        .expect("a value")
        .expect("JSON")
}

fn lists<'v>(value: &'v Value, key: &str) -> Vec<&'v Vec<Value>> {
    value.as_array().into_iter().flatten().filter_map(|one| one[key].as_array()).collect()
}

fn datadog(text: &str) -> (usize, usize) {
    let value = json(text);
    let points = lists(&value["series"], "pointlist");
    (points.len(), points.iter().map(|points| points.len()).sum())
}

fn graphite(text: &str) -> (usize, usize) {
    let value = json(text);
    let points = lists(&value, "datapoints");
    (points.len(), points.iter().map(|points| points.len()).sum())
}

fn influx_json(text: &str) -> (usize, usize) {
    let value = json(text);
    let points = lists(&value["results"][0]["series"], "values");
    (points.len(), points.iter().map(|points| points.len()).sum())
}

/// The rows, and the tables that they are numbered by.
fn influx_csv(text: &str) -> (usize, usize) {
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with(",,")).collect();
    let tables: std::collections::BTreeSet<&str> =
        rows.iter().filter_map(|row| row.split(',').nth(2)).collect();
    (tables.len(), rows.len())
}

/// The values that are numbers, and their items.
fn zabbix(text: &str) -> (usize, usize) {
    let values = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let numbers: Vec<String> = values
        .filter(|value| value["value"].is_number())
        .map(|value| value["itemid"].to_string())
        .collect();
    let items: std::collections::BTreeSet<&String> = numbers.iter().collect();
    (items.len(), numbers.len())
}

/// The lines that are no comments: each is a series of one sample.
fn exposition(text: &str) -> (usize, usize) {
    let count =
        text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).count();
    (count, count)
}

fn prometheus(text: &str) -> (usize, usize) {
    let value = json(text);
    let points = lists(&value["data"]["result"], "values");
    (points.len(), points.iter().map(|points| points.len()).sum())
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .expect("a folder of captures")
        .flatten()
        .map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    files.sort();
    files
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn every_capture_of_metrics_is_claimed_by_one_reader_and_counted() {
    let folder = shared("corpus/metrics");
    println!("{:52} {:18} {:>6} {:>8} {:>8}", "FILE", "FORMAT", "SERIES", "SAMPLES", "WARNINGS");
    let mut read = 0;
    for (system, ending, format, count) in FOLDERS {
        for path in files(&folder.join(system), ending) {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if NO_METRICS.iter().any(|other| name.ends_with(other)) {
                continue;
            }
            let bytes = std::fs::read(&path).expect("a capture");
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            let mut input = Input::new(name.clone(), bytes);
            // A text of /metrics is of the time at which it was fetched.
            input.retrieved_at = "2026-03-01T10:00:00Z".parse().ok();
            let of =
                |verdict| REGISTRY.iter().filter(|source| source.sniff(&input) == verdict).count();
            let claims = if of(Verdict::Yes) > 0 { of(Verdict::Yes) } else { of(Verdict::Maybe) };
            let chosen =
                detect::choose(&input, None).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((chosen.id(), claims), (*format, 1), "{name}");
            let options = ReadOptions { zone: "UTC".parse().ok(), ..ReadOptions::default() };
            let outcome =
                chosen.read(&input, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
            let samples: Vec<usize> = outcome
                .value
                .iter()
                .map(|record| match record {
                    Record::Series(series) => series.points.len(),
                    other => panic!("{name}: {other:?}"),
                })
                .collect();
            // The samples that were put into gaps are not the source's.
            let gaps = if *format == "prometheus-range" {
                samples.iter().sum::<usize>() - count(&text).1
            } else {
                0
            };
            let got = (samples.len(), samples.iter().sum::<usize>() - gaps);
            println!(
                "{name:52} {format:18} {:>6} {:>8} {:>8}",
                got.0,
                got.1,
                outcome.warnings.len()
            );
            assert_eq!(got, count(&text), "{name}: {:#?}", outcome.warnings);
            assert!(
                got.1 > 0 || !outcome.warnings.is_empty(),
                "{name}: nothing was read, and nobody said why"
            );
            read += 1;
        }
    }
    assert!(read >= 38, "{read}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn other_inputs_are_refused_as_metrics() {
    let folder = shared("corpus/metrics");
    let others = [
        "tcpd/nile.json",
        "petshop/high_traffic-test-issue_0-target.json",
        "datadog/datadogpy-metrics-cassette.yaml",
    ];
    for name in others {
        let input = Input::new(name, std::fs::read(folder.join(name)).expect("a capture"));
        assert!(detect::choose(&input, None).is_err(), "{name}");
    }
}
