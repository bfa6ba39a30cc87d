//! Rootly: the public API of a status page, `/api/v1/incidents.json`.
//!
//! It resembles Statuspage's, but its page and incidents have no id: an incident is identified by
//! the last part of its address, and an update by its time and state. `started_at` is when the
//! incident started, which Rootly distinguishes from its detection and declaration. The fields are
//! those of docs.rootly.com/configuration/status-page-public-api. The list is paged, 25 at a time,
//! and has only active incidents.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, RawRecords, Str, null_is_default};
use crate::sources::paging;
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts;
use crate::sources::status::kit::home::Homes;
use crate::sources::status::kit::page_api::lacks_ids;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_markdown};

/// The number of incidents on a page of the list, unless the address sets another one.
const PER_PAGE: u32 = 25;

/// The maximum that an address can request.
const MOST_PER_PAGE: u32 = 100;

pub(crate) struct Rootly;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    page: Option<&'a RawValue>,
    #[serde(borrow, default)]
    incidents: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Page<'a> {
    #[serde(borrow, default)]
    url: Option<Str<'a>>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    time_zone: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    impact: Option<Str<'a>>,
    #[serde(borrow, default)]
    started_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    resolved_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    url: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    incident_updates: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    body: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Str<'a>>,
}

impl Source for Rootly {
    fn id(&self) -> &'static str {
        "rootly-status"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords::COMMON
    }

    fn about(&self) -> &'static str {
        "Rootly status page: incidents.json or status.json of /api/v1"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/api/v1/incidents.json"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head) if lacks_ids(&head) => Verdict::Yes,
            Some(_) => Verdict::No("no `incidents` that have a `url` and no id"),
        }
    }

    fn next_page(&self, input: &Input, _: &[Record]) -> Option<String> {
        let url = input.url.as_deref()?;
        // The other response, status.json, has everything in one list.
        let is_list = url.split('?').next()?.ends_with("/incidents.json");
        let decoded = decode::decode(&input.bytes).ok()?;
        let document: Document<'_> = api::quietly(decoded.body())?;
        let list: RawRecords<'_> = serde_json::from_str(document.incidents?.get()).ok()?;
        let next =
            paging::next_of_full(url, "page", list.len(), "per_page", PER_PAGE, MOST_PER_PAGE);
        next.filter(|_| is_list)
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        let Some(list) = document.incidents else {
            return Err(ReadError::new("no `incidents` in it"));
        };
        let page: Page<'_> = document
            .page
            .and_then(|raw| api::record(raw, "the page", &mut warnings))
            .unwrap_or_default();
        let homes = Homes::of(page.url.as_deref());
        let list = api::list(Some(list), "`incidents`", &mut warnings);
        let records = api::incidents::<Incident<'_>>(
            &list,
            "this incident",
            &mut warnings,
            |raw, text, warnings| {
                let record = incident(raw, &homes, text, warnings)?;
                Some(IncidentRecord {
                    provider: api::line(page.name.as_ref()),
                    zone: api::line(page.time_zone.as_ref()),
                    ..record
                })
            },
        );
        Ok(warnings.finished(records))
    }
}

fn incident(
    raw: &Incident<'_>,
    homes: &Homes,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let url = api::link(raw.url.as_ref());
    let (name, start) = (api::line(raw.name.as_ref()), api::line(raw.started_at.as_ref()));
    let id = url
        .as_deref()
        .and_then(|url| homes.id([url, ""], &name.unwrap_or_default(), &start.unwrap_or_default()));
    let Some(id) = id else {
        warnings
            .about(text, "this incident has no address, which is its id here, and was left out");
        return None;
    };
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of incident {id}"), warnings)
    };
    let (started, resolved) =
        (time(&raw.started_at, "started_at"), time(&raw.resolved_at, "resolved_at"));
    let updates = updates(&raw.incident_updates, &id, warnings);
    let is_over = matches!(raw.status.as_deref(), Some("resolved" | "closed"));
    let last_phase = updates.iter().filter_map(|post| post.state).rfind(|state| state.is_phase());
    let maintenance = updates.iter().filter_map(|post| post.state).any(posts::is_of_maintenance)
        || matches!(raw.status.as_deref(), Some("scheduled" | "in_progress" | "completed"));
    let record = IncidentRecord {
        maintenance,
        impact_word: api::line(raw.impact.as_ref()),
        url,
        impact_start: started.filter(|_| !maintenance),
        announced: api::announced(None, &updates),
        resolved,
        // Its own state words are internal ones, which pages do not show.
        state: if is_over { Some(State::Resolved) } else { last_phase },
        updates,
        ..IncidentRecord::new(id.clone(), api::title(raw.name.as_ref(), &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

fn updates(list: &[&RawValue], incident: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    let mut posts = Vec::with_capacity(list.len());
    for (raw, text) in
        api::records::<Update<'_>>(list, &format!("an update of incident {incident}"), warnings)
    {
        let what = format!("`created_at` of an update of incident {incident}");
        let body = raw
            .body
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Markdown))
            .unwrap_or_default();
        let word = raw.status.as_deref().unwrap_or_default();
        let Some(at) = api::time(raw.created_at.as_ref(), &what, warnings) else {
            warnings.untimed(text, incident, api::untimed(None, posts::state(word), body));
            continue;
        };
        let mut post = api::post(api::content_id(&[&at.to_string(), word]), at, body);
        api::take_edit(&mut post, text, warnings);
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
    use crate::sources::sample::{HOME, IdOf, Incident, Post, Revision, Sample, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Address, Revision::Posts, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let incidents = list(all, |one| {
            let posts = list(one.newest(), |Post { at, word, text, edited }| {
                format!(
                    r#"{{"body": "{text}", "status": "{word}", "created_at": "{at}", "updated_at": "{edited}"}}"#
                )
            });
            let Incident { link, title, revised, .. } = one;
            format!(
                r#"{{"name": "{title}", "status": "started", "impact": "minor", "started_at": "{}", "updated_at": "{revised}", "resolved_at": null, "url": "{link}", "incident_updates": [{posts}]}}"#,
                one.first().at
            )
        });
        format!(
            r#"{{"page": {{"name": "Example Status", "url": "{HOME}", "time_zone": "UTC", "updated_at": "2026-03-31T00:00:00Z"}}, "incidents": [{incidents}]}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    #[test]
    fn incident_is_identified_by_its_address() {
        let text = r#"{"page": {"name": "Example Status", "url": "https://status.example.com", "time_zone": "America/Los_Angeles", "updated_at": "2026-03-19T12:00:00Z"},
          "incidents": [{"name": "Slow", "status": "started", "impact": "minor", "started_at": "2026-03-19T10:30:00Z", "resolved_at": null,
            "url": "https://status.example.com/incidents/abc123", "incident_updates": [
              {"body": "Found.", "status": "identified", "created_at": "2026-03-19T10:50:00Z"},
              {"body": "We look.", "status": "investigating", "created_at": "2026-03-19T10:35:00Z"}, {"body": "When?"}]}, {"name": "nowhere"}]}"#;
        let (incidents, warnings) = read(&Rootly, text);
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            [
                "2026-03-19T10:35:00Z investigating We look.",
                "2026-03-19T10:50:00Z identified Found."
            ]
        );
        assert_eq!(
            (incident.id.as_str(), incident.zone.as_deref()),
            ("abc123", Some("America/Los_Angeles"))
        );
        assert_eq!(incident.impact_start.unwrap().to_string(), "2026-03-19T10:30:00Z");
        assert_eq!(
            (incident.announced, incident.state),
            (Some(incident.updates[0].at), Some(State::Identified))
        );
        assert!(warnings.iter().any(|warning| warning.contains("has no address")), "{warnings:?}");
        assert_eq!((incidents.len(), warnings.len()), (1, 2), "{warnings:?}");
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &Rootly,
            essential: &["url"],
            refers: false,
            text: r#"{"page": {"name": "Example Status", "url": "https://status.example.com", "time_zone": "UTC", "updated_at": "2026-03-19T12:00:00Z"}, "incidents": [
          {"name": "A", "status": "started", "impact": "minor", "started_at": "2026-03-19T10:30:00Z", "resolved_at": null, "url": "https://status.example.com/incidents/abc123",
           "incident_updates": [{"body": "text-a2", "status": "identified", "created_at": "2026-03-19T10:50:00Z"}, {"body": "text-a1", "status": "investigating", "created_at": "2026-03-19T10:35:00Z"}]},
          {"name": "B", "url": "https://status.example.com/incidents/abc124", "started_at": "2026-03-20T10:30:00Z", "incident_updates": [{"body": "text-b1", "status": "investigating", "created_at": "2026-03-20T10:35:00Z"}]}]}"#,
        });
    }
}
