//! AWS: CodeDeploy, CodePipeline, CodeBuild and Auto Scaling, through SNS and EventBridge.
//!
//! <https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-sns-event-notifications-json-format.html>.
//! The message is JSON inside a string.

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static AWS: ObjectChanges = ObjectChanges {
    id: "aws-changes",
    about: "AWS: CodeDeploy, CodePipeline, CodeBuild and Auto Scaling (SNS, EventBridge)",
    written_from: WrittenFrom::Captures,
    lists: &["Records"],
    is_record: |head| {
        let is_change = |path: &str| {
            let message = head.first(path).unwrap_or_default();
            ["deploymentId", "aws.code", "AutoScalingGroupName"]
                .iter()
                .any(|word| message.contains(word))
        };
        is_change("Sns.Message")
            || is_change("Message")
            || head
                .first("source")
                .is_some_and(|source| source.starts_with("aws.code") || source == "aws.autoscaling")
            || head.has(&["deploymentInfo.deploymentId"])
    },
    read,
};

fn read(record: Node<'_>, changes: &mut Changes<'_>) {
    let message = text(record, &["Sns.Message", "Message"])
        .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let inner = message.as_ref().map_or(record, |message| record.with(Some(message)));
    if inner.at("detail").is_there() {
        return event(inner, changes);
    }
    if inner.at("AutoScalingGroupName").is_there() {
        let at = changes.time(inner, &["StartTime", "Time"]);
        let end = changes.time(inner, &["EndTime"]);
        return changes.add(Change {
            id: text(inner, &["ActivityId", "RequestId"]),
            at,
            end,
            what: text(inner, &["AutoScalingGroupName"]).unwrap_or_default(),
            verb: "was scaled",
            result: text(inner, &["StatusCode", "Event"]),
            details: text(inner, &["Description"])
                .into_iter()
                .chain(text(inner, &["Cause"]))
                .reduce(|one, other| format!("{one}\n\n{other}")),
            ..Change::default()
        });
    }
    let deployment =
        if inner.at("deploymentInfo").is_there() { inner.at("deploymentInfo") } else { inner };
    let at = changes.time(deployment, &["createTime", "startTime"]);
    let end = changes.time(deployment, &["completeTime"]);
    let status = text(deployment, &["status"]);
    changes.add(Change {
        id: text(deployment, &["deploymentId"])
            .map(|id| format!("{id}-{}", status.as_deref().unwrap_or_default())),
        at,
        end,
        what: text(deployment, &["applicationName"]).unwrap_or_else(|| "An application".to_owned()),
        verb: "was deployed",
        version: text(deployment, &["deploymentId"]),
        to: text(deployment, &["deploymentGroupName"]),
        result: status,
        details: text(deployment, &["errorInformation.message", "errorInformation"]),
        ..Change::default()
    });
}

/// An EventBridge event.
fn event(event: Node<'_>, changes: &mut Changes<'_>) {
    let at = changes.time(event, &["time", "detail.start-time"]);
    let detail = event.at("detail");
    let name = text(
        detail,
        &["pipeline", "project-name", "application", "deploymentGroup", "AutoScalingGroupName"],
    );
    changes.add(Change {
        id: text(event, &["id"]).filter(|id| id.chars().any(|c| !matches!(c, '0' | '-'))),
        at,
        what: name.unwrap_or_else(|| "A pipeline".to_owned()),
        verb: "changed its state",
        version: text(detail, &["execution-id", "deploymentId", "build-id"])
            .filter(|id| id.chars().any(|c| !matches!(c, '0' | '-'))),
        result: text(detail, &["state", "build-status", "StatusCode"]),
        details: text(detail, &["stage"])
            .map(|stage| format!("Stage {stage}"))
            .or_else(|| text(event, &["detail-type"])),
        ..Change::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn nested_json_string_is_read() {
        let text = r#"{"Records": [{"EventSource": "aws:sns", "Sns": {"Subject": "x", "Timestamp": "2026-03-01T10:12:12Z",
            "Message": "{\"applicationName\":\"shop\",\"deploymentId\":\"d-1\",\"deploymentGroupName\":\"production\",\"createTime\":\"Sun Mar 01 09:58:05 UTC 2026\",\"completeTime\":\"Sun Mar 01 09:59:33 UTC 2026\",\"status\":\"SUCCEEDED\"}"}}]}"#;
        assert!(sniffs(&AWS, text));
        insta::assert_snapshot!(read(&AWS, text), @"2026-03-01T09:58:05Z–2026-03-01T09:59:33Z deploy [-] **shop** was deployed to production: succeeded (`d-1`)");
        let event = r#"{"id": "x1", "detail-type": "CodePipeline Stage Execution State Change", "source": "aws.codepipeline", "time": "2026-03-01T09:58:00Z",
            "detail": {"pipeline": "shop", "stage": "Build", "state": "FAILED"}}"#;
        assert!(sniffs(&AWS, event));
        insta::assert_snapshot!(read(&AWS, event), @"2026-03-01T09:58:00Z deploy [-] **shop** changed its state: failed ¶ Stage Build");
    }
}
