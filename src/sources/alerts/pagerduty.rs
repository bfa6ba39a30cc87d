//! PagerDuty: incidents of the REST API with their log entries; log entries, alerts and notes
//! alone; webhooks of versions 1 to 3; events as monitors send them (Events API v1 and v2); and
//! tables of incidents (CSV and raw analytics data).
//!
//! <https://developer.pagerduty.com/docs/webhooks-overview>,
//! <https://developer.pagerduty.com/api-reference/>. An acknowledgement expires after the service's
//! timeout, and an incident may be resolved by its monitor or by a timeout rather than a person. A
//! webhook of version 3 has the time of the event; one of version 1 or 2 has the times of the
//! incident at that moment.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::model::time::Moment;
use crate::sources::objects::Head;
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static PAGERDUTY: Alerts = Alerts {
    id: "pagerduty-alerts",
    about: "PagerDuty: incidents, log entries, alerts and notes (REST API), webhooks v1 to v3, events v1 and v2, CSV, analytics",
    system: "PagerDuty",
    written_from: WrittenFrom::Captures,
    lists: &["messages", "incidents", "data"],
    is_record: |head| {
        head.has(&["event.event_type", "event.occurred_at", "event.data"])
            || head.has(&["event", "incident.incident_number"])
            || head.has(&["data.incident.incident_number", "data.incident.created_on"])
            || head.has(&["incident_number", "created_at"])
            || head.has(&["incident_number", "created_on"])
            || head.has(&["incident.incident_number", "incident.created_at"])
            || ["", "log_entries[]."]
                .iter()
                .any(|at| has(head, at, &["channel", "created_at", "agent"]))
            || ["", "alerts[]."]
                .iter()
                .any(|at| has(head, at, &["alert_key", "created_at", "status"]))
            || has(head, "notes[].", &["user.summary", "content", "created_at"])
            || head.has(&["event_action", "payload.summary"])
            || head.has(&["event_action", "routing_key"])
            || head.has(&["event_action", "dedup_key"])
            || head.has(&["service_key", "event_type"])
    },
    read,
};

fn has(head: Head<'_>, at: &str, paths: &[&str]) -> bool {
    paths.iter().all(|path| head.has(&[&format!("{at}{path}")]))
}

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("event.event_type").is_there() {
        return event_v3(record.at("event"), log);
    }
    if record.at("event_action").is_there() || record.at("service_key").is_there() {
        return sent_event(record, log);
    }
    let kind = record.text(&["type"]).unwrap_or_default();
    if kind.contains("log_entry") {
        return log_entry(record, record.at("incident"), log);
    }
    if record.at("alert_key").is_there() {
        return alert(record, log);
    }
    let incident = [record.at("incident"), record.at("data.incident"), record]
        .into_iter()
        .find(|node| node.at("incident_number").is_there());
    match incident {
        // A webhook has its log entries next to the incident.
        Some(incident) if record.at("log_entries").is_there() => of_incident(incident, record, log),
        Some(incident) => of_incident(incident, incident, log),
        None => beside_none(record, log),
    }
}

/// The lists that the API returns for one incident, which may or may not name it.
fn beside_none(record: Node<'_>, log: &mut Log<'_>) {
    let before = log.len();
    record.list("log_entries").for_each(|entry| log_entry(entry, entry.at("incident"), log));
    record.list("alerts").for_each(|entry| alert(entry, log));
    for note in record.list("notes") {
        let at = log.time(note, &["created_at"]);
        let step = Step::of("notes", Change::Noted, at).titled(Some("An incident".into()));
        log.add(step.by(note.text(&["user.summary"])).with_text(note.text(&["content"])));
    }
    if log.len() == before {
        log.warn("this record names no incident and was left out");
    }
}

/// What all steps of an incident share. The title is that of v3 and REST, or the subject of v1.
fn step<'a>(incident: Node<'a>, change: Change, at: Option<Moment>) -> Option<Step<'a>> {
    let alert = incident.text(&["id", "incident_key", "incident_number", "number"])?;
    let title = incident.text(&[
        "title",
        "description",
        "trigger_summary_data.subject",
        "trigger_summary_data.description",
        "summary",
        "incident_key",
    ]);
    let severity =
        incident.text(&["priority.summary", "priority.name", "priority_name", "urgency"]);
    let service = incident.text(&["service.summary", "service.name", "service_name"]);
    Some(Step::of(alert, change, at).titled(title).graded(severity).with("service", service))
}

fn event_v3(event: Node<'_>, log: &mut Log<'_>) {
    let kind = event.text(&["event_type"]).unwrap_or_default();
    let by_person = event.text(&["agent.type"]).is_some_and(|kind| kind.starts_with("user"));
    let Some(kind) = kind.strip_prefix("incident.") else {
        return log.warn(format!("`{kind}` is not an event of an incident and was left out"));
    };
    let change = match kind {
        "triggered" | "reopened" => Change::Fired,
        "acknowledged" if by_person => Change::Acknowledged,
        "acknowledged" => Change::AutoAcknowledged,
        "unacknowledged" => Change::Unacknowledged,
        "escalated" => Change::Escalated,
        "reassigned" | "delegated" => Change::Assigned,
        "snoozed" => Change::Snoozed,
        "resolved" => ended(by_person),
        // Notes and other events of an incident.
        _ => Change::Noted,
    };
    let at = log.time(event, &["occurred_at"]);
    // A note is a separate object that names its incident.
    let data = event.at("data");
    let incident = if data.at("incident").is_there() { data.at("incident") } else { data };
    let message = data.text(&["content", "message"]);
    let message = message
        .or_else(|| (change == Change::Noted).then(|| Cow::Owned(kind.replace(['_', '.'], " "))));
    let person = event.text(&["agent.summary"]).filter(|_| by_person);
    log.add_some(step(incident, change, at).map(|step| step.by(person).with_text(message)));
}

/// A person closes; a monitor or a timeout resolves.
fn ended(by_person: bool) -> Change {
    if by_person { Change::Closed } else { Change::AutoClosed }
}

/// An incident in its state at the time of the request or of the webhook. The log entries of
/// `beside` are more precise: if there are any, the incident itself only gives its start.
fn of_incident(incident: Node<'_>, beside: Node<'_>, log: &mut Log<'_>) {
    let created = log.time(incident, &["created_at", "created_on"]);
    log.add_some(step(incident, Change::Fired, created));
    let mut has_entries = false;
    for entry in beside.list("log_entries") {
        has_entries = true;
        log_entry(entry, incident, log);
    }
    let is_noted =
        |entry: Node<'_>| entry.text(&["type"]).is_some_and(|kind| kind.starts_with("annotate"));
    if !beside.list("log_entries").any(is_noted) {
        for note in beside.list("notes") {
            let at = log.time(note, &["created_at"]);
            let noted = step(incident, Change::Noted, at);
            log.add_some(noted.map(|step| {
                step.by(note.text(&["user.summary"])).with_text(note.text(&["content"]))
            }));
        }
    }
    beside.list("alerts").for_each(|entry| alert(entry, log));
    if has_entries {
        return;
    }
    for given in incident.list("acknowledgements").chain(incident.list("acknowledgers")) {
        let Some(at) = log.time(given, &["at"]) else { continue };
        let by_person =
            given.text(&["acknowledger.type"]).is_none_or(|kind| kind.starts_with("user"));
        let change = if by_person { Change::Acknowledged } else { Change::AutoAcknowledged };
        let person = given
            .text(&["acknowledger.summary", "object.name", "object.email"])
            .filter(|_| by_person);
        log.add_some(step(incident, change, Some(at)).map(|step| step.by(person)));
    }
    of_table(incident, created, log);
    let resolved = log.time(incident, &["resolved_at", "resolved_on"]);
    let is_resolved =
        incident.text(&["status"]).is_some_and(|status| status.eq_ignore_ascii_case("resolved"));
    if !is_resolved && resolved.is_none() {
        return;
    }
    let at = resolved
        .or_else(|| log.time(incident, &["last_status_change_at", "last_status_change_on"]));
    let person = incident.text(&[
        "resolved_by_user.name",
        "resolved_by_user_name",
        "last_status_change_by.summary",
        "last_status_change_by.name",
    ]);
    let is_person = person.is_some()
        && !incident.is_true("auto_resolved")
        && incident
            .text(&["last_status_change_by.type"])
            .is_none_or(|kind| kind.starts_with("user"));
    match at {
        Some(_) => log.add_some(
            step(incident, ended(is_person), at).map(|step| step.by(person.filter(|_| is_person))),
        ),
        None => log.warn("this incident is resolved, and does not say when"),
    }
}

/// The first acknowledgement of a row of a table, which is relative to the start.
fn of_table(incident: Node<'_>, created: Option<Moment>, log: &mut Log<'_>) {
    let seconds = incident.number("seconds_to_first_ack").filter(|seconds| *seconds >= 0.0);
    let delay = seconds
        .and_then(|seconds| chrono::TimeDelta::try_milliseconds((seconds * 1000.0).round() as i64));
    if let Some((created, delay)) = created.zip(delay) {
        let names = incident.text(&["acknowledged_by_user_names", "acknowledged_user_names"]);
        let first = names
            .map(|names| Cow::Owned(names.split([',', ';']).next().unwrap_or_default().to_owned()));
        log.add_some(
            step(incident, Change::Acknowledged, created.shifted(delay)).map(|step| step.by(first)),
        );
    }
}

/// A log entry. Notifications are left out, since they follow from the other entries.
fn log_entry(entry: Node<'_>, incident: Node<'_>, log: &mut Log<'_>) {
    let kind = entry.text(&["type"]).unwrap_or_default();
    let by_person = entry.text(&["agent.type"]).is_some_and(|kind| kind.starts_with("user"));
    let change = match kind.trim_end_matches("_reference").trim_end_matches("_log_entry") {
        "trigger" | "reopen" => Change::Fired,
        "acknowledge" if by_person => Change::Acknowledged,
        "acknowledge" => Change::AutoAcknowledged,
        "unacknowledge" => Change::Unacknowledged,
        "escalate" | "exhaust_escalation_path" => Change::Escalated,
        // The service automatically assigns what it triggers.
        "assign" if !by_person => return,
        "assign" | "delegate" | "reassign" => Change::Assigned,
        "snooze" => Change::Snoozed,
        "resolve" => ended(by_person),
        kind if kind.starts_with("notify") || kind.starts_with("reach_") => return,
        _ => Change::Noted,
    };
    let at = log.time(entry, &["created_at"]);
    let message = entry.text(&["channel.content", "channel.summary", "message"]);
    let message = message.or_else(|| entry.text(&["summary"]).filter(|_| change == Change::Noted));
    let incident = if incident.is_there() { incident } else { entry.at("incident") };
    let person = entry.text(&["agent.summary"]).filter(|_| by_person);
    log.add_some(step(incident, change, at).map(|step| step.by(person).with_text(message)));
}

/// One of the alerts of an incident.
fn alert(alert: Node<'_>, log: &mut Log<'_>) {
    let Some(key) = alert.text(&["alert_key", "id"]) else {
        return log.warn("this alert has no key and was left out");
    };
    let of = |change, at| {
        Step::of(key.clone(), change, at)
            .titled(alert.text(&["summary", "body.details"]))
            .graded(alert.text(&["severity"]))
            .with("service", alert.text(&["service.summary"]))
    };
    let created = log.time(alert, &["created_at"]);
    log.add(of(Change::Fired, created));
    if alert.text(&["status"]).as_deref() == Some("resolved") {
        match log.time(alert, &["resolved_at"]) {
            Some(at) => log.add(of(Change::Cleared, Some(at))),
            None => log.warn("this alert is resolved, and does not say when"),
        }
    }
}

/// An event as a monitor sent it. The routing key of its service is a secret and is not read.
fn sent_event(event: Node<'_>, log: &mut Log<'_>) {
    let change = match &*event.text(&["event_action", "event_type"]).unwrap_or_default() {
        "trigger" => Change::Fired,
        "acknowledge" => Change::AutoAcknowledged,
        "resolve" => Change::Cleared,
        other => return log.warn(format!("an event of the kind `{other}` is not known")),
    };
    let at = log.time(event, &["payload.timestamp", "timestamp"]);
    let title = event.text(&["payload.summary", "description"]);
    let alert = event.text(&["dedup_key", "incident_key"]).or_else(|| title.clone());
    log.add_some(alert.map(|alert| {
        Step::of(alert, change, at)
            .titled(title)
            .graded(event.text(&["payload.severity"]))
            .with("host", event.text(&["payload.source"]))
            .with("service", event.text(&["payload.component", "client"]))
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    const INCIDENT: &str = r#""id": "Q1", "incident_number": 7, "title": "Checkout is slow", "urgency": "high",
        "created_at": "2026-03-01T10:00:00Z", "service": {"summary": "checkout"}"#;

    #[test]
    fn expired_acknowledgement_is_a_separate_entry() {
        let entry = |kind: &str, at: &str, agent: &str| {
            format!(
                r#"{{"type": "{kind}_log_entry", "created_at": "2026-03-01T{at}Z", "agent": {{"type": "{agent}", "summary": "Ana"}}}}"#
            )
        };
        let entries = [
            entry("resolve", "11:00:00", "service_reference"),
            entry("acknowledge", "10:40:00", "user_reference"),
            entry("unacknowledge", "10:31:00", "service_reference"),
            entry("acknowledge", "10:01:00", "user_reference"),
            entry("notify", "10:00:05", "service_reference"),
            entry("trigger", "10:00:00", "service_reference"),
        ];
        let text = format!(r#"{{{INCIDENT}, "log_entries": [{}]}}"#, entries.join(","));
        assert!(sniffs(&PAGERDUTY, &text));
        insta::assert_snapshot!(read(&PAGERDUTY, &text), @"
        2026-03-01T10:00:00Z alert [PagerDuty] **Checkout is slow** fired (high) ¶ `service=checkout` → detected_at
        2026-03-01T10:01:00Z action [Ana] **Checkout is slow** was acknowledged by Ana (high) ¶ `service=checkout` → acknowledged_at
        2026-03-01T10:31:00Z alert [PagerDuty] **Checkout is slow** lost its acknowledgement (high) ¶ `service=checkout`
        2026-03-01T10:40:00Z action [Ana] **Checkout is slow** was acknowledged by Ana (high) ¶ `service=checkout` → acknowledged_at
        2026-03-01T11:00:00Z alert [PagerDuty] **Checkout is slow** was closed automatically (high) ¶ `service=checkout` → resolved_at
        alerts.json:1:1: note: 1 delivery repeats another: left out
        ");
    }

    #[test]
    fn webhooks_of_all_versions_are_read() {
        let v3 = r#"{"event": {"event_type": "incident.acknowledged", "occurred_at": "2026-03-01T10:02:00.500Z",
            "agent": {"type": "user_reference", "summary": "Ana"},
            "data": {"id": "Q1", "type": "incident", "title": "Checkout is slow", "urgency": "high", "service": {"summary": "checkout"}}}}"#;
        assert!(sniffs(&PAGERDUTY, v3));
        insta::assert_snapshot!(read(&PAGERDUTY, v3), @"2026-03-01T10:02:00.500Z action [Ana] **Checkout is slow** was acknowledged by Ana (high) ¶ `service=checkout` → acknowledged_at");
        let v2 = format!(
            r#"{{"messages": [{{"event": "incident.resolve", "incident": {{{INCIDENT}, "status": "resolved",
            "last_status_change_at": "2026-03-01T10:30:00Z", "last_status_change_by": {{"type": "user_reference", "summary": "Ana"}}}}}}]}}"#
        );
        assert!(sniffs(&PAGERDUTY, &v2));
        insta::assert_snapshot!(read(&PAGERDUTY, &v2), @"
        2026-03-01T10:00:00Z alert [PagerDuty] **Checkout is slow** fired (high) ¶ `service=checkout` → detected_at
        2026-03-01T10:30:00Z action [Ana] **Checkout is slow** was closed by Ana (high) ¶ `service=checkout` → resolved_at
        ");
        let v1 = r#"{"messages": [{"type": "incident.resolve", "data": {"incident": {"id": "P1", "incident_number": 2,
            "status": "resolved", "created_on": "2015-02-07T21:19:42Z", "last_status_change_on": "2015-02-07T21:29:42Z",
            "last_status_change_by": null, "trigger_summary_data": {"subject": "Disk full"}, "service": {"name": "db"}}}}]}"#;
        assert!(sniffs(&PAGERDUTY, v1));
        insta::assert_snapshot!(read(&PAGERDUTY, v1), @"
        2015-02-07T21:19:42Z alert [PagerDuty] **Disk full** fired ¶ `service=db` → detected_at
        2015-02-07T21:29:42Z alert [PagerDuty] **Disk full** was closed automatically ¶ `service=db` → resolved_at
        ");
    }

    #[test]
    fn event_without_a_time_is_reported_and_its_key_hidden() {
        let event = |time: &str| {
            format!(
                r#"{{"routing_key": "secret", "event_action": "trigger", "dedup_key": "d", "payload": {{"summary": "p99 high", "source": "web-1", "severity": "critical"{time}}}}}"#
            )
        };
        assert!(sniffs(&PAGERDUTY, &event("")));
        insta::assert_snapshot!(read(&PAGERDUTY, &event("")), @"
        ? alert [PagerDuty] **p99 high** fired (critical) ¶ `host=web-1`
        alerts.json:1:1: warning: this record has no time that can be read; it is in the timeline without one
        ");
        insta::assert_snapshot!(read(&PAGERDUTY, &event(r#", "timestamp": "2026-03-01T10:00:00.000+0000""#)), @"2026-03-01T10:00:00Z alert [PagerDuty] **p99 high** fired (critical) ¶ `host=web-1` → detected_at");
    }
}
