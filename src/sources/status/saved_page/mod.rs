//! A status page that somebody copied as text: the page of one incident, or an aggregator's copy.
//!
//! Two shapes are known. The page of an incident has its states on lines of their own, each with a
//! text and `Posted Jul 03, 2025 - 20:15 PDT` below it, and names the affected components at its
//! end. An aggregator copies the feed's one line of updates, `Mar 17, 14:14:05 GMT+0 - Investigating
//! - …`, puts a headline with the year above it and an advertisement of its own below.

mod copy;
mod page;
mod postmortem;
mod prose;
#[cfg(test)]
mod tests;

use super::super::decode;
use super::super::record::{IncidentRecord, Record};
use super::super::warnings::Warnings;
use super::super::{Evidence, Input, ReadError, ReadOptions, Source, Verdict, Yields};
use super::feed::posts::{self, Post};
use super::feed::stamp::Order;
use crate::diag::Warned;

/// The reader.
pub struct SavedPage;

impl Source for SavedPage {
    fn id(&self) -> &'static str {
        "saved-page"
    }

    fn about(&self) -> &'static str {
        "one incident of a status page, copied as text from the page or from an aggregator"
    }

    fn evidence(&self) -> Evidence {
        Evidence::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let head = decode::head(input);
        let text = head.trim_start();
        if text.starts_with(['<', '{', '[']) {
            return Verdict::No("not plain text");
        }
        match page::is_page(text) || copy::is_copy(text) {
            true => Verdict::Yes,
            false => Verdict::No("no updates with the time at which they were posted"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let text = decoded.body();
        let record =
            if page::is_page(text) { page::read(text, &mut warnings) } else { copy::read(text, &mut warnings) };
        let Some(record) = record else {
            return Err(ReadError::new("there are no updates with a time in it"));
        };
        Ok(Warned { value: vec![Record::Incident(record)], warnings: warnings.finish() })
    }
}

/// Puts the updates into the record, with what they tell together.
fn fill(record: &mut IncidentRecord, found: Vec<Post>) {
    record.updates = posts::updates(found, Order::OldestFirst);
    posts::fill_from_updates(record);
    record.sections = postmortem::sections(&record.updates);
    (record.impact_start, record.impact_end) = prose::impact(&record.updates);
}
