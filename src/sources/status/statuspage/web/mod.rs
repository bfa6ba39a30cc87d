//! Atlassian Statuspage's web pages: the front page with its last 15 days, the page of one
//! incident, the history page, and `history.json`, the data of the latter.
//!
//! The code in an incident's address is its id in the JSON API too. Timestamps have the page's zone
//! as an abbreviation. On the front page they have no year in captures of 2021, where only the
//! heading of each day has it; since 2022 they have a year, and an adjacent element has the exact
//! time as an epoch number. The history page has an index: for each incident the first and last
//! time, and the text of the last update. The updates in between are on the incident's own page. A
//! page of it covers three months; `?page=2` covers the three before, back to the creation of the
//! page.
//!
//! The front page and the history page are read as in captures. The markup of an incident's page
//! (`.incident-name`, `.update-row`, `.update-title`, `.update-body`, `.update-timestamp`,
//! `.components-affected`) is the one that public clients select.

mod element;
mod front;
mod months;
mod report;

use super::FAMILY;
use scraper::Html;

use self::element::Reading;
use crate::diag::Warned;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::JsonHead;
use crate::sources::paging;
use crate::sources::record::Record;
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::feed::FeedHead;
use crate::sources::status::kit::hosted::is_hosted;
use crate::text::clean::without_deep_tags;

pub(crate) struct StatuspageHtml;

impl Source for StatuspageHtml {
    fn id(&self) -> &'static str {
        "statuspage-html"
    }

    fn family(&self) -> &'static str {
        // The code in an incident's address is its id in the API.
        FAMILY
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords::COMMON
    }

    fn about(&self) -> &'static str {
        "Atlassian Statuspage: saved web pages (front page, history, one incident), or history.json"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let head = decode::head(input);
        if let Some(json) = JsonHead::scan(&head) {
            let is_index = json.has_all(&[".months[].year", ".months[].incidents"]);
            return if is_index { Verdict::Yes } else { Verdict::No("no `months` with incidents") };
        }
        // A feed of a hosted page contains `statuspage` and `/history.atom` as its web pages do.
        if !head.trim_start().starts_with('<') || FeedHead::of(input).is_some() {
            return Verdict::No("not a web page");
        }
        if is_hosted(&head) { Verdict::Yes } else { Verdict::No("not a web page of Statuspage") }
    }

    fn next_page(&self, input: &Input, _: &[Record]) -> Option<String> {
        let url = input.url.as_deref()?;
        let path = url.split('?').next()?.trim_end_matches('/');
        let is_index = path.ends_with("/history") || path.ends_with("/history.json");
        if is_index { paging::next_number(url, "page") } else { None }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut reading = Reading::new(input, &decoded, options.zone);
        let body = decoded.body();
        let records = if body.starts_with('{') {
            months::read(body, &mut reading)?
        } else if body.starts_with('<') {
            let html = match without_deep_tags(body) {
                Some(text) => Html::parse_document(&text),
                None => Html::parse_document(body),
            };
            reading.name_provider(&html);
            page(&html, input, &mut reading)?
        } else {
            return Err(ReadError::new("neither a web page nor JSON"));
        };
        Ok(reading.warnings.finished(records))
    }
}

/// Reads any of the pages.
fn page(html: &Html, input: &Input, reading: &mut Reading<'_>) -> Result<Vec<Record>, ReadError> {
    if let Some(index) = months::data(html) {
        return months::read(index, reading);
    }
    if let Some(record) = report::read(html, input, reading) {
        return record.map(|record| record.map(Record::Incident).into_iter().collect());
    }
    front::read(html, reading).ok_or_else(|| {
        let mut error = ReadError::new("no days, no incident and no history in this page");
        error.hint = Some("the page's data is at /api/v2/incidents.json".to_owned());
        error
    })
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
