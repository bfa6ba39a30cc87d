//! `posthoc templates`.

use super::error::{CliError, Exit};
use super::table::{Align, table};
use super::terminal::Terminal;
use crate::diag::Diagnostic;
use crate::report::template::BUILT_IN;

/// List the built-in templates, or print one to start your own from
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print this template
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
    if let Some(name) = &args.name {
        let Some(template) = BUILT_IN.iter().find(|template| template.name == name) else {
            let problem = Diagnostic::error(format!("no template `{name}`")).hint("`posthoc templates` lists them");
            return Err(CliError::usage(problem));
        };
        terminal.say(template.source)?;
        return Ok(Exit::Fine);
    }
    if args.json {
        let list: Vec<serde_json::Value> = BUILT_IN
            .iter()
            .map(|template| serde_json::json!({ "name": template.name, "about": template.about }))
            .collect();
        terminal.json(&list)?;
        return Ok(Exit::Fine);
    }
    let rows = BUILT_IN.iter().map(|template| vec![template.name.to_owned(), template.about.to_owned()]);
    terminal.say(&table(&[("template", Align::Left), ("what", Align::Left)], rows))?;
    Ok(Exit::Fine)
}
