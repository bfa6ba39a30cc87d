//! Zendesk's own status page: `/api/ssp/incidents.json` and `/api/incidents/active`, in JSON:API.
//!
//! The second is documented (developer.zendesk.com/api-reference/status_api/status_api) and uses
//! snake-case keys; the first, which the page itself loads, uses camel case and calls the title
//! `name`. Updates have a time and a text but no state; only the incident has one. Both responses
//! omit resolved incidents unless `/api/ssp` is asked for past days.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, Str};
use crate::sources::record::{IncidentRecord, Record, UntimedPost, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::json_api::{Document, Object};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_markdown};

pub(crate) struct Zendesk;

/// The attributes of an incident, an update, a service or the link between an incident and a
/// service.
#[derive(Deserialize)]
struct Attributes<'a> {
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    impact: Option<Str<'a>>,
    #[serde(borrow, default)]
    postmortem: Option<Str<'a>>,
    #[serde(borrow, default, alias = "startedAt")]
    started_at: Option<Str<'a>>,
    #[serde(borrow, default, alias = "resolvedAt")]
    resolved_at: Option<Str<'a>>,
    #[serde(borrow, default, alias = "createdAt")]
    created_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    description: Option<Str<'a>>,
    #[serde(borrow, default, alias = "serviceName")]
    service_name: Option<Str<'a>>,
}

/// The parts of the incidents by their ids.
#[derive(Default)]
struct Included<'a> {
    updates: BTreeMap<String, (Attributes<'a>, &'a str)>,
    /// The names of services, by the ids of their links to incidents.
    linked: BTreeMap<String, String>,
    /// The names of services, by their own ids.
    services: BTreeMap<String, String>,
}

impl Source for Zendesk {
    fn id(&self) -> &'static str {
        "zendesk-status"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords::COMMON
    }

    fn about(&self) -> &'static str {
        "Zendesk status page: incidents.json of /api/ssp, or /api/incidents/active"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/api/ssp/incidents.json"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head)
                if [".data", ".data[]"].iter().any(|at| {
                    head.first(&format!("{at}.type")) == Some("incident")
                        && head.has(&format!("{at}.attributes.outage"))
                }) =>
            {
                Verdict::Yes
            }
            Some(_) => Verdict::No("no `data` of the type `incident` that says `outage`"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        let Some(data) = document.data else { return Err(ReadError::new("no `data` in it")) };
        let list = match data.get().starts_with('[') {
            true => api::list(Some(data), "`data`", &mut warnings),
            false => vec![data],
        };
        let parts = api::list(document.included, "`included`", &mut warnings);
        let mut included = included(&parts, &mut warnings);
        let records = api::incidents::<Object<'_>>(
            &list,
            "this incident",
            &mut warnings,
            |object, text, warnings| incident(object, text, &mut included, warnings),
        );
        for (id, (_, text)) in included.updates {
            warnings.about(text, format!("no incident refers to update {id}, which was left out"));
        }
        Ok(warnings.finished(records))
    }
}

fn included<'a>(parts: &[&'a RawValue], warnings: &mut Warnings<'_>) -> Included<'a> {
    let mut included = Included::default();
    for (object, text) in api::records::<Object<'a>>(parts, "an object of `included`", warnings) {
        let (Some(id), Some(raw)) = (api::scalar(object.id), object.attributes) else {
            warnings.about(text, "this object of `included` has no id or no attributes");
            continue;
        };
        let Some(attributes) = api::record::<Attributes<'a>>(raw, "its attributes", warnings)
        else {
            continue;
        };
        let id = id.into_owned();
        if let Some(name) = api::line(attributes.service_name.as_ref()) {
            included.linked.insert(id, name);
        } else if let Some(name) = api::line(attributes.name.as_ref()) {
            included.services.insert(id, name);
        } else if attributes.created_at.is_some() || attributes.description.is_some() {
            included.updates.insert(id, (attributes, text));
        }
    }
    included
}

fn incident(
    object: &Object<'_>,
    text: &str,
    included: &mut Included<'_>,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = api::id(object.id, "incident", text, warnings)?;
    let what = format!("incident {id}");
    let Some(raw) =
        object.attributes.and_then(|raw| api::record::<Attributes<'_>>(raw, &what, warnings))
    else {
        warnings.about(text, format!("{what} has no attributes and was left out"));
        return None;
    };
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format_args!("`{name}` of {what}"), warnings)
    };
    let (started, resolved) =
        (time(&raw.started_at, "started_at"), time(&raw.resolved_at, "resolved_at"));
    let named = object.related(&["incident_updates", "incidentUpdates"], &what, warnings);
    let updates = updates(named, &id, text, included, warnings);
    if let Some(body) = raw.postmortem.as_deref().filter(|body| !body.trim().is_empty()) {
        let body = clean_markdown(body, TextKind::Markdown);
        let state = Some(State::Postmortem);
        warnings.untimed(text, &id, UntimedPost { id: "postmortem".to_owned(), state, text: body });
    }
    let linked = object.related(&["incident_services", "incidentServices"], &what, warnings);
    let services = object.related(&["services"], &what, warnings);
    let names = linked.iter().filter_map(|id| included.linked.get(id));
    let names = names.chain(services.iter().filter_map(|id| included.services.get(id)));
    let title = raw.title.as_ref().or(raw.name.as_ref());
    let record = IncidentRecord {
        impact_word: api::line(raw.impact.as_ref()),
        provider: Some("Zendesk".to_owned()),
        impact_start: started,
        announced: api::announced(None, &updates),
        resolved,
        state: api::state(raw.status.as_ref(), &what, warnings),
        components: api::ungrouped(names.cloned()),
        updates,
        ..IncidentRecord::new(id.clone(), api::title(title, &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

fn updates(
    named: Vec<String>,
    incident: &str,
    text: &str,
    included: &mut Included<'_>,
    warnings: &mut Warnings<'_>,
) -> Vec<UpdateRecord> {
    let mut posts = Vec::with_capacity(named.len());
    for id in named {
        let what = format!("update {id} of incident {incident}");
        let Some((update, part)) = included.updates.remove(&id) else {
            warnings.about(text, format!("{what} is not in the file"));
            continue;
        };
        let body = update.description.as_deref().unwrap_or_default();
        let body = clean_markdown(body, TextKind::Markdown);
        match api::time(
            update.created_at.as_ref(),
            &format_args!("`created_at` of {what}"),
            warnings,
        ) {
            Some(at) => {
                let mut post = api::post(id, at, body);
                api::take_edit(&mut post, part, warnings);
                posts.push(post);
            }
            None => {
                warnings.untimed(part, incident, UntimedPost { id, state: None, text: body });
            }
        }
    }
    api::in_order_of_time(posts, false)
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Posts, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let id = |one: &Incident<'_>, post: &Post<'_>| {
            format!("{}{}", one.number, instant(post.at).timestamp())
        };
        let incidents = list(all, |one| {
            let posts = list(&one.posts, |post| format!(r#"{{"id": "{}"}}"#, id(one, post)));
            let Incident { number, title, revised, .. } = one;
            format!(
                r#"{{"id": "{number}", "type": "incident", "attributes": {{"outage": true, "impact": "major", "started_at": "{}", "updated_at": "{revised}", "status": "investigating", "title": "{title}"}}, "relationships": {{"incident_updates": {{"data": [{posts}]}}}}}}"#,
                one.first().at
            )
        });
        let mut posts: Vec<String> = Vec::new();
        for (one, post) in all.iter().flat_map(|one| one.posts.iter().map(move |post| (one, post)))
        {
            let Post { at, text, edited, .. } = post;
            posts.push(format!(
            r#"{{"id": "{}", "type": "incident_update", "attributes": {{"created_at": "{at}", "updated_at": "{edited}", "description": "{text}"}}}}"#,
            id(one, post)
        ));
        }
        format!(r#"{{"data": [{incidents}], "included": [{}]}}"#, posts.join(",\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    /// As documented, with one update that no incident refers to.
    const ACTIVE: &str = r#"{"data": [{"id": "247", "type": "incident", "attributes": {"degradation": false, "impact": "major", "outage": true,
        "postmortem": "", "resolved_at": null, "started_at": "2026-05-11T19:56:49.000Z", "status": "investigating", "title": "Agents see errors"},
        "relationships": {"incident_updates": {"data": [{"id": "8", "type": "incident_update"}, {"id": "7", "type": "incident_update"}, {"id": "6", "type": "incident_update"}]},
          "incident_services": {"data": [{"id": "31", "type": "incident_service"}]}}}],
      "included": [{"id": "7", "type": "incident_update", "attributes": {"created_at": "2026-05-11T19:58:13.000Z", "description": "We are looking into it."}},
        {"id": "8", "type": "incident_update", "attributes": {"created_at": "2026-05-11T20:10:00.000Z", "description": "It was a change of today."}},
        {"id": "9", "type": "incident_update", "attributes": {"created_at": "2026-05-12T20:10:00.000Z", "description": "Another one."}},
        {"id": "31", "type": "incident_service", "attributes": {"service_name": "Support", "outage": true}}]}"#;

    #[test]
    fn updates_and_services_are_resolved_by_id() {
        let (incidents, warnings) = read(&Zendesk, ACTIVE);
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            [
                "2026-05-11T19:58:13Z - We are looking into it.",
                "2026-05-11T20:10:00Z - It was a change of today."
            ]
        );
        assert_eq!(incident.impact_start.unwrap().to_string(), "2026-05-11T19:56:49Z");
        assert_eq!((incident.state, incident.resolved), (Some(State::Investigating), None));
        assert_eq!(incident.components, [(String::new(), "Support".to_owned())]);
        assert_eq!(incident.impact_word.as_deref(), Some("major"));
        assert!(warnings[0].contains("update 6 of incident 247 is not in the file"));
        assert!(warnings[1].contains("no incident refers to update 9"), "{warnings:?}");
    }

    #[test]
    fn page_response_with_camel_case_keys_is_read() {
        let page = ACTIVE
            .replace("started_at", "startedAt")
            .replace("\"resolved_at\": null", "\"resolvedAt\": \"2026-05-11T21:00:00Z\"")
            .replace("created_at", "createdAt")
            .replace("service_name", "serviceName")
            .replace("incident_", "incident")
            .replace("incidentupdate", "incidentUpdate")
            .replace("incidentservice", "incidentService")
            .replace("\"title\"", "\"name\"")
            .replace("\"investigating\"", "\"resolved\"");
        let (incidents, _) = read(&Zendesk, &page);
        let incident = &incidents[0];
        assert_eq!((incident.title.as_str(), incident.updates.len()), ("Agents see errors", 2));
        assert_eq!(incident.resolved.unwrap().to_string(), "2026-05-11T21:00:00Z");
        assert_eq!(incident.state, Some(State::Resolved));
        assert_eq!(incident.components.len(), 1);
    }

    #[test]
    fn single_incident_and_undated_postmortem_are_read() {
        let one = ACTIVE
            .replace("{\"data\": [{\"id\": \"247\"", "{\"data\": {\"id\": \"247\"")
            .replace("}}}],\n", "}}},\n")
            .replace("\"postmortem\": \"\"", "\"postmortem\": \"A limit was too low.\"");
        let (incidents, warnings) = read(&Zendesk, &one);
        assert_eq!(incidents[0].untimed[0].text, "A limit was too low.");
        assert!(warnings.iter().any(|warning| warning.contains("has no time that can be read")));
    }

    #[test]
    fn incidents_of_another_api_are_not_claimed() {
        let other = r#"{"data": [{"id": "1", "type": "incident", "attributes": {"name": "Down", "started_at": "2026-05-11T19:56:49.000Z"}}]}"#;
        assert!(matches!(Zendesk.sniff(&Input::new("x", other)), Verdict::No(_)));
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &Zendesk,
            essential: &["id", "attributes", "relationships", "incident_updates", "data"],
            refers: true,
            text: r#"{"data": [{"id": "7", "type": "incident", "attributes": {"title": "A", "impact": "major", "outage": true, "postmortem": "text-b2", "resolved_at": null,
            "started_at": "2026-05-11T19:56:49.000Z", "status": "investigating"}, "relationships": {"incident_updates": {"data": [{"id": "1", "type": "incident_update"}, {"id": "2"}]},
            "incident_services": {"data": [{"id": "3"}]}}},
           {"id": "8", "type": "incident", "attributes": {"title": "B", "outage": false, "started_at": "2026-05-12T19:56:49.000Z"}, "relationships": {"incident_updates": {"data": [{"id": "4"}]}}}],
          "included": [{"id": "1", "type": "incident_update", "attributes": {"created_at": "2026-05-11T19:58:13.000Z", "description": "text-a1"}},
            {"id": "2", "type": "incident_update", "attributes": {"created_at": "2026-05-11T20:58:13.000Z", "description": "text-a2"}},
            {"id": "4", "type": "incident_update", "attributes": {"created_at": "2026-05-12T20:58:13.000Z", "description": "text-b1"}},
            {"id": "3", "type": "incident_service", "attributes": {"service_name": "Support", "outage": true}}]}"#,
        });
    }
}
