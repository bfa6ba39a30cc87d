//! Grafana: webhooks of unified and legacy alerting, annotations, and the state history.
//!
//! <https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/>,
//! <https://grafana.com/docs/grafana/latest/developers/http_api/annotations/>. The webhook of
//! unified alerting has a state for each alert; its own `state` is always `alerting`. The legacy
//! webhook, before version 8, has no time at all. Annotations have milliseconds since 1970, newest
//! first.

use std::borrow::Cow;

use super::kit::alert_text::{code, digest};
use super::kit::{Alerts, Change, Log, Node, Step, labelled};
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::record::EventRecord;
use crate::sources::source::WrittenFrom;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(in crate::sources) static GRAFANA: Alerts = Alerts {
    id: "grafana-alerts",
    about: "Grafana: webhooks of unified and legacy alerting, annotations (/api/annotations), history of states",
    system: "Grafana",
    written_from: WrittenFrom::Captures,
    lists: &["annotations"],
    is_record: |head| {
        let unified =
            ["orgId", "alerts[].silenceURL", "alerts[].valueString", "alerts[].dashboardURL"];
        head.has(&["alerts[].labels", "alerts[].startsAt"])
            && unified.iter().any(|path| head.has(&[path]))
            || head.has(&["ruleName", "state", "evalMatches"])
            || head.has(&["newState", "prevState"])
            || head.has(&["dashboardId", "time", "text", "tags"])
            || head.has(&["dashboardUID", "time", "text", "tags"])
            || head.has(&["schema.fields", "data.values[][].current"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("alerts").is_there() {
        unified(record, log);
    } else if record.at("ruleName").is_there() {
        legacy(record, log);
    } else if record.at("schema").is_there() {
        history(record, log);
    } else if record.text(&["newState"]).is_some() {
        annotation_of_alert(record, log);
    } else {
        annotation(record, log);
    }
}

fn unified(message: Node<'_>, log: &mut Log<'_>) {
    let status = message.text(&["status"]);
    for alert in message.list("alerts") {
        let values: Vec<String> =
            alert.members("values").map(|(name, value)| format!("{name}={value}")).collect();
        let values = (!values.is_empty()).then(|| format!("Values: {}", values.join(", ")));
        labelled::add_with(alert, status.as_deref(), values.as_slice(), log);
    }
    if let Some(cut) = message.number("truncatedAlerts").filter(|cut| *cut > 0.0) {
        log.warn(format!("{cut} alerts of this message were cut off by their sender"));
    }
}

/// The meaning of a state, with its reason in brackets: `Normal (NoData)`.
fn change(state: &str) -> Option<Change> {
    let state = state.to_lowercase();
    Some(match state.split(' ').next().unwrap_or_default() {
        "alerting" | "error" => Change::Fired,
        "nodata" | "no_data" => Change::Unknown,
        "ok" | "normal" => Change::Cleared,
        "pending" => Change::Held,
        "paused" | "unknown" | "recovering" => Change::Noted,
        _ => return None,
    })
}

fn legacy(alert: Node<'_>, log: &mut Log<'_>) {
    let state = alert.text(&["state"]).unwrap_or_default();
    let Some(change) = change(&state) else {
        return log.warn(format!("`{state}` is not a known state of an alert"));
    };
    let title = alert.text(&["ruleName", "title"]);
    let Some(key) = alert.text(&["ruleUrl", "ruleId"]).or_else(|| title.clone()) else {
        return log.warn("this alert has no name and was left out");
    };
    let matches: Vec<String> = alert
        .list("evalMatches")
        .filter_map(|found| {
            Some(format!("{}: {}", found.text(&["metric"])?, found.text(&["value"])?))
        })
        .collect();
    let at = log.time(alert, &["time", "date"]);
    let state = (change == Change::Noted).then_some(state);
    let step = Step::of(key, change, at)
        .titled(title)
        .with_text(state)
        .with_text(alert.text(&["message"]));
    log.add(step.with_text((!matches.is_empty()).then(|| matches.join(", ").into())));
}

fn annotation_of_alert(record: Node<'_>, log: &mut Log<'_>) {
    let state = record.text(&["newState"]).unwrap_or_default();
    let Some(change) = change(&state) else {
        return log.warn(format!("`{state}` is not a known state of an alert"));
    };
    let at = log.time(record, &["time", "created"]);
    let title = record.text(&["alertName", "text"]);
    let Some(alert) = record.text(&["alertUID", "alertName", "alertId", "text"]) else {
        return log.warn("this annotation names no alert and was left out");
    };
    let text = record.text(&["text"]).filter(|text| Some(text) != title.as_ref());
    let reason = state
        .split_once('(')
        .map(|(_, reason)| Cow::Owned(reason.trim_end_matches(')').to_owned()));
    let state = (change == Change::Noted).then(|| state.clone());
    log.add(
        Step::of(alert, change, at)
            .titled(title)
            .with_text(reason)
            .with_text(state)
            .with_text(text),
    );
}

/// Tag words that mark an annotation as a deployment or another change.
const DEPLOYS: [&str; 6] = ["deploy", "deployment", "deployed", "release", "rollback", "rollout"];

/// An annotation made by a person or a pipeline.
fn annotation(record: Node<'_>, log: &mut Log<'_>) {
    let Some(text) = record.text(&["text", "title"]) else {
        return log.warn("this annotation has no text and was left out");
    };
    let at = log.time(record, &["time", "created"]);
    let end = log.time(record, &["timeEnd"]).filter(|end| at.is_some_and(|at| *end > at));
    let tags: Vec<Cow<'_, str>> = record.list("tags").filter_map(|tag| tag.own_text()).collect();
    let is_deploy = tags.iter().any(|tag| DEPLOYS.contains(&&*tag.to_lowercase()));
    let mut shown = clean_markdown(&text, TextKind::Html);
    if !tags.is_empty() {
        let tags: Vec<String> = tags.iter().map(|tag| code(tag)).collect();
        shown.push_str(&format!("\n\n{}", tags.join(", ")));
    }
    log.add_untimed_event(EventRecord {
        id: format!(
            "annotation-{}",
            record.text(&["id"]).map_or_else(|| digest(&text), |id| clean_line(&id))
        ),
        at,
        end,
        kind: if is_deploy { EntryKind::Deploy } else { EntryKind::Note },
        state: None,
        text: shown,
        actor: Some(
            record
                .text(&["login", "userName"])
                .map_or_else(|| "Grafana".to_owned(), |name| clean_line(&name)),
        ),
        suggests: None,
        hidden: false,
        thread: None,
    });
}

/// The state history as a data frame: a column of times and one of state changes.
fn history(frame: Node<'_>, log: &mut Log<'_>) {
    let columns: Vec<Vec<Node<'_>>> = frame
        .at("data")
        .value()
        .into_iter()
        .flat_map(|_| frame.list("data.values").map(|column| column.list_here().collect()))
        .collect();
    let is_line = |column: &&Vec<Node<'_>>| {
        column.first().is_some_and(|first| first.at("current").is_there())
    };
    let (Some(times), Some(lines)) = (columns.first(), columns.iter().find(is_line)) else {
        return log.warn("this frame has no changes of states and was left out");
    };
    for (time, line) in times.iter().zip(lines) {
        let state = line.text(&["current"]).unwrap_or_default();
        let Some(change) = change(&state) else {
            log.warn(format!("`{state}` is not a known state of an alert"));
            continue;
        };
        let at: Option<Moment> =
            time.own_text().and_then(|time| log.intake().written(&time, "time", None));
        let step = labelled::step(*line, change, at);
        let title = line.text(&["ruleTitle"]).or(step.title.clone());
        let values: Vec<String> =
            line.members("values").map(|(name, value)| format!("{name}={value}")).collect();
        let values = (!values.is_empty()).then(|| format!("Values: {}", values.join(", ")).into());
        log.add(step.titled(title).with_text(line.text(&["error"])).with_text(values));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn alert_annotations_give_the_state_history() {
        let text = r#"[{"id": 4, "alertName": "5xx", "newState": "Normal (NoData)", "prevState": "Alerting", "time": 1772361000000},
            {"id": 3, "alertName": "5xx", "newState": "Alerting", "prevState": "Pending", "time": 1772359200000},
            {"id": 2, "alertName": "5xx", "newState": "Pending", "prevState": "Normal", "time": 1772359000000},
            {"id": 1, "alertName": "old", "newState": "ok", "prevState": "alerting", "created": 1772358000000}]"#;
        assert!(sniffs(&GRAFANA, text));
        insta::assert_snapshot!(read(&GRAFANA, text), @"
        2026-03-01T09:40:00Z alert [Grafana] **old** cleared
        2026-03-01T09:56:40Z alert [Grafana] **5xx** began to hold
        2026-03-01T10:00:00Z alert [Grafana] **5xx** fired → detected_at
        2026-03-01T10:30:00Z alert [Grafana] **5xx** cleared: NoData → mitigated_at
        ");
    }
}
