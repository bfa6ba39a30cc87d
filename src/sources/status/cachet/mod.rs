//! Cachet, from documentation: version 2 (`/api/v1/incidents`, `/api/v1/schedules`) and version 3
//! (`/api/incidents`, `/api/schedules`), by their source and by the clients that people wrote.
//!
//! Times are `2026-01-01 10:00:00` in the zone of the installation, which nothing in the answer
//! tells: a person must say it. `occurred_at` is when the incident began, `created_at` when it was
//! written down. The state of an incident is overwritten by that of its last update, so the first
//! post has one only where there are no updates and it still is "investigating"; and an incident
//! that is fixed without an update was so at a time that nobody knows.
//!
//! Answers come in pages. Version 2: `meta.pagination`, whose `links.next_page` is the address of the
//! next one, or null (`AbstractApiController.php`). Version 3: `links.next`, with no number of pages
//! (`simplePaginate` in `IncidentController.php`).

mod v2;
mod v3;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::api;
use super::page_file::ZONE_HINT;
use crate::diag::{Diagnostic, Warned};
use crate::model::time::{Moment, Reading, TimeError, read};
use crate::model::timeline::State;
use crate::sources::decode::{self, Decoded};
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, RawRecords, Str};
use crate::sources::paging;
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::source::{Evidence, ReadError, ReadOptions, Source, Verdict, Yields};
use crate::sources::text::{TextKind, clean_markdown};
use crate::sources::warnings::Warnings;

/// The reader.
pub struct Cachet;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
    #[serde(borrow, default)]
    included: Option<&'a RawValue>,
    #[serde(borrow, default)]
    meta: Option<Meta<'a>>,
    #[serde(borrow, default)]
    links: Option<Links<'a>>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, default)]
    pagination: Option<Pagination<'a>>,
}

#[derive(Deserialize)]
struct Pagination<'a> {
    #[serde(borrow, default)]
    current_page: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_pages: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Links<'a> {
    #[serde(borrow, default)]
    next: Option<Str<'a>>,
}

impl Source for Cachet {
    fn id(&self) -> &'static str {
        "cachet"
    }

    fn about(&self) -> &'static str {
        "Cachet: incidents or schedules of /api/v1 (version 2) or /api (version 3); give --zone, its times have none"
    }

    fn evidence(&self) -> Evidence {
        Evidence::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/api/v1/incidents?sort=id&order=desc", "/api/incidents?include=updates,components"]
    }

    fn companions(&self, endpoint: &str) -> &'static [&'static str] {
        if endpoint.starts_with("/api/v1/") {
            &["/api/v1/schedules"]
        } else {
            &["/api/schedules?include=updates,components"]
        }
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = JsonHead::scan(&decode::head(input)) else { return Verdict::No("not JSON") };
        for at in [".data[]", ".data"] {
            let has = |field: &str| head.has(&format!("{at}.{field}"));
            let is_third = matches!(head.first(&format!("{at}.type")), Some("incidents" | "schedules"))
                && (has("attributes.occurred") || has("attributes.scheduled") || has("attributes.guid"));
            let is_second = has("message") && has("human_status") && (has("created_at") || has("name"));
            if is_third || is_second {
                return Verdict::Yes;
            }
        }
        if head.has_all(&[".meta.pagination.total_pages", ".meta.pagination.links", ".data"]) && !head.has(".data[]") {
            return Verdict::Maybe;
        }
        Verdict::No("no `data` with `human_status`, and none of the type `incidents`")
    }

    fn next_page(&self, input: &Input, _: &[Record]) -> Option<String> {
        paging::linked(decode::decode(&input.bytes).ok()?.body())
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        let list: RawRecords<'_> = if document.data.get().starts_with('{') {
            vec![document.data]
        } else {
            api::list(Some(document.data), "`data`", &mut warnings)
        };
        let included = api::list(document.included, "`included`", &mut warnings);
        let is_third = |raw: &&&RawValue| JsonHead::scan(raw.get()).is_some_and(|head| head.has(".attributes"));
        let records = if list.iter().any(|raw| is_third(&raw)) {
            v3::read(&list, &included, &decoded, options, &mut warnings)?
        } else {
            v2::read(&list, &decoded, options, &mut warnings)?
        };
        tell_pages(&document, &mut warnings);
        let records = records.into_iter().map(Record::Incident).collect();
        Ok(warnings.finished(records))
    }
}

/// Tells that there are more pages than this one.
fn tell_pages(document: &Document<'_>, warnings: &mut Warnings<'_>) {
    let number = |raw: Option<&RawValue>| api::scalar(raw).and_then(|text| text.trim().parse::<u64>().ok());
    let pagination = document.meta.as_ref().and_then(|meta| meta.pagination.as_ref());
    let pages = pagination.and_then(|pages| number(pages.current_page).zip(number(pages.total_pages)));
    let next = document.links.as_ref().and_then(|links| api::line(links.next.as_ref()));
    let message = match (pages, next) {
        (Some((page, all)), _) if all > 1 => {
            let total = pagination.and_then(|pages| number(pages.total));
            let total = total.map_or(String::new(), |total| format!("; there are {total} records"));
            format!("this is page {page} of {all}{total}")
        }
        (None, Some(next)) => format!("this is one page; the next is {next}"),
        _ => return,
    };
    warnings.say(Diagnostic::note(message).hint("import the other pages too: add page=2 to the address, and so on"));
}

/// Refuses an answer whose times cannot be placed, since every one of them would be lost.
fn check_zone(field: Option<&Str<'_>>, decoded: &Decoded<'_>, options: &ReadOptions) -> Result<(), ReadError> {
    let Some(text) = field.filter(|_| options.zone.is_none()) else { return Ok(()) };
    match read(text, &Reading::by_machine(None)) {
        Err(error @ TimeError::NoZone(_)) => Err(ReadError {
            message: format!("{error}: Cachet writes times in the zone of its installation"),
            span: Some(decoded.span_of(text)),
            hint: Some(ZONE_HINT.trim_start_matches("or ").to_owned()),
        }),
        _ => Ok(()),
    }
}

/// The state of an incident by its number.
fn state(status: Option<i64>) -> Option<State> {
    Some(match status? {
        0 => State::Scheduled,
        1 => State::Investigating,
        2 => State::Identified,
        3 => State::Monitoring,
        4 => State::Resolved,
        _ => return None,
    })
}

/// The state of a schedule by its number.
fn schedule_state(status: Option<i64>) -> Option<State> {
    Some(match status? {
        0 => State::Scheduled,
        1 => State::InProgress,
        2 => State::Completed,
        _ => return None,
    })
}

/// What both versions know of one incident or schedule.
struct Told<'a> {
    id: String,
    title: String,
    /// The first text.
    message: Option<Str<'a>>,
    /// When it began, by `occurred_at`.
    occurred: Option<Moment>,
    created: Option<Moment>,
    /// The plan of a maintenance, of which only the start is told.
    scheduled: Option<Moment>,
    completed: Option<Moment>,
    state: Option<State>,
    maintenance: bool,
    /// The posts after the first.
    updates: Vec<UpdateRecord>,
    components: Vec<(String, String)>,
    url: Option<String>,
}

fn record(told: Told<'_>, text: &str, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    let Told { id, maintenance, .. } = told;
    let shown = told.occurred.or(told.created);
    let has_updates = !told.updates.is_empty();
    let mut posts = told.updates;
    let said = told.message.as_deref().map(|said| clean_markdown(said, TextKind::Markdown)).unwrap_or_default();
    if let Some(at) = shown.filter(|_| !said.is_empty()) {
        let mut post = api::post("message".to_owned(), at, said);
        api::clocks(&mut post, told.created, None);
        let first = if maintenance { State::Scheduled } else { State::Investigating };
        post.state = told.state.filter(|state| *state == first && !has_updates);
        posts.insert(0, post);
    }
    if let Some(from) = told.scheduled.filter(|_| maintenance) {
        warnings.about(text, format!("maintenance {id} is planned from {from}, and nothing says until when"));
    }
    let updates = api::in_order_of_time(posts, false);
    let record = IncidentRecord {
        maintenance,
        url: told.url,
        impact_start: told.occurred.filter(|_| !maintenance),
        announced: told.created.or_else(|| api::announced(None, &updates)),
        resolved: told.completed,
        state: told.state,
        updates,
        components: told.components,
        ..IncidentRecord::new(id, told.title)
    };
    api::has_time(&record, text, warnings).then_some(record)
}

#[cfg(test)]
mod tests;
