//! `posthoc formats try`.

use std::path::PathBuf;

use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::gather;
use crate::cli::terminal::{Terminal, clean_line};
use crate::diag::Diagnostic;
use crate::model::time::Moment;
use crate::sources::mapping::{self, Mapping, NamedMapping, READERS};
use crate::sources::readable::readable;
use crate::sources::record::Record;
use crate::sources::{Input, ReadOptions, by_id, detect};
use crate::text::counted;

/// The number of records that are shown.
const SHOWN: usize = 5;

/// Propose a format for a file in an unknown format: the fields with its times, texts and states
///
/// Prints a table for posthoc.toml, followed by the records that it reads from the file, as
/// comments. Paste the table into posthoc.toml, correct it, and run the command again with --name
/// to see the result.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A JSON file, a file with one JSON object per line, or a table
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The name of the format. If posthoc.toml has a format with that name, it is used to read the
    /// file
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let input = gather::file(&context.path(&args.file), context)?;
    let readable = readable(input).map_err(|problem| CliError::bad_input(*problem))?;
    let input = &readable.input;
    if let Ok(source) = detect::choose(input, None)
        && !READERS.contains(&source.id())
    {
        let note = format!("{}: posthoc reads this already, as {}", input.name, source.id());
        terminal.report(&Diagnostic::note(note))?;
    }
    let (mapping, is_new) = mapping_of(args, input, context)?;
    if is_new && mapping.time == mapping.value {
        let problem = Diagnostic::error(format!(
            "{}: its samples are not records, and a format cannot describe them",
            input.name
        ));
        return Err(CliError::bad_input(
            problem.hint(format!("import reads it as {}", mapping.format())),
        ));
    }
    let name = args.name.clone().unwrap_or_else(|| name_of(&args.file));
    if is_new {
        terminal.say(&mapping.to_toml(&name))?;
    }
    let lines = preview(mapping, name, &readable, context, terminal)?;
    lines.iter().try_for_each(|line| terminal.line(&format!("# {}", clean_line(line))))?;
    Ok(Exit::Fine)
}

/// The mapping in posthoc.toml with the given name, or a guess.
fn mapping_of(args: &Args, input: &Input, context: &Context) -> Result<(Mapping, bool), CliError> {
    if let Some(name) = &args.name
        && let Some(own) = context.workspace()?.config.formats.remove(name)
    {
        return Ok((own, false));
    }
    mapping::guess(input).map(|mapping| (mapping, true)).ok_or_else(|| {
        let problem = Diagnostic::error(format!("{}: found no records with a time", input.name));
        CliError::bad_input(
            problem.hint("a format describes JSON objects or table rows that each have a time"),
        )
    })
}

/// A name for the format of a file: the lower-case name of the file.
fn name_of(file: &std::path::Path) -> String {
    let stem =
        file.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let plain: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name = plain.trim_matches('-');
    let name = if name.is_empty() { "my-format" } else { name };
    if by_id(name).is_some() { format!("my-{name}") } else { name.to_owned() }
}

/// The records that are read from the input, one per line.
fn preview(
    mapping: Mapping,
    name: String,
    readable: &crate::sources::readable::Readable,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Vec<String>, CliError> {
    let source = by_id(mapping.format()).ok_or_else(|| {
        CliError::bad_input(Diagnostic::error(format!("no format `{}`", mapping.format())))
    })?;
    let own = mapping.zone.as_deref().and_then(|zone| zone.parse().ok());
    let kind = mapping.kind;
    let options = ReadOptions {
        zone: context.zone.or(own),
        today: Some(context.now().date_naive()),
        mapping: Some(std::sync::Arc::new(NamedMapping { name, mapping })),
        ..ReadOptions::default()
    };
    let read = source.read(&readable.input, &options).map_err(|error| {
        CliError::bad_input(readable.problem("the records cannot be read", error))
    })?;
    for warning in read.warnings {
        terminal.report(&readable.with_text(warning))?;
    }
    let what = match kind {
        mapping::MappedKind::Entries => "entry",
        mapping::MappedKind::Incidents => "incident",
        mapping::MappedKind::Series => "metric",
    };
    let mut lines = vec![format!("This reads {}:", counted(read.value.len(), what))];
    lines.extend(read.value.iter().take(SHOWN).map(line));
    let more = read.value.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    Ok(lines)
}

fn line(record: &Record) -> String {
    let shown = |at: Option<Moment>| at.map_or("no time".to_owned(), |at| at.to_string());
    let until = |end: Option<Moment>| end.map_or(String::new(), |end| format!(" until {end}"));
    match record {
        Record::Event(event) => {
            let actor = event.actor.as_deref().map_or(String::new(), |actor| format!(" [{actor}]"));
            let first = event.text.lines().next().unwrap_or_default();
            format!("{}{} {}{actor} {first}", shown(event.at), until(event.end), event.kind)
        }
        Record::Incident(incident) => {
            let at = incident.impact_start.or(incident.announced);
            let severity =
                incident.impact_word.as_deref().map_or(String::new(), |word| format!(" ({word})"));
            let updates = counted(incident.updates.len(), "update");
            format!(
                "{}{} {}{severity}, {updates}",
                shown(at),
                until(incident.resolved),
                incident.title
            )
        }
        Record::Series(series) => {
            let first =
                series.points.first().map_or(String::new(), |(at, _)| format!(" from {at}"));
            format!("{}: {}{first}", series.name, counted(series.points.len(), "sample"))
        }
        Record::Document(document) => document.title.clone(),
    }
}
