//! incident.io, in the format that it shares with Statuspage: `/api/v2/incidents.json` and
//! `summary.json`.
//!
//! Its ids are ULIDs, its page has no zone, empty lists are missing, and the list has 25 incidents.
//! `resolved_at` keeps the first end of a reopened incident, so the updates decide. The first ten
//! characters of a ULID are the millisecond of its creation, which reveals a backdated
//! `created_at`.

use super::FAMILY;
use chrono::TimeDelta;

use crate::diag::{Diagnostic, Place, Warned};
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::JsonHead;
use crate::sources::record::Record;
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::page_api::{Flavour, read_api, sniff_shape};
use crate::sources::status::kit::ulid::{is_incident_io, made_at};

/// The API returns at most this many incidents.
const API_CAP: usize = 25;

/// An id that is younger than its incident's times by more than this was not created with it.
const MADE_LATER: TimeDelta = TimeDelta::minutes(2);

pub(crate) struct IncidentIo;

impl Source for IncidentIo {
    fn id(&self) -> &'static str {
        FAMILY
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords::COMMON
    }

    fn about(&self) -> &'static str {
        "incident.io status page: incidents.json or summary.json of /api/v2"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/api/v2/incidents.json", "/api/v2/summary.json"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head) if is_incident_io(&head) => sniff_shape(&head),
            Some(_) => Verdict::No("no page or incidents with ULIDs in it"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let flavour = Flavour {
            cap: API_CAP,
            cap_hint: "import regularly and none is missed; this API has no older ones",
            is_paged: false,
            wants: "this reader wants the answer of /api/v2/incidents.json, or one like it",
        };
        let mut read = read_api(input, options, flavour)?;
        read.warnings.extend(dated_back(&read.value, input));
        Ok(read)
    }
}

/// One note for all incidents whose ids were created well after their stated announcement. That may
/// be intentional, and is so for every incident migrated from another product.
fn dated_back(records: &[Record], input: &Input) -> Option<Diagnostic> {
    let made_later = |record: &&Record| match record {
        Record::Incident(incident) => made_at(&incident.id)
            .zip(incident.announced)
            .is_some_and(|(made, announced)| made - announced.latest() > MADE_LATER),
        Record::Event(_) | Record::Series(_) | Record::Document(_) => false,
    };
    let Some(Record::Incident(first)) = records.iter().find(made_later) else { return None };
    let count = records.iter().filter(made_later).count();
    let (which, made) =
        (&first.id, made_at(&first.id)?.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    let message = match count {
        1 => format!("incident {which} was made at {made}, as its id says, and is dated back"),
        _ => format!(
            "{count} incidents are dated back, as their ids say: {which}, for one, was made at {made}"
        ),
    };
    let decoded = decode::decode(&input.bytes).ok()?;
    let start = decoded.text.find(which.as_str()).unwrap_or_default();
    let place = Place::new(input.name.as_str(), &decoded.text, start..start + which.len());
    Some(Diagnostic::note(message).at(place))
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{HOME, IdOf, Incident, Post, Revision, Sample, list, shown};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Posts, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let ulid = |tail: &str| {
            let letters: String = tail.chars().filter(char::is_ascii_digit).collect();
            format!("01KDVZ4QW0{letters:0>16}")
        };
        let incidents = list(all, |one| {
            let posts = list(one.newest(), |Post { at, word, text, edited }| {
                format!(
                    r#"{{"id": "{}", "status": "{word}", "body": "{text}", "created_at": "{at}", "updated_at": "{edited}", "display_at": "{at}"}}"#,
                    ulid(&shown(at, "%m%d%H%M"))
                )
            });
            let Incident { number, link, title, revised, .. } = one;
            format!(
                r#"{{"id": "{}", "name": "{title}", "status": "{}", "impact": "minor", "shortlink": "{link}", "created_at": "{}", "updated_at": "{revised}", "incident_updates": [{posts}]}}"#,
                ulid(number),
                one.last().word,
                one.first().at
            )
        });
        format!(
            r#"{{"page": {{"id": "{}", "name": "Example", "url": "{HOME}"}}, "incidents": [{incidents}]}}"#,
            ulid("1")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    /// Created at 2026-01-01T10:00:00Z.
    const ID: &str = "01KDWFZY800000000000000000";

    fn page(updates: &str) -> String {
        format!(
            r#"{{"page": {{"id": "{ID}", "name": "Example", "url": "https://status.example.com/"}}, "incidents": [
            {{"id": "{ID}", "name": "Errors", "status": "resolved", "impact": "minor", "created_at": "2026-01-01T10:00:00Z",
              "resolved_at": "2026-01-01T10:30:00Z", "updated_at": "2026-01-01T10:30:00Z", "incident_updates": [{updates}]}}]}}"#
        )
    }

    fn update(id: &str, status: &str, shown: &str, created: &str) -> String {
        format!(
            r#"{{"id": "{id}", "status": "{status}", "body": "{id}", "display_at": "{shown}", "created_at": "{created}"}}"#
        )
    }

    #[test]
    fn ulid_gives_its_creation_time() {
        let made = |id: &str| {
            made_at(id).map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
        };
        // The example of the specification.
        assert_eq!(made("01ARZ3NDEKTSV4RRFFQ69G5FAV").as_deref(), Some("2016-07-30T23:54:10.259Z"));
        assert_eq!(made(ID).as_deref(), Some("2026-01-01T10:00:00.000Z"));
        for id in [
            "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "01ARZ3NDEKTSV4RRFFQ69G5FAU",
            "01ARZ3NDEK",
            "hm7491k53ppg",
            "",
        ] {
            assert_eq!(made(id), None, "{id}");
        }
    }

    #[test]
    fn ulid_incident_id_identifies_the_format() {
        let ours = page("");
        let theirs = ours.replace(ID, "hm7491k53ppg");
        let with_zone = ours.replace("\"name\": \"Example\"", "\"time_zone\": \"Etc/UTC\"");
        for (text, is_ours) in [(&ours, true), (&theirs, false), (&with_zone, false)] {
            let input = Input::new("x", text.as_str());
            assert_eq!(IncidentIo.sniff(&input) == Verdict::Yes, is_ours, "{text}");
        }
        let quiet = format!(
            r#"{{"page": {{"id": "{ID}", "name": "P", "updated_at": "2026-01-01T10:00:00Z"}}, "components": []}}"#
        );
        assert_eq!(IncidentIo.sniff(&Input::new("x", quiet.as_str())), Verdict::Yes);
    }

    #[test]
    fn reopened_incident_ends_with_its_last_update() {
        let (incidents, warnings) = read(
            &IncidentIo,
            &page(
                &[
                    update("c", "resolved", "2026-01-01T11:30:00Z", "2026-01-01T11:30:00Z"),
                    update("b", "monitoring", "2026-01-01T10:32:00Z", "2026-01-01T10:32:00Z"),
                    update("a", "resolved", "2026-01-01T10:30:00Z", "2026-01-01T10:30:00Z"),
                ]
                .join(","),
            ),
        );
        assert_eq!(
            outline(&incidents[0]),
            [
                "2026-01-01T10:30:00Z resolved a",
                "2026-01-01T10:32:00Z monitoring b",
                "2026-01-01T11:30:00Z resolved c"
            ]
        );
        assert_eq!(
            incidents[0].url.as_deref(),
            Some(format!("https://status.example.com/incidents/{ID}").as_str())
        );
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("`resolved_at` says 2026-01-01T10:30:00Z"), "{warnings:?}");
    }

    #[test]
    fn backdating_is_reported_once_and_both_times_stored() {
        let (incidents, warnings) = read(
            &IncidentIo,
            &page(&update("a", "monitoring", "2026-01-01T07:10:00Z", "2026-01-01T10:00:00Z")),
        );
        assert_eq!(incidents[0].announced.unwrap().to_string(), "2026-01-01T07:10:00Z");
        assert_eq!(
            incidents[0].updates[0].created.unwrap().to_rfc3339(),
            "2026-01-01T10:00:00+00:00"
        );
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("was made at 2026-01-01T10:00:00Z"), "{warnings:?}");
    }

    #[test]
    fn maintenances_are_recognised_and_the_cap_is_reported() {
        let text = page(&update(
            "a",
            "maintenance_scheduled",
            "2026-01-01T10:00:00Z",
            "2026-01-01T10:00:00Z",
        ))
        .replace("\"status\": \"resolved\"", "\"status\": \"maintenance_in_progress\"");
        let (incidents, _) = read(&IncidentIo, &text);
        assert!(incidents[0].maintenance);
        let many =
            vec![
                format!(r#"{{"id": "{ID}", "name": "n", "created_at": "2026-01-01T10:00:00Z"}}"#);
                API_CAP
            ];
        let (_, warnings) = read(
            &IncidentIo,
            &format!(
                r#"{{"page": {{"id": "{ID}", "name": "P", "updated_at": ""}}, "incidents": [{}]}}"#,
                many.join(",")
            ),
        );
        assert!(
            warnings.iter().any(|warning| warning.contains("25 most recent incidents only")),
            "{warnings:?}"
        );
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &IncidentIo,
            essential: &["id"],
            refers: true,
            text: r#"{"page": {"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6A", "name": "Example", "url": "https://status.example.com/"}, "incidents": [
          {"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6B", "name": "A", "status": "resolved", "impact": "minor", "created_at": "2026-01-01T10:00:00Z", "resolved_at": "2026-01-01T10:30:00Z", "updated_at": "2026-01-01T10:30:00Z",
           "incident_updates": [{"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6C", "status": "resolved", "body": "text-a2", "display_at": "2026-01-01T10:30:00Z", "created_at": "2026-01-01T10:30:00Z"},
             {"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6D", "status": "investigating", "body": "text-a1", "display_at": "2026-01-01T10:00:00Z", "created_at": "2026-01-01T10:00:00Z"}]},
          {"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6E", "name": "B", "status": "investigating", "impact": "minor", "created_at": "2026-01-02T10:00:00Z",
           "incident_updates": [{"id": "01KDVZ4QW0Y1S7RDZB4Y6B3V6F", "status": "investigating", "body": "text-b1", "display_at": "2026-01-02T10:00:00Z", "created_at": "2026-01-02T10:00:00Z"}]}]}"#,
        });
    }
}
