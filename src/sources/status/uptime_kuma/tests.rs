use super::*;
use crate::sources::status::kit::api::testing::{outline, read};
use crate::sources::status::kit::odd_fields;

fn shown(at: Option<Moment>) -> String {
    at.map_or("-".to_owned(), |at| at.to_string())
}

fn summary_of(incident: &IncidentRecord) -> String {
    let mut lines = vec![
        format!(
            "{} \"{}\" {:?} {:?}",
            incident.id, incident.title, incident.impact_word, incident.state
        ),
        format!("impact {} to {}", shown(incident.impact_start), shown(incident.impact_end)),
        format!("announced {}, resolved {}", shown(incident.announced), shown(incident.resolved)),
    ];
    lines.extend(outline(incident));
    lines.join("\n")
}

fn beats(list: &[(u8, &str)]) -> String {
    let beat = |(status, time): &(u8, &str)| {
        format!(r#"{{"status": {status}, "time": "{time}", "msg": "", "ping": null}}"#)
    };
    list.iter().map(beat).collect::<Vec<_>>().join(", ")
}

#[test]
fn heartbeats_fold_into_outages_bounded_by_two_beats() {
    let list = beats(&[
        (1, "2026-01-01 10:00:00.123"),
        (2, "2026-01-01 10:01:00.123"),
        (0, "2026-01-01 10:02:00.123"),
        (0, "2026-01-01 10:03:00.123"),
        (1, "2026-01-01 10:04:00.123"),
        (3, "2026-01-01 10:05:00.123"),
        (1, "2026-01-01 10:06:00.123"),
        (0, "2026-01-01 10:07:00.123"),
    ]);
    let groups =
        r#""publicGroupList": [{"name": "Core", "monitorList": [{"id": 7, "name": "API"}]}]"#;
    let (incidents, warnings) = read(
        &UptimeKuma,
        &format!(r#"{{{groups}, "heartbeatList": {{"7": [{list}]}}, "uptimeList": {{}}}}"#),
    );
    insta::assert_snapshot!(incidents.iter().map(summary_of).collect::<Vec<_>>().join("\n\n"), @r#"
    monitor-7-20260101T100200Z "API is down" None Some(Resolved)
    impact 2026-01-01T10:00:00.123Z..2026-01-01T10:02:00.123Z to 2026-01-01T10:03:00.123Z..2026-01-01T10:04:00.123Z
    announced 2026-01-01T10:02:00.123Z, resolved 2026-01-01T10:04:00.123Z
    2026-01-01T10:02:00.123Z - API is down
    2026-01-01T10:04:00.123Z resolved API is up

    monitor-7-20260101T100500Z "API is under maintenance" None Some(Completed)
    impact - to -
    announced 2026-01-01T10:05:00.123Z, resolved 2026-01-01T10:06:00.123Z
    2026-01-01T10:05:00.123Z in_progress API is under maintenance
    2026-01-01T10:06:00.123Z completed API is up

    monitor-7-20260101T100700Z "API is down" None None
    impact 2026-01-01T10:06:00.123Z..2026-01-01T10:07:00.123Z to -
    announced 2026-01-01T10:07:00.123Z, resolved -
    2026-01-01T10:07:00.123Z - API is down
    "#);
    assert_eq!(incidents[0].components, [("Core".to_owned(), "API".to_owned())]);
    assert!(incidents[1].maintenance && warnings.is_empty(), "{warnings:?}");
}

#[test]
fn list_starting_with_an_outage_has_no_start_and_full_list_is_reported() {
    let mut list = vec![(0, "2026-01-01 10:00:00")];
    list.extend([(1, "2026-01-01 11:00:00"); 99]);
    let (incidents, warnings) =
        read(&UptimeKuma, &format!(r#"{{"heartbeatList": {{"7": [{}]}}}}"#, beats(&list)));
    assert_eq!(incidents.len(), 1);
    assert_eq!((incidents[0].impact_start, incidents[0].announced), (None, None));
    assert_eq!(shown(incidents[0].impact_end), "2026-01-01T10:00:00Z..2026-01-01T11:00:00Z");
    assert!(warnings[0].contains("monitor 7 was not seen up before"), "{warnings:?}");
    assert!(warnings[1].contains("gives 100 beats"), "{warnings:?}");
    assert!(warnings[2].contains("names of the monitors"), "{warnings:?}");
}

#[test]
fn hourly_sums_bound_the_end_of_an_outage() {
    let sums = [
        (1, "2026-01-01T10:00:00.000Z"),
        (0, "2026-01-01T11:00:00.000Z"),
        (1, "2026-01-01T12:00:00.000Z"),
    ];
    let (incidents, _) =
        read(&UptimeKuma, &format!(r#"{{"heartbeatList": {{"7": [0, {}]}}}}"#, beats(&sums)));
    let hour = "2026-01-01T10:00:00Z..2026-01-01T11:00:00Z";
    assert_eq!(
        (shown(incidents[0].impact_start), shown(incidents[0].impact_end)),
        (hour.into(), hour.into())
    );
}

const PAGE: &str = r##"{"config": {"slug": "default", "title": "Example", "published": true, "showPoweredBy": true},
  "incident": {"id": 42, "style": "danger", "title": "Slow logins", "content": "We *look*.", "pin": true, "createdDate": "2026-01-01 10:00:00", "lastUpdatedDate": "2026-01-01 10:30:00"},
  "publicGroupList": [], "maintenanceList": [
    {"id": 3, "title": "Upgrade", "description": "", "strategy": "single", "timezone": "Europe/Berlin", "timezoneOffset": "+01:00", "status": "under-maintenance",
     "timeslotList": [{"startDate": "2026-01-02 11:00:00", "endDate": "2026-01-02 12:00:00"}]},
    {"id": 4, "title": "Weekly", "description": "Backups", "strategy": "cron", "status": "under-maintenance", "timeslotList": []}]}"##;

#[test]
fn incident_is_in_utc_and_maintenance_in_its_own_zone() {
    let (incidents, warnings) = read(&UptimeKuma, PAGE);
    let [slow, upgrade] = &incidents[..] else { panic!("{incidents:?}") };
    insta::assert_snapshot!(summary_of(slow), @r#"
    42 "Slow logins" Some("danger") None
    impact - to -
    announced 2026-01-01T10:00:00Z, resolved -
    2026-01-01T10:00:00Z - We *look*.
    "#);
    assert_eq!(slow.updates[0].edited.unwrap().to_rfc3339(), "2026-01-01T10:30:00+00:00");
    assert_eq!(slow.provider.as_deref(), Some("Example"));
    let (from, until) = upgrade.scheduled.unwrap();
    assert_eq!(
        (from.to_string(), until.unwrap().to_string()),
        ("2026-01-02T10:00:00Z".into(), "2026-01-02T11:00:00Z".into())
    );
    assert_eq!((upgrade.maintenance, upgrade.state), (true, Some(State::InProgress)));
    assert!(
        warnings[0].contains("maintenance-4 (\"Backups\") does not say when it begins"),
        "{warnings:?}"
    );
}

#[test]
fn history_lists_resolved_incidents_and_reports_more_pages() {
    let history = r#"{"ok": true, "incidents": [{"id": 1, "title": "T", "content": "x", "active": false, "createdDate": "2026-01-01 10:00:00", "lastUpdatedDate": "2026-01-01 11:00:00"}],
      "total": 11, "nextCursor": "2026-01-01 10:00:00", "hasMore": true}"#;
    let (incidents, warnings) = read(&UptimeKuma, history);
    assert_eq!(shown(incidents[0].resolved), "2026-01-01T11:00:00Z");
    assert_eq!((incidents[0].state, incidents[0].updates[0].edited), (Some(State::Resolved), None));
    assert!(warnings[0].contains("more incidents"), "{warnings:?}");
}

#[test]
fn quiet_page_is_read_and_has_no_incidents() {
    let quiet = r#"{"config": {"slug": "x", "title": "Example", "showPoweredBy": true}, "incident": null, "publicGroupList": [], "maintenanceList": []}"#;
    let (incidents, warnings) = read(&UptimeKuma, quiet);
    assert!(incidents.is_empty() && warnings.is_empty(), "{warnings:?}");
}

#[test]
fn wrong_type_loses_no_other_text() {
    odd_fields::check(&odd_fields::Capture {
        source: &UptimeKuma,
        essential: &["id"],
        refers: false,
        text: r#"{"config": {"slug": "default", "title": "Example", "published": true, "showPoweredBy": true}, "incidents": [
          {"id": 42, "style": "danger", "title": "A", "content": "text-a1", "pin": true, "createdDate": "2026-01-01 10:00:00", "lastUpdatedDate": "2026-01-01 10:30:00"},
          {"id": 43, "style": "danger", "title": "B", "content": "text-b1", "pin": true, "createdDate": "2026-01-02 10:00:00", "lastUpdatedDate": "2026-01-02 10:30:00"}],
          "publicGroupList": [], "maintenanceList": []}"#,
    });
}
