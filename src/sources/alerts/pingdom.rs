//! Pingdom: webhooks of checks (<https://www.pingdom.com/resources/webhooks/>), and outages of the
//! API (`/api/3.1/summary.outage`).

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static PINGDOM: Alerts = Alerts {
    id: "pingdom-alerts",
    about: "Pingdom: webhooks of checks, and outages (summary.outage)",
    system: "Pingdom",
    written_from: WrittenFrom::Captures,
    lists: &["summary.states"],
    is_record: |head| {
        head.has(&["check_id", "current_state", "previous_state"])
            || head.has(&["timefrom", "timeto", "status"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("timefrom").is_there() {
        return state(record, log);
    }
    let state = record.text(&["current_state"]).unwrap_or_default();
    let change = match &*state.to_uppercase() {
        "DOWN" | "FAILING" | "FAILURE" => Change::Fired,
        "UP" | "SUCCESS" | "SUCCEEDING" => Change::Cleared,
        _ => return log.warn(format!("`{state}` is not a known state of a check")),
    };
    let Some(check) = record.text(&["check_id", "check_name"]) else {
        return log.warn("this check has no id and was left out");
    };
    let mut at = log.time(record, &["state_changed_timestamp"]);
    if at.is_none() {
        at = log.utc(record, "state_changed_utc_time");
    }
    let texts = record.text(&["long_description", "description"]).filter(|text| text != "OK");
    let step = Step::of(check, change, at).titled(record.text(&["check_name"])).with_text(texts);
    log.add(
        step.graded(record.text(&["importance_level"]))
            .with("host", record.text(&["check_params.hostname"])),
    );
}

/// A period of a check in one state; only a period in the state `down` matters.
fn state(state: Node<'_>, log: &mut Log<'_>) {
    if state.text(&["status"]).as_deref() != Some("down") {
        return;
    }
    for (path, change) in [("timefrom", Change::Fired), ("timeto", Change::Cleared)] {
        let at = log.time(state, &[path]);
        log.add(Step::of("check", change, at).titled(Some("The check".into())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn state_change_time_is_used() {
        let text = r#"{"check_id": 7, "check_name": "Shop", "previous_state": "UP", "current_state": "DOWN", "state_changed_timestamp": 1772359200,
            "long_description": "Timeout", "check_params": {"hostname": "shop.example.com"}}"#;
        assert!(sniffs(&PINGDOM, text));
        insta::assert_snapshot!(read(&PINGDOM, text), @"2026-03-01T10:00:00Z alert [Pingdom] **Shop** fired: Timeout ¶ `host=shop.example.com` → detected_at");
    }
}
