//! New Relic: webhooks of incidents, in the form of issues
//! (`state`), the older one (`current_state`), and issues of workflows.
//!
//! The payload of a closed incident repeats `createdAt`, its opening time: without `closedAt` its
//! end is unknown, as is the time of an acknowledgement without `acknowledgedAt`.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static NEW_RELIC: Alerts = Alerts {
    id: "new-relic-alerts",
    about: "New Relic: webhooks of incidents, of the old and the new form, and of workflows",
    system: "New Relic",
    written_from: WrittenFrom::Captures,
    lists: &["data.actor.account.aiIssues.issues.issues"],
    is_record: |head| {
        head.has(&["condition_name", "current_state"])
            || head.has(&["condition_name", "state", "alertPolicyNames"])
            || head.has(&["condition_name", "state", "issueUrl"])
            || head.has(&["issueUrl", "state", "createdAt"])
            || head.has(&["issueUrl", "alertPolicyNames"])
            || head.has(&["issueId", "state", "createdAt"])
            || head.has(&["issueId", "activatedAt"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let Some(alert) = record.text(&["incident_id", "issueUrl", "issueId", "id"]) else {
        return log.warn("this incident has no id and was left out");
    };
    let state = record.text(&["current_state", "state"]).unwrap_or_default().to_lowercase();
    let person = record.text(&["owner", "acknowledgedBy"]);
    let of = |change: Change, at| {
        let title = record.text(&["condition_name", "title", "title.0"]);
        let policy =
            record.text(&["policy_name", "alertPolicyNames.0", "alertPolicyNames", "policyName.0"]);
        let step = Step::of(alert.clone(), change, at).titled(title.map(first_line));
        let details = record.text(&["details"]).into_iter().filter(|_| change == Change::Fired);
        step.graded(record.text(&["severity", "priority"]))
            .with_text(details)
            .with("policy", policy)
    };
    let opened = log.time(record, &["createdAt", "activatedAt", "timestamp"]);
    log.add(of(Change::Fired, opened));
    let acknowledged = log.time(record, &["acknowledgedAt"]);
    if acknowledged.is_some() || matches!(state.as_str(), "acknowledged") {
        log.add(of(Change::Acknowledged, acknowledged).by(person));
    }
    let closed = log.time(record, &["closedAt"]);
    if closed.is_some() || matches!(state.as_str(), "closed") {
        let closer = record.text(&["closedBy"]).filter(|closer| !closer.is_empty());
        let change = if closer.is_some() { Change::Closed } else { Change::Cleared };
        log.add(of(change, closed).by(closer));
    }
}

fn first_line(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.find('\n') {
        Some(end) => Cow::Owned(text[..end].to_owned()),
        None => text,
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
        2026-03-01T10:00:00Z alert [New Relic] **Server down** fired ¶ `policy=p` → detected_at
        ? alert [New Relic] **Server down** cleared ¶ `policy=p`
        alerts.json:1:1: warning: this record has no time that can be read; it is in the timeline without one
        ");
        insta::assert_snapshot!(read(&NEW_RELIC, &text("closed", r#", "closedAt": 1772362800000"#)), @"
        2026-03-01T10:00:00Z alert [New Relic] **Server down** fired ¶ `policy=p` → detected_at
        2026-03-01T11:00:00Z alert [New Relic] **Server down** cleared ¶ `policy=p` → mitigated_at
        ");
        insta::assert_snapshot!(read(&NEW_RELIC, &text("acknowledged", r#", "acknowledgedAt": 1772359260000"#)), @"
        2026-03-01T10:00:00Z alert [New Relic] **Server down** fired ¶ `policy=p` → detected_at
        2026-03-01T10:01:00Z action [Ana] **Server down** was acknowledged by Ana ¶ `policy=p` → acknowledged_at
        ");
    }
}
