//! Honeybadger: webhooks of errors, of uptime and of check-ins.
//!
//! <https://docs.honeybadger.io/guides/integrations/webhook/>.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static HONEYBADGER: Alerts = Alerts {
    id: "honeybadger-alerts",
    about: "Honeybadger: webhooks of errors, uptime and check-ins",
    system: "Honeybadger",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| {
        head.has(&["event", "message"])
            && [
                "fault.klass",
                "outage.down_at",
                "check_in.name",
                "site.match_type",
                "fault.notices_count",
            ]
            .iter()
            .any(|path| head.has(&[path]))
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let event = record.text(&["event"]).unwrap_or_default();
    let person = record.text(&["actor.name"]);
    let (change, times): (Change, &[&str]) = match &*event {
        "down" => (Change::Fired, &["outage.down_at"]),
        "up" => (Change::Cleared, &["outage.up_at"]),
        "occurred" => {
            (Change::Fired, &["notice.created_at", "fault.last_notice_at", "fault.created_at"])
        }
        "rate_exceeded" | "volume_spike" => (Change::Fired, &["fault.last_notice_at"]),
        "check_in_missing" => (Change::Fired, &["check_in.missed_at"]),
        "check_in_reporting" => (Change::Cleared, &["check_in.reported_at"]),
        "alarm_alert" => (Change::Fired, &["trigger.created_at", "alarm.triggered_at"]),
        "alarm_ok" => (Change::Cleared, &["trigger.created_at"]),
        "resolved" if person.is_some() => (Change::Closed, &["fault.resolved_at"]),
        "resolved" => (Change::AutoClosed, &["fault.resolved_at"]),
        "unresolved" => (Change::Fired, &[]),
        "assigned" => (Change::Assigned, &[]),
        "commented" => (Change::Noted, &["comment.created_at"]),
        _ => (Change::Noted, &["deploy.created_at"]),
    };
    let at = log.time(record, times);
    let Some(alert) =
        record.text(&["site.id", "fault.id", "check_in.id", "alarm.id", "project.id"])
    else {
        return log.warn("this event has no subject and was left out");
    };
    let title =
        record.text(&["site.name", "fault.klass", "check_in.name", "alarm.name", "project.name"]);
    let message = record
        .text(&["comment.body", "message"])
        .into_iter()
        .chain(record.text(&["outage.reason", "fault.message"]));
    // The second delivery of an outage repeats its start.
    if change == Change::Cleared
        && let Some(down) = log.time(record, &["outage.down_at"])
    {
        log.add(Step::of(alert.clone(), Change::Fired, Some(down)).titled(title.clone()));
    }
    let service = record.text(&["project.name"]).map(|name| Cow::Owned(name.into_owned()));
    log.add(
        Step::of(alert, change, at)
            .titled(title)
            .by(person)
            .with_text(message)
            .with("service", service),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn outage_has_start_and_end_and_test_has_no_times() {
        let event = |outage: &str| {
            format!(
                r#"{{"event": "up", "message": "[Shop] Site is back up.", "project": {{"id": 1, "name": "Shop"}},
                "site": {{"id": "s1", "name": "Shop", "match_type": "success"}}, "outage": {outage}}}"#
            )
        };
        let known = event(
            r#"{"down_at": "2026-03-01T10:00:00Z", "up_at": "2026-03-01T10:05:00Z", "reason": "timeout"}"#,
        );
        assert!(sniffs(&HONEYBADGER, &known));
        insta::assert_snapshot!(read(&HONEYBADGER, &known), @"
        2026-03-01T10:00:00Z alert [Honeybadger] **Shop** fired → detected_at
        2026-03-01T10:05:00Z alert [Honeybadger] **Shop** cleared: [Shop] Site is back up. ¶ timeout ¶ `service=Shop` → mitigated_at
        ");
        insta::assert_snapshot!(read(&HONEYBADGER, &event(r#"{"down_at": null, "up_at": null}"#)), @"
        ? alert [Honeybadger] **Shop** cleared: [Shop] Site is back up. ¶ `service=Shop`
        alerts.json:1:1: warning: this record has no time that can be read; it is in the timeline without one
        ");
    }
}
