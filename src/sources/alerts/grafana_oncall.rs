//! Grafana OnCall: alert groups of the API and outgoing webhooks.
//!
//! <https://grafana.com/docs/oncall/latest/oncall-api-reference/alertgroups/>,
//! <https://grafana.com/docs/oncall/latest/configure/outgoing-webhooks/>.

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::model::time::Moment;
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static GRAFANA_ONCALL: Alerts = Alerts {
    id: "grafana-oncall-alerts",
    about: "Grafana OnCall: alert groups (/api/v1/alert_groups) and outgoing webhooks",
    system: "Grafana OnCall",
    written_from: WrittenFrom::Documentation,
    lists: &["results"],
    is_record: |head| {
        head.has(&["event.type", "alert_group.id"])
            || head.has(&["integration_id", "alerts_count", "created_at"])
    },
    read,
};

fn step<'a>(group: Node<'a>, change: Change, at: Option<Moment>) -> Option<Step<'a>> {
    Some(Step::of(group.text(&["id"])?, change, at).titled(group.text(&["title"])))
}

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if !record.at("alert_group").is_there() {
        return group(record, log);
    }
    let kind = record.text(&["event.type"]).unwrap_or_default().to_lowercase();
    let person = record.text(&["user.username", "user.email"]);
    let change = match kind.as_str() {
        "alert group created" | "triggered" | "unresolve" | "unresolved" => Change::Fired,
        "acknowledge" | "acknowledged" if person.is_some() => Change::Acknowledged,
        "acknowledge" | "acknowledged" => Change::AutoAcknowledged,
        "unacknowledge" | "unacknowledged" => Change::Unacknowledged,
        "resolve" | "resolved" if person.is_some() => Change::Closed,
        "resolve" | "resolved" => Change::AutoClosed,
        "silence" | "silenced" => Change::Muted,
        "escalation" => Change::Escalated,
        _ => Change::Noted,
    };
    let group = record.at("alert_group");
    let times: &[&str] = match change {
        Change::Fired => &["event.time", "alert_group.created_at"],
        Change::Acknowledged | Change::AutoAcknowledged => {
            &["event.time", "alert_group.acknowledged_at"]
        }
        Change::Closed | Change::AutoClosed => &["event.time", "alert_group.resolved_at"],
        _ => &["event.time"],
    };
    let at = log.time(record, times);
    let kind = (change == Change::Noted).then_some(kind.into());
    let source = record.text(&["integration.name"]);
    log.add_some(
        step(group, change, at).map(|step| step.by(person).with_text(kind).with("source", source)),
    );
}

/// The state of a group at the time of the request.
fn group(group: Node<'_>, log: &mut Log<'_>) {
    let created = log.time(group, &["created_at"]);
    log.add_some(step(group, Change::Fired, created));
    let later = [
        ("acknowledged_at", "acknowledged_by", Change::Acknowledged, Change::Acknowledged),
        ("silenced_at", "silenced_by", Change::Muted, Change::Muted),
        ("resolved_at", "resolved_by", Change::Closed, Change::AutoClosed),
    ];
    for (time, person, by_person, otherwise) in later {
        let Some(at) = log.time(group, &[time]) else { continue };
        let person = group.text(&[person]);
        let change = if person.is_some() { by_person } else { otherwise };
        log.add_some(step(group, change, Some(at)).map(|step| step.by(person)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn groups_and_webhooks_are_read() {
        let group = r#"{"id": "I68T2", "integration_id": "CFR", "route_id": "R", "alerts_count": 3, "state": "resolved", "title": "Memory above 90%",
            "created_at": "2026-03-01T10:00:00Z", "acknowledged_at": "2026-03-01T10:02:00.5Z", "acknowledged_by": "U1",
            "resolved_at": "2026-03-01T10:30:00Z", "resolved_by": null, "silenced_at": null}"#;
        let groups = format!(r#"{{"count": 1, "next": null, "results": [{group}]}}"#);
        assert!(sniffs(&GRAFANA_ONCALL, &groups));
        insta::assert_snapshot!(read(&GRAFANA_ONCALL, &groups), @"
        2026-03-01T10:00:00Z alert [Grafana OnCall] **Memory above 90%** fired → detected_at
        2026-03-01T10:02:00.500Z action [U1] **Memory above 90%** was acknowledged by U1 → acknowledged_at
        2026-03-01T10:30:00Z alert [Grafana OnCall] **Memory above 90%** was closed automatically → resolved_at
        ");
        let webhook = format!(
            r#"{{"event": {{"type": "acknowledge", "time": "2026-03-01T10:02:01Z"}}, "user": {{"username": "ana"}},
            "integration": {{"name": "Alertmanager"}}, "alert_group": {group}, "alert_group_id": "I68T2", "alert_payload": {{}}}}"#
        );
        assert!(sniffs(&GRAFANA_ONCALL, &webhook));
        insta::assert_snapshot!(read(&GRAFANA_ONCALL, &webhook), @"2026-03-01T10:02:01Z action [ana] **Memory above 90%** was acknowledged by ana ¶ `source=Alertmanager` → acknowledged_at");
    }
}
