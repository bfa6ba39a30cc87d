//! Atlassian Statuspage, JSON API v2: `incidents.json`, `scheduled-maintenances.json`,
//! `summary.json`, one incident, a webhook's body, or an array of any of these.
//!
//! incident.io serves the same format under the same addresses. It is another product, which its
//! own reader recognises by the ids and reads with `read_api`.

use super::FAMILY;

use crate::diag::Warned;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::JsonHead;
use crate::sources::paging;
use crate::sources::record::Record;
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::page_api::{Flavour, is_full, lacks_ids, read_api, sniff_shape};
use crate::sources::status::kit::ulid::is_incident_io;

/// The API returns at most this many incidents, and as many maintenances.
const API_CAP: usize = 50;

pub(crate) struct Statuspage;

impl Source for Statuspage {
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
        "Atlassian Statuspage: incidents.json, scheduled-maintenances.json, summary.json of /api/v2, or one incident"
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

    fn companions(&self, endpoint: &str) -> &'static [&'static str] {
        // The summary includes maintenances.
        if endpoint == "/api/v2/incidents.json" {
            &["/api/v2/scheduled-maintenances.json"]
        } else {
            &[]
        }
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head) if is_incident_io(&head) => Verdict::No("its ids are those of incident.io"),
            Some(head) if lacks_ids(&head) => {
                Verdict::No("its incidents have an address and no id, as Rootly's")
            }
            Some(head) => sniff_shape(&head),
        }
    }

    fn is_page(&self, html: &str) -> bool {
        // Every page links its feed; the history page has its data in an attribute.
        html.contains("/history.atom") || html.contains("data-react-class=\"HistoryIndex\"")
    }

    fn next_page(&self, input: &Input, _: &[Record]) -> Option<String> {
        let url = input.url.as_deref()?;
        let path = url.split('?').next()?;
        let is_list =
            path.ends_with("/incidents.json") || path.ends_with("/scheduled-maintenances.json");
        let decoded = decode::decode(&input.bytes).ok()?;
        // This is undocumented, but some of these pages return older ones this way, and the others
        // repeat their first page.
        if is_list && is_full(decoded.body(), API_CAP) {
            paging::next_number(url, "page")
        } else {
            None
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let flavour = Flavour {
            cap: API_CAP,
            cap_hint: "import regularly and none is missed; with --since, posthoc asks the page for older ones; its owner can fetch them from the manage API (/v1/pages/PAGE/incidents?page=2) and import them",
            is_paged: true,
            wants: "this reader wants the answer of /api/v2/incidents.json, or one like it",
        };
        read_api(input, options, flavour)
    }
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
