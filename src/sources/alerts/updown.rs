//! updown.io's webhook: <https://updown.io/api#webhooks>. Each delivery has the whole downtime so far.

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static UPDOWN: JsonAlerts = JsonAlerts {
    id: "updown",
    about: "updown.io: webhooks of checks",
    system: "updown.io",
    evidence: Evidence::Captures,
    list: None,
    is_record: |head| head.has(&["event", "check.token", "downtime.started_at"]),
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let Some(alert) = record.text(&["check.token", "check.url"]) else {
        return log.warn("this event names no check and was left out");
    };
    let times = [("downtime.started_at", Change::Fired), ("downtime.ended_at", Change::Cleared)];
    let mut is_timed = false;
    for (path, change) in times {
        let Some(at) = log.time(record, &[path]) else { continue };
        is_timed = true;
        log.add(Step {
            alert: alert.clone(),
            title: record.text(&["check.alias", "check.url"]),
            change,
            at,
            severity: None,
            texts: record.text(&["downtime.error"]).into_iter().filter(|_| change == Change::Fired).collect(),
            labels: Vec::new(),
            person: None,
        });
    }
    if !is_timed {
        log.warn("this event has no time of a downtime and was left out");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn updown_repeats_the_beginning_with_the_end() {
        let event = |kind: &str, ended: &str| {
            format!(
                r#"{{"event": "check.{kind}", "check": {{"token": "t", "url": "https://shop.example.com", "alias": ""}}, "downtime": {{"error": "500", "started_at": "2026-03-01T10:00:00Z", "ended_at": {ended}}}}}"#
            )
        };
        let text = format!("[{}, {}]", event("down", "null"), event("up", r#""2026-03-01T10:05:00Z""#));
        assert!(sniffs(&UPDOWN, &text));
        insta::assert_snapshot!(read(&UPDOWN, &text), @"
        2026-03-01T10:00:00Z alert [updown.io] **https://shop.example.com** fired: 500 → detected_at
        2026-03-01T10:05:00Z alert [updown.io] **https://shop.example.com** cleared
        alerts.json:1:1: note: 1 delivery repeats another: left out
        ");
    }
}
