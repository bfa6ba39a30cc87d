//! Kubernetes: events
//! (<https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/>).
//!
//! A repeated event has its first and last time and a count, or both times are null and `eventTime`
//! is set. A cluster keeps events for an hour, so a missing event proves nothing.

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static KUBERNETES: ObjectChanges = ObjectChanges {
    id: "kubernetes-events",
    about: "Kubernetes: events (kubectl get events -o json), compact lists of them too",
    written_from: WrittenFrom::Captures,
    lists: &["items"],
    is_record: |head| {
        head.has(&["involvedObject", "reason"])
            || head.has(&["regarding", "reason", "eventTime"])
            || head.has(&["lastTimestamp", "reason", "message"])
    },
    read,
};

fn read(event: Node<'_>, changes: &mut Changes<'_>) {
    let first = changes.time(event, &["firstTimestamp", "deprecatedFirstTimestamp", "eventTime"]);
    let last = changes
        .time(event, &["lastTimestamp", "deprecatedLastTimestamp", "series.lastObservedTime"]);
    let at = match first.or(last) {
        Some(at) => Some(at),
        None => changes.time(event, &["timestamp", "metadata.creationTimestamp"]),
    };
    let object = if event.at("involvedObject").is_there() {
        event.at("involvedObject")
    } else {
        event.at("regarding")
    };
    let name = text(object, &["name"]);
    let kind = text(object, &["kind"]).unwrap_or_else(|| "Object".to_owned());
    let namespace =
        text(object, &["namespace"]).or_else(|| text(event, &["namespace", "metadata.namespace"]));
    let what = match name {
        Some(name) => format!("{kind} {name}"),
        None => namespace.clone().unwrap_or(kind),
    };
    let reason = text(event, &["reason"]).unwrap_or_default();
    let count =
        event.number("count").or_else(|| event.number("series.count")).filter(|count| *count > 1.0);
    let count = count.map(|count| format!(" ({count} times)")).unwrap_or_default();
    let is_warning = text(event, &["type"]).as_deref() == Some("Warning");
    // The scheduler and the kubelet report every step of a container; only scaling and rollouts are
    // changes.
    let is_change = [
        "ScalingReplicaSet",
        "SuccessfulRescale",
        "Killing",
        "NodeNotReady",
        "NodeReady",
        "Rebooted",
    ]
    .contains(&reason.as_str());
    let message = text(event, &["message", "note"]).unwrap_or_default();
    changes.add(Change {
        id: text(event, &["metadata.uid"]),
        at,
        end: last,
        what,
        verb: "reported",
        result: None,
        version: Some(reason),
        details: Some(format!("{message}{count}")),
        by: text(event, &["source.component", "reportingComponent", "reportingController"]),
        is_note: !is_change,
        is_hidden: !is_warning && !is_change,
        ..Change::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn repeated_event_is_a_span() {
        let text = r#"{"kind": "EventList", "items": [{"metadata": {"uid": "u1"}, "involvedObject": {"kind": "Pod", "name": "shop-1"}, "reason": "BackOff", "type": "Warning",
            "message": "Back-off restarting", "firstTimestamp": "2026-03-01T10:00:00Z", "lastTimestamp": "2026-03-01T10:24:00Z", "count": 111, "source": {"component": "kubelet"}},
            {"metadata": {"uid": "u2"}, "involvedObject": {"kind": "Pod", "name": "shop-2"}, "reason": "Scheduled", "type": "Normal", "message": "assigned",
            "firstTimestamp": null, "lastTimestamp": null, "eventTime": "2026-03-01T10:00:00.123456Z"}]}"#;
        assert!(sniffs(&KUBERNETES, text));
        insta::assert_snapshot!(read(&KUBERNETES, text), @"
        2026-03-01T10:00:00Z–2026-03-01T10:24:00Z note [kubelet] **Pod shop-1** reported (`BackOff`) ¶ Back-off restarting (111 times)
        2026-03-01T10:00:00.123456Z note [-] **Pod shop-2** reported (`Scheduled`) ¶ assigned (hidden)
        ");
        let compact = r#"{"items": [{"namespace": "shop", "lastTimestamp": "2026-03-01T11:00:00+01:00", "reason": "FailedUpdate", "message": "requeue", "type": "Warning"}]}"#;
        assert!(sniffs(&KUBERNETES, compact));
        insta::assert_snapshot!(read(&KUBERNETES, compact), @"2026-03-01T10:00:00Z note [-] **shop** reported (`FailedUpdate`) ¶ requeue");
    }
}
