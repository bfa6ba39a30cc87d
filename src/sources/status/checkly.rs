//! Checkly status pages: `incidents` with `incidentUpdates`.
//!
//! An update has three times: `publicIncidentUpdateDate` is the displayed one, and `created_at` is
//! when it was written. `duration` is 0 during an incident, so it is not used.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
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

pub(crate) struct Checkly;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    incidents: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    severity: Option<Str<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Str<'a>>,
    #[serde(borrow, default, rename = "lastUpdateStatus")]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    updated_at: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    services: Vec<Service<'a>>,
    #[serde(borrow, default, rename = "incidentUpdates", deserialize_with = "null_is_default")]
    updates: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Service<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    description: Option<Str<'a>>,
    #[serde(borrow, default, rename = "publicIncidentUpdateDate")]
    shown: Option<Str<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    updated_at: Option<Str<'a>>,
}

impl Source for Checkly {
    fn id(&self) -> &'static str {
        "checkly"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords(&[
            ("MINOR", "minor"),
            ("MEDIUM", "major"),
            ("MAJOR", "major"),
            ("CRITICAL", "critical"),
        ])
    }

    fn about(&self) -> &'static str {
        "Checkly status page: its list of incidents"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
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
            Some(head)
                if head.has(".incidents[].incidentUpdates")
                    || head.has(".incidents[].lastUpdateStatus") =>
            {
                Verdict::Yes
            }
            Some(_) => Verdict::No("no `incidents` with `incidentUpdates`"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        let Some(list) = document.incidents else {
            return Err(ReadError::new("no `incidents` in it"));
        };
        let list = api::list(Some(list), "`incidents`", &mut warnings);
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
        (time(&raw.created_at, "created_at"), time(&raw.updated_at, "updated_at"));
    let updates = updates(&raw.updates, &id, warnings);
    let record = IncidentRecord {
        impact_word: api::line(raw.severity.as_ref()),
        announced: api::announced(created, &updates),
        state: api::state(raw.status.as_ref(), format_args!("incident {id}"), warnings),
        revised: api::revised(revised, &updates),
        updates,
        components: api::ungrouped(
            raw.services.iter().filter_map(|service| api::line(service.name.as_ref())),
        ),
        ..IncidentRecord::new(id.clone(), api::title(raw.name.as_ref(), &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

fn updates(list: &[&RawValue], incident: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    let mut posts = Vec::with_capacity(list.len());
    for (raw, text) in
        api::records::<Update<'_>>(list, &format!("an update of incident {incident}"), warnings)
    {
        let mut time = |field: &Option<Str<'_>>, name: &str| {
            api::time(
                field.as_ref(),
                &format!("`{name}` of an update of incident {incident}"),
                warnings,
            )
        };
        let (shown, created) =
            (time(&raw.shown, "publicIncidentUpdateDate"), time(&raw.created_at, "created_at"));
        let edited = time(&raw.updated_at, "updated_at");
        let body = raw
            .description
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Markdown))
            .unwrap_or_default();
        let Some(at) = shown.or(created) else {
            let state = raw.status.as_deref().and_then(posts::state);
            warnings.untimed(text, incident, api::untimed(raw.id, state, body));
            continue;
        };
        let id = api::scalar(raw.id)
            .map_or_else(|| api::content_id(&[&at.to_string()]), |id| clean_line(&id));
        let mut post = api::post(id, at, body);
        api::clocks(&mut post, created, edited);
        post.state = api::state(
            raw.status.as_ref(),
            format_args!("an update of incident {incident}"),
            warnings,
        );
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
            let posts = list(one.newest(), |Post { at, word, text, edited }| {
                format!(
                    r#"{{"id": "{at}", "status": "{}", "description": "{text}", "publicIncidentUpdateDate": "{at}", "created_at": "{at}", "updated_at": "{edited}"}}"#,
                    word.to_uppercase()
                )
            });
            let Incident { number, title, revised, .. } = one;
            format!(
                r#"{{"id": "{number}", "name": "{title}", "severity": "MAJOR", "duration": 0, "created_at": "{}", "updated_at": "{revised}", "lastUpdateStatus": "RESOLVED", "services": [], "incidentUpdates": [{posts}]}}"#,
                one.first().at
            )
        });
        format!(r#"{{"incidents": [{incidents}]}}"#)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::timeline::State;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    #[test]
    fn public_date_is_used_and_states_are_uppercase() {
        let text = r#"{"incidents": [{"id": "b3e1", "name": "Slow", "severity": "MAJOR", "duration": 0, "created_at": "2026-01-01T10:00:00.607Z",
            "lastUpdateStatus": "RESOLVED", "services": [{"id": "s", "accountId": "x", "name": "API"}, null], "incidentUpdates": [
             {"id": "2", "status": "RESOLVED", "description": "Over.", "publicIncidentUpdateDate": "2026-01-01T11:00:00.000Z", "created_at": "2026-01-01T11:30:00.000Z"},
             {"id": "1", "status": "INVESTIGATING", "description": "Slow.", "publicIncidentUpdateDate": "2026-01-01T09:50:00.000Z", "created_at": "2026-01-01T10:00:00.621Z"},
             {"id": "0", "status": "WONDERING"}, 5]}, {"name": "nameless"}]}"#;
        let (incidents, warnings) = read(&Checkly, text);
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            ["2026-01-01T09:50:00Z investigating Slow.", "2026-01-01T11:00:00Z resolved Over."]
        );
        assert_eq!(incident.updates[1].created.unwrap().to_rfc3339(), "2026-01-01T11:30:00+00:00");
        assert_eq!(
            (incident.state, incident.impact_word.as_deref()),
            (Some(State::Resolved), Some("MAJOR"))
        );
        assert_eq!(
            (incident.announced.unwrap().to_string().as_str(), incident.components.len()),
            ("2026-01-01T09:50:00Z", 1)
        );
        assert_eq!((incidents.len(), warnings.len()), (1, 3), "{warnings:?}");
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &Checkly,
            essential: &["id"],
            refers: false,
            text: r#"{"incidents": [{"id": "a", "name": "A", "severity": "MAJOR", "duration": 0, "created_at": "2026-01-01T10:00:00.607Z", "lastUpdateStatus": "RESOLVED",
           "services": [{"id": "s", "accountId": "x", "name": "API"}], "incidentUpdates": [
             {"id": "2", "status": "RESOLVED", "description": "text-a2", "publicIncidentUpdateDate": "2026-01-01T11:00:00.000Z", "created_at": "2026-01-01T11:00:00.000Z"},
             {"id": "1", "status": "INVESTIGATING", "description": "text-a1", "publicIncidentUpdateDate": "2026-01-01T10:00:00.000Z"}]},
          {"id": "b", "name": "B", "created_at": "2026-01-02T10:00:00.607Z", "incidentUpdates": [{"id": "3", "status": "INVESTIGATING", "description": "text-b1", "created_at": "2026-01-02T10:00:00.000Z"}]}]}"#,
        });
    }
}
