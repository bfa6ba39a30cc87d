//! Reads an address: its page and the older pages of the history.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::read::{ReadEvent, ReadInput, ReadSettings, events_of, read as read_one};
use crate::assemble::history::first_seen;
use crate::cli::error::CliError;
use crate::cli::gather::Address;
use crate::diag::Diagnostic;
use crate::fetch::{self, Cause, FetchError, Fetched, Fetcher, Trail};
use crate::model::time::Moment;
use crate::sources::Input;
use crate::sources::record::Record;

/// The limit on the number of pages of one history.
const MOST_PAGES: usize = 50;

/// This many consecutive pages without a record end a history whose pages are months; fewer may be
/// a quiet period.
const CALM_PAGES: usize = 4;

/// Reads what is at an address.
pub(super) fn read(
    fetcher: &Fetcher,
    address: &Address,
    settings: &ReadSettings,
) -> Vec<ReadEvent> {
    let page = match fetcher.page(&address.url) {
        Ok(page) => page,
        Err(error) => return vec![ReadEvent::Missed(unfetched(&error, address.is_guess))],
    };
    let mut events: Vec<ReadEvent> = page.tried.into_iter().map(ReadEvent::More).collect();
    events.extend(page.notes.into_iter().map(ReadEvent::Report));
    for first in page.inputs {
        // The user's choice comes first, then the settings, then the format that was requested.
        let format = settings.format.clone().or_else(|| address.format.clone());
        let format = format.or_else(|| first.format.map(str::to_owned));
        let settings =
            ReadSettings { format, zone: settings.zone.or(address.zone), ..settings.clone() };
        history(fetcher, first, &settings, &mut events);
    }
    events
}

/// Reads a page and, with `--since`, the older pages: until one is older than that, or has nothing
/// new.
fn history(
    fetcher: &Fetcher,
    first: Fetched,
    settings: &ReadSettings,
    events: &mut Vec<ReadEvent>,
) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut calm = 0;
    let mut page = first;
    for number in 1.. {
        let Fetched { input, is_from_cache, trail, .. } = page;
        events.extend(age(&input, is_from_cache));
        let (one, warnings) = match read_one(input, settings, settings.since.is_some()) {
            Ok(read) => read,
            Err(error) => return events.push(ReadEvent::Missed(error)),
        };
        // Unreadable pages are reported by the reader.
        events.extend(
            trail.other_host().map(|to| ReadEvent::Report(fetch::moved(&one.input.name, &to))),
        );
        let before = known.len();
        known.extend(ids(&one.records).map(str::to_owned));
        let is_new = known.len() > before;
        if number > 1 && !is_new && !one.records.is_empty() {
            // The same page again, from a server that does not page, may not be the end.
            let problem = Diagnostic::warning(format!(
                "{} has nothing new: there are no older pages",
                one.input.name
            ));
            return events.push(ReadEvent::Report(
                problem.hint("older incidents may be on the page's own history"),
            ));
        }
        calm = if is_new { 0 } else { calm + 1 };
        let is_wanted =
            |since: &DateTime<Utc>| calm < CALM_PAGES && !is_older(&one.records, *since);
        let next = settings.since.filter(is_wanted).and_then(|_| next_of(&one, &trail));
        let name = one.input.name.clone();
        events.extend(events_of(one, warnings, settings));
        let Some(next) = next else { return };
        if number == MOST_PAGES {
            let problem = Diagnostic::warning(format!(
                "only the first {MOST_PAGES} pages of this history were read"
            ));
            return events.push(ReadEvent::Report(
                problem.hint(format!("import the rest by its address: the one after {name}")),
            ));
        }
        page = match fetcher.after(&trail, &next) {
            Ok(page) => page,
            Err(error) => {
                let error = unfetched(&error, false).hint("the pages before it were read");
                return events.push(ReadEvent::Missed(error));
            }
        };
    }
}

/// The age of a response from the cache.
fn age(input: &Input, is_from_cache: bool) -> Option<ReadEvent> {
    let at = input.retrieved_at.filter(|_| is_from_cache)?;
    let note =
        format!("offline: {} as it was at {}", input.name, at.format("%Y-%m-%d %H:%M:%S UTC"));
    Some(ReadEvent::Report(Diagnostic::note(note)))
}

/// The address of the page after `one`.
fn next_of(one: &ReadInput, trail: &Trail) -> Option<String> {
    one.source.next_page(&one.input, &one.records).or_else(|| trail.next().map(str::to_owned))
}

fn ids(records: &[Record]) -> impl Iterator<Item = &str> {
    records.iter().filter_map(|record| match record {
        Record::Incident(record) => Some(record.id.as_str()),
        Record::Event(_) | Record::Series(_) | Record::Document(_) => None,
    })
}

/// Whether every record began before `since`, on a page that lists the newest first: then the next
/// page has nothing wanted. A single backdated or pinned record does not count.
fn is_older(records: &[Record], since: DateTime<Utc>) -> bool {
    let times = records.iter().filter_map(|record| match record {
        Record::Incident(record) => first_seen(record),
        Record::Event(_) | Record::Series(_) | Record::Document(_) => None,
    });
    let times: Vec<Moment> = times.collect();
    let is_newest_first =
        times.first().zip(times.last()).is_some_and(|(first, last)| first >= last);
    is_newest_first && times.iter().all(|time| time.latest() < since)
}

/// The error for an address that could not be fetched.
pub(super) fn unfetched(error: &FetchError, is_guess: bool) -> CliError {
    let problem =
        error.hint().into_iter().fold(Diagnostic::error(error.to_string()), Diagnostic::hint);
    let is_nowhere =
        matches!(error.cause, Cause::Connect(_) | Cause::NeverFetched | Cause::Offline);
    CliError::failed(if is_guess && is_nowhere {
        problem.hint("if you meant a file: none has that name")
    } else {
        problem
    })
}
