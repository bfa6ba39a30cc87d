//! Cachet, implemented from documentation: version 2 (`/api/v1/incidents`, `/api/v1/schedules`) and
//! version 3 (`/api/incidents`, `/api/schedules`), from their source and from public clients.
//!
//! Times are `2026-01-01 10:00:00` in the zone of the installation, which the response does not
//! contain: the user must give it. `occurred_at` is when the incident began, `created_at` when it
//! was recorded. The state of an incident is overwritten by its last update, so the first post has
//! a state only if there are no updates and it is still "investigating"; an incident that was fixed
//! without an update has an unknown end.
//!
//! Responses are paged. Version 2: `meta.pagination`, whose `links.next_page` is the address of the
//! next page, or null (`AbstractApiController.php`). Version 3: `links.next`, without the number of
//! pages (`simplePaginate` in `IncidentController.php`).

mod common;
mod v2;
mod v3;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Warned};
use crate::sources::decode::{self};
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, RawRecords, Str};
use crate::sources::paging;
use crate::sources::record::Record;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;

pub(crate) struct Cachet;

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

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
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

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        for at in [".data[]", ".data"] {
            let has = |field: &str| head.has(&format!("{at}.{field}"));
            let is_third =
                matches!(head.first(&format!("{at}.type")), Some("incidents" | "schedules"))
                    && (has("attributes.occurred")
                        || has("attributes.scheduled")
                        || has("attributes.guid"));
            let is_second =
                has("message") && has("human_status") && (has("created_at") || has("name"));
            if is_third || is_second {
                return Verdict::Yes;
            }
        }
        if head.has_all(&[".meta.pagination.total_pages", ".meta.pagination.links", ".data"])
            && !head.has(".data[]")
        {
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
        let is_third = |raw: &&&RawValue| {
            JsonHead::scan(raw.get()).is_some_and(|head| head.has(".attributes"))
        };
        let records = if list.iter().any(|raw| is_third(&raw)) {
            v3::read(&list, &included, &decoded, options, &mut warnings)?
        } else {
            v2::read(&list, &decoded, options, &mut warnings)?
        };
        pages_of(&document, &mut warnings);
        let records = records.into_iter().map(Record::Incident).collect();
        Ok(warnings.finished(records))
    }
}

/// Reports that there are more pages than this one.
fn pages_of(document: &Document<'_>, warnings: &mut Warnings<'_>) {
    let number =
        |raw: Option<&RawValue>| api::scalar(raw).and_then(|text| text.trim().parse::<u64>().ok());
    let pagination = document.meta.as_ref().and_then(|meta| meta.pagination.as_ref());
    let pages =
        pagination.and_then(|pages| number(pages.current_page).zip(number(pages.total_pages)));
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
    warnings.say(
        Diagnostic::note(message)
            .hint("import the other pages too: add page=2 to the address, and so on"),
    );
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
