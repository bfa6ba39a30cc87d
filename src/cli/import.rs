//! `posthoc import`.

mod documents;
mod evidence;
mod history;
mod inputs;
mod next;
mod opened;
mod pages;
mod read;

use clap_complete::{ArgValueCandidates, ArgValueCompleter};

use super::answer::{versioned, write_json};
use super::args::Context;
use super::complete;
use super::error::{CliError, Exit};
use super::filter::{Dates, Filters, Period};
use super::gather;
use super::period::Time;
use super::stop;
use super::terminal::Terminal;
use crate::assemble::{Provenance, stamp};
use crate::diag::Diagnostic;
use crate::model::id::IncidentId;
use crate::model::origin::ClockOffset;
use crate::sources::detect::DetectError;
use crate::sources::{Yields, by_id};
use opened::Opened;
pub(super) use opened::locked;
use read::{ReadInput, Said, Wishes};

/// Turn status-page histories and write-ups into incident files, or add evidence to one
///
/// Each incident of a history becomes one file. Importing it again adds what is new and leaves your
/// edits alone. The API, the feed and the web pages of one product give one file per incident. Each
/// write-up (Markdown, HTML or plain text) becomes one file, with a table of what was and was not found
/// in it; the original is stored under evidence/. With --into, alerts, metrics and write-ups become
/// evidence within one incident. Inputs that cannot be read are listed, and the rest are imported.
/// --zone sets the zone of times that have none.
///
/// posthoc sends one request at a time to each host, and up to four while it looks for the data of a
/// status page, for at most 60 seconds. Responses are cached and fetched again only if they have
/// changed; --offline uses only the cache, and --timeout limits all fetching. The cache is in your
/// system's cache folder, or in POSTHOC_CACHE; an empty POSTHOC_CACHE turns it off. Entries that were
/// not used for 90 days are removed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, folders, `-` for the standard input, addresses (`status.example.com` is enough), or
    /// the names of sources in posthoc.toml
    #[arg(required_unless_present = "all", value_name = "SRC")]
    sources: Vec<String>,
    /// Every source that posthoc.toml names
    #[arg(long, conflicts_with_all = ["sources", "into", "format"])]
    all: bool,
    /// Read them as this format instead of looking; `posthoc formats` lists what there is
    #[arg(long, value_name = "ID", add = ArgValueCandidates::new(complete::formats))]
    format: Option<String>,
    /// Add the records to this incident
    #[arg(long, value_name = "INCIDENT", add = ArgValueCompleter::new(complete::incidents))]
    into: Option<String>,
    /// How far the source's clock is ahead of the truth: 90s, -2m
    #[arg(long, value_name = "LENGTH", requires = "into", allow_hyphen_values = true)]
    clock_offset: Option<ClockOffset>,
    /// Leave out incidents that began before, and fetch further pages of a history back to then: 2026,
    /// 2026-Q2, 2026-01, 2026-W05, 2026-01-31, 2026-01-31T14:05Z, or how long ago: 12h, 30d, 2w, 6mo, 1y
    #[arg(long, value_name = "TIME", conflicts_with = "into")]
    since: Option<Time>,
    /// Leave out incidents that began after; `--until 2026-01` includes all of January
    #[arg(long, value_name = "TIME", conflicts_with = "into")]
    until: Option<Time>,
    /// Take over what was changed upstream, where nobody has changed it here
    #[arg(long)]
    update: bool,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command. An input that cannot be read is told, and the others are imported; the exit
/// code says that something is missing.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    if let Some(id) = args.format.as_deref().filter(|id| by_id(id).is_none()) {
        return Err(CliError::usage(read::undetected(&DetectError::unknown(id), None)));
    }
    let period = period(args, context)?;
    stop::watch();
    let wanted = gather::wanted(&args.sources, args.all, context)?;
    let format = args.format.clone();
    let wishes = Wishes { format, zone: context.zone, since: period.since, is_stored: args.into.is_some() };
    let (mut read, mut missed) = (Vec::new(), Missed { count: 0, exit: Exit::Fine });
    for said in inputs::all(wanted, wishes, context, terminal)? {
        match said {
            Said::Tell(problem) => terminal.tell(&problem)?,
            Said::More(line) if context.verbose => terminal.talk(&line)?,
            Said::More(_) => {}
            Said::Missed(error) => missed.add(error, terminal)?,
            Said::Read(one) => match suits(&one, args) {
                Ok(()) => read.push(one),
                Err(error) => missed.add(error, terminal)?,
            },
        }
    }
    let all = read.len() + missed.count;
    if all == 0 {
        let problem = Diagnostic::error("there is nothing to import: the folder has no files");
        return Err(CliError::bad_input(problem.hint("files whose names begin with a dot are not read")));
    }
    let exit = match &args.into {
        _ if read.is_empty() => Exit::Fine,
        Some(id) => evidence::run(id, &read, args, context, terminal)?,
        None => files(&read, args, period, context, terminal)?,
    };
    if missed.count > 0 && all > 1 {
        terminal.tell(&Diagnostic::warning(format!("{} of {all} inputs were not imported", missed.count)))?;
    }
    Ok(exit.max(missed.exit))
}

/// When what is wanted began. Its days are those of the zone that a person named, else of the settings.
fn period(args: &Args, context: &Context) -> Result<Period, CliError> {
    if args.since.is_none() && args.until.is_none() {
        return Ok(Period::default());
    }
    let zone = Filters::zone(context, &context.workspace()?);
    Dates { since: args.since, until: args.until }.period(context.now(), zone)
}

/// What became of the inputs of one kind.
struct Outcome {
    exit: Exit,
    /// What to print, where JSON is wanted.
    json: Vec<serde_json::Value>,
    /// The incidents whose files are new or have changed.
    written: Vec<IncidentId>,
}

/// Makes incident files of histories and of documents.
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

/// That the user has ended the writing; `left` is what was not written.
fn stopped_writing(left: &str, is_nothing_done: bool) -> CliError {
    let message = format!("stopped by Ctrl-C: {left} not written");
    let what = if is_nothing_done { "nothing was written" } else { "what is named above is written" };
    CliError::stopped(Diagnostic::error(message).hint(format!("{what}; the same import again does the rest")))
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
    /// Tells of one more.
    fn add(&mut self, error: CliError, terminal: &mut Terminal) -> Result<(), CliError> {
        let CliError::Told(exit, problems) = error else { return Err(error) };
        self.count += 1;
        self.exit = self.exit.max(exit);
        problems.iter().try_for_each(|problem| terminal.tell(problem))
    }
}

/// What is known about where the records of `read` come from. The bytes of a history are not kept:
/// each would be the whole page again, for every incident.
fn provenance(read: &ReadInput) -> Provenance {
    Provenance {
        format: read.source.id().to_owned(),
        name: None,
        url: read.input.url.clone(),
        retrieved_at: read.input.retrieved_at,
        path: None,
        sha256: None,
        zone: read.zone.map(|zone| zone.to_string()),
    }
}

/// The same, of an input whose bytes are kept at `path`.
fn kept(read: &ReadInput, path: String) -> Provenance {
    Provenance { path: Some(path), sha256: Some(stamp::hex(&read.input.bytes)), ..provenance(read) }
}
