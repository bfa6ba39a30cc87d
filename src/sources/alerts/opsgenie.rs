//! Opsgenie: alerts and incidents of the REST API, and webhooks.
//!
//! <https://docs.opsgenie.com/docs/alert-api>, <https://docs.opsgenie.com/docs/webhook-integration>.
//! A webhook gives no time for what was done but the alert's `updatedAt`, in nanoseconds, beside
//! `createdAt` in milliseconds.

use std::borrow::Cow;

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::model::time::Moment;
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static OPSGENIE: JsonAlerts = JsonAlerts {
    id: "opsgenie",
    about: "Opsgenie: alerts and incidents (REST API), webhooks",
    system: "Opsgenie",
    evidence: Evidence::Captures,
    list: Some("data"),
    is_record: |head| {
        head.has(&["action", "alert.alertId"])
            || head.has(&["tinyId", "message", "createdAt"])
            || head.has(&["data.tinyId", "data.message", "data.createdAt"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("action").is_there() && record.at("alert").is_there() {
        return webhook(record, log);
    }
    let alert = if record.at("data.tinyId").is_there() { record.at("data") } else { record };
    of_alert(alert, log);
}

fn step<'a>(alert: Node<'a>, change: Change, at: Moment) -> Option<Step<'a>> {
    let label = |name: &'static str, path: &str| Some((Cow::Borrowed(name), alert.text(&[path])?));
    Some(Step {
        alert: alert.text(&["alertId", "id", "alias", "tinyId"])?,
        title: alert.text(&["message"]),
        change,
        at,
        severity: alert.text(&["priority"]),
        texts: Vec::new(),
        labels: [label("host", "entity"), label("source", "source")].into_iter().flatten().collect(),
        person: None,
    })
}

fn webhook(record: Node<'_>, log: &mut Log<'_>) {
    let alert = record.at("alert");
    let action = record.text(&["action"]).unwrap_or_default();
    let by_person = record.text(&["source.type"]).is_some_and(|kind| matches!(&*kind, "web" | "mobile" | "user"));
    let change = match &*action {
        "Create" => Change::Fired,
        "Acknowledge" => Change::Acknowledged,
        "UnAcknowledge" => Change::Unacknowledged,
        "Escalate" | "EscalateNext" | "AssignOwnership" | "TakeOwnership" => Change::Escalated,
        "AddNote" => Change::Noted,
        "Close" if by_person => Change::Closed,
        "Close" | "Delete" => Change::Cleared,
        // Tags, recipients, custom actions and the like are no steps of the alert.
        _ => return log.warn(format!("`{action}` is no step of an alert and was left out")),
    };
    let times: &[&str] = if change == Change::Fired { &["createdAt"] } else { &["updatedAt", "insertedAt"] };
    let Some(at) = log.time(alert, times) else {
        return log.warn(format!("`{action}` has no time and was left out"));
    };
    log.add_some(step(alert, change, at).map(|step| Step {
        person: alert.text(&["username"]).filter(|_| change != Change::Cleared),
        texts: alert.text(&["note"]).into_iter().collect(),
        ..step
    }));
}

/// An alert or an incident of the API, as it was when somebody asked.
fn of_alert(alert: Node<'_>, log: &mut Log<'_>) {
    match log.time(alert, &["createdAt"]) {
        Some(at) => log.add_some(
            step(alert, Change::Fired, at)
                .map(|step| Step { texts: alert.text(&["description"]).into_iter().collect(), ..step }),
        ),
        None => log.warn("this alert has no `createdAt` and its beginning was left out"),
    }
    // The report counts milliseconds from the creation, and names who did it.
    let after = |path: &str| {
        let milliseconds = alert.text(&[path])?.parse::<i64>().ok()?;
        chrono::TimeDelta::try_milliseconds(milliseconds)
    };
    let created = log.time(alert, &["createdAt"]);
    let reported = [
        ("report.ackTime", "report.acknowledgedBy", Change::Acknowledged),
        ("report.closeTime", "report.closedBy", Change::Closed),
    ];
    for (time, person, change) in reported {
        if let Some((created, delay)) = created.zip(after(time)) {
            let person = alert.text(&[person]);
            log.add_some(step(alert, change, created.shifted(delay)).map(|step| Step { person, ..step }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn a_webhook_has_the_time_of_its_update() {
        let webhook = |action: &str| {
            format!(
                r#"{{"action": "{action}", "source": {{"type": "web"}}, "alert": {{"alertId": "a1", "message": "Queue grows",
            "createdAt": 1772359200000, "updatedAt": 1772359320500000000, "username": "ana", "priority": "P2"}}}}"#
            )
        };
        let text = ["Create", "Acknowledge", "UnAcknowledge", "Close", "AddTags"].map(webhook).join("\n");
        assert!(sniffs(&OPSGENIE, &text));
        insta::assert_snapshot!(read(&OPSGENIE, &text), @"
        2026-03-01T10:00:00Z alert [ana] **Queue grows** fired (P2) → detected_at
        2026-03-01T10:02:00.500Z action [ana] **Queue grows** was acknowledged by ana (P2) → acknowledged_at
        2026-03-01T10:02:00.500Z alert [ana] **Queue grows** lost its acknowledgement (P2)
        2026-03-01T10:02:00.500Z action [ana] **Queue grows** was closed by ana (P2)
        alerts.json:9:1: warning: `AddTags` is no step of an alert and was left out
        ");
    }

    #[test]
    fn an_alert_of_the_api_counts_from_its_creation() {
        let text = r#"{"data": [{"id": "a1", "tinyId": "7", "message": "Queue grows", "description": "over 1000", "status": "closed",
            "createdAt": "2026-03-01T10:00:00.49Z", "priority": "P1",
            "report": {"ackTime": 65000, "acknowledgedBy": "ana", "closeTime": 3600000, "closedBy": "ana"}}]}"#;
        assert!(sniffs(&OPSGENIE, text));
        insta::assert_snapshot!(read(&OPSGENIE, text), @"
        2026-03-01T10:00:00.490Z alert [Opsgenie] **Queue grows** fired (P1): over 1000 → detected_at
        2026-03-01T10:01:05.490Z action [ana] **Queue grows** was acknowledged by ana (P1) → acknowledged_at
        2026-03-01T11:00:00.490Z action [ana] **Queue grows** was closed by ana (P1)
        ");
    }
}
