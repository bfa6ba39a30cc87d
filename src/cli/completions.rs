//! `posthoc completions`.

use clap_complete::Shell;

use super::error::{CliError, Exit};
use super::terminal::Terminal;

/// Print a completion script for your shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which shell
    shell: Shell,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "posthoc", &mut script);
    terminal.bytes(&script)?;
    Ok(Exit::Fine)
}
