//! The incidents API that Statuspage created and others copied: `/api/v2/incidents.json`.

mod convert;
mod wire;

use serde_json::value::RawValue;

use super::api;
use crate::diag::{Diagnostic, Warned};
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, ReadOptions, Verdict};
use crate::sources::warnings::Warnings;
use convert::PageContext;
use wire::{Document, Page};

/// Whether a JSON text is a response of the copying product rather than of Statuspage.
pub(in crate::sources::status) fn lacks_ids(head: &JsonHead) -> bool {
    let has_no_id = !head.has(".page.id") && !head.has(".incidents[].id");
    has_no_id && head.has_all(&[".page.name", ".incidents[].url", ".incidents[].name"])
}

/// The differences between the products that serve this API.
#[derive(Clone, Copy)]
pub(in crate::sources::status) struct Flavour {
    /// The API returns at most this many incidents, and as many maintenances.
    pub cap: usize,
    /// The hint for a capped list.
    pub cap_hint: &'static str,
    /// Whether further pages can be requested.
    pub is_paged: bool,
    /// The options of the reader.
    pub wants: &'static str,
}

/// Whether a JSON text has the format of this API, whichever product serves it.
pub(in crate::sources::status) fn sniff_shape(head: &JsonHead) -> Verdict {
    let has = |path: &str| head.has(path) || head.has(&format!("[]{path}"));
    let has_updates = [".incidents[]", ".scheduled_maintenances[]", ".incident", ""]
        .iter()
        .any(|at| has(&format!("{at}.incident_updates")));
    // The updates may come after a long list of components, beyond the head.
    let is_page = has(".page.id")
        && has(".page.updated_at")
        && [".incidents", ".scheduled_maintenances", ".components", ".status.indicator"]
            .iter()
            .any(|key| has(key));
    if has_updates || is_page {
        return Verdict::Yes;
    }
    let ends = |path: &str| head.has_ended(path) || head.has_ended(&format!("[]{path}"));
    let has_list = has(".incidents") || has(".scheduled_maintenances");
    let has_record = has(".incidents[]") || has(".scheduled_maintenances[]");
    let record_ends = ends(".incidents[]") || ends(".scheduled_maintenances[]");
    match (has_list, has_record) {
        (true, true) if record_ends || head.is_whole() => {
            Verdict::No("its incidents have no `incident_updates`")
        }
        // A quiet page: its lists exist and are empty.
        (true, false) if head.is_whole() && (has(".page.id") || has(".page.name")) => Verdict::Yes,
        (true, _) => Verdict::Maybe,
        // A long text may come before the distinguishing fields.
        (false, _)
            if !head.is_whole()
                && (has(".page") || has(".incident") || (has(".id") && has(".name"))) =>
        {
            Verdict::Maybe
        }
        (false, _) => Verdict::No("no `incidents` or `scheduled_maintenances` in it"),
    }
}

/// Reads a response of this API, whichever product serves it.
///
/// # Errors
/// [`ReadError`] if nothing can be read.
pub(in crate::sources::status) fn read_api(
    input: &Input,
    options: &ReadOptions,
    flavour: Flavour,
) -> Result<Warned<Vec<Record>>, ReadError> {
    let decoded = decode::decode(&input.bytes)?;
    let warnings = Warnings::new(input, &decoded).in_zone(options.zone);
    let is_followed = options.with_next_pages && flavour.is_paged && input.url.is_some();
    let mut reading = Reading { warnings, records: Vec::new(), flavour, is_followed };
    let body = decoded.body();
    let found = if body.starts_with('[') {
        let documents: Vec<&RawValue> = json::parse(&decoded, body)?;
        // Not `any`: that would stop at the first.
        documents.into_iter().filter(|raw| reading.document_or_warning(raw)).count() > 0
    } else {
        let document: Document<'_> = api::document(&decoded, body, &mut reading.warnings)?;
        reading.document(body, document)
    };
    if !found {
        let mut error =
            ReadError::new("no `incidents`, `scheduled_maintenances` or `incident_updates` in it");
        error.hint = Some(flavour.wants.to_owned());
        return Err(error);
    }
    Ok(reading.warnings.finished(reading.records))
}

/// The state of one reading.
struct Reading<'a> {
    warnings: Warnings<'a>,
    records: Vec<Record>,
    flavour: Flavour,
    /// Whether the next page is read as well.
    is_followed: bool,
}

impl<'a> Reading<'a> {
    /// One element of an array: a page with incidents, or an incident. Returns whether it was
    /// either.
    fn document_or_warning(&mut self, raw: &'a RawValue) -> bool {
        let Some(document) = api::record::<Document<'a>>(raw, "this record", &mut self.warnings)
        else {
            return false;
        };
        let found = self.document(raw.get(), document);
        if !found {
            self.warnings.about(raw.get(), "this is neither a page with incidents nor an incident");
        }
        found
    }

    /// Whether `document`, whose text is `text`, is a page with incidents or an incident.
    fn document(&mut self, text: &'a str, document: Document<'a>) -> bool {
        let context = PageContext::new(
            self.page(document.page),
            self.components(document.components.as_deref()),
        );
        if document.incident_updates.is_some() {
            if let Ok(raw) = serde_json::from_str(text) {
                self.incident(raw, &context, false);
            }
            return true;
        }
        // A capped response is one that contains only the list.
        let is_list = document.components.is_none();
        let lists = [
            (document.incidents, "incidents", false),
            (document.scheduled_maintenances, "maintenances", true),
        ];
        let mut found = document.incident.is_some();
        if let Some(incident) = document.incident {
            self.incident(incident, &context, false);
        }
        for (list, name, is_maintenance) in lists {
            let Some(list) = list else { continue };
            found = true;
            let cap = self.flavour.cap;
            if is_list && !self.is_followed && list.len() == cap {
                self.warnings.say(
                    Diagnostic::note(format!(
                        "the API gives the {cap} most recent {name} only, and this file holds {cap}"
                    ))
                    .hint(self.flavour.cap_hint),
                );
            }
            for raw in list {
                self.incident(raw, &context, is_maintenance);
            }
        }
        // A summary without incidents is the history of a quiet day.
        found || document.components.is_some()
    }

    fn incident(&mut self, raw: &'a RawValue, context: &PageContext<'a>, is_maintenance: bool) {
        let read =
            |warnings: &mut Warnings<'a>| convert::incident(raw, context, is_maintenance, warnings);
        self.records.extend(self.warnings.naming(read).map(Record::Incident));
    }

    fn page(&mut self, raw: Option<&'a RawValue>) -> Option<Page<'a>> {
        api::record(raw?, "the page", &mut self.warnings)
    }

    fn components(&mut self, list: Option<&[&'a RawValue]>) -> Vec<wire::Component<'a>> {
        let read = |raw: &&'a RawValue| api::record(raw, "this component", &mut self.warnings);
        list.unwrap_or_default().iter().filter_map(read).collect()
    }
}

/// Whether a list of a response has the maximum length.
pub(in crate::sources::status) fn is_full(body: &str, cap: usize) -> bool {
    api::quietly::<Document<'_>>(body).is_some_and(|document| {
        let lists = [document.incidents, document.scheduled_maintenances];
        lists.iter().flatten().any(|list| list.len() >= cap)
    })
}
