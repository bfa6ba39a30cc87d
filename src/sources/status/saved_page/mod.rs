//! A status page that somebody copied as text, or saved as HTML with the same text: the page of one
//! incident, or an aggregator's copy.
//!
//! Two layouts are recognised. The page of an incident has its states on separate lines, each with
//! a text and `Posted Jul 03, 2025 - 20:15 PDT` below it, and lists the affected components at its
//! end. An aggregator copies the feed's one line of updates, `Mar 17, 14:14:05 GMT+0 -
//! Investigating - …`, with a headline including the year above it and an advertisement below.

mod build;
mod copy;
mod page;
mod postmortem;
mod prose;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
mod web;

use std::borrow::Cow;

use crate::diag::Warned;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::record::Record;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::feed::FeedHead;
use crate::sources::status::kit::hosted::is_hosted;
use crate::sources::warnings::Warnings;

pub(crate) struct SavedPage;

impl Source for SavedPage {
    fn id(&self) -> &'static str {
        "saved-page"
    }

    fn about(&self) -> &'static str {
        "one incident of a status page, copied as text or saved as HTML, from the page or an aggregator"
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
        if head.starts_with(['{', '[']) || FeedHead::of(input).is_some() {
            return Verdict::No("not plain text");
        }
        let is_it = if head.starts_with('<') { is_web_page(input) } else { is_either(&head) };
        match is_it {
            true => Verdict::Yes,
            false => Verdict::No("no updates with the time at which they were posted"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let text = &*lines(decoded.body());
        let record = if page::is_page(text) {
            page::read(text, &mut warnings)
        } else {
            copy::read(text, &mut warnings)
        };
        let Some(record) = record else {
            return Err(ReadError::new("there are no updates in it"));
        };
        if record.updates.is_empty() && warnings.lacks_zone() {
            let mut error = ReadError::new("its times have no zone");
            error.hint = Some("say in which zone they are: --zone Europe/Berlin".to_owned());
            return Err(error);
        }
        Ok(warnings.finished(vec![Record::Incident(record)]))
    }
}

/// The text that a person would copy from `body`.
fn lines(body: &str) -> Cow<'_, str> {
    if body.starts_with('<') { Cow::Owned(web::lines(body)) } else { Cow::Borrowed(body) }
}

fn is_either(text: &str) -> bool {
    page::is_page(text) || copy::is_copy(text)
}

/// Whether a web page is one of those, and no other reader's. The distinguishing text is far below
/// its head, so the whole page is searched, but only if words occur that all of them have.
fn is_web_page(input: &Input) -> bool {
    let Ok(decoded) = decode::decode(&input.bytes) else { return false };
    let body = decoded.body();
    let has_words = page::has_words(body) || copy::has_words(body);
    has_words && !is_hosted(&decode::head(input)) && is_either(&web::lines(body))
}
