//! Version 3: JSON:API. A record has `attributes` (`src/Http/Resources/Incident.php`,
//! `Schedule.php` and `Update.php` of `cachethq/core`), in which a time is `{human, string}` and a
//! status `{human, value}`. Its updates and components are in `included`, if they were requested.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::common::{CachetRecord, check_zone, record, schedule_state, state};
use crate::diag::Diagnostic;
use crate::sources::decode::Decoded;
use crate::sources::json::{Str, null_is_default};
use crate::sources::record::{IncidentRecord, UntimedPost, UpdateRecord};
use crate::sources::source::{ReadError, ReadOptions};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    attributes: Attributes<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    relationships: Relationships<'a>,
}

#[derive(Deserialize, Default)]
struct Attributes<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
    /// For a component this is a number, which is not used here.
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    occurred: Option<Time<'a>>,
    #[serde(borrow, default)]
    scheduled: Option<Time<'a>>,
    #[serde(borrow, default)]
    completed: Option<Time<'a>>,
    #[serde(borrow, default)]
    published: Option<Time<'a>>,
    #[serde(borrow, default)]
    created: Option<Time<'a>>,
    #[serde(borrow, default)]
    updated: Option<Time<'a>>,
}

#[derive(Deserialize)]
struct Time<'a> {
    #[serde(borrow, default)]
    string: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Relationships<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    updates: Related<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    components: Related<'a>,
}

#[derive(Deserialize, Default)]
struct Related<'a> {
    #[serde(borrow, default)]
    data: Option<Vec<Reference<'a>>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
}

/// Objects by their type and id.
type Included<'a> = BTreeMap<(String, String), (Object<'a>, &'a str)>;

fn text_of<'b, 'a>(time: &'b Option<Time<'a>>) -> Option<&'b Str<'a>> {
    time.as_ref().and_then(|time| time.string.as_ref())
}

fn status(raw: Option<&RawValue>) -> Option<i64> {
    let status: Status<'_> = api::quietly(raw?.get())?;
    api::scalar(status.value)?.trim().parse().ok()
}

pub(super) fn read<'a>(
    list: &[&'a RawValue],
    included: &[&'a RawValue],
    decoded: &Decoded<'_>,
    options: &ReadOptions,
    warnings: &mut Warnings<'_>,
) -> Result<Vec<IncidentRecord>, ReadError> {
    let mut known = Included::new();
    for (object, text) in
        api::records::<Object<'_>>(included, "this object of `included`", warnings)
    {
        let kind = object.kind.as_deref().map(clean_line).unwrap_or_default();
        if let Some(id) = api::scalar(object.id).map(|id| clean_line(&id)) {
            known.insert((kind, id), (object, text));
        }
    }
    let mut records = Vec::new();
    let mut has_relations = false;
    for (object, text) in api::records::<Object<'_>>(list, "this record", warnings) {
        let stamp = text_of(&object.attributes.created).or(text_of(&object.attributes.occurred));
        check_zone(stamp, decoded, options)?;
        has_relations |= object.relationships.updates.data.is_some();
        records.extend(
            warnings.naming(|warnings| {
                record(fields_of(object, text, &known, warnings)?, text, warnings)
            }),
        );
    }
    if !has_relations && !records.is_empty() {
        let warning = Diagnostic::warning("the updates of the incidents are not in this answer");
        warnings.say(warning.hint("ask for them: add include=updates,components to the address"));
    }
    Ok(records)
}

fn fields_of<'a>(
    object: Object<'a>,
    text: &str,
    known: &Included<'a>,
    warnings: &mut Warnings<'_>,
) -> Option<CachetRecord<'a>> {
    let own_id = api::id(object.id, "record", text, warnings)?;
    let is_schedule = object.kind.as_deref() == Some("schedules");
    // Incidents and schedules are both counted from 1.
    let id = if is_schedule { format!("schedule-{own_id}") } else { own_id };
    let attributes = object.attributes;
    let mut time = |field: &Option<Time<'_>>, name: &str| {
        api::time(text_of(field), &format!("`{name}` of {id}"), warnings)
    };
    let (occurred, created) =
        (time(&attributes.occurred, "occurred"), time(&attributes.created, "created"));
    let (scheduled, completed) =
        (time(&attributes.scheduled, "scheduled"), time(&attributes.completed, "completed"));
    let (published, revised) =
        (time(&attributes.published, "published"), time(&attributes.updated, "updated"));
    let number = status(attributes.status);
    let related = |kind: &str, list: &Related<'_>| {
        let ids: Vec<_> =
            list.data.iter().flatten().filter_map(|reference| api::scalar(reference.id)).collect();
        ids.into_iter().map(|id| (kind.to_owned(), clean_line(&id))).collect::<Vec<_>>()
    };
    let mut updates = Vec::new();
    let references = object.relationships.updates.data.iter().flatten();
    let without_id = references.filter(|reference| api::scalar(reference.id).is_none()).count();
    if without_id > 0 {
        warnings.about(
            text,
            format!("{without_id} updates of {id} are referred to without an id and were left out"),
        );
    }
    for key in related("updates", &object.relationships.updates) {
        match known.get(&key) {
            Some((update, text)) => updates.extend(post(update, &key.1, text, &id, warnings)),
            None => warnings.about(text, format!("update {} of {id} is not in this answer", key.1)),
        }
    }
    let names = related("components", &object.relationships.components).into_iter();
    let names = names.filter_map(|key| api::line(known.get(&key)?.0.attributes.name.as_ref()));
    Some(CachetRecord {
        title: api::title(attributes.name.as_ref(), &id, text, warnings),
        message: attributes.message,
        occurred,
        created: published.or(created),
        scheduled,
        completed,
        revised,
        state: if is_schedule { schedule_state(number) } else { state(number) },
        maintenance: is_schedule,
        updates,
        components: api::ungrouped(names.collect::<Vec<_>>()),
        url: None,
        id,
    })
}

fn post(
    object: &Object<'_>,
    id: &str,
    text: &str,
    incident: &str,
    warnings: &mut Warnings<'_>,
) -> Option<UpdateRecord> {
    let attributes = &object.attributes;
    let what = format!("update {id} of {incident}");
    let body = attributes
        .message
        .as_deref()
        .map(|body| clean_markdown(body, TextKind::Markdown))
        .unwrap_or_default();
    let Some(at) =
        api::time(text_of(&attributes.created), &format!("`created` of {what}"), warnings)
    else {
        let post =
            UntimedPost { id: id.to_owned(), state: state(status(attributes.status)), text: body };
        warnings.untimed(text, incident, post);
        return None;
    };
    let edited = api::time(text_of(&attributes.updated), &format!("`updated` of {what}"), warnings);
    let mut post = UpdateRecord {
        state: state(status(attributes.status)),
        ..api::post(id.to_owned(), at, body)
    };
    api::clocks(&mut post, None, edited);
    Some(post)
}
