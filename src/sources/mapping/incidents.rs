//! Reads an incident of a home-made status page with a mapping.

use super::fields::{Fields, at};
use crate::model::timeline::State;
use crate::sources::intake::Intake;
use crate::sources::node::Node;
use crate::sources::record::{IncidentRecord, SectionName, UpdateRecord, content_id};
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The incident in a record; `None`, with a warning, if it has no time.
pub(in crate::sources) fn incident(
    record: Node<'_>,
    fields: &Fields<'_>,
    intake: &mut Intake<'_>,
) -> Option<IncidentRecord> {
    let text = |key| {
        fields.text(record, key).map(|text| clean_line(&text)).filter(|text| !text.is_empty())
    };
    let named = text("id").or_else(|| text("title"));
    let at = fields.time(record, "time", named.as_deref(), intake);
    let Some(at) = at else {
        intake.left_out(named.as_deref().unwrap_or("an incident without a title"));
        return None;
    };
    let end = fields.time(record, "end", named.as_deref(), intake).filter(|end| *end >= at);
    let (service, state) = (text("service"), text("state"));
    let title = text("title").or_else(|| match (&service, &state) {
        (Some(service), Some(state)) => {
            Some(format!("{service}: {}", text("text").unwrap_or_else(|| state.clone())))
        }
        (Some(service), None) => {
            Some(format!("{service}: {}", text("text").unwrap_or_else(|| "incident".to_owned())))
        }
        (None, _) => text("text"),
    });
    let title = title.unwrap_or_else(|| "An incident without a title".to_owned());
    let id = text("id").unwrap_or_else(|| content_id(&[&at.to_string(), &title]));
    let mut updates = updates(record, fields, &id, intake);
    updates.sort_by_key(|update| update.at);
    let message = fields.text(record, "text").map(|text| clean_markdown(&text, TextKind::Markdown));
    let path = fields.mapping().time.as_deref().unwrap_or_default().to_lowercase();
    // The time of a record or of a post is not the start of the impact.
    let is_start = ["start", "begin", "began", "from", "onset", "outage"]
        .iter()
        .any(|word| path.contains(word));
    let maintenance = is_planned(record);
    Some(IncidentRecord {
        scheduled: maintenance.then_some((at, end)),
        impact_word: text("severity"),
        url: text("url").filter(|url| url.starts_with("http")),
        impact_start: Some(at).filter(|_| is_start && !maintenance),
        announced: Some(at),
        resolved: end,
        maintenance,
        state: state.as_deref().and_then(self::state).or(end.map(|_| State::Resolved)),
        components: service
            .filter(|service| *service != title)
            .map(|service| (String::new(), service))
            .into_iter()
            .collect(),
        sections: message
            .filter(|message| !message.is_empty() && *message != title)
            .map(|message| (SectionName::Summary, message))
            .into_iter()
            .collect(),
        updates,
        ..IncidentRecord::new(id, title)
    })
}

/// Whether a record is marked as planned.
fn is_planned(record: Node<'_>) -> bool {
    let kind = record.text(&["type", "kind", "category"]).unwrap_or_default().to_lowercase();
    ["planned", "maintenance", "is_maintenance", "scheduled"].iter().any(|key| record.is_true(key))
        || kind.contains("maintenance")
}

fn updates(
    record: Node<'_>,
    fields: &Fields<'_>,
    incident: &str,
    intake: &mut Intake<'_>,
) -> Vec<UpdateRecord> {
    let mapping = fields.mapping();
    let (Some(list), Some(time), Some(text)) =
        (&mapping.updates, &mapping.update_time, &mapping.update_text)
    else {
        return Vec::new();
    };
    let mut found: Vec<UpdateRecord> = Vec::new();
    for update in record.list(list) {
        let message = at(update, text).unwrap_or_default();
        let Some(when) = at(update, time) else {
            intake.warn(format!(
                "an update of `{incident}` has no `{}` and was left out",
                clean_line(time)
            ));
            continue;
        };
        let what = format!("{time}` of an update of `{incident}");
        let Some(when) = intake.written(&when, &what, None) else { continue };
        let state = mapping.update_state.as_deref().and_then(|path| at(update, path));
        let message = clean_markdown(&message, TextKind::Markdown);
        // The text may be corrected later, so the id is the time, and the position among the
        // updates with that time.
        let id = update.text(&["id"]).map(|id| clean_line(&id)).unwrap_or_else(|| {
            let same = found.iter().filter(|other| other.at == when).count();
            content_id(&[incident, &when.to_string(), &same.to_string()])
        });
        found.push(UpdateRecord {
            id,
            at: when,
            created: None,
            edited: None,
            state: state.and_then(|word| self::state(&word)),
            text: message,
            components: Vec::new(),
        });
    }
    found
}

/// The state that a word means. Home-made pages use more words than the known products.
fn state(word: &str) -> Option<State> {
    let word = word.trim().to_lowercase().replace(['_', '-'], " ");
    Some(match word.as_str() {
        "investigating" | "open" | "opened" | "ongoing" | "active" | "new" | "reported" => {
            State::Investigating
        }
        "identified" | "confirmed" | "in progress" | "fixing" => State::Identified,
        "monitoring" | "watching" | "mitigated" | "fixed" => State::Monitoring,
        "resolved" | "closed" | "completed" | "done" | "operational" | "recovered" | "ok"
        | "up" => State::Resolved,
        "update" | "info" => State::Update,
        "postmortem" => State::Postmortem,
        _ => return None,
    })
}
