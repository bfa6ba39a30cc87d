//! Keep: alerts of its API (<https://docs.keephq.dev/api-ref/alerts/get-all-alerts>).
//! `lastReceived` is when the current state was reported, `firingStartTime` or `startedAt` when the
//! alert fired.

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::model::time::Moment;
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static KEEP: Alerts = Alerts {
    id: "keep-alerts",
    about: "Keep: alerts of the API",
    system: "Keep",
    written_from: WrittenFrom::Documentation,
    lists: &["results", "items", "alerts"],
    is_record: |head| {
        head.has(&["lastReceived", "name", "status"]) || head.has(&["lastReceived", "fingerprint"])
    },
    read,
};

fn read(alert: Node<'_>, log: &mut Log<'_>) {
    let Some(key) = alert.text(&["fingerprint", "id", "name"]) else {
        return log.warn("this alert has no name and was left out");
    };
    let of = |change: Change, at: Option<Moment>| {
        let step = Step::of(key.clone(), change, at)
            .titled(alert.text(&["name"]))
            .graded(alert.text(&["severity"]));
        let source = alert.text(&["source.0", "providerType"]);
        step.with("environment", alert.text(&["environment"]))
            .with("service", alert.text(&["service"]))
            .with("source", source)
    };
    let status = alert.text(&["status"]).unwrap_or_default().to_lowercase();
    let started = log.time(alert, &["firingStartTime", "startedAt"]);
    let received = log.time(alert, &["lastReceived"]);
    let fired = match status.as_str() {
        "suppressed" | "maintenance" => Change::Silenced,
        "pending" => Change::Held,
        _ => Change::Fired,
    };
    let message = alert.text(&["message"]).into_iter().chain(alert.text(&["description"]));
    let is_over = matches!(status.as_str(), "resolved" | "acknowledged");
    // For a resolved alert, the last report is the end.
    if started.is_some() || !is_over {
        log.add(of(fired, started.or(received)).with_text(message));
    }
    match status.as_str() {
        "resolved" => log.add(of(Change::Cleared, received)),
        "acknowledged" => log.add(of(Change::Acknowledged, received).by(alert.text(&["assignee"]))),
        _ => {}
    }
    if let Some(note) = alert.text(&["note"]) {
        // Its time is unknown.
        log.add(of(Change::Noted, None).with_text([note]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn resolved_alert_ends_at_its_last_received_time() {
        let text = r#"[{"id": "a", "name": "CPU is high", "status": "resolved", "severity": "critical", "lastReceived": "2026-03-01T10:20:00.000Z",
            "firingStartTime": "2026-03-01T10:00:00.000Z", "source": ["prometheus"], "fingerprint": "f1", "message": "95 %"},
            {"id": "b", "name": "Disk", "status": "suppressed", "severity": "low", "lastReceived": "2026-03-01T10:21:00.000Z", "fingerprint": "f2"}]"#;
        assert!(sniffs(&KEEP, text));
        insta::assert_snapshot!(read(&KEEP, text), @"
        2026-03-01T10:00:00Z alert [Keep] **CPU is high** fired (critical): 95 % ¶ `source=prometheus` → detected_at
        2026-03-01T10:20:00Z alert [Keep] **CPU is high** cleared (critical) ¶ `source=prometheus` → mitigated_at
        2026-03-01T10:21:00Z alert [Keep] **Disk** was active, but silenced (low)
        ");
    }
}
