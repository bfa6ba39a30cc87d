//! Datadog: the webhook of a monitor, in its default template, one a line or one a file.
//!
//! <https://docs.datadoghq.com/integrations/webhooks/>. Every value is a string; a monitor is one
//! alert for each group (`scopes`) that it watches.

use std::borrow::Cow;

use super::kit::{Change, JsonAlerts, Log, Node, Step};
use crate::sources::source::Evidence;

/// The reader.
pub(in crate::sources) static DATADOG: JsonAlerts = JsonAlerts {
    id: "datadog-monitors",
    about: "Datadog: webhooks of monitors in the default template, one or one a line",
    system: "Datadog",
    evidence: Evidence::Captures,
    list: None,
    is_record: |head| head.has(&["alert_transition"]) && (head.has(&["monitor_id"]) || head.has(&["alert_query"])),
    read,
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    let transition = record.text(&["alert_transition"]).unwrap_or_default();
    let change = match &*transition {
        "Triggered" | "Re-Triggered" | "Warn" | "Re-Warn" | "Renotify" | "No Data" | "Re-No Data" => Change::Fired,
        "Recovered" | "Warn Recovered" | "No Data Recovered" => Change::Cleared,
        _ => return log.warn(format!("`{transition}` is no change of a monitor that is known")),
    };
    let Some(at) = log.time(record, &["date", "last_updated"]) else {
        return log.warn("this alert has no `date` and was left out");
    };
    let title = record.text(&["title"]).unwrap_or(Cow::Borrowed("A monitor without a title"));
    let title = bare(&title).to_owned();
    let monitor = record.text(&["monitor_id", "alert_id", "aggreg_key", "id"]).unwrap_or_else(|| title.clone().into());
    let scopes = record.text(&["scopes", "alert_scope"]).unwrap_or_default();
    let labels = scopes.split(',').filter_map(|scope| scope.trim().split_once(':'));
    let labels = labels.map(|(name, value)| (Cow::Owned(name.to_owned()), Cow::Owned(value.to_owned()))).collect();
    let no_data = transition.contains("No Data").then_some(Cow::Borrowed("the monitor got no data"));
    log.add(Step {
        alert: format!("{monitor} {scopes}").into(),
        title: Some(title.into()),
        change,
        at,
        severity: record.text(&["severity", "priority", "alert_type"]).filter(|word| word != "success"),
        texts: no_data.into_iter().collect(),
        labels,
        person: None,
    });
}

/// A title without what the transition put before it: `[Recovered on {service:x}] `.
fn bare(title: &str) -> &str {
    let rest = title.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(_, rest)| rest.trim_start());
    rest.filter(|rest| !rest.is_empty()).unwrap_or(title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn a_group_fires_and_recovers_and_a_reminder_is_left_out() {
        let line = |transition: &str, minute: u64, scope: &str| {
            let at = 1_772_359_200_000 + minute * 60_000;
            format!(
                r#"{{"title": "[{transition} on {{{scope}}}] Error rate", "alert_transition": "{transition}", "monitor_id": "9", "date": "{at}", "scopes": "{scope}", "alert_type": "error", "severity": "P2"}}"#
            )
        };
        let lines = [
            line("Recovered", 30, "service:api"),
            line("Triggered", 0, "service:api"),
            line("Re-Triggered", 20, "service:api"),
            line("No Data", 5, "service:web"),
        ];
        let text = format!("{}\nprompt>\n{}", lines[..2].join("\n"), lines[2..].join("\n"));
        assert!(sniffs(&DATADOG, &text));
        insta::assert_snapshot!(read(&DATADOG, &text), @"
        2026-03-01T10:00:00Z alert [Datadog] **Error rate** fired (P2) ¶ `service=api` → detected_at
        2026-03-01T10:05:00Z alert [Datadog] **Error rate** fired (P2): the monitor got no data ¶ `service=web` → detected_at
        2026-03-01T10:30:00Z alert [Datadog] **Error rate** cleared (P2) ¶ `service=api`
        alerts.json:3:1: warning: this line is not JSON and was left out
        alerts.json:1:1: note: 1 reminder of an alert that still fired: left out
        ");
    }
}
