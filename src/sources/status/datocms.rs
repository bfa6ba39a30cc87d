//! DatoCMS's own status page: one JSON file per incident or maintenance, as in its repository.
//!
//! Updates are listed oldest first, with keys in any order. Further updates reopen an incident or
//! resolve it again. A maintenance has `scheduledTime` and its length in `minutes`, as text; its
//! `content` has no time. A file is identified by its name, since titles change.

use std::path::Path;

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
use crate::model::time::Moment;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, RawRecords, Str, null_is_default};
use crate::sources::record::{IncidentRecord, Record, SectionName, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(crate) struct DatoCms;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    impact: Option<Str<'a>>,
    #[serde(borrow, default)]
    content: Option<Str<'a>>,
    #[serde(borrow, default, rename = "scheduledTime")]
    scheduled: Option<Str<'a>>,
    #[serde(borrow, default)]
    minutes: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    components: Vec<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    updates: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    date: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    content: Option<Str<'a>>,
}

impl Source for DatoCms {
    fn id(&self) -> &'static str {
        "datocms-status"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords::COMMON
    }

    fn about(&self) -> &'static str {
        "DatoCMS status page: the JSON file of one incident or maintenance"
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
        // The name may come after long texts.
        let is_named = head.has(".name") || !head.is_whole();
        match head.has_all(&[".updates[].date", ".updates[].status", ".updates[].content"])
            && is_named
        {
            true => Verdict::Yes,
            false if head.has(".scheduledTime") && head.has(".minutes") => Verdict::Yes,
            false => Verdict::No("no `updates` with `date`, `status` and `content`"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let body = decoded.body();
        let document: Document<'_> = api::document(&decoded, body, &mut warnings)?;
        let mut record = record(&document, &file_id(&input.name), body, &mut warnings);
        record.iter_mut().for_each(|record| api::take_revision(record, body, &mut warnings));
        let records = record.map(Record::Incident).into_iter().collect();
        Ok(warnings.finished(records))
    }
}

/// The name of the file, without its extension.
fn file_id(name: &str) -> String {
    let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name);
    clean_line(stem)
}

fn record(
    raw: &Document<'_>,
    id: &str,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let updates = updates(&raw.updates, id, warnings);
    let scheduled = api::time(raw.scheduled.as_ref(), &"`scheduledTime`", warnings);
    let minutes = api::scalar(raw.minutes)
        .and_then(|minutes| minutes.parse::<i64>().ok())
        .map(TimeDelta::minutes);
    let until = scheduled.zip(minutes).and_then(|(from, length)| {
        Some(Moment::known_to(from.middle().checked_add_signed(length)?, from.precision()))
    });
    let content = raw.content.as_deref().map(|content| clean_markdown(content, TextKind::Markdown));
    let record = IncidentRecord {
        maintenance: scheduled.is_some(),
        impact_word: api::line(raw.impact.as_ref()),
        // A maintenance is announced by its undated content, not by its first update.
        announced: if scheduled.is_some() { None } else { api::announced(None, &updates) },
        scheduled: scheduled.map(|from| (from, until)),
        state: updates
            .iter()
            .rev()
            .find_map(|update| update.state.filter(|state| state.is_phase())),
        updates,
        components: api::ungrouped(raw.components.iter().map(|name| clean_line(name))),
        sections: content
            .filter(|text| !text.is_empty())
            .map(|text| (SectionName::Summary, text))
            .into_iter()
            .collect(),
        ..IncidentRecord::new(id.to_owned(), api::title(raw.name.as_ref(), id, text, warnings))
    };
    (scheduled.is_some() || api::has_time(&record, text, warnings)).then_some(record)
}

fn updates(list: &[&RawValue], incident: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    let mut found = Vec::with_capacity(list.len());
    for (raw, text) in
        api::records::<Update<'_>>(list, &format!("an update of {incident}"), warnings)
    {
        let body = raw
            .content
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Markdown))
            .unwrap_or_default();
        let word = api::line(raw.status.as_ref()).unwrap_or_default();
        let state = posts::state(&word);
        if state.is_none() {
            warnings.about(text, format!("an update of {incident} has the unknown state `{word}`"));
        }
        let Some(at) =
            api::time(raw.date.as_ref(), &format!("`date` of an update of {incident}"), warnings)
        else {
            warnings.untimed(text, incident, api::untimed(None, state, body));
            continue;
        };
        let mut post = api::post(api::content_id(&[&at.to_string(), &word]), at, body);
        api::take_edit(&mut post, text, warnings);
        post.state = state;
        found.push(post);
    }
    api::in_order_of_time(found, false)
}

#[cfg(test)]
mod sample {
    use crate::sources::input::Input;
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::inputs(format, IdOf::Number, Revision::Posts, written)
    }

    fn written(all: &[Incident<'_>]) -> Vec<Input> {
        all.iter()
        .map(|one| {
            let posts = list(&one.posts, |Post { at, word, text, edited }| {
                format!(
                    r#"{{"date": "{at}", "updatedAt": "{edited}", "status": "{word}", "content": "{text}"}}"#
                )
            });
            let Incident { number, title, revised, .. } = one;
            Input::new(
                format!("{number}.json"),
                format!(
                    r#"{{"updates": [{posts}], "impact": "major", "name": "{title}", "updatedAt": "{revised}", "components": ["api"]}}"#
                ),
            )
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::timeline::State;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    #[test]
    fn reopened_incident_is_read_oldest_first() {
        let text = r#"{"updates": [{"date": "2026-01-01T10:00:00.5Z", "status": "investigating", "content": "Slow."},
            {"content": "Over.", "date": "2026-01-01T11:00:00Z", "status": "resolved"}, {"date": "2026-01-01T12:00:00Z", "status": "investigating", "content": "Again."},
            {"date": "2026-01-02T12:00:00Z", "status": "resolved", "content": "Why."}, {"status": "resolved", "content": "Undated."}], "impact": "major", "name": "Slow API"}"#;
        let (incidents, warnings) = read(&DatoCms, text);
        assert_eq!(
            outline(&incidents[0]),
            [
                "2026-01-01T10:00:00.500Z investigating Slow.",
                "2026-01-01T11:00:00Z resolved Over.",
                "2026-01-01T12:00:00Z investigating Again.",
                "2026-01-02T12:00:00Z resolved Why.",
            ]
        );
        assert_eq!(
            (incidents[0].id.as_str(), incidents[0].impact_word.as_deref()),
            ("page", Some("major"))
        );
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }

    #[test]
    fn maintenance_has_its_plan_and_undated_text() {
        let text = r#"{"name": "Move", "scheduledTime": "2026-02-01T09:00:14Z", "minutes": "60", "content": "We move.", "components": ["api"],
            "updates": [{"date": "2026-02-01T09:00:20Z", "status": "in-progress", "content": "Begun."}]}"#;
        let (records, warnings) = read(&DatoCms, text);
        let record = &records[0];
        let (from, until) = record.scheduled.unwrap();
        assert_eq!(
            (from.to_string(), until.unwrap().to_string()),
            ("2026-02-01T09:00:14Z".into(), "2026-02-01T10:00:14Z".into())
        );
        assert_eq!(
            (record.maintenance, record.announced, record.state),
            (true, None, Some(State::InProgress))
        );
        assert_eq!(record.sections, [(SectionName::Summary, "We move.".to_owned())]);
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &DatoCms,
            essential: &[],
            refers: false,
            text: r#"{"updates": [{"date": "2026-01-01T10:00:00.5Z", "status": "investigating", "content": "text-a1"},
           {"content": "text-a2", "date": "2026-01-01T11:00:00Z", "status": "resolved"}], "impact": "major", "name": "Slow API", "components": ["api"]}"#,
        });
    }
}
