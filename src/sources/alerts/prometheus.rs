//! Prometheus: the alerts that are active at this moment, from `/api/v1/alerts` and `/api/v1/rules`.
//!
//! <https://prometheus.io/docs/prometheus/latest/querying/api/#alerts>. `activeAt` is when the
//! condition began to hold, which is earlier than when the alert fired, by the rule's `for`
//! (`duration`, in seconds). Nothing here says when an alert ended: a snapshot has only what is active.

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static PROMETHEUS: JsonAlerts = JsonAlerts {
    id: "prometheus-alerts",
    about: "Prometheus: the active alerts of /api/v1/alerts and /api/v1/rules",
    system: "Prometheus",
    evidence: Evidence::Captures,
    list: None,
    is_record: |head| {
        head.has(&["data.alerts[].activeAt"])
            || head.has(&["data.groups[].rules"])
            || head.has(&["groups[].rules[].query", "groups[].file"])
    },
    read,
};

/// Alerts that always fire, to show that alerting works.
const HEARTBEATS: &[&str] = &["Watchdog", "DeadMansSwitch"];

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let data = if record.at("data").is_there() { record.at("data") } else { record };
    if record.text(&["status"]).is_some_and(|status| status == "error") {
        let reason = record.text(&["error"]).unwrap_or("no reason given".into());
        return log.warn(format!("the server answered with an error: {reason}"));
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
    // A pending alert has not fired and may never do so.
    if alert.text(&["state"]).is_none_or(|state| state != "firing") {
        return;
    }
    let name = alert.text(&["labels.alertname"]).or_else(|| rule?.text(&["name"]));
    if name.as_deref().is_some_and(|name| HEARTBEATS.contains(&name)) {
        return;
    }
    let Some(since) = log.time(alert, &["activeAt"]) else {
        return log.warn("an active alert has no `activeAt` and was left out");
    };
    let delay = rule.and_then(|rule| rule.text(&["duration"])?.parse::<f64>().ok()).filter(|delay| *delay > 0.0);
    let delay = delay.map(|delay| format!("the condition has held since then; the alert fires after {delay} s of it"));
    let labels: Vec<_> = alert.members("labels").map(|(name, value)| (name.into(), value)).collect();
    let identity: Vec<String> =
        labels.iter().map(|(name, value): &(std::borrow::Cow<'_, str>, _)| format!("{name}={value}")).collect();
    let texts = alert
        .text(&["annotations.summary"])
        .into_iter()
        .chain(alert.text(&["annotations.description", "annotations.message"]));
    log.add(Step {
        alert: identity.join("\u{0}").into(),
        title: name,
        change: Change::Held,
        at: since,
        severity: alert.text(&["labels.severity"]),
        texts: texts.chain(delay.map(Into::into)).collect(),
        labels: labels.into_iter().filter(|(name, _)| !matches!(&**name, "alertname" | "severity")).collect(),
        person: None,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn an_active_alert_is_dated_by_its_condition() {
        let alert = r#"{"labels": {"alertname": "Lag", "severity": "critical", "job": "queue"}, "annotations": {"summary": "Lag is high"},
            "state": "firing", "activeAt": "2026-03-01T10:00:00.5Z", "value": "1e+00"}"#;
        let pending = alert.replace("firing", "pending");
        let alerts = format!(r#"{{"status": "success", "data": {{"alerts": [{alert}, {pending}]}}}}"#);
        assert!(sniffs(&PROMETHEUS, &alerts));
        insta::assert_snapshot!(read(&PROMETHEUS, &alerts), @"2026-03-01T10:00:00.500Z alert [Prometheus] **Lag** began to hold (critical): Lag is high ¶ `job=queue`");
        let rules = format!(
            r#"{{"status": "success", "data": {{"groups": [{{"name": "g", "file": "f", "rules": [
            {{"type": "alerting", "name": "Lag", "query": "lag > 1", "duration": 300, "state": "firing", "alerts": [{alert}]}},
            {{"type": "recording", "name": "r", "query": "x"}}]}}]}}}}"#
        );
        assert!(sniffs(&PROMETHEUS, &rules));
        insta::assert_snapshot!(read(&PROMETHEUS, &rules), @"2026-03-01T10:00:00.500Z alert [Prometheus] **Lag** began to hold (critical): Lag is high ¶ the condition has held since then; the alert fires after 300 s of it ¶ `job=queue`");
    }
}
