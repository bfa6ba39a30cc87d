//! Instatus: `summary.json`, the ongoing incidents.
//!
//! It has no posts and no history; those are in the feeds. Empty lists are absent. States and
//! impacts are uppercase; `UP` does not mean that nothing is open.

use super::FAMILY;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Warned};
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, Str};
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;

pub(crate) struct Instatus;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    page: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "activeIncidents")]
    incidents: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "activeMaintenances")]
    maintenances: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Page<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    started: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    impact: Option<Str<'a>>,
    #[serde(borrow, default, rename = "updatedAt")]
    updated: Option<Str<'a>>,
    #[serde(borrow, default)]
    url: Option<Str<'a>>,
    /// A maintenance's planned start.
    #[serde(borrow, default)]
    start: Option<Str<'a>>,
    /// A maintenance's planned length in minutes, as a text.
    #[serde(borrow, default)]
    duration: Option<&'a RawValue>,
}

impl Source for Instatus {
    fn id(&self) -> &'static str {
        FAMILY
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords(&[
            ("OPERATIONAL", "none"),
            ("DEGRADEDPERFORMANCE", "minor"),
            ("MINOROUTAGE", "minor"),
            ("PARTIALOUTAGE", "major"),
            ("MAJOROUTAGE", "critical"),
        ])
    }

    fn about(&self) -> &'static str {
        "Instatus: summary.json, ongoing incidents; the history is in its feeds"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/summary.json"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        let is_loud = head.first(".page.status").is_some_and(|status| {
            !status.is_empty() && status.bytes().all(|byte| byte.is_ascii_uppercase())
        });
        if is_loud || head.has(".activeIncidents") || head.has(".activeMaintenances") {
            return Verdict::Yes;
        }
        Verdict::No("no `page.status` in capitals and no `activeIncidents`")
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        if document.page.is_none()
            && document.incidents.is_none()
            && document.maintenances.is_none()
        {
            return Err(ReadError::new("no `page` and no `activeIncidents` in it"));
        }
        let page: Page<'_> = document
            .page
            .and_then(|raw| api::record(raw, "the page", &mut warnings))
            .unwrap_or_default();
        let provider = api::line(page.name.as_ref());
        let lists = [
            (document.incidents, "`activeIncidents`", false),
            (document.maintenances, "`activeMaintenances`", true),
        ];
        let mut records = Vec::new();
        for (list, name, is_planned) in lists {
            let list = api::list(list, name, &mut warnings);
            records.extend(api::incidents::<Incident<'_>>(
                &list,
                "this incident",
                &mut warnings,
                |raw, text, warnings| {
                    incident(raw, provider.as_deref(), is_planned, text, warnings)
                },
            ));
        }
        if !records.is_empty() {
            let note = Diagnostic::note("a summary has no updates");
            warnings.say(
                note.hint(
                    "import the page's feed, /history.rss or /history.atom, for its timeline",
                ),
            );
        }
        Ok(warnings.finished(records))
    }
}

fn incident(
    raw: &Incident<'_>,
    provider: Option<&str>,
    is_planned: bool,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = api::id(raw.id, "incident", text, warnings)?;
    let started = api::time(raw.started.as_ref(), &format!("`started` of incident {id}"), warnings);
    let revised =
        api::time(raw.updated.as_ref(), &format!("`updatedAt` of incident {id}"), warnings);
    let from = api::time(raw.start.as_ref(), &format!("`start` of maintenance {id}"), warnings);
    let minutes = api::scalar(raw.duration).and_then(|minutes| minutes.trim().parse::<u32>().ok());
    let scheduled = from.map(|from| {
        (from, minutes.and_then(|minutes| from.shifted(TimeDelta::minutes(minutes.into()))))
    });
    let record = IncidentRecord {
        maintenance: is_planned,
        impact_word: api::line(raw.impact.as_ref()),
        url: api::link(raw.url.as_ref()),
        provider: provider.map(str::to_owned),
        announced: started,
        revised: api::revised(revised, &[]),
        scheduled,
        state: api::state(raw.status.as_ref(), format_args!("incident {id}"), warnings),
        ..IncidentRecord::new(id.clone(), api::title(raw.name.as_ref(), &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{HOME, IdOf, Incident, Revision, Sample, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Incident, written).without_posts()
    }

    fn written(all: &[Incident<'_>]) -> String {
        let incidents = list(all, |one| {
            let Incident { number, link, title, revised, .. } = one;
            format!(
                r#"{{"id": "cm{number}", "name": "{title}", "started": "{}", "status": "{}", "impact": "MINOROUTAGE", "url": "{link}", "updatedAt": "{revised}"}}"#,
                one.first().at,
                one.last().word.to_uppercase()
            )
        });
        format!(
            r#"{{"page": {{"name": "Example", "url": "{HOME}", "status": "HASISSUES"}}, "activeIncidents": [{incidents}], "activeMaintenances": []}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::timeline::State;
    use crate::sources::status::kit::api::testing::read;
    use crate::sources::status::kit::odd_fields;

    #[test]
    fn ongoing_incidents_with_uppercase_states_are_read() {
        let text = r#"{"page": {"name": "Example", "url": "https://status.example.com", "status": "UP"}, "activeIncidents": [
            {"id": "cm1", "name": "Slow", "started": "2026-01-01T10:00:00.000Z", "status": "MONITORING", "impact": "MINOROUTAGE",
             "url": "https://status.example.com/cm1", "updatedAt": "2026-01-01T11:00:00.000Z"},
            {"id": "cm2", "name": "Odd", "started": "soon", "status": "PUZZLED"}, 5],
            "activeMaintenances": [{"id": "cm3", "name": "Upgrade", "start": "2026-01-02T10:00:00.000Z", "status": "NOTSTARTEDYET", "duration": "60"}]}"#;
        let (incidents, warnings) = read(&Instatus, text);
        assert_eq!(
            incidents.iter().map(|incident| incident.id.as_str()).collect::<Vec<_>>(),
            ["cm1", "cm3"]
        );
        assert_eq!(incidents[0].announced.unwrap().to_string(), "2026-01-01T10:00:00Z");
        assert_eq!(
            (incidents[0].state, incidents[0].impact_word.as_deref()),
            (Some(State::Monitoring), Some("MINOROUTAGE"))
        );
        let (from, until) = incidents[1].scheduled.unwrap();
        assert_eq!(
            [from, until.unwrap()].map(|at| at.to_string()),
            ["2026-01-02T10:00:00Z", "2026-01-02T11:00:00Z"]
        );
        assert!(incidents[1].maintenance && incidents[1].announced.is_none());
        for part in [
            "`soon` is not a time",
            "`PUZZLED`",
            "cm2 has no time",
            "cannot be read",
            "a summary has no updates",
        ] {
            assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:?}");
        }
    }

    #[test]
    fn quiet_page_without_lists_is_read() {
        let (incidents, warnings) =
            read(&Instatus, r#"{"page": {"name": "Example", "status": "UP"}}"#);
        assert!(incidents.is_empty() && warnings.is_empty());
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &Instatus,
            essential: &["id", "started", "start"],
            refers: false,
            text: r#"{"page": {"name": "Example", "url": "https://status.example.com", "status": "HASISSUES"}, "activeIncidents": [
          {"id": "cm1", "name": "text-a1", "started": "2026-01-01T10:00:00.000Z", "status": "MONITORING", "impact": "MINOROUTAGE", "url": "https://status.example.com/cm1", "updatedAt": "2026-01-01T11:00:00.000Z"},
          {"id": "cm2", "name": "text-a2", "started": "2026-01-01T10:00:00.000Z", "status": "IDENTIFIED"}],
          "activeMaintenances": [{"id": "cm3", "name": "text-b1", "start": "2026-01-02T10:00:00.000Z", "status": "NOTSTARTEDYET", "duration": "60"}]}"#,
        });
    }
}
