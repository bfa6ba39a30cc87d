//! Alerts that are identified by their labels, in the format of Alertmanager: `labels`,
//! `annotations`, `startsAt`, `endsAt`.

use std::borrow::Cow;

use super::log::Log;
use super::step::{Change, Step};
use crate::model::time::Moment;
use crate::sources::node::Node;

/// Alerts that always fire, to show that alerting works.
const HEARTBEATS: &[&str] = &["Watchdog", "DeadMansSwitch", "DeadMansSnitch", "InfoInhibitor"];

/// Labels that say where an alert was computed rather than what is wrong, or that are shown
/// elsewhere.
const SILENT_LABELS: &[&str] = &[
    "alertname",
    "severity",
    "alertstate",
    "prometheus",
    "prometheus_replica",
    "replica",
    "monitor",
];

/// Whether the alert exists only to show that alerting works.
pub(in crate::sources::alerts) fn is_heartbeat(alert: Node<'_>) -> bool {
    let named = alert.text(&["labels.alertname"]).is_some_and(|name| HEARTBEATS.contains(&&*name));
    named && alert.text(&["labels.severity"]).is_none_or(|severity| severity == "none")
}

/// A step of the alert, with its name, texts and labels.
pub(in crate::sources::alerts) fn step<'a>(
    alert: Node<'a>,
    change: Change,
    at: Option<Moment>,
) -> Step<'a> {
    let labels: Vec<(Cow<'a, str>, Cow<'a, str>)> =
        alert.members("labels").map(|(name, value)| (Cow::Borrowed(name), value)).collect();
    // A fingerprint is derived from the labels, too.
    let key = alert.text(&["fingerprint"]).unwrap_or_else(|| {
        let pairs: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}\u{0}{value}")).collect();
        pairs.join("\u{0}").into()
    });
    let texts = ["annotations.summary", "annotations.description", "annotations.message"];
    let name = alert.text(&["labels.alertname", "labels.rulename", "annotations.summary"]);
    Step {
        title: Some(name.unwrap_or(Cow::Borrowed("An alert without a name"))),
        severity: alert.text(&["labels.severity"]),
        texts: texts.iter().filter_map(|path| alert.text(&[path])).collect(),
        labels: labels
            .into_iter()
            .filter(|(name, _)| !SILENT_LABELS.contains(&&**name) && !name.starts_with("__"))
            .collect(),
        ..Step::of(key, change, at)
    }
}

/// Adds the state of an alert. `delivered` is the state of the message that contains it, used if
/// the alert has no state of its own.
///
/// In an API response, the end of an alert is a lease that is renewed while it fires, so only a
/// message gives a real end, and only if that is not the year 1, which means "none".
pub(in crate::sources::alerts) fn add(alert: Node<'_>, delivered: Option<&str>, log: &mut Log<'_>) {
    add_with(alert, delivered, &[], log);
}

/// The same with further texts for the firing.
pub(in crate::sources::alerts) fn add_with(
    alert: Node<'_>,
    delivered: Option<&str>,
    more: &[String],
    log: &mut Log<'_>,
) {
    if !alert.at("labels").is_there() && !alert.at("startsAt").is_there() {
        return log.warn(
            "this is not an alert: it has neither `labels` nor `startsAt`, and was left out",
        );
    }
    if is_heartbeat(alert) {
        return log.heartbeat();
    }
    let started = log.time(alert, &["startsAt"]);
    let change = match alert.at("status.state").own_text().as_deref() {
        Some("suppressed") if alert.list("status.silencedBy").next().is_some() => Change::Silenced,
        Some("suppressed") if alert.list("status.inhibitedBy").next().is_some() => {
            Change::Inhibited
        }
        Some("suppressed") => Change::Silenced,
        _ => Change::Fired,
    };
    let mut fired = step(alert, change, started);
    fired.texts.extend(more.iter().map(|text| text.as_str().into()));
    log.add(fired);
    let state = alert.at("status").own_text();
    let is_api = alert.at("status").value().is_some_and(serde_json::Value::is_object);
    if is_api || state.as_deref().or(delivered) != Some("resolved") {
        return;
    }
    let ended = log.time(alert, &["endsAt"]);
    if let Some((started, ended)) = started.zip(ended)
        && ended < started
    {
        return log
            .warn(format!("this alert ends at {ended}, before it started; its end was left out"));
    }
    log.add(step(alert, Change::Cleared, ended));
}
