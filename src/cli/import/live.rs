//! Queries a server for a period.

use chrono::TimeDelta;

use super::pages::unfetched;
use super::read::{Queries, ReadEvent, ReadSettings, events_of, read as read_one};
use crate::cli::error::CliError;
use crate::cli::gather::Address;
use crate::diag::Diagnostic;
use crate::fetch::{Fetcher, shown_address};
use crate::sources::Input;
use crate::sources::live::{RANGE_FORMAT, RangeQuery, joined};

/// The time around an incident includes a day before and after it.
const NARROWER: TimeDelta = TimeDelta::hours(22);

/// Sends each expression to the server at an address. Incomplete answers are not read.
pub(super) fn read(
    fetcher: &Fetcher,
    address: &Address,
    queries: &Queries,
    settings: &ReadSettings,
) -> Vec<ReadEvent> {
    // Two hours before and after the incident show the usual values.
    let (since, until) = settings.around;
    let (since, until) = (since.map(|at| at + NARROWER), until.map(|at| at - NARROWER));
    let Some(from) = settings.since.or(since) else {
        let problem = Diagnostic::error("--query needs a time range");
        let hint = "name the range: --since 2026-03-01T10:00Z --until 2026-03-01T12:00Z";
        return vec![ReadEvent::Missed(CliError::usage(problem.hint(hint)))];
    };
    let until = settings.until.or(until).unwrap_or(queries.now).min(queries.now);
    let one = |expression: &String| {
        let query = RangeQuery { expression: expression.clone(), from, until, step: queries.step };
        ask(fetcher, address, &query, settings)
            .unwrap_or_else(|error| vec![ReadEvent::Missed(error)])
    };
    queries.expressions.iter().flat_map(one).collect()
}

fn ask(
    fetcher: &Fetcher,
    address: &Address,
    query: &RangeQuery,
    settings: &ReadSettings,
) -> Result<Vec<ReadEvent>, CliError> {
    let wrong = |message: String| CliError::usage(Diagnostic::error(message));
    let server = match address.url.contains("://") {
        true => address.url.clone(),
        false => format!("http://{}", address.url),
    };
    let (parts, whole) = query.addresses(&server).map_err(wrong)?;
    let mut answers = Vec::with_capacity(parts.len());
    let mut retrieved_at = None;
    for (number, part) in parts.iter().enumerate() {
        let fetched = fetcher.get(part).map_err(|error| {
            let error = unfetched(&error, address.is_guess);
            match number {
                0 => error,
                _ => error
                    .hint("the parts before it were fetched; nothing of this query is imported"),
            }
        })?;
        retrieved_at = retrieved_at.or(fetched.input.retrieved_at);
        answers.push(fetched.input.bytes);
    }
    let input = Input {
        bytes: joined(&answers),
        url: Some(whole.clone()),
        retrieved_at,
        ..Input::new(shown_address(&whole), Vec::new())
    };
    let settings = ReadSettings { format: Some(RANGE_FORMAT.to_owned()), ..settings.clone() };
    let (one, warnings) = read_one(input, &settings, false)?;
    Ok(events_of(one, warnings, &settings))
}
