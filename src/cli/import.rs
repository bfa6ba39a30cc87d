//! `posthoc import`.

mod account;
mod args;
mod carried;
mod carry_out;
mod document_summary;
mod documents;
mod evidence;
mod exports;
mod inputs;
mod live;
mod next;
mod opened;
mod original;
mod outcome;
mod pages;
mod propose;
mod read;
mod status_page;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::{versioned, write_json};
use super::args::Context;
use super::error::{CliError, Exit};
use super::filter::{Dates, Filters, Period};
use super::gather;
use super::stop;
use super::terminal::Terminal;
use chrono::{NaiveDate, TimeDelta};

use crate::diag::Diagnostic;
use crate::model::time::Moment;
use crate::sources::accounts;
use crate::sources::detect::DetectError;
use crate::sources::mapping::Mapping;
use crate::sources::{Yields, by_id};
pub(super) use args::Args;
use opened::Opened;
pub(super) use opened::locked;
use outcome::Outcome;
use read::{Queries, ReadEvent, ReadInput, ReadSettings};

/// Runs the command. An input that cannot be read is reported and the others are imported; the exit
/// code shows that something is missing.
pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let formats = formats(args, context)?;
    let period = period(args, context)?;
    stop::watch();
    let wanted = gather::wanted(&args.sources, args.all, context)?;
    let settings = settings(args, period, formats, &wanted, context)?;
    if let Some(account) = args.from.as_deref().and_then(|id| accounts::by_id(&id.to_lowercase())) {
        return account::run(account, args, period, &settings, context, terminal);
    }
    let (mut read, mut missed) = (Vec::new(), Missed { count: 0, exit: Exit::Fine });
    let mut restored = carried::Restored::default();
    for event in inputs::all(wanted, settings, context, terminal)? {
        match event {
            ReadEvent::Report(problem) => terminal.report(&problem)?,
            ReadEvent::More(line) if context.verbose => terminal.talk(&line)?,
            ReadEvent::More(_) => {}
            ReadEvent::Missed(error) => missed.add(error, terminal)?,
            ReadEvent::Carried(one) => restored.add(one),
            ReadEvent::Read(one) => match suits(&one, args) {
                Ok(()) => read.push(one),
                Err(error) => missed.add(error, terminal)?,
            },
        }
    }
    let all = read.len() + missed.count + restored.count();
    if all == 0 {
        let problem = Diagnostic::error("there is nothing to import: the folder has no files");
        return Err(CliError::bad_input(
            problem.hint("files whose names begin with a dot are not read"),
        ));
    }
    let restored = restored.write(args, context, terminal)?;
    propose::decide(&mut read, args, context)?;
    let exit = match &args.into {
        _ if read.is_empty() => restored.finish(args, terminal)?,
        None if args.propose => propose::run(&read, args, context, terminal)?,
        Some(id) => evidence::run(id, &read, args, period, context, terminal)?,
        None => files(&read, args, period, restored, context, terminal)?,
    };
    if missed.count > 0 && all > 1 {
        terminal.report(&Diagnostic::warning(format!(
            "{} of {all} inputs were not imported",
            missed.count
        )))?;
    }
    Ok(exit.max(missed.exit))
}

fn settings(
    args: &Args,
    period: Period,
    formats: Arc<BTreeMap<String, Mapping>>,
    wanted: &[gather::Target],
    context: &Context,
) -> Result<ReadSettings, CliError> {
    let today = last_day(args.into.as_deref().unwrap_or_default(), context.now().date_naive());
    Ok(ReadSettings {
        format: args.format().map(str::to_owned),
        zone: context.zone,
        today: Some(today),
        since: period.since,
        until: period.until,
        around: args.into.as_deref().map_or((None, None), |id| evidence::around(id, context)),
        channel: args.channel.clone(),
        mask: args.mask,
        is_stored: args.into.is_some(),
        formats,
        queries: queries(args, wanted, context)?,
        taken: args.taken.map(Moment::earliest),
    })
}

/// The formats of the team's own. A format that was named must be one of them or of posthoc's.
fn formats(args: &Args, context: &Context) -> Result<Arc<BTreeMap<String, Mapping>>, CliError> {
    let unknown = |id: &str| CliError::usage(read::undetected(&DetectError::unknown(id), None));
    let named = args.format().filter(|id| by_id(id).is_none());
    let own = match context.workspace() {
        Ok(workspace) => workspace.config.formats,
        // What is wrong with the settings is reported where the incidents are opened.
        Err(error) => return named.map_or(Ok(Arc::default()), |_| Err(error)),
    };
    match named.filter(|id| !own.contains_key(*id)) {
        Some(id) => Err(unknown(id)),
        None => Ok(Arc::new(own)),
    }
}

/// What is asked of the addresses.
fn queries(
    args: &Args,
    wanted: &[gather::Target],
    context: &Context,
) -> Result<Option<Arc<Queries>>, CliError> {
    if args.query.is_empty() {
        return Ok(None);
    }
    if !wanted.iter().all(|one| matches!(one, gather::Target::Remote(_))) {
        let problem = Diagnostic::error("--query asks servers, and not every SRC is an address");
        return Err(CliError::usage(
            problem.hint("import files in a call of their own; an address begins with http://"),
        ));
    }
    Ok(Some(Arc::new(Queries {
        expressions: args.query.clone(),
        step: args.step.and_then(|step| TimeDelta::from_std(step).ok()),
        now: context.now(),
    })))
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
    mut outcome: Outcome,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let (documents, histories): (Vec<&ReadInput>, Vec<&ReadInput>) =
        read.iter().partition(|one| one.source.yields() == Yields::Documents);
    let mut add = |more: Outcome| {
        outcome.exit = outcome.exit.max(more.exit);
        outcome.json.extend(more.json);
        outcome.written.extend(more.written);
    };
    let mut opened = Opened::new(args, context, terminal)?;
    if !histories.is_empty() {
        add(status_page::run(&histories, args, period, context, terminal, &mut opened)?);
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
        None => status_page::suits(read),
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
        let CliError::Reported(exit, problems) = error else { return Err(error) };
        self.count += 1;
        self.exit = self.exit.max(exit);
        problems.iter().try_for_each(|problem| terminal.report(problem))
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
