use proptest::prelude::*;

use super::*;
use crate::analysis::config::{Definitions, Pair};
use crate::analysis::fixture::{at, entry, incident, update, window, with};
use crate::analysis::phases::Duration;
use crate::analysis::rules::Nature;
use crate::diag::Level as Weight;
use crate::model::action::{ActionItem, ActionStatus};
use crate::model::impact::Level;
use crate::model::milestone::{Basis, MilestoneName};
use crate::model::origin::{EntryRef, SourceInfo};
use crate::model::path::Path;
use crate::model::timeline::{Entry, EntryKind, State};
use crate::model::{Cause as RootCause, Incident, Kind, Section, Status, Trigger};
use MilestoneName::{AcknowledgedAt, DetectedAt, ImpactEnd, ImpactStart, ResolvedAt};

fn changed(before: &Incident, after: &Incident) -> Change {
    let definitions = Definitions::default();
    let side = |incident| Side { incident, definitions: &definitions, proven: &[] };
    compare(side(before), side(after))
}

fn words(value: &Value) -> String {
    match value {
        Value::Moment(moment) => moment.to_string(),
        Value::Text(text) => format!("{text:?}"),
    }
}

fn item(item: &Item) -> String {
    let parts = [
        item.name.clone(),
        item.at.map(|at| at.to_string()),
        item.end.map(|end| format!("to {end}")),
    ];
    let named: Vec<String> = parts.into_iter().flatten().chain([item.text.clone()]).collect();
    named.join(" ")
}

/// One short line per change.
fn lines_of(change: &Change) -> String {
    let field = |field: &FieldChange| {
        let of = field.of.as_ref().map_or_else(String::new, |of| format!(" of <{}>", item(of)));
        match &field.what {
            What::Added(new) => format!("{}{of}: + <{}>", field.path, item(new)),
            What::Removed(old) => format!("{}{of}: - <{}>", field.path, item(old)),
            What::Set(new) => format!("{}{of}: set to {}", field.path, words(new)),
            What::Unset(old) => format!("{}{of}: no longer {}", field.path, words(old)),
            What::Changed(old, new) => {
                format!("{}{of}: {} to {}", field.path, words(old), words(new))
            }
        }
    };
    let value = |duration: &Duration| {
        duration.value.as_ref().map_or_else(|why| format!("? ({why})"), ToString::to_string)
    };
    let mut lines = Vec::new();
    for duration in &change.durations {
        let because = duration.because.iter().map(|cause| match cause {
            Cause::Definitions => "definitions".to_owned(),
            Cause::Fields(fields) => fields
                .iter()
                .map(|&index| change.fields[index].path.to_string())
                .collect::<Vec<_>>()
                .join(" & "),
        });
        let because: Vec<String> = because.collect();
        let (before, after) = (value(&duration.before), value(&duration.after));
        let alone = if duration.either_alone { " (either alone)" } else { "" };
        lines.push(format!(
            "{}: {before} → {after} because {}{alone}",
            duration.name,
            because.join(" and ")
        ));
    }
    lines.extend(change.fields.iter().map(field));
    lines.join("\n")
}

fn outage() -> Incident {
    let mut outage = with(
        "outage",
        &[
            (ImpactStart, "2026-03-17T14:00Z"),
            (DetectedAt, "2026-03-17T14:10Z"),
            (AcknowledgedAt, "2026-03-17T14:12Z"),
            (ImpactEnd, "2026-03-17T16:30Z"),
            (ResolvedAt, "2026-03-17T17:00Z"),
        ],
    );
    outage.impact.windows = vec![
        window("2026-03-17T14:00Z", Some("2026-03-17T15:00Z"), Some(Level::Full), &["api"]),
        window("2026-03-17T16:00Z", Some("2026-03-17T16:30Z"), Some(Level::Degraded), &["api"]),
    ];
    outage.timeline = vec![
        entry("2026-03-17T14:10Z", "The pager went off."),
        entry("2026-03-17T15:00Z", "Rolled back."),
    ];
    outage
}

#[test]
fn moved_milestone_explains_only_the_durations_that_depend_on_it() {
    let (before, mut after) = (outage(), outage());
    *after.milestones.slot(ResolvedAt) = at("2026-03-17T19:00Z");
    insta::assert_snapshot!(lines_of(&changed(&before, &after)), @"
    ttr: 3 h → 5 h because milestones.resolved_at
    milestones.resolved_at: 2026-03-17T17:00Z to 2026-03-17T19:00Z
    ");
}

#[test]
fn two_changes_needed_together_are_reported_together() {
    let (before, mut after) = (incident("a"), incident("a"));
    *after.milestones.slot(ImpactStart) = at("2026-03-17T14:00Z");
    *after.milestones.slot(ResolvedAt) = at("~2026-03-17T15:00Z");
    *after.milestones.slot(AcknowledgedAt) = at("2026-03-17T14:30Z");
    insta::assert_snapshot!(lines_of(&changed(&before, &after)), @r#"
    ttr: ? (impact_start is unknown) → ~1 h because milestones.impact_start and milestones.resolved_at
    status: set to "resolved"
    milestones.impact_start: set to 2026-03-17T14:00Z
    milestones.acknowledged_at: set to 2026-03-17T14:30Z
    milestones.resolved_at: set to ~2026-03-17T15:00Z
    "#);
}

#[test]
fn changed_impact_windows_are_listed_individually() {
    let (before, mut after) = (outage(), outage());
    after.impact.windows[1].end = Some("2026-03-17T16:45Z".parse().unwrap());
    after.impact.windows[0].components.push("web".to_owned());
    after.impact.windows.reverse();
    insta::assert_snapshot!(lines_of(&changed(&before, &after)), @r#"
    impact: 1 h 30 min → 1 h 45 min because impact.windows[0].end
    impact.windows[0].end of <2026-03-17T16:00Z to 2026-03-17T16:45Z degraded, api>: 2026-03-17T16:30Z to 2026-03-17T16:45Z
    impact.windows[1].components of <2026-03-17T14:00Z to 2026-03-17T15:00Z full, api, web>: + <web>
    "#);
    after.impact.windows.remove(1);
    insta::assert_snapshot!(lines_of(&changed(&before, &after)), @"
    impact: 1 h 30 min → 45 min because impact.windows[0].end and impact.windows[0]
    undetected: 10 min → < 1 min because impact.windows[0]
    impact.windows[0].end of <2026-03-17T16:00Z to 2026-03-17T16:45Z degraded, api>: 2026-03-17T16:30Z to 2026-03-17T16:45Z
    impact.windows[0]: - <2026-03-17T14:00Z to 2026-03-17T15:00Z full, api>
    ");
}

#[test]
fn kind_status_and_trigger_changes_are_causes() {
    let (before, mut after) = (outage(), outage());
    after.kind = Some(Kind::NearMiss);
    let change = changed(&before, &after);
    assert!(
        change.durations.iter().all(|duration| duration.because == [Cause::Fields(vec![0])]),
        "{change:#?}"
    );
    assert_eq!(
        lines_of(&Change { durations: vec![], ..change }),
        "kind: \"incident\" to \"near_miss\""
    );
    let mut triggered = outage();
    triggered.trigger = Some(Trigger {
        kind: Some("deploy".to_owned()),
        deployed_at: Some("2026-03-17T13:58Z".parse().unwrap()),
        ..Trigger::default()
    });
    insta::assert_snapshot!(lines_of(&changed(&before, &triggered)), @r#"
    fdrt: ? (the type of the trigger is unknown) → 2 h 32 min because trigger.type and trigger.deployed_at
    trigger.deployed_at: set to 2026-03-17T13:58Z
    trigger.type: set to "deploy"
    "#);
}

#[test]
fn timeline_state_can_end_an_implied_window() {
    let mut before =
        with("a", &[(ImpactStart, "2026-03-17T14:00Z"), (ImpactEnd, "2026-03-17T15:00Z")]);
    before.impact.windows = Vec::new();
    let mut after = before.clone();
    after.status = Some(Status::Resolved);
    after.timeline = vec![update("2026-03-17T15:00Z", State::Resolved, "Over.")];
    let change = changed(&before, &after);
    assert!(
        change.durations.is_empty(),
        "an end that was known already moves nothing: {change:#?}"
    );
    assert_eq!(change.fields.len(), 2);
}

#[test]
fn changed_definitions_are_the_cause_when_they_explain_it_alone() {
    let old = Definitions::default();
    let mut new = Definitions { version: 2, ..Definitions::default() };
    new.durations.insert(DurationName::Ttr, Pair { start: DetectedAt, end: ResolvedAt });
    let (before, mut after) = (outage(), outage());
    *after.milestones.slot(AcknowledgedAt) = at("2026-03-17T14:13Z");
    let change = compare(
        Side { incident: &before, definitions: &old, proven: &[] },
        Side { incident: &after, definitions: &new, proven: &[] },
    );
    insta::assert_snapshot!(lines_of(&change), @"
    tta: 2 min → 3 min because milestones.acknowledged_at
    ttr: 3 h → 2 h 50 min because definitions
    milestones.acknowledged_at: 2026-03-17T14:12Z to 2026-03-17T14:13Z
    ");
    let redefined: Vec<String> = redefined(&old, &new)
        .iter()
        .map(|field| format!("{}: {:?} → {:?}", field.name, field.before, field.after))
        .collect();
    assert_eq!(
        redefined,
        [
            r#"version: Some("1") → Some("2")"#,
            r#"TTR: Some("resolved_at − impact_start") → Some("resolved_at − detected_at")"#
        ]
    );
}

#[test]
fn order_defaults_wrapping_and_zones_are_not_changes() {
    let (mut before, mut after) = (outage(), outage());
    before.services = vec!["api".to_owned(), "web".to_owned()];
    after.services = vec!["web".to_owned(), "api".to_owned()];
    before.summary = Some("The API was down\nfor everyone.\n\n- first\n- second\n".to_owned());
    after.summary = Some("The API was\ndown for everyone.\n\n- first\n- second".to_owned());
    after.kind = Some(Kind::Incident);
    after.timeline.reverse();
    after.timeline[0].kind = Some(EntryKind::Note);
    *after.milestones.slot(ResolvedAt) = at("2026-03-17T18:00+01:00");
    assert_eq!(changed(&before, &after), Change::default());
    after.summary = Some("The API was\ndown for everyone.\n\n- second\n- first".to_owned());
    assert_eq!(changed(&before, &after).fields.len(), 1, "the order within a text is meant");
}

#[test]
fn moving_an_undated_entry_is_a_change() {
    let mut before = outage();
    before.timeline.insert(1, Entry { text: "Somebody called.".to_owned(), ..Entry::default() });
    let mut after = before.clone();
    after.timeline.swap(1, 2);
    insta::assert_snapshot!(lines_of(&changed(&before, &after)), @"timeline[2].follows of <Somebody called.>: 2026-03-17T14:10Z to 2026-03-17T15:00Z");
}

#[test]
fn list_items_are_matched_by_key_then_by_content() {
    let mut before = outage();
    before.timeline[0].source = Some(EntryRef::new("S1", "b2f1"));
    before.action_items = vec![
        ActionItem {
            id: Some("A1".into()),
            text: "Alert on lag".into(),
            owner: Some("ana".into()),
            ..ActionItem::default()
        },
        ActionItem { id: Some("A2".into()), text: "Write it down".into(), ..ActionItem::default() },
    ];
    before.root_causes = vec![RootCause {
        text: "A migration locked the table for an hour.".into(),
        ..RootCause::default()
    }];
    before.sections = vec![Section { title: "What we tried".into(), text: "Much.".into() }];
    before
        .sources
        .insert("S1".into(), SourceInfo { format: Some("note".into()), ..SourceInfo::default() });
    let mut after = before.clone();
    after.timeline[0] = Entry {
        at: "2026-03-17T14:09Z".parse().ok(),
        text: "The pager rang.".into(),
        ..after.timeline[0].clone()
    };
    after.timeline[1].at = "2026-03-17T15:05Z".parse().ok();
    after.timeline.insert(0, entry("2026-03-17T13:58Z", "The deploy went in."));
    after.action_items[0] = ActionItem {
        owner: Some("li".into()),
        due: "2026-04-15".parse().ok(),
        status: Some(ActionStatus::Done),
        ..after.action_items[0].clone()
    };
    after.action_items.remove(1);
    after.root_causes[0].text = "A migration locked the whole table for an hour.".into();
    after.sections[0].title = "What was tried".into();
    after.sources.insert(
        "S2".into(),
        SourceInfo {
            format: Some("csv".into()),
            title: Some("Queue depth".into()),
            ..SourceInfo::default()
        },
    );
    after.milestones.resolved_at.as_mut().unwrap().basis = Basis::Measured;
    insta::assert_snapshot!(lines_of(&changed(&before, &after)), @r#"
    milestones.resolved_at.basis: set to "measured"
    root_causes[0].text of <A migration locked the whole table for an hour.>: "A migration locked the table for an hour." to "A migration locked the whole table for an hour."
    action_items[0].due of <A1 Alert on lag>: set to "2026-04-15"
    action_items[0].owner of <A1 Alert on lag>: "ana" to "li"
    action_items[0].status of <A1 Alert on lag>: set to "done"
    action_items[1]: - <A2 Write it down>
    timeline[0]: + <2026-03-17T13:58Z The deploy went in.>
    timeline[1].at of <2026-03-17T14:09Z The pager rang.>: 2026-03-17T14:10Z to 2026-03-17T14:09Z
    timeline[1].text of <2026-03-17T14:09Z The pager rang.>: "The pager went off." to "The pager rang."
    timeline[2].at of <2026-03-17T15:05Z Rolled back.>: 2026-03-17T15:00Z to 2026-03-17T15:05Z
    sections[0].title of <What was tried >: "What we tried" to "What was tried"
    sources.S2: + <S2 Queue depth, csv>
    "#);
}

#[test]
fn reworded_or_moved_findings_are_not_reported_as_new() {
    let finding = |rule, message: &str, line: usize| Finding {
        rule,
        level: Weight::Warning,
        message: message.to_owned(),
        path: Path::key("timeline").then(line),
        hints: vec![],
        span: None,
        nature: Nature::Contradiction,
    };
    let before = [
        finding("gap", "1 h without an entry", 3),
        finding("gap", "2 h without an entry", 7),
        finding("x", "y", 0),
    ];
    let after = [
        finding("gap", "1 h without an entry", 4),
        finding("gap", "3 h without an entry", 7),
        finding("z", "y", 0),
    ];
    let (new, gone) = compare_findings(&before, &after);
    assert_eq!((new, gone), (vec![after[2].clone()], vec![before[2].clone()]));
}

fn instants() -> impl Strategy<Value = Option<u32>> {
    prop::option::weighted(0.8, 0u32..600)
}

prop_compose! {
    fn any_incident()(
        milestones in prop::collection::vec(instants(), MilestoneName::ALL.len()),
        windows in prop::collection::vec((0u32..600, prop::option::of(0u32..120)), 0..4),
        kind in prop::sample::select(vec![None, Some(Kind::Maintenance), Some(Kind::Drill)]),
        status in prop::option::of(prop::sample::select(Status::ALL)),
        states in prop::collection::vec((0u32..600, prop::sample::select(State::ALL)), 0..3),
        deployed in instants(),
    ) -> Incident {
        let time = |minute: u32| format!("2026-03-17T{:02}:{:02}Z", minute / 60, minute % 60);
        let mut incident = incident("a");
        for (&name, minute) in MilestoneName::ALL.iter().zip(milestones) {
            *incident.milestones.slot(name) = minute.and_then(|minute| at(&time(minute)));
        }
        incident.impact.windows = windows
            .iter()
            .map(|&(start, length)| window(&time(start), length.map(|length| time(start + length)).as_deref(), None, &[]))
            .collect();
        (incident.kind, incident.status) = (kind, status);
        incident.timeline = states.iter().map(|&(minute, state)| update(&time(minute), state, "News.")).collect();
        incident.trigger = deployed.map(|minute| Trigger {
            kind: Some("deploy".to_owned()),
            deployed_at: time(minute).parse().ok(),
            ..Trigger::default()
        });
        incident
    }
}

proptest! {
    #[test]
    fn file_compared_with_itself_has_no_changes(mut incident in any_incident()) {
        prop_assert_eq!(changed(&incident, &incident), Change::default());
        let before = incident.clone();
        incident.impact.windows.reverse();
        prop_assert_eq!(changed(&before, &incident), Change::default());
    }

    #[test]
    fn each_changed_duration_is_listed_with_a_cause(before in any_incident(), after in any_incident()) {
        let change = changed(&before, &after);
        let definitions = Definitions::default();
        let shown = |incident: &Incident| -> Vec<Option<String>> {
            let all = crate::analysis::phases::durations(incident, &definitions, None);
            all.into_iter().map(|duration| duration.value.ok().map(|value| value.to_string())).collect()
        };
        let differing = DurationName::ALL.iter().zip(shown(&before).into_iter().zip(shown(&after)));
        let differing: Vec<DurationName> = differing.filter(|(_, (a, b))| a != b).map(|(&name, _)| name).collect();
        let named: Vec<DurationName> = change.durations.iter().map(|duration| duration.name).collect();
        prop_assert_eq!(named, differing);
        for duration in &change.durations {
            prop_assert!(!duration.because.is_empty(), "{duration:?}");
            for cause in &duration.because {
                prop_assert!(*cause != Cause::Definitions && *cause != Cause::Fields(vec![]), "{duration:?}");
            }
        }
    }
}

/// Only the lines about durations.
fn moved(change: &Change) -> String {
    lines_of(change)
        .lines()
        .filter(|line| line.contains(" because "))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn window_end_and_level_are_separate_causes() {
    let (before, mut after) = (outage(), outage());
    after.impact.windows[1].end = Some("2026-03-17T16:45Z".parse().unwrap());
    after.impact.windows[1].level = Some(Level::Full);
    assert_eq!(
        moved(&changed(&before, &after)),
        "impact: 1 h 30 min → 1 h 45 min because impact.windows[1].end"
    );
}

#[test]
fn evidence_milestone_is_attributed_to_its_timeline_entry() {
    let proven = |at: &str| {
        let mut incident = with("proven", &[(ImpactStart, "2026-03-17T14:00Z")]);
        incident.timeline = vec![Entry {
            kind: Some(EntryKind::Alert),
            milestone: Some(DetectedAt),
            ..entry(at, "Lag alert.")
        }];
        crate::model::evidence::settle(&mut incident, Definitions::default().order_of_trust());
        incident
    };
    let definitions = Definitions::default();
    let (before, after) = (proven("2026-03-17T14:10Z"), proven("2026-03-17T14:30Z"));
    let side = |incident| Side { incident, definitions: &definitions, proven: &[DetectedAt] };
    let change = compare(side(&before), side(&after));
    assert!(
        moved(&change).starts_with("ttd: 10 min → 30 min because timeline[0]"),
        "{}",
        lines_of(&change)
    );
}

#[test]
fn each_sufficient_cause_is_listed() {
    let (before, mut after) = (outage(), outage());
    after.impact.windows[0].end = None;
    after.impact.windows[1].end = None;
    *after.milestones.slot(ImpactEnd) = None;
    *after.milestones.slot(ResolvedAt) = None;
    let change = changed(&before, &after);
    let impact = change.durations.iter().find(|one| one.name == DurationName::Impact).unwrap();
    assert!(!impact.either_alone, "{}", lines_of(&change));
    let mut before =
        with("kind", &[(ImpactStart, "2026-03-17T14:00Z"), (ResolvedAt, "2026-03-17T15:00Z")]);
    before.status = Some(Status::Resolved);
    let mut after = before.clone();
    after.kind = Some(Kind::NearMiss);
    *after.milestones.slot(ImpactStart) = None;
    let change = changed(&before, &after);
    let ttr = change.durations.iter().find(|one| one.name == DurationName::Ttr).unwrap();
    assert!(ttr.either_alone && ttr.because.len() == 2, "{}", lines_of(&change));
}

#[test]
fn changed_business_hours_change_the_business_hour_figures() {
    let incident = outage();
    let hours = |to: &str| Definitions {
        business_hours: toml::from_str(&format!("zone = \"UTC\"\nto = \"{to}\"")).ok(),
        ..Definitions::default()
    };
    let (before, after) = (hours("17:00"), hours("16:00"));
    let side = |definitions| Side { incident: &incident, definitions, proven: &[] };
    let change = compare(side(&before), side(&after));
    let moved: Vec<&str> = change.durations.iter().map(|one| one.name.as_str()).collect();
    assert!(moved.contains(&"ttr") && !moved.contains(&"ttd"), "{moved:?}");
    assert!(change.durations.iter().all(|one| one.because == [Cause::Definitions]));
}

#[test]
fn status_that_follows_from_the_rest_is_no_cause() {
    let mut before = incident("a");
    before.status = Some(Status::Resolved);
    *before.milestones.slot(ImpactStart) = at("2026-03-17T02:22Z");
    before.timeline = vec![update("2026-03-17T00:00Z", State::Investigating, "News.")];
    let mut after = incident("a");
    after.kind = Some(Kind::Drill);
    *after.milestones.slot(DetectedAt) = at("2026-03-17T00:00Z");
    *after.milestones.slot(ResolvedAt) = at("2026-03-17T00:00Z");
    after.impact.windows = vec![window("2026-03-17T00:00Z", None, None, &[])];
    insta::assert_snapshot!(moved(&changed(&before, &after)), @"
    impact: ? (no impact window is known) → < 1 min because milestones.resolved_at and impact.windows[0]
    undetected: ? (detected_at is unknown) → < 1 min because milestones.detected_at and impact.windows[0]
    ");
}
