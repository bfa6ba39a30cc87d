//! `posthoc templates`.

use clap_complete::ArgValueCandidates;

use super::answer::Answer;
use super::complete;
use super::error::{CliError, Exit};
use super::names;
use super::table::{Column, Table};
use super::terminal::Terminal;
use crate::report::template::{BUILT_IN, BuiltIn};

/// List the built-in templates, or print one as a start for your own
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print this template
    #[arg(value_name = "NAME", add = ArgValueCandidates::new(complete::templates))]
    name: Option<String>,
    #[command(flatten)]
    answer: Answer,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
    if let Some(name) = &args.name {
        let Some(template) =
            BUILT_IN.iter().find(|template| template.name.eq_ignore_ascii_case(name))
        else {
            let known = BUILT_IN.iter().map(|template| template.name);
            return Err(names::unknown("template", name, known, "`posthoc templates` lists them"));
        };
        terminal.say(template.source)?;
        return Ok(Exit::Fine);
    }
    let row = |template: &BuiltIn| [template.name, template.about].map(str::to_owned).to_vec();
    let json =
        |template: &BuiltIn| serde_json::json!({ "name": template.name, "about": template.about });
    let table = || Table::new(COLUMNS, BUILT_IN.iter().map(row));
    args.answer.write(terminal, table, "templates", || BUILT_IN.iter().map(json).collect())?;
    Ok(Exit::Fine)
}

const COLUMNS: [Column; 2] = [Column::new("template"), Column::new("what").cut()];
