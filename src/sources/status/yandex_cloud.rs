//! Yandex Cloud: a list of `items`, or one incident with its report.
//!
//! It has the start and end of the impact (`startDate`, `endDate`) separately from the posts, which
//! may continue for weeks after the end and may lack a closing one. `status` stays `open` after the
//! end is known. Texts are HTML; a report, in HTML too, is the write-up.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default, without_nulls};
use crate::sources::record::{IncidentRecord, Record, UntimedPost, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(crate) struct YandexCloud;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    items: Option<&'a RawValue>,
    /// The response is itself an incident.
    #[serde(borrow, default)]
    comments: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default, rename = "startDate")]
    start: Option<Str<'a>>,
    #[serde(borrow, default, rename = "endDate")]
    end: Option<Str<'a>>,
    #[serde(borrow, default, rename = "createdAt")]
    created: Option<Str<'a>>,
    #[serde(borrow, default)]
    level: Option<Labelled<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    services: Vec<Labelled<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    comments: RawRecords<'a>,
    #[serde(borrow, default)]
    report: Option<Str<'a>>,
    #[serde(borrow, default, rename = "reportPublishedTime")]
    reported: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Labelled<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    label: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Comment<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Str<'a>>,
    #[serde(borrow, default)]
    content: Option<Str<'a>>,
    #[serde(borrow, default, rename = "createdAt")]
    created: Option<Str<'a>>,
}

impl Source for YandexCloud {
    fn id(&self) -> &'static str {
        "yandex-cloud"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords(&[("Minor", "minor"), ("Unavailable", "critical")])
    }

    fn about(&self) -> &'static str {
        "Yandex Cloud status: its list of incidents, or one with its report"
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
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        let matches = |at: &str| {
            let has = |field: &str| head.has(&format!("{at}.{field}"));
            has("startDate") && (has("comments") || has("levelId") || has("isReportPublished"))
        };
        // A report of many pages comes before most distinguishing fields.
        if matches(".items[]") || matches("") {
            Verdict::Yes
        } else if !head.is_whole() && head.has(".report") && head.has(".title") {
            Verdict::Maybe
        } else {
            Verdict::No("no incidents with `startDate` and `comments`")
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        let list = match (document.items, document.comments) {
            (Some(items), _) => api::list(Some(items), "`items`", &mut warnings),
            (None, Some(_)) => vec![json::parse(&decoded, decoded.body())?],
            (None, None) => return Err(ReadError::new("no `items` and no `comments` in it")),
        };
        let records =
            api::incidents::<Incident<'_>>(&list, "this incident", &mut warnings, incident);
        Ok(warnings.finished(records))
    }
}

fn incident(raw: &Incident<'_>, text: &str, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    let id = api::id(raw.id, "incident", text, warnings)?;
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of incident {id}"), warnings)
    };
    let (start, end, created) =
        (time(&raw.start, "startDate"), time(&raw.end, "endDate"), time(&raw.created, "createdAt"));
    let reported = time(&raw.reported, "reportPublishedTime");
    let mut posts = comments(&raw.comments, &id, warnings);
    let report = raw.report.as_deref().filter(|report| !report.trim().is_empty());
    match (report, reported) {
        (Some(report), Some(at)) => {
            let mut post =
                api::post("report".to_owned(), at, clean_markdown(report, TextKind::Html));
            post.state = Some(State::Postmortem);
            posts.push(post);
        }
        (Some(report), None) => {
            let text_of_it = clean_markdown(report, TextKind::Html);
            let post = UntimedPost {
                id: "report".to_owned(),
                ..api::untimed(None, Some(State::Postmortem), text_of_it)
            };
            warnings.untimed(text, &id, post);
        }
        (None, _) => {}
    }
    let updates = api::in_order_of_time(posts, true);
    let record = IncidentRecord {
        impact_word: raw.level.as_ref().and_then(|level| api::line(level.label.as_ref())),
        provider: Some("Yandex Cloud".to_owned()),
        impact_start: start,
        impact_end: end,
        announced: api::announced(created, &updates),
        resolved: end,
        state: (raw.status.as_deref() == Some("resolved")).then_some(State::Resolved),
        updates,
        components: api::ungrouped(
            raw.services.iter().filter_map(|service| api::line(service.name.as_ref())),
        ),
        ..IncidentRecord::new(id.clone(), api::title(raw.title.as_ref(), &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

fn comments(list: &[&RawValue], incident: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    let mut posts = Vec::with_capacity(list.len());
    for (raw, text) in
        api::records::<Comment<'_>>(list, &format!("a comment of incident {incident}"), warnings)
    {
        let what = format!("`createdAt` of a comment of incident {incident}");
        let body = raw
            .content
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Html))
            .unwrap_or_default();
        let state = match raw.kind.as_deref() {
            Some("investigation") => Some(State::Investigating),
            Some("update") => Some(State::Update),
            Some("resolved") => Some(State::Resolved),
            _ => None,
        };
        let Some(at) = api::time(raw.created.as_ref(), &what, warnings) else {
            warnings.untimed(text, incident, api::untimed(raw.id, state, body));
            continue;
        };
        let id = api::scalar(raw.id)
            .map_or_else(|| api::content_id(&[&at.to_string()]), |id| clean_line(&id));
        let mut post = api::post(id, at, body);
        api::take_edit(&mut post, text, warnings);
        post.state = state;
        posts.push(post);
    }
    posts
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Posts, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let items = list(all, |one| {
            let posts = list(&one.posts, |Post { at, text, edited, .. }| {
                format!(
                    r#"{{"id": {}, "type": "update", "content": "{text}", "createdAt": "{at}", "updatedAt": "{edited}"}}"#,
                    instant(at).timestamp()
                )
            });
            let Incident { number, title, revised, .. } = one;
            format!(
                r#"{{"id": {number}, "title": "{title}", "status": "open", "startDate": "{0}", "createdAt": "{0}", "updatedAt": "{revised}", "levelId": 2, "level": {{"label": "Unavailable"}}, "services": [], "comments": [{posts}]}}"#,
                one.first().at
            )
        });
        format!(r#"{{"items": [{items}], "count": {}}}"#, all.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    const INCIDENT: &str = r#"{"title": "Нет сети", "report": "<p><strong>Почему.</strong></p>", "isReportPublished": true,
        "reportPublishedTime": "2026-01-05T10:00:00.000Z", "id": 972, "status": "open", "startDate": "2026-01-01T10:00:00.000Z",
        "endDate": "2026-01-01T12:00:00.000Z", "createdAt": "2026-01-01T10:40:00.000Z", "levelId": 2, "level": {"label": "Unavailable"},
        "services": [{"id": 2, "name": "Compute"}, null], "comments": [
          {"id": 3, "type": "update", "content": "<p>Later &amp;amp; more</p>\n", "createdAt": "2026-01-20T10:00:00.000Z"},
          {"id": 2, "type": "resolved", "content": "<p>Over</p>\n", "createdAt": "2026-01-01T12:05:00.000Z"},
          {"id": 1, "type": "investigation", "content": "<p>Looking</p>\n", "createdAt": "2026-01-01T10:40:00.010Z"}, {"id": 9}, 5]}"#;

    #[test]
    fn impact_posts_and_report_are_separate() {
        for text in [INCIDENT.to_owned(), format!(r#"{{"items": [{INCIDENT}], "count": 1}}"#)] {
            let (incidents, warnings) = read(&YandexCloud, &text);
            let incident = &incidents[0];
            assert_eq!(
                outline(incident),
                [
                    "2026-01-01T10:40:00.010Z investigating Looking",
                    "2026-01-01T12:05:00Z resolved Over",
                    "2026-01-05T10:00:00Z postmortem **Почему.**",
                    "2026-01-20T10:00:00Z update Later \\&amp; more",
                ]
            );
            let shown = [incident.impact_start, incident.announced, incident.impact_end]
                .map(|at| at.unwrap().to_string());
            assert_eq!(
                shown,
                ["2026-01-01T10:00:00Z", "2026-01-01T10:40:00Z", "2026-01-01T12:00:00Z"]
            );
            assert_eq!((incident.id.as_str(), incident.state), ("972", None));
            assert_eq!(incident.components, [(String::new(), "Compute".to_owned())]);
            assert_eq!(warnings.len(), 2, "{warnings:?}");
        }
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &YandexCloud,
            essential: &["id"],
            refers: false,
            text: r#"{"items": [{"title": "A", "report": "text-a2", "reportPublishedTime": "2026-01-05T10:00:00.000Z", "id": 972, "status": "open", "startDate": "2026-01-01T10:00:00.000Z",
           "endDate": "2026-01-01T12:00:00.000Z", "createdAt": "2026-01-01T10:40:00.000Z", "levelId": 2, "level": {"label": "Unavailable"}, "services": [{"id": 2, "name": "Compute"}],
           "comments": [{"id": 3, "type": "update", "content": "text-a1", "createdAt": "2026-01-01T11:00:00.000Z"}]},
          {"title": "B", "id": 973, "status": "open", "createdAt": "2026-01-02T10:40:00.000Z", "comments": [{"id": 4, "type": "investigation", "content": "text-b1", "createdAt": "2026-01-02T10:40:00.010Z"}]}], "count": 2}"#,
        });
    }
}
