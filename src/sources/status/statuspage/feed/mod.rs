//! Atlassian Statuspage: `history.atom` and `history.rss`, and the JSON lines that collectors parse
//! from these feeds.
//!
//! Incidents and maintenances are mixed, and distinguished by the words of their updates. An update
//! has a timestamp without year and seconds; `published` is the time of the newest of them, not the
//! start, and `updated` that of the last edit of any. The link of an entry is `/incidents/CODE`,
//! and CODE is the incident's id in the JSON API, so records of both have the same id. Only the API
//! gives updates ids.

mod entry;
mod lines;

use super::FAMILY;
use rayon::prelude::*;

use crate::diag::{Diagnostic, Warned};
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::JsonHead;
use crate::sources::record::Record;
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::feed::posts::Outcome;
use crate::sources::status::kit::feed::{self, FeedHead};
use crate::sources::warnings::Warnings;

/// The feed has at most this many entries.
const FEED_CAP: usize = 25;

pub(crate) struct StatuspageFeed;

impl Source for StatuspageFeed {
    fn id(&self) -> &'static str {
        "statuspage-feed"
    }

    fn family(&self) -> &'static str {
        // The code in an entry's address is the id in the API. An entry without an address has the
        // feed's own number, which the other formats do not have, so it is matched only among
        // feeds.
        FAMILY
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords::COMMON
    }

    fn about(&self) -> &'static str {
        "Atlassian Statuspage: history.atom, history.rss, or JSON lines parsed from them"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/history.atom", "/history.rss"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = FeedHead::of(input) else {
            return match JsonHead::scan(&decode::head(input)) {
                Some(json) if lines::is_it(&json) => Verdict::Yes,
                _ => Verdict::No("not a feed"),
            };
        };
        let is_history = if head.is_atom {
            is_history(head.between("<id>tag:", '<'))
        } else {
            head.has("<description>Statuspage</description>")
                || head.after("<description>").any(begins_as_an_update)
        };
        if is_history {
            Verdict::Yes
        } else {
            Verdict::No("a feed, but not of Statuspage's updates")
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded);
        let outcomes: Vec<Outcome> = if decoded.body().starts_with('{') {
            lines::read(&decoded)?
        } else {
            let feed = feed::parse(&decoded)?;
            if feed.items.len() == FEED_CAP {
                let note = format!(
                    "the feed gives the {FEED_CAP} most recent entries only, and this file holds so many"
                );
                warnings.say(Diagnostic::note(note).hint("older ones are on the page's history"));
            }
            let page = entry::Page::new(&decoded, &feed, options.zone);
            feed.items.par_iter().map(|item| page.entry(item)).collect()
        };
        let mut records = Vec::with_capacity(outcomes.len());
        for Outcome { record, problems } in outcomes {
            let record = warnings.naming(|warnings| {
                problems.into_iter().for_each(|(span, message)| warnings.at(span, message));
                record
            });
            records.extend(record.map(Record::Incident));
        }
        Ok(warnings.finished(records))
    }
}

/// Whether the Atom ids of a feed, without their `tag:`, are those of this system's history. The id
/// of the feed alone is not enough if its entries have other ids: products that copied this one use
/// the same feed id.
fn is_history<'h>(ids: impl Iterator<Item = &'h str>) -> bool {
    let (mut feed, mut ours, mut others) = (false, false, false);
    for id in ids {
        match id.split_once(",2005:").map_or("", |(_, own)| own).split_once('/') {
            Some(("Incident", number))
                if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                ours = true;
            }
            Some(("", "history")) => feed = true,
            _ => others = true,
        }
    }
    ours || (feed && !others)
}

/// Whether the text of an element that is cut off by the end of the head starts with an update, or
/// with the plan of a maintenance.
fn begins_as_an_update(rest: &str) -> bool {
    let start: String =
        rest.trim_start().trim_start_matches("<![CDATA[").chars().take(200).collect();
    let start = feed::unescape(&start);
    let inner = start.trim_start().strip_prefix("<p>").map(str::trim_start);
    inner.is_some_and(|inner| inner.starts_with("<small>") || inner.starts_with(entry::PLAN))
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
