//! updown.io: webhooks (<https://updown.io/api#webhooks>) and downtimes of the API. Each delivery
//! has the whole downtime so far.

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static UPDOWN: Alerts = Alerts {
    id: "updown-alerts",
    about: "updown.io: webhooks of checks, and downtimes (/api/checks/…/downtimes)",
    system: "updown.io",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| {
        head.has(&["event", "check.token"])
            || head.has(&["started_at", "ended_at", "duration", "error"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let is_event = record.at("check").is_there();
    let Some(alert) =
        record.text(&["check.token", "check.url"]).or((!is_event).then_some("check".into()))
    else {
        return log.warn("this event names no check and was left out");
    };
    let title =
        record.text(&["check.alias", "check.url"]).or((!is_event).then_some("The check".into()));
    let downtime = if is_event { record.at("downtime") } else { record };
    let of = |change, at| Step::of(alert.clone(), change, at).titled(title.clone());
    if !downtime.is_there() {
        // Certificate, performance and similar events.
        let at = log.time(record, &["time"]);
        let message = record.text(&["description", "event"]);
        return log.add(of(Change::Noted, at).with_text(message));
    }
    let started = log.time(downtime, &["started_at"]);
    log.add(of(Change::Fired, started).with_text(downtime.text(&["error"])));
    // It is null during the downtime.
    if downtime.at("ended_at").is_there() {
        let ended = log.time(downtime, &["ended_at"]);
        log.add(of(Change::Cleared, ended));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn repeated_start_in_the_up_event_is_omitted() {
        let event = |kind: &str, ended: &str| {
            format!(
                r#"{{"event": "check.{kind}", "check": {{"token": "t", "url": "https://shop.example.com", "alias": ""}}, "downtime": {{"error": "500", "started_at": "2026-03-01T10:00:00Z", "ended_at": {ended}}}}}"#
            )
        };
        let text =
            format!("[{}, {}]", event("down", "null"), event("up", r#""2026-03-01T10:05:00Z""#));
        assert!(sniffs(&UPDOWN, &text));
        insta::assert_snapshot!(read(&UPDOWN, &text), @"
        2026-03-01T10:00:00Z alert [updown.io] **https://shop.example.com** fired: 500 → detected_at
        2026-03-01T10:05:00Z alert [updown.io] **https://shop.example.com** cleared → mitigated_at
        alerts.json:1:1: note: 1 delivery repeats another: left out
        ");
    }
}
