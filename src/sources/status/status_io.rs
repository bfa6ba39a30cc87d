//! Status.io: the public status API (`/1.0/status/PAGE`) with what is ongoing and planned.
//!
//! The fields are those of kb.status.io/developers/public-status-api. A post has a `state` of 100
//! to 300 (400 if a closed incident is still listed) and a `status` of 100 to 600, the same numbers
//! with other meanings. Of the maintenance states only the first two are certain: announced and in
//! progress. Resolved incidents are not included, so import regularly or the end is never seen.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Warned};
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, RawRecords, Str, null_is_default, without_nulls};
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The product's words for a status with impact, from the least to the worst, for its codes 300 to
/// 600.
const STATUSES: SeverityWords = SeverityWords(&[
    ("Degraded Performance", "minor"),
    ("Partial Service Disruption", "major"),
    ("Service Disruption", "critical"),
    ("Security Event", "critical"),
]);

pub(crate) struct StatusIo;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    result: Option<Answer<'a>>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    incidents: Option<&'a RawValue>,
    #[serde(borrow, default)]
    maintenance: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Maintenances<'a> {
    #[serde(borrow, default)]
    active: Option<&'a RawValue>,
    #[serde(borrow, default)]
    upcoming: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default, rename = "_id")]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    datetime_open: Option<Str<'a>>,
    #[serde(borrow, default)]
    datetime_planned_start: Option<Str<'a>>,
    #[serde(borrow, default)]
    datetime_planned_end: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    messages: RawRecords<'a>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    components_affected: Vec<Named<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    containers_affected: Vec<Named<'a>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default, rename = "_id")]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    details: Option<Str<'a>>,
    #[serde(borrow, default)]
    state: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    datetime: Option<Str<'a>>,
}

/// The list that contains an incident.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Incident,
    Active,
    Upcoming,
}

impl Source for StatusIo {
    fn id(&self) -> &'static str {
        "status-io"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        STATUSES
    }

    fn about(&self) -> &'static str {
        "Status.io: the public status API, ongoing incidents"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head) if head.has(".result.status_overall") => Verdict::Yes,
            Some(head) if head.has_all(&[".result.incidents", ".result.maintenance"]) => {
                Verdict::Yes
            }
            Some(_) => Verdict::No("no `result` with `status_overall`"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        let Some(answer) = document.result else { return Err(ReadError::new("no `result` in it")) };
        let planned: Maintenances<'_> = answer
            .maintenance
            .and_then(|raw| api::record(raw, "`maintenance`", &mut warnings))
            .unwrap_or_default();
        let lists = [
            (answer.incidents, "`incidents`", Kind::Incident),
            (planned.active, "`active`", Kind::Active),
            (planned.upcoming, "`upcoming`", Kind::Upcoming),
        ];
        let mut records = Vec::new();
        for (list, name, kind) in lists {
            let list = api::list(list, name, &mut warnings);
            records.extend(api::incidents::<Incident<'_>>(
                &list,
                "this incident",
                &mut warnings,
                |raw, text, warnings| incident(raw, kind, text, warnings),
            ));
        }
        if !records.is_empty() {
            let note = Diagnostic::note(
                "this API lists what is ongoing and planned, not what is resolved",
            );
            warnings.say(note.hint("import it regularly; the page's history feed has the end"));
        }
        Ok(warnings.finished(records))
    }
}

fn incident(
    raw: &Incident<'_>,
    kind: Kind,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = api::id(raw.id, "incident", text, warnings)?;
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of incident {id}"), warnings)
    };
    let opened = time(&raw.datetime_open, "datetime_open");
    let plan = time(&raw.datetime_planned_start, "datetime_planned_start")
        .map(|from| (from, time(&raw.datetime_planned_end, "datetime_planned_end")));
    let (updates, worst) = updates(&raw.messages, kind, &id, warnings);
    let last_phase = updates.iter().filter_map(|post| post.state).rfind(|state| state.is_phase());
    let names = |list: &[Named<'_>]| {
        list.iter().filter_map(|named| api::line(named.name.as_ref())).collect()
    };
    let record = IncidentRecord {
        maintenance: kind != Kind::Incident,
        impact_word: worst.filter(|_| kind == Kind::Incident).map(str::to_owned),
        announced: api::announced(opened, &updates),
        scheduled: plan,
        // The list of a maintenance gives its state.
        state: match kind {
            Kind::Incident => last_phase,
            Kind::Active => Some(State::InProgress),
            Kind::Upcoming => Some(State::Scheduled),
        },
        updates,
        components: api::placed(names(&raw.containers_affected), names(&raw.components_affected)),
        ..IncidentRecord::new(id.clone(), api::title(raw.name.as_ref(), &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

/// The posts, and the worst status of any of them.
fn updates(
    list: &[&RawValue],
    kind: Kind,
    incident: &str,
    warnings: &mut Warnings<'_>,
) -> (Vec<UpdateRecord>, Option<&'static str>) {
    let (mut posts, mut worst) = (Vec::with_capacity(list.len()), None);
    for (raw, text) in
        api::records::<Message<'_>>(list, &format!("a message of incident {incident}"), warnings)
    {
        let what = format!("`datetime` of a message of incident {incident}");
        let body = raw
            .details
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Markdown))
            .unwrap_or_default();
        let Some(at) = api::time(raw.datetime.as_ref(), &what, warnings) else {
            let state = api::scalar(raw.state).and_then(|word| state(&word, kind));
            warnings.untimed(text, incident, api::untimed(raw.id, state, body));
            continue;
        };
        let id = api::scalar(raw.id)
            .map_or_else(|| api::content_id(&[&at.to_string()]), |id| clean_line(&id));
        let mut post = api::post(id, at, body);
        api::take_edit(&mut post, text, warnings);
        let word = api::scalar(raw.state);
        post.state = word.as_deref().and_then(|word| state(word, kind));
        if let (Some(word), None) = (&word, post.state) {
            let message = format!(
                "a message of incident {incident} has the unknown state `{}`",
                clean_line(word)
            );
            warnings.about(text, message);
        }
        posts.push(post);
        worst = worst.max(api::scalar(raw.status).and_then(|status| level(&status)));
    }
    (api::in_order_of_time(posts, true), worst.and_then(|index| STATUSES.word(index)))
}

/// The index of a status with impact, by its code or its word.
fn level(status: &str) -> Option<usize> {
    let by_code = status.parse::<usize>().ok().and_then(|code| (code / 100).checked_sub(3));
    by_code.or_else(|| STATUSES.words().position(|word| word.eq_ignore_ascii_case(status.trim())))
}

fn state(word: &str, kind: Kind) -> Option<State> {
    match (word, kind) {
        ("100", Kind::Incident) => Some(State::Investigating),
        ("200", Kind::Incident) => Some(State::Identified),
        ("300", Kind::Incident) => Some(State::Monitoring),
        ("400", Kind::Incident) => Some(State::Resolved),
        ("100", _) => Some(State::Scheduled),
        ("200", _) => Some(State::InProgress),
        _ => posts::state(word),
    }
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Posts, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let incidents = list(all, |one| {
            let posts = list(one.newest(), |Post { at, word, text, edited }| {
                let state = if *word == "resolved" { 300 } else { 100 };
                format!(
                    r#"{{"_id": "m{}", "details": "{text}", "state": {state}, "status": 500, "datetime": "{at}", "updated": "{edited}"}}"#,
                    instant(at).timestamp()
                )
            });
            let Incident { number, title, revised, .. } = one;
            format!(
                r#"{{"_id": "{number}", "name": "{title}", "datetime_open": "{}", "updated": "{revised}", "messages": [{posts}], "components_affected": [], "containers_affected": []}}"#,
                one.first().at
            )
        });
        format!(
            r#"{{"result": {{"status_overall": {{"updated": "2026-03-31T00:00:00Z", "status_code": 500}}, "incidents": [{incidents}], "maintenance": {{"active": [], "upcoming": []}}}}}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    const PAGE: &str = r#"{"result": {"status_overall": {"updated": "2026-01-01T12:00:00.000Z", "status": "Service Disruption", "status_code": 500},
        "status": [{"id": "c", "name": "API", "status_code": 500}], "incidents": [{"_id": "5b1", "name": "Errors", "datetime_open": "2026-01-01T10:00:00.000Z",
          "messages": [{"details": "A **fix** is in.", "state": 300, "status": "300", "datetime": "2026-01-01T11:00:00.000Z"},
                       {"details": "Errors.", "state": 100, "status": 500, "datetime": "2026-01-01T10:00:01.000Z"},
                       {"details": "?", "state": 900, "status": 100, "datetime": "2026-01-01T10:30:00.000Z"}, {"details": "when"}],
          "components_affected": [{"_id": "c", "name": "API"}, {"_id": "d", "name": "Web"}], "containers_affected": [{"_id": "e", "name": "Ireland"}]}, {"name": "no id"}],
        "maintenance": {"active": [], "upcoming": [{"_id": "5b2", "name": "Upgrade", "datetime_open": "2026-01-01T09:00:00.000Z",
          "datetime_planned_start": "2026-01-08T14:00:00.000Z", "datetime_planned_end": "2026-01-08T19:00:00.000Z",
          "messages": [{"details": "Planned.", "state": 100, "status": 200, "datetime": "2026-01-01T09:00:00.300Z"}]}]}}}"#;

    #[test]
    fn numeric_states_and_statuses_are_read() {
        let (incidents, warnings) = read(&StatusIo, PAGE);
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            [
                "2026-01-01T10:00:01Z investigating Errors.",
                "2026-01-01T10:30:00Z - ?",
                "2026-01-01T11:00:00Z monitoring A **fix** is in.",
            ]
        );
        assert_eq!(
            (incident.state, incident.impact_word.as_deref()),
            (Some(State::Monitoring), Some("Service Disruption"))
        );
        assert_eq!(incident.announced.unwrap().to_string(), "2026-01-01T10:00:00Z");
        assert_eq!(
            incident.components,
            ["API", "Web"].map(|name| ("Ireland".to_owned(), name.to_owned()))
        );
        for part in
            ["has the unknown state `900`", "has no time", "has no id", "not what is resolved"]
        {
            assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:?}");
        }
        assert_eq!((incidents.len(), warnings.len()), (2, 4), "{warnings:?}");
    }

    #[test]
    fn future_maintenance_is_not_in_progress() {
        let (incidents, _) = read(&StatusIo, PAGE);
        let planned = &incidents[1];
        assert!(planned.maintenance && planned.impact_word.is_none());
        assert_eq!(
            (planned.state, outline(planned)),
            (
                Some(State::Scheduled),
                vec!["2026-01-01T09:00:00.300Z scheduled Planned.".to_owned()]
            )
        );
        assert_eq!(planned.scheduled.unwrap().0.to_string(), "2026-01-08T14:00:00Z");
    }

    #[test]
    fn quiet_page_is_claimed_and_has_no_incidents() {
        let (incidents, warnings) = read(
            &StatusIo,
            r#"{"result": {"status_overall": {}, "incidents": [], "maintenance": {"active": [], "upcoming": []}}}"#,
        );
        assert_eq!((incidents, warnings), (vec![], vec![]));
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &StatusIo,
            essential: &["_id"],
            refers: false,
            text: r#"{"result": {"status_overall": {"updated": "2026-01-01T12:00:00.000Z", "status_code": 500}, "incidents": [
          {"_id": "5b1", "name": "A", "datetime_open": "2026-01-01T10:00:00.000Z", "messages": [
             {"details": "text-a2", "state": 300, "status": 300, "datetime": "2026-01-01T11:00:00.000Z"}, {"details": "text-a1", "state": 100, "status": 500, "datetime": "2026-01-01T10:00:01.000Z"}],
           "components_affected": [{"_id": "c", "name": "API"}], "containers_affected": [{"_id": "e", "name": "Ireland"}]},
          {"_id": "5b2", "name": "B", "datetime_open": "2026-01-02T10:00:00.000Z", "messages": [{"details": "text-b1", "state": 100, "status": 500, "datetime": "2026-01-02T10:00:01.000Z"}]}],
          "maintenance": {"active": [], "upcoming": []}}}"#,
        });
    }
}
