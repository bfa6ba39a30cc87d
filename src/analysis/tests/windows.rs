//! Impact windows: several of them, overlapping ones, and their levels.

use chrono::TimeDelta;

use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::fixture::{incident, update, window, with};
use crate::analysis::impact::summarize;
use crate::analysis::progress::reopened;
use crate::analysis::stats::{Grouping, StatsOptions, stats};
use crate::model::evidence::settle;
use crate::model::impact::Level;
use crate::model::milestone::MilestoneName::{ImpactEnd, ImpactStart, ResolvedAt};
use crate::model::timeline::{Entry, State};

use super::edge_cases::*;

#[test]
fn overlapping_incidents_are_merged_and_duplicates_are_not_counted() {
    let of = |id: &str, start: &str, end: &str| {
        let mut one = with(id, &[(ImpactStart, start), (ImpactEnd, end), (ResolvedAt, end)]);
        one.services = vec!["api".into()];
        one.impact.windows = vec![window(start, Some(end), None, &[])];
        one
    };
    let first = of("first", "2026-03-17T14:00Z", "2026-03-17T15:00Z");
    let second = of("second", "2026-03-17T14:30Z", "2026-03-17T15:30Z");
    let mut same = of("same", "2026-03-17T10:00Z", "2026-03-17T20:00Z");
    same.related.duplicate_of = Some(first.id.clone());
    let options = StatsOptions {
        by: Some(Grouping::Service),
        metrics: vec![DurationName::Ttr],
        ..StatsOptions::default()
    };
    let table = stats(&[&first, &second, &same], &Definitions::default(), &options);
    let api = &table.groups[0];
    assert_eq!((api.incidents, api.excluded.duplicates, api.impact.any_seconds), (2, 1, 5400.0));
    let values: Vec<f64> = api.metrics[0].summary.values.iter().map(|few| few.seconds).collect();
    assert_eq!(values, [3600.0, 3600.0], "each keeps its own");
    let failures = &table.between_failures[0];
    assert_eq!(
        (failures.service.as_str(), failures.failures),
        ("api", 1),
        "what overlaps is one failure"
    );
}

#[test]
fn several_windows_give_union_span_and_count() {
    let mut three = incident("three");
    three.impact.windows = vec![
        window("2026-03-01T00:00Z", Some("2026-03-01T00:07Z"), None, &[]),
        window("2026-03-08T00:00Z", Some("2026-03-08T00:09Z"), None, &[]),
        window("2026-03-13T23:55Z", Some("2026-03-14T00:00Z"), None, &[]),
    ];
    let summary = summarize(&three, None);
    let shown =
        (summary.count, summary.union.unwrap().to_string(), summary.span.unwrap().to_string());
    assert_eq!(shown, (3, "21 min".to_owned(), "13 d".to_owned()));
    let impact = duration(&three, DurationName::Impact);
    assert_eq!(
        (
            impact.value.unwrap().to_string().as_str(),
            impact.remark.map(|remark| remark.to_string()).as_deref()
        ),
        ("21 min", Some("3 periods within 13 d"))
    );
}

#[test]
fn gap_between_windows_counts_only_in_time_to_resolve() {
    let closed =
        |time| Entry { milestone: Some(ResolvedAt), ..update(time, State::Resolved, "Fixed.") };
    let mut again = with("again", &[(ImpactStart, "2026-03-17T14:00Z")]);
    again.timeline = vec![
        update("2026-03-17T14:00Z", State::Investigating, "Looking."),
        closed("2026-03-17T15:00Z"),
        update("2026-03-17T17:00Z", State::Investigating, "It is back."),
        closed("2026-03-17T18:00Z"),
        update("2026-03-17T18:30Z", State::Monitoring, "Once more."),
    ];
    again.impact.windows = vec![
        window("2026-03-17T14:00Z", Some("2026-03-17T15:00Z"), None, &[]),
        window("2026-03-17T17:00Z", Some("2026-03-17T18:00Z"), None, &[]),
    ];
    let trust = Definitions::default();
    let mut open = again.clone();
    assert!(
        settle(&mut open, trust.order_of_trust()).is_empty(),
        "an end that was taken back is none"
    );
    again.timeline.push(closed("2026-03-17T19:00Z"));
    settle(&mut again, trust.order_of_trust());
    assert_eq!(
        again.milestones.at(ResolvedAt).unwrap().to_string(),
        "2026-03-17T19:00Z",
        "the last one"
    );
    assert_eq!(reopened(&again), 2);
    assert_eq!(
        (value_of(&again, DurationName::Ttr), value_of(&again, DurationName::Impact)),
        ("5 h".into(), "2 h".into())
    );
    assert!(
        findings(&again).iter().all(|finding| !finding.starts_with("milestone-entry-mismatch"))
    );
    assert_eq!(aggregated(&[again], DurationName::Ttr).groups[0].reopened, 1, "one incident");
}

#[test]
fn levels_are_separate_and_the_worst_wins() {
    let mut mixed = incident("mixed");
    mixed.impact.windows = vec![
        window("2026-03-17T14:00Z", Some("2026-03-17T15:00Z"), Some(Level::Degraded), &[]),
        window("2026-03-17T14:30Z", Some("2026-03-17T14:40Z"), Some(Level::Full), &[]),
        window("2026-03-17T14:35Z", Some("2026-03-17T14:50Z"), Some(Level::Partial), &[]),
    ];
    let levels = summarize(&mixed, None).by_level;
    let shown: Vec<String> =
        levels.iter().map(|(level, length)| format!("{level} {length}")).collect();
    assert_eq!(shown, ["full 10 min", "partial 10 min", "degraded 40 min"]);
    let sum = levels.values().map(|length| length.middle()).sum::<TimeDelta>();
    assert_eq!(
        summarize(&mixed, None).union.unwrap().middle(),
        sum,
        "no weights: the levels make up the union"
    );
}
