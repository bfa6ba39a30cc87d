//! Opsgenie: alerts, their logs and notes, incidents and their timelines (REST API), webhooks, CSV.
//!
//! <https://docs.opsgenie.com/docs/alert-api>,
//! <https://docs.opsgenie.com/docs/webhook-integration>. The only time that a webhook gives for an
//! action is the alert's `updatedAt`, in nanoseconds, next to `createdAt` in milliseconds. An
//! incident has the times of its impact, which people set.

use std::borrow::Cow;

use super::kit::alert_text::digest;
use super::kit::{Alerts, Change, Log, Node, Step};
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::record::EventRecord;
use crate::sources::source::WrittenFrom;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(in crate::sources) static OPSGENIE: Alerts = Alerts {
    id: "opsgenie-alerts",
    about: "Opsgenie: alerts, logs, notes, incidents and their timelines (REST API), webhooks, CSV",
    system: "Opsgenie",
    written_from: WrittenFrom::Captures,
    lists: &["data.entries", "data"],
    is_record: |head| {
        head.has(&["action", "alert.alertId"])
            || head.has(&["tinyId", "message", "createdAt"])
            || head.has(&["data.tinyId", "data.message", "data.createdAt"])
            || head.has(&["tiny_id", "message", "created_at"])
            || head.has(&["log", "type", "owner", "createdAt"])
            || head.has(&["note", "owner", "createdAt"])
            || head.has(&["eventTime", "title.content", "actor.type"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("action").is_there() && record.at("alert").is_there() {
        return webhook(record, log);
    }
    if record.at("log").is_there() {
        return log_line(record, log);
    }
    if record.at("note").is_there() && !record.at("message").is_there() {
        let at = log.time(record, &["createdAt"]);
        return log.add(
            of_log(Change::Noted, at).by(record.text(&["owner"])).with_text(record.text(&["note"])),
        );
    }
    if record.at("eventTime").is_there() {
        let at = log.time(record, &["eventTime"]);
        let text = record
            .text(&["title.content"])
            .into_iter()
            .chain(record.text(&["description.content"]));
        let person = record
            .text(&["actor.name"])
            .filter(|_| record.text(&["actor.type"]).as_deref() == Some("user"));
        return log.add(of_log(Change::Noted, at).by(person).with_text(text));
    }
    let alert = if record.at("data.tinyId").is_there() { record.at("data") } else { record };
    of_alert(alert, log);
}

/// A step of the alert whose log this is: the log does not contain its name.
fn of_log(change: Change, at: Option<Moment>) -> Step<'static> {
    Step::of("log", change, at).titled(Some("The alert".into()))
}

fn step<'a>(alert: Node<'a>, change: Change, at: Option<Moment>) -> Option<Step<'a>> {
    let key = alert.text(&["alertId", "alert_id", "id", "alias", "tinyId", "tiny_id"])?;
    Some(
        Step::of(key, change, at)
            .titled(alert.text(&["message"]))
            .graded(alert.text(&["priority"]))
            .with("host", alert.text(&["entity"]))
            .with("source", alert.text(&["source"])),
    )
}

fn webhook(record: Node<'_>, log: &mut Log<'_>) {
    let alert = record.at("alert");
    let action = record.text(&["action"]).unwrap_or_default();
    let by_person = record
        .text(&["source.type"])
        .is_some_and(|kind| matches!(&*kind, "web" | "mobile" | "user"));
    let change = match &*action {
        "Create" => Change::Fired,
        "Acknowledge" => Change::Acknowledged,
        "UnAcknowledge" => Change::Unacknowledged,
        "Escalate" | "EscalateNext" => Change::Escalated,
        "AssignOwnership" | "TakeOwnership" | "AddTeam" | "AddRecipient" | "AddResponder" => {
            Change::Assigned
        }
        "Snooze" => Change::Snoozed,
        "Close" | "Delete" if by_person => Change::Closed,
        "Close" | "Delete" => Change::AutoClosed,
        // Notes, tags, custom actions and similar entries.
        _ => Change::Noted,
    };
    let times: &[&str] =
        if change == Change::Fired { &["createdAt"] } else { &["updatedAt", "insertedAt"] };
    let at = log.time(alert, times);
    let message = ["note", "owner", "recipient", "team", "addedTags", "removedTags"];
    let message: Vec<Cow<'_, str>> =
        message.iter().filter_map(|path| alert.text(&[path])).collect();
    let action = (change == Change::Noted && &*action != "AddNote").then(|| action.clone());
    let person = alert.text(&["username"]).filter(|_| change != Change::AutoClosed);
    log.add_some(
        step(alert, change, at).map(|step| step.by(person).with_text(action).with_text(message)),
    );
}

/// A line of the log of an alert: `Alert acknowledged via web`.
fn log_line(line: Node<'_>, log: &mut Log<'_>) {
    let text = line.text(&["log"]).unwrap_or_default();
    let lower = text.to_lowercase();
    let by_person = line
        .text(&["owner"])
        .is_some_and(|owner| !matches!(&*owner.to_lowercase(), "system" | "alert api"));
    let has = |word: &str| lower.contains(word);
    let change = if has("unacknowledged") {
        Change::Unacknowledged
    } else if has("acknowledged") && by_person {
        Change::Acknowledged
    } else if has("acknowledged") {
        Change::AutoAcknowledged
    } else if has("alert closed") || has("closed via") {
        if by_person { Change::Closed } else { Change::AutoClosed }
    } else if has("alert created") || has("created via") {
        Change::Fired
    } else if has("escalated") {
        Change::Escalated
    } else if has("snoozed") {
        Change::Snoozed
    } else {
        Change::Noted
    };
    let at = log.time(line, &["createdAt"]);
    log.add(of_log(change, at).by(line.text(&["owner"]).filter(|_| by_person)).with_text([text]));
}

/// An alert or an incident of the API, or a row of a table, in its state at the time of the
/// request.
fn of_alert(alert: Node<'_>, log: &mut Log<'_>) {
    let created = log.time(alert, &["createdAt", "created_at_date", "created_at"]);
    log.add_some(
        step(alert, Change::Fired, created)
            .map(|step| step.with_text(alert.text(&["description"]))),
    );
    // The report has milliseconds since the creation, and the names of the actors.
    let after = |paths: &[&str]| {
        let milliseconds = alert.text(paths)?.parse::<i64>().ok()?;
        chrono::TimeDelta::try_milliseconds(milliseconds)
    };
    let reported = [
        (
            ["report.ackTime", "ack_time"],
            ["report.acknowledgedBy", "acknowledged_by"],
            Change::Acknowledged,
        ),
        (["report.closeTime", "close_time"], ["report.closedBy", "closed_by"], Change::Closed),
    ];
    let mut is_closed = false;
    for (time, person, change) in reported {
        if let Some((created, delay)) = created.zip(after(&time)) {
            let person = alert.text(&person);
            log.add_some(step(alert, change, created.shifted(delay)).map(|step| step.by(person)));
            is_closed |= change == Change::Closed;
        }
    }
    let has_impact = alert.at("impactStartDate").is_there();
    for (path, verb, name) in [
        ("impactStartDate", "began", MilestoneName::ImpactStart),
        ("impactEndDate", "ended", MilestoneName::ImpactEnd),
    ] {
        if let Some(at) = log.time(alert, &[path]) {
            log.add_event(impact(alert, at, verb, name));
        }
    }
    let status = alert.text(&["status"]).unwrap_or_default().to_lowercase();
    if matches!(&*status, "closed" | "resolved")
        && !is_closed
        && !(has_impact && alert.at("impactEndDate").is_there())
    {
        log.warn(format!("this alert is {status}, and does not say when"));
    }
}

/// A time of the impact that a person set.
fn impact(incident: Node<'_>, at: Moment, verb: &str, name: MilestoneName) -> EventRecord {
    let title = incident.text(&["message"]).unwrap_or(Cow::Borrowed("an incident without a title"));
    let id = incident.text(&["id", "tinyId"]).map_or_else(|| digest(&title), |id| clean_line(&id));
    EventRecord {
        id: format!("{id}-impact-{verb}"),
        at: Some(at),
        end: None,
        kind: EntryKind::Note,
        state: None,
        text: format!(
            "The impact of **{}** {verb}",
            clean_markdown(&clean_line(&title), TextKind::Plain)
        ),
        actor: Some("Opsgenie".to_owned()),
        suggests: Some(name),
        hidden: false,
        thread: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn a_webhook_has_the_time_of_its_update() {
        let webhook = |action: &str| {
            format!(
                r#"{{"action": "{action}", "source": {{"type": "web"}}, "alert": {{"alertId": "a1", "message": "Queue grows",
            "createdAt": 1772359200000, "updatedAt": 1772359320500000000, "username": "ana", "priority": "P2"}}}}"#
            )
        };
        let text =
            ["Create", "Acknowledge", "UnAcknowledge", "Close", "AddTags"].map(webhook).join("\n");
        assert!(sniffs(&OPSGENIE, &text));
        insta::assert_snapshot!(read(&OPSGENIE, &text), @"
        2026-03-01T10:00:00Z alert [ana] **Queue grows** fired (P2) → detected_at
        2026-03-01T10:02:00.500Z action [ana] **Queue grows** was acknowledged by ana (P2) → acknowledged_at
        2026-03-01T10:02:00.500Z alert [ana] **Queue grows** lost its acknowledgement (P2)
        2026-03-01T10:02:00.500Z note [ana] **Queue grows** got a note by ana (P2): AddTags
        2026-03-01T10:02:00.500Z action [ana] **Queue grows** was closed by ana (P2) → resolved_at
        ");
    }

    #[test]
    fn api_alert_starts_at_its_creation() {
        let text = r#"{"data": [{"id": "a1", "tinyId": "7", "message": "Queue grows", "description": "over 1000", "status": "closed",
            "createdAt": "2026-03-01T10:00:00.49Z", "priority": "P1",
            "report": {"ackTime": 65000, "acknowledgedBy": "ana", "closeTime": 3600000, "closedBy": "ana"}}]}"#;
        assert!(sniffs(&OPSGENIE, text));
        insta::assert_snapshot!(read(&OPSGENIE, text), @"
        2026-03-01T10:00:00.490Z alert [Opsgenie] **Queue grows** fired (P1): over 1000 → detected_at
        2026-03-01T10:01:05.490Z action [ana] **Queue grows** was acknowledged by ana (P1) → acknowledged_at
        2026-03-01T11:00:00.490Z action [ana] **Queue grows** was closed by ana (P1) → resolved_at
        ");
    }
}
