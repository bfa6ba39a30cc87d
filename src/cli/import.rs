//! `posthoc import`.

mod args;
mod carry_out;
mod document_summary;
mod documents;
mod evidence;
mod exports;
mod history;
mod inputs;
mod next;
mod opened;
mod original;
mod outcome;
mod pages;
mod propose;
mod read;

use super::answer::{versioned, write_json};
use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::{Dates, Filters, Period};
use super::gather;
use super::stop;
use super::terminal::Terminal;
use chrono::{NaiveDate, TimeDelta};

use crate::diag::Diagnostic;
use crate::sources::detect::DetectError;
use crate::sources::{Yields, by_id};
pub use args::Args;
use opened::Opened;
pub(super) use opened::locked;
use outcome::Outcome;
use read::{ReadEvent, ReadInput, ReadSettings};

/// Runs the command. An input that cannot be read is reported and the others are imported; the exit
/// code shows that something is missing.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    if let Some(id) = args.format().filter(|id| by_id(id).is_none()) {
        return Err(CliError::usage(read::undetected(&DetectError::unknown(id), None)));
    }
    let period = period(args, context)?;
    stop::watch();
    let wanted = gather::wanted(&args.sources, args.all, context)?;
    let format = args.format().map(str::to_owned);
    let today =
        Some(last_day(args.into.as_deref().unwrap_or_default(), context.now().date_naive()));
    let settings = ReadSettings {
        format,
        zone: context.zone,
        today,
        since: period.since,
        until: period.until,
        around: args.into.as_deref().map_or((None, None), |id| evidence::around(id, context)),
        channel: args.channel.clone(),
        mask: args.mask,
        is_stored: args.into.is_some(),
    };
    let (mut read, mut missed) = (Vec::new(), Missed { count: 0, exit: Exit::Fine });
    for event in inputs::all(wanted, settings, context, terminal)? {
        match event {
            ReadEvent::Tell(problem) => terminal.tell(&problem)?,
            ReadEvent::More(line) if context.verbose => terminal.talk(&line)?,
            ReadEvent::More(_) => {}
            ReadEvent::Missed(error) => missed.add(error, terminal)?,
            ReadEvent::Read(one) => match suits(&one, args) {
                Ok(()) => read.push(one),
                Err(error) => missed.add(error, terminal)?,
            },
        }
    }
    let all = read.len() + missed.count;
    if all == 0 {
        let problem = Diagnostic::error("there is nothing to import: the folder has no files");
        return Err(CliError::bad_input(
            problem.hint("files whose names begin with a dot are not read"),
        ));
    }
    propose::decide(&mut read, args, context)?;
    let exit = match &args.into {
        _ if read.is_empty() => Exit::Fine,
        None if args.propose => propose::run(&read, args, context, terminal)?,
        Some(id) => evidence::run(id, &read, args, period, context, terminal)?,
        None => files(&read, args, period, context, terminal)?,
    };
    if missed.count > 0 && all > 1 {
        terminal.tell(&Diagnostic::warning(format!(
            "{} of {all} inputs were not imported",
            missed.count
        )))?;
    }
    Ok(exit.max(missed.exit))
}

/// When the wanted incidents began. Days are those of the zone the user gave, or of the settings.
fn period(args: &Args, context: &Context) -> Result<Period, CliError> {
    if args.since.is_none() && args.until.is_none() {
        return Ok(Period::default());
    }
    let zone = Filters::zone(context, &context.workspace()?);
    Dates { since: args.since, until: args.until }.period(context.now(), zone)
}

/// Imports histories and documents as incident files.
fn files(
    read: &[ReadInput],
    args: &Args,
    period: Period,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let (documents, histories): (Vec<&ReadInput>, Vec<&ReadInput>) =
        read.iter().partition(|one| one.source.yields() == Yields::Documents);
    let mut outcome = Outcome { exit: Exit::Fine, json: Vec::new(), written: Vec::new() };
    let mut add = |more: Outcome| {
        outcome.exit = outcome.exit.max(more.exit);
        outcome.json.extend(more.json);
        outcome.written.extend(more.written);
    };
    let mut opened = Opened::new(args, context, terminal)?;
    if !histories.is_empty() {
        add(history::run(&histories, args, period, context, terminal, &mut opened)?);
    }
    if !documents.is_empty() {
        if !histories.is_empty() {
            opened.load()?;
        }
        add(documents::run(&documents, args, period, context, terminal, &mut opened)?);
    }
    if args.json {
        write_json(terminal, &versioned("incidents", outcome.json))?;
    }
    next::say(&outcome.written, args, context, terminal)?;
    Ok(outcome.exit)
}

fn suits(read: &ReadInput, args: &Args) -> Result<(), CliError> {
    match &args.into {
        Some(id) => evidence::suits(read, id),
        None => history::suits(read),
    }
}

/// The inputs that could not be read.
struct Missed {
    count: usize,
    exit: Exit,
}

impl Missed {
    /// Reports one more.
    fn add(&mut self, error: CliError, terminal: &mut Terminal) -> Result<(), CliError> {
        let CliError::Told(exit, problems) = error else { return Err(error) };
        self.count += 1;
        self.exit = self.exit.max(exit);
        problems.iter().try_for_each(|problem| terminal.tell(problem))
    }
}

/// Evidence for an incident is unlikely to be from long after the day in its id, and never from the
/// future.
const LATEST_EVIDENCE: TimeDelta = TimeDelta::days(60);

/// The last day from which evidence for the incident `id` is accepted.
fn last_day(id: &str, today: NaiveDate) -> NaiveDate {
    let named = id.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
    named.map_or(today, |day| today.min(day + LATEST_EVIDENCE))
}
