//! Splunk On-Call (VictorOps): alerts as monitors send them (REST endpoint), incidents of the API,
//! and outgoing webhooks.
//!
//! <https://help.victorops.com/knowledge-base/rest-endpoint-integration-guide/>,
//! <https://portal.victorops.com/public/api-docs.html>. Times are seconds since 1970.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static SPLUNK_ON_CALL: Alerts = Alerts {
    id: "splunk-on-call-alerts",
    about: "Splunk On-Call (VictorOps): alerts of the REST endpoint, incidents of the API, outgoing webhooks",
    system: "Splunk On-Call",
    written_from: WrittenFrom::Documentation,
    lists: &["incidents", "alerts"],
    is_record: |head| {
        head.has(&["message_type", "entity_id"])
            || head.has(&["messageType", "entityId"])
            || head.has(&["currentPhase", "entityId"])
            || head.has(&["ALERT.message_type"])
            || head.has(&["ALERT.entity_id"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("currentPhase").is_there() {
        return incident(record, log);
    }
    let alert = if record.at("ALERT").is_there() { record.at("ALERT") } else { record };
    let kind = alert.text(&["message_type", "messageType"]).unwrap_or_default().to_uppercase();
    let change = match kind.as_str() {
        "CRITICAL" | "WARNING" => Change::Fired,
        "ACKNOWLEDGEMENT" | "ACKNOWLEDGE" | "ACK" => Change::Acknowledged,
        "RECOVERY" | "OK" | "RESOLVED" => Change::Cleared,
        // It creates a timeline entry but no incident.
        "INFO" => Change::Noted,
        _ => return log.warn(format!("`{kind}` is not a known message type")),
    };
    let times =
        ["state_start_time", "timestamp", "alert_timestamp", "stateStartTime", "VO_ALERT_RCV_TIME"];
    let at = log.time(alert, &times);
    let title = alert.text(&["entity_display_name", "entityDisplayName", "entity_id", "entityId"]);
    let severity = (change == Change::Fired).then(|| Cow::Owned(kind.to_lowercase()));
    let person =
        alert.text(&["ack_author", "ackAuthor"]).filter(|_| change == Change::Acknowledged);
    let body =
        alert.text(&["state_message", "stateMessage"]).into_iter().chain(alert.text(&["ack_msg"]));
    let step = alert.text(&["entity_id", "entityId"]).map(|id| Step::of(id, change, at));
    let host = alert.text(&["host_name", "hostname"]);
    log.add_some(step.map(|step| {
        step.titled(title)
            .graded(severity)
            .by(person)
            .with_text(body)
            .with("host", host)
            .with("service", alert.text(&["service"]))
    }));
}

/// An incident of the API with its transitions.
fn incident(incident: Node<'_>, log: &mut Log<'_>) {
    let Some(key) = incident.text(&["entityId", "incidentNumber"]) else {
        return log.warn("this incident names no entity and was left out");
    };
    let title = incident.text(&["entityDisplayName", "entityId"]);
    let of = |change, at| {
        let step = Step::of(key.clone(), change, at)
            .titled(title.clone())
            .with("service", incident.text(&["service"]));
        step.with("host", incident.text(&["host"]))
    };
    let mut has_transitions = false;
    for transition in incident.list("transitions") {
        has_transitions = true;
        let by_person = transition.is_true("manually");
        let name = transition.text(&["name"]).unwrap_or_default().to_lowercase();
        let change = match name.as_str() {
            "triggered" => Change::Fired,
            "acked" | "acknowledged" => Change::Acknowledged,
            "unacked" => Change::Unacknowledged,
            "resolved" if by_person => Change::Closed,
            "resolved" => Change::AutoClosed,
            "rerouted" => Change::Assigned,
            "snoozed" => Change::Snoozed,
            _ => Change::Noted,
        };
        let at = log.time(transition, &["at"]);
        let person =
            transition.text(&["by"]).filter(|who| who != "SYSTEM" && change != Change::AutoClosed);
        log.add(of(change, at).by(person).with_text(transition.text(&["message"])));
    }
    if !has_transitions {
        let at = log.time(incident, &["startTime"]);
        log.add(of(Change::Fired, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn messages_and_incidents_are_read() {
        let message = |kind: &str, at: u64| {
            format!(
                r#"{{"message_type": "{kind}", "entity_id": "disk/db-1", "entity_display_name": "Disk of db-1 is full", "state_message": "98 %",
                "state_start_time": {at}, "ack_author": "ana", "monitoring_tool": "x"}}"#
            )
        };
        let text = [
            message("WARNING", 1772359200),
            message("CRITICAL", 1772359260),
            message("ACKNOWLEDGEMENT", 1772359320),
            message("RECOVERY", 1772359800),
        ]
        .join("\n");
        assert!(sniffs(&SPLUNK_ON_CALL, &text));
        insta::assert_snapshot!(read(&SPLUNK_ON_CALL, &text), @"
        2026-03-01T10:00:00Z alert [Splunk On-Call] **Disk of db-1 is full** fired (warning): 98 % → detected_at
        2026-03-01T10:01:00Z alert [Splunk On-Call] **Disk of db-1 is full** changed its severity (critical): 98 %
        2026-03-01T10:02:00Z action [ana] **Disk of db-1 is full** was acknowledged by ana (warning): 98 % → acknowledged_at
        2026-03-01T10:10:00Z alert [Splunk On-Call] **Disk of db-1 is full** cleared (warning): 98 % → mitigated_at
        ");
        let incident = r#"{"incidents": [{"incidentNumber": "54", "currentPhase": "RESOLVED", "entityId": "disk/db-1", "startTime": "2026-03-01T10:00:00Z",
            "transitions": [{"name": "triggered", "at": "2026-03-01T10:00:00Z", "by": "SYSTEM", "manually": false},
            {"name": "acked", "at": "2026-03-01T10:02:00Z", "by": "ana", "manually": true},
            {"name": "resolved", "at": "2026-03-01T10:20:00Z", "by": "SYSTEM", "manually": false}]}]}"#;
        assert!(sniffs(&SPLUNK_ON_CALL, incident));
        insta::assert_snapshot!(read(&SPLUNK_ON_CALL, incident), @"
        2026-03-01T10:00:00Z alert [Splunk On-Call] **disk/db-1** fired → detected_at
        2026-03-01T10:02:00Z action [ana] **disk/db-1** was acknowledged by ana → acknowledged_at
        2026-03-01T10:20:00Z alert [Splunk On-Call] **disk/db-1** was closed automatically → resolved_at
        ");
    }
}
