use super::*;
use crate::sources::status::kit::api::testing::{outline, read};
use crate::sources::status::kit::odd_fields;

fn update(id: &str, at: &str, status: &str) -> String {
    format!(
        r#"{{"id": "{id}", "type": "status_update", "attributes": {{"message": "{id}", "published_at": "2026-01-01T{at}:00.000Z",
             "affected_resources": [{{"status_page_resource_id": "r", "status": "{status}"}}]}}}}"#
    )
}

fn page(kind: &str, ends: &str, updates: &[String]) -> String {
    let updates = updates.join(",");
    format!(
        r#"{{"data": {{"id": "1", "type": "status_page", "attributes": {{"company_name": "Example", "timezone": "Eastern Time (US & Canada)"}}}},
            "included": [{{"id": "3", "type": "status_page_section", "attributes": {{"name": "Core"}}}},
             {{"id": "r", "type": "status_page_resource", "attributes": {{"status_page_section_id": 3, "public_name": "API", "status_history": [1]}}}},
             {{"id": "9", "type": "status_report", "attributes": {{"title": "Down", "report_type": "{kind}", "starts_at": "2026-01-01T10:00:00.000Z",
               "ends_at": {ends}, "affected_resources": [{{"status_page_resource_id": "r", "status": "resolved"}}], "aggregate_state": "resolved"}},
              "relationships": {{"status_updates": {{"data": [{{"id": "c"}}, {{"id": "a"}}, {{"id": "b"}}]}}}}}}, {updates}]}}"#
    )
}

#[test]
fn end_is_the_last_update_that_resolves_everything() {
    let posts = [
        update("a", "10:20", "downtime"),
        update("b", "10:40", "degraded"),
        update("c", "11:00", "resolved"),
    ];
    let (incidents, warnings) = read(&BetterStack, &page("manual", "null", &posts));
    let incident = &incidents[0];
    assert_eq!(
        outline(incident),
        ["2026-01-01T10:20:00Z - a", "2026-01-01T10:40:00Z - b", "2026-01-01T11:00:00Z resolved c"]
    );
    assert_eq!(incident.updates[0].components, [("API".to_owned(), Some(Level::Full))]);
    assert_eq!(incident.components, [("Core".to_owned(), "API".to_owned())]);
    assert_eq!(incident.impact_start.unwrap().to_string(), "2026-01-01T10:00:00Z");
    assert_eq!(incident.announced.unwrap().to_string(), "2026-01-01T10:20:00Z");
    assert_eq!(
        (incident.impact_end, incident.zone.as_deref()),
        (None, None),
        "a Rails name is no zone"
    );
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn impact_after_the_end_reopens_and_missing_update_is_reported() {
    let posts = [update("a", "10:20", "resolved"), update("b", "10:40", "downtime")];
    let (incidents, warnings) = read(&BetterStack, &page("manual", "null", &posts));
    assert!(incidents[0].updates.iter().all(|update| update.state.is_none()));
    assert!(warnings[0].contains("update c of report 9 is not in the file"), "{warnings:?}");
}

#[test]
fn maintenance_has_a_plan_and_no_impact() {
    let (incidents, _) = read(
        &BetterStack,
        &page(
            "maintenance",
            "\"2026-01-01T11:00:00.000Z\"",
            &[update("a", "10:00", "maintenance")],
        ),
    );
    let incident = &incidents[0];
    assert!(
        incident.maintenance && incident.impact_start.is_none() && incident.impact_end.is_none()
    );
    assert_eq!(incident.scheduled.unwrap().1.unwrap().to_string(), "2026-01-01T11:00:00Z");
    assert_eq!(incident.updates[0].components, []);
}

#[test]
fn wrong_type_loses_no_other_text() {
    odd_fields::check(&odd_fields::Capture {
        source: &BetterStack,
        essential: &["id", "type", "attributes", "relationships", "status_updates", "data"],
        refers: true,
        text: r#"{"data": {"id": "1", "type": "status_page", "attributes": {"company_name": "Example", "timezone": "UTC"}}, "included": [
          {"id": "r", "type": "status_page_resource", "attributes": {"public_name": "API"}},
          {"id": "9", "type": "status_report", "attributes": {"title": "A", "report_type": "manual", "starts_at": "2026-01-01T10:00:00.000Z", "ends_at": null,
             "affected_resources": [{"status_page_resource_id": "r", "status": "downtime"}], "aggregate_state": "downtime"},
           "relationships": {"status_updates": {"data": [{"id": "a1"}, {"id": "a2"}]}}},
          {"id": "10", "type": "status_report", "attributes": {"title": "B", "report_type": "manual", "starts_at": "2026-01-02T10:00:00.000Z"},
           "relationships": {"status_updates": {"data": [{"id": "b1"}]}}},
          {"id": "a1", "type": "status_update", "attributes": {"message": "text-a1", "published_at": "2026-01-01T10:00:00.000Z", "affected_resources": [{"status_page_resource_id": "r", "status": "downtime"}]}},
          {"id": "a2", "type": "status_update", "attributes": {"message": "text-a2", "published_at": "2026-01-01T11:00:00.000Z"}},
          {"id": "b1", "type": "status_update", "attributes": {"message": "text-b1", "published_at": "2026-01-02T10:00:00.000Z"}}]}"#,
    });
}
