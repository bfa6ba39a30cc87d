//! Grafana: annotations of alerts, which are the history of their states.
//!
//! <https://grafana.com/docs/grafana/latest/developers/http_api/annotations/>. Times are milliseconds
//! since 1970, the newest first. The webhook of unified alerting has Alertmanager's shape and
//! is read by that reader; the one before version 8 has no time at all.

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static GRAFANA: JsonAlerts = JsonAlerts {
    id: "grafana-annotations",
    about: "Grafana: annotations of alerts (/api/annotations?type=alert)",
    system: "Grafana",
    evidence: Evidence::Captures,
    list: None,
    is_record: |head| head.has(&["newState", "prevState"]) && (head.has(&["time"]) || head.has(&["created"])),
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let state = record.text(&["newState"]).unwrap_or_default().to_lowercase();
    // The reason is in brackets: `Normal (NoData)`.
    let change = match state.split(' ').next().unwrap_or_default() {
        "alerting" | "error" | "nodata" | "no_data" => Change::Fired,
        "ok" | "normal" => Change::Cleared,
        // A pending alert has not fired, and a paused one is not watched.
        _ => return,
    };
    let Some(at) = log.time(record, &["time", "created"]) else {
        return log.warn("this annotation has no time and was left out");
    };
    let title = record.text(&["alertName", "text"]);
    let Some(alert) = record.text(&["alertUID", "alertName", "alertId", "text"]) else {
        return log.warn("this annotation names no alert and was left out");
    };
    let has_no_data = state.contains("nodata") || state.contains("no_data");
    let text = record.text(&["text"]).filter(|text| Some(text) != title.as_ref());
    log.add(Step {
        alert,
        title,
        change,
        at,
        severity: None,
        texts: has_no_data.then_some("no data".into()).into_iter().chain(text).collect(),
        labels: Vec::new(),
        person: None,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn the_history_of_states_is_read_from_its_end() {
        let text = r#"[{"id": 4, "alertName": "5xx", "newState": "Normal (NoData)", "prevState": "Alerting", "time": 1772361000000},
            {"id": 3, "alertName": "5xx", "newState": "Alerting", "prevState": "Pending", "time": 1772359200000},
            {"id": 2, "alertName": "5xx", "newState": "Pending", "prevState": "Normal", "time": 1772359000000},
            {"id": 1, "alertName": "old", "newState": "ok", "prevState": "alerting", "created": 1772358000000}]"#;
        assert!(sniffs(&GRAFANA, text));
        insta::assert_snapshot!(read(&GRAFANA, text), @"
        2026-03-01T09:40:00Z alert [Grafana] **old** cleared
        2026-03-01T10:00:00Z alert [Grafana] **5xx** fired → detected_at
        2026-03-01T10:30:00Z alert [Grafana] **5xx** cleared: no data
        ");
    }
}
