//! Where each system writes its words for states.

/// Whose state a word is.
pub enum Whose {
    Update,
    Incident,
}

use Whose::{Incident, Update};

/// Where a system writes such a word: the system, the format that must claim the input, whose state
/// it is, and a small input with `WORD` in its place.
pub const PLACES: &[(&str, &str, Whose, &str)] = &[
    (
        "Statuspage",
        "statuspage-v2",
        Update,
        r#"{"page": {"id": "p", "name": "P"}, "incidents": [{"id": "a", "name": "x", "status": "WORD", "created_at": "2026-01-01T10:00:00Z",
        "incident_updates": [{"id": "u", "status": "WORD", "body": "x", "display_at": "2026-01-01T10:00:00Z"}]}]}"#,
    ),
    (
        "Statuspage's feed",
        "statuspage-feed",
        Update,
        r#"<feed><id>tag:status.example.com,2005:/history</id><title>P</title><entry><id>tag:status.example.com,2005:Incident/1</id><title>x</title>
        <published>2026-01-01T00:20:10Z</published><content type="html">&lt;p&gt;&lt;small&gt;Jan 1, 00:20 UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;WORD&lt;/strong&gt; - x&lt;/p&gt;</content></entry></feed>"#,
    ),
    (
        "Statuspage's page",
        "statuspage-html",
        Update,
        r#"<div class="incident-updates-container"><link rel="canonical" href="https://status.example.com/incidents/d4"><h1 class="incident-name">x</h1>
        <div class="update-row"><b class="update-title">WORD</b><p class="update-body">x</p><i class="update-timestamp">Posted Jul 03, 2025 - 20:15 UTC</i></div></div>"#,
    ),
    (
        "incident.io",
        "incident-io",
        Update,
        r#"{"page": {"id": "01KDWFZY800000000000000000", "name": "P"}, "incidents": [{"id": "01KDWFZY800000000000000001", "name": "x", "status": "WORD",
        "created_at": "2026-01-01T10:00:00Z", "incident_updates": [{"id": "01KDWFZY800000000000000002", "body": "x", "status": "WORD", "display_at": "2026-01-01T10:00:00Z"}]}]}"#,
    ),
    (
        "incident.io's feed",
        "incident-io-feed",
        Update,
        r#"<feed><title>P</title><generator>incident.io</generator><entry><id>https://status.example.com//incidents/01M2D1CZG0862JB4JHVW56QF89</id><title>x</title>
        <updated>2026-09-13T10:53:10.123Z</updated><content type="html">&lt;b&gt;Status: WORD&lt;/b&gt;&lt;br/&gt;x</content></entry></feed>"#,
    ),
    (
        "Instatus",
        "instatus-summary",
        Incident,
        r#"{"page": {"name": "P", "status": "HASISSUES"}, "activeIncidents": [{"id": "c", "name": "x", "started": "2026-01-01T10:00:00.000Z", "status": "WORD", "impact": "MINOROUTAGE"}]}"#,
    ),
    (
        "Instatus' maintenances",
        "instatus-summary",
        Incident,
        r#"{"page": {"name": "P", "status": "UNDERMAINTENANCE"}, "activeMaintenances": [{"id": "d", "name": "x", "start": "2026-01-01T10:00:00.000Z", "status": "WORD", "duration": "60"}]}"#,
    ),
    (
        "Instatus' feed",
        "instatus-feed",
        Update,
        "<rss><channel><title>P</title><item><title>x</title><description>Type: Incident\nDec 31, 23:50:10 GMT+0 - WORD - x.</description><pubDate>Wed, 31 Dec 2025 23:50:10 +0000</pubDate><link>https://status.example.com/incident/cmuh4kc8h00s013pih51rz3uf</link></item></channel></rss>",
    ),
    (
        "maintenances of Instatus' feed",
        "instatus-feed",
        Update,
        "<rss><channel><title>P</title><item><title>x</title><description>Type: Maintenance\nDec 31, 23:50:10 GMT+0 - WORD - x.</description><pubDate>Wed, 31 Dec 2025 23:50:10 +0000</pubDate><link>https://status.example.com/maintenance/cmuh4kc8h00s013pih51rz3uf</link></item></channel></rss>",
    ),
    (
        "AWS' data.json",
        "aws-data",
        Incident,
        r#"{"archive": [{"service_name": "S", "summary": "x", "date": "1769926001", "status": WORD, "service": "s", "description": "<div><span class=\"yellowfg\">10:06 PM PST</span>&nbsp;x</div>"}], "current": []}"#,
    ),
    (
        "titles in AWS' data.json",
        "aws-data",
        Incident,
        r#"{"archive": [{"service_name": "S", "summary": "WORD x", "date": "1769926001", "status": "1", "service": "s", "description": "<div><span class=\"yellowfg\">10:06 PM PST</span>&nbsp;x</div>"}], "current": []}"#,
    ),
    (
        "AWS' events",
        "aws-events",
        Update,
        r#"[{"date": "1772369485", "arn": "arn:aws:health:x", "region_name": "R", "status": "3", "service_name": "S", "summary": "x", "event_log": [{"message": "x", "status": WORD, "timestamp": 1772369485}]}]"#,
    ),
    (
        "AWS' feeds",
        "aws-feed",
        Update,
        r#"<rss><channel><title>S Service Status</title><link>http://status.aws.amazon.com/</link><item><title type="text">WORD x</title><pubDate>Wed,  8 Feb 2017 09:46:27 PST</pubDate><guid>http://status.aws.amazon.com/#ec2-eu-west-1_1486575987</guid><description>x</description></item></channel></rss>"#,
    ),
    (
        "Google Cloud",
        "google-cloud",
        Update,
        r#"[{"id": "a", "number": 7, "begin": "2026-01-01T10:00:00+00:00", "created": "2026-01-01T11:00:00+00:00", "external_desc": "x", "severity": "high", "updates": [
        {"created": "2026-01-01T11:00:00+00:00", "when": "2026-01-01T11:00:00+00:00", "text": "x", "status": "SERVICE_OUTAGE"},
        {"created": "2026-01-01T12:00:00+00:00", "when": "2026-01-01T12:00:00+00:00", "text": "x", "status": "WORD"}]}]"#,
    ),
    (
        "Heroku",
        "heroku",
        Update,
        r#"[{"created_at": "2014-04-01T17:16:00Z", "id": 604, "resolved": true, "status_dev": "green", "status_prod": "green", "title": "x", "upcoming": false, "updates": [
        {"contents": "x", "created_at": "2014-04-01T17:16:00Z", "id": 1, "update_type": "WORD"}]}]"#,
    ),
    (
        "Heroku's `upcoming`",
        "heroku",
        Incident,
        r#"[{"created_at": "2014-04-01T17:16:00Z", "id": 604, "resolved": false, "status_dev": "green", "status_prod": "green", "title": "x", "upcoming": WORD, "updates": []}]"#,
    ),
    (
        "Cachet 2",
        "cachet",
        Incident,
        r#"{"meta": {"pagination": {"total": 1}}, "data": [{"id": 7, "name": "x", "status": WORD, "human_status": "x", "message": "y", "occurred_at": "2026-07-01T11:50:00Z", "created_at": "2026-07-01T12:00:00Z", "updates": []}]}"#,
    ),
    (
        "Cachet 3",
        "cachet",
        Incident,
        r#"{"data": [{"id": "7", "type": "incidents", "attributes": {"guid": "g", "name": "x", "message": "y", "status": {"value": WORD}, "created": {"string": "2026-07-01T12:00:00Z"}}, "relationships": {"updates": {"data": []}}}]}"#,
    ),
    (
        "Cachet 3's schedules",
        "cachet",
        Incident,
        r#"{"data": [{"id": "7", "type": "schedules", "attributes": {"name": "x", "message": "y", "status": {"value": WORD}, "scheduled": {"string": "2026-07-01T13:00:00Z"}, "created": {"string": "2026-07-01T12:00:00Z"}}, "relationships": {"updates": {"data": []}}}]}"#,
    ),
    (
        "Status.io",
        "status-io",
        Update,
        r#"{"result": {"status_overall": {"status_code": 500}, "incidents": [{"_id": "5b1", "name": "x", "datetime_open": "2026-01-01T10:00:00.000Z", "messages": [
        {"details": "x", "state": WORD, "status": 300, "datetime": "2026-01-01T11:00:00.000Z"}]}], "maintenance": {"active": [], "upcoming": []}}}"#,
    ),
    (
        "Status.io's lists of maintenances",
        "status-io",
        Incident,
        r#"{"result": {"status_overall": {"status_code": 100}, "incidents": [], "maintenance": {"WORD": [{"_id": "5b2", "name": "x", "datetime_planned_start": "2026-01-08T14:00:00.000Z", "datetime_planned_end": "2026-01-08T19:00:00.000Z"}]}}}"#,
    ),
    (
        "Slack",
        "slack-status",
        Incident,
        r#"{"status": "active", "active_incidents": [{"id": 7, "date_created": "2026-03-08T01:30:00-08:00", "title": "x", "type": "incident", "status": "WORD", "notes": []}]}"#,
    ),
    (
        "Slack's maintenances",
        "slack-status",
        Incident,
        r#"{"status": "active", "active_incidents": [{"id": 7, "date_created": "2026-03-08T01:30:00-08:00", "title": "x", "type": "maintenance", "status": "WORD", "notes": []}]}"#,
    ),
    (
        "Slack's notes",
        "slack-status",
        Update,
        r#"{"status": "active", "active_incidents": [{"id": 7, "date_created": "2026-03-08T01:30:00-08:00", "title": "x", "type": "incident", "status": "active", "notes": [
        {"date_created": "2026-03-08T03:30:00-07:00", "body": "WORD"}]}]}"#,
    ),
    (
        "Checkly",
        "checkly",
        Update,
        r#"{"incidents": [{"id": "b", "name": "x", "severity": "MEDIUM", "created_at": "2026-01-01T10:00:00.607Z", "lastUpdateStatus": "WORD", "services": [], "incidentUpdates": [
        {"id": "1", "status": "WORD", "description": "x", "publicIncidentUpdateDate": "2026-01-01T09:50:00.000Z"}]}]}"#,
    ),
    (
        "Yandex Cloud",
        "yandex-cloud",
        Update,
        r#"{"items": [{"title": "x", "id": 9, "status": "open", "startDate": "2026-01-01T10:00:00.000Z", "createdAt": "2026-01-01T10:40:00.000Z", "levelId": 2, "services": [], "comments": [
        {"id": 1, "type": "WORD", "content": "x", "createdAt": "2026-01-01T12:05:00.000Z"}]}]}"#,
    ),
    (
        "Better Stack",
        "better-stack",
        Update,
        r#"{"data": {"id": "1", "type": "status_page", "attributes": {"company_name": "C"}}, "included": [
        {"id": "u", "type": "status_update", "attributes": {"message": "x", "published_at": "2026-01-01T10:00:00.000Z", "affected_resources": [{"status_page_resource_id": "r", "status": "WORD"}]}},
        {"id": "9", "type": "status_report", "attributes": {"title": "x", "report_type": "manual", "starts_at": "2026-01-01T10:00:00.000Z"}, "relationships": {"status_updates": {"data": [{"id": "u"}]}}}]}"#,
    ),
];
