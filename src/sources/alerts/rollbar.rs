//! Rollbar: webhooks of items (<https://docs.rollbar.com/docs/webhooks>). Times are seconds since
//! 1970.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static ROLLBAR: Alerts = Alerts {
    id: "rollbar-alerts",
    about: "Rollbar: webhooks of items",
    system: "Rollbar",
    written_from: WrittenFrom::Documentation,
    lists: &[],
    is_record: |head| {
        head.has(&["event_name", "data.item"])
            || head.has(&["event_name", "data.occurrence"])
            || head.has(&["event_name", "data.deploy"])
    },
    read,
};

/// The names of the levels, by their numbers.
fn level(number: &str) -> Option<&'static str> {
    [("10", "debug"), ("20", "info"), ("30", "warning"), ("40", "error"), ("50", "critical")]
        .into_iter()
        .find_map(|(known, name)| (known == number).then_some(name))
}

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let event = record.text(&["event_name"]).unwrap_or_default();
    let change = match &*event {
        "new_item" | "reactivated_item" | "reopened_item" | "item_velocity" | "exp_repeat_item" => {
            Change::Fired
        }
        "occurrence" => Change::Fired,
        "resolved_item" => Change::Closed,
        _ => Change::Noted,
    };
    let item = record.at("data.item");
    let times: &[&str] = match change {
        Change::Fired => &[
            "data.occurrence.timestamp",
            "data.item.last_occurrence.timestamp",
            "data.item.last_occurrence_timestamp",
            "data.trigger.window_start_timestamp",
        ],
        Change::Closed => {
            &["data.item.last_resolved_timestamp", "data.item.status_changed_timestamp"]
        }
        _ => &["data.deploy.finish_time", "data.deploy.start_time"],
    };
    let at = log.time(record, times);
    let severity = item
        .text(&["last_occurrence.level", "level"])
        .map(|word| level(&word).map_or(word, Cow::Borrowed));
    let person = record.text(&["data.user.username"]).filter(|_| change == Change::Closed);
    let message = (!matches!(change, Change::Closed)).then(|| Cow::Owned(event.replace('_', " ")));
    let alert = item
        .text(&["id", "counter"])
        .or_else(|| record.text(&["data.deploy.id", "data.occurrence.id"]));
    let environment =
        item.text(&["environment"]).or_else(|| record.text(&["data.deploy.environment"]));
    log.add_some(alert.map(|alert| {
        let step = Step::of(alert, change, at)
            .titled(item.text(&["title"]))
            .graded(severity)
            .by(person)
            .with_text(message);
        step.with("environment", environment)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn new_item_is_dated_by_its_last_occurrence() {
        let text = r#"{"event_name": "new_item", "data": {"item": {"id": 7, "title": "TypeError: cart", "level": 40, "environment": "production",
            "last_occurrence_timestamp": 1772359200}}}"#;
        assert!(sniffs(&ROLLBAR, text));
        insta::assert_snapshot!(read(&ROLLBAR, text), @"2026-03-01T10:00:00Z alert [Rollbar] **TypeError: cart** fired (error): new item ¶ `environment=production` → detected_at");
    }
}
