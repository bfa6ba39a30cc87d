//! Shared code of versions 2 and 3.

use crate::model::time::{Moment, Reading, TimeError, read};
use crate::model::timeline::State;
use crate::sources::decode::Decoded;
use crate::sources::json::Str;
use crate::sources::record::{IncidentRecord, UpdateRecord};
use crate::sources::source::{ReadError, ReadOptions};
use crate::sources::status::kit::api;
use crate::sources::status::kit::page_file::ZONE_HINT;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_markdown};

/// Refuses a response whose times have no zone, since all of them would be lost.
pub(super) fn check_zone(
    field: Option<&Str<'_>>,
    decoded: &Decoded<'_>,
    options: &ReadOptions,
) -> Result<(), ReadError> {
    let Some(text) = field.filter(|_| options.zone.is_none()) else { return Ok(()) };
    match read(text, &Reading::by_machine(None)) {
        Err(error @ TimeError::NoZone(_)) => Err(ReadError {
            message: format!("{error}: Cachet writes times in the zone of its installation"),
            span: Some(decoded.span_of(text)),
            hint: Some(ZONE_HINT.trim_start_matches("or ").to_owned()),
        }),
        _ => Ok(()),
    }
}

/// The state of an incident by its number.
pub(super) fn state(status: Option<i64>) -> Option<State> {
    Some(match status? {
        0 => State::Scheduled,
        1 => State::Investigating,
        2 => State::Identified,
        3 => State::Monitoring,
        4 => State::Resolved,
        _ => return None,
    })
}

/// The state of a schedule by its number.
pub(super) fn schedule_state(status: Option<i64>) -> Option<State> {
    Some(match status? {
        0 => State::Scheduled,
        1 => State::InProgress,
        2 => State::Completed,
        _ => return None,
    })
}

/// The fields that both versions have for an incident or schedule.
pub(super) struct CachetRecord<'a> {
    pub(super) id: String,
    pub(super) title: String,
    /// The first text.
    pub(super) message: Option<Str<'a>>,
    /// When it began, from `occurred_at`.
    pub(super) occurred: Option<Moment>,
    pub(super) created: Option<Moment>,
    /// The plan of a maintenance, which has only a start.
    pub(super) scheduled: Option<Moment>,
    pub(super) completed: Option<Moment>,
    pub(super) revised: Option<Moment>,
    pub(super) state: Option<State>,
    pub(super) maintenance: bool,
    /// The posts after the first.
    pub(super) updates: Vec<UpdateRecord>,
    pub(super) components: Vec<(String, String)>,
    pub(super) url: Option<String>,
}

pub(super) fn record(
    fields: CachetRecord<'_>,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let CachetRecord { id, maintenance, .. } = fields;
    let shown = fields.occurred.or(fields.created);
    let has_updates = !fields.updates.is_empty();
    let mut posts = fields.updates;
    let body = fields
        .message
        .as_deref()
        .map(|body| clean_markdown(body, TextKind::Markdown))
        .unwrap_or_default();
    if let Some(at) = shown.filter(|_| !body.is_empty()) {
        let mut post = api::post("message".to_owned(), at, body);
        api::clocks(&mut post, fields.created, None);
        let first = if maintenance { State::Scheduled } else { State::Investigating };
        post.state = fields.state.filter(|state| *state == first && !has_updates);
        posts.insert(0, post);
    }
    if let Some(from) = fields.scheduled.filter(|_| maintenance) {
        warnings
            .about(text, format!("maintenance {id} is planned from {from}, with an unknown end"));
    }
    let updates = api::in_order_of_time(posts, false);
    let record = IncidentRecord {
        maintenance,
        scheduled: fields.scheduled.filter(|_| maintenance).map(|from| (from, None)),
        url: fields.url,
        impact_start: fields.occurred.filter(|_| !maintenance),
        announced: fields.created.or_else(|| api::announced(None, &updates)),
        resolved: fields.completed,
        state: fields.state,
        revised: api::revised(fields.revised, &updates),
        updates,
        components: fields.components,
        ..IncidentRecord::new(id, fields.title)
    };
    api::has_time(&record, text, warnings).then_some(record)
}
