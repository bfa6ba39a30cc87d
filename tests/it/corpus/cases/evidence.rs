//! Answers of metric and alert systems that say more, or less, than they seem to.

use super::workspace;
use crate::support::world::World;

/// A workspace with the case, whose `m.json` was imported into its incident; and what was printed.
fn imported(case: &str) -> (World, String) {
    let world = workspace(&format!("status/{case}"));
    std::fs::rename(world.path("incident.yaml"), world.path("incidents/incident.yaml"))
        .expect("it is there");
    let printed = world.run(&["import", "m.json", "--into", "incident"]);
    (world, printed)
}

/// The report as Markdown.
fn report(world: &World) -> String {
    world.run(&["render", "incident", "--to", "md", "--out", "out"]);
    world.read("out/incident.md")
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn infinite_sample_is_reported_as_the_maximum() {
    let (world, printed) = imported("54-prometheus-infinity");
    assert!(printed.contains("1 of 4 samples of this series cannot be drawn: 1 +Inf"), "{printed}");
    let report = report(&world);
    assert!(report.contains("| lag | 1 | ∞ | 3 | 4 |"), "{report}");
    assert!(report.contains("cannot be drawn"), "{report}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn server_warnings_are_quoted_at_import_and_in_the_report() {
    let (world, printed) = imported("55-prometheus-warnings");
    assert!(printed.contains("the answer may be wrong: store x: deadline exceeded"), "{printed}");
    assert!(report(&world).contains("store x: deadline exceeded"));
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn partial_response_is_reported() {
    let (world, printed) = imported("56-victoriametrics-partial");
    assert!(printed.contains("the answer is partial"), "{printed}");
    assert!(report(&world).contains("answer is partial"));
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn native_histograms_are_not_reported_as_missing_samples() {
    let (_, printed) = imported("57-prometheus-native-histograms");
    assert!(
        printed.contains("1 series is a native histogram, which posthoc does not draw"),
        "{printed}"
    );
    assert!(!printed.contains("no samples") && !printed.contains("no data"), "{printed}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn version_1_alerts_are_read() {
    let (world, printed) = imported("64-alertmanager-v1-answer");
    let file = world.read("incidents/incident.yaml");
    assert!(
        file.contains("2025-03-03T10:05:00Z") && file.contains("**InstanceDown** fired"),
        "{printed}\n{file}"
    );
    assert!(!file.contains("cleared"), "a year of 1 is no end: {file}");
}
