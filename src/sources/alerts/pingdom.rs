//! Pingdom's webhook: <https://www.pingdom.com/resources/webhooks/>.

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static PINGDOM: JsonAlerts = JsonAlerts {
    id: "pingdom",
    about: "Pingdom: webhooks of checks",
    system: "Pingdom",
    evidence: Evidence::Captures,
    list: None,
    is_record: |head| head.has(&["check_id", "current_state", "previous_state", "state_changed_timestamp"]),
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let state = record.text(&["current_state"]).unwrap_or_default();
    let change = match &*state.to_uppercase() {
        "DOWN" | "FAILING" => Change::Fired,
        "UP" | "SUCCESS" => Change::Cleared,
        _ => return log.warn(format!("`{state}` is no state of a check that is known")),
    };
    let Some((at, alert)) = log.time(record, &["state_changed_timestamp"]).zip(record.text(&["check_id"])) else {
        return log.warn("this check has no time or no id and was left out");
    };
    log.add(Step {
        alert,
        title: record.text(&["check_name"]),
        change,
        at,
        severity: record.text(&["importance_level"]),
        texts: record.text(&["long_description", "description"]).into_iter().filter(|text| text != "OK").collect(),
        labels: record.text(&["check_params.hostname"]).map(|value| ("host".into(), value)).into_iter().collect(),
        person: None,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn pingdom_says_when_the_state_changed() {
        let text = r#"{"check_id": 7, "check_name": "Shop", "previous_state": "UP", "current_state": "DOWN", "state_changed_timestamp": 1772359200,
            "long_description": "Timeout", "check_params": {"hostname": "shop.example.com"}}"#;
        assert!(sniffs(&PINGDOM, text));
        insta::assert_snapshot!(read(&PINGDOM, text), @"2026-03-01T10:00:00Z alert [Pingdom] **Shop** fired: Timeout ¶ `host=shop.example.com` → detected_at");
    }
}
