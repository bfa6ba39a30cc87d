use super::*;
use crate::analysis::fixture::{incident, window};

fn lengths(map: &IndexMap<String, Elapsed>) -> Vec<String> {
    map.iter().map(|(name, length)| format!("{name} {length}")).collect()
}

#[test]
fn the_worst_level_wins_where_windows_overlap() {
    let mut incident = incident("overlap");
    incident.services = vec!["api".into()];
    incident.impact.windows = vec![
        window("2026-03-17T14:00Z", Some("2026-03-17T15:00Z"), Some(Level::Degraded), &["queue"]),
        window("2026-03-17T14:20Z", Some("2026-03-17T14:30Z"), Some(Level::Full), &[]),
        window("2026-03-17T14:50Z", Some("2026-03-17T15:10Z"), None, &["queue"]),
    ];
    let summary = summarize(&incident, None);
    assert_eq!(summary.count, 1);
    assert_eq!(summary.union.unwrap().to_string(), "1 h 10 min");
    assert_eq!(lengths(&summary.by_level), ["full 10 min", "degraded 50 min", "unknown 10 min"]);
    assert_eq!(lengths(&summary.by_component), ["queue 1 h 10 min", "api 10 min"]);
}

#[test]
fn lower_level_inherits_the_uncertainty_of_the_worse_window() {
    let mut incident = incident("vague");
    incident.impact.windows = vec![
        window("2026-03-17T14:00:00Z", Some("~2026-03-17T14:20Z"), Some(Level::Full), &[]),
        window("2026-03-17T14:10:00Z", Some("2026-03-17T15:00:00Z"), Some(Level::Degraded), &[]),
        window("2026-03-17T16:00:00Z", Some("2026-03-17T16:00:30Z"), Some(Level::Partial), &[]),
    ];
    let levels = summarize(&incident, None).by_level;
    assert_eq!(lengths(&levels), ["full ~20 min", "partial 30 s", "degraded ~40 min"]);
}

#[test]
fn uncertain_ends_give_a_lower_and_an_upper_bound() {
    let mut incident = incident("uncertain");
    incident.impact.windows = vec![
        window(
            "2026-03-17T14:00Z..2026-03-17T14:10Z",
            Some("2026-03-17T14:40Z"),
            Some(Level::Degraded),
            &[],
        ),
        window(
            "2026-03-17T14:30Z",
            Some("2026-03-17T14:50Z..2026-03-17T15:00Z"),
            Some(Level::Full),
            &[],
        ),
    ];
    let summary = summarize(&incident, None);
    assert_eq!(summary.union.unwrap().to_string(), "40 min – 1 h");
    assert_eq!(summary.span.unwrap().to_string(), "40 min – 1 h");
    assert_eq!(lengths(&summary.by_level), ["full 20–30 min", "degraded 20–30 min"]);
}

#[test]
fn open_window_has_a_length_only_as_of_an_instant() {
    let mut incident = incident("open");
    incident.impact.windows = vec![window("2026-03-17T14:00Z", None, None, &[])];
    let summary = summarize(&incident, None);
    assert_eq!((summary.count, summary.union, summary.open), (1, None, true));
    let now = "2026-03-17T14:30:00Z".parse().ok();
    assert_eq!(summarize(&incident, now).union.unwrap().to_string(), "30 min");
    let before = "2026-03-17T13:30:00Z".parse().ok();
    assert_eq!(summarize(&incident, before).union, None);
}

#[test]
fn milestones_imply_a_window_when_none_is_written() {
    let mut implied = incident("implied");
    *implied.milestones.slot(crate::model::milestone::MilestoneName::ImpactStart) =
        crate::analysis::fixture::at("~2026-03-17T14:00Z");
    assert_eq!(
        summarize(&implied, None),
        ImpactSummary::default(),
        "an unknown end is not an open window"
    );
    *implied.milestones.slot(crate::model::milestone::MilestoneName::ImpactEnd) =
        crate::analysis::fixture::at("~2026-03-17T14:20Z");
    let summary = summarize(&implied, None);
    assert_eq!((summary.union.unwrap().to_string().as_str(), summary.implied), ("~20 min", true));
    implied.kind = Some(Kind::NearMiss);
    assert_eq!(summarize(&implied, None), ImpactSummary::default());
}

#[test]
fn undetected_impact_is_computed_for_open_windows() {
    let mut incident = incident("undetected");
    incident.impact.windows = vec![
        window("2026-03-17T14:00Z", Some("2026-03-17T14:05Z"), None, &[]),
        window("2026-03-17T14:10Z", None, None, &[]),
        window("2026-03-17T15:00Z", None, None, &[]),
    ];
    assert_eq!(undetected(&incident), None);
    incident.milestones.detected_at = crate::analysis::fixture::at("2026-03-17T14:30Z");
    assert_eq!(undetected(&incident).unwrap().to_string(), "25 min");
    incident.milestones.detected_at = crate::analysis::fixture::at("2026-03-17T13:30Z");
    assert_eq!(undetected(&incident).unwrap().middle(), TimeDelta::zero());
}

#[test]
fn backwards_window_has_no_length() {
    let mut incident = incident("backwards");
    incident.impact.windows =
        vec![window("2026-03-17T14:00Z", Some("2026-03-17T13:00Z"), None, &[])];
    assert_eq!(summarize(&incident, None).union, None);
}
