//! `posthoc rules`.

use super::answer::Answer;
use super::error::{CliError, Exit};
use super::table::{Column, Table};
use super::terminal::Terminal;
use crate::analysis::rules::{REGISTRY, Rule};
use crate::diag::Diagnostic;

/// List the rules of `check`, with the level that their findings usually have
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    answer: Answer,
}

const COLUMNS: [Column; 3] = [Column::new("rule"), Column::new("level"), Column::new("finds").cut()];

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let row = |rule: &&dyn Rule| [rule.id(), rule.level().as_str(), rule.about()].map(str::to_owned).to_vec();
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
pub fn explain(id: &str, terminal: &mut Terminal) -> Result<Exit, CliError> {
    let Some(rule) = REGISTRY.iter().find(|rule| rule.id() == id) else {
        let nearest = REGISTRY
            .iter()
            .map(|rule| (strsim::jaro_winkler(id, rule.id()), rule.id()))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let problem = Diagnostic::error(format!("no rule `{id}`"));
        return Err(CliError::usage(match nearest {
            Some((likeness, nearest)) if likeness > 0.7 => problem.hint(format!("did you mean `{nearest}`?")),
            _ => problem.hint("`posthoc rules` lists them"),
        }));
    };
    terminal.page();
    terminal.line(&format!("{}: {}\n", rule.id(), rule.about()))?;
    terminal.line(rule.explain().trim())?;
    Ok(Exit::Fine)
}
