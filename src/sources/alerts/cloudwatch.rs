//! Amazon CloudWatch alarms: their history
//! (`describe-alarm-history`), their states (`describe-alarms`), notifications through SNS, and the
//! events of alarms and of AWS Health through EventBridge.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html>.
//! A notification and a history item contain JSON in a string. The time of the state change is the
//! inner one; the outer one is when the message was sent, which may be days later.
//! `INSUFFICIENT_DATA` is not `OK`.

use std::borrow::Cow;

use serde_json::Value;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::model::time::Moment;
use crate::sources::objects::Head;
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static CLOUDWATCH: Alerts = Alerts {
    id: "cloudwatch-alarms",
    about: "Amazon CloudWatch alarms: history, states, notifications (SNS), events (EventBridge), and AWS Health events",
    system: "CloudWatch",
    written_from: WrittenFrom::Captures,
    lists: &["AlarmHistoryItems", "MetricAlarms", "CompositeAlarms", "Records"],
    is_record,
    read,
};

/// The EventBridge event types that are alarms.
const EVENTS: [&str; 3] =
    ["CloudWatch Alarm State Change", "AWS Health Event", "AWS Health Abuse Event"];

fn is_record(head: Head<'_>) -> bool {
    // Other services notify through SNS too, so the content of the message decides.
    let is_alarm =
        |path: &str| head.first(path).is_some_and(|message| message.contains("NewStateValue"));
    head.has(&["AlarmName", "HistoryItemType"])
        || head.has(&["AlarmName", "NewStateValue", "StateChangeTime"])
        || head.has(&["AlarmName", "StateValue", "StateUpdatedTimestamp"])
        || head.first("detail-type").is_some_and(|kind| EVENTS.contains(&kind))
        || is_alarm("Message")
        || is_alarm("Sns.Message")
}

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("HistoryItemType").is_there() {
        history_item(record, log);
    } else if record.at("NewStateValue").is_there() {
        alarm(record, log);
    } else if record.at("StateValue").is_there() {
        described(record, log);
    } else if record.at("detail-type").is_there() {
        event(record, log);
    } else if record.at("Sns").is_there() {
        notification(record.at("Sns"), log);
    } else {
        notification(record, log);
    }
}

/// The JSON inside a string.
fn inner(record: Node<'_>, path: &str) -> Option<Value> {
    serde_json::from_str::<Value>(&record.text(&[path])?).ok().filter(Value::is_object)
}

fn notification(sns: Node<'_>, log: &mut Log<'_>) {
    match inner(sns, "Message") {
        Some(message) if message.get("NewStateValue").is_some() => {
            alarm(sns.with(Some(&message)), log);
        }
        _ => {
            let subject =
                sns.text(&["Subject"]).unwrap_or(Cow::Borrowed("a message without a subject"));
            log.warn(format!("`{subject}` is not an alarm change and was left out"));
        }
    }
}

/// Adds a step for the state; reports an unknown state.
fn step<'a>(
    name: Cow<'a, str>,
    state: &str,
    at: Option<Moment>,
    log: &mut Log<'_>,
) -> Option<Step<'a>> {
    let change = match state {
        "ALARM" => Change::Fired,
        "OK" => Change::Cleared,
        "INSUFFICIENT_DATA" => Change::Unknown,
        _ => {
            log.warn(format!("`{state}` is not a state of an alarm"));
            return None;
        }
    };
    Some(Step::of(name.clone(), change, at).titled(Some(name)))
}

fn alarm(message: Node<'_>, log: &mut Log<'_>) {
    let Some(name) = message.text(&["AlarmName"]) else {
        return log.warn("this alarm has no name and was left out");
    };
    let at = log.time(message, &["StateChangeTime"]);
    let Some(step) = step(name, &message.text(&["NewStateValue"]).unwrap_or_default(), at, log)
    else {
        return;
    };
    let dimensions = message.list("Trigger.Dimensions");
    let labels =
        dimensions.filter_map(|pair| Some((pair.text(&["name"])?, pair.text(&["value"])?)));
    let texts =
        message.text(&["NewStateReason"]).into_iter().chain(message.text(&["AlarmDescription"]));
    let mut step = step.with_text(texts);
    step.labels.extend(labels);
    log.add(step.with("region", message.text(&["Region"])));
}

/// The current state of an alarm, with its start.
fn described(alarm: Node<'_>, log: &mut Log<'_>) {
    let Some(name) = alarm.text(&["AlarmName"]) else {
        return log.warn("this alarm has no name and was left out");
    };
    let at = log.time(alarm, &["StateTransitionedTimestamp", "StateUpdatedTimestamp"]);
    let step = step(name, &alarm.text(&["StateValue"]).unwrap_or_default(), at, log);
    let texts = alarm.text(&["StateReason"]).into_iter().chain(alarm.text(&["AlarmDescription"]));
    if let Some(step) = step {
        log.add(step.with_text(texts));
    }
}

fn history_item(item: Node<'_>, log: &mut Log<'_>) {
    let Some(name) = item.text(&["AlarmName"]) else {
        return log.warn("this item of the history has no name and was left out");
    };
    let summary = item.text(&["HistorySummary"]);
    // Configuration changes and triggered actions are not state changes.
    if item.text(&["HistoryItemType"]).is_none_or(|kind| kind != "StateUpdate") {
        let at = log.time(item, &["Timestamp"]);
        return log
            .add(Step::of(name.clone(), Change::Noted, at).titled(Some(name)).with_text(summary));
    }
    let data = inner(item, "HistoryData");
    let data = item.with(data.as_ref());
    let summary = summary.unwrap_or_default();
    let state = data
        .text(&["newState.stateValue"])
        .or_else(|| summary.rsplit(' ').next().map(|word| Cow::Owned(word.to_owned())));
    let at = log.time(item, &["Timestamp"]);
    if let Some(step) = step(name, &state.unwrap_or_default(), at, log) {
        log.add(step.with_text(data.text(&["newState.stateReason"])));
    }
}

/// An EventBridge event.
fn event(event: Node<'_>, log: &mut Log<'_>) {
    let detail = event.at("detail");
    if detail.at("state").is_there() {
        let name = detail.text(&["alarmName"]).unwrap_or(Cow::Borrowed("an alarm without a name"));
        let at = log.time(event, &["detail.state.timestamp", "time"]);
        if let Some(step) = step(name, &detail.text(&["state.value"]).unwrap_or_default(), at, log)
        {
            log.add(
                step.with_text(detail.text(&["state.reason"]))
                    .with("region", event.text(&["region"])),
            );
        }
        return;
    }
    let code = detail.text(&["eventTypeCode"]);
    let Some(key) = detail.text(&["eventArn"]).or_else(|| event.text(&["id"])) else {
        return log.warn("this event has no id and was left out");
    };
    let of = |change, at| {
        let step = Step::of(key.clone(), change, at)
            .titled(code.clone())
            .with("service", detail.text(&["service"]));
        step.with("region", event.text(&["region"]))
    };
    let started = log.time(event, &["detail.startTime", "time"]);
    let affected: Vec<String> = detail
        .list("affectedEntities")
        .filter_map(|entity| entity.text(&["entityValue"]).map(Cow::into_owned))
        .collect();
    let affected =
        (!affected.is_empty()).then(|| Cow::Owned(format!("Affected: {}", affected.join(", "))));
    log.add(
        of(Change::Fired, started)
            .with_text(detail.text(&["eventDescription.0.latestDescription"]))
            .with_text(affected),
    );
    if let Some(ended) = log.time(event, &["detail.endTime"]) {
        log.add(of(Change::Cleared, Some(ended)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn inner_notification_time_is_used() {
        let message = r#"{\"AlarmName\":\"db-connections\",\"NewStateValue\":\"STATE\",\"NewStateReason\":\"1 datapoint (10.0)\",\"StateChangeTime\":\"2026-03-01T10:00:00.737+0000\",\"Region\":\"US West\",\"Trigger\":{\"Dimensions\":[{\"name\":\"Database\",\"value\":\"app\"}]}}"#;
        let text = |state: &str| {
            format!(
                r#"{{"Records": [{{"Sns": {{"Timestamp": "2026-03-18T07:24:05Z", "Subject": "x", "Message": "{}"}}}}]}}"#,
                message.replace("STATE", state)
            )
        };
        assert!(sniffs(&CLOUDWATCH, &text("ALARM")));
        insta::assert_snapshot!(read(&CLOUDWATCH, &text("ALARM")), @"2026-03-01T10:00:00.737Z alert [CloudWatch] **db-connections** fired: 1 datapoint (10.0) ¶ `region=US West`, `Database=app` → detected_at");
        insta::assert_snapshot!(read(&CLOUDWATCH, &text("INSUFFICIENT_DATA")), @"2026-03-01T10:00:00.737Z alert [CloudWatch] **db-connections** had too little data to be judged: 1 datapoint (10.0) ¶ `region=US West`, `Database=app`");
        insta::assert_snapshot!(read(&CLOUDWATCH, &text("BROKEN")), @"alerts.json:1:14: warning: `BROKEN` is not a state of an alarm");
    }

    #[test]
    fn history_is_sorted_by_time() {
        let item = |at: &str, kind: &str, to: &str| {
            format!(
                r#"{{"Timestamp": "2026-03-01T{at}Z", "AlarmName": "cpu", "HistoryItemType": "{kind}", "HistorySummary": "Alarm updated from X to {to}", "HistoryData": "{{\"newState\":{{\"stateValue\":\"{to}\",\"stateReason\":\"70 % crossed\"}}}}"}}"#
            )
        };
        let items = [
            item("10:20:00", "StateUpdate", "OK"),
            item("10:00:01", "Action", "ALARM"),
            item("10:00:00", "StateUpdate", "ALARM"),
        ];
        let text = format!(r#"{{"AlarmHistoryItems": [{}]}}"#, items.join(","));
        assert!(sniffs(&CLOUDWATCH, &text));
        insta::assert_snapshot!(read(&CLOUDWATCH, &text), @"
        2026-03-01T10:00:00Z alert [CloudWatch] **cpu** fired: 70 % crossed → detected_at
        2026-03-01T10:00:01Z note [CloudWatch] **cpu** got a note: Alarm updated from X to ALARM
        2026-03-01T10:20:00Z alert [CloudWatch] **cpu** cleared: 70 % crossed → mitigated_at
        ");
    }
}
