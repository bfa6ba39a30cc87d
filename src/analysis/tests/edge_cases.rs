//! Tests the fifteen edge cases of the definitions, in their order, and the five kinds of write-ups
//! for which the definitions must work.

use chrono::{DateTime, TimeDelta, Utc};

use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::fixture::{incident, update, window, with};
use crate::analysis::gap::Gap;
use crate::analysis::impact::{ImpactSummary, summarize};
use crate::analysis::phases::{Duration, durations};
use crate::analysis::rules::{self, Context};
use crate::analysis::stats::{ImpactTotal, StatsOptions, StatsTable, stats};
use crate::model::milestone::MilestoneName::{
    DetectedAt, FirstNoticeAt, ImpactEnd, ImpactStart, ResolvedAt,
};
use crate::model::timeline::State;
use crate::model::{Incident, Kind, Maintenance, Trigger};

pub(super) fn duration(incident: &Incident, name: DurationName) -> Duration {
    duration_as_of(incident, name, None)
}

pub(super) fn duration_as_of(
    incident: &Incident,
    name: DurationName,
    now: Option<&str>,
) -> Duration {
    let now: Option<DateTime<Utc>> = now.map(|now| now.parse().expect("a test's instant"));
    let all = durations(incident, &Definitions::default(), now);
    all.into_iter().find(|duration| duration.name == name).expect("every duration is there")
}

/// The value or the reason, as text.
pub(super) fn value_of(incident: &Incident, name: DurationName) -> String {
    duration(incident, name).value.map_or_else(|gap| gap.to_string(), |value| value.to_string())
}

pub(super) fn aggregated(incidents: &[Incident], metric: DurationName) -> StatsTable {
    let options = StatsOptions { metrics: vec![metric], ..StatsOptions::default() };
    stats(&incidents.iter().collect::<Vec<_>>(), &Definitions::default(), &options)
}

/// The findings of `check`, as `rule: message`.
pub(super) fn findings(incident: &Incident) -> Vec<String> {
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
