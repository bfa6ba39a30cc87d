//! The command line. Each subcommand is one file with its arguments and its `run`; the doc comment
//! of the arguments is the help text.
//!
//! This is the edge: only this layer uses the clock, the environment, the current folder and the
//! terminal. stdout has the output, stderr the messages.

mod answer;
mod args;
mod attached;
mod complete;
mod error;
mod excerpt;
mod filter;
mod gather;
mod ignored;
mod names;
mod pager;
mod period;
mod progress;
mod remote;
mod reports;
mod stop;
mod table;
mod terminal;

mod actions;
mod check;
mod completions;
mod diff;
mod explain;
mod export;
mod formats;
mod import;
mod init;
mod list;
mod man;
mod new;
mod render;
mod rules;
mod schema;
mod serve;
mod show;
mod site;
mod stats;
mod templates;
mod timeline;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::CompleteEnv;

pub(crate) use error::{CliError, Exit};
use terminal::Terminal;

use crate::model::zone;

/// Incident postmortems and timelines as code
///
/// One incident is one YAML file, stored in git and edited by people. posthoc creates these files
/// from status-page histories, alerts and write-ups, checks them, computes durations, and renders
/// them as Markdown, HTML and PDF. Unknown facts stay unknown.
#[derive(Debug, Parser)]
#[command(name = "posthoc", version = VERSION.as_str(), max_term_width = 100, propagate_version = false)]
struct Cli {
    #[command(flatten)]
    global: args::Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    New(new::Args),
    Import(import::Args),
    List(list::Args),
    Show(show::Args),
    Timeline(timeline::Args),
    Check(check::Args),
    Verify(verify::Args),
    Diff(diff::Args),
    Render(render::Args),
    Stats(stats::Args),
    Site(site::Args),
    Serve(serve::Args),
    Explain(explain::Args),
    Actions(actions::Args),
    Export(export::Args),
    Formats(formats::Args),
    Rules(rules::Args),
    Templates(templates::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// The version of the program, with the release of the time zone database that is built in.
static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (tzdata {})", env!("CARGO_PKG_VERSION"), zone::release()));

/// The whole command, for tests of the manual.
#[cfg(test)]
pub(crate) fn command() -> clap::Command {
    Cli::command()
}

/// Runs the program with the arguments and the environment of the process.
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Runs the program with these arguments, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // A shell that completes a command line sets a variable; then nothing else is done.
    CompleteEnv::with_factory(Cli::command).complete();
    let parsed = Cli::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // clap prints help to stdout and errors to stderr, and handles a broken pipe.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Fine.into() };
        }
    };
    let mut terminal = Terminal::new(cli.global.color, cli.global.quiet, !cli.global.no_pager);
    let outcome =
        cli.global.resolve().and_then(|context| dispatch(&cli.command, &context, &mut terminal));
    let outcome = outcome.and_then(|exit| terminal.finish().map(|()| exit));
    match outcome {
        Ok(exit) => exit.into(),
        Err(CliError::BrokenPipe) => Exit::Fine.into(),
        Err(error) => {
            let exit = error.exit();
            // If stderr is closed too, the error cannot be reported.
            let _ = terminal.error(error);
            exit.into()
        }
    }
}

fn dispatch(
    command: &Command,
    context: &args::Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    match command {
        Command::Init(args) => init::run(args, context, terminal),
        Command::New(args) => new::run(args, context, terminal),
        Command::Import(args) => import::run(args, context, terminal),
        Command::List(args) => list::run(args, context, terminal),
        Command::Show(args) => show::run(args, context, terminal),
        Command::Timeline(args) => timeline::run(args, context, terminal),
        Command::Check(args) => check::run(args, context, terminal),
        Command::Verify(args) => verify::run(args, context, terminal),
        Command::Diff(args) => diff::run(args, context, terminal),
        Command::Render(args) => render::run(args, context, terminal),
        Command::Stats(args) => stats::run(args, context, terminal),
        Command::Site(args) => site::run(args, context, terminal),
        Command::Serve(args) => serve::run(args, context, terminal),
        Command::Explain(args) => explain::run(args, context, terminal),
        Command::Actions(args) => actions::run(args, context, terminal),
        Command::Export(args) => export::run(args, context, terminal),
        Command::Formats(args) => formats::run(args, context, terminal),
        Command::Rules(args) => rules::run(args, terminal),
        Command::Templates(args) => templates::run(args, terminal),
        Command::Schema(args) => schema::run(args, context, terminal),
        Command::Completions(args) => completions::run(args, terminal),
        Command::Man(args) => man::run(args, Cli::command(), terminal),
    }
}
