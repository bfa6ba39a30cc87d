//! Records that nobody's format has: JSON, one object a line or a list of them, and tables with
//! named columns.
//!
//! The time and the text are found by the names of their fields. A state such as `firing` or
//! `resolved` makes an alert of a record, and a version or a commit a change.

use super::kit::{Level, Line, Lines};
use crate::diag::Warned;
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::input::Input;
use crate::sources::mapping::{self, Fields, MappedKind};
use crate::sources::node::Node;
use crate::sources::object_records::gather;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

pub(in crate::sources) static EVENT_RECORDS: EventRecords = EventRecords;

/// A reader of records of any format.
pub(in crate::sources) struct EventRecords;

impl Reader for EventRecords {
    fn about(&self) -> About {
        About {
            id: "event-records",
            about: "Any JSON, JSON lines or table with records that have a time and a text",
            written_from: WrittenFrom::Captures,
        }
    }

    fn is_last_resort(&self) -> bool {
        true
    }

    fn sniff(&self, input: &Input, _: &str) -> Verdict {
        match mapping::guess(input) {
            Some(mapping) if mapping.kind == MappedKind::Entries && has_text(&mapping) => {
                Verdict::LastResort
            }
            _ => Verdict::No("not records with a time and a text"),
        }
    }

    fn read<'a>(
        &self,
        text: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let fields = Fields::of(text)?;
        let mut lines = Lines::new(warnings);
        gather(
            text,
            &fields.lists(),
            |_| true,
            &mut lines,
            |node, lines| {
                read(node, &fields, lines);
            },
        )?;
        fields.check(lines.count())?;
        lines.finish()
    }
}

fn has_text(mapping: &mapping::Mapping) -> bool {
    let mapping::Mapping { title, text, version, state, service, id, .. } = mapping;
    let texts = [title, text, version, state, service, id];
    texts.iter().any(|path| path.is_some())
}

fn read(record: Node<'_>, fields: &Fields<'_>, lines: &mut Lines<'_>) {
    let field = |key| fields.text(record, key);
    let at = fields.time(record, "time", None, lines.intake());
    // The last time that is asked for decides what becomes of a record without one.
    let is_timed = at.is_some();
    let mut other = |key| fields.time(record, key, None, lines.intake()).filter(|_| is_timed);
    let end = other("end").filter(|end| at.is_some_and(|at| *end > at));
    let acknowledged = other("acknowledged");
    let at = if is_timed { at } else { fields.time(record, "time", None, lines.intake()) };
    let (version, state, service) = (field("version"), field("state"), field("service"));
    let mut text = match (field("title"), field("text")) {
        (Some(title), Some(text)) if title != text => format!("{title}: {text}"),
        (Some(text), _) | (None, Some(text)) => text.into_owned(),
        (None, None) => String::new(),
    };
    let (kind, suggests) = kind(state.as_deref(), version.is_some(), end);
    let name = if text.is_empty() {
        service.clone().unwrap_or_default().into_owned()
    } else {
        text.clone()
    };
    if kind == EntryKind::Deploy {
        let what = service.as_deref().unwrap_or("A change");
        let version = version.as_deref().unwrap_or_default();
        let detail = if text.is_empty() { String::new() } else { format!(": {text}") };
        text = format!("{what} {version}{detail}");
        text.extend(field("environment").map(|environment| format!(" to {environment}")));
    } else if text.is_empty() {
        // Whatever it has, so that nothing is lost.
        let members: Vec<String> =
            record.all_members().map(|(name, value)| format!("{name}={value}")).collect();
        text = members.join(", ");
    }
    let is_status_of_a_request = state.as_deref().is_some_and(|state| state.parse::<u16>().is_ok());
    if let Some(state) = state.as_deref().filter(|state| {
        (kind != EntryKind::Note || is_status_of_a_request) && !text.contains(state)
    }) {
        text = format!("{text} ({state})");
    }
    let level = field("severity")
        .and_then(|word| Level::named(&word))
        .or_else(|| state.as_deref().and_then(of_request))
        .or_else(|| Level::in_text(&text));
    let actor = field("actor").map(std::borrow::Cow::into_owned);
    // The field that a guess takes for the id may be that of something else.
    let id = field("id").filter(|_| fields.is_stated()).map(std::borrow::Cow::into_owned);
    let whole = Line { end, level, actor: actor.clone(), kind, suggests, id, ..Line::of(at, text) };
    lines.add(whole);
    if let Some(acknowledged) = acknowledged {
        lines.add(Line {
            actor,
            kind: EntryKind::Action,
            suggests: Some(MilestoneName::AcknowledgedAt),
            ..Line::of(Some(acknowledged), format!("{name} was acknowledged"))
        });
    }
}

/// How bad the status of an answer of HTTP is.
fn of_request(state: &str) -> Option<Level> {
    match state.parse::<u16>().ok()? {
        500..600 => Some(Level::Error),
        100..500 => Some(Level::Information),
        _ => None,
    }
}

/// What kind of thing a record with that state is, and what it may be the evidence for.
fn kind(
    state: Option<&str>,
    has_version: bool,
    end: Option<Moment>,
) -> (EntryKind, Option<MilestoneName>) {
    let state = state.unwrap_or_default().to_lowercase();
    match state.as_str() {
        _ if has_version => (EntryKind::Deploy, None),
        "firing" | "fired" | "triggered" | "alerting" | "alarm" | "problem" | "critical"
        | "down" | "activated" | "open" | "opened" | "active" | "failing" | "unhealthy" => {
            (EntryKind::Alert, Some(MilestoneName::DetectedAt))
        }
        "acknowledged" | "acked" | "ack" => {
            (EntryKind::Action, Some(MilestoneName::AcknowledgedAt))
        }
        // With its beginning and its end it is an alert that was.
        "resolved" | "recovered" | "recovery" | "cleared" | "closed" | "deactivated" | "ok"
        | "normal" | "up" => (EntryKind::Alert, end.map(|_| MilestoneName::DetectedAt)),
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

    #[test]
    fn an_alert_with_its_course_is_read_from_any_depth() {
        let text = r#"{"data": {"essentials": {"alertRule": "CPU", "severity": "Sev1", "monitorCondition": "Resolved", "firedDateTime": "2026-03-01T10:00:00Z", "acknowledgedDateTime": "2026-03-01T10:02:00Z", "resolvedDateTime": "2026-03-01T10:12:00Z", "description": "Above 90 %"}}}"#;
        assert!(sniffs(&EVENT_RECORDS, text));
        insta::assert_snapshot!(read(&EVENT_RECORDS, text, None), @"
        2026-03-01T10:00:00Z–2026-03-01T10:12:00Z alert [-] CPU: Above 90 % (Resolved) → detected_at
        2026-03-01T10:02:00Z action [-] CPU: Above 90 % was acknowledged → acknowledged_at
        ");
    }

    #[test]
    fn records_have_their_texts_under_several_names() {
        insta::assert_snapshot!(read(&EVENT_RECORDS, r#"[{"timestamp": "2026-03-01T10:00:00Z", "jsonPayload": {"message": "Timeout"}, "severity": "ERROR"}, {"timestamp": "2026-03-01T10:00:01Z", "textPayload": "hello", "severity": "INFO"}]"#, None), @"
        2026-03-01T10:00:00Z note [-] Timeout
        2026-03-01T10:00:01Z note [-] hello (hidden)
        x:1:1: note: 1 line below a warning is hidden: in the file, and not in reports
        ");
        insta::assert_snapshot!(read(&EVENT_RECORDS, "{\"asctime\": \"2026-03-01 10:00:00,123\", \"levelname\": \"ERROR\", \"name\": \"shop.cart\", \"message\": \"Timeout\"}\n", Some("UTC")), @"2026-03-01T10:00:00.123Z note [-] Timeout");
    }
}
