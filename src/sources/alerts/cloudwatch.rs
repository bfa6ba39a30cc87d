//! Amazon CloudWatch alarms: their history (`describe-alarm-history`), and notifications through SNS.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html>.
//! A notification and an item of the history hold JSON in a string. The time of the change of state
//! is the inner one: the outer says when the message was sent, which may be days later.
//! `INSUFFICIENT_DATA` is not `OK`.

use std::borrow::Cow;

use serde_json::Value;

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static CLOUDWATCH: JsonAlerts = JsonAlerts {
    id: "cloudwatch-alarms",
    about: "Amazon CloudWatch alarms: describe-alarm-history, and notifications through SNS",
    system: "CloudWatch",
    evidence: Evidence::Captures,
    list: Some("AlarmHistoryItems"),
    is_record: |head| {
        head.has(&["AlarmName", "HistoryItemType"])
            || head.has(&["AlarmName", "NewStateValue", "StateChangeTime"])
            || head.first("Type") == Some("Notification") && head.has(&["TopicArn", "Message"])
            || head.has(&["Records[].Sns.Message"])
            || head.has(&["AlarmHistoryItems[].HistoryItemType"])
    },
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    for wrapped in record.list("Records") {
        notification(wrapped.at("Sns"), log);
    }
    if record.at("HistoryItemType").is_there() {
        history_item(record, log);
    } else if record.at("NewStateValue").is_there() {
        alarm(record, log);
    } else if record.at("Message").is_there() {
        notification(record, log);
    }
}

/// The JSON within a string.
fn inner(record: Node<'_>, path: &str) -> Option<Value> {
    serde_json::from_str::<Value>(&record.text(&[path])?).ok().filter(Value::is_object)
}

fn notification(sns: Node<'_>, log: &mut Log<'_>) {
    match inner(sns, "Message") {
        Some(message) if message.get("NewStateValue").is_some() => alarm(Node(Some(&message)), log),
        _ => {
            let subject = sns.text(&["Subject"]).unwrap_or(Cow::Borrowed("a message without a subject"));
            log.warn(format!("`{subject}` is no change of an alarm and was left out"));
        }
    }
}

/// What a state means; `None` for one that nobody knows.
fn change(state: &str) -> Option<Change> {
    match state {
        "ALARM" => Some(Change::Fired),
        "OK" => Some(Change::Cleared),
        "INSUFFICIENT_DATA" => Some(Change::Unknown),
        _ => None,
    }
}

fn alarm(message: Node<'_>, log: &mut Log<'_>) {
    let state = message.text(&["NewStateValue"]).unwrap_or_default();
    let Some(change) = change(&state) else {
        return log.warn(format!("`{state}` is no state of an alarm"));
    };
    let Some(at) = log.time(message, &["StateChangeTime"]) else {
        return log.warn("this alarm has no `StateChangeTime` and was left out");
    };
    let Some(name) = message.text(&["AlarmName"]) else {
        return log.warn("this alarm has no name and was left out");
    };
    let dimensions = message.list("Trigger.Dimensions");
    let labels = dimensions.filter_map(|pair| Some((pair.text(&["name"])?, pair.text(&["value"])?)));
    let region = message.text(&["Region"]).map(|region| (Cow::Borrowed("region"), region));
    log.add(Step {
        alert: message.text(&["AlarmArn"]).unwrap_or_else(|| name.clone()),
        title: Some(name),
        change,
        at,
        severity: None,
        texts: message.text(&["NewStateReason"]).into_iter().chain(message.text(&["AlarmDescription"])).collect(),
        labels: labels.chain(region).collect(),
        person: None,
    });
}

fn history_item(item: Node<'_>, log: &mut Log<'_>) {
    // What was configured, and what an alarm set off, is no change of its state.
    if item.text(&["HistoryItemType"]).is_none_or(|kind| kind != "StateUpdate") {
        return;
    }
    let data = inner(item, "HistoryData");
    let data = Node(data.as_ref());
    let summary = item.text(&["HistorySummary"]).unwrap_or_default();
    let state = data
        .text(&["newState.stateValue"])
        .or_else(|| summary.rsplit(' ').next().map(|word| Cow::Owned(word.to_owned())));
    let Some(change) = state.as_deref().and_then(change) else {
        return log.warn("this item of the history names no state and was left out");
    };
    let Some((at, name)) = log.time(item, &["Timestamp"]).zip(item.text(&["AlarmName"])) else {
        return log.warn("this item of the history has no time or no name and was left out");
    };
    log.add(Step {
        alert: name.clone(),
        title: Some(name),
        change,
        at,
        severity: None,
        texts: data.text(&["newState.stateReason"]).into_iter().collect(),
        labels: Vec::new(),
        person: None,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn the_inner_time_of_a_notification_counts() {
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
        insta::assert_snapshot!(read(&CLOUDWATCH, &text("BROKEN")), @"alerts.json:1:1: warning: `BROKEN` is no state of an alarm");
    }

    #[test]
    fn a_history_is_read_in_the_order_of_time() {
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
        2026-03-01T10:20:00Z alert [CloudWatch] **cpu** cleared: 70 % crossed
        ");
    }
}
