//! `posthoc rules`.

use super::error::{CliError, Exit};
use super::table::{Align, table};
use super::terminal::Terminal;
use crate::analysis::rules::REGISTRY;
use crate::diag::Diagnostic;

/// List the rules of `check`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, CliError> {
    if args.json {
        let rules: Vec<serde_json::Value> = REGISTRY
            .iter()
            .map(|rule| serde_json::json!({ "id": rule.id(), "about": rule.about(), "explain": rule.explain() }))
            .collect();
        terminal.json(&rules)?;
        return Ok(Exit::Fine);
    }
    let rows = REGISTRY.iter().map(|rule| vec![rule.id().to_owned(), rule.about().to_owned()]);
    terminal.say(&table(&[("rule", Align::Left), ("finds", Align::Left)], rows))?;
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
    terminal.line(&format!("{}: {}\n", rule.id(), rule.about()))?;
    terminal.line(rule.explain().trim())?;
    Ok(Exit::Fine)
}
