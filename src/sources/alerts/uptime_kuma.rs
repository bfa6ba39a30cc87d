//! Uptime Kuma's webhook. `time` is in UTC although it does not say so; `localDateTime` is the
//! server's local time.

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static UPTIME_KUMA: Alerts = Alerts {
    id: "uptime-kuma-alerts",
    about: "Uptime Kuma: webhooks of monitors",
    system: "Uptime Kuma",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| head.has(&["heartbeat.status", "heartbeat.time", "monitor.name"]),
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let change = match record.text(&["heartbeat.status"]).as_deref() {
        Some("0") => Change::Fired,
        Some("1") => Change::Cleared,
        // A check failed and is retried.
        Some("2") => Change::Suspected,
        Some("3") => Change::Noted,
        _ => return log.warn("this heartbeat has a status that is not known and was left out"),
    };
    let Some(alert) = record.text(&["monitor.id", "heartbeat.monitorID", "monitor.name"]) else {
        return log.warn("this heartbeat names no monitor and was left out");
    };
    let at = log.utc(record, "heartbeat.time");
    let maintenance = (change == Change::Noted).then_some("under maintenance".into());
    let step =
        Step::of(alert, change, at).titled(record.text(&["monitor.name", "monitor.pathName"]));
    log.add(
        step.with_text(maintenance)
            .with_text(record.text(&["heartbeat.msg"]))
            .with("host", record.text(&["monitor.hostname"]))
            .with("url", record.text(&["monitor.url"])),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn heartbeat_time_is_utc() {
        let text = r#"{"heartbeat": {"monitorID": 8, "status": 0, "time": "2026-07-31 18:56:15.374", "msg": "timeout", "timezone": "Europe/Berlin",
            "localDateTime": "2026-07-31 20:56:15"}, "monitor": {"id": 8, "name": "shop", "url": "https://shop.example.com"}}"#;
        assert!(sniffs(&UPTIME_KUMA, text));
        insta::assert_snapshot!(read(&UPTIME_KUMA, text), @"2026-07-31T18:56:15.374Z alert [Uptime Kuma] **shop** fired: timeout ¶ `url=https://shop.example.com` → detected_at");
    }
}
