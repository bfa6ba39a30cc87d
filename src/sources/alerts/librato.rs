//! Librato (AppOptics): webhooks of alerts
//! (<https://www.librato.com/docs/kb/alert/services/webhook/>). Times are seconds since 1970.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static LIBRATO: Alerts = Alerts {
    id: "librato-alerts",
    about: "Librato (AppOptics): webhooks of alerts",
    system: "Librato",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| {
        head.has(&["alert.id", "trigger_time"]) || head.has(&["alert.name", "violations"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let clear = record.text(&["clear"]);
    // A person or a time limit may clear it.
    let change = if clear.is_some() { Change::Cleared } else { Change::Fired };
    let how = clear.filter(|how| how != "normal").map(|how| Cow::Owned(format!("{how} clearing")));
    let at = log.time(record, &["trigger_time"]);
    let mut violated = Vec::new();
    for (source, violations) in record.entries("violations") {
        for violation in violations.list_here() {
            let metric = violation.text(&["metric"]).unwrap_or_default();
            let value = violation.text(&["value"]).unwrap_or_default();
            violated.push(format!("{source}: {metric} was {value}"));
        }
    }
    let is_test = record
        .is_true("triggered_by_user_test")
        .then_some(Cow::Borrowed("A person triggered it as a test."));
    let title = record.text(&["alert.name"]);
    let Some(alert) = record.text(&["alert.id"]).or_else(|| title.clone()) else {
        return log.warn("this alert has no name and was left out");
    };
    let violated = (!violated.is_empty()).then(|| Cow::Owned(violated.join(", ")));
    let step = Step::of(alert, change, at)
        .titled(title)
        .with_text(how)
        .with_text(record.text(&["alert.description"]));
    log.add(step.with_text(violated).with_text(is_test));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn an_alert_fires_and_clears() {
        let text = r#"{"alert": {"id": 7, "name": "queue.depth", "version": 2}, "trigger_time": 1772359200,
            "violations": {"web-1": [{"metric": "queue", "value": 42, "recorded_at": 1772359200, "condition_violated": 1}]}}
            {"alert": {"id": 7, "name": "queue.depth", "version": 2}, "trigger_time": 1772359500, "clear": "normal"}"#;
        assert!(sniffs(&LIBRATO, text));
        insta::assert_snapshot!(read(&LIBRATO, text), @"
        2026-03-01T10:00:00Z alert [Librato] **queue.depth** fired: web-1: queue was 42 → detected_at
        2026-03-01T10:05:00Z alert [Librato] **queue.depth** cleared → mitigated_at
        ");
    }
}
