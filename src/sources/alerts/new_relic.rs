//! New Relic: webhooks of incidents, in the form of issues (`state`) and the older one
//! (`current_state`).
//!
//! The payload of a closed incident repeats `createdAt`, which is when it was opened: without
//! `closedAt` its end is unknown, and so is the time of an acknowledgement without `acknowledgedAt`.

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static NEW_RELIC: JsonAlerts = JsonAlerts {
    id: "new-relic",
    about: "New Relic: webhooks of incidents, of the old and the new form",
    system: "New Relic",
    evidence: Evidence::Captures,
    list: None,
    is_record: |head| {
        head.has(&["condition_name", "current_state"])
            || head.has(&["condition_name", "state", "alertPolicyNames"])
            || head.has(&["issueUrl", "state", "createdAt"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let Some(alert) = record.text(&["incident_id", "issueUrl", "id"]) else {
        return log.warn("this incident has no id and was left out");
    };
    let state = record.text(&["current_state", "state"]).unwrap_or_default().to_lowercase();
    let person = record.text(&["owner"]);
    let add = |log: &mut Log<'_>, change: Change, paths: &[&str], unknown: &str| match log.time(record, paths) {
        Some(at) => log.add(Step {
            alert: alert.clone(),
            title: record.text(&["condition_name", "title"]),
            change,
            at,
            severity: record.text(&["severity", "priority"]),
            texts: record.text(&["details"]).into_iter().filter(|_| change == Change::Fired).collect(),
            labels: record.text(&["policy_name"]).map(|policy| ("policy".into(), policy)).into_iter().collect(),
            person: person.clone().filter(|_| change == Change::Acknowledged),
        }),
        None => log.warn(unknown),
    };
    add(log, Change::Fired, &["createdAt", "timestamp"], "this incident does not say when it was opened");
    match state.as_str() {
        "acknowledged" => {
            add(
                log,
                Change::Acknowledged,
                &["acknowledgedAt"],
                "this incident was acknowledged, and does not say when",
            );
        }
        "closed" => add(log, Change::Cleared, &["closedAt"], "this incident was closed, and does not say when"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn the_opening_time_of_a_closed_incident_is_not_its_end() {
        let text = |state: &str, more: &str| {
            format!(
                r#"{{"id": "x", "issueUrl": "https://n.example.com/7", "condition_name": "Server down", "alertPolicyNames": ["p"], "createdAt": 1772359200000, "state": "{state}", "owner": "Ana"{more}}}"#
            )
        };
        assert!(sniffs(&NEW_RELIC, &text("closed", "")));
        insta::assert_snapshot!(read(&NEW_RELIC, &text("closed", "")), @"
        2026-03-01T10:00:00Z alert [New Relic] **Server down** fired → detected_at
        alerts.json:1:1: warning: this incident was closed, and does not say when
        ");
        insta::assert_snapshot!(read(&NEW_RELIC, &text("closed", r#", "closedAt": 1772362800000"#)), @"
        2026-03-01T10:00:00Z alert [New Relic] **Server down** fired → detected_at
        2026-03-01T11:00:00Z alert [New Relic] **Server down** cleared
        ");
        insta::assert_snapshot!(read(&NEW_RELIC, &text("acknowledged", r#", "acknowledgedAt": 1772359260000"#)), @"
        2026-03-01T10:00:00Z alert [New Relic] **Server down** fired → detected_at
        2026-03-01T10:01:00Z action [Ana] **Server down** was acknowledged by Ana → acknowledged_at
        ");
    }
}
