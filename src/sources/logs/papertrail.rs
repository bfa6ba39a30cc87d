//! Papertrail: webhooks of saved searches, and events from the API.
//!
//! <https://www.papertrail.com/help/webhooks/>. `received_at` has an offset, `display_received_at`
//! is for people.

use super::kit::{Level, Line, Lines, ObjectLog};
use crate::sources::node::Node;
use crate::sources::source::{Verdict, WrittenFrom};

pub(in crate::sources) static PAPERTRAIL: ObjectLog = ObjectLog {
    id: "papertrail",
    about: "Papertrail: webhooks of saved searches, events of the API",
    written_from: WrittenFrom::Captures,
    lists: &["events"],
    is_record: |head| {
        head.has(&["received_at", "message", "program"])
            || head.has(&["received_at", "message", "source_name"])
    },
    verdict: Verdict::Yes,
    read,
};

fn read(event: Node<'_>, lines: &mut Lines<'_>) {
    let at = lines.intake().time(event, &["generated_at", "received_at"]);
    let text = event.text(&["message"]).unwrap_or_default().into_owned();
    let level = event.text(&["severity"]).and_then(|word| Level::named(&word));
    let actor = match (event.text(&["program"]), event.text(&["hostname", "source_name"])) {
        (Some(program), Some(host)) => Some(format!("{program} on {host}")),
        (program, host) => program.or(host).map(std::borrow::Cow::into_owned),
    };
    lines.add(Line { level, actor, ..Line::of(at, text) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn events_have_an_offset() {
        let text = r#"{"events": [{"id": 7, "received_at": "2026-03-01T02:00:00-08:00", "display_received_at": "Mar 01 02:00:00", "hostname": "web-1",
            "program": "cron", "severity": "Error", "message": "failed"}], "saved_search": {"id": 4, "name": "x"}}"#;
        assert!(sniffs(&PAPERTRAIL, text));
        insta::assert_snapshot!(read(&PAPERTRAIL, text, None), @"2026-03-01T10:00:00Z note [cron on web-1] failed");
    }
}
