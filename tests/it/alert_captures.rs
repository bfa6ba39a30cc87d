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
];

/// What each capture holds, counted by hand or by `jq` and not by posthoc: file, format, entries.
const EXPECTED: &[(&str, &str, usize)] = &[
    ("pagerduty/webhook-triggered_v3.json", "pagerduty-alerts", 1),
    ("pagerduty/webhook-acknowledged_v3.json", "pagerduty-alerts", 1),
    ("pagerduty/webhook-unacknowledged_v3.json", "pagerduty-alerts", 1),
    ("pagerduty/webhook-resolved_v3.json", "pagerduty-alerts", 1),
    // An incident that was created and acknowledged, and one that ended by itself.
    ("pagerduty/webhook-acknowledge.json", "pagerduty-alerts", 2),
    ("pagerduty/webhook-auto_resolved.json", "pagerduty-alerts", 2),
    ("pagerduty/webhook-resolve_v2.json", "pagerduty-alerts", 2),
    ("opsgenie/webhook-acknowledge.json", "opsgenie", 1),
    ("opsgenie/webhook-unacknowledge.json", "opsgenie", 1),
    ("opsgenie/webhook-close.json", "opsgenie", 1),
    // It has no time at all.
    ("opsgenie/webhook-escalate.json", "opsgenie", 0),
    ("cloudwatch/awscli-alarm-history.json", "cloudwatch-alarms", 2),
    ("cloudwatch/sns-alarm-rds.json", "cloudwatch-alarms", 1),
    // Scaling is no alarm.
    ("cloudwatch/sns-autoscaling.json", "cloudwatch-alarms", 0),
    ("grafana/annotations-alert-history.json", "grafana-annotations", 4),
    ("newrelic/incident_opened_old.json", "new-relic", 1),
    ("newrelic/incident_closed_old.json", "new-relic", 1),
    ("newrelic/incident_closed_new.json", "new-relic", 1),
    ("newrelic/incident_acknowledged_new.json", "new-relic", 1),
    ("newrelic/incident_missing_timestamp_new.json", "new-relic", 0),
    ("zabbix/connector-7.0-events.ndjson", "zabbix-events", 2),
    ("zabbix/docs-export-multi.ndjson", "zabbix-events", 2),
    ("pingdom/http_up_to_down.json", "pingdom", 1),
    ("pingdom/imap_down_to_up.json", "pingdom", 1),
    ("updown/check_multiple_events.json", "updown", 2),
    ("updown/check_up_again_one_event.json", "updown", 2),
    ("uptimekuma/webhook-down.json", "uptime-kuma-webhook", 1),
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
    let source = posthoc::sources::by_id("datadog-monitors").expect("it is registered");
    assert_eq!(source.sniff(&input), Verdict::Yes);
    let read = source.read(&input, &ReadOptions::default()).expect("it is read");
    assert!(read.value.iter().all(|record| matches!(record, Record::Event(_))));
    assert_eq!(read.value.len(), expected, "{:?}", read.warnings);
}
