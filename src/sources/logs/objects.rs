//! Generic records: JSON, one object per line or a list of them, and tables with named columns.
//!
//! The time and the text are found by the names of their fields. A state such as `firing` or
//! `resolved` makes a record an alert, and a version or a commit makes it a change.

use std::borrow::Cow;

use super::kit::{Level, Line, Lines, ObjectLog};
use crate::model::milestone::MilestoneName;
use crate::model::timeline::EntryKind;
use crate::sources::node::Node;
use crate::sources::objects::Head;
use crate::sources::source::{Verdict, WrittenFrom};

pub(in crate::sources) static EVENT_RECORDS: ObjectLog = ObjectLog {
    id: "event-records",
    about: "Any JSON lines, list of JSON objects or table with a time and a text in fields with common names",
    written_from: WrittenFrom::Captures,
    lists: &[
        "events", "records", "logs", "entries", "hits", "items", "results", "data", "alerts",
        "messages",
    ],
    is_record: |head| {
        let says =
            has_any(head, TEXTS) || has_any(head, VERSIONS) || head.is_row() && head.has(&["id"]);
        TIMES.iter().any(|name| head.has_scalar(name)) && says && !is_incident(head)
    },
    verdict: Verdict::LastResort,
    read,
};

/// Field names of times, the likeliest first.
const TIMES: &[&str] = &[
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "datetime",
    "date_time",
    "event_time",
    "eventTime",
    "occurred_at",
    "happened_at",
    "started_at",
    "startedAt",
    "start_time",
    "startTime",
    "started",
    "created_at",
    "createdAt",
    "created",
    "created_date",
    "deployed_at",
    "finished_at",
    "date",
    "when",
    "at",
    "unix_timestamp",
    "epoch",
    "clock",
    "logged_at",
    "_time",
    "start",
];

/// Field names of ends.
const ENDS: &[&str] = &[
    "ended_at",
    "endedAt",
    "end_time",
    "endTime",
    "ended",
    "resolved_at",
    "resolvedAt",
    "finished_at",
    "finishedAt",
    "end",
];

/// Field names of texts, the likeliest first.
const TEXTS: &[&str] = &[
    "message",
    "msg",
    "text",
    "event",
    "description",
    "title",
    "summary",
    "log",
    "body",
    "what",
    "subject",
    "note",
    "comment",
    "details",
    "alert",
    "alert_name",
    "alertname",
    "action",
    "name",
    "short_message",
    "content",
];

/// Field names of what a change deploys.
const VERSIONS: &[&str] = &[
    "version",
    "release",
    "revision",
    "commit",
    "commit_sha",
    "sha",
    "deployment",
    "deployment_id",
    "build",
];

const LEVELS: &[&str] =
    &["level", "severity", "log_level", "loglevel", "levelname", "priority", "lvl", "log.level"];
const STATES: &[&str] = &["state", "status", "alert_state", "new_state"];
const ACTORS: &[&str] = &[
    "actor",
    "user",
    "author",
    "by",
    "who",
    "logger",
    "service",
    "app",
    "source",
    "host",
    "hostname",
    "program",
    "component",
    "team",
];

fn has_any(head: Head<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| head.has(&[name]))
}

/// Whether records look like incidents: with a list of updates, or components.
fn is_incident(head: Head<'_>) -> bool {
    has_any(
        head,
        &[
            "updates",
            "incident_updates",
            "incidentUpdates",
            "components",
            "affected_components",
            "pointlist",
            "datapoints",
        ],
    )
}

fn read(record: Node<'_>, lines: &mut Lines<'_>) {
    let at = lines.intake().time(record, TIMES);
    let end = lines.intake().time(record, ENDS).filter(|end| at.is_some_and(|at| *end > at));
    let first = record.text(TEXTS);
    let mut text = first.clone().unwrap_or_default().into_owned();
    let version = record.text(VERSIONS);
    let state = record.text(STATES);
    let service = record.text(&["service", "application", "app", "repository"]);
    let (kind, suggests) = kind(state.as_deref(), version.is_some());
    if kind == EntryKind::Deploy {
        let what = service.as_deref().unwrap_or("A change");
        let version = version.as_deref().unwrap_or_default();
        let said = if text.is_empty() { String::new() } else { format!(": {text}") };
        text = format!("{what} {version}{said}");
        let environment = record.text(&["environment", "env", "stage", "target"]);
        text.extend(environment.map(|environment| format!(" to {environment}")));
    } else if text.is_empty() {
        // Include all fields, so that nothing is lost.
        let members: Vec<String> =
            record.all_members().map(|(name, value)| format!("{name}={value}")).collect();
        text = members.join(", ");
    }
    if let Some(state) = state.filter(|state| kind != EntryKind::Note && !text.contains(&**state)) {
        text = format!("{text} ({state})");
    }
    let level =
        record.text(LEVELS).and_then(|word| Level::named(&word)).or_else(|| Level::in_text(&text));
    let actor = record.text(ACTORS).map(Cow::into_owned);
    lines.add(Line { end, level, actor, kind, suggests, ..Line::of(at, text) });
}

/// The kind of a record with that state, and the milestone that it suggests.
fn kind(state: Option<&str>, has_version: bool) -> (EntryKind, Option<MilestoneName>) {
    let state = state.unwrap_or_default().to_lowercase();
    match state.as_str() {
        "firing" | "triggered" | "alerting" | "alarm" | "problem" | "critical" | "down" => {
            (EntryKind::Alert, Some(MilestoneName::DetectedAt))
        }
        "acknowledged" | "acked" | "ack" => {
            (EntryKind::Action, Some(MilestoneName::AcknowledgedAt))
        }
        "resolved" | "recovered" | "cleared" | "ok" | "normal" | "up" if !has_version => {
            (EntryKind::Alert, None)
        }
        _ if has_version => (EntryKind::Deploy, None),
        _ => (EntryKind::Note, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn fields_are_found_by_their_names() {
        let text = "{\"ts\": 1772359200.5, \"level\": \"error\", \"msg\": \"Timeout\", \"logger\": \"shop\"}\n{\"ts\": 1772359201, \"level\": \"info\", \"msg\": \"ok\"}\n{\"ts\": \"soon\", \"level\": \"error\", \"msg\": \"late\"}\n";
        assert!(sniffs(&EVENT_RECORDS, text));
        insta::assert_snapshot!(read(&EVENT_RECORDS, text, None), @r#"
        2026-03-01T10:00:00.500Z note [shop] Timeout
        2026-03-01T10:00:01Z note [-] ok (hidden)
        ? note [-] late ¶ Its time is written "soon".
        x:3:9: warning: `ts` was ignored: `soon` is not a time in a known form
        x:3:1: warning: this record has no time that can be read; it is in the timeline without one
        x:1:1: note: 1 line below a warning is hidden: in the file, and not in reports
        "#);
        let table = "Time,Alert,State,Severity\n2026-03-01T10:00:00Z,Queue grows,firing,critical\n2026-03-01T10:02:00Z,Queue grows,acknowledged,critical\n2026-03-01T10:20:00Z,Queue grows,resolved,critical\n";
        assert!(sniffs(&EVENT_RECORDS, table));
        insta::assert_snapshot!(read(&EVENT_RECORDS, table, None), @"
        2026-03-01T10:00:00Z alert [-] Queue grows (firing) → detected_at
        2026-03-01T10:02:00Z action [-] Queue grows (acknowledged) → acknowledged_at
        2026-03-01T10:20:00Z alert [-] Queue grows (resolved)
        ");
        let changes = "deployed_at,service,version,environment,author\n2026-03-01T09:58:00Z,shop,1.4.2,production,ana\n";
        assert!(sniffs(&EVENT_RECORDS, changes));
        insta::assert_snapshot!(read(&EVENT_RECORDS, changes, None), @"2026-03-01T09:58:00Z deploy [ana] shop 1.4.2 to production");
    }
}
