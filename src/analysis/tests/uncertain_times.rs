//! Ongoing, uncertain and contradictory times.

use crate::analysis::config::{Definitions, Witness};
use crate::analysis::duration_name::DurationName;
use crate::analysis::fixture::{at, entry, incident, window, with};
use crate::analysis::phases::durations;
use crate::analysis::stats::{Method, StatsOptions, stats};
use crate::model::evidence::{choices, settle};
use crate::model::id::IncidentId;
use crate::model::milestone::Basis;
use crate::model::milestone::MilestoneName::{
    DeclaredAt, DetectedAt, FirstNoticeAt, ImpactStart, MitigatedAt, ResolvedAt,
};
use crate::model::timeline::Entry;
use crate::model::{Incident, Status};

use super::edge_cases::*;

#[test]
fn ongoing_durations_are_as_of_an_instant_and_censored() {
    let mut ongoing = with("ongoing", &[(ImpactStart, "2026-03-17T14:00Z")]);
    ongoing.status = Some(Status::Ongoing);
    assert_eq!(value_of(&ongoing, DurationName::Ttr), "still ongoing");
    let ttr = duration_as_of(&ongoing, DurationName::Ttr, Some("2026-03-17T16:30:10Z"));
    assert_eq!(
        ttr.value.unwrap_err().to_string(),
        "still ongoing; so far 2 h 30 min as of 2026-03-17 16:30 UTC"
    );
    ongoing.status = Some(Status::Mitigated);
    assert_eq!(value_of(&ongoing, DurationName::Ttr), "mitigated but not yet resolved");
    ongoing.status = Some(Status::Ongoing);
    let mut all: Vec<Incident> = (1..5)
        .map(|n| {
            let end = format!("2026-03-17T14:{n}0Z");
            with(&format!("i{n}"), &[(ImpactStart, "2026-03-17T14:00Z"), (ResolvedAt, &end)])
        })
        .collect();
    all.push(ongoing);
    let now = "2026-03-17T16:30:00Z".parse().ok();
    let options = StatsOptions { metrics: vec![DurationName::Ttr], now, ..StatsOptions::default() };
    let table = stats(&all.iter().collect::<Vec<_>>(), &Definitions::default(), &options);
    let median = table.groups[0].metrics[0].summary.median.unwrap();
    assert_eq!((median.value, median.method), (Some(1800.0), Method::KaplanMeier));
    assert_eq!(table.groups[0].metrics[0].summary.mean, None, "nobody knows it yet");
    // Without `now` it is counted, but no length is invented for it.
    let metric = &aggregated(&all, DurationName::Ttr).groups[0].metrics[0];
    assert_eq!((metric.known, metric.ongoing, metric.summary.n), (4, 1, 4));
}

#[test]
fn status_page_times_bound_the_impact_but_are_not_the_impact() {
    let mut page = with(
        "page",
        &[(FirstNoticeAt, "2026-03-17T14:14:05Z"), (ResolvedAt, "2026-03-17T19:30:32Z")],
    );
    for name in [FirstNoticeAt, ResolvedAt] {
        page.milestones.slot(name).as_mut().unwrap().basis = Basis::Reported;
    }
    assert_eq!(value_of(&page, DurationName::Reported), "5 h 16 min 27 s");
    assert_eq!(value_of(&page, DurationName::Ttr), "impact_start is unknown");
    assert_eq!(value_of(&page, DurationName::Impact), "no impact window is known");
}

#[test]
fn disagreeing_sources_are_reported_and_ranked_by_trust() {
    use crate::model::timeline::EntryKind::{Alert, Message, Metric, StatusUpdate};
    let marked =
        |at, kind| Entry { milestone: Some(DetectedAt), kind: Some(kind), ..entry(at, "Seen.") };
    let mut torn = incident("torn");
    torn.timeline = vec![
        marked("2026-03-17T14:06Z", StatusUpdate),
        marked("2026-03-17T14:12Z", Message),
        marked("2026-03-17T14:11Z", Alert),
        marked("2026-03-17T14:09Z", Metric),
    ];
    // The chosen milestone and its candidates.
    let definitions = Definitions::default();
    assert_eq!(settle(&mut torn, definitions.order_of_trust()), [DetectedAt]);
    let choice = &choices(&torn, definitions.order_of_trust())[0];
    assert_eq!(
        (choice.milestone.at.to_string().as_str(), choice.witness),
        ("2026-03-17T14:09Z", Some(Witness::Metric))
    );
    let order: Vec<Witness> = choice.candidates.iter().map(|candidate| candidate.witness).collect();
    assert_eq!(order, [Witness::Metric, Witness::Alert, Witness::Chat, Witness::StatusPage]);
    let customer = definitions.order_of_trust().rank(Witness::CustomerReport);
    assert!(definitions.order_of_trust().rank(Witness::Alert) < customer);
    assert!(customer < definitions.order_of_trust().rank(Witness::Chat));
    // Disagreement: two minutes are within the tolerance, three are not.
    let disagreeing: Vec<String> = findings(&torn)
        .into_iter()
        .filter(|finding| finding.starts_with("milestone-entry-mismatch"))
        .collect();
    assert_eq!(
        disagreeing,
        [
            "milestone-entry-mismatch: the status page says that detected_at was at 2026-03-17 14:06 UTC, 3 min before the metric (2026-03-17 14:09 UTC)",
            "milestone-entry-mismatch: the chat says that detected_at was at 2026-03-17 14:12 UTC, 3 min after the metric (2026-03-17 14:09 UTC)",
        ]
    );
    // A note on the milestone records the decision and ends the finding.
    torn.milestones.detected_at.as_mut().unwrap().note = Some("The chat's clock was wrong.".into());
    assert!(!findings(&torn).iter().any(|finding| finding.starts_with("milestone-entry-mismatch")));
}

#[test]
fn business_hours_are_shown_next_to_wall_clock() {
    let text = "[business_hours]\nzone = \"Europe/Berlin\"\n";
    let definitions: Definitions = toml::from_str(text).unwrap();
    let night =
        with("night", &[(ImpactStart, "2026-03-17T14:00Z"), (ResolvedAt, "2026-03-18T09:00Z")]);
    let ttr = durations(&night, &definitions, None)
        .into_iter()
        .find(|one| one.name == DurationName::Ttr)
        .unwrap();
    assert_eq!(ttr.value.unwrap().to_string(), "19 h");
    // Until 17:00 in Berlin on the first day, and from 09:00 on the second.
    assert_eq!(ttr.business.unwrap().to_string(), "3 h");
    let calendar = definitions.business_hours.as_ref().unwrap();
    assert_eq!(
        calendar.to_string(),
        "Mon–Fri 09:00–17:00 Europe/Berlin",
        "it names its calendar and zone"
    );
    let mut harmed = night.clone();
    harmed.impact.windows = vec![
        window("2026-03-17T14:00Z", Some("2026-03-17T20:00Z"), None, &[]),
        window("2026-03-17T15:30Z", Some("2026-03-17T21:00Z"), None, &[]),
    ];
    harmed.milestones.detected_at = at("2026-03-17T15:30Z");
    let business = |name| {
        let all = durations(&harmed, &definitions, None);
        all.into_iter()
            .find(|one| one.name == name)
            .unwrap()
            .business
            .map(|length| length.to_string())
    };
    assert_eq!(business(DurationName::Impact).as_deref(), Some("2 h"), "of the union");
    assert_eq!(business(DurationName::Undetected).as_deref(), Some("1 h 30 min"));
    assert_eq!(business(DurationName::Tta), None, "what is unknown has none either");
}

#[test]
fn impossible_orders_are_findings_and_durations_are_never_negative() {
    let wrong = with(
        "wrong",
        &[
            (ImpactStart, "2026-03-17T14:05Z"),
            (MitigatedAt, "2026-03-17T13:00Z"),
            (DeclaredAt, "2026-03-17T15:00Z"),
            (ResolvedAt, "2026-03-17T14:50Z"),
        ],
    );
    assert_eq!(value_of(&wrong, DurationName::Ttm), "mitigated_at is before impact_start");
    assert_eq!(value_of(&wrong, DurationName::Response), "resolved_at is before declared_at");
    let impossible = findings(&wrong)
        .into_iter()
        .filter(|finding| finding.starts_with("impossible-order"))
        .count();
    assert_eq!(impossible, 2);
    let allowed = with(
        "allowed",
        &[
            (DetectedAt, "2026-03-17T14:00Z"),
            (ImpactStart, "2026-03-17T14:05Z"),
            (MitigatedAt, "2026-03-17T14:10Z"),
            (DeclaredAt, "2026-03-17T14:30Z"),
        ],
    );
    assert!(!findings(&allowed).iter().any(|finding| finding.starts_with("impossible-order")));
}

#[test]
fn uncertain_times_give_intervals_and_are_listed() {
    let vague = with(
        "vague",
        &[
            (ImpactStart, "2013-04-06T16:45Z..2013-04-07T04:45Z"),
            (ResolvedAt, "2013-04-08T09:45Z..2013-04-08T21:45Z"),
        ],
    );
    assert_eq!(value_of(&vague, DurationName::Ttr), "29–53 h");
    // An uncertainty of ten minutes in forty hours is not too wide for a single figure.
    let narrow = with(
        "narrow",
        &[(ImpactStart, "2013-04-06T16:45Z..2013-04-06T16:55Z"), (ResolvedAt, "2013-04-08T09:45Z")],
    );
    let sure =
        with("sure", &[(ImpactStart, "2013-04-06T16:45Z"), (ResolvedAt, "2013-04-06T16:50Z")]);
    let metric = &aggregated(&[vague, narrow, sure], DurationName::Ttr).groups[0].metrics[0];
    assert_eq!((metric.known, metric.uncertain), (3, 2), "so many count as their middle");
    assert_eq!(metric.wide.iter().map(IncidentId::as_str).collect::<Vec<_>>(), ["vague"]);
    let values: Vec<(f64, &str)> =
        metric.summary.values.iter().map(|few| (few.seconds, few.text.as_str())).collect();
    let (hour, minute) = (3600.0, 60.0);
    assert_eq!(
        values,
        [
            (5.0 * minute, "5 min"),
            (40.0 * hour + 55.0 * minute, "40 h 50 min – 41 h"),
            (41.0 * hour, "29–53 h"),
        ]
    );
}

#[test]
fn coarsest_input_sets_the_precision_without_earlier_rounding() {
    let coarse =
        with("coarse", &[(ImpactStart, "2026-03-17T14:05Z"), (ResolvedAt, "2026-03-17T14:05:40Z")]);
    assert_eq!(value_of(&coarse, DurationName::Ttr), "< 1 min");
    let metric =
        aggregated(std::slice::from_ref(&coarse), DurationName::Ttr).groups[0].metrics[0].clone();
    assert_eq!((metric.known, metric.summary.values[0].seconds), (1, 40.0), "it is a value");
    for (start, end, shown) in [
        ("2026-03-17T14:05:00Z", "2026-03-17T14:06:59Z", "1 min 59 s"),
        ("2026-03-17T14:05:00.250Z", "2026-03-17T14:06:59.500Z", "1 min 59 s"),
        ("2026-03-17T14:05Z", "2026-03-17T14:06:59Z", "1 min"),
        ("~2026-03-17T14:05Z", "2026-03-17T14:06:59Z", "~1 min"),
        ("2026-03-17", "2026-03-18T14:06:59Z", "0–2 d"),
    ] {
        let one = with("one", &[(ImpactStart, start), (ResolvedAt, end)]);
        assert_eq!(value_of(&one, DurationName::Ttr), shown, "{start} to {end}");
    }
    // Each would be shown as a minute; their median is computed from seconds and fractions.
    let seconds = ["05:10Z", "05:20Z", "05:59.500Z", "06:10Z", "06:20Z"];
    let all: Vec<Incident> = (0..5)
        .map(|n| {
            let end = format!("2026-03-17T14:{}", seconds[n]);
            with(&format!("i{n}"), &[(ImpactStart, "2026-03-17T14:04Z"), (ResolvedAt, &end)])
        })
        .collect();
    let summary = &aggregated(&all, DurationName::Ttr).groups[0].metrics[0].summary;
    assert_eq!(summary.median.and_then(|median| median.value), Some(119.5));
    assert_eq!(
        summary.mean.as_ref().map(|mean| mean.value),
        Some((70.0 + 80.0 + 119.5 + 130.0 + 140.0) / 5.0)
    );
}
