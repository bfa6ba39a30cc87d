//! Shared code of the readers of JSON APIs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::feed::posts;
use super::ties;
use crate::model::time::{Moment, epoch};
use crate::model::timeline::State;
use crate::sources::decode::Decoded;
use crate::sources::json::{self, RawRecords, Str};
pub(in crate::sources::status) use crate::sources::lenient::{document, quietly, record};
pub(in crate::sources::status) use crate::sources::record::content_id;
use crate::sources::record::{IncidentRecord, Record, UntimedPost, UpdateRecord};
use crate::sources::source::ReadError;
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;
use crate::text::link::is_safe_link;

/// Each record of a list with its own text, for the place of warnings.
pub(in crate::sources::status) fn records<'a, T: Deserialize<'a>>(
    list: &[&'a RawValue],
    what: &str,
    warnings: &mut Warnings<'_>,
) -> Vec<(T, &'a str)> {
    list.iter().filter_map(|raw| Some((record(raw, what, warnings)?, raw.get()))).collect()
}

/// Each readable element of a list, as the incident that `incident` makes of it, with its text.
pub(in crate::sources::status) fn incidents<'a, T: Deserialize<'a>>(
    list: &[&'a RawValue],
    what: &str,
    warnings: &mut Warnings<'_>,
    mut incident: impl FnMut(&T, &'a str, &mut Warnings<'_>) -> Option<IncidentRecord>,
) -> Vec<Record> {
    list.iter()
        .filter_map(|raw| {
            warnings.naming(|warnings| {
                let mut record = incident(&record(raw, what, warnings)?, raw.get(), warnings)?;
                take_revision(&mut record, raw.get(), warnings);
                Some(record)
            })
        })
        .map(Record::Incident)
        .collect()
}

/// The records of a body that is a list of records, or a single one.
///
/// # Errors
/// [`ReadError`] if it is not JSON.
pub(in crate::sources::status) fn one_or_many<'a>(
    decoded: &Decoded<'_>,
    body: &'a str,
) -> Result<RawRecords<'a>, ReadError> {
    if body.starts_with('[') {
        json::parse(decoded, body)
    } else {
        Ok(vec![json::parse(decoded, body)?])
    }
}

/// A list, if the value is one; anything else becomes a warning.
pub(in crate::sources::status) fn list<'a>(
    raw: Option<&'a RawValue>,
    what: &str,
    warnings: &mut Warnings<'_>,
) -> RawRecords<'a> {
    raw.and_then(|raw| record(raw, what, warnings)).unwrap_or_default()
}

/// A text or a number; producers switch between `1` and `"1"`.
pub(in crate::sources::status) fn scalar<'a>(raw: Option<&'a RawValue>) -> Option<Cow<'a, str>> {
    let text = raw?.get();
    if text.starts_with('"') {
        return serde_json::from_str::<Str<'a>>(text)
            .ok()
            .map(|text| text.0)
            .filter(|text| !text.trim().is_empty());
    }
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-').then_some(Cow::Borrowed(text))
}

/// The id of a record, which may be a text or a number. A record without one cannot be matched
/// later, so it is left out with a warning.
pub(in crate::sources::status) fn id(
    raw: Option<&RawValue>,
    what: &str,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<String> {
    let id = scalar(raw).map(|id| clean_line(&id)).filter(|id| !id.is_empty());
    if id.is_none() {
        warnings.about(text, format!("this {what} has no id and was left out"));
    }
    id
}

/// A field's text on one line, if it has any.
pub(in crate::sources::status) fn line(field: Option<&Str<'_>>) -> Option<String> {
    field.map(|text| clean_line(text)).filter(|text| !text.is_empty())
}

/// The title of a record, or its id with a warning.
pub(in crate::sources::status) fn title(
    field: Option<&Str<'_>>,
    id: &str,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> String {
    line(field).unwrap_or_else(|| {
        warnings.about(text, format!("incident {id} has no name, and is called by its id"));
        id.to_owned()
    })
}

/// A safe address.
pub(in crate::sources::status) fn link(field: Option<&Str<'_>>) -> Option<String> {
    line(field).filter(|link| is_safe_link(link))
}

/// Reads a time; an invalid one becomes a warning, and is unknown.
pub(in crate::sources::status) fn time(
    field: Option<&Str<'_>>,
    what: &dyn fmt::Display,
    warnings: &mut Warnings<'_>,
) -> Option<Moment> {
    let text = field.filter(|text| !text.is_empty())?;
    match warnings.time(text) {
        Ok(moment) if moment.is_unset() => {
            warnings.about(
                text,
                format!("{what}: `{}` is the time of a clock that was not set", clean_line(text)),
            );
            None
        }
        Ok(moment) => Some(moment),
        Err(error) => {
            warnings.about(text, format!("{what}: {error}"));
            None
        }
    }
}

/// Reads an epoch number in any unit, as a number or as text.
pub(in crate::sources::status) fn epoch_time(
    raw: Option<&RawValue>,
    what: &str,
    warnings: &mut Warnings<'_>,
) -> Option<Moment> {
    let raw = raw?;
    let instant = scalar(Some(raw)).and_then(|digits| epoch(digits.trim()));
    if instant.is_none() {
        warnings
            .about(raw.get(), format!("{what}: `{}` is not an epoch time", clean_line(raw.get())));
    }
    // Systems write 0 for "not yet", as others write `null`.
    instant.map(Moment::exact).filter(|at| !at.is_unset())
}

/// The state that a word means; an unknown word becomes a warning about `what`.
pub(in crate::sources::status) fn state(
    word: Option<&Str<'_>>,
    what: impl fmt::Display,
    warnings: &mut Warnings<'_>,
) -> Option<State> {
    let word = word.filter(|word| !word.trim().is_empty())?;
    let state = posts::state(word);
    if state.is_none() {
        warnings.about(word, format!("{what} has the unknown state `{}`", clean_line(word)));
    }
    state
}

/// A post with an unreadable time, with its id from the source if it has one.
pub(in crate::sources::status) fn untimed(
    id: Option<&RawValue>,
    state: Option<State>,
    text: String,
) -> UntimedPost {
    let id = scalar(id).map_or_else(|| content_id(&["untimed", &text]), |id| clean_line(&id));
    UntimedPost { id, state, text }
}

/// A post without further details.
pub(in crate::sources::status) fn post(id: String, at: Moment, text: String) -> UpdateRecord {
    UpdateRecord { id, at, created: None, edited: None, state: None, text, components: Vec::new() }
}

/// When a post was written and changed, each only if it adds information.
pub(in crate::sources::status) fn clocks(
    post: &mut UpdateRecord,
    created: Option<Moment>,
    edited: Option<Moment>,
) {
    let shown = post.at.earliest();
    let created = created.map(Moment::earliest);
    post.created = created.filter(|created| *created != shown);
    post.edited =
        edited.map(Moment::earliest).filter(|edited| *edited != shown && Some(*edited) != created);
}

/// The field names that systems use for the time of the last change.
const CHANGED: &[&str] = &[
    "updated_at",
    "updatedAt",
    "updated",
    "date_updated",
    "last_updated_at",
    "lastUpdatedAt",
    "modified",
    "modified_at",
    "modifiedAt",
    "edited_at",
    "editedAt",
];

/// When the object `text` was last changed, by one of its own fields or, in JSON:API, of its
/// attributes.
fn changed_at<'a>(text: &'a str, what: &str, warnings: &mut Warnings<'_>) -> Option<Moment> {
    // Nearly every object has none, which avoids parsing it again.
    if !["pdated", "odified", "dited"].iter().any(|part| text.contains(part)) {
        return None;
    }
    let fields: BTreeMap<Str<'a>, &'a RawValue> = quietly(text)?;
    let field = |name: &'static str| fields.get(&Str(Cow::Borrowed(name)));
    let Some((name, value)) = CHANGED.iter().find_map(|name| Some((name, field(name)?))) else {
        return field("attributes").and_then(|inner| changed_at(inner.get(), what, warnings));
    };
    let written: Str<'a> = quietly(value.get())?;
    time(Some(&written), &format!("`{name}` of {what}"), warnings)
}

/// Fills in when the post of the object `text` was last changed.
pub(in crate::sources::status) fn take_edit(
    post: &mut UpdateRecord,
    text: &str,
    warnings: &mut Warnings<'_>,
) {
    let edited = changed_at(text, &format!("the post of {}", post.at), warnings);
    let edited = edited.map(Moment::earliest);
    post.edited =
        post.edited.or(edited).filter(|at| *at != post.at.earliest() && post.created != Some(*at));
}

/// Fills in when the record of the object `text` was last changed, by its own field or by its
/// posts.
pub(in crate::sources::status) fn take_revision(
    record: &mut IncidentRecord,
    text: &str,
    warnings: &mut Warnings<'_>,
) {
    if record.revised.is_none() && !record.latest_only {
        let own = changed_at(text, &format!("incident {}", record.id), warnings);
        record.revised = revised(own, &record.updates);
    }
}

/// When a record was last changed, by its own field and by its posts.
pub(in crate::sources::status) fn revised(
    own: Option<Moment>,
    posts: &[UpdateRecord],
) -> Option<DateTime<Utc>> {
    own.map(Moment::earliest).into_iter().chain(posts.iter().filter_map(|post| post.edited)).max()
}

/// Components of a page without groups.
pub(in crate::sources::status) fn ungrouped(
    names: impl IntoIterator<Item = String>,
) -> Vec<(String, String)> {
    let mut components: Vec<(String, String)> = Vec::new();
    for name in names {
        if !components.iter().any(|(_, known)| *known == name) {
            components.push((String::new(), name));
        }
    }
    components
}

/// Components, and the affected regions. A single region is the group of all components; several
/// are listed as components themselves, because the pairing is unknown.
pub(in crate::sources::status) fn placed(
    places: Vec<String>,
    names: Vec<String>,
) -> Vec<(String, String)> {
    match &places[..] {
        [place] if !names.is_empty() => {
            ungrouped(names).into_iter().map(|(_, name)| (place.clone(), name)).collect()
        }
        _ => ungrouped(names.into_iter().chain(places)),
    }
}

/// Sorts the posts of an incident, which are in file order, by time, and makes their ids unique.
///
/// Posts with equal times are sorted by the life cycle, then by file order. Within one minute a
/// closing post comes last, because timestamps are often edited to the minute.
pub(in crate::sources::status) fn in_order_of_time(
    posts: Vec<UpdateRecord>,
    is_newest_first: bool,
) -> Vec<UpdateRecord> {
    let mut posts = with_own_ids(posts);
    if is_newest_first {
        posts.reverse();
    }
    posts.sort_by_key(|post| {
        let at = post.at.earliest();
        let ends =
            post.state.is_some_and(|state| state.is_terminal() || state == State::Postmortem);
        (minute(at), ends, at)
    });
    ties::settle(posts, |post| (post.at, post.state))
}

fn minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at)
}

/// Identical posts are merged. A different post with the id of an earlier one gets an id from its
/// content, because a later import finds a post by its id.
fn with_own_ids(posts: Vec<UpdateRecord>) -> Vec<UpdateRecord> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<UpdateRecord> = Vec::with_capacity(posts.len());
    for mut post in posts {
        if let Some(twin) = known.get(&post.id) {
            if kept[*twin] == post {
                continue;
            }
            post.id = content_id(&[&post.id, &post.at.to_string(), &post.text]);
            if known.contains_key(&post.id) {
                continue;
            }
        }
        known.insert(post.id.clone(), kept.len());
        kept.push(post);
    }
    kept
}

/// The earliest time: that of the announcement or of a post.
pub(in crate::sources::status) fn announced(
    given: Option<Moment>,
    posts: &[UpdateRecord],
) -> Option<Moment> {
    given.into_iter().chain(posts.iter().map(|post| post.at)).min()
}

/// Whether the incident has any time or text; without either it is left out with a warning.
pub(in crate::sources::status) fn has_time(
    record: &IncidentRecord,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> bool {
    let has = record.announced.or(record.impact_start).is_some()
        || record.scheduled.is_some()
        || warnings.has_untimed(&record.id);
    if !has {
        warnings.about(text, format!("incident {} has no time at all and was left out", record.id));
    }
    has
}

/// Test helpers of the readers.
#[cfg(test)]
pub(in crate::sources::status) mod testing {
    use crate::sources::input::Input;
    use crate::sources::record::{IncidentRecord, Record};
    use crate::sources::source::{ReadOptions, Source, Verdict};

    /// Reads `text`, for which `source` must say yes; returns the incidents, and the warnings as
    /// displayed.
    pub(crate) fn read(source: &dyn Source, text: &str) -> (Vec<IncidentRecord>, Vec<String>) {
        let input = Input::new("page.json", text);
        assert_eq!(source.sniff(&input), Verdict::Yes, "{text}");
        let read = source.read(&input, &ReadOptions::default()).unwrap();
        let incidents = read.value.into_iter().map(|record| match record {
            Record::Incident(incident) => incident,
            other => panic!("not an incident: {other:?}"),
        });
        (incidents.collect(), read.warnings.iter().map(ToString::to_string).collect())
    }

    /// The times and states of the updates, in order, in readable form.
    pub(crate) fn outline(incident: &IncidentRecord) -> Vec<String> {
        let line = |update: &super::UpdateRecord| {
            let state = update.state.map_or("-", crate::model::timeline::State::as_str);
            format!("{} {state} {}", update.at, update.text)
        };
        incident.updates.iter().map(line).collect()
    }
}
