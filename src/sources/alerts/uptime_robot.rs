//! UptimeRobot: webhooks of monitors, and logs of the API (`getMonitors` with `logs=1`).
//!
//! <https://uptimerobot.com/api/>. A webhook has no time unless its template adds one
//! (`alertDateTime`), and unknown template variables stay in asterisks: `*alertFriendlyDuration*`.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static UPTIME_ROBOT: Alerts = Alerts {
    id: "uptime-robot-alerts",
    about: "UptimeRobot: webhooks of monitors, and logs of monitors (getMonitors)",
    system: "UptimeRobot",
    written_from: WrittenFrom::Captures,
    lists: &["monitors"],
    is_record: |head| {
        head.has(&["alert_type", "monitor_url"])
            || head.has(&["alert_type_friendly_name"])
            || head.has(&["alertType", "monitorURL"])
            || head.has(&["friendly_name", "logs[].datetime"])
    },
    read,
};

fn change(kind: &str) -> Option<Change> {
    Some(match kind {
        "1" => Change::Fired,
        "2" => Change::Cleared,
        // A certificate expires, or a monitor was started or paused.
        "3" | "98" | "99" => Change::Noted,
        _ => return None,
    })
}

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let title = record.text(&[
        "monitor_friendly_name",
        "monitorFriendlyName",
        "friendly_name",
        "monitor_url",
        "url",
    ]);
    let Some(alert) =
        record.text(&["monitor_id", "monitorID", "id", "monitor_url"]).or_else(|| title.clone())
    else {
        return log.warn("this monitor has no name and was left out");
    };
    if record.at("logs").is_there() {
        for entry in record.list("logs") {
            let Some(change) = change(&entry.text(&["type"]).unwrap_or_default()) else {
                log.warn("an entry of this monitor has a type that is not known and was left out");
                continue;
            };
            let at = log.time(entry, &["datetime"]);
            let reason = entry.text(&["reason.detail"]).filter(|reason| reason != "OK");
            log.add(Step::of(alert.clone(), change, at).titled(title.clone()).with_text(reason));
        }
        return;
    }
    let kind = record.text(&["alert_type", "alertType"]).unwrap_or_default();
    let Some(change) = change(&kind) else {
        return log.warn(format!("`{kind}` is not a known alert type"));
    };
    let at = log.time(record, &["alert_datetime", "alertDateTime", "alert_date_time", "timestamp"]);
    // Values that the template left in asterisks are unknown.
    let message = |path: &str| {
        record.text(&[path]).filter(|text| !(text.starts_with('*') && text.ends_with('*')))
    };
    let lasted = message("alert_friendly_duration")
        .map(|length| Cow::Owned(format!("It was down for {length}.")));
    let lasted = lasted.filter(|_| change == Change::Cleared);
    log.add(
        Step::of(alert, change, at)
            .titled(title)
            .with_text(message("alert_details"))
            .with_text(lasted),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn webhook_without_a_time_stays_undated() {
        let text = r#"{"monitor_url": "shop.example.com", "monitor_friendly_name": "Shop", "alert_type": "2", "alert_type_friendly_name": "Up",
            "alert_details": "Host Is Reachable", "alert_friendly_duration": "4 minutes"}"#;
        assert!(sniffs(&UPTIME_ROBOT, text));
        insta::assert_snapshot!(read(&UPTIME_ROBOT, text), @"
        ? alert [UptimeRobot] **Shop** cleared: Host Is Reachable ¶ It was down for 4 minutes.
        alerts.json:1:1: warning: this record has no time that can be read; it is in the timeline without one
        ");
        let logs = r#"{"stat": "ok", "monitors": [{"id": 7, "friendly_name": "Shop", "url": "https://shop.example.com", "logs": [
            {"type": 2, "datetime": 1772359500, "duration": 30, "reason": {"code": "200", "detail": "OK"}},
            {"type": 1, "datetime": 1772359200, "duration": 300, "reason": {"code": "333333", "detail": "Connection Timeout"}}]}]}"#;
        assert!(sniffs(&UPTIME_ROBOT, logs));
        insta::assert_snapshot!(read(&UPTIME_ROBOT, logs), @"
        2026-03-01T10:00:00Z alert [UptimeRobot] **Shop** fired: Connection Timeout → detected_at
        2026-03-01T10:05:00Z alert [UptimeRobot] **Shop** cleared → mitigated_at
        ");
    }
}
