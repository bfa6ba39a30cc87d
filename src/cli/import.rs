//! `posthoc import`.

mod evidence;
mod history;

use std::ops::Range;

use super::args::Context;
use super::error::{CliError, Exit};
use super::gather;
use super::terminal::{Terminal, counted};
use crate::assemble::{Provenance, stamp};
use crate::diag::{Diagnostic, Level, Place, Warned};
use crate::model::origin::ClockOffset;
use crate::model::time::Moment;
use crate::sources::detect::{self, DetectError};
use crate::sources::record::Record;
use crate::sources::{Input, ReadOptions, Source, by_id};

/// Turn a status page's history into incident files, or add evidence to one incident
///
/// A history gives one file per incident; importing it again adds what is new and changes nothing
/// else: your edits stay. With --into, alerts and metrics become evidence within one incident, and
/// their bytes are kept under evidence/. What cannot be read is told by name, and the rest is
/// imported. --zone gives the zone of times that the input writes
/// without one.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, folders, `-` for the standard input, or addresses; `https://status.example.com` is enough
    #[arg(required = true, value_name = "SRC")]
    sources: Vec<String>,
    /// Read them as this format instead of looking; `posthoc formats` lists what there is
    #[arg(long, value_name = "ID")]
    format: Option<String>,
    /// Add the records to this incident
    #[arg(long, value_name = "INCIDENT")]
    into: Option<String>,
    /// How far the source's clock is ahead of the truth: 90s, -2m
    #[arg(long, value_name = "LENGTH", requires = "into", allow_hyphen_values = true)]
    clock_offset: Option<ClockOffset>,
    /// Leave out incidents that began before
    #[arg(long, value_name = "TIME", conflicts_with = "into")]
    since: Option<Moment>,
    /// Leave out incidents that began after
    #[arg(long, value_name = "TIME", conflicts_with = "into")]
    until: Option<Moment>,
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

/// One input, read.
struct ReadInput {
    input: Input,
    source: &'static dyn Source,
    records: Vec<Record>,
}

/// Runs the command. An input that cannot be read is told, and the others are imported; the exit
/// code says that something is missing.
pub fn run(args: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    if let Some(id) = args.format.as_deref().filter(|id| by_id(id).is_none()) {
        return Err(CliError::usage(undetected(&DetectError::unknown(id), None)));
    }
    let (mut read, mut missed) = (Vec::new(), Missed { count: 0, exit: Exit::Fine });
    for input in gather::inputs(&args.sources, context, terminal)? {
        match input.and_then(|input| read_one(input, args, context, terminal)) {
            Ok(one) => read.push(one),
            Err(error) => missed.add(error, terminal)?,
        }
    }
    let all = read.len() + missed.count;
    if all == 0 {
        return Err(CliError::bad_input(Diagnostic::error("there is nothing to import: the folder has no files")));
    }
    let exit = match &args.into {
        _ if read.is_empty() => Exit::Fine,
        Some(id) => evidence::run(id, &read, args, context, terminal)?,
        None => history::run(&read, args, context, terminal)?,
    };
    if missed.count > 0 && all > 1 {
        terminal.tell(&Diagnostic::warning(format!("{} of {all} inputs were not imported", missed.count)))?;
    }
    Ok(exit.max(missed.exit))
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

fn read_one(input: Input, args: &Args, context: &Context, terminal: &mut Terminal) -> Result<ReadInput, CliError> {
    let name = input.name.clone();
    let source = detect::choose(&input, args.format.as_deref())
        .map_err(|error| CliError::bad_input(undetected(&error, Some(&name))))?;
    let options = ReadOptions { zone: context.zone };
    let Warned { value: records, warnings } = source.read(&input, &options).map_err(|error| {
        let problem = Diagnostic::error(format!("cannot read this as {}: {}", source.id(), error.message));
        let problem = match error.hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        };
        CliError::bad_input(problem.at(place(&input, error.span)))
    })?;
    if context.verbose {
        terminal.talk(&format!("{name}: read as {}, {}", source.id(), counted(records.len(), "record")))?;
    }
    for warning in &warnings {
        terminal.tell(warning)?;
    }
    if records.is_empty() && warnings.iter().any(|warning| warning.level == Level::Warning) {
        // Not an empty history: everything in it was left out.
        return Err(CliError::bad_input(Diagnostic::error(format!("{name}: nothing in it could be read"))));
    }
    let read = ReadInput { input, source, records };
    match &args.into {
        Some(id) => evidence::suits(&read, id)?,
        None => history::suits(&read)?,
    }
    Ok(read)
}

/// Why no format was chosen, for the input of that name.
fn undetected(error: &DetectError, name: Option<&str>) -> Diagnostic {
    let name = name.map_or_else(String::new, |name| format!("{name}: "));
    let problem = Diagnostic::error(format!("{name}{error}"));
    match error.hint() {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

fn place(input: &Input, span: Option<Range<usize>>) -> Place {
    match span {
        Some(span) => Place::new(input.name.as_str(), &String::from_utf8_lossy(&input.bytes), span),
        None => Place::whole_file(input.name.as_str()),
    }
}

/// What is known about where the records of `read` come from. The bytes of a history are not kept:
/// each would be the whole page again, for every incident.
fn provenance(read: &ReadInput, context: &Context) -> Provenance {
    Provenance {
        format: read.source.id().to_owned(),
        url: read.input.url.clone(),
        retrieved_at: read.input.retrieved_at,
        path: None,
        sha256: None,
        zone: context.zone.map(|zone| zone.to_string()),
    }
}

/// The same, of an input whose bytes are kept at `path`.
fn kept(read: &ReadInput, context: &Context, path: String) -> Provenance {
    Provenance { path: Some(path), sha256: Some(stamp::hex(&read.input.bytes)), ..provenance(read, context) }
}
