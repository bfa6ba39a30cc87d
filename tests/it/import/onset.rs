//! The onsets of the labelled anomalies in recorded metrics, searched from an alert six samples
//! later.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use posthoc::assemble::onset::search::{Sample, Settings, unusual};

use crate::support::world::{World, shared};

fn time(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").expect("a time").and_utc()
}

fn samples(text: &str) -> Vec<Sample> {
    let rows = text.lines().skip(1).filter_map(|line| line.split_once(','));
    let mut all: Vec<Sample> =
        rows.map(|(at, value)| (time(at), value.parse().expect("a number"))).collect();
    all.sort_by_key(|(at, _)| *at);
    all
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn labelled_onsets_are_found_from_a_late_alert() {
    let folder = shared("corpus/metrics/nab");
    let labels =
        std::fs::read_to_string(folder.join("labels/combined_labels.json")).expect("the labels");
    let labels: BTreeMap<String, Vec<String>> = serde_json::from_str(&labels).expect("JSON");
    let (mut all, mut errors) = (0, Vec::new());
    for (name, times) in labels {
        let Ok(text) = std::fs::read_to_string(folder.join(&name)) else { continue };
        let samples = samples(&text);
        for label in times {
            let index = samples.partition_point(|(at, _)| *at < time(&label));
            let alert = samples[(index + 6).min(samples.len() - 1)].0;
            all += 1;
            let Some(found) = unusual(&samples, alert, alert, Settings::default()) else {
                println!("{name} {label}: no clear onset");
                continue;
            };
            let at = samples.partition_point(|(at, _)| *at < found.runs[0].first_bad);
            println!("{name} {label}: {} samples off", at as i64 - index as i64);
            errors.push(at.abs_diff(index));
        }
    }
    errors.sort_unstable();
    let median = errors[errors.len() / 2];
    println!("{} of {all} found, median error {median} samples", errors.len());
    assert!(all >= 30, "{all}");
    assert!(errors.len() * 100 >= all * 85, "{} of {all} found", errors.len());
    assert!(median <= 1, "{median}");
}

/// A table of a share of failed requests: a sample each minute from 13:00, bad from 14:05 to 14:30.
fn table() -> String {
    let row = |minute: i64| {
        let share =
            if (65..90).contains(&minute) { 30.0 } else { [1.0, 1.2, 1.1][minute as usize % 3] };
        format!("2026-03-17T{}:{:02}:00Z,{share} %\n", 13 + minute / 60, minute % 60)
    };
    std::iter::once("time,failed\n".to_owned()).chain((0..150).map(row)).collect()
}

#[test]
fn metric_sets_the_impact_from_detection_or_threshold() {
    let world = World::new();
    world.write("failed.csv", table());
    world.write(
        "incidents/a.yaml",
        "schema: posthoc/v1\nid: a\ntitle: A\nmilestones: {detected_at: 2026-03-17T14:12:00Z}\n",
    );
    insta::assert_snapshot!(world.run(&["import", "failed.csv", "--into", "a"]));
    insta::assert_snapshot!(world.read("incidents/a.yaml"));
    world.write("incidents/b.yaml", "schema: posthoc/v1\nid: b\ntitle: B\n");
    let limit = ["--threshold", "failed >= 20%", "--bad", "5"];
    let printed = world.run(&[&["import", "failed.csv", "--into", "b"], limit.as_slice()].concat());
    assert!(
        printed.contains("impact_start is set to 2026-03-17T14:04:00Z..2026-03-17T14:05:00Z: samples at or above 20 % (as stated) are bad"),
        "{printed}"
    );
    insta::assert_snapshot!(world.run(&[
        "import",
        "failed.csv",
        "--into",
        "b",
        "--threshold",
        "many"
    ]));
}
