//! Uptime Kuma, implemented from its source, because its status page API is not documented
//! elsewhere.
//!
//! - `/api/status-page/SLUG` (`server/model/status_page.js`): `config`, `publicGroupList`,
//!   `maintenanceList`, and the pinned incident (version 1) or `incidents` (version 2). It has only
//!   what is ongoing.
//! - `/api/status-page/SLUG/incident-history`, version 2: `incidents`, and `nextCursor` if
//!   `hasMore`; the next page is `?cursor=` with that.
//! - `/api/status-page/heartbeat/SLUG` (`server/routers/status-page-router.js`): the last beats of
//!   each monitor, from which outages are derived; see `beats`.
//!
//! Times are `2026-01-01 10:00:00.000`, in UTC without stating it; those of a maintenance are local
//! time in its `timezone` (`server/model/maintenance.js`). There is no life cycle: an incident is
//! one text, which is edited in place, and resolving it sets `active` to false and
//! `lastUpdatedDate` (`server/model/incident.js`). Until somebody edits it again, that is the time
//! of the resolution.

mod beats;
mod groups;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Warned};
use crate::model::time::{Moment, Reading, read};
use crate::model::timeline::State;
use crate::model::zone::Zone;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, RawRecords, Str, null_is_default, without_nulls};
use crate::sources::record::{IncidentRecord, Record, UntimedPost};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};
use groups::Group;

pub(crate) struct UptimeKuma;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    config: Option<Config<'a>>,
    #[serde(borrow, default)]
    incident: Option<&'a RawValue>,
    #[serde(borrow, default)]
    incidents: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "publicGroupList", deserialize_with = "without_nulls")]
    groups: Vec<Group<'a>>,
    #[serde(borrow, default, rename = "maintenanceList")]
    maintenances: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "heartbeatList")]
    beats: Option<&'a RawValue>,
    #[serde(default, rename = "hasMore")]
    has_more: Option<bool>,
}

#[derive(Deserialize)]
struct Config<'a> {
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    #[serde(borrow, default)]
    content: Option<Str<'a>>,
    #[serde(borrow, default)]
    style: Option<Str<'a>>,
    #[serde(default)]
    active: Option<bool>,
    #[serde(borrow, default, rename = "createdDate")]
    created: Option<Str<'a>>,
    #[serde(borrow, default, rename = "lastUpdatedDate")]
    updated: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Maintenance<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    #[serde(borrow, default)]
    description: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    timezone: Option<Str<'a>>,
    #[serde(borrow, default, rename = "timezoneOffset")]
    offset: Option<Str<'a>>,
    #[serde(borrow, default, rename = "timeslotList", deserialize_with = "null_is_default")]
    slots: RawRecords<'a>,
}

#[derive(Deserialize)]
struct Slot<'a> {
    #[serde(borrow, default, rename = "startDate")]
    start: Option<Str<'a>>,
    #[serde(borrow, default, rename = "endDate")]
    end: Option<Str<'a>>,
}

/// The colours of an incident; they have no further meaning.
const STYLES: SeverityWords = SeverityWords(&[
    ("light", "none"),
    ("primary", "none"),
    ("dark", "none"),
    ("info", "none"),
    ("warning", "minor"),
    ("danger", "critical"),
]);

impl Source for UptimeKuma {
    fn id(&self) -> &'static str {
        "uptime-kuma"
    }

    fn severities(&self) -> SeverityWords {
        STYLES
    }

    fn about(&self) -> &'static str {
        "Uptime Kuma: /api/status-page/SLUG, its incident-history, and /api/status-page/heartbeat/SLUG"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/api/status-page/default"]
    }

    fn companions(&self, _endpoint: &str) -> &'static [&'static str] {
        &["/api/status-page/heartbeat/default"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        let is_page = head.has(".config.slug")
            && (head.has(".publicGroupList") || head.has(".config.showPoweredBy"));
        let is_history = head.has_all(&[".incidents[].createdDate", ".incidents[].content"]);
        if is_page || is_history || head.has(".heartbeatList") {
            Verdict::Yes
        } else {
            Verdict::No("no `heartbeatList`, and no `config` with `publicGroupList`")
        }
    }

    fn read(&self, input: &Input, _: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        // These times are in UTC, whatever zone the user gives.
        let mut warnings = Warnings::new(input, &decoded).in_zone(Some(Zone::UTC));
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        let lists = [document.incident, document.incidents, document.maintenances, document.beats];
        if lists.iter().all(Option::is_none) && document.config.is_none() {
            return Err(ReadError::new(
                "no `incident`, `incidents`, `maintenanceList` or `heartbeatList` in it",
            ));
        }
        let mut incidents: RawRecords<'_> =
            document.incident.into_iter().filter(|raw| raw.get() != "null").collect();
        incidents.extend(api::list(document.incidents, "`incidents`", &mut warnings));
        let incidents = api::records(&incidents, "this incident", &mut warnings);
        let mut records: Vec<IncidentRecord> = incidents
            .iter()
            .filter_map(|(raw, text)| warnings.naming(|warnings| incident(raw, text, warnings)))
            .collect();
        let maintenances = api::list(document.maintenances, "`maintenanceList`", &mut warnings);
        for (raw, text) in api::records(&maintenances, "this maintenance", &mut warnings) {
            records.extend(warnings.naming(|warnings| maintenance(&raw, text, warnings)));
        }
        if let Some(raw) = document.beats {
            records.extend(beats::read(raw, &document.groups, &mut warnings));
        }
        if document.has_more == Some(true) {
            let note = Diagnostic::note("there are more incidents than this page lists");
            warnings.say(note.hint("ask for the next with ?cursor= and its `nextCursor`"));
        }
        let provider = document.config.and_then(|config| api::line(config.title.as_ref()));
        for record in &mut records {
            record.provider.clone_from(&provider);
        }
        let records = records.into_iter().map(Record::Incident).collect();
        Ok(warnings.finished(records))
    }
}

fn incident(raw: &Incident<'_>, text: &str, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    let id = api::id(raw.id, "incident", text, warnings)?;
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of incident {id}"), warnings)
    };
    let (created, updated) =
        (time(&raw.created, "createdDate"), time(&raw.updated, "lastUpdatedDate"));
    let is_over = raw.active == Some(false);
    let message = raw
        .content
        .as_deref()
        .map(|content| clean_markdown(content, TextKind::Markdown))
        .unwrap_or_default();
    let mut updates = Vec::new();
    if let Some(at) = created {
        let mut post = api::post("post".to_owned(), at, message);
        // Resolving it is not an edit.
        api::clocks(&mut post, None, updated.filter(|_| !is_over));
        updates.push(post);
    } else if !message.is_empty() {
        let state = is_over.then_some(State::Resolved);
        warnings.untimed(text, &id, UntimedPost { id: "post".to_owned(), state, text: message });
    }
    let record = IncidentRecord {
        impact_word: api::line(raw.style.as_ref()),
        announced: created,
        resolved: updated.filter(|_| is_over),
        state: is_over.then_some(State::Resolved),
        revised: api::revised(updated, &updates),
        updates,
        ..IncidentRecord::new(id.clone(), api::title(raw.title.as_ref(), &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

fn maintenance(
    raw: &Maintenance<'_>,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = format!("maintenance-{}", api::id(raw.id, "maintenance", text, warnings)?);
    let slots = api::records::<Slot<'_>>(&raw.slots, &format!("a time of {id}"), warnings);
    let zone = [&raw.timezone, &raw.offset]
        .into_iter()
        .flatten()
        .find_map(|name| name.parse::<Zone>().ok());
    let mut time = |field: &Option<Str<'_>>| -> Option<Moment> {
        match read(field.as_deref()?, &Reading::by_machine(zone)) {
            Ok(read) => Some(read.moment),
            Err(error) => {
                warnings.about(text, format!("a time of {id}: {error}"));
                None
            }
        }
    };
    // A recurring one lists no times, or only the next one.
    let scheduled =
        slots.first().and_then(|(slot, _)| time(&slot.start).map(|from| (from, time(&slot.end))));
    let message = raw.description.as_deref().map(clean_line).filter(|message| !message.is_empty());
    if scheduled.is_none() {
        let message = message.map_or(String::new(), |message| format!(" (\"{message}\")"));
        warnings
            .about(text, format!("{id}{message} does not say when it begins, and was left out"));
        return None;
    }
    if let Some(message) = message {
        warnings.about(
            text,
            format!(
                "when this was written about {id} is unknown, so it was left out: \"{message}\""
            ),
        );
    }
    let state = match raw.status.as_deref() {
        Some("scheduled") => Some(State::Scheduled),
        Some("under-maintenance") => Some(State::InProgress),
        Some("ended") => Some(State::Completed),
        _ => None,
    };
    let title = api::title(raw.title.as_ref(), &id, text, warnings);
    Some(IncidentRecord {
        maintenance: true,
        zone: raw.timezone.as_deref().filter(|name| name.contains('/')).map(clean_line),
        scheduled,
        state,
        ..IncidentRecord::new(id, title)
    })
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
