//! Zabbix: events of the connector and of the real-time export, one JSON object per line, and
//! responses of `problem.get` and `event.get`.
//!
//! <https://www.zabbix.com/documentation/current/en/manual/appendix/protocols/real_time_export>,
//! <https://www.zabbix.com/documentation/current/en/manual/api/reference/problem/object>. A
//! recovery has only the id of its problem (`p_eventid`), so the two are read together.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::model::time::Moment;
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static ZABBIX: Alerts = Alerts {
    id: "zabbix-alerts",
    about: "Zabbix: events of the connector and of the real-time export, one a line; problem.get and event.get",
    system: "Zabbix",
    written_from: WrittenFrom::Captures,
    lists: &["result"],
    is_record: |head| {
        head.has(&["clock", "ns", "eventid"])
            && !head.has(&["itemid"])
            && (head.has(&["severity"]) || head.has(&["p_eventid"]) || head.has(&["objectid"]))
    },
    read,
};

/// The names of the severities 0 to 5.
const SEVERITIES: [&str; 6] =
    ["not classified", "information", "warning", "average", "high", "disaster"];

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let at = clock(record, "clock", "ns", log);
    let value = record.text(&["value"]);
    let is_recovery = value.as_deref() == Some("0");
    // `value` is absent in `problem.get`, which returns only problems.
    let (alert, change) = match (record.text(&["p_eventid"]), record.text(&["eventid"])) {
        (Some(problem), _) => (problem, Change::Cleared),
        (None, Some(event)) if !is_recovery => (event, Change::Fired),
        (None, Some(event)) => (event, Change::Cleared),
        (None, None) => return log.warn("this event has no id and was left out"),
    };
    let severity = record.text(&["severity"]).map(|word| {
        let name = word.parse::<usize>().ok().and_then(|number| SEVERITIES.get(number));
        name.map_or(word, |name| Cow::Borrowed(*name))
    });
    // Hosts are names up to version 4, and objects since then.
    let hosts = record
        .list("hosts")
        .filter_map(|host| host.own_text().or_else(|| host.text(&["name", "host"])));
    let tags =
        record.list("tags").filter_map(|tag| Some((tag.text(&["tag"])?, tag.text(&["value"])?)));
    let mut step =
        Step::of(alert.clone(), change, at).titled(record.text(&["name"])).graded(severity);
    step.labels.extend(hosts.map(|host| (Cow::Borrowed("host"), host)).chain(tags));
    if change == Change::Fired && record.is_true("suppressed") {
        step.change = Change::Silenced;
    }
    let known = step.clone();
    log.add(step.with_text(record.text(&["opdata"])));
    for given in record.list("acknowledges") {
        acknowledge(given, &known, log);
    }
    if record.text(&["r_eventid"]).is_some_and(|id| id != "0") {
        let at = clock(record, "r_clock", "r_ns", log);
        log.add(Step { at, change: Change::Cleared, ..known });
    }
}

/// A time in seconds, and its nanoseconds from another field.
fn clock(record: Node<'_>, seconds: &str, nanoseconds: &str, log: &mut Log<'_>) -> Option<Moment> {
    let at = log.time(record, &[seconds])?;
    let nanoseconds = record.text(&[nanoseconds]).and_then(|text| text.parse().ok());
    let nanoseconds = nanoseconds.filter(|ns| (0..1_000_000_000).contains(ns)).unwrap_or(0);
    at.shifted(chrono::TimeDelta::nanoseconds(nanoseconds))
}

/// An action on a problem; `action` is a bit mask.
fn acknowledge(given: Node<'_>, problem: &Step<'_>, log: &mut Log<'_>) {
    let action = given.text(&["action"]).and_then(|text| text.parse::<u32>().ok()).unwrap_or(2);
    let at = log.time(given, &["clock"]);
    let change = match action {
        _ if action & 1 != 0 => Change::Closed,
        _ if action & 2 != 0 => Change::Acknowledged,
        _ if action & 16 != 0 => Change::Unacknowledged,
        _ if action & 32 != 0 => Change::Muted,
        _ => Change::Noted,
    };
    let person = given.text(&["username", "alias", "name"]);
    log.add(Step {
        at,
        change,
        texts: given.text(&["message"]).into_iter().collect(),
        person,
        ..problem.clone()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn recovery_takes_the_name_of_its_problem() {
        let text = concat!(
            r#"{"clock":1772359213,"ns":500862698,"value":0,"eventid":21,"p_eventid":20}"#,
            "\n",
            r#"{"clock":1772359201,"ns":288186659,"value":1,"eventid":20,"name":"Disk is full","severity":4,"hosts":["db-1",{"host":"h","name":"db-2"}],"tags":[{"tag":"scope","value":"storage"}]}"#,
            "\n",
            r#"{"clock":1772359300,"ns":0,"value":0,"eventid":31,"p_eventid":30}"#,
        );
        assert!(sniffs(&ZABBIX, text));
        insta::assert_snapshot!(read(&ZABBIX, text), @"
        2026-03-01T10:00:01.288186659Z alert [Zabbix] **Disk is full** fired (high) ¶ `host=db-1`, `host=db-2`, `scope=storage` → detected_at
        2026-03-01T10:00:13.500862698Z alert [Zabbix] **Disk is full** cleared (high) ¶ `host=db-1`, `host=db-2`, `scope=storage`
        2026-03-01T10:01:40Z alert [Zabbix] **An alert without a title** cleared → mitigated_at
        ");
    }
}
