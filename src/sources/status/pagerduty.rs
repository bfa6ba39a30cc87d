//! PagerDuty status pages: posts and their updates from the REST API (`/status_pages/ID/posts`,
//! `…/posts/ID` and `…/posts/ID/post_updates`), or a file with both.
//!
//! The fields are those of the API reference (StatusPagePost, StatusPagePostUpdate). `starts_at`
//! and `ends_at` of a post are those of a maintenance; an incident must be created with both too,
//! so for an incident they prove nothing and are ignored. A post refers to its updates, which are
//! included only if the request asked for them. A status and a severity are references as well,
//! whose word is present only if someone filled it in. The list of posts is paged by `offset`, and
//! `more` says whether there is another page.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Warned};
use crate::model::time::Moment;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, RawRecords, Str, null_is_default, without_nulls};
use crate::sources::paging;
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(crate) struct PagerDuty;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    posts: Option<RawRecords<'a>>,
    #[serde(borrow, default)]
    post: Option<&'a RawValue>,
    #[serde(borrow, default)]
    post_updates: Option<RawRecords<'a>>,
    #[serde(borrow, default)]
    post_type: Option<&'a RawValue>,
}

/// The part of the list of posts in a response.
#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow)]
    posts: RawRecords<'a>,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    more: Option<bool>,
}

#[derive(Deserialize)]
struct Post<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    post_type: Option<Str<'a>>,
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    #[serde(borrow, default)]
    starts_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    ends_at: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    updates: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    post: Option<Named<'a>>,
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Named<'a>>,
    #[serde(borrow, default)]
    severity: Option<Named<'a>>,
    #[serde(borrow, default)]
    reported_at: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    impacted_services: Vec<Impacted<'a>>,
}

#[derive(Deserialize)]
struct Impacted<'a> {
    #[serde(borrow, default)]
    service: Option<Named<'a>>,
}

/// A reference, which may have been filled in.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    description: Option<Str<'a>>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
}

impl Named<'_> {
    fn word(&self) -> Option<String> {
        api::line(self.description.as_ref()).or_else(|| api::line(self.name.as_ref()))
    }
}

impl Source for PagerDuty {
    fn id(&self) -> &'static str {
        "pagerduty-status"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords(&[
            ("operational", "none"),
            ("degraded performance", "minor"),
            ("minor outage", "minor"),
            ("partial outage", "major"),
            ("major outage", "critical"),
        ])
    }

    fn about(&self) -> &'static str {
        "PagerDuty status page: posts with their updates, from the REST API"
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
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        let has_post =
            [".posts[]", ".post", "", "[]"].iter().any(|at| head.has(&format!("{at}.post_type")));
        let has_update = head.has_all(&[".post_updates[].reported_at", ".post_updates[].post"]);
        if has_post || has_update {
            Verdict::Yes
        } else {
            Verdict::No("no posts with a `post_type`")
        }
    }

    fn next_page(&self, input: &Input, _: &[Record]) -> Option<String> {
        let decoded = decode::decode(&input.bytes).ok()?;
        let part: Part<'_> = api::quietly(decoded.body())?;
        let count = part.limit.or_else(|| u32::try_from(part.posts.len()).ok())?;
        if part.more == Some(true) {
            paging::next_offset(input.url.as_deref()?, "offset", count)
        } else {
            None
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let (mut list, mut loose) = (Vec::new(), Vec::new());
        for raw in api::one_or_many(&decoded, decoded.body())? {
            let Some(document) = api::record::<Document<'_>>(raw, "this answer", &mut warnings)
            else {
                continue;
            };
            list.extend(document.posts.into_iter().flatten().chain(document.post));
            list.extend(document.post_type.map(|_| raw));
            loose.extend(document.post_updates.into_iter().flatten());
        }
        if list.is_empty() && loose.is_empty() {
            return Err(ReadError::new("no `posts` and no `post_updates` in it"));
        }
        let mut by_post: BTreeMap<String, RawRecords<'_>> = BTreeMap::new();
        for raw in loose {
            let update = api::record::<Update<'_>>(raw, "this update", &mut warnings);
            let Some(post) =
                update.and_then(|update| api::scalar(update.post?.id).map(|id| clean_line(&id)))
            else {
                warnings.about(raw.get(), "an update without its post was left out");
                continue;
            };
            by_post.entry(post).or_default().push(raw);
        }
        let mut are_references = false;
        let mut records =
            api::incidents::<Post<'_>>(&list, "this post", &mut warnings, |raw, text, warnings| {
                let own =
                    api::scalar(raw.id).and_then(|id| by_post.remove(&*id)).unwrap_or_default();
                let (references, full): (RawRecords<'_>, RawRecords<'_>) = raw
                    .updates
                    .iter()
                    .partition(|update| !update.get().contains("\"reported_at\""));
                are_references |= !references.is_empty() && full.is_empty() && own.is_empty();
                let updates: RawRecords<'_> = full.into_iter().chain(own).collect();
                incident(raw, &updates, text, warnings)
            });
        for (post, updates) in by_post {
            let message = format!("post {post} is not in this file: it is called by its id");
            warnings.about(updates[0].get(), message);
            let text = updates[0].get();
            let record = IncidentRecord::new(post.clone(), post);
            records.extend(filled(record, &updates, text, &mut warnings).map(Record::Incident));
        }
        if are_references {
            let note =
                Diagnostic::note("posts in this file refer to updates that it does not hold");
            warnings.say(note.hint(
                "ask for them: include[]=status_page_post_update, or …/posts/ID/post_updates",
            ));
        }
        Ok(warnings.finished(records))
    }
}

fn incident(
    raw: &Post<'_>,
    updates: &[&RawValue],
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = api::id(raw.id, "post", text, warnings)?;
    let mut record =
        IncidentRecord::new(id.clone(), api::title(raw.title.as_ref(), &id, text, warnings));
    record.maintenance = raw.post_type.as_deref() == Some("maintenance");
    if record.maintenance {
        let mut time = |field: &Option<Str<'_>>, name: &str| {
            api::time(field.as_ref(), &format!("`{name}` of post {id}"), warnings)
        };
        record.scheduled =
            time(&raw.starts_at, "starts_at").map(|from| (from, time(&raw.ends_at, "ends_at")));
    }
    filled(record, updates, text, warnings)
}

/// The record with the facts of its updates.
fn filled(
    mut record: IncidentRecord,
    list: &[&RawValue],
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = record.id.clone();
    let (mut updates, mut services) = (Vec::with_capacity(list.len()), Vec::new());
    for (raw, text) in
        api::records::<Update<'_>>(list, &format!("an update of post {id}"), warnings)
    {
        let what = format!("`reported_at` of an update of post {id}");
        let Some(at) = api::time(raw.reported_at.as_ref(), &what, warnings) else {
            let state =
                raw.status.as_ref().and_then(Named::word).and_then(|word| posts::state(&word));
            warnings.untimed(text, &id, api::untimed(raw.id, state, body(&raw)));
            continue;
        };
        // The page's own words have no known order: the first is the one it was announced with.
        let severity = raw.severity.as_ref().and_then(Named::word);
        let mut post = update(&raw, at);
        api::take_edit(&mut post, text, warnings);
        updates.push((post, severity));
        services.extend(
            raw.impacted_services.iter().filter_map(|impacted| impacted.service.as_ref()?.word()),
        );
    }
    let first =
        updates.iter().filter(|(_, severity)| severity.is_some()).min_by_key(|(post, _)| post.at);
    record.impact_word =
        first.and_then(|(_, severity)| severity.clone()).filter(|_| !record.maintenance);
    record.updates =
        api::in_order_of_time(updates.into_iter().map(|(post, _)| post).collect(), false);
    record.components = api::ungrouped(services);
    record.announced = api::announced(None, &record.updates);
    record.state =
        record.updates.iter().filter_map(|post| post.state).rfind(|state| state.is_phase());
    api::has_time(&record, text, warnings).then_some(record)
}

fn body(raw: &Update<'_>) -> String {
    raw.message.as_deref().map(|html| clean_markdown(html, TextKind::Html)).unwrap_or_default()
}

fn update(raw: &Update<'_>, at: Moment) -> UpdateRecord {
    let body = body(raw);
    let id = api::scalar(raw.id)
        .map_or_else(|| api::content_id(&[&at.to_string()]), |id| clean_line(&id));
    let mut post = api::post(id, at, body);
    post.state = raw.status.as_ref().and_then(Named::word).and_then(|word| posts::state(&word));
    post
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Posts, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let posts = list(all, |one| {
            let Incident { number, title, revised, .. } = one;
            let updates = list(&one.posts, |Post { at, word, text, edited }| {
                format!(
                    r#"{{"id": "PU{}", "post": {{"id": "{number}"}}, "message": "{text}", "status": {{"id": "PS", "description": "{word}"}}, "reported_at": "{at}", "updated_at": "{edited}"}}"#,
                    instant(at).timestamp()
                )
            });
            format!(
                r#"{{"id": "{number}", "type": "status_page_post", "post_type": "incident", "title": "{title}", "updated_at": "{revised}", "updates": [{updates}]}}"#
            )
        });
        format!(r#"{{"posts": [{posts}]}}"#)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::timeline::State;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    const UPDATES: &str = r#"{"id": "PU1", "post": {"id": "PP1", "type": "status_page_post"}, "message": "<p>We <b>look</b>.</p>", "reviewed_status": "approved",
         "status": {"id": "PS1", "type": "status_page_status", "description": "investigating"}, "severity": {"id": "PV1", "description": "major outage"},
         "impacted_services": [{"service": {"id": "PYH", "type": "status_page_service", "name": "API"}, "impact": {"id": "PI"}}, null],
         "reported_at": "2026-01-01T10:08:19Z", "type": "status_page_post_update"},
        {"id": "PU2", "post": {"id": "PP1"}, "message": "Over.", "status": {"id": "PS2", "description": "resolved"}, "severity": {"id": "PV2", "description": "all good"}, "reported_at": "2026-01-01T11:00:00Z"},
        {"id": "PU3", "post": {"id": "PP1"}, "message": "When?", "status": {"id": "PS3"}, "reported_at": "soon"}"#;

    fn posts(updates: &str) -> String {
        format!(
            r#"{{"posts": [{{"id": "PP1", "type": "status_page_post", "post_type": "incident", "title": "Errors", "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z", "updates": [{updates}]}},
            {{"id": "PP2", "post_type": "maintenance", "title": "Upgrade", "starts_at": "2026-01-08T11:00:00Z", "ends_at": "2026-01-08T12:00:00Z", "updates": []}}]"#
        )
    }

    #[test]
    fn embedded_and_separate_updates_are_read() {
        let inside = posts(UPDATES) + "}";
        let beside = posts(r#"{"id": "PU1", "type": "status_page_post_update"}"#)
            + &format!(r#", "post_updates": [{UPDATES}]}}"#);
        for text in [inside, beside] {
            let (incidents, warnings) = read(&PagerDuty, &text);
            let incident = &incidents[0];
            assert_eq!(
                outline(incident),
                [
                    "2026-01-01T10:08:19Z investigating We **look**.",
                    "2026-01-01T11:00:00Z resolved Over."
                ]
            );
            assert_eq!(
                (incident.impact_word.as_deref(), incident.state),
                (Some("major outage"), Some(State::Resolved))
            );
            assert_eq!(
                (incident.scheduled, incident.impact_start),
                (None, None),
                "an incident's times are a form's"
            );
            assert_eq!(incident.components, [(String::new(), "API".to_owned())]);
            let planned = &incidents[1];
            assert_eq!(
                (planned.maintenance, planned.scheduled.unwrap().1.unwrap().to_string().as_str()),
                (true, "2026-01-08T12:00:00Z")
            );
            assert_eq!((incidents.len(), warnings.len()), (2, 2), "{warnings:?}");
        }
    }

    #[test]
    fn references_alone_give_no_times_and_are_reported() {
        let (incidents, warnings) =
            read(&PagerDuty, &(posts(r#"{"id": "PU1", "type": "status_page_post_update"}"#) + "}"));
        assert_eq!(incidents.len(), 1, "the maintenance has its plan");
        assert!(warnings[0].contains("incident PP1 has no time at all"), "{warnings:?}");
        assert!(warnings[1].contains("refer to updates that it does not hold"), "{warnings:?}");
    }

    #[test]
    fn updates_without_posts_form_an_incident_named_by_id() {
        let (incidents, warnings) = read(
            &PagerDuty,
            &format!(r#"{{"post_updates": [{UPDATES}, {{"id": "PU9", "reported_at": "x"}}]}}"#),
        );
        assert_eq!((incidents[0].title.as_str(), incidents[0].updates.len()), ("PP1", 2));
        assert!(
            warnings.iter().any(|warning| warning.contains("an update without its post")),
            "{warnings:?}"
        );
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &PagerDuty,
            essential: &["id"],
            refers: false,
            text: r#"{"posts": [{"id": "PP1", "type": "status_page_post", "post_type": "incident", "title": "A", "starts_at": "2026-01-01T00:00:00Z", "updates": [
           {"id": "PU1", "post": {"id": "PP1"}, "message": "text-a1", "status": {"id": "PS1", "description": "investigating"}, "severity": {"id": "PV1", "description": "major outage"},
            "impacted_services": [{"service": {"id": "PYH", "name": "API"}}], "reported_at": "2026-01-01T10:08:19Z"},
           {"id": "PU2", "post": {"id": "PP1"}, "message": "text-a2", "status": {"id": "PS2", "description": "resolved"}, "reported_at": "2026-01-01T11:00:00Z"}]},
          {"id": "PP2", "post_type": "incident", "title": "B", "updates": [{"id": "PU3", "post": {"id": "PP2"}, "message": "text-b1", "reported_at": "2026-01-02T10:08:19Z"},
           {"id": "PU4", "message": "text-b2", "reported_at": "2026-01-02T11:08:19Z"}]}]}"#,
        });
    }
}
