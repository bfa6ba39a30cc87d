//! Rundeck: executions, from webhooks and the API (<https://docs.rundeck.com/docs/api/>).

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static RUNDECK: ObjectChanges = ObjectChanges {
    id: "rundeck-executions",
    about: "Rundeck: executions (webhooks, API)",
    written_from: WrittenFrom::Captures,
    lists: &["executions"],
    is_record: |head| {
        head.has(&["execution.date-started", "executionId"])
            || head.has(&["date-started.unixtime", "job"])
            || head.has(&["date-started", "executionType"])
    },
    read,
};

fn read(record: Node<'_>, changes: &mut Changes<'_>) {
    let execution = if record.at("execution").is_there() { record.at("execution") } else { record };
    let at = changes.time(execution, &["date-started.unixtime", "date-started.date"]);
    let end = changes.time(execution, &["date-ended.unixtime", "date-ended.date"]);
    let status = text(execution, &["status"]).or_else(|| text(record, &["status"]));
    changes.add(Change {
        id: text(execution, &["id"])
            .map(|id| format!("{id}-{}", status.as_deref().unwrap_or_default())),
        at,
        end,
        what: text(execution, &["job.name", "description"]).unwrap_or_else(|| "A job".to_owned()),
        verb: "ran",
        to: text(execution, &["project"]),
        result: status,
        by: text(execution, &["user"]),
        ..Change::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn execution_times_are_in_milliseconds() {
        let text = r#"{"trigger": "success", "status": "succeeded", "executionId": 3, "execution": {"id": 3, "status": "succeeded", "project": "shop", "executionType": "user", "user": "ana",
            "date-started": {"unixtime": 1772359080368, "date": "2026-03-01T09:58:00Z"}, "date-ended": {"unixtime": 1772359083000, "date": "2026-03-01T09:58:03Z"}, "job": {"name": "Restart"}}}"#;
        assert!(sniffs(&RUNDECK, text));
        insta::assert_snapshot!(read(&RUNDECK, text), @"2026-03-01T09:58:00.368Z–2026-03-01T09:58:03Z deploy [ana] **Restart** ran in shop: succeeded");
    }
}
