//! Elastic: the history of watches (`.watcher-history-*`), and alerts of Kibana's rules.
//!
//! <https://www.elastic.co/guide/en/elasticsearch/reference/current/how-watcher-works.html>,
//! <https://www.elastic.co/guide/en/kibana/current/alerting-getting-started.html>. A watch runs on
//! a schedule; only a run whose condition was met is an alert.

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static ELASTIC_WATCHER: Alerts = Alerts {
    id: "elastic-alerts",
    about: "Elastic: history of watches (.watcher-history), alerts of Kibana's rules",
    system: "Elastic",
    written_from: WrittenFrom::Documentation,
    lists: &["hits.hits"],
    is_record: |head| {
        ["", "_source."].iter().any(|at| {
            let has = |paths: [&str; 2]| {
                head.has(&[&format!("{at}{}", paths[0]), &format!("{at}{}", paths[1])])
            };
            has(["watch_id", "result.condition"])
                || has(["watch_id", "trigger_event"])
                || has(["kibana.alert.status", "kibana.alert.rule.name"])
        })
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let source = if record.at("_source").is_there() { record.at("_source") } else { record };
    if source.at("kibana.alert.status").is_there() {
        return kibana(source, log);
    }
    let Some(watch) = source.text(&["watch_id"]) else {
        return log.warn("this record names no watch and was left out");
    };
    let times = [
        "result.execution_time",
        "trigger_event.triggered_time",
        "trigger_event.manual.schedule.triggered_time",
    ];
    let at = log.time(source, &times);
    let met = source.is_true("result.condition.met");
    // The next run whose condition is not met clears the alert.
    let change = if met { Change::Fired } else { Change::Cleared };
    let failed = source
        .text(&["state"])
        .filter(|state| state != "executed" && state != "execution_not_needed");
    let step =
        Step::of(watch.clone(), change, at).titled(source.text(&["metadata.name", "watch_id"]));
    let acknowledged = source.entries("status.actions").find_map(|(_, action)| {
        log.time(action, &["ack.timestamp"])
            .filter(|_| action.text(&["ack.state"]).as_deref() == Some("acked"))
    });
    if acknowledged.is_some() {
        log.add(
            Step::of(watch.clone(), Change::Acknowledged, acknowledged)
                .titled(source.text(&["watch_id"])),
        );
    }
    log.add(
        step.with_text(failed)
            .with_text(source.text(&["result.actions.0.logging.logged_text", "exception.reason"])),
    );
}

fn kibana(alert: Node<'_>, log: &mut Log<'_>) {
    let id = alert
        .text(&["kibana.alert.uuid", "kibana.alert.instance.id", "kibana.alert.rule.name"])
        .unwrap_or_default();
    let of = |change, at| {
        let step = Step::of(id.clone(), change, at).titled(alert.text(&["kibana.alert.rule.name"]));
        step.graded(alert.text(&["kibana.alert.severity"]))
            .with_text(alert.text(&["kibana.alert.reason"]))
    };
    let started = log.time(alert, &["kibana.alert.start", "@timestamp"]);
    log.add(of(Change::Fired, started));
    if alert.text(&["kibana.alert.status"]).as_deref() == Some("recovered") {
        let ended = log.time(alert, &["kibana.alert.end"]);
        log.add(of(Change::Cleared, ended));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn a_watch_fires_when_its_condition_is_met() {
        let run = |at: &str, met: bool| {
            format!(
                r#"{{"_source": {{"watch_id": "errors", "state": "executed", "trigger_event": {{"type": "schedule", "triggered_time": "2026-03-01T{at}Z"}},
                "result": {{"execution_time": "2026-03-01T{at}.5Z", "condition": {{"met": {met}}}}}}}}}"#
            )
        };
        let text = format!(
            r#"{{"hits": {{"hits": [{}, {}, {}]}}}}"#,
            run("10:10:00", false),
            run("10:05:00", true),
            run("10:00:00", true)
        );
        assert!(sniffs(&ELASTIC_WATCHER, &text));
        insta::assert_snapshot!(read(&ELASTIC_WATCHER, &text), @"
        2026-03-01T10:00:00.500Z alert [Elastic] **errors** fired: Reported once more at 2026-03-01T10:05:00.500Z. → detected_at
        2026-03-01T10:10:00.500Z alert [Elastic] **errors** cleared → mitigated_at
        alerts.json:1:1: note: 1 reminder of an alert that still fired: folded into the entry of this alert
        ");
        let kibana = r#"{"kibana.alert.uuid": "u", "kibana.alert.status": "recovered", "kibana.alert.rule.name": "High CPU", "kibana.alert.reason": "CPU is 95 %",
            "kibana.alert.start": "2026-03-01T10:00:00Z", "kibana.alert.end": "2026-03-01T10:20:00Z", "@timestamp": "2026-03-01T10:20:00Z"}"#;
        assert!(sniffs(&ELASTIC_WATCHER, kibana));
        insta::assert_snapshot!(read(&ELASTIC_WATCHER, kibana), @"
        2026-03-01T10:00:00Z alert [Elastic] **High CPU** fired: CPU is 95 % → detected_at
        2026-03-01T10:20:00Z alert [Elastic] **High CPU** cleared: CPU is 95 % → mitigated_at
        ");
    }
}
