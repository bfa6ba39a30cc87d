//! `posthoc rules`.

use super::answer::Answer;
use super::error::{CliError, Exit};
use super::names;
use super::table::{Column, Table};
use super::terminal::Terminal;
use crate::analysis::rules::{REGISTRY, Rule};

/// List the rules of `check`, with the usual level of their findings
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    answer: Answer,
}

const COLUMNS: [Column; 3] =
    [Column::new("rule"), Column::new("level"), Column::new("finds").cut()];

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let row = |rule: &&dyn Rule| {
        [rule.id(), rule.level().as_str(), rule.about()].map(str::to_owned).to_vec()
    };
    let json = |rule: &&dyn Rule| {
        serde_json::json!({
            "id": rule.id(),
            "level": rule.level().as_str(),
            "about": rule.about(),
            "explain": rule.explain(),
        })
    };
    let table = || Table::new(COLUMNS, REGISTRY.iter().map(row));
    args.answer.write(terminal, table, "rules", || REGISTRY.iter().map(json).collect())?;
    Ok(Exit::Fine)
}

/// Prints what a rule looks for and why.
pub(super) fn explain(id: &str, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let Some(rule) = REGISTRY.iter().find(|rule| rule.id().eq_ignore_ascii_case(id)) else {
        return Err(unknown(id));
    };
    terminal.page();
    terminal.line(&format!("{}: {}\n", rule.id(), rule.about()))?;
    terminal.line(rule.explain().trim())?;
    Ok(Exit::Fine)
}

/// The error for an unknown rule.
pub(super) fn unknown(name: &str) -> CliError {
    names::unknown(
        "rule",
        name,
        REGISTRY.iter().map(|rule| rule.id()),
        "`posthoc rules` lists them",
    )
}
