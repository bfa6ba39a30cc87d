use super::*;
use crate::model::time::Moment;
use crate::sources::record::IncidentRecord;
use crate::sources::status::kit::api::testing::outline;
use crate::sources::status::kit::odd_fields;

fn read_in(zone: &str, text: &str) -> (Vec<IncidentRecord>, Vec<String>) {
    let input = Input::new("incidents.json", text);
    assert_eq!(Cachet.sniff(&input), Verdict::Yes, "{text}");
    let read = Cachet
        .read(&input, &ReadOptions { zone: zone.parse().ok(), ..ReadOptions::default() })
        .unwrap();
    let incidents = read.value.into_iter().map(|record| match record {
        Record::Incident(incident) => incident,
        other => panic!("not an incident: {other:?}"),
    });
    (incidents.collect(), read.warnings.iter().map(ToString::to_string).collect())
}

fn shown(at: Option<Moment>) -> String {
    at.map_or("-".to_owned(), |at| at.to_string())
}

fn summary_of(incident: &IncidentRecord) -> String {
    let mut lines = vec![
        format!(
            "{} \"{}\" {:?} {:?}",
            incident.id, incident.title, incident.state, incident.components
        ),
        format!("impact {} to {}", shown(incident.impact_start), shown(incident.impact_end)),
        format!("announced {}, resolved {}", shown(incident.announced), shown(incident.resolved)),
    ];
    lines.extend(outline(incident));
    lines.join("\n")
}

const SECOND: &str = r#"{"meta": {"pagination": {"total": 41, "count": 2, "per_page": "20", "current_page": 1, "total_pages": 3, "links": {"next_page": "https://status.example.com/api/v1/incidents?page=2", "previous_page": null}}},
 "data": [
  {"id": 7, "component_id": 2, "name": "Slow logins", "status": 4, "visible": 1, "stickied": false, "message": "We look.", "occurred_at": "2026-07-01 11:50:00", "created_at": "2026-07-01 12:00:00",
   "updated_at": "2026-07-01 13:00:00", "is_resolved": true, "human_status": "Fixed", "latest_status": 4, "permalink": "https://status.example.com/incidents/7", "component": {"id": 2, "name": "Login"},
   "updates": [{"id": 2, "incident_id": 7, "status": 4, "message": "Over.", "created_at": "2026-07-01 13:00:00", "updated_at": "2026-07-01 13:05:00"},
               {"id": 1, "incident_id": 7, "status": 2, "message": "Found.", "created_at": "2026-07-01 12:30:00", "updated_at": "2026-07-01 12:30:00"}, {"id": 3, "message": "When?"}]},
  {"id": 8, "name": "Fixed in silence", "status": 4, "message": "x", "occurred_at": "2026-07-02 11:50:00", "created_at": "2026-07-02 11:50:00", "human_status": "Fixed", "updates": []},
  {"id": 9, "name": "New", "status": "1", "message": "y", "occurred_at": null, "created_at": "2026-07-03 11:50:00", "human_status": "Investigating", "updates": null}]}"#;

#[test]
fn version_2_is_read_in_the_given_zone() {
    let (incidents, warnings) = read_in("Europe/Berlin", SECOND);
    insta::assert_snapshot!(incidents.iter().map(summary_of).collect::<Vec<_>>().join("\n\n"), @r#"
    7 "Slow logins" Some(Resolved) [("", "Login")]
    impact 2026-07-01T09:50:00Z to -
    announced 2026-07-01T10:00:00Z, resolved -
    2026-07-01T09:50:00Z - We look.
    2026-07-01T10:30:00Z identified Found.
    2026-07-01T11:00:00Z resolved Over.

    8 "Fixed in silence" Some(Resolved) []
    impact 2026-07-02T09:50:00Z to -
    announced 2026-07-02T09:50:00Z, resolved -
    2026-07-02T09:50:00Z - x

    9 "New" Some(Investigating) []
    impact - to -
    announced 2026-07-03T09:50:00Z, resolved -
    2026-07-03T09:50:00Z investigating y
    "#);
    assert_eq!(incidents[0].updates[0].created.unwrap().to_rfc3339(), "2026-07-01T10:00:00+00:00");
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings[0].contains("a post of incident 7 has no time that can be read"),
        "{warnings:?}"
    );
    assert!(warnings[1].contains("this is page 1 of 3; there are 41 records"), "{warnings:?}");
}

#[test]
fn without_a_zone_the_error_says_what_to_do() {
    let error = Cachet.read(&Input::new("x", SECOND), &ReadOptions::default()).unwrap_err();
    assert!(error.message.contains("`2026-07-01 12:00:00` has no zone"), "{error:?}");
    assert!(error.hint.unwrap().contains("--zone"));
    assert_eq!(&SECOND[error.span.unwrap()], "2026-07-01 12:00:00");
}

#[test]
fn schedules_are_separate_maintenances() {
    let schedules = r#"{"data": [{"id": 7, "name": "Upgrade", "message": "We upgrade.", "status": 2, "scheduled_at": "2026-07-05 10:00:00", "completed_at": "2026-07-05 11:00:00",
      "created_at": "2026-07-01 10:00:00", "human_status": "Complete", "components": [{"name": "Login"}]}]}"#;
    let (incidents, warnings) = read_in("UTC", schedules);
    insta::assert_snapshot!(summary_of(&incidents[0]), @r#"
    schedule-7 "Upgrade" Some(Completed) [("", "Login")]
    impact - to -
    announced 2026-07-01T10:00:00Z, resolved 2026-07-05T11:00:00Z
    2026-07-01T10:00:00Z - We upgrade.
    "#);
    assert!(incidents[0].maintenance);
    assert!(
        warnings[0].contains("planned from 2026-07-05T10:00:00Z, with an unknown end"),
        "{warnings:?}"
    );
}

const THIRD: &str = r#"{"data": [{"id": "7", "type": "incidents", "attributes": {"id": 7, "guid": "5f7", "name": "Slow logins", "message": "We look.", "visible": 1, "stickied": false,
   "status": {"human": "Fixed", "value": 4}, "occurred": {"human": "1 day ago", "string": "2026-07-01 11:50:00"}, "created": {"human": "1 day ago", "string": "2026-07-01 12:00:00"},
   "updated": {"human": "1 day ago", "string": "2026-07-01 13:00:00"}}, "relationships": {"components": {"data": [{"type": "components", "id": "2"}]},
   "updates": {"data": [{"type": "updates", "id": "1"}, {"type": "updates", "id": "9"}]}}}],
 "included": [{"id": "2", "type": "components", "attributes": {"name": "Login", "status": 1}},
   {"id": "1", "type": "updates", "attributes": {"message": "Over.", "status": {"human": "Fixed", "value": 4}, "created": {"human": "", "string": "2026-07-01 13:00:00"}, "updated": {"human": "", "string": null}}}],
 "links": {"first": "https://status.example.com/api/incidents?page=1", "last": null, "prev": null, "next": "https://status.example.com/api/incidents?page=2"}, "meta": {"current_page": 1, "per_page": 15}}"#;

#[test]
fn version_3_updates_are_read_from_the_included_list() {
    let (incidents, warnings) = read_in("UTC", THIRD);
    insta::assert_snapshot!(summary_of(&incidents[0]), @r#"
    7 "Slow logins" Some(Resolved) [("", "Login")]
    impact 2026-07-01T11:50:00Z to -
    announced 2026-07-01T12:00:00Z, resolved -
    2026-07-01T11:50:00Z - We look.
    2026-07-01T13:00:00Z resolved Over.
    "#);
    assert!(warnings[0].contains("update 9 of 7 is not in this answer"), "{warnings:?}");
    assert!(
        warnings[1].contains("the next is https://status.example.com/api/incidents?page=2"),
        "{warnings:?}"
    );
    let bare = THIRD.replace("\"relationships\"", "\"others\"");
    let (incidents, warnings) = read_in("UTC", &bare);
    assert_eq!(incidents[0].updates.len(), 1);
    assert!(
        warnings[0].contains("updates of the incidents are not in this answer"),
        "{warnings:?}"
    );
}

#[test]
fn other_api_responses_are_not_claimed() {
    let sniff = |text: &str| Cachet.sniff(&Input::new("x", text));
    let components = r#"{"meta": {"pagination": {"total_pages": 1, "links": {}}}, "data": [{"id": 1, "name": "API", "status": 1, "status_name": "Operational"}]}"#;
    assert!(matches!(sniff(components), Verdict::No(_)));
    let quiet = r#"{"meta": {"pagination": {"total_pages": 1, "links": {}}}, "data": []}"#;
    assert_eq!(sniff(quiet), Verdict::Maybe);
}

#[test]
fn next_page_comes_from_the_response() {
    let next = |json: &str| Cachet.next_page(&Input::new("incidents.json", json), &[]);
    assert_eq!(next(SECOND).as_deref(), Some("https://status.example.com/api/v1/incidents?page=2"));
    assert_eq!(next(r#"{"data": [], "links": {"next": null}}"#), None);
}

#[test]
fn wrong_type_loses_no_other_text_in_version_2() {
    odd_fields::check(&odd_fields::Capture {
        source: &Cachet,
        essential: &["id"],
        refers: false,
        text: r#"{"meta": {"pagination": {"total": 2, "count": 2, "per_page": "20", "current_page": 1, "total_pages": 1}}, "data": [
          {"id": 7, "component_id": 2, "name": "A", "status": 4, "visible": 1, "message": "text-a1", "occurred_at": "2026-07-01 11:50:00", "created_at": "2026-07-01 12:00:00",
           "updated_at": "2026-07-01 13:00:00", "human_status": "Fixed", "permalink": "https://status.example.com/incidents/7", "component": {"id": 2, "name": "Login"},
           "updates": [{"id": 2, "incident_id": 7, "status": 4, "message": "text-a2", "created_at": "2026-07-01 13:00:00", "updated_at": "2026-07-01 13:05:00"}]},
          {"id": 8, "name": "B", "status": 1, "message": "text-b1", "occurred_at": "2026-07-03 11:40:00", "created_at": "2026-07-03 11:50:00", "updates": null}]}"#,
    });
}

#[test]
fn wrong_type_loses_no_other_text_in_version_3() {
    odd_fields::check(&odd_fields::Capture {
        source: &Cachet,
        essential: &["id", "type", "attributes", "relationships", "updates", "data"],
        refers: true,
        text: r#"{"data": [{"id": "7", "type": "incidents", "attributes": {"id": 7, "guid": "5f7", "name": "A", "message": "text-a1", "visible": 1, "stickied": false,
            "status": {"human": "Fixed", "value": 4}, "occurred": {"human": "1 day ago", "string": "2026-07-01 11:50:00"}, "created": {"human": "1 day ago", "string": "2026-07-01 12:00:00"},
            "updated": {"human": "1 day ago", "string": "2026-07-01 13:00:00"}}, "relationships": {"components": {"data": [{"type": "components", "id": "2"}]}, "updates": {"data": [{"type": "updates", "id": "1"}]}}},
           {"id": "8", "type": "incidents", "attributes": {"id": 8, "guid": "5f8", "name": "B", "message": "text-b1", "occurred": {"string": "2026-07-02 11:50:00"}, "created": {"string": "2026-07-02 12:00:00"}}}],
          "included": [{"id": "2", "type": "components", "attributes": {"name": "Login", "status": 1}},
            {"id": "1", "type": "updates", "attributes": {"message": "text-a2", "status": {"human": "Fixed", "value": 4}, "created": {"human": "", "string": "2026-07-01 13:00:00"}}}],
          "links": {"next": null}, "meta": {"current_page": 1, "per_page": 15}}"#,
    });
}
