//! Slack's status page: `current` (with the active incidents) and `history` (a list of incidents)
//! of `/api/v2.0.0`.
//!
//! A note has a time and a text but no state, and the last one may announce the end while the
//! incident is still active; so the states of the notes stay unset.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default, without_nulls};
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(crate) struct SlackStatus;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    active_incidents: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    #[serde(borrow, default)]
    date_created: Option<Str<'a>>,
    #[serde(borrow, default)]
    date_updated: Option<Str<'a>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    url: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    services: Vec<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    notes: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Note<'a> {
    #[serde(borrow, default)]
    date_created: Option<Str<'a>>,
    #[serde(borrow, default)]
    body: Option<Str<'a>>,
}

impl Source for SlackStatus {
    fn id(&self) -> &'static str {
        "slack-status"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords(&[("notice", "none"), ("incident", "major"), ("outage", "critical")])
    }

    fn about(&self) -> &'static str {
        "Slack status: current or history of /api/v2.0.0"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/api/v2.0.0/history", "/api/v2.0.0/current"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head) if head.has(".active_incidents") => Verdict::Yes,
            Some(head) if head.has_all(&["[].notes", "[].date_created"]) => Verdict::Yes,
            Some(_) => Verdict::No("no `active_incidents`, and no list of incidents with `notes`"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let body = decoded.body();
        let list: RawRecords<'_> = if body.starts_with('[') {
            json::parse(&decoded, body)?
        } else {
            let document: Document<'_> = api::document(&decoded, body, &mut warnings)?;
            let Some(list) = document.active_incidents else {
                return Err(ReadError::new("no `active_incidents` in it"));
            };
            api::list(Some(list), "`active_incidents`", &mut warnings)
        };
        let records = api::incidents(&list, "this incident", &mut warnings, incident);
        Ok(warnings.finished(records))
    }
}

fn incident(raw: &Incident<'_>, text: &str, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    let id = api::id(raw.id, "incident", text, warnings)?;
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of incident {id}"), warnings)
    };
    let (created, revised) =
        (time(&raw.date_created, "date_created"), time(&raw.date_updated, "date_updated"));
    let updates = notes(&raw.notes, &id, warnings);
    let is_planned = raw.kind.as_deref() == Some("maintenance");
    let state = match raw.status.as_deref() {
        Some("active") if is_planned => Some(State::InProgress),
        // Whatever its status word, it is not resolved.
        Some("active") => Some(State::Investigating),
        Some("resolved") => Some(State::Resolved),
        Some("scheduled") => Some(State::Scheduled),
        Some("completed") => Some(State::Completed),
        _ => None,
    };
    let maintenance = is_planned || matches!(state, Some(State::Scheduled | State::Completed));
    let record = IncidentRecord {
        maintenance,
        impact_word: api::line(raw.kind.as_ref()),
        url: api::link(raw.url.as_ref()),
        provider: Some("Slack".to_owned()),
        zone: Some("America/Los_Angeles".to_owned()),
        announced: api::announced(created, &updates),
        state,
        revised: api::revised(revised, &updates),
        updates,
        components: api::ungrouped(
            raw.services.iter().map(|name| clean_line(name)).filter(|name| !name.is_empty()),
        ),
        ..IncidentRecord::new(id.clone(), api::title(raw.title.as_ref(), &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

fn notes(list: &[&RawValue], incident: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    let mut posts = Vec::with_capacity(list.len());
    for (raw, text) in
        api::records::<Note<'_>>(list, &format!("a note of incident {incident}"), warnings)
    {
        let what = format!("`date_created` of a note of incident {incident}");
        // Captures have plain text, in which links and tags are not meant literally.
        let body = raw
            .body
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Markdown))
            .unwrap_or_default();
        let Some(at) = api::time(raw.date_created.as_ref(), &what, warnings) else {
            warnings.untimed(text, incident, api::untimed(None, None, body));
            continue;
        };
        let mut post = api::post(api::content_id(&[&at.to_string()]), at, body);
        api::take_edit(&mut post, text, warnings);
        posts.push(post);
    }
    api::in_order_of_time(posts, true)
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Posts, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let incidents = list(all, |one| {
            let notes = list(one.newest(), |Post { at, text, edited, .. }| {
                format!(
                    r#"{{"date_created": "{at}", "date_updated": "{edited}", "body": "{text}"}}"#
                )
            });
            let Incident { number, link, title, revised, .. } = one;
            format!(
                r#"{{"id": {number}, "date_created": "{}", "date_updated": "{revised}", "title": "{title}", "type": "outage", "status": "resolved", "url": "{link}", "services": [], "notes": [{notes}]}}"#,
                one.first().at
            )
        });
        format!("[{incidents}]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    const INCIDENT: &str = r#"{"id": 7, "date_created": "2026-03-08T01:30:00-08:00", "date_updated": "2026-03-08T03:30:00-07:00",
        "title": "Slow messages", "type": "outage", "status": "active", "url": "https://status.example.com/2026-03/1",
        "services": ["Messaging", null, "Search"], "notes": [
          {"date_created": "2026-03-08T03:30:00-07:00", "body": "This is resolved.\r\n\r\nSorry."},
          {"date_created": "2026-03-08T01:30:00-08:00", "body": "We are looking."}, {"body": "x"}, 5]}"#;

    #[test]
    fn offsets_follow_the_season_and_note_text_is_not_a_state() {
        let (incidents, warnings) = read(
            &SlackStatus,
            &format!(r#"{{"status": "active", "active_incidents": [{INCIDENT}]}}"#),
        );
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            [
                "2026-03-08T09:30:00Z - We are looking.",
                "2026-03-08T10:30:00Z - This is resolved.\n\nSorry."
            ]
        );
        assert_eq!(
            (incident.id.as_str(), incident.state, incident.maintenance),
            ("7", Some(State::Investigating), false)
        );
        assert_eq!(incident.impact_word.as_deref(), Some("outage"));
        assert_eq!(incident.components.len(), 2);
        assert_eq!(warnings.len(), 2, "{warnings:?}");
    }

    #[test]
    fn history_list_is_read_and_planned_items_are_maintenance() {
        let planned =
            INCIDENT.replace("\"active\"", "\"completed\"").replace("\"id\": 7", "\"id\": 8");
        let over = INCIDENT.replace("\"active\"", "\"resolved\"");
        let (incidents, _) = read(&SlackStatus, &format!("[{over}, {planned}]"));
        let states: Vec<_> =
            incidents.iter().map(|incident| (incident.state, incident.maintenance)).collect();
        assert_eq!(states, [(Some(State::Resolved), false), (Some(State::Completed), true)]);
        assert!(incidents.iter().all(|incident| incident.resolved.is_none()));
    }

    #[test]
    fn quiet_page_is_an_empty_history() {
        let (incidents, warnings) = read(
            &SlackStatus,
            r#"{"status": "ok", "date_created": "2026-01-01T00:00:00-08:00", "active_incidents": []}"#,
        );
        assert!(incidents.is_empty() && warnings.is_empty());
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &SlackStatus,
            essential: &["id"],
            refers: false,
            text: r#"[{"id": 7, "date_created": "2026-03-08T01:30:00-08:00", "date_updated": "2026-03-08T03:30:00-07:00", "title": "A", "type": "outage", "status": "resolved",
           "url": "https://status.example.com/2026-03/1", "services": ["Messaging"], "notes": [{"date_created": "2026-03-08T03:30:00-07:00", "body": "text-a2"},
             {"date_created": "2026-03-08T01:30:00-08:00", "body": "text-a1"}]},
          {"id": 8, "date_created": "2026-03-09T01:30:00-07:00", "title": "B", "type": "incident", "status": "active", "notes": [{"date_created": "2026-03-09T01:30:00-07:00", "body": "text-b1"}]}]"#,
        });
    }
}
