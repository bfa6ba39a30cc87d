//! `posthoc explain`.

mod aggregate;
mod parts;
mod single;

pub(super) use self::parts::Args;

use super::args::Context;
use super::error::{CliError, Exit};
use super::terminal::Terminal;

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    let workspace = context.workspace()?;
    let explanation = if args.what == "stats" {
        aggregate::explain(args, &workspace, context, terminal)?
    } else {
        single::explain(&args.what, args.metric.name, &workspace, context)?
    };
    if args.json {
        terminal.json(&explanation.json())?;
        return Ok(Exit::Fine);
    }
    terminal.page();
    explanation.write(terminal)?;
    Ok(Exit::Fine)
}
