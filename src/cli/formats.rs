//! `posthoc formats`.

use std::collections::BTreeMap;

use super::answer::Answer;
use super::args::Context;
use super::error::{CliError, Exit};
use super::table::{Column, Table};
use super::terminal::Terminal;
use crate::sources::{REGISTRY, Source, WrittenFrom, Yields};

/// List the formats that `import` reads
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    answer: Answer,
}

const COLUMNS: [Column; 4] = [
    Column::new("format"),
    Column::new("becomes"),
    Column::new("written from").optional(1),
    Column::new("what").cut(),
];

/// Runs the command.
pub fn run(args: &Args, _: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
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
