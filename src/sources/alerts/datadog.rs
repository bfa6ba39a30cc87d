//! Datadog: the webhook of a monitor in its default template, one a line or one a file, and events
//! of the API, v1 and v2.
//!
//! <https://docs.datadoghq.com/integrations/webhooks/>,
//! <https://docs.datadoghq.com/api/latest/events/>. In a webhook every value is a string. A monitor
//! has one alert for each group (`scopes`) that it watches. The title of a monitor event starts
//! with the transition: `[Triggered on {host:a}] …`.

use std::borrow::Cow;

use super::kit::{Alerts, Change, Log, Node, Step};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static DATADOG: Alerts = Alerts {
    id: "datadog-alerts",
    about: "Datadog: webhooks of monitors in the default template, one or one a line; events (API v1, v2)",
    system: "Datadog",
    written_from: WrittenFrom::Captures,
    lists: &["events", "data"],
    is_record: |head| {
        head.has(&["alert_transition"]) && (head.has(&["monitor_id"]) || head.has(&["alert_query"]))
            || head.has(&["alert_transition", "alert_type"])
            || head.has(&["date_happened", "title"])
            || head.has(&["event.date_happened", "event.title"])
            || head.has(&["attributes.timestamp", "attributes.attributes"])
    },
    read,
};

/// The meaning of a monitor transition.
fn change(word: &str) -> Option<Change> {
    Some(match word {
        "Triggered" | "Re-Triggered" | "Warn" | "Re-Warn" | "Renotify" => Change::Fired,
        "No Data" | "Re-No Data" => Change::Unknown,
        "Recovered" | "Warn Recovered" | "No Data Recovered" => Change::Cleared,
        _ => return None,
    })
}

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("alert_transition").is_there() {
        monitor(record, log);
    } else if record.at("attributes").is_there() {
        let inner = record.at("attributes.attributes");
        let at = log.time(record, &["attributes.attributes.timestamp", "attributes.timestamp"]);
        let tags = record.list("attributes.tags").filter_map(|tag| tag.own_text()).collect();
        let text = record.text(&["attributes.message"]);
        event(
            inner,
            text,
            tags,
            Step::of(record.text(&["id"]).unwrap_or_default(), Change::Noted, at),
            log,
        );
    } else {
        let record = if record.at("event").is_there() { record.at("event") } else { record };
        let at = log.time(record, &["date_happened"]);
        let tags = record.list("tags").filter_map(|tag| tag.own_text()).collect();
        let step = Step::of(
            record.text(&["id_str", "id", "title"]).unwrap_or_default(),
            Change::Noted,
            at,
        );
        event(record, record.text(&["text"]), tags, step.with("host", record.text(&["host"])), log);
    }
}

fn monitor(record: Node<'_>, log: &mut Log<'_>) {
    let transition = record.text(&["alert_transition"]).unwrap_or_default();
    let Some(change) = change(&transition) else {
        return log.warn(format!("`{transition}` is not a known monitor transition"));
    };
    let at = log.time(record, &["date", "last_updated"]);
    let title = record
        .text(&["title", "alert_title"])
        .unwrap_or(Cow::Borrowed("A monitor without a title"));
    let scopes = record.text(&["scopes", "alert_scope"]);
    let id =
        record.text(&["monitor_id", "alert_id", "alert_query"]).unwrap_or_else(|| title.clone());
    let severity = record
        .text(&["severity", "priority", "alert_type"])
        .filter(|severity| !matches!(&**severity, "normal" | "success"));
    let step = Step::of(format!("{id} {}", scopes.as_deref().unwrap_or_default()), change, at);
    log.add(
        step.titled(Some(name_of(&title)))
            .graded(severity)
            .with_text(message(&record.text(&["body", "alert_status"])))
            .with("scope", scopes),
    );
}

/// The title without the leading transition: `[Triggered on {service:api}] Latency`.
fn name_of<'a>(title: &str) -> Cow<'a, str> {
    let rest = title
        .split_once(']')
        .filter(|_| title.starts_with('['))
        .map_or(title, |(_, rest)| rest.trim());
    Cow::Owned(if rest.is_empty() { title.to_owned() } else { rest.to_owned() })
}

/// The first paragraph of a text that Datadog encloses in `%%%`.
fn message(text: &Option<Cow<'_, str>>) -> Option<Cow<'static, str>> {
    let text = text.as_deref()?.trim_start_matches('%').trim_start();
    let end = text.find("\n\n").unwrap_or(text.len());
    let text = text[..end].trim_end_matches('%').trim();
    (!text.is_empty()).then(|| Cow::Owned(text.to_owned()))
}

/// An event of a monitor, or one posted by anyone else.
fn event<'a>(
    event: Node<'a>,
    text: Option<Cow<'a, str>>,
    tags: Vec<Cow<'a, str>>,
    step: Step<'a>,
    log: &mut Log<'_>,
) {
    let title = event
        .text(&["title", "evt.name", "evt.title"])
        .unwrap_or(Cow::Borrowed("An event without a title"));
    let word = title.strip_prefix('[').and_then(|rest| rest.split(']').next());
    let word = word.map(|word| word.split(" on ").next().unwrap_or(word).trim());
    let change = word.and_then(change).unwrap_or(Change::Noted);
    let name =
        if change == Change::Noted { Cow::Owned(title.to_string()) } else { name_of(&title) };
    let monitor = event.text(&["monitor_id", "monitor.id"]).filter(|_| change != Change::Noted);
    let key = monitor.map(|monitor| Cow::Owned(format!("{monitor} {name}")));
    let alert = key
        .unwrap_or_else(|| if change == Change::Noted { step.alert.clone() } else { name.clone() });
    let severity = event.text(&["alert_type", "status"]).filter(|_| change != Change::Noted);
    let labels = tags.into_iter().filter_map(|tag| {
        let (name, value) = tag.split_once(':')?;
        Some((Cow::Owned(name.to_owned()), Cow::Owned(value.to_owned())))
    });
    let mut step = Step { alert, change, ..step }
        .titled(Some(name))
        .graded(severity)
        .with_text(message(&text));
    step.labels.extend(labels);
    log.add(step);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    #[test]
    fn group_fires_and_recovers_and_reminders_are_omitted() {
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
        2026-03-01T10:00:00Z alert [Datadog] **Error rate** fired (P2): Reported once more at 2026-03-01T10:20:00Z. ¶ `scope=service:api` → detected_at
        2026-03-01T10:05:00Z alert [Datadog] **Error rate** had too little data to be judged (P2) ¶ `scope=service:web`
        2026-03-01T10:30:00Z alert [Datadog] **Error rate** cleared (P2) ¶ `scope=service:api` → mitigated_at
        alerts.json:3:1: warning: this line is not JSON and was left out
        alerts.json:1:1: note: 1 reminder of an alert that still fired: folded into the entry of this alert
        ");
    }
}
