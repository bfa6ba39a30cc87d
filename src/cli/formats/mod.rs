//! `posthoc formats`.

mod propose;

use std::collections::BTreeMap;

use crate::cli::answer::Answer;
use crate::cli::args::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::table::{Column, Table};
use crate::cli::terminal::Terminal;
use crate::sources::{REGISTRY, Source, WrittenFrom, Yields};

/// List the formats that `import` reads
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    answer: Answer,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Try(propose::Args),
}

const COLUMNS: [Column; 4] = [
    Column::new("format"),
    Column::new("becomes"),
    Column::new("written from").optional(1),
    Column::new("what").cut(),
];

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    if let Some(Command::Try(args)) = &args.command {
        return propose::run(args, context, terminal);
    }
    let row = |source: &&dyn Source| {
        let (yields, written_from) = (yields(source.yields()), written_from(source.written_from()));
        [source.id(), yields, written_from, source.about()].map(str::to_owned).to_vec()
    };
    let json = |source: &&dyn Source| {
        serde_json::json!({
            "id": source.id(),
            "about": source.about(),
            "yields": yields(source.yields()),
            "written_from": written_from(source.written_from()),
            "endpoints": source.endpoints(),
            "severities": source.severities().0.iter().copied().collect::<BTreeMap<_, _>>(),
        })
    };
    let table = || Table::new(COLUMNS, REGISTRY.iter().map(row));
    args.answer.write(terminal, table, "formats", || REGISTRY.iter().map(json).collect())?;
    Ok(Exit::Fine)
}

fn yields(yields: Yields) -> &'static str {
    match yields {
        Yields::Incidents | Yields::Documents => "incidents",
        Yields::Evidence => "evidence",
    }
}

fn written_from(written_from: WrittenFrom) -> &'static str {
    match written_from {
        WrittenFrom::Captures => "captures",
        WrittenFrom::Documentation => "documentation",
    }
}
