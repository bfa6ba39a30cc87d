use super::*;
use crate::sources::status::kit::api::testing::{outline, read};
use crate::sources::status::kit::odd_fields;

const INCIDENT: &str = r#"[{"id": 20008000, "createdAt": "2026-08-21T08:53:01.000Z", "updatedAt": "2026-08-25T09:00:00.000Z", "affectsAll": false,
        "instanceKeys": ["EX1"], "serviceKeys": ["search", "api"], "externalId": "1",
        "message": {"rootCause": "<p>A <b>disk</b>.</p>", "actionPlan": "Two disks.", "pathToResolution": null},
        "IncidentImpacts": [
          {"id": 1, "startTime": "2026-08-21T08:30:00.000Z", "endTime": "2026-08-21T09:30:00.000Z", "severity": "minor", "type": "featurePerfDegradation"},
          {"id": 2, "startTime": "2026-08-21T08:40:00.000Z", "endTime": "2026-08-21T09:40:00.000Z", "severity": "major", "type": "serviceDisruption"}, 5],
        "IncidentEvents": [
          {"id": 12, "message": "It is <i>over</i>.", "type": "herokuIncidentResolved", "createdAt": "2026-08-21T09:45:00.000Z", "updatedAt": "2026-08-21T10:00:00.000Z"},
          {"id": 11, "message": "We look.", "type": "investigatingCauseOfIssue", "createdAt": "2026-08-21T08:53:00.000Z"},
          {"id": 10, "message": "When?", "type": "x"}]}, {"name": "nameless"}]"#;

#[test]
fn impacts_give_the_impact_and_the_message_the_postmortem() {
    let (incidents, warnings) = read(&Salesforce, INCIDENT);
    let incident = &incidents[0];
    assert_eq!(
        outline(incident),
        [
            "2026-08-21T08:53:00Z - We look.",
            "2026-08-21T09:45:00Z resolved It is *over*.",
            "2026-08-25T09:00:00Z postmortem **Root cause**\n\nA **disk**.\n\n**Action plan**\n\nTwo disks.",
        ]
    );
    let sections =
        [(SectionName::RootCause, "A **disk**."), (SectionName::FollowUps, "Two disks.")];
    assert_eq!(incident.sections, sections.map(|(name, text)| (name, text.to_owned())));
    assert_eq!(incident.title, "Feature perf degradation: search, api");
    assert_eq!(incident.impact_start.unwrap().to_string(), "2026-08-21T08:30:00Z");
    assert_eq!(incident.impact_end.unwrap().to_string(), "2026-08-21T09:40:00Z");
    assert_eq!(incident.announced.unwrap().to_string(), "2026-08-21T08:53:00Z");
    assert_eq!((incident.impact_word.as_deref(), incident.maintenance), (Some("major"), false));
    assert_eq!(
        incident.components,
        ["search", "api"].map(|name| ("EX1".to_owned(), name.to_owned()))
    );
    assert_eq!(incident.updates[1].edited.unwrap().to_rfc3339(), "2026-08-21T10:00:00+00:00");
    for part in [
        "an impact of incident 20008000 cannot be read",
        "has no time that can be read",
        "has no id",
    ] {
        assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:?}");
    }
    assert_eq!((incidents.len(), warnings.len()), (1, 3), "{warnings:?}");
}

#[test]
fn open_impact_leaves_the_end_unknown() {
    let open = INCIDENT.replacen("\"2026-08-21T09:30:00.000Z\"", "null", 1);
    let (incidents, _) = read(&Salesforce, &open);
    assert!(incidents[0].impact_start.is_some() && incidents[0].impact_end.is_none());
}

#[test]
fn maintenance_has_its_plan_and_no_impact() {
    let text = r#"[{"id": 7, "name": "Release", "createdAt": "2026-08-01T10:00:00.000Z", "plannedStartTime": "2026-08-09T16:00:00.000Z", "plannedEndTime": "2026-08-09T16:05:00.000Z",
            "instanceKeys": ["EX1", "EX2"], "serviceKeys": ["api"], "message": {"eventStatus": "completed", "availability": "available"},
            "MaintenanceImpacts": [{"startTime": "2026-08-09T16:00:00.000Z", "endTime": "2026-08-09T16:05:00.000Z", "severity": "maintenance", "type": "deployingRelease"}],
            "MaintenanceEvents": [{"id": 1, "message": "Planned.", "type": "scheduled", "createdAt": "2026-08-01T10:00:00.000Z"}]}]"#;
    let (incidents, warnings) = read(&Salesforce, text);
    let incident = &incidents[0];
    assert_eq!(
        (incident.maintenance, incident.impact_start, incident.impact_word.as_deref()),
        (true, None, None)
    );
    assert_eq!(incident.scheduled.unwrap().1.unwrap().to_string(), "2026-08-09T16:05:00Z");
    assert_eq!((incident.title.as_str(), incident.state), ("Release", Some(State::Completed)));
    assert_eq!(outline(incident), ["2026-08-01T10:00:00Z scheduled Planned."]);
    let names: Vec<&str> = incident.components.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!((names, warnings), (vec!["api", "EX1", "EX2"], vec![]));
}

#[test]
fn wrong_type_loses_no_other_text() {
    odd_fields::check(&odd_fields::Capture {
        source: &Salesforce,
        essential: &["id"],
        refers: false,
        text: r#"[{"id": 20008000, "createdAt": "2026-08-21T08:53:01.000Z", "updatedAt": "2026-08-25T09:00:00.000Z", "affectsAll": false, "instanceKeys": ["EX1"], "serviceKeys": ["search"],
           "message": {"rootCause": "text-b2", "actionPlan": null}, "IncidentImpacts": [{"id": 1, "startTime": "2026-08-21T08:30:00.000Z", "endTime": "2026-08-21T09:30:00.000Z", "severity": "minor", "type": "x"}],
           "IncidentEvents": [{"id": 12, "message": "text-a2", "type": "herokuIncidentResolved", "createdAt": "2026-08-21T09:45:00.000Z", "updatedAt": "2026-08-21T10:00:00.000Z"},
             {"id": 11, "message": "text-a1", "type": "x", "createdAt": "2026-08-21T08:53:00.000Z"}]},
          {"id": 20008001, "createdAt": "2026-08-22T08:53:01.000Z", "IncidentEvents": [{"id": 13, "message": "text-b1", "type": "x", "createdAt": "2026-08-22T08:53:00.000Z"}]}]"#,
    });
}
