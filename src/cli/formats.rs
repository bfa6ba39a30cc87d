//! `posthoc formats`.

use super::args::Context;
use super::error::{CliError, Exit};
use super::table::{Align, table};
use super::terminal::Terminal;
use crate::sources::{Evidence, REGISTRY, Yields};

/// List the formats that `import` reads
#[derive(Debug, clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, _: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    if args.json {
        let formats: Vec<serde_json::Value> = REGISTRY
            .iter()
            .map(|source| {
                serde_json::json!({ "id": source.id(), "about": source.about(), "yields": yields(source.yields()), "written_from": evidence(source.evidence()), "endpoints": source.endpoints() })
            })
            .collect();
        terminal.json(&formats)?;
        return Ok(Exit::Fine);
    }
    let rows = REGISTRY.iter().map(|source| {
        vec![
            source.id().to_owned(),
            yields(source.yields()).to_owned(),
            evidence(source.evidence()).to_owned(),
            source.about().to_owned(),
        ]
    });
    let columns = [("id", Align::Left), ("becomes", Align::Left), ("written from", Align::Left), ("what", Align::Left)];
    terminal.say(&table(&columns, rows))?;
    Ok(Exit::Fine)
}

fn yields(yields: Yields) -> &'static str {
    match yields {
        Yields::Incidents | Yields::Documents => "incidents",
        Yields::Evidence => "evidence",
    }
}

fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Captures => "captures",
        Evidence::Documentation => "documentation",
    }
}
