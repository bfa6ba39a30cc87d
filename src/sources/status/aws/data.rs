//! AWS's status page until 2022: `data.json`, in which an event concerns one service in one region.
//!
//! The posts of an event are one HTML text, oldest first. Their timestamps have a clock time and a
//! Pacific time label (`6:06 PM PDT`), and a day only if it differs from the event's day. The
//! `date` of the event is the time of its first post, mostly to the minute, so a first timestamp
//! without a day is on the nearest day. Posts have no states, so theirs stay unset.

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
use crate::model::time::{ClockStyle, Direction, Moment, Reading, Remark, Walk};
use crate::model::timeline::State;
use crate::model::zone::Zone;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, Str};
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The page's zone.
fn zone() -> Zone {
    "America/Los_Angeles".parse().expect("a place of the database")
}

/// The start of a post, before the timestamp.
const STAMP_OPENS: &str = "<span class=\"yellowfg\">";
const STAMP_CLOSES: &str = "</span>";

pub(crate) struct AwsData;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    archive: Option<&'a RawValue>,
    #[serde(borrow, default)]
    current: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, default)]
    service: Option<Str<'a>>,
    #[serde(borrow, default)]
    service_name: Option<Str<'a>>,
    #[serde(borrow, default)]
    summary: Option<Str<'a>>,
    #[serde(borrow, default)]
    date: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    description: Option<Str<'a>>,
}

impl Source for AwsData {
    fn id(&self) -> &'static str {
        "aws-data"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        IMPACTS
    }

    fn about(&self) -> &'static str {
        "AWS service health, until 2022: data.json"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/data.json"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        let is_event = |list: &str| {
            head.has(&format!("{list}[].service_name")) && head.has(&format!("{list}[].date"))
        };
        if is_event(".archive")
            || is_event(".current")
            || head.is_whole() && head.has_all(&[".archive", ".current"])
        {
            return Verdict::Yes;
        }
        // A long post may come before the distinguishing fields.
        if !head.is_whole()
            && (head.has(".archive[].description") || head.has(".current[].description"))
        {
            return Verdict::Maybe;
        }
        Verdict::No("no `archive` and `current` with events of services")
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone.or(Some(zone())));
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        if document.archive.is_none() && document.current.is_none() {
            return Err(ReadError::new("no `archive` and no `current` in it"));
        }
        let mut records = Vec::new();
        for (list, name) in [(document.archive, "`archive`"), (document.current, "`current`")] {
            let list = api::list(list, name, &mut warnings);
            records.extend(api::incidents(&list, "this event", &mut warnings, event));
        }
        Ok(warnings.finished(records))
    }
}

fn event(raw: &Event<'_>, text: &str, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    let summary = api::line(raw.summary.as_ref()).unwrap_or_default();
    let (title, is_marked) = without_mark(&summary);
    let Some(date) = api::epoch_time(raw.date, "`date` of this event", warnings) else {
        warnings.about(text, format!("the event \"{title}\" has no date and was left out"));
        return None;
    };
    let service = api::line(raw.service.as_ref())
        .or_else(|| api::line(raw.service_name.as_ref()))
        .unwrap_or_default();
    // The same name as in the page's feeds.
    let id = format!("{service}_{}", date.earliest().timestamp());
    let description = raw.description.as_ref().map_or("", |description| &**description);
    let updates = updates(description, date, &id, text, warnings);
    let name = api::line(raw.service_name.as_ref());
    let status = api::scalar(raw.status);
    let (impact, is_over) = level(status.as_deref());
    Some(IncidentRecord {
        impact_word: impact.map(str::to_owned),
        provider: Some("AWS".to_owned()),
        zone: Some("America/Los_Angeles".to_owned()),
        announced: api::announced(Some(date), &updates),
        state: (is_marked || is_over).then_some(State::Resolved),
        components: api::ungrouped(name.clone()),
        updates,
        ..IncidentRecord::new(id, named(title, name.as_deref()))
    })
}

/// The page's names for its numbers 1 to 3.
pub(super) const IMPACTS: SeverityWords =
    SeverityWords(&[("information", "none"), ("degradation", "minor"), ("disruption", "critical")]);

/// The word for a number, and whether the number means that all is well.
pub(super) fn level(status: Option<&str>) -> (Option<&'static str>, bool) {
    let number = status.and_then(|status| status.trim().parse::<usize>().ok());
    (number.and_then(|number| IMPACTS.word(number.checked_sub(1)?)), number == Some(0))
}

/// The summary without the marker for resolved events, and whether it had one.
pub(super) fn without_mark(summary: &str) -> (&str, bool) {
    let marks = ["[RESOLVED]", "[解決済み]", "[已解決]", "[已解决]"];
    let rest = marks.iter().find_map(|mark| summary.strip_prefix(mark));
    (rest.unwrap_or(summary).trim(), rest.is_some())
}

/// Many services have events with the same title at the same time, so the title includes the
/// service.
pub(super) fn named(summary: &str, service: Option<&str>) -> String {
    match service {
        Some(service) if summary.is_empty() => service.to_owned(),
        Some(service) => format!("{service}: {summary}"),
        None if summary.is_empty() => "AWS event".to_owned(),
        None => summary.to_owned(),
    }
}

fn updates(
    html: &str,
    date: Moment,
    event: &str,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Vec<UpdateRecord> {
    let reading = Reading { zone: Some(zone()), clock: ClockStyle::Twelve, ..Reading::default() };
    // The walk goes forward to the next occurrence of the clock time; from half a day earlier, that
    // is the nearest one.
    let mut walk =
        Walk::new(date.shifted(TimeDelta::hours(-12)).unwrap_or(date), Direction::Forward, reading);
    let mut posts: Vec<UpdateRecord> = Vec::new();
    let mut parts = html.split(STAMP_OPENS);
    let lead = parts.next().unwrap_or_default();
    for part in parts {
        let (stamp, body) = part.split_once(STAMP_CLOSES).unwrap_or(("", part));
        let at = match walk.next(&clean_line(stamp)) {
            Ok(read) => {
                // The anchor of the walk is not a time of the page.
                let is_first = posts.is_empty();
                for doubt in read
                    .doubts()
                    .filter(|doubt| !(is_first && matches!(doubt, Remark::OutOfOrder(_))))
                {
                    warnings
                        .about(text, format!("event {event}, `{}`: {doubt}", clean_line(stamp)));
                }
                read.moment
            }
            Err(error) => {
                warnings.about(text, format!("event {event}: {error}"));
                // The unreadable timestamp is kept in the text for people to read.
                let body = clean_markdown(&format!("{stamp} {body}"), TextKind::Html);
                warnings.untimed(text, event, api::untimed(None, None, body));
                continue;
            }
        };
        let id = api::content_id(&[&at.to_string()]);
        posts.push(api::post(id, at, clean_markdown(body, TextKind::Html)));
    }
    let lead = clean_markdown(lead, TextKind::Html);
    if !lead.is_empty() {
        // A text without any timestamp is dated to its event.
        posts.insert(0, api::post(api::content_id(&["first"]), date, lead));
    }
    api::in_order_of_time(posts, false)
}

#[cfg(test)]
mod sample {
    use std::fmt::Write as _;

    use crate::sources::sample::{IdOf, Incident, Revision, Sample, instant, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Content, Revision::None, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let events = list(all, |one| {
            let mut posts = String::new();
            for post in &one.posts {
                let stamp = (instant(post.at) - chrono::TimeDelta::hours(7)).format("%l:%M %p PDT");
                let text = post.text;
                let _ = write!(
                    posts,
                    r#"<div><span class=\"yellowfg\">{stamp}</span>&nbsp;{text}</div>"#
                );
            }
            format!(
                r#"{{"service_name": "Queues (Oregon)", "summary": "{}", "date": "{}", "status": "2", "details": "", "service": "queues-us-west-2", "description": "{posts}"}}"#,
                one.title,
                instant(one.first().at).timestamp()
            )
        });
        format!(r#"{{"archive": [{events}], "current": []}}"#)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    fn page(date: &str, summary: &str, posts: &[(&str, &str)]) -> String {
        let posts: String = posts
            .iter()
            .map(|(stamp, body)| {
                format!(r#"<div><span class=\"yellowfg\">{stamp}</span>&nbsp;{body}</div>"#)
            })
            .collect();
        format!(
            r#"{{"archive": [{{"service_name": "Queues (Oregon)", "summary": "{summary}", "date": {date}, "status": "2", "details": "",
             "description": "{posts}", "service": "queues-us-west-2"}}], "current": []}}"#
        )
    }

    #[test]
    fn times_without_a_day_continue_from_the_event_date() {
        // 2026-01-31 22:06:41 PST.
        let posts = [
            ("10:06 PM PST", "We <b>see</b> errors &amp;lt;5xx&gt;"),
            ("11:59 PM PST", "Still"),
            (" 1:30 AM PST", "Still"),
            ("Feb 2,  9:00 AM PST", "Over, between 9:42 PM and 1:00 AM PST"),
        ];
        let (incidents, warnings) =
            read(&AwsData, &page("\"1769926001\"", "[RESOLVED] Errors", &posts));
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            [
                "2026-02-01T06:06Z - We **see** errors \\&lt;5xx>",
                "2026-02-01T07:59Z - Still",
                "2026-02-01T09:30Z - Still",
                "2026-02-02T17:00Z - Over, between 9:42 PM and 1:00 AM PST",
            ]
        );
        assert_eq!(incident.id, "queues-us-west-2_1769926001");
        assert_eq!(incident.title, "Queues (Oregon): Errors");
        assert_eq!((incident.state, incident.resolved), (Some(State::Resolved), None));
        assert_eq!(incident.impact_word.as_deref(), Some("degradation"));
        assert_eq!(incident.announced.unwrap().to_string(), "2026-02-01T06:06Z");
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn first_time_is_the_one_nearest_to_the_event_date() {
        // 2026-07-01 23:59:00 PDT, and 00:01:00.
        for (date, stamp, at) in [
            ("1782975540", "12:01 AM PDT", "2026-07-02T07:01Z"),
            ("1782975660", "11:58 PM PDT", "2026-07-02T06:58Z"),
            ("1782975660", " 5:20 PM PDT", "2026-07-02T00:20Z"),
        ] {
            let (incidents, _) = read(&AwsData, &page(date, "Errors", &[(stamp, "x")]));
            assert_eq!(incidents[0].updates[0].at.to_string(), at, "{date} {stamp}");
            assert_eq!(incidents[0].state, None);
        }
    }

    #[test]
    fn unreadable_parts_are_reported_and_undated_posts_stored() {
        let text = page("1769926001", "Errors", &[("soon", "x"), ("10:10 PM PST", "y")])
            .replace("\"description\": \"", "\"description\": \"<p>Before</p>")
            .replace("[{\"service_name\"", "[5, {\"service\": \"x\"}, {\"service_name\"");
        let (incidents, warnings) = read(&AwsData, &text);
        assert_eq!(
            outline(&incidents[0]),
            ["2026-02-01T06:06:41Z - Before", "2026-02-01T06:10Z - y"]
        );
        for part in
            ["this event cannot be read", "has no date and was left out", "`soon` is not a time"]
        {
            assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:?}");
        }
    }

    #[test]
    fn edited_post_keeps_its_id_and_utf_16_is_read() {
        let text = page(
            "1769926001",
            "[解決済み] Errors",
            &[("10:10 PM PST", "y"), ("10:10 PM PST", "z")],
        );
        let bytes: Vec<u8> =
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let wide = AwsData.read(&Input::new("x", bytes), &ReadOptions::default()).unwrap().value;
        let (incidents, _) = read(&AwsData, &text);
        assert_eq!(wide, [Record::Incident(incidents[0].clone())]);
        let ids: Vec<_> = incidents[0].updates.iter().map(|update| &update.id).collect();
        assert!(ids.len() == 2 && ids[0] != ids[1]);
        let (edited, _) = read(&AwsData, &text.replace("&nbsp;y", "&nbsp;why"));
        assert_eq!(edited[0].updates[0].id, incidents[0].updates[0].id);
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &AwsData,
            essential: &["date"],
            refers: false,
            text: r#"{"archive": [
          {"service_name": "Queues (Oregon)", "summary": "[RESOLVED] A", "date": 1769925600, "status": "2", "details": "", "service": "queues-us-west-2",
           "description": "<div><span class=\"yellowfg\">10:06 PM PST</span>&nbsp;text-a1</div><div><span class=\"yellowfg\">11:59 PM PST</span>&nbsp;text-a2</div>"},
          {"service_name": "Tables (Oregon)", "summary": "B", "date": "1769935600", "status": "1", "details": "", "service": "tables-us-west-2",
           "description": "<div><span class=\"yellowfg\">11:06 PM PST</span>&nbsp;text-b1</div>"}], "current": []}"#,
        });
    }
}
