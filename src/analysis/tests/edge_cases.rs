//! Tests the fifteen edge cases of the definitions, in their order, and the five kinds of write-ups
//! for which the definitions must work.

use chrono::{DateTime, TimeDelta, Utc};

use crate::analysis::config::{Definitions, Witness};
use crate::analysis::duration_name::DurationName;
use crate::analysis::fixture::{at, entry, incident, update, window, with};
use crate::analysis::gap::Gap;
use crate::analysis::impact::{ImpactSummary, summarize};
use crate::analysis::phases::{Duration, durations};
use crate::analysis::progress::reopened;
use crate::analysis::rules::{self, Context};
use crate::analysis::stats::{Grouping, ImpactTotal, Method, StatsOptions, StatsTable, stats};
use crate::model::evidence::{choices, settle};
use crate::model::id::IncidentId;
use crate::model::impact::Level;
use crate::model::milestone::Basis;
use crate::model::milestone::MilestoneName::{
    DeclaredAt, DetectedAt, FirstNoticeAt, ImpactEnd, ImpactStart, MitigatedAt, ResolvedAt,
};
use crate::model::timeline::{Entry, State};
use crate::model::{Incident, Kind, Maintenance, Status, Trigger};

fn duration(incident: &Incident, name: DurationName) -> Duration {
    duration_as_of(incident, name, None)
}

fn duration_as_of(incident: &Incident, name: DurationName, now: Option<&str>) -> Duration {
    let now: Option<DateTime<Utc>> = now.map(|now| now.parse().expect("a test's instant"));
    let all = durations(incident, &Definitions::default(), now);
    all.into_iter().find(|duration| duration.name == name).expect("every duration is there")
}

/// The value or the reason, as text.
fn value_of(incident: &Incident, name: DurationName) -> String {
    duration(incident, name).value.map_or_else(|gap| gap.to_string(), |value| value.to_string())
}

fn aggregated(incidents: &[Incident], metric: DurationName) -> StatsTable {
    let options = StatsOptions { metrics: vec![metric], ..StatsOptions::default() };
    stats(&incidents.iter().collect::<Vec<_>>(), &Definitions::default(), &options)
}

/// The findings of `check`, as `rule: message`.
fn findings(incident: &Incident) -> Vec<String> {
    let found = rules::check(&Context::new(incident, &Definitions::default(), &[], None));
    found.into_iter().map(|finding| format!("{}: {}", finding.rule, finding.message)).collect()
}

#[test]
fn unknown_detection_time_is_missing_not_zero() {
    let unseen =
        with("unseen", &[(ImpactStart, "2026-03-17T14:05Z"), (ResolvedAt, "2026-03-17T15:05Z")]);
    assert_eq!(value_of(&unseen, DurationName::Ttd), "detected_at is unknown");
    let metric = &aggregated(&[unseen], DurationName::Ttd).groups[0].metrics[0];
    assert_eq!((metric.known, metric.missing, metric.summary.n), (0, 1, 0));
}

#[test]
fn detection_before_impact_is_zero_and_proactive() {
    let early =
        with("early", &[(DetectedAt, "2026-03-17T14:02Z"), (ImpactStart, "2026-03-17T14:05Z")]);
    let ttd = duration(&early, DurationName::Ttd);
    assert_eq!(ttd.value.map(|value| value.middle()), Ok(TimeDelta::zero()));
    assert_eq!(
        ttd.remark.map(|remark| remark.to_string()).as_deref(),
        Some("proactive, 3 min before impact")
    );
    let metric = &aggregated(&[early], DurationName::Ttd).groups[0].metrics[0];
    assert_eq!((metric.known, metric.proactive, metric.summary.n), (0, 1, 0), "counted separately");
}

#[test]
fn near_miss_has_no_durations_and_is_counted_separately() {
    let mut near =
        with("near", &[(ImpactStart, "2026-03-17T14:05Z"), (ResolvedAt, "2026-03-17T15:05Z")]);
    near.kind = Some(Kind::NearMiss);
    near.impact.windows = vec![window("2026-03-17T14:05Z", Some("2026-03-17T15:05Z"), None, &[])];
    assert_eq!(summarize(&near, None), ImpactSummary::default(), "no windows");
    assert!(
        durations(&near, &Definitions::default(), None)
            .iter()
            .all(|duration| duration.value == Err(Gap::NearMiss))
    );
    let group = &aggregated(&[near], DurationName::Ttr).groups[0];
    assert_eq!(
        (group.incidents, group.excluded.near_misses, group.impact),
        (0, 1, ImpactTotal::default())
    );
}

#[test]
fn maintenance_and_drills_are_excluded_and_overruns_are_reported() {
    let ends = [
        (ImpactStart, "2026-03-17T02:00Z"),
        (ImpactEnd, "2026-03-17T05:00Z"),
        (ResolvedAt, "2026-03-17T05:05Z"),
    ];
    let (mut plan, mut drill) = (with("plan", &ends), with("drill", &ends));
    plan.kind = Some(Kind::Maintenance);
    plan.services = vec!["queue".into(), "login".into()];
    plan.impact.windows =
        vec![window("2026-03-17T02:00Z", Some("2026-03-17T05:00Z"), None, &["queue", "login"])];
    plan.maintenance = Some(Maintenance {
        scheduled_until: "2026-03-17T04:00Z".parse().ok(),
        expected: vec!["queue".into()],
        ..Maintenance::default()
    });
    drill.kind = Some(Kind::Drill);
    assert_eq!(value_of(&plan, DurationName::Ttr), "maintenance is outside every duration");
    let overrun: Vec<String> = findings(&plan)
        .into_iter()
        .filter(|finding| finding.starts_with("maintenance-overrun"))
        .collect();
    assert_eq!(
        overrun,
        [
            "maintenance-overrun: login was affected, which the plan did not expect",
            "maintenance-overrun: the impact ended at 2026-03-17 05:00 UTC, after scheduled_until (2026-03-17 04:00 UTC)",
        ]
    );
    let table = aggregated(&[plan, drill], DurationName::Ttr);
    let group = &table.groups[0];
    assert_eq!((group.incidents, group.excluded.maintenance, group.excluded.drills), (0, 1, 1));
    assert_eq!(
        (group.impact, table.between_failures.len()),
        (ImpactTotal::default(), 0),
        "outside of every sum too"
    );
}

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

#[test]
fn recovery_time_exists_only_for_deployments() {
    let mut pushed =
        with("pushed", &[(ImpactStart, "2026-03-17T14:05Z"), (ImpactEnd, "2026-03-17T14:45Z")]);
    assert_eq!(value_of(&pushed, DurationName::Fdrt), "the type of the trigger is unknown");
    let deployed_at = "2026-03-17T14:00Z".parse().ok();
    for (kind, expected) in [
        ("config_push", "45 min"),
        ("Config-Push", "45 min"),
        ("load", "the trigger is not a deployment"),
    ] {
        pushed.trigger =
            Some(Trigger { kind: Some(kind.into()), deployed_at, ..Trigger::default() });
        assert_eq!(value_of(&pushed, DurationName::Fdrt), expected, "{kind}");
    }
    pushed.trigger = Some(Trigger { kind: Some("deploy".into()), ..Trigger::default() });
    assert_eq!(value_of(&pushed, DurationName::Fdrt), "trigger.deployed_at is unknown");
}

/// A page that notified users late, and said too early that everything was normal.
#[test]
fn late_notice_and_early_all_clear_are_both_found() {
    let mut page = with(
        "early",
        &[
            (ImpactStart, "~2025-07-04T03:06Z"),
            (ImpactEnd, "~2025-07-04T03:26Z"),
            (FirstNoticeAt, "2025-07-04T03:15Z"),
            (ResolvedAt, "2025-07-04T03:46Z"),
        ],
    );
    page.timeline = vec![
        update("2025-07-04T03:15Z", State::Investigating, "More errors than usual."),
        update(
            "2025-07-04T03:29Z",
            State::Identified,
            "Everything is operating normally; we keep watching.",
        ),
        update("2025-07-04T03:46Z", State::Resolved, "It lasted about 20 minutes."),
    ];
    let values = [DurationName::Ttn, DurationName::Ttr, DurationName::Impact]
        .map(|name| value_of(&page, name));
    assert_eq!(values, ["~9 min", "~40 min", "~20 min"]);
    let findings_now = findings(&page);
    assert!(findings_now.iter().any(|finding| {
        finding.contains("17 min before the incident was resolved; impact had ended by then")
    }));
    assert!(
        findings_now
            .iter()
            .any(|finding| finding.contains("impact began ~9 min before the first public notice"))
    );
}

/// A report with nothing but sections, two of which have the same title.
#[test]
fn report_without_any_time_has_no_durations() {
    let mut report = incident("timeless");
    let section = |title: &str| crate::model::Section { title: title.into(), text: "Text.".into() };
    report.sections = vec![section("What we tried"), section("What we tried")];
    let findings_now = findings(&report);
    assert!(findings_now.contains(
        &"missing-milestones: no milestone is known, so no duration can be computed".to_owned()
    ));
    assert!(
        findings_now
            .iter()
            .any(|finding| finding.contains("`What we tried` appears twice; both texts remain"))
    );
    assert!(
        durations(&report, &Definitions::default(), None)
            .iter()
            .all(|duration| duration.value.is_err())
    );
}
