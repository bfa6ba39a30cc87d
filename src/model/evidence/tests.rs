use super::*;
use crate::model::Detection;
use crate::model::milestone::MilestoneName::{DetectedAt, FirstNoticeAt, ImpactEnd, ResolvedAt};
use crate::model::origin::SourceInfo;
use crate::model::timeline::State;

fn trust() -> Trust<'static> {
    Trust { order: &TRUST, tolerance: TimeDelta::minutes(2) }
}

fn entry(at: &str, kind: EntryKind, source: &str, milestone: MilestoneName) -> Entry {
    Entry {
        at: at.parse().ok(),
        kind: Some(kind),
        source: source.parse().ok(),
        milestone: Some(milestone),
        ..Entry::default()
    }
}

fn incident(timeline: Vec<Entry>) -> Incident {
    Incident { timeline, ..Incident::new("a".parse().unwrap(), "A") }
}

/// The milestone with its source, and each candidate with its verdict.
fn summary(incident: &Incident, name: MilestoneName) -> String {
    let Some(choice) = choose(incident, name, trust()) else { return "unknown".to_owned() };
    let source = choice.milestone.source.map_or_else(String::new, |source| format!(" {source}"));
    let candidates: Vec<String> = choice
        .candidates
        .iter()
        .map(|one| format!("{} {} {:?}", one.witness, one.at, one.verdict))
        .collect();
    format!(
        "{}{source} ({}): {}",
        choice.milestone.at,
        choice.milestone.basis,
        candidates.join(", ")
    )
}

#[test]
fn most_trusted_witness_wins_and_others_stay_candidates() {
    let mut torn = incident(vec![
        entry("2026-03-17T14:07Z", EntryKind::StatusUpdate, "S1#u@0f", DetectedAt),
        entry("2026-03-17T14:10Z", EntryKind::Message, "S2", DetectedAt),
        entry("2026-03-17T14:09Z", EntryKind::Alert, "S3#a@1e", DetectedAt),
    ]);
    assert_eq!(
        summary(&torn, DetectedAt),
        "2026-03-17T14:09Z S3#a (alert): alert 2026-03-17T14:09Z Chosen, chat 2026-03-17T14:10Z Agrees, \
         status_page 2026-03-17T14:07Z Agrees"
    );
    torn.timeline[2].hidden = true;
    torn.timeline[1].at = "2026-03-17T14:10:30Z".parse().ok();
    assert_eq!(
        summary(&torn, DetectedAt),
        "2026-03-17T14:10:30Z S2 (observed): chat 2026-03-17T14:10:30Z Chosen, status_page 2026-03-17T14:07Z Disagrees"
    );
    let pages_first = Trust { order: &[Witness::StatusPage], ..trust() };
    assert_eq!(choose(&torn, DetectedAt, pages_first).unwrap().witness, Some(Witness::StatusPage));
}

#[test]
fn stated_milestone_wins_and_is_compared_with_its_evidence() {
    let mut stated =
        incident(vec![entry("2026-03-17T14:09Z", EntryKind::Alert, "S3#a@1e", DetectedAt)]);
    stated.milestones.detected_at = Some(Milestone::observed("2026-03-17T14:21Z".parse().unwrap()));
    assert_eq!(
        summary(&stated, DetectedAt),
        "2026-03-17T14:21Z (observed): alert 2026-03-17T14:09Z Disagrees"
    );
    assert_eq!(settle(&mut stated, trust()), []);
    stated.milestones.detected_at = None;
    assert_eq!(settle(&mut stated, trust()), [DetectedAt]);
    let settled = summary(&stated, DetectedAt);
    assert_eq!(settled, "2026-03-17T14:09Z S3#a (alert): alert 2026-03-17T14:09Z Chosen");
}

#[test]
fn within_one_source_the_first_start_and_the_last_end_count() {
    let alerts = incident(vec![
        entry("2026-03-17T14:30Z", EntryKind::Alert, "S1#b", DetectedAt),
        entry("2026-03-17T14:09Z..2026-03-17T14:35Z", EntryKind::Alert, "S1#c", DetectedAt),
        entry("2026-03-17T15:00Z", EntryKind::Alert, "S1#d", ImpactEnd),
        Entry {
            end: "2026-03-17T15:30Z".parse().ok(),
            ..entry("2026-03-17T14:00Z", EntryKind::Alert, "S1#e", ImpactEnd)
        },
    ]);
    assert!(
        summary(&alerts, DetectedAt).starts_with("2026-03-17T14:30Z S1#b"),
        "by then it surely had happened"
    );
    assert_eq!(
        summary(&alerts, ImpactEnd),
        "2026-03-17T15:30Z S1#e (alert): alert 2026-03-17T15:30Z Chosen, alert 2026-03-17T15:00Z Superseded"
    );
}

#[test]
fn retracted_end_does_not_count() {
    let post = |at, state, milestone| Entry {
        state: Some(state),
        milestone,
        ..entry(at, EntryKind::StatusUpdate, "S1", FirstNoticeAt)
    };
    let mut again = incident(vec![
        post("2026-03-17T15:00Z", State::Resolved, Some(ResolvedAt)),
        post("2026-03-17T16:00Z", State::Investigating, None),
    ]);
    assert_eq!(
        (summary(&again, ResolvedAt).as_str(), settle(&mut again, trust()).len()),
        ("unknown", 0)
    );
    again.timeline.push(post("2026-03-17T17:00Z", State::Resolved, Some(ResolvedAt)));
    assert_eq!(
        summary(&again, ResolvedAt),
        "2026-03-17T17:00Z S1 (reported): status_page 2026-03-17T17:00Z Chosen, status_page 2026-03-17T15:00Z Superseded"
    );
}

#[test]
fn witness_follows_from_entry_kind_detection_method_and_source() {
    let mut any = incident(Vec::new());
    let note = entry("2026-03-17T14:00Z", EntryKind::Note, "S1", DetectedAt);
    let message = entry("2026-03-17T14:00Z", EntryKind::Message, "S1", DetectedAt);
    assert_eq!([&note, &message].map(|one| Witness::of(one, &any)), [Witness::Note, Witness::Chat]);
    any.sources.insert(
        "S1".into(),
        SourceInfo { format: Some("metrics-csv".into()), ..SourceInfo::default() },
    );
    assert_eq!(Witness::of(&note, &any), Witness::Metric);
    any.detection =
        Some(Detection { method: Some(DetectionMethod::CustomerReport), ..Detection::default() });
    assert_eq!([&note, &message].map(|one| Witness::of(one, &any)), [Witness::CustomerReport; 2]);
    let post = Entry { kind: None, state: Some(State::Identified), ..note };
    assert_eq!(Witness::of(&post, &any), Witness::StatusPage, "only a status page has states");
    let deploy = entry("2026-03-17T14:00Z", EntryKind::Deploy, "S1", DetectedAt);
    assert_eq!(Witness::of(&deploy, &any), Witness::Change);
}
