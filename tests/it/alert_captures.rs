//! Captures of alerting systems: which reader claims each, and what comes out.

use std::collections::BTreeMap;

use posthoc::sources::record::Record;
use posthoc::sources::{Input, REGISTRY, ReadOptions, Verdict};

use crate::world::shared;

/// A small input of each alerting system, as a seed for nonsense.
pub const SEEDS: &[&str] = &[
    r#"{"status": "success", "data": {"alerts": [{"labels": {"alertname": "A", "severity": "info"}, "annotations": {"summary": "s"},
       "state": "firing", "activeAt": "2026-03-01T10:00:00.5Z", "value": "1e+00"}]}}"#,
    r#"{"messages": [{"event": "incident.resolve", "incident": {"id": "Q1", "incident_number": 7, "title": "x", "urgency": "high",
       "created_at": "2026-03-01T10:00:00Z", "status": "resolved", "last_status_change_at": "2026-03-01T10:30:00Z",
       "acknowledgements": [{"at": "2026-03-01T10:02:00Z", "acknowledger": {"summary": "A"}}]},
       "log_entries": [{"type": "resolve_log_entry", "created_at": "2026-03-01T10:30:00Z", "agent": {"type": "user_reference", "summary": "A"}}]}]}"#,
    r#"{"action": "Acknowledge", "source": {"type": "web"}, "alert": {"alertId": "a1", "message": "x", "createdAt": 1772359200000,
       "updatedAt": 1772359320500000000, "username": "a", "priority": "P2"}}"#,
    r#"[{"id": 4, "alertName": "x", "newState": "Normal (NoData)", "prevState": "Alerting", "time": 1772361000000}]"#,
    r#"{"AlarmHistoryItems": [{"Timestamp": "2026-03-01T10:00:00Z", "AlarmName": "cpu", "HistoryItemType": "StateUpdate",
       "HistorySummary": "Alarm updated from OK to ALARM", "HistoryData": "{\"newState\":{\"stateValue\":\"ALARM\"}}"}]}"#,
    r#"{"title": "[Triggered on {service:api}] x", "alert_transition": "Triggered", "monitor_id": "9", "date": "1772359200000", "scopes": "service:api"}"#,
    r#"{"id": "x", "condition_name": "x", "alertPolicyNames": ["p"], "createdAt": 1772359200000, "state": "closed", "closedAt": 1772362800000}"#,
    "{\"clock\":1772359201,\"ns\":288186659,\"value\":1,\"eventid\":20,\"name\":\"x\",\"severity\": 4,\"hosts\": [\"a\",{\"host\":\"b\"}]}\n{\"clock\":1772359213,\"ns\":5,\"value\":0,\"eventid\":21,\"p_eventid\": 20}",
    r#"{"check_id": 7, "check_name": "x", "previous_state": "UP", "current_state": "DOWN", "state_changed_timestamp": 1772359200}"#,
    r#"[{"event": "check.up", "check": {"token": "t", "url": "https://x.example"}, "downtime": {"started_at": "2026-03-01T10:00:00Z", "ended_at": "2026-03-01T10:05:00Z"}}]"#,
    r#"{"heartbeat": {"monitorID": 8, "status": 0, "time": "2026-07-31 18:56:15.374", "msg": "x"}, "monitor": {"id": 8, "name": "y"}}"#,
    r#"{"count": 1, "results": [{"id": "I6", "integration_id": "C", "alerts_count": 3, "title": "x", "created_at": "2026-03-01T10:00:00Z",
       "acknowledged_at": "2026-03-01T10:02:00.5Z", "acknowledged_by": "U1", "resolved_at": "2026-03-01T10:30:00Z", "resolved_by": null}]}"#,
    r#"{"message_type": "CRITICAL", "entity_id": "disk/db-1", "entity_display_name": "x", "state_message": "98 %", "state_start_time": 1772359200}"#,
    r#"{"action": "created", "actor": {"type": "user", "name": "A"}, "data": {"issue": {"id": "7", "shortId": "S-E", "title": "x", "level": "error",
       "firstSeen": "2026-03-01T10:00:00.092476Z", "project": {"slug": "shop"}}}}"#,
    r#"{"hits": {"hits": [{"_source": {"watch_id": "errors", "state": "executed", "trigger_event": {"triggered_time": "2026-03-01T10:00:00Z"},
       "result": {"execution_time": "2026-03-01T10:00:00.5Z", "condition": {"met": true}}}}]}}"#,
    r#"{"results_link": "https://x.example", "sid": "rt_1", "search_name": "x", "result": {"_time": "1772359200", "host": "web-1", "_raw": "y"}}"#,
    r#"{"alert": {"id": 7, "name": "x", "version": 2}, "trigger_time": 1772359200, "violations": {"a": [{"metric": "q", "value": 42}]}}"#,
    r#"[{"id": "a", "name": "x", "status": "resolved", "severity": "critical", "lastReceived": "2026-03-01T10:20:00.000Z", "firingStartTime": "2026-03-01T10:00:00Z",
       "source": ["y"], "fingerprint": "f"}]"#,
    r#"{"event": "up", "message": "x", "project": {"id": 1, "name": "S"}, "site": {"id": "s1", "name": "S", "match_type": "success"},
       "outage": {"down_at": "2026-03-01T10:00:00Z", "up_at": "2026-03-01T10:05:00Z"}}"#,
    r#"{"event_name": "new_item", "data": {"item": {"id": 7, "title": "x", "level": 40, "last_occurrence_timestamp": 1772359200}}}"#,
    r#"{"monitor_url": "x.example", "monitor_friendly_name": "x", "alert_type": "2", "alert_type_friendly_name": "Up", "alert_friendly_duration": "4 minutes"}"#,
];

/// What each capture holds, counted by hand or by `jq` and not by posthoc: file, format, entries.
const EXPECTED: &[(&str, &str, usize)] = &[
    ("pagerduty/webhook-triggered_v3.json", "pagerduty-alerts", 1),
    ("pagerduty/webhook-acknowledged_v3.json", "pagerduty-alerts", 1),
    ("pagerduty/webhook-unacknowledged_v3.json", "pagerduty-alerts", 1),
    ("pagerduty/webhook-resolved_v3.json", "pagerduty-alerts", 1),
    // An incident that was created and acknowledged, and one that ended by itself.
    ("pagerduty/webhook-acknowledge.json", "pagerduty-alerts", 2),
    ("pagerduty/webhook-acknowledge_v2.json", "pagerduty-alerts", 2),
    ("pagerduty/webhook-auto_resolved.json", "pagerduty-alerts", 2),
    ("pagerduty/webhook-resolve_v2.json", "pagerduty-alerts", 2),
    ("opsgenie/webhook-acknowledge.json", "opsgenie-alerts", 1),
    ("opsgenie/webhook-unacknowledge.json", "opsgenie-alerts", 1),
    ("opsgenie/webhook-close.json", "opsgenie-alerts", 1),
    // It has no time at all, and is in the timeline without one.
    ("opsgenie/webhook-escalate.json", "opsgenie-alerts", 1),
    // Two incidents, with the beginning of the impact of both and the end of one.
    ("opsgenie/devlake-incidents.csv", "opsgenie-alerts", 5),
    ("cloudwatch/awscli-alarm-history.json", "cloudwatch-alarms", 2),
    ("cloudwatch/sns-alarm-rds.json", "cloudwatch-alarms", 1),
    ("cloudwatch/aws-health-event.json", "cloudwatch-alarms", 1),
    ("grafana/annotations-alert-history.json", "grafana-alerts", 4),
    // The legacy webhook has no time.
    ("grafana/alert_v7.json", "grafana-alerts", 1),
    ("grafana/alert_ok_v7.json", "grafana-alerts", 1),
    ("grafana/no_data_alert_v7.json", "grafana-alerts", 1),
    // It fired and cleared.
    ("grafana/alert_v8.json", "grafana-alerts", 2),
    ("grafana/alert_values_v11.json", "grafana-alerts", 1),
    ("newrelic/incident_opened_old.json", "new-relic-alerts", 1),
    // The end of an incident that only says when it began has no time.
    ("newrelic/incident_closed_old.json", "new-relic-alerts", 2),
    ("newrelic/incident_closed_new.json", "new-relic-alerts", 2),
    ("newrelic/incident_acknowledged_new.json", "new-relic-alerts", 2),
    ("newrelic/incident_missing_timestamp_new.json", "new-relic-alerts", 2),
    ("zabbix/connector-7.0-events.ndjson", "zabbix-alerts", 2),
    ("zabbix/docs-export-multi.ndjson", "zabbix-alerts", 2),
    ("pingdom/http_up_to_down.json", "pingdom-alerts", 1),
    ("pingdom/imap_down_to_up.json", "pingdom-alerts", 1),
    ("updown/check_multiple_events.json", "updown-alerts", 2),
    ("updown/check_up_again_one_event.json", "updown-alerts", 2),
    ("uptimekuma/webhook-down.json", "uptime-kuma-alerts", 1),
    ("uptimekuma/webhook-up.json", "uptime-kuma-alerts", 1),
    ("uptimerobot/uptimerobot_monitor_down.json", "uptime-robot-alerts", 1),
    ("uptimerobot/uptimerobot_monitor_up.json", "uptime-robot-alerts", 1),
    ("honeybadger/uptime.json", "honeybadger-alerts", 1),
    ("librato/alert.json", "librato-alerts", 1),
    ("librato/alert_cleared.json", "librato-alerts", 1),
    ("sentry/issue_created_for_exception.json", "sentry-alerts", 1),
    ("sentry/issue_ignored.json", "sentry-alerts", 1),
    ("sentry/issue_resolved.json", "sentry-alerts", 1),
    ("sentry/webhook_event_for_exception_python.json", "sentry-alerts", 1),
    ("splunk/search_one_result.json", "splunk-alerts", 1),
    ("alertmanager/karma-0.31-silences.json", "alertmanager", 3),
    // Of 9, one only shows that alerting works.
    ("alertmanager/openshift-alerts.json", "alertmanager", 8),
    ("alertmanager/openshift-silenced-alerts.json", "alertmanager", 2),
    ("alertmanager/webhook-msteams.json", "alertmanager", 1),
    ("alertmanager/webhook-v4-firing-group.json", "alertmanager", 2),
    ("alertmanager/webhook-v4-single.json", "alertmanager", 2),
    // 21 alerts fire, of which one only shows that alerting works.
    ("prometheus/holmes-rules.txt", "prometheus-alerts", 20),
    ("statuspage/incident_created.json", "statuspage-v2", 1),
    ("statuspage/incident_update.json", "statuspage-v2", 1),
];

#[test]
fn every_capture_is_claimed_by_its_reader_alone_and_counted() {
    let Some(folder) = shared("corpus/alerts") else { return };
    for (name, format, entries) in EXPECTED {
        let path = folder.join(name);
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let input = Input::new(*name, bytes);
        let claims: Vec<&str> =
            REGISTRY.iter().filter(|source| source.sniff(&input) == Verdict::Yes).map(|source| source.id()).collect();
        assert_eq!(claims, [*format], "{name}");
        let source = posthoc::sources::by_id(format).expect("it is registered");
        let read = source.read(&input, &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.value.len(), *entries, "{name}: {:#?}\n{:?}", read.value, read.warnings);
        assert!(*entries > 0 || !read.warnings.is_empty(), "{name}: nothing was read, and nobody said why");
    }
}

/// The webhooks of Datadog: counted by their transitions, of each monitor and group the first of
/// several in a row.
#[test]
fn a_line_of_a_log_of_webhooks_is_a_change() {
    let Some(folder) = shared("corpus/alerts/datadog") else { return };
    let text = std::fs::read_to_string(folder.join("keep-monitor-webhooks.jsonl.txt")).expect("it is there");
    let mut changes: BTreeMap<(String, String), Vec<(u64, bool)>> = BTreeMap::new();
    for line in text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
        let field = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let at = field("date").parse().or_else(|_| field("last_updated").parse()).expect("milliseconds");
        let fires = !field("alert_transition").contains("Recovered");
        changes.entry((field("monitor_id"), field("scopes"))).or_default().push((at, fires));
    }
    let mut expected = 0;
    for group in changes.values_mut() {
        group.sort();
        group.dedup();
        let mut fired = false;
        for (_, fires) in group {
            expected += usize::from(!(*fires && fired));
            fired = *fires;
        }
    }
    let input = Input::new("webhooks.jsonl", text);
    let source = posthoc::sources::by_id("datadog-alerts").expect("it is registered");
    assert_eq!(source.sniff(&input), Verdict::Yes);
    let read = source.read(&input, &ReadOptions::default()).expect("it is read");
    assert!(read.value.iter().all(|record| matches!(record, Record::Event(_))));
    assert_eq!(read.value.len(), expected, "{:?}", read.warnings);
}
