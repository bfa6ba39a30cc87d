//! A property of all readers of JSON: a value of the wrong type costs no more than what hangs on it.

use serde_json::{Value, json};

use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::registry::by_id;
use crate::sources::source::ReadOptions;

/// A capture of one format with texts that occur once each: `text-a1` to `text-b2`.
struct Capture {
    format: &'static str,
    /// The keys that a record cannot do without.
    essential: &'static [&'static str],
    /// Whether an id means something elsewhere: incidents refer by it to posts that are beside them,
    /// or the format is known by the form of its ids.
    refers: bool,
    text: &'static str,
}

const CAPTURES: &[Capture] = &[
    Capture {
        format: "statuspage-v2",
        essential: &["id"],
        refers: false,
        text: r#"{"page": {"id": "p", "name": "Example", "url": "https://status.example.com", "time_zone": "Etc/UTC"}, "incidents": [
          {"id": "a", "name": "A", "status": "resolved", "impact": "minor", "shortlink": "https://stspg.io/a", "created_at": "2026-01-01T10:00:00Z",
           "started_at": "2026-01-01T10:00:00Z", "resolved_at": "2026-01-01T11:00:00Z", "postmortem_body": "", "postmortem_published_at": null,
           "components": [{"id": "c", "name": "API", "group_id": null}], "incident_updates": [
            {"id": "a2", "status": "resolved", "body": "text-a2", "created_at": "2026-01-01T11:00:00Z", "updated_at": "2026-01-01T11:00:00Z", "display_at": "2026-01-01T11:00:00Z",
             "affected_components": [{"code": "c", "name": "API", "old_status": "major_outage", "new_status": "operational"}]},
            {"id": "a1", "status": "investigating", "body": "text-a1", "created_at": "2026-01-01T10:00:00Z", "display_at": "2026-01-01T10:00:00Z", "affected_components": null}]},
          {"id": "b", "name": "B", "status": "investigating", "impact": "none", "created_at": "2026-01-02T10:00:00Z", "postmortem_body": "text-b2",
           "postmortem_published_at": "2026-01-03T10:00:00Z", "incident_updates": [
            {"id": "b1", "status": "investigating", "body": "text-b1", "created_at": "2026-01-02T10:00:00Z", "display_at": "2026-01-02T10:00:00Z"}]}]}"#,
    },
    Capture {
        format: "google-cloud",
        essential: &["id"],
        refers: false,
        text: r#"[{"id": "AAAAAAAAAAAAAAAAAAAA", "number": "1", "begin": "2026-01-01T10:00:00+00:00", "created": "2026-01-01T10:10:00+00:00", "end": "2026-01-01T12:00:00+00:00",
           "modified": "2026-01-01T12:00:00+00:00", "external_desc": "A", "severity": "low", "status_impact": "SERVICE_INFORMATION", "service_key": "x", "service_name": "Logging",
           "affected_products": [{"title": "Logging", "id": "x"}], "uri": "incidents/AAAAAAAAAAAAAAAAAAAA", "previously_affected_locations": [{"title": "Taiwan (asia-east1)", "id": "asia-east1"}],
           "updates": [{"created": "2026-01-01T12:00:00+00:00", "modified": "2026-01-01T12:00:00+00:00", "when": "2026-01-01T12:00:00+00:00", "text": "text-a2", "status": "AVAILABLE"},
             {"created": "2026-01-01T10:10:00+00:00", "when": "2026-01-01T10:10:00+00:00", "text": "text-a1", "status": "SERVICE_DISRUPTION"}]},
          {"id": "BBBBBBBBBBBBBBBBBBBB", "number": "2", "begin": "2026-01-02T10:00:00+00:00", "created": "2026-01-02T10:10:00+00:00", "external_desc": "B", "severity": "high",
           "service_key": "y", "service_name": "Storage", "updates": [{"created": "2026-01-02T10:10:00+00:00", "when": "2026-01-02T10:10:00+00:00", "text": "text-b1", "status": "SERVICE_DISRUPTION"}]}]"#,
    },
    Capture {
        format: "aws-events",
        essential: &["arn"],
        refers: false,
        text: r#"[{"arn": "arn:aws:health:x::event/A", "date": "1767261600", "status": "0", "summary": "A", "service": "ec2", "service_name": "EC2", "region_name": "Rome",
           "impacted_services": {"ec2": {"service_name": "EC2", "current": "0", "max": "2"}},
           "event_log": [{"summary": "s", "message": "text-a1", "status": 1, "timestamp": 1767261600}, {"message": "text-a2", "status": 0, "timestamp": 1767265200}]},
          {"arn": "arn:aws:health:x::event/B", "date": "1767361600", "status": "1", "summary": "B", "event_log": [{"message": "text-b1", "status": 1, "timestamp": 1767361600}]}]"#,
    },
    Capture {
        format: "slack-status",
        essential: &["id"],
        refers: false,
        text: r#"[{"id": 7, "date_created": "2026-03-08T01:30:00-08:00", "date_updated": "2026-03-08T03:30:00-07:00", "title": "A", "type": "outage", "status": "resolved",
           "url": "https://status.example.com/2026-03/1", "services": ["Messaging"], "notes": [{"date_created": "2026-03-08T03:30:00-07:00", "body": "text-a2"},
             {"date_created": "2026-03-08T01:30:00-08:00", "body": "text-a1"}]},
          {"id": 8, "date_created": "2026-03-09T01:30:00-07:00", "title": "B", "type": "incident", "status": "active", "notes": [{"date_created": "2026-03-09T01:30:00-07:00", "body": "text-b1"}]}]"#,
    },
    Capture {
        format: "heroku",
        essential: &["id"],
        refers: false,
        text: r#"{"status": [{"system": "Apps", "status": "yellow"}], "incidents": [
          {"id": 2500, "title": "A", "state": "open", "resolved": false, "duration": "9h", "created_at": "2026-01-01T10:00:00.000Z", "systems": ["Apps"],
           "updates": [{"id": 1, "contents": "text-a1", "update_type": "investigating", "created_at": "2026-01-01T10:00:00.000Z"},
             {"id": 2, "contents": "text-a2", "update_type": "update", "created_at": "2026-01-01T11:00:00.000Z"}]},
          {"id": 2501, "title": "B", "state": "open", "created_at": "2026-01-02T10:00:00.000Z", "updates": [{"id": 3, "contents": "text-b1", "created_at": "2026-01-02T10:00:00.000Z"}]}], "scheduled": []}"#,
    },
    Capture {
        format: "better-stack",
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
    },
    Capture {
        format: "checkly",
        essential: &["id"],
        refers: false,
        text: r#"{"incidents": [{"id": "a", "name": "A", "severity": "MAJOR", "duration": 0, "created_at": "2026-01-01T10:00:00.607Z", "lastUpdateStatus": "RESOLVED",
           "services": [{"id": "s", "accountId": "x", "name": "API"}], "incidentUpdates": [
             {"id": "2", "status": "RESOLVED", "description": "text-a2", "publicIncidentUpdateDate": "2026-01-01T11:00:00.000Z", "created_at": "2026-01-01T11:00:00.000Z"},
             {"id": "1", "status": "INVESTIGATING", "description": "text-a1", "publicIncidentUpdateDate": "2026-01-01T10:00:00.000Z"}]},
          {"id": "b", "name": "B", "created_at": "2026-01-02T10:00:00.607Z", "incidentUpdates": [{"id": "3", "status": "INVESTIGATING", "description": "text-b1", "created_at": "2026-01-02T10:00:00.000Z"}]}]}"#,
    },
    Capture {
        format: "yandex-cloud",
        essential: &["id"],
        refers: false,
        text: r#"{"items": [{"title": "A", "report": "text-a2", "reportPublishedTime": "2026-01-05T10:00:00.000Z", "id": 972, "status": "open", "startDate": "2026-01-01T10:00:00.000Z",
           "endDate": "2026-01-01T12:00:00.000Z", "createdAt": "2026-01-01T10:40:00.000Z", "levelId": 2, "level": {"label": "Unavailable"}, "services": [{"id": 2, "name": "Compute"}],
           "comments": [{"id": 3, "type": "update", "content": "text-a1", "createdAt": "2026-01-01T11:00:00.000Z"}]},
          {"title": "B", "id": 973, "status": "open", "createdAt": "2026-01-02T10:40:00.000Z", "comments": [{"id": 4, "type": "investigation", "content": "text-b1", "createdAt": "2026-01-02T10:40:00.010Z"}]}], "count": 2}"#,
    },
    Capture {
        format: "datocms-status",
        essential: &[],
        refers: false,
        text: r#"{"updates": [{"date": "2026-01-01T10:00:00.5Z", "status": "investigating", "content": "text-a1"},
           {"content": "text-a2", "date": "2026-01-01T11:00:00Z", "status": "resolved"}], "impact": "major", "name": "Slow API", "components": ["api"]}"#,
    },
    Capture {
        format: "cachet",
        essential: &["id"],
        refers: false,
        text: r#"{"meta": {"pagination": {"total": 2, "count": 2, "per_page": "20", "current_page": 1, "total_pages": 1}}, "data": [
          {"id": 7, "component_id": 2, "name": "A", "status": 4, "visible": 1, "message": "text-a1", "occurred_at": "2026-07-01 11:50:00", "created_at": "2026-07-01 12:00:00",
           "updated_at": "2026-07-01 13:00:00", "human_status": "Fixed", "permalink": "https://status.example.com/incidents/7", "component": {"id": 2, "name": "Login"},
           "updates": [{"id": 2, "incident_id": 7, "status": 4, "message": "text-a2", "created_at": "2026-07-01 13:00:00", "updated_at": "2026-07-01 13:05:00"}]},
          {"id": 8, "name": "B", "status": 1, "message": "text-b1", "occurred_at": "2026-07-03 11:40:00", "created_at": "2026-07-03 11:50:00", "updates": null}]}"#,
    },
    Capture {
        format: "status-io",
        essential: &["_id"],
        refers: false,
        text: r#"{"result": {"status_overall": {"updated": "2026-01-01T12:00:00.000Z", "status_code": 500}, "incidents": [
          {"_id": "5b1", "name": "A", "datetime_open": "2026-01-01T10:00:00.000Z", "messages": [
             {"details": "text-a2", "state": 300, "status": 300, "datetime": "2026-01-01T11:00:00.000Z"}, {"details": "text-a1", "state": 100, "status": 500, "datetime": "2026-01-01T10:00:01.000Z"}],
           "components_affected": [{"_id": "c", "name": "API"}], "containers_affected": [{"_id": "e", "name": "Ireland"}]},
          {"_id": "5b2", "name": "B", "datetime_open": "2026-01-02T10:00:00.000Z", "messages": [{"details": "text-b1", "state": 100, "status": 500, "datetime": "2026-01-02T10:00:01.000Z"}]}],
          "maintenance": {"active": [], "upcoming": []}}}"#,
    },
    Capture {
        format: "rootly-status",
        essential: &["url"],
        refers: false,
        text: r#"{"page": {"name": "Example Status", "url": "https://status.example.com", "time_zone": "UTC", "updated_at": "2026-03-19T12:00:00Z"}, "incidents": [
          {"name": "A", "status": "started", "impact": "minor", "started_at": "2026-03-19T10:30:00Z", "resolved_at": null, "url": "https://status.example.com/incidents/abc123",
           "incident_updates": [{"body": "text-a2", "status": "identified", "created_at": "2026-03-19T10:50:00Z"}, {"body": "text-a1", "status": "investigating", "created_at": "2026-03-19T10:35:00Z"}]},
          {"name": "B", "url": "https://status.example.com/incidents/abc124", "started_at": "2026-03-20T10:30:00Z", "incident_updates": [{"body": "text-b1", "status": "investigating", "created_at": "2026-03-20T10:35:00Z"}]}]}"#,
    },
    Capture {
        format: "pagerduty-status",
        essential: &["id"],
        refers: false,
        text: r#"{"posts": [{"id": "PP1", "type": "status_page_post", "post_type": "incident", "title": "A", "starts_at": "2026-01-01T00:00:00Z", "updates": [
           {"id": "PU1", "post": {"id": "PP1"}, "message": "text-a1", "status": {"id": "PS1", "description": "investigating"}, "severity": {"id": "PV1", "description": "major outage"},
            "impacted_services": [{"service": {"id": "PYH", "name": "API"}}], "reported_at": "2026-01-01T10:08:19Z"},
           {"id": "PU2", "post": {"id": "PP1"}, "message": "text-a2", "status": {"id": "PS2", "description": "resolved"}, "reported_at": "2026-01-01T11:00:00Z"}]},
          {"id": "PP2", "post_type": "incident", "title": "B", "updates": [{"id": "PU3", "post": {"id": "PP2"}, "message": "text-b1", "reported_at": "2026-01-02T10:08:19Z"},
           {"id": "PU4", "message": "text-b2", "reported_at": "2026-01-02T11:08:19Z"}]}]}"#,
    },
    Capture {
        format: "cachet",
        essential: &["id", "type", "attributes", "relationships", "updates", "data"],
        refers: true,
        text: r#"{"data": [{"id": "7", "type": "incidents", "attributes": {"id": 7, "guid": "5f7", "name": "A", "message": "text-a1", "visible": 1, "stickied": false,
            "status": {"human": "Fixed", "value": 4}, "occurred": {"human": "1 day ago", "string": "2026-07-01 11:50:00"}, "created": {"human": "1 day ago", "string": "2026-07-01 12:00:00"},
            "updated": {"human": "1 day ago", "string": "2026-07-01 13:00:00"}}, "relationships": {"components": {"data": [{"type": "components", "id": "2"}]}, "updates": {"data": [{"type": "updates", "id": "1"}]}}},
           {"id": "8", "type": "incidents", "attributes": {"id": 8, "guid": "5f8", "name": "B", "message": "text-b1", "occurred": {"string": "2026-07-02 11:50:00"}, "created": {"string": "2026-07-02 12:00:00"}}}],
          "included": [{"id": "2", "type": "components", "attributes": {"name": "Login", "status": 1}},
            {"id": "1", "type": "updates", "attributes": {"message": "text-a2", "status": {"human": "Fixed", "value": 4}, "created": {"human": "", "string": "2026-07-01 13:00:00"}}}],
          "links": {"next": null}, "meta": {"current_page": 1, "per_page": 15}}"#,
    },
    Capture {
        format: "incident-io",
        essential: &["id"],
        refers: true,
        text: r#"{"page": {"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6A", "name": "Example", "url": "https://status.example.com/"}, "incidents": [
          {"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6B", "name": "A", "status": "resolved", "impact": "minor", "created_at": "2026-01-01T10:00:00Z", "resolved_at": "2026-01-01T10:30:00Z", "updated_at": "2026-01-01T10:30:00Z",
           "incident_updates": [{"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6C", "status": "resolved", "body": "text-a2", "display_at": "2026-01-01T10:30:00Z", "created_at": "2026-01-01T10:30:00Z"},
             {"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6D", "status": "investigating", "body": "text-a1", "display_at": "2026-01-01T10:00:00Z", "created_at": "2026-01-01T10:00:00Z"}]},
          {"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6E", "name": "B", "status": "investigating", "impact": "minor", "created_at": "2026-01-02T10:00:00Z",
           "incident_updates": [{"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6F", "status": "investigating", "body": "text-b1", "display_at": "2026-01-02T10:00:00Z", "created_at": "2026-01-02T10:00:00Z"}]}]}"#,
    },
    Capture {
        format: "instatus-summary",
        essential: &["id", "started", "start"],
        refers: false,
        text: r#"{"page": {"name": "Example", "url": "https://status.example.com", "status": "HASISSUES"}, "activeIncidents": [
          {"id": "cm1", "name": "text-a1", "started": "2026-01-01T10:00:00.000Z", "status": "MONITORING", "impact": "MINOROUTAGE", "url": "https://status.example.com/cm1", "updatedAt": "2026-01-01T11:00:00.000Z"},
          {"id": "cm2", "name": "text-a2", "started": "2026-01-01T10:00:00.000Z", "status": "IDENTIFIED"}],
          "activeMaintenances": [{"id": "cm3", "name": "text-b1", "start": "2026-01-02T10:00:00.000Z", "status": "NOTSTARTEDYET", "duration": "60"}]}"#,
    },
    Capture {
        format: "aws-data",
        essential: &["date"],
        refers: false,
        text: r#"{"archive": [
          {"service_name": "Queues (Oregon)", "summary": "[RESOLVED] A", "date": 1769925600, "status": "2", "details": "", "service": "queues-us-west-2",
           "description": "<div><span class=\"yellowfg\">10:06 PM PST</span>&nbsp;text-a1</div><div><span class=\"yellowfg\">11:59 PM PST</span>&nbsp;text-a2</div>"},
          {"service_name": "Tables (Oregon)", "summary": "B", "date": "1769935600", "status": "1", "details": "", "service": "tables-us-west-2",
           "description": "<div><span class=\"yellowfg\">11:06 PM PST</span>&nbsp;text-b1</div>"}], "current": []}"#,
    },
    Capture {
        format: "uptime-kuma",
        essential: &["id"],
        refers: false,
        text: r#"{"config": {"slug": "default", "title": "Example", "published": true, "showPoweredBy": true}, "incidents": [
          {"id": 42, "style": "danger", "title": "A", "content": "text-a1", "pin": true, "createdDate": "2026-01-01 10:00:00", "lastUpdatedDate": "2026-01-01 10:30:00"},
          {"id": 43, "style": "danger", "title": "B", "content": "text-b1", "pin": true, "createdDate": "2026-01-02 10:00:00", "lastUpdatedDate": "2026-01-02 10:30:00"}],
          "publicGroupList": [], "maintenanceList": []}"#,
    },
    Capture {
        format: "upptime-monitor",
        essential: &["number", "labels", "name"],
        refers: false,
        text: r#"[{"number": 12, "title": "API is down", "state": "closed", "created_at": "2026-01-01T10:10:20Z", "closed_at": "2026-01-01T10:25:30Z", "html_url": "https://github.com/example/status/issues/12",
           "labels": [{"name": "status"}, {"name": "api"}], "body": "text-a1", "comments": [{"id": 5, "body": "text-a2", "created_at": "2026-01-01T10:15:00Z"}]},
          {"number": 15, "title": "Slow", "state": "open", "created_at": "2026-01-04T10:00:00Z", "labels": [{"name": "status"}], "body": "text-b1"}]"#,
    },
    Capture {
        format: "salesforce-trust",
        essential: &["id"],
        refers: false,
        text: r#"[{"id": 20008000, "createdAt": "2026-08-21T08:53:01.000Z", "updatedAt": "2026-08-25T09:00:00.000Z", "affectsAll": false, "instanceKeys": ["EX1"], "serviceKeys": ["search"],
           "message": {"rootCause": "text-b2", "actionPlan": null}, "IncidentImpacts": [{"id": 1, "startTime": "2026-08-21T08:30:00.000Z", "endTime": "2026-08-21T09:30:00.000Z", "severity": "minor", "type": "x"}],
           "IncidentEvents": [{"id": 12, "message": "text-a2", "type": "herokuIncidentResolved", "createdAt": "2026-08-21T09:45:00.000Z", "updatedAt": "2026-08-21T10:00:00.000Z"},
             {"id": 11, "message": "text-a1", "type": "x", "createdAt": "2026-08-21T08:53:00.000Z"}]},
          {"id": 20008001, "createdAt": "2026-08-22T08:53:01.000Z", "IncidentEvents": [{"id": 13, "message": "text-b1", "type": "x", "createdAt": "2026-08-22T08:53:00.000Z"}]}]"#,
    },
];

/// The paths to all values below `value`, as JSON pointers.
fn paths(value: &Value, at: &str, into: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in members {
        let path = format!("{at}/{key}");
        into.push(path.clone());
        paths(value, &path, into);
    }
}

/// All words of the records that a reader makes of `text`, and its warnings.
fn read(format: &str, text: &str) -> (String, Vec<String>) {
    let source = by_id(format).unwrap_or_else(|| panic!("no format {format}"));
    let options = ReadOptions { zone: "UTC".parse().ok(), ..ReadOptions::default() };
    match source.read(&Input::new("page.json", text), &options) {
        Ok(read) => {
            let texts = read.value.iter().map(|record| match record {
                Record::Incident(incident) => {
                    let IncidentRecord { title, updates, untimed, sections, .. } = incident;
                    format!("{title} {updates:?} {untimed:?} {sections:?}")
                }
                other => panic!("{format}: {other:?}"),
            });
            (texts.collect(), read.warnings.iter().map(ToString::to_string).collect())
        }
        Err(error) => (String::new(), vec![error.message]),
    }
}

#[test]
fn a_value_of_another_type_costs_no_other_text() {
    let mut lost = Vec::new();
    for Capture { format, essential, refers, text } in CAPTURES {
        let whole: Value =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{format}: {error}"));
        let markers: Vec<&str> = ["text-a1", "text-a2", "text-b1", "text-b2"]
            .into_iter()
            .filter(|text_of| text.contains(text_of))
            .collect();
        let (all, warnings) = read(format, text);
        assert!(markers.iter().all(|marker| all.contains(marker)), "{format}: {all} {warnings:?}");
        let mut everywhere = Vec::new();
        paths(&whole, "", &mut everywhere);
        for path in everywhere {
            for odd in [
                json!(true),
                json!(-7.5),
                json!("odd"),
                json!([[1]]),
                json!({"odd": {}}),
                Value::Null,
            ] {
                let mut changed = whole.clone();
                *changed.pointer_mut(&path).expect("it was found there") = odd.clone();
                let changed = changed.to_string();
                let (found, warnings) = read(format, &changed);
                let (parent, key) = path.rsplit_once('/').expect("a pointer");
                let is_essential = essential.contains(&key);
                let may_cost = |marker: &str| {
                    let holds = |parent: &Value| parent.to_string().contains(marker);
                    let is_report = *refers
                        && (is_essential
                            || matches!(parent, "/included" | "/data")
                            || path.contains("/relationships"));
                    // By its labels an issue is one of those that are incidents.
                    let labelled =
                        path.split_once("/labels/").and_then(|(issue, _)| whole.pointer(issue));
                    is_report
                        || labelled.is_some_and(holds)
                        || is_essential && whole.pointer(parent).is_some_and(holds)
                };
                let is_silent = warnings.is_empty() && key != "type" && !odd.is_object();
                if is_silent
                    && markers
                        .iter()
                        .any(|marker| changed.contains(*marker) && !found.contains(*marker))
                {
                    lost.push(format!("{format}: {path} = {odd} costs a text in silence"));
                }
                for marker in
                    markers.iter().filter(|marker| changed.contains(**marker) && !may_cost(marker))
                {
                    if !found.contains(*marker) {
                        lost.push(format!("{format}: {path} = {odd} costs {marker}: {warnings:?}"));
                    }
                }
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// An id may be a number or a text, whatever the format has today: neither a post nor its incident is lost.
#[test]
fn an_id_may_be_a_number_or_a_text() {
    for Capture { format, text, refers, .. } in CAPTURES {
        let whole: Value = serde_json::from_str(text).unwrap();
        let (all, _) = read(format, text);
        let mut everywhere = Vec::new();
        paths(&whole, "", &mut everywhere);
        let keys = ["id", "_id", "number", "code", "group_id"];
        let ids = everywhere
            .iter()
            .filter(|path| path.rsplit('/').next().is_some_and(|key| keys.contains(&key)));
        for path in ids {
            let mut changed = whole.clone();
            let slot = changed.pointer_mut(path).expect("it was found there");
            *slot = match &*slot {
                Value::Number(number) => Value::String(number.to_string()),
                // A reference elsewhere would have the old id.
                Value::String(_) if !refers => json!(90_210),
                _ => continue,
            };
            let (found, warnings) = read(format, &changed.to_string());
            let lost = ["text-a1", "text-a2", "text-b1", "text-b2"]
                .into_iter()
                .filter(|marker| all.contains(marker) && !found.contains(marker));
            assert_eq!(lost.collect::<Vec<_>>(), [""; 0], "{format}: {path}: {warnings:?}");
        }
    }
}
