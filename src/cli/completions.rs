//! `posthoc completions`.

use clap_complete::Shell;
use clap_complete::env::Shells;

use super::error::{CliError, Exit};
use super::terminal::Terminal;
use crate::diag::Diagnostic;

/// Print a completion script for your shell
///
/// The script asks posthoc for the candidates: commands, options, and the ids, formats, rules,
/// templates and metrics. Load it when the shell starts, for example with `source <(posthoc
/// completions bash)` in ~/.bashrc. A stored script works only with the version that wrote it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which shell
    #[arg(ignore_case = true)]
    shell: Shell,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let name = args.shell.to_string();
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(&name) else {
        return Err(CliError::usage(Diagnostic::error(format!("no completion for {name}"))));
    };
    let mut script = Vec::new();
    shell.write_registration("COMPLETE", "posthoc", "posthoc", "posthoc", &mut script)?;
    terminal.bytes(&script)?;
    Ok(Exit::Fine)
}
