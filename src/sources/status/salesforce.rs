//! Salesforce Trust, API v1 (`/v1/incidents`, `/v1/maintenances`), which covers Heroku too.
//!
//! The fields are those of the API's documentation (api.status.salesforce.com/v1/docs) as public
//! clients use them. The impacts of an incident have their own times, and its posts are in
//! `IncidentEvents`. An incident has no name, so the title is the kind of its impact. `message` has
//! prepared postmortem texts: the root cause, the resolution, and the planned actions. They become
//! sections of a new file, and one post at the time of the incident's last change, because their
//! own time is unknown.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, RawRecords, Str, null_is_default, without_nulls};
use crate::sources::record::{IncidentRecord, Record, SectionName, UntimedPost, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// Every severity word, from the least to the worst.
const SEVERITIES: SeverityWords = SeverityWords(&[
    ("minor", "minor"),
    ("major", "major"),
    ("critical", "critical"),
    ("blocker", "critical"),
]);

pub(crate) struct Salesforce;

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    /// Maintenances have one.
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default, rename = "createdAt")]
    created: Option<Str<'a>>,
    #[serde(borrow, default, rename = "updatedAt")]
    updated: Option<Str<'a>>,
    #[serde(borrow, default, rename = "plannedStartTime")]
    planned_from: Option<Str<'a>>,
    #[serde(borrow, default, rename = "plannedEndTime")]
    planned_until: Option<Str<'a>>,
    #[serde(borrow, default, rename = "instanceKeys", deserialize_with = "without_nulls")]
    instances: Vec<Str<'a>>,
    #[serde(borrow, default, rename = "serviceKeys", deserialize_with = "without_nulls")]
    services: Vec<Str<'a>>,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "IncidentImpacts", deserialize_with = "null_is_default")]
    impacts: RawRecords<'a>,
    #[serde(borrow, default, rename = "MaintenanceImpacts", deserialize_with = "null_is_default")]
    works: RawRecords<'a>,
    #[serde(borrow, default, rename = "IncidentEvents", deserialize_with = "null_is_default")]
    events: RawRecords<'a>,
    #[serde(borrow, default, rename = "MaintenanceEvents", deserialize_with = "null_is_default")]
    work_events: RawRecords<'a>,
}

#[derive(Deserialize, Default)]
struct Message<'a> {
    #[serde(borrow, default, rename = "rootCause")]
    root_cause: Option<Str<'a>>,
    #[serde(borrow, default, rename = "pathToResolution")]
    path_to_resolution: Option<Str<'a>>,
    #[serde(borrow, default, rename = "actionPlan")]
    action_plan: Option<Str<'a>>,
    /// Only for a maintenance.
    #[serde(borrow, default, rename = "eventStatus")]
    event_status: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Impact<'a> {
    #[serde(borrow, default, rename = "startTime")]
    start: Option<Str<'a>>,
    #[serde(borrow, default, rename = "endTime")]
    end: Option<Str<'a>>,
    #[serde(borrow, default)]
    severity: Option<Str<'a>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Str<'a>>,
    #[serde(borrow, default, rename = "createdAt")]
    created: Option<Str<'a>>,
    #[serde(borrow, default, rename = "updatedAt")]
    updated: Option<Str<'a>>,
}

impl Source for Salesforce {
    fn id(&self) -> &'static str {
        "salesforce-trust"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SEVERITIES
    }

    fn about(&self) -> &'static str {
        "Salesforce Trust: incidents or maintenances of /v1"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/v1/incidents"]
    }

    fn companions(&self, endpoint: &str) -> &'static [&'static str] {
        if endpoint == "/v1/incidents" { &["/v1/maintenances"] } else { &[] }
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        let lists =
            ["IncidentImpacts", "IncidentEvents", "MaintenanceImpacts", "MaintenanceEvents"];
        let has = |at: &str| lists.iter().any(|list| head.has(&format!("{at}.{list}")));
        if has("[]") || has("") {
            Verdict::Yes
        } else {
            Verdict::No("no `IncidentImpacts` or `IncidentEvents`")
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let list = api::one_or_many(&decoded, decoded.body())?;
        let records = api::incidents(&list, "this incident", &mut warnings, incident);
        Ok(warnings.finished(records))
    }
}

fn incident(raw: &Incident<'_>, text: &str, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    let id = api::id(raw.id, "incident", text, warnings)?;
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of incident {id}"), warnings)
    };
    let (created, updated) = (time(&raw.created, "createdAt"), time(&raw.updated, "updatedAt"));
    let plan = time(&raw.planned_from, "plannedStartTime")
        .map(|from| (from, time(&raw.planned_until, "plannedEndTime")));
    let maintenance = plan.is_some() || !raw.works.is_empty() || !raw.work_events.is_empty();
    let impacts: Vec<Impact<'_>> = [&raw.impacts, &raw.works]
        .into_iter()
        .flat_map(|list| api::records(list, &format!("an impact of incident {id}"), warnings))
        .map(|(impact, _)| impact)
        .collect();
    let times = if maintenance { (None, None) } else { impact_times(&impacts, &id, warnings) };
    let message = raw.message.filter(|message| message.get().starts_with('{'));
    let message: Message<'_> =
        message.and_then(|raw| api::record(raw, "the message", warnings)).unwrap_or_default();
    let mut posts = events(&raw.events, &id, warnings);
    posts.extend(events(&raw.work_events, &id, warnings));
    let announced = api::announced(created, &posts);
    let parts = parts(&message);
    posts.extend(postmortem(&parts, updated, text, &id, warnings));
    let word = message.event_status.as_ref().filter(|_| maintenance).or(raw.status.as_ref());
    let services: Vec<String> = raw.services.iter().map(|key| clean_line(key)).collect();
    let record = IncidentRecord {
        maintenance,
        impact_word: SEVERITIES
            .worst(impacts.iter().filter_map(|impact| impact.severity.as_deref()))
            .filter(|_| !maintenance)
            .map(clean_line),
        url: (!maintenance).then(|| format!("https://status.salesforce.com/incidents/{id}")),
        provider: Some("Salesforce".to_owned()),
        impact_start: times.0,
        impact_end: times.1,
        announced,
        scheduled: plan,
        state: word.and_then(|word| posts::state(word)),
        revised: api::revised(updated, &posts),
        updates: api::in_order_of_time(posts, true),
        sections: parts.into_iter().map(|(_, section, text)| (section, text)).collect(),
        components: api::placed(
            raw.instances.iter().map(|key| clean_line(key)).collect(),
            services.clone(),
        ),
        ..IncidentRecord::new(
            id.clone(),
            title(raw, &impacts, &services).unwrap_or_else(|| id.clone()),
        )
    };
    api::has_time(&record, text, warnings).then_some(record)
}

/// The name, or the kind of the first impact in words, with the services: `Feature perf
/// degradation: Search`.
fn title(raw: &Incident<'_>, impacts: &[Impact<'_>], services: &[String]) -> Option<String> {
    let kind = || {
        let kind = impacts.iter().find_map(|impact| api::line(impact.kind.as_ref()))?;
        Some(if services.is_empty() {
            words(&kind)
        } else {
            format!("{}: {}", words(&kind), services.join(", "))
        })
    };
    api::line(raw.name.as_ref()).or_else(kind)
}

/// `featurePerfDegradation` as words.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        match character {
            _ if words.is_empty() => words.extend(character.to_uppercase()),
            _ if character.is_uppercase() => {
                words.push(' ');
                words.extend(character.to_lowercase());
            }
            _ => words.push(character),
        }
    }
    words
}

/// When the impact began, and when it ended if it ended everywhere.
fn impact_times(
    impacts: &[Impact<'_>],
    id: &str,
    warnings: &mut Warnings<'_>,
) -> (Option<Moment>, Option<Moment>) {
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of an impact of incident {id}"), warnings)
    };
    let times: Vec<_> = impacts
        .iter()
        .map(|impact| (time(&impact.start, "startTime"), time(&impact.end, "endTime")))
        .collect();
    let ends: Option<Vec<Moment>> = times.iter().map(|(_, end)| *end).collect();
    (times.iter().filter_map(|(start, _)| *start).min(), ends.unwrap_or_default().into_iter().max())
}

fn events(list: &[&RawValue], incident: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    let mut posts = Vec::with_capacity(list.len());
    for (raw, text) in
        api::records::<Event<'_>>(list, &format!("an event of incident {incident}"), warnings)
    {
        let mut time = |field: &Option<Str<'_>>, name: &str| {
            api::time(
                field.as_ref(),
                &format!("`{name}` of an event of incident {incident}"),
                warnings,
            )
        };
        let (created, edited) = (time(&raw.created, "createdAt"), time(&raw.updated, "updatedAt"));
        let body = raw
            .message
            .as_deref()
            .map(|html| clean_markdown(html, TextKind::Html))
            .unwrap_or_default();
        // Most kinds describe the problem; those of Heroku end in a word of the life cycle.
        let state = raw
            .kind
            .as_deref()
            .and_then(|kind| posts::state(kind.strip_prefix("herokuIncident").unwrap_or(kind)));
        let Some(at) = created else {
            warnings.untimed(text, incident, api::untimed(raw.id, state, body));
            continue;
        };
        let id = api::scalar(raw.id)
            .map_or_else(|| api::content_id(&[&at.to_string()]), |id| clean_line(&id));
        let mut post = api::post(id, at, body);
        api::clocks(&mut post, created, edited);
        post.state = state;
        posts.push(post);
    }
    posts
}

/// The texts of the postmortem, if any, each with its name and section.
fn parts(message: &Message<'_>) -> Vec<(&'static str, SectionName, String)> {
    let parts = [
        ("Root cause", SectionName::RootCause, &message.root_cause),
        ("Path to resolution", SectionName::Resolution, &message.path_to_resolution),
        ("Action plan", SectionName::FollowUps, &message.action_plan),
    ];
    let parts = parts.into_iter().filter_map(|(name, section, html)| {
        let text = clean_markdown(html.as_deref()?, TextKind::Html);
        (!text.is_empty()).then_some((name, section, text))
    });
    parts.collect()
}

/// The postmortem as one post.
fn postmortem(
    parts: &[(&str, SectionName, String)],
    updated: Option<Moment>,
    text: &str,
    id: &str,
    warnings: &mut Warnings<'_>,
) -> Option<UpdateRecord> {
    let body: Vec<String> =
        parts.iter().map(|(name, _, text)| format!("**{name}**\n\n{text}")).collect();
    let body = body.join("\n\n");
    if body.is_empty() {
        return None;
    }
    let Some(at) = updated else {
        let post =
            UntimedPost { id: "postmortem".to_owned(), state: Some(State::Postmortem), text: body };
        warnings.untimed(text, id, post);
        return None;
    };
    let mut post = api::post("postmortem".to_owned(), at, body);
    post.state = Some(State::Postmortem);
    Some(post)
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
