//! Zabbix: events of the connector and of the real-time export, one JSON object a line.
//!
//! <https://www.zabbix.com/documentation/current/en/manual/appendix/protocols/real_time_export>. A
//! recovery has only the id of its problem (`p_eventid`), so the two are read together.

use std::borrow::Cow;

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static ZABBIX: JsonAlerts = JsonAlerts {
    id: "zabbix-events",
    about: "Zabbix: events of the connector and of the real-time export, one a line",
    system: "Zabbix",
    evidence: Evidence::Captures,
    list: None,
    is_record: |head| {
        head.has(&["clock", "ns", "eventid", "value"]) && (head.has(&["severity"]) || head.has(&["p_eventid"]))
    },
    read,
};

/// The names of the severities 0 to 5.
const SEVERITIES: [&str; 6] = ["not classified", "information", "warning", "average", "high", "disaster"];

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let problem = record.text(&["p_eventid"]);
    let (alert, change) = match (problem, record.text(&["eventid"])) {
        (Some(problem), _) => (problem, Change::Cleared),
        (None, Some(event)) if record.text(&["value"]).is_some_and(|value| value == "1") => (event, Change::Fired),
        _ => return log.warn("this event is neither a problem nor a recovery, and was left out"),
    };
    let Some(at) = log.time(record, &["clock"]) else {
        return log.warn("this event has no `clock` and was left out");
    };
    let nanoseconds =
        record.text(&["ns"]).and_then(|text| text.parse().ok()).filter(|ns| (0..1_000_000_000).contains(ns));
    let at = at.shifted(chrono::TimeDelta::nanoseconds(nanoseconds.unwrap_or(0)));
    let severity = record.text(&["severity"]).map(|word| {
        let name = word.parse::<usize>().ok().and_then(|number| SEVERITIES.get(number));
        name.map_or(word, |name| Cow::Borrowed(*name))
    });
    // Hosts are names up to version 4, and objects since.
    let hosts = record.list("hosts").filter_map(|host| host.text(&["name", "host"]).or_else(|| host.own_text()));
    let tags = record.list("tags").filter_map(|tag| Some((tag.text(&["tag"])?, tag.text(&["value"])?)));
    log.add(Step {
        alert,
        title: record.text(&["name"]),
        change,
        at,
        severity,
        texts: Vec::new(),
        labels: hosts.map(|host| (Cow::Borrowed("host"), host)).chain(tags).collect(),
        person: None,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn a_recovery_has_the_name_of_its_problem() {
        let text = concat!(
            r#"{"clock":1772359213,"ns":500862698,"value":0,"eventid":21,"p_eventid":20}"#,
            "\n",
            r#"{"clock":1772359201,"ns":288186659,"value":1,"eventid":20,"name":"Disk is full","severity":4,"hosts":["db-1",{"host":"h","name":"db-2"}],"tags":[{"tag":"scope","value":"storage"}]}"#,
            "\n",
            r#"{"clock":1772359300,"ns":0,"value":0,"eventid":31,"p_eventid":30}"#,
        );
        assert!(sniffs(&ZABBIX, text));
        insta::assert_snapshot!(read(&ZABBIX, text), @"
        2026-03-01T10:00:01Z alert [Zabbix] **Disk is full** fired (high) ¶ `host=db-1`, `host=db-2`, `scope=storage` → detected_at
        2026-03-01T10:00:13Z alert [Zabbix] **Disk is full** cleared (high) ¶ `host=db-1`, `host=db-2`, `scope=storage`
        2026-03-01T10:01:40Z alert [Zabbix] **An alert without a title** cleared
        ");
    }
}
