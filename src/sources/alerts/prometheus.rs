//! Prometheus: the currently active alerts, from `/api/v1/alerts` and `/api/v1/rules`.
//!
//! <https://prometheus.io/docs/prometheus/latest/querying/api/#alerts>. `activeAt` is when the
//! condition started to hold, which is earlier than the firing of the alert by the rule's `for`
//! (`duration`, in seconds). A snapshot has only active alerts, so it never gives an end.

use super::kit::{Alerts, Change, Live, Log, Node, labelled};
use crate::sources::source::WrittenFrom;
use crate::text::clean::clean_line;

pub(in crate::sources) static PROMETHEUS: Live = Live {
    alerts: Alerts {
        id: "prometheus-alerts",
        about: "Prometheus: the active alerts of /api/v1/alerts and /api/v1/rules",
        system: "Prometheus",
        written_from: WrittenFrom::Captures,
        lists: &[],
        is_record: |head| {
            head.has(&["data.alerts[].activeAt"])
                || head.has(&["data.groups[].rules"])
                || head.has(&["groups[].rules[].query", "groups[].file"])
        },
        read,
    },
    endpoints: &["/api/v1/alerts"],
    title: "Prometheus Time Series",
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let data = if record.at("data").is_there() { record.at("data") } else { record };
    if record.text(&["status"]).is_some_and(|status| status == "error") {
        let reason = record.text(&["error"]).unwrap_or("no reason given".into());
        return log.fail(format!("the server answered with an error: {}", clean_line(&reason)));
    }
    for alert in data.list("alerts") {
        active(alert, None, log);
    }
    for rule in data.list("groups").flat_map(|group| group.list("rules")) {
        for alert in rule.list("alerts") {
            active(alert, Some(rule), log);
        }
    }
}

fn active(alert: Node<'_>, rule: Option<Node<'_>>, log: &mut Log<'_>) {
    // A pending alert has not fired and may never fire.
    if alert.text(&["state"]).is_none_or(|state| state != "firing") {
        return;
    }
    if labelled::is_heartbeat(alert) {
        return log.heartbeat();
    }
    let since = log.time(alert, &["activeAt"]);
    let delay = rule.and_then(|rule| rule.number("duration"));
    // Without a `for` it fires at once.
    let change = if delay == Some(0.0) { Change::Fired } else { Change::Held };
    let mut step = labelled::step(alert, change, since);
    if !alert.at("labels.alertname").is_there() {
        step.title = rule.and_then(|rule| rule.text(&["name"])).or(step.title);
    }
    if let Some(delay) = delay.filter(|delay| *delay > 0.0) {
        step.texts
            .push(format!("The alert fires when its condition has held for {delay} s.").into());
    }
    log.add(step);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn active_alert_starts_when_its_condition_began() {
        let alert = r#"{"labels": {"alertname": "Lag", "severity": "critical", "job": "queue"}, "annotations": {"summary": "Lag is high"},
            "state": "firing", "activeAt": "2026-03-01T10:00:00.5Z", "value": "1e+00"}"#;
        let pending = alert.replace("firing", "pending");
        let alerts =
            format!(r#"{{"status": "success", "data": {{"alerts": [{alert}, {pending}]}}}}"#);
        assert!(sniffs(&PROMETHEUS, &alerts));
        insta::assert_snapshot!(read(&PROMETHEUS, &alerts), @"2026-03-01T10:00:00.500Z alert [Prometheus] **Lag** began to hold (critical): Lag is high ¶ `job=queue`");
        let rules = format!(
            r#"{{"status": "success", "data": {{"groups": [{{"name": "g", "file": "f", "rules": [
            {{"type": "alerting", "name": "Lag", "query": "lag > 1", "duration": 300, "state": "firing", "alerts": [{alert}]}},
            {{"type": "recording", "name": "r", "query": "x"}}]}}]}}}}"#
        );
        assert!(sniffs(&PROMETHEUS, &rules));
        insta::assert_snapshot!(read(&PROMETHEUS, &rules), @"2026-03-01T10:00:00.500Z alert [Prometheus] **Lag** began to hold (critical): Lag is high ¶ The alert fires when its condition has held for 300 s. ¶ `job=queue`");
    }
}
