//! Version 2: flat records; `status` 0 scheduled, 1 investigating, 2 identified, 3 watching, 4
//! fixed. Before 2.4 a maintenance was an incident of status 0; since then it is a schedule, with a
//! `status` of its own (0 upcoming, 1 in progress, 2 complete; `SchedulePresenter.php`).

use serde::Deserialize;
use serde_json::value::RawValue;

use super::common::{CachetRecord, check_zone, record, schedule_state, state};
use crate::model::timeline::State;
use crate::sources::decode::Decoded;
use crate::sources::json::{RawRecords, Str, null_is_default, without_nulls};
use crate::sources::record::{IncidentRecord, UpdateRecord};
use crate::sources::source::{ReadError, ReadOptions};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    latest_status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    occurred_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    scheduled_at: Option<Str<'a>>,
    /// Only a schedule has this field, even if it is null.
    #[serde(borrow, default)]
    completed_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    updated_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    human_status: Option<Str<'a>>,
    #[serde(borrow, default)]
    permalink: Option<Str<'a>>,
    #[serde(borrow, default)]
    component: Option<Named<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    components: Vec<Named<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    updates: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    updated_at: Option<Str<'a>>,
}

fn number(raw: Option<&RawValue>) -> Option<i64> {
    api::scalar(raw)?.trim().parse().ok()
}

pub(super) fn read(
    list: &[&RawValue],
    decoded: &Decoded<'_>,
    options: &ReadOptions,
    warnings: &mut Warnings<'_>,
) -> Result<Vec<IncidentRecord>, ReadError> {
    let mut records = Vec::new();
    for (raw, text) in api::records::<Raw<'_>>(list, "this record", warnings) {
        check_zone(raw.created_at.as_ref().or(raw.occurred_at.as_ref()), decoded, options)?;
        records.extend(
            warnings.naming(|warnings| record(fields_of(raw, text, warnings)?, text, warnings)),
        );
    }
    Ok(records)
}

fn fields_of<'a>(
    raw: Raw<'a>,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<CachetRecord<'a>> {
    let own_id = api::id(raw.id, "record", text, warnings)?;
    let word = raw.human_status.as_deref().unwrap_or_default();
    let has_own_words = matches!(word, "Upcoming" | "In Progress" | "Complete");
    let is_schedule = raw.occurred_at.is_none()
        && raw.scheduled_at.is_some()
        && (has_own_words || raw.completed_at.is_some());
    // Incidents and schedules are both counted from 1.
    let id = if is_schedule { format!("schedule-{own_id}") } else { own_id };
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of {id}"), warnings)
    };
    let (occurred, created) =
        (time(&raw.occurred_at, "occurred_at"), time(&raw.created_at, "created_at"));
    let (scheduled, completed) =
        (time(&raw.scheduled_at, "scheduled_at"), time(&raw.completed_at, "completed_at"));
    let revised = time(&raw.updated_at, "updated_at");
    let status = number(raw.latest_status).or_else(|| number(raw.status));
    let state = if is_schedule { schedule_state(status) } else { state(status) };
    let names = raw
        .component
        .iter()
        .chain(&raw.components)
        .filter_map(|named| api::line(named.name.as_ref()));
    Some(CachetRecord {
        title: api::title(raw.name.as_ref(), &id, text, warnings),
        updates: updates(&raw.updates, &id, warnings),
        maintenance: is_schedule || state == Some(State::Scheduled),
        message: raw.message,
        occurred,
        created,
        scheduled,
        completed,
        revised,
        state,
        components: api::ungrouped(names),
        url: api::link(raw.permalink.as_ref()),
        id,
    })
}

fn updates(list: &[&RawValue], incident: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    let mut posts = Vec::new();
    for (raw, text) in
        api::records::<Update<'_>>(list, &format!("an update of incident {incident}"), warnings)
    {
        let what = format!("an update of incident {incident}");
        let body = raw
            .message
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Markdown))
            .unwrap_or_default();
        let Some(at) =
            api::time(raw.created_at.as_ref(), &format!("`created_at` of {what}"), warnings)
        else {
            warnings.untimed(text, incident, api::untimed(raw.id, state(number(raw.status)), body));
            continue;
        };
        let edited =
            api::time(raw.updated_at.as_ref(), &format!("`updated_at` of {what}"), warnings);
        let id = api::scalar(raw.id)
            .map_or_else(|| api::content_id(&[&at.to_string()]), |id| clean_line(&id));
        let mut post = UpdateRecord { state: state(number(raw.status)), ..api::post(id, at, body) };
        api::clocks(&mut post, None, edited);
        posts.push(post);
    }
    posts
}
