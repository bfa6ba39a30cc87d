//! Two periods for people: what so many values could show, what changed, and whether chance
//! explains it.

use super::layout::filled;
use crate::analysis::stats::StatsTable;
use crate::analysis::stats::compare::Comparison;
use crate::cli::error::CliError;
use crate::cli::terminal::{Terminal, width};
use crate::report::statistics::comparison::{mixes, of};

/// Two periods and what differs.
#[derive(serde::Serialize)]
pub(super) struct Compared {
    pub(super) before: StatsTable,
    pub(super) after: StatsTable,
    pub(super) comparisons: Vec<Comparison>,
}

/// Writes two periods and what differs between them.
pub(super) fn write(compared: &Compared, terminal: &mut Terminal) -> Result<(), CliError> {
    let Compared { before, after, comparisons } = compared;
    if comparisons.is_empty() {
        terminal.talk("no group has incidents in both periods")?;
    }
    let mut lines = Vec::new();
    lines.extend(
        comparisons.first().map(|one| format!("{} → {}", one.before.period, one.after.period)),
    );
    lines.extend(of(comparisons, false));
    lines.extend(mixes(before, after));
    for (name, definition) in &after.definitions {
        lines.push(format!("{} = {definition}", name.as_str().to_uppercase()));
    }
    let width = width();
    lines.iter().try_for_each(|line| terminal.say(&filled(line, 2, width)))
}
