//! Splunk: webhooks of searches with results.
//!
//! <https://docs.splunk.com/Documentation/Splunk/latest/Alert/Webhooks>. `_time` is the time of the
//! first result, in seconds since 1970.

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static SPLUNK: Alerts = Alerts {
    id: "splunk-alerts",
    about: "Splunk: webhooks of searches",
    system: "Splunk",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| {
        head.has(&["search_name", "results_link"])
            || head.has(&["sid", "result"])
            || head.has(&["results_link", "result"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let Some(alert) = record.text(&["search_name", "sid"]) else {
        return log.warn("this search has no name and was left out");
    };
    let at = log.time(record, &["result._time", "result._indextime"]);
    let step = Step::of(alert, Change::Fired, at).titled(record.text(&["search_name"]));
    let message = record.text(&["result._raw", "result.message"]);
    log.add(
        step.with_text(message)
            .with("host", record.text(&["result.host"]))
            .with("source", record.text(&["result.source"])),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn result_time_is_in_seconds() {
        let text = r#"{"results_link": "https://splunk.example.com/x", "sid": "rt_1", "search_name": "Failed logins", "app": "search", "owner": "admin",
            "result": {"_time": "1772359200", "date_zone": "local", "host": "web-1", "_raw": "Mar  1 10:00:00 web-1 sshd: failed"}}"#;
        assert!(sniffs(&SPLUNK, text));
        insta::assert_snapshot!(read(&SPLUNK, text), @"2026-03-01T10:00:00Z alert [Splunk] **Failed logins** fired: Mar  1 10:00:00 web-1 sshd: failed ¶ `host=web-1` → detected_at");
    }
}
