//! `posthoc man`.

use super::error::{CliError, Exit};
use super::terminal::Terminal;

/// Print the manual page; `posthoc man | man -l -` reads it
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The manual of one command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let mut command = super::command();
    command.build();
    if let Some(name) = &args.command {
        let Some(found) = command.find_subcommand(name) else {
            let problem =
                crate::diag::Diagnostic::error(format!("no command `{name}`")).hint("`posthoc --help` lists them");
            return Err(CliError::usage(problem));
        };
        command = found.clone();
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).source(concat!("posthoc ", env!("CARGO_PKG_VERSION"))).render(&mut page)?;
    // The synopsis leaves room for a value behind an option, and then has none.
    let page = String::from_utf8_lossy(&page).replace(" \\fR]", "\\fR]");
    terminal.bytes(page.as_bytes())?;
    Ok(Exit::Fine)
}
