//! The AWS Health Dashboard: `currentevents` and `historyevents`, in UTF-16.
//!
//! The first is an array of events with an `arn` and an `event_log`; the second has such an array
//! for each service in a region, and may repeat an event. Times are epoch numbers, with seconds and
//! milliseconds mixed in one file. An event has no end; a post with status 0 says that all is well
//! again.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead, RawRecords, Str, null_is_default};
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::aws::data::{IMPACTS, level, named, without_mark};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_markdown};

pub(crate) struct AwsEvents;

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, default)]
    arn: Option<Str<'a>>,
    #[serde(borrow, default)]
    date: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    region_name: Option<Str<'a>>,
    #[serde(borrow, default)]
    service_name: Option<Str<'a>>,
    #[serde(borrow, default)]
    summary: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    event_log: RawRecords<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    impacted_services: BTreeMap<Str<'a>, &'a RawValue>,
}

#[derive(Deserialize)]
struct Service<'a> {
    #[serde(borrow, default)]
    service_name: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Post<'a> {
    #[serde(borrow, default)]
    summary: Option<Str<'a>>,
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    timestamp: Option<&'a RawValue>,
}

impl Source for AwsEvents {
    fn id(&self) -> &'static str {
        "aws-events"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        IMPACTS
    }

    fn about(&self) -> &'static str {
        "AWS Health Dashboard: public/currentevents or public/historyevents"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/public/currentevents"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head) if head.has_all(&["[].arn", "[].event_log"]) => Verdict::Yes,
            Some(head)
                if head.has_below_a_key("[].arn") && head.has_below_a_key("[].event_log") =>
            {
                Verdict::Yes
            }
            // A long text may come before the distinguishing fields.
            Some(head) if head.has("[].arn") && !head.is_whole() && !head.has_ended("[]") => {
                Verdict::Maybe
            }
            Some(_) => Verdict::No("no list of events with `arn` and `event_log`"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let body = decoded.body();
        let list: RawRecords<'_> = if body.starts_with('{') {
            let services: BTreeMap<Str<'_>, Option<RawRecords<'_>>> =
                api::document(&decoded, body, &mut warnings)?;
            services.into_values().flatten().flatten().collect()
        } else {
            json::parse(&decoded, body)?
        };
        let events = api::incidents(&list, "this event", &mut warnings, event);
        let mut known = BTreeSet::new();
        let mut is_new = |record: &Record| match record {
            Record::Incident(event) => known.insert((event.id.clone(), event.title.clone())),
            _ => true,
        };
        let records = events.into_iter().filter(|record| is_new(record)).collect();
        Ok(warnings.finished(records))
    }
}

fn event(raw: &Event<'_>, text: &str, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    let Some(id) = api::line(raw.arn.as_ref()) else {
        warnings.about(text, "this event has no arn and was left out");
        return None;
    };
    let date = api::epoch_time(raw.date, &format!("`date` of event {id}"), warnings);
    let updates = updates(&raw.event_log, &id, warnings);
    let (impact, is_over) = level(api::scalar(raw.status).as_deref());
    let mut services = Vec::new();
    for service in raw.impacted_services.values() {
        let service: Option<Service<'_>> = api::record(service, "an impacted service", warnings);
        services.extend(service.and_then(|service| api::line(service.service_name.as_ref())));
    }
    let own = api::line(raw.service_name.as_ref());
    if services.is_empty() {
        services.extend(own.clone());
    }
    let region = api::line(raw.region_name.as_ref()).unwrap_or_default();
    let summary = api::line(raw.summary.as_ref()).unwrap_or_default();
    let (summary, is_marked) = without_mark(&summary);
    let place = match (own, region.is_empty()) {
        (Some(own), false) => Some(format!("{own} ({region})")),
        (own, _) => own,
    };
    let components =
        api::ungrouped(services).into_iter().map(|(_, name)| (region.clone(), name)).collect();
    let record = IncidentRecord {
        impact_word: impact.map(str::to_owned),
        provider: Some("AWS".to_owned()),
        announced: api::announced(date, &updates),
        state: (is_marked || is_over).then_some(State::Resolved),
        updates,
        components,
        ..IncidentRecord::new(id, named(summary, place.as_deref()))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

fn updates(list: &[&RawValue], event: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    let mut posts = Vec::with_capacity(list.len());
    for (raw, text) in
        api::records::<Post<'_>>(list, &format!("an update of event {event}"), warnings)
    {
        let body =
            [&raw.message, &raw.summary].into_iter().flatten().find(|text| !text.trim().is_empty());
        let body = body.map(|text| clean_markdown(text, TextKind::Html)).unwrap_or_default();
        let is_over = level(api::scalar(raw.status).as_deref()).1;
        let Some(at) = api::epoch_time(
            raw.timestamp,
            &format!("`timestamp` of an update of event {event}"),
            warnings,
        ) else {
            warnings.untimed(text, event, api::untimed(None, None, body));
            continue;
        };
        let mut post = api::post(api::content_id(&[&at.to_string()]), at, body);
        post.state = is_over.then_some(State::Resolved);
        posts.push(post);
    }
    let mut posts = api::in_order_of_time(posts, false);
    // If another level follows, this was not the end.
    let end = posts.iter().rposition(|post| post.state.is_none()).unwrap_or_default();
    posts.iter_mut().take(end).for_each(|post| post.state = None);
    posts
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::None, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let events = list(all, |one| {
            let posts = list(&one.posts, |Post { at, word, text, .. }| {
                format!(
                    r#"{{"summary": "s", "message": "{text}", "status": {}, "timestamp": {}}}"#,
                    u8::from(*word != "resolved"),
                    instant(at).timestamp()
                )
            });
            format!(
                r#"{{"arn": "arn:aws:health:eu-south-9::event/QUEUES/{}", "date": "{}", "status": "1", "service": "queues", "service_name": "Queues", "summary": "{}", "event_log": [{posts}]}}"#,
                one.number,
                instant(one.first().at).timestamp(),
                one.title
            )
        });
        format!("[{events}]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    const PAGE: &str = r#"[{"date": "1772369485", "arn": "arn:aws:health:eu-south-9::event/QUEUES/1", "region_name": "Rome",
        "status": "3", "service": "queues-eu-south-9", "service_name": "Queues", "summary": "Increased errors",
        "event_log": [
          {"summary": "Increased errors", "message": "We are <i>investigating</i>.", "status": 1, "timestamp": 1772369485},
          {"summary": "Increased errors", "message": "Fewer.", "status": 0, "timestamp": 1772369600},
          {"summary": "Increased errors", "message": "Again.", "status": "3", "timestamp": "1772370000"},
          {"summary": "[RESOLVED]", "message": "", "status": 0, "timestamp": 1772373600500}, 5, {"message": "when"}],
        "impacted_services": {"queues": {"service_name": "Queues", "current": "3", "max": "3"}, "topics": {"service_name": "Topics"}},
        "impacted_service_status_changes": [{"service": "queues", "timestamp": 1772369485000}]}, {"summary": "x"}]"#;

    #[test]
    fn seconds_and_milliseconds_are_distinguished_and_the_last_zero_is_the_end() {
        let (incidents, warnings) = read(&AwsEvents, PAGE);
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            [
                "2026-03-01T12:51:25Z - We are *investigating*.",
                "2026-03-01T12:53:20Z - Fewer.",
                "2026-03-01T13:00:00Z - Again.",
                "2026-03-01T14:00:00.500Z resolved [RESOLVED]",
            ]
        );
        assert_eq!(incident.title, "Queues (Rome): Increased errors");
        assert_eq!((incident.state, incident.impact_word.as_deref()), (None, Some("disruption")));
        let named = ["Queues", "Topics"].map(|name| ("Rome".to_owned(), name.to_owned()));
        assert_eq!(incident.components, named);
        for part in ["cannot be read", "has no time that can be read", "this event has no arn"] {
            assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:?}");
        }
        assert_eq!((incidents.len(), warnings.len()), (1, 3), "{warnings:?}");
    }

    #[test]
    fn utf_16_with_byte_order_mark_is_claimed_and_read() {
        let bytes: Vec<u8> =
            std::iter::once(0xFEFF).chain(PAGE.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let input = Input::new("x", bytes);
        assert_eq!(AwsEvents.sniff(&input), Verdict::Yes);
        assert_eq!(AwsEvents.read(&input, &ReadOptions::default()).unwrap().value.len(), 1);
    }

    #[test]
    fn history_lists_by_service_give_each_event_once() {
        let event = r#"{"arn": "arn:aws:health:x::event/1", "date": "1767261600", "status": "0", "summary": "Slow", "event_log": [{"message": "Over.", "status": 0, "timestamp": 1767265200}]}"#;
        let text = format!(
            r#"{{"ec2-us-east-1": [{event}], "none": null, "s3-us-east-1": [{event}, {{"arn": 5}}]}}"#
        );
        let (incidents, warnings) = read(&AwsEvents, &text);
        assert_eq!(incidents.len(), 1);
        assert_eq!(outline(&incidents[0]), ["2026-01-01T11:00:00Z resolved Over."]);
        assert!(warnings[0].contains("`arn` of this event is ignored"), "{warnings:?}");
        assert!(warnings[1].contains("has no arn and was left out"), "{warnings:?}");
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &AwsEvents,
            essential: &["arn"],
            refers: false,
            text: r#"[{"arn": "arn:aws:health:x::event/A", "date": "1767261600", "status": "0", "summary": "A", "service": "ec2", "service_name": "EC2", "region_name": "Rome",
           "impacted_services": {"ec2": {"service_name": "EC2", "current": "0", "max": "2"}},
           "event_log": [{"summary": "s", "message": "text-a1", "status": 1, "timestamp": 1767261600}, {"message": "text-a2", "status": 0, "timestamp": 1767265200}]},
          {"arn": "arn:aws:health:x::event/B", "date": "1767361600", "status": "1", "summary": "B", "event_log": [{"message": "text-b1", "status": 1, "timestamp": 1767361600}]}]"#,
        });
    }
}
