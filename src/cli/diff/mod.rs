//! `posthoc diff`.

mod gather;
mod human;
mod json;
mod markdown;
mod sentences;

use clap_complete::ArgValueCompleter;

use super::args::Context;
use super::complete;
use super::error::{CliError, Exit};
use super::terminal::Terminal;

/// Report what changed in meaning since a revision, and why
///
/// Compares the incidents with their state in git: first the durations that changed, with the
/// fields that changed them, then all other changes, and the findings of `check` that are new or
/// gone.
/// Comments, formatting and order do not count as changes. Nothing is written to the repository.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  posthoc diff main                      the working tree against main\n  posthoc diff HEAD~3 ingestion-delay    one incident\n  posthoc diff v1..v2                    between two revisions\n  posthoc diff main...HEAD --format md   a branch since it left main, for a review comment"
)]
pub(super) struct Args {
    /// A branch, tag or commit, compared with the working tree; or two, as A..B or A...B
    #[arg(value_name = "REV")]
    revision: String,
    /// The incident's id, or a part of it that matches no other; all incidents if absent
    #[arg(value_name = "INCIDENT", add = ArgValueCompleter::new(complete::incidents))]
    id: Option<String>,
    /// The output format
    #[arg(long, value_name = "FORM", default_value = "human", ignore_case = true)]
    format: Format,
    /// As JSON: the same as --format json
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Human,
    /// Markdown, for a review comment
    Md,
    /// For programs
    Json,
}

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let comparison = gather::compared(&args.revision, args.id.as_deref(), context)?;
    comparison.problems.iter().try_for_each(|problem| terminal.report(problem))?;
    match if args.json { Format::Json } else { args.format } {
        Format::Human => {
            terminal.page();
            human::write(&comparison, terminal)?;
        }
        Format::Md => terminal.say(&markdown::write(&comparison))?,
        Format::Json => terminal.json(&json::of(&comparison))?,
    }
    Ok(if comparison.problems.is_empty() { Exit::Fine } else { Exit::BadInput })
}
