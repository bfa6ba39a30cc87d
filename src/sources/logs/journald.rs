//! The systemd journal, as `journalctl -o json` prints it: one entry per line.
//!
//! <https://systemd.io/JOURNAL_EXPORT_FORMATS/>. Times are microseconds since 1970 in text; a
//! message that is not UTF-8 is a list of bytes.

use super::kit::{Level, Line, Lines, ObjectLog};
use crate::sources::node::Node;
use crate::sources::source::{Verdict, WrittenFrom};

pub(in crate::sources) static JOURNALD: ObjectLog = ObjectLog {
    id: "journald",
    about: "The journal of systemd (journalctl -o json)",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| head.has(&["__REALTIME_TIMESTAMP"]),
    verdict: Verdict::Yes,
    read,
};

fn read(entry: Node<'_>, lines: &mut Lines<'_>) {
    let at = lines.intake().time(entry, &["_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"]);
    let bytes: Vec<u8> = entry
        .at("MESSAGE")
        .list_here()
        .filter_map(|byte| byte.own_text().and_then(|text| text.parse().ok()))
        .collect();
    let message = match bytes.is_empty() {
        true => entry.text(&["MESSAGE"]).unwrap_or_default().into_owned(),
        false => String::from_utf8_lossy(&bytes).into_owned(),
    };
    let level = entry.text(&["PRIORITY"]).and_then(|number| Level::named(&number));
    let program = entry.text(&["SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "_COMM"]);
    let actor = match (program, entry.text(&["_HOSTNAME"])) {
        (Some(program), Some(host)) => Some(format!("{program} on {host}")),
        (program, host) => program.or(host).map(std::borrow::Cow::into_owned),
    };
    lines.add(Line { level, actor, ..Line::of(at, message) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn microseconds_and_bytes_are_read() {
        let text = r#"{"__REALTIME_TIMESTAMP": "1772359200650438", "_HOSTNAME": "web-1", "SYSLOG_IDENTIFIER": "sshd", "PRIORITY": "3", "MESSAGE": "refused"}
{"__REALTIME_TIMESTAMP": "1772359201000000", "PRIORITY": "6", "_COMM": "x", "MESSAGE": [104, 105, 255]}"#;
        assert!(sniffs(&JOURNALD, text));
        insta::assert_snapshot!(read(&JOURNALD, text, None), @"
        2026-03-01T10:00:00.650438Z note [sshd on web-1] refused
        2026-03-01T10:00:01Z note [x] hi� (hidden)
        x:1:1: note: 1 line below a warning is hidden: in the file, and not in reports
        ");
    }
}
