//! Heroku status, API v3 (`/api/v3/issues`) and v4 (`/api/v4/incidents`, `/api/v4/current-status`).
//!
//! The two differ by one field, `state`, which only v4 has. Version 3 writes `Z` after San
//! Francisco local time: a post that says "7:26 PM PDT (02:26 UTC)" has the timestamp 19:26 `Z`.
//! Its times are read as the Pacific times that they are, with a warning. `updated_at` was set in
//! bulk months later: it shows which of two copies of an issue is newer, and nothing about a post.
//! In v4, `resolved` and `duration` disagree with the posts, so only the posts are used.

use chrono::DateTime;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Warned};
use crate::model::time::{Moment, Precision};
use crate::model::timeline::State;
use crate::model::zone::Zone;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default, without_nulls};
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The zone of the old timestamps.
const SAN_FRANCISCO: &str = "America/Los_Angeles";

pub(crate) struct Heroku;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    incidents: Option<&'a RawValue>,
    #[serde(borrow, default)]
    scheduled: Option<&'a RawValue>,
    /// The response is itself an issue.
    #[serde(borrow, default)]
    updates: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Issue<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    /// Only version 4 has it.
    #[serde(borrow, default)]
    state: Option<Str<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    updated_at: Option<Str<'a>>,
    #[serde(default)]
    upcoming: Option<bool>,
    #[serde(borrow, default)]
    full_url: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    systems: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    updates: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    contents: Option<Str<'a>>,
    #[serde(borrow, default)]
    update_type: Option<Str<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Str<'a>>,
    /// Version 3: the state for production apps, and for development apps.
    #[serde(borrow, default)]
    status_prod: Option<Str<'a>>,
    #[serde(borrow, default)]
    status_dev: Option<Str<'a>>,
}

impl Source for Heroku {
    fn id(&self) -> &'static str {
        "heroku"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        COLOURS
    }

    fn about(&self) -> &'static str {
        "Heroku status: issues of /api/v3, incidents or current-status of /api/v4"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/api/v4/incidents", "/api/v4/current-status"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        for at in ["", "[]", ".incidents[]", ".scheduled[]"] {
            let has = |field: &str| head.has(&format!("{at}.{field}"));
            let is_third = has("status_prod") && has("upcoming");
            if is_third
                || has("full_url") && has("state")
                || has("updates[].update_type") && has("updates[].contents")
            {
                return Verdict::Yes;
            }
        }
        if head.has_all(&[".status[].system", ".incidents", ".scheduled"]) {
            return Verdict::Yes;
        }
        Verdict::No("no issues with `full_url` or `update_type`")
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let body = decoded.body();
        let mut lists: Vec<(RawRecords<'_>, bool)> = Vec::new();
        if body.starts_with('[') {
            lists.push((json::parse(&decoded, body)?, false));
        } else {
            let document: Document<'_> = api::document(&decoded, body, &mut warnings)?;
            if document.updates.is_some() {
                lists.push((vec![json::parse(&decoded, body)?], false));
            } else if document.incidents.is_none() && document.scheduled.is_none() {
                return Err(ReadError::new("no issue and no `incidents` in it"));
            }
            lists.push((api::list(document.incidents, "`incidents`", &mut warnings), false));
            lists.push((api::list(document.scheduled, "`scheduled`", &mut warnings), true));
        }
        let mut records = Vec::new();
        let mut is_pacific = false;
        for (list, is_planned) in lists {
            records.extend(api::incidents::<Issue<'_>>(
                &list,
                "this issue",
                &mut warnings,
                |raw, text, warnings| {
                    is_pacific |= raw.state.is_none();
                    issue(raw, is_planned, text, warnings)
                },
            ));
        }
        if is_pacific {
            let message = "version 3 of this API writes `Z` after Pacific wall clock times; they were read as Pacific times";
            warnings.say(Diagnostic::warning(message).hint("compare one with a time in its text"));
        }
        Ok(warnings.finished(records))
    }
}

fn issue(
    raw: &Issue<'_>,
    is_planned: bool,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = api::id(raw.id, "issue", text, warnings)?;
    let is_pacific = raw.state.is_none();
    let created =
        time(raw.created_at.as_ref(), is_pacific, &format!("`created_at` of issue {id}"), warnings);
    let revised =
        time(raw.updated_at.as_ref(), is_pacific, &format!("`updated_at` of issue {id}"), warnings);
    let updates = updates(&raw.updates, is_pacific, &id, warnings);
    let worst = updates.iter().filter_map(|(_, colour)| *colour).max();
    let posts: Vec<UpdateRecord> = updates.into_iter().map(|(post, _)| post).collect();
    let posts = api::in_order_of_time(posts, true);
    let is_over = posts.iter().rfind(|post| post.state.is_some_and(State::is_phase));
    let systems = raw.systems.iter().filter_map(|system| api::scalar(Some(system)));
    let maintenance = is_planned || raw.upcoming == Some(true);
    let record = IncidentRecord {
        maintenance,
        impact_word: worst.map(|colour| COLOURS.word(colour).unwrap_or_default().to_owned()),
        url: api::link(raw.full_url.as_ref()),
        provider: Some("Heroku".to_owned()),
        announced: api::announced(created, &posts),
        state: match is_over.and_then(|post| post.state) {
            None if maintenance => Some(State::Scheduled),
            state => state,
        },
        components: api::ungrouped(systems.map(|system| clean_line(&system))),
        revised: api::revised(revised, &posts),
        updates: posts,
        ..IncidentRecord::new(id.clone(), api::title(raw.title.as_ref(), &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

/// From healthy to worst.
const COLOURS: SeverityWords =
    SeverityWords(&[("green", "none"), ("yellow", "major"), ("red", "critical")]);

fn updates(
    list: &[&RawValue],
    is_pacific: bool,
    issue: &str,
    warnings: &mut Warnings<'_>,
) -> Vec<(UpdateRecord, Option<usize>)> {
    let mut posts = Vec::with_capacity(list.len());
    for (raw, text) in
        api::records::<Update<'_>>(list, &format!("an update of issue {issue}"), warnings)
    {
        let what = format!("`created_at` of an update of issue {issue}");
        let body = raw
            .contents
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Markdown))
            .unwrap_or_default();
        let state = match raw.update_type.as_deref() {
            Some("issue" | "investigating") => Some(State::Investigating),
            Some("update") => Some(State::Update),
            Some("resolved") => Some(State::Resolved),
            _ => None,
        };
        let Some(at) = time(raw.created_at.as_ref(), is_pacific, &what, warnings) else {
            warnings.untimed(text, issue, api::untimed(raw.id, state, body));
            continue;
        };
        let id = api::scalar(raw.id)
            .map_or_else(|| api::content_id(&[&at.to_string()]), |id| clean_line(&id));
        let mut post = api::post(id, at, body);
        post.state = state;
        let colours = [&raw.status_prod, &raw.status_dev].into_iter().flatten();
        let colour =
            colours.filter_map(|word| COLOURS.words().position(|colour| colour == &**word)).max();
        posts.push((post, colour));
    }
    posts
}

/// Reads a time; with `is_pacific` as San Francisco local time, whatever the text says.
fn time(
    field: Option<&Str<'_>>,
    is_pacific: bool,
    what: &str,
    warnings: &mut Warnings<'_>,
) -> Option<Moment> {
    let moment = api::time(field, &what, warnings)?;
    // A time with its own offset is unambiguous.
    if !is_pacific || !field.is_some_and(|text| text.trim_end().ends_with('Z')) {
        return Some(moment);
    }
    let wall: DateTime<_> = moment.earliest();
    // In a repeated hour the reading is ambiguous, so both are kept.
    match SAN_FRANCISCO.parse::<Zone>().unwrap_or(Zone::UTC).instant(wall.naive_utc()) {
        Ok(instant) => Some(Moment::known_to(instant, moment.precision())),
        Err(error) => {
            let [first, second] =
                error.readings.map(|reading| Moment::known_to(reading.to_utc(), Precision::Second));
            Moment::between(first.min(second), first.max(second)).ok()
        }
    }
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Incident, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let incidents = list(all, |one| {
            let posts = list(&one.posts, |Post { at, word, text, edited }| {
                format!(
                    r#"{{"id": {}, "contents": "{text}", "update_type": "{word}", "created_at": "{at}", "updated_at": "{edited}"}}"#,
                    instant(at).timestamp()
                )
            });
            let Incident { number, title, revised, .. } = one;
            format!(
                r#"{{"id": {number}, "title": "{title}", "state": "resolved", "created_at": "{}", "updated_at": "{revised}", "systems": ["Apps"], "updates": [{posts}]}}"#,
                one.first().at
            )
        });
        format!(
            r#"{{"status": [{{"system": "Apps", "status": "yellow"}}], "incidents": [{incidents}], "scheduled": []}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    fn third(created: &str) -> String {
        format!(
            r#"{{"created_at": "{created}", "id": 7, "resolved": true, "status_dev": "green", "status_prod": "green", "title": "Errors",
             "upcoming": false, "updated_at": "2015-06-22T23:41:08Z", "full_url": "https://status.example.com/incidents/7", "updates": [
              {{"contents": "Fixed.", "created_at": "2014-04-01T19:26:00Z", "id": 3, "status_dev": "green", "status_prod": "green", "title": null, "update_type": "resolved", "updated_at": "2015-06-22T23:41:08Z"}},
              {{"contents": "Known.", "created_at": "2014-04-01T18:00:00Z", "id": 2, "status_dev": "red", "status_prod": "yellow", "update_type": "update"}},
              {{"contents": "Errors.", "created_at": "{created}", "id": 1, "status_dev": "yellow", "status_prod": "green", "update_type": "issue"}}]}}"#
        )
    }

    #[test]
    fn version_3_pacific_times_marked_utc_are_corrected_and_reported() {
        for text in [third("2014-04-01T17:16:00Z"), format!("[{}]", third("2014-04-01T17:16:00Z"))]
        {
            let (incidents, warnings) = read(&Heroku, &text);
            let incident = &incidents[0];
            assert_eq!(
                outline(incident),
                [
                    "2014-04-02T00:16:00Z investigating Errors.",
                    "2014-04-02T01:00:00Z update Known.",
                    "2014-04-02T02:26:00Z resolved Fixed.",
                ]
            );
            assert_eq!((incident.id.as_str(), incident.state), ("7", Some(State::Resolved)));
            assert_eq!(incident.impact_word.as_deref(), Some("red"));
            assert!(incident.updates.iter().all(|update| update.edited.is_none()));
            assert_eq!(warnings.len(), 1, "{warnings:?}");
            assert!(warnings[0].contains("Pacific wall clock"), "{warnings:?}");
        }
    }

    #[test]
    fn repeated_hour_is_an_interval_of_both_readings() {
        let (incidents, _) = read(&Heroku, &third("2013-11-03T01:30:00Z"));
        assert_eq!(
            incidents[0].updates[0].at.to_string(),
            "2013-11-03T08:30:00Z..2013-11-03T09:30:00Z"
        );
    }

    #[test]
    fn version_4_is_utc_and_only_its_posts_count() {
        let text = r#"{"status": [{"system": "Apps", "status": "yellow"}], "incidents": [
            {"id": 2500, "title": "Slow", "state": "open", "resolved": false, "resolved_at": "2026-01-01T09:00:00Z", "duration": "9h",
             "created_at": "2026-01-01T10:00:00.000Z", "full_url": "https://status.example.com/incidents/2500", "systems": ["Apps", "Tools"],
             "updates": [{"id": 1, "contents": "Slow.", "update_type": "investigating", "created_at": "2026-01-01T10:00:00.000Z"},
                         {"id": 2, "contents": "Timeless."}, 5]}],
            "scheduled": [{"id": 2501, "title": "Work", "state": "scheduled", "created_at": "2026-01-02T10:00:00.000Z", "updates": []}]}"#;
        let (incidents, warnings) = read(&Heroku, text);
        assert_eq!(outline(&incidents[0]), ["2026-01-01T10:00:00Z investigating Slow."]);
        assert_eq!((incidents[0].resolved, incidents[0].components.len()), (None, 2));
        assert!(incidents[1].maintenance && !incidents[0].maintenance);
        assert_eq!(incidents[1].scheduled, None, "the planned time is not in the record");
        assert_eq!(warnings.len(), 2, "{warnings:?}");
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &Heroku,
            essential: &["id"],
            refers: false,
            text: r#"{"status": [{"system": "Apps", "status": "yellow"}], "incidents": [
          {"id": 2500, "title": "A", "state": "open", "resolved": false, "duration": "9h", "created_at": "2026-01-01T10:00:00.000Z", "systems": ["Apps"],
           "updates": [{"id": 1, "contents": "text-a1", "update_type": "investigating", "created_at": "2026-01-01T10:00:00.000Z"},
             {"id": 2, "contents": "text-a2", "update_type": "update", "created_at": "2026-01-01T11:00:00.000Z"}]},
          {"id": 2501, "title": "B", "state": "open", "created_at": "2026-01-02T10:00:00.000Z", "updates": [{"id": 3, "contents": "text-b1", "created_at": "2026-01-02T10:00:00.000Z"}]}], "scheduled": []}"#,
        });
    }
}
