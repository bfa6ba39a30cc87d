use super::*;
use crate::model::evidence::TRUST;
use crate::model::timeline::EntryKind;

fn add(
    incident: &Incident,
    records: &[Record],
    from: &Provenance,
    evidence_options: EvidenceOptions<'_>,
) -> Plan {
    super::add(
        incident,
        records,
        from,
        evidence_options,
        Trust { order: &TRUST, tolerance: TimeDelta::minutes(2) },
    )
}

fn event(id: &str, at: &str) -> Record {
    Record::Event(EventRecord {
        id: id.into(),
        at: at.parse().ok(),
        end: None,
        kind: EntryKind::Alert,
        state: None,
        text: format!("alert {id}"),
        actor: None,
        suggests: Some(MilestoneName::DetectedAt),
        hidden: false,
        thread: None,
    })
}

fn from(hash: &str) -> Provenance {
    Provenance { format: "alertmanager".into(), sha256: Some(hash.into()), ..Provenance::default() }
}

fn applied(mut incident: Incident, plan: &Plan) -> Incident {
    plan.edits.iter().for_each(|edit| edit.apply(&mut incident));
    incident
}

fn empty() -> Incident {
    Incident::new("a".parse().unwrap(), "A")
}

#[test]
fn alert_outside_the_incident_is_stored_but_sets_no_milestone() {
    let mut over = empty();
    over.milestones.impact_start = Some(Milestone::observed("2026-03-17T14:00Z".parse().unwrap()));
    over.milestones.resolved_at = Some(Milestone::observed("2026-03-17T16:00Z".parse().unwrap()));
    let records = [
        event("a", "2020-02-06T00:17:58Z"),
        event("b", "2026-03-17T14:09:12Z"),
        event("c", "2026-03-20T00:00:00Z"),
    ];
    let plan = add(&over, &records, &from("x"), EvidenceOptions::default());
    assert!(
        plan.notes[0].message.contains("2020-02-06T00:17:58Z is not evidence for detected_at"),
        "{plan:?}"
    );
    let after = applied(over, &plan);
    assert_eq!(after.timeline.len(), 3);
    assert_eq!(after.milestones.detected_at.unwrap().at.to_string(), "2026-03-17T14:09:12Z");
    // While the incident is ongoing, a later alert may still be the first one.
    let mut open = empty();
    open.milestones.impact_start = Some(Milestone::observed("2026-03-17T14:00Z".parse().unwrap()));
    let plan =
        add(&open, &[event("c", "2026-03-20T00:00:00Z")], &from("x"), EvidenceOptions::default());
    assert!(applied(open, &plan).milestones.detected_at.is_some());
}

#[test]
fn first_alert_sets_the_detection() {
    let records = [event("b", "2026-03-17T14:10:00Z"), event("a", "2026-03-17T14:09:12Z")];
    let after = applied(empty(), &add(&empty(), &records, &from("x"), EvidenceOptions::default()));
    let detected = after.milestones.detected_at.clone().unwrap();
    assert_eq!(
        (detected.at.to_string().as_str(), detected.basis),
        ("2026-03-17T14:09:12Z", Basis::Alert)
    );
    assert_eq!(detected.source.unwrap().to_string(), "S1#a");
    let marked: Vec<_> = after.timeline.iter().map(|entry| entry.milestone).collect();
    assert_eq!(marked, [Some(MilestoneName::DetectedAt), None], "the first, not every one");
}

#[test]
fn better_witness_is_reported_without_overwriting() {
    let mut page = empty();
    let post = Entry {
        at: "2026-03-17T14:21Z".parse().ok(),
        kind: Some(EntryKind::StatusUpdate),
        milestone: Some(MilestoneName::DetectedAt),
        source: "S1#u1".parse().ok(),
        ..Entry::default()
    };
    page.timeline.push(post);
    page.sources.insert("S1".into(), SourceInfo::default());
    let alert = [event("a", "2026-03-17T14:09:12Z")];
    let plan = add(&page, &alert, &from("x"), EvidenceOptions::default());
    assert_eq!(
        plan.notes[0].message,
        "detected_at moves from 2026-03-17T14:21Z to 2026-03-17T14:09:12Z, as alert S2#a says"
    );
    assert_eq!(applied(page.clone(), &plan).milestones.detected_at, None, "the mark sets it");
    page.milestones.detected_at = Some(Milestone {
        basis: Basis::Reported,
        source: "S1#u1".parse().ok(),
        ..Milestone::observed("2026-03-17T14:21Z".parse().unwrap())
    });
    let plan = add(&page, &alert, &from("x"), EvidenceOptions::default());
    assert_eq!(
        plan.notes[0].message,
        "detected_at stays at 2026-03-17T14:21Z; alert S2#a says 2026-03-17T14:09:12Z"
    );
    assert!(plan.notes[0].hints[0].contains("remove detected_at from `milestones`"), "{plan:?}");
    assert_eq!(applied(page.clone(), &plan).milestones, page.milestones);
}

#[test]
fn longer_capture_marks_no_later_alert() {
    let mut old = applied(
        empty(),
        &add(
            &empty(),
            &[event("a", "2026-03-17T14:09:12Z")],
            &from("x"),
            EvidenceOptions::default(),
        ),
    );
    for marked in [true, false] {
        let longer = [event("a", "2026-03-17T14:09:12Z"), event("b", "2026-03-17T14:20:00Z")];
        let plan = add(&old, &longer, &from("y"), EvidenceOptions::default());
        assert_eq!(applied(old.clone(), &plan).timeline[1].milestone, None, "{marked}");
        assert!(plan.notes.is_empty(), "{plan:?}");
        old.timeline[0].milestone = None;
    }
}

#[test]
fn stated_milestone_stays_and_the_difference_is_reported() {
    let mut stated = empty();
    stated.milestones.detected_at = Some(Milestone::observed("2026-03-17T14:00Z".parse().unwrap()));
    let plan =
        add(&stated, &[event("a", "2026-03-17T14:09:12Z")], &from("x"), EvidenceOptions::default());
    assert_eq!(applied(stated.clone(), &plan).milestones, stated.milestones);
    assert!(plan.notes[0].message.contains("stays at"), "{plan:?}");
}

#[test]
fn same_bytes_change_nothing_and_longer_capture_adds_new_entries() {
    let first = applied(
        empty(),
        &add(
            &empty(),
            &[event("a", "2026-03-17T14:09:12Z")],
            &from("x"),
            EvidenceOptions::default(),
        ),
    );
    assert!(
        add(&first, &[event("a", "2026-03-17T14:09:12Z")], &from("x"), EvidenceOptions::default())
            .edits
            .is_empty()
    );
    let longer = [event("a", "2026-03-17T14:09:12Z"), event("b", "2026-03-17T14:20:00Z")];
    let second =
        applied(first.clone(), &add(&first, &longer, &from("y"), EvidenceOptions::default()));
    assert_eq!(second.timeline.len(), 2);
    assert_eq!(second.sources.keys().collect::<Vec<_>>(), ["S1", "S2"]);
}

#[test]
fn clock_offset_is_subtracted() {
    let clock_offset = "90s".parse().ok();
    let evidence_options = EvidenceOptions { clock_offset, ..EvidenceOptions::default() };
    let after = applied(
        empty(),
        &add(&empty(), &[event("a", "2026-03-17T14:09:12Z")], &from("x"), evidence_options),
    );
    assert_eq!(after.timeline[0].at.unwrap().to_string(), "2026-03-17T14:07:42Z");
}

#[test]
fn marked_chat_messages_are_imported_with_roles_for_names() {
    let message = |id: &str, thread: &str, hidden| match event(id, "2026-03-17T14:10:00Z") {
        Record::Event(event) => Record::Event(EventRecord {
            kind: EntryKind::Message,
            suggests: None,
            actor: Some("Ana Alm".into()),
            text: format!("{id}: @Ana Alm and Ana Alma ask Ana"),
            thread: Some(thread.into()),
            hidden,
            ..event
        }),
        other => other,
    };
    let records = [
        message("a", "1772359200.000002", false),
        message("b", "1772359200.000002", true),
        message("c", "1772359299.000001", false),
    ];
    let roles: BTreeMap<String, String> =
        [("Ana Alm", "on-call"), ("Ana", "somebody")].map(|(a, b)| (a.into(), b.into())).into();
    let evidence_options = EvidenceOptions {
        thread: Some("https://x.example/archives/C1/p1772359200000002?cid=C1"),
        roles: Some(&roles),
        ..EvidenceOptions::default()
    };
    let plan = add(&empty(), &records, &from("x"), evidence_options);
    let notes: Vec<&str> = plan.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(
        notes,
        [
            "--thread leaves out 1 message",
            "1 message that nobody pinned, starred or marked with an emoji was left out"
        ]
    );
    let timeline = applied(empty(), &plan).timeline;
    assert_eq!(timeline.len(), 1);
    assert_eq!(timeline[0].text, "a: @on-call and somebody Alma ask somebody");
    assert_eq!(timeline[0].actor.as_deref(), Some("on-call"));
    // The rest of a chat that is already in the file.
    let marked = applied(empty(), &plan);
    let rest = EvidenceOptions { all_messages: true, ..EvidenceOptions::default() };
    let whole = applied(marked.clone(), &add(&marked, &records, &from("x"), rest));
    assert_eq!((whole.timeline.len(), whole.sources.len()), (3, 1));
    let all = EvidenceOptions { all_messages: true, ..evidence_options };
    let timeline = applied(empty(), &add(&empty(), &records, &from("x"), all)).timeline;
    assert_eq!(timeline.iter().map(|entry| entry.hidden).collect::<Vec<_>>(), [false, true]);
}
