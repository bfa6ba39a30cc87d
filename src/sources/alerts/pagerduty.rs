//! PagerDuty: incidents of the REST API with their log entries, log entries alone, webhooks of the
//! versions 1 to 3, and events as monitors send them (Events API v2).
//!
//! <https://developer.pagerduty.com/docs/webhooks-overview>,
//! <https://developer.pagerduty.com/api-reference/>. An acknowledgement runs out after the service's
//! timeout, and an incident may be resolved by its monitor or by a timeout, which then is nobody's
//! act. A webhook of version 3 gives the time of the event; one of version 1 or 2 the times of the
//! incident as it was then.

use std::borrow::Cow;

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::model::time::Moment;
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static PAGERDUTY: JsonAlerts = JsonAlerts {
    id: "pagerduty-alerts",
    about: "PagerDuty: incidents with log entries (REST API), webhooks v1 to v3, events (Events API v2)",
    system: "PagerDuty",
    evidence: Evidence::Captures,
    list: Some("messages"),
    is_record: |head| {
        head.has(&["event.event_type", "event.occurred_at", "event.data"])
            || head.has(&["event", "incident.incident_number"])
            || head.has(&["data.incident.incident_number", "data.incident.created_on"])
            || head.has(&["incident_number", "urgency", "created_at"])
            || head.has(&["incidents[].incident_number", "incidents[].urgency"])
            || head.has(&["log_entries[].channel", "log_entries[].created_at"])
            || head.has(&["event_action", "payload.summary", "payload.source"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("event.event_type").is_there() {
        return event_v3(record.at("event"), log);
    }
    if record.at("event_action").is_there() {
        return sent_event(record, log);
    }
    if record.at("incidents").is_there() {
        return record.list("incidents").for_each(|incident| of_incident(incident, incident, log));
    }
    let incident = [record.at("incident"), record.at("data.incident"), record]
        .into_iter()
        .find(|node| node.at("incident_number").is_there());
    match incident {
        // A webhook has its log entries beside the incident.
        Some(incident) if record.at("log_entries").is_there() => of_incident(incident, record, log),
        Some(incident) => of_incident(incident, incident, log),
        None => record.list("log_entries").for_each(|entry| log_entry(entry, entry.at("incident"), log)),
    }
}

/// What all steps of an incident share. The title is the v3 and REST one, else v1's subject.
fn step<'a>(incident: Node<'a>, change: Change, at: Moment) -> Option<Step<'a>> {
    let alert = incident.text(&["id", "incident_key", "incident_number", "number"])?;
    let title = incident.text(&[
        "title",
        "description",
        "trigger_summary_data.subject",
        "trigger_summary_data.description",
        "summary",
        "incident_key",
    ]);
    let service = incident.text(&["service.summary", "service.name"]);
    Some(Step {
        alert,
        title,
        change,
        at,
        severity: incident.text(&["priority.summary", "priority.name", "urgency"]),
        texts: Vec::new(),
        labels: service.map(|service| (Cow::Borrowed("service"), service)).into_iter().collect(),
        person: None,
    })
}

fn event_v3(event: Node<'_>, log: &mut Log<'_>) {
    let kind = event.text(&["event_type"]).unwrap_or_default();
    let by_person = event.text(&["agent.type"]).is_some_and(|kind| kind.starts_with("user"));
    let change = match kind.strip_prefix("incident.").unwrap_or_default() {
        "triggered" | "reopened" => Change::Fired,
        "acknowledged" => Change::Acknowledged,
        "unacknowledged" => Change::Unacknowledged,
        "escalated" | "reassigned" | "delegated" => Change::Escalated,
        "annotated" => Change::Noted,
        "resolved" => ended(by_person),
        // Priorities, conference bridges, responders and the like are no steps of the alert.
        _ => return,
    };
    let Some(at) = log.time(event, &["occurred_at"]) else {
        return log.warn("this event has no time and was left out");
    };
    // A note is an object of its own, which names its incident.
    let data = event.at("data");
    let incident = if data.at("incident").is_there() { data.at("incident") } else { data };
    let Some(step) = step(incident, change, at) else {
        return log.warn("this event names no incident and was left out");
    };
    log.add(Step {
        person: event.text(&["agent.summary"]).filter(|_| by_person),
        texts: data.text(&["content"]).into_iter().collect(),
        ..step
    });
}

/// A person closes; a monitor or a timeout clears.
fn ended(by_person: bool) -> Change {
    if by_person { Change::Closed } else { Change::Cleared }
}

/// An incident as it was when somebody asked, or when the webhook was sent. The log entries of `beside`
/// say more exactly what happened: where they are, the incident itself is only its beginning.
fn of_incident(incident: Node<'_>, beside: Node<'_>, log: &mut Log<'_>) {
    match log.time(incident, &["created_at", "created_on"]) {
        Some(at) => log.add_some(step(incident, Change::Fired, at)),
        None => log.warn("this incident has no `created_at` and its beginning was left out"),
    }
    let mut has_entries = false;
    for entry in beside.list("log_entries") {
        has_entries = true;
        log_entry(entry, incident, log);
    }
    if has_entries {
        return;
    }
    for given in incident.list("acknowledgements").chain(incident.list("acknowledgers")) {
        let Some(at) = log.time(given, &["at"]) else { continue };
        let person = given.text(&["acknowledger.summary", "object.name", "object.email"]);
        log.add_some(step(incident, Change::Acknowledged, at).map(|step| Step { person, ..step }));
    }
    if incident.text(&["status"]).is_some_and(|status| status == "resolved") {
        let at = log.time(incident, &["resolved_at", "resolved_on", "last_status_change_at", "last_status_change_on"]);
        let person =
            incident.text(&["resolved_by_user.name", "last_status_change_by.summary", "last_status_change_by.name"]);
        let is_person = person.is_some()
            && incident.text(&["last_status_change_by.type"]).is_none_or(|kind| kind.starts_with("user"));
        let person = person.filter(|_| is_person);
        match at {
            Some(at) => log.add_some(step(incident, ended(is_person), at).map(|step| Step { person, ..step })),
            None => log.warn("this incident is resolved, and does not say when"),
        }
    }
}

/// An entry of the log. Notifications and assignments are left out: they follow from the rest.
fn log_entry(entry: Node<'_>, incident: Node<'_>, log: &mut Log<'_>) {
    let kind = entry.text(&["type"]).unwrap_or_default();
    let by_person = entry.text(&["agent.type"]).is_some_and(|kind| kind.starts_with("user"));
    let change = match kind.trim_end_matches("_reference").trim_end_matches("_log_entry") {
        "trigger" => Change::Fired,
        "acknowledge" => Change::Acknowledged,
        "unacknowledge" => Change::Unacknowledged,
        "escalate" => Change::Escalated,
        "annotate" => Change::Noted,
        "resolve" => ended(by_person),
        _ => return,
    };
    let Some(at) = log.time(entry, &["created_at"]) else {
        return log.warn("a log entry has no time and was left out");
    };
    log.add_some(step(incident, change, at).map(|step| Step {
        person: entry.text(&["agent.summary"]).filter(|_| by_person),
        texts: entry.text(&["channel.content", "channel.summary"]).into_iter().collect(),
        ..step
    }));
}

/// What a monitor sent. Without a time of its own nobody knows when it was.
fn sent_event(event: Node<'_>, log: &mut Log<'_>) {
    let change = match &*event.text(&["event_action"]).unwrap_or_default() {
        "trigger" => Change::Fired,
        "acknowledge" => Change::Acknowledged,
        "resolve" => Change::Cleared,
        other => return log.warn(format!("an event of the kind `{other}` is not known")),
    };
    let Some(at) = log.time(event, &["payload.timestamp"]) else {
        return log.warn("this event has no `payload.timestamp` and was left out");
    };
    let Some(alert) = event.text(&["dedup_key", "payload.summary"]) else {
        return log.warn("this event names no alert and was left out");
    };
    let label = |name: &'static str, path: &str| Some((Cow::Borrowed(name), event.text(&[path])?));
    log.add(Step {
        alert,
        title: event.text(&["payload.summary"]),
        change,
        at,
        severity: event.text(&["payload.severity"]),
        texts: Vec::new(),
        labels: [label("host", "payload.source"), label("service", "payload.component")]
            .into_iter()
            .flatten()
            .collect(),
        person: None,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    const INCIDENT: &str = r#""id": "Q1", "incident_number": 7, "title": "Checkout is slow", "urgency": "high",
        "created_at": "2026-03-01T10:00:00Z", "service": {"summary": "checkout"}"#;

    #[test]
    fn an_acknowledgement_that_runs_out_is_a_step_of_its_own() {
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
        2026-03-01T11:00:00Z alert [PagerDuty] **Checkout is slow** cleared (high) ¶ `service=checkout`
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
        2026-03-01T10:30:00Z action [Ana] **Checkout is slow** was closed by Ana (high) ¶ `service=checkout`
        ");
        let v1 = r#"{"messages": [{"type": "incident.resolve", "data": {"incident": {"id": "P1", "incident_number": 2,
            "status": "resolved", "created_on": "2015-02-07T21:19:42Z", "last_status_change_on": "2015-02-07T21:29:42Z",
            "last_status_change_by": null, "trigger_summary_data": {"subject": "Disk full"}, "service": {"name": "db"}}}}]}"#;
        assert!(sniffs(&PAGERDUTY, v1));
        insta::assert_snapshot!(read(&PAGERDUTY, v1), @"
        2015-02-07T21:19:42Z alert [PagerDuty] **Disk full** fired ¶ `service=db` → detected_at
        2015-02-07T21:29:42Z alert [PagerDuty] **Disk full** cleared ¶ `service=db`
        ");
    }

    #[test]
    fn an_event_without_a_time_is_reported_and_its_key_is_not_shown() {
        let event = |time: &str| {
            format!(
                r#"{{"routing_key": "secret", "event_action": "trigger", "dedup_key": "d", "payload": {{"summary": "p99 high", "source": "web-1", "severity": "critical"{time}}}}}"#
            )
        };
        assert!(sniffs(&PAGERDUTY, &event("")));
        insta::assert_snapshot!(read(&PAGERDUTY, &event("")), @"alerts.json:1:1: warning: this event has no `payload.timestamp` and was left out");
        insta::assert_snapshot!(read(&PAGERDUTY, &event(r#", "timestamp": "2026-03-01T10:00:00.000+0000""#)), @"2026-03-01T10:00:00Z alert [PagerDuty] **p99 high** fired (critical) ¶ `host=web-1` → detected_at");
    }
}
