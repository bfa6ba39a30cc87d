//! Sentry: webhooks of issues, of events and of alerts, and issues of the API.
//!
//! <https://docs.sentry.io/organization/integrations/integration-platform/webhooks/>. An issue
//! webhook has no time for the action that it reports. `firstSeen` may be months ago; it is the
//! time only of an issue that was just created.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::model::time::Moment;
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static SENTRY: Alerts = Alerts {
    id: "sentry-alerts",
    about: "Sentry: webhooks of issues, events and alerts; issues of the API",
    system: "Sentry",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| {
        head.has(&["data.issue.firstSeen"])
            || head.has(&["data.issue.shortId"])
            || head.has(&["data.event.event_id"])
            || head.has(&["data.metric_alert", "action"])
            || head.has(&["data.issue_alert", "action"])
            || head.has(&["project_slug", "culprit", "event"])
            || head.has(&["project_name", "culprit", "event"])
            || head.has(&["event.event_id"])
            || head.has(&["shortId", "firstSeen", "lastSeen"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let action = record.text(&["action"]).unwrap_or_default();
    if record.at("data.metric_alert").is_there() {
        metric_alert(record, &action, log);
    } else if record.at("data.issue").is_there() {
        issue(record, &action, log);
    } else if record.at("data.event").is_there() {
        event(record.at("data.event"), record, log);
    } else if record.at("event").is_there() {
        event(record.at("event"), record, log);
    } else {
        let at = log.time(record, &["firstSeen"]);
        log.add_some(of_issue(record, Change::Fired, at));
        let last = log.time(record, &["lastSeen"]).filter(|last| at.is_none_or(|at| *last > at));
        if last.is_some() {
            log.add_some(
                of_issue(record, Change::Noted, last)
                    .map(|step| step.with_text(["last seen".into()])),
            );
        }
    }
}

fn of_issue<'a>(issue: Node<'a>, change: Change, at: Option<Moment>) -> Option<Step<'a>> {
    let step = Step::of(issue.text(&["id", "shortId"])?, change, at).titled(issue.text(&[
        "title",
        "metadata.title",
        "culprit",
    ]));
    Some(
        step.graded(issue.text(&["level"]))
            .with("service", issue.text(&["project.slug", "project.name"])),
    )
}

fn issue(record: Node<'_>, action: &str, log: &mut Log<'_>) {
    let issue = record.at("data.issue");
    let by_person = record.text(&["actor.type"]).is_some_and(|kind| kind == "user");
    let person = record.text(&["actor.name"]).filter(|_| by_person);
    let change = match action {
        "created" | "unresolved" => Change::Fired,
        "resolved" if by_person => Change::Closed,
        "resolved" => Change::AutoClosed,
        "assigned" => Change::Assigned,
        "ignored" | "archived" => Change::Muted,
        _ => Change::Noted,
    };
    let times: &[&str] =
        if action == "created" { &["data.issue.firstSeen"] } else { &["timestamp"] };
    let at = log.time(record, times);
    let message = match change {
        Change::Fired => issue.text(&["culprit"]),
        Change::Assigned => {
            issue.text(&["assignedTo.name"]).map(|name| Cow::Owned(format!("to {name}")))
        }
        Change::Noted => Some(Cow::Owned(action.to_owned())),
        _ => None,
    };
    log.add_some(of_issue(issue, change, at).map(|step| step.by(person).with_text(message)));
}

fn event(event: Node<'_>, record: Node<'_>, log: &mut Log<'_>) {
    let at = log.time(event, &["timestamp", "datetime", "received"]);
    let issue = event.text(&["issue_id", "issue"]).or_else(|| record.text(&["id"]));
    let Some(alert) = issue.or_else(|| event.text(&["event_id", "id"])) else {
        return log.warn("this event names no issue and was left out");
    };
    let title = event
        .text(&["title", "metadata.value", "message"])
        .or_else(|| record.text(&["message", "culprit"]));
    let message = event.text(&["metadata.value", "logentry.formatted", "culprit", "location"]);
    let step = Step::of(alert, Change::Fired, at)
        .titled(title)
        .graded(event.text(&["level"]))
        .with_text(message);
    let service =
        record.text(&["project_slug", "project_name"]).or_else(|| event.text(&["project"]));
    log.add(step.with("service", service).with("environment", event.text(&["environment"])));
}

fn metric_alert(record: Node<'_>, action: &str, log: &mut Log<'_>) {
    let alert = record.at("data.metric_alert");
    let change = match action {
        "critical" | "warning" => Change::Fired,
        "resolved" => Change::Cleared,
        _ => return log.warn(format!("`{action}` is not a known action of an alert")),
    };
    let times: &[&str] = match change {
        Change::Cleared => &["date_closed"],
        _ => &["date_started", "date_detected", "date_created"],
    };
    let at = log.time(alert, times);
    let step = alert.text(&["identifier", "id"]).map(|id| Step::of(id, change, at));
    let title = record
        .text(&["data.description_title"])
        .or_else(|| alert.text(&["title", "alert_rule.name"]));
    let message = record.text(&["data.description_text"]);
    log.add_some(step.map(|step| {
        step.titled(title)
            .graded(Some(action.into()).filter(|_| change == Change::Fired))
            .with_text(message)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn issue_actions_have_no_time() {
        let issue = |action: &str| {
            format!(
                r#"{{"action": "{action}", "actor": {{"type": "user", "name": "Ana"}}, "data": {{"issue": {{"id": "7", "shortId": "SHOP-E", "title": "KeyError: cart",
                "culprit": "checkout.views", "level": "error", "firstSeen": "2026-03-01T10:00:00.092476Z", "lastSeen": "2026-03-01T10:05:00Z", "project": {{"slug": "shop"}}}}}}}}"#
            )
        };
        assert!(sniffs(&SENTRY, &issue("created")));
        let all = ["created", "assigned", "resolved"].map(issue).join("\n");
        insta::assert_snapshot!(read(&SENTRY, &all), @"
        2026-03-01T10:00:00.092476Z alert [Ana] **KeyError: cart** fired (error): checkout.views ¶ `service=shop` → detected_at
        ? action [Ana] **KeyError: cart** was assigned by Ana (error) ¶ `service=shop`
        ? action [Ana] **KeyError: cart** was closed by Ana (error) ¶ `service=shop`
        alerts.json:3:1: warning: this record has no time that can be read; it is in the timeline without one
        alerts.json:5:1: warning: this record has no time that can be read; it is in the timeline without one
        ");
    }

    #[test]
    fn event_times_have_fractional_seconds() {
        let text = r#"{"project_slug": "shop", "culprit": "checkout", "id": "7", "level": "error", "event": {"event_id": "e", "title": "KeyError: cart",
            "timestamp": 1772359200.147672, "datetime": null, "received": 1772359201.3, "level": "error", "metadata": {"value": "cart"}}}"#;
        assert!(sniffs(&SENTRY, text));
        insta::assert_snapshot!(read(&SENTRY, text), @"2026-03-01T10:00:00.147672Z alert [Sentry] **KeyError: cart** fired (error): cart ¶ `service=shop` → detected_at");
    }
}
