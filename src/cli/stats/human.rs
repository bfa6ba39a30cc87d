//! The statistics for people. Each number is shown with its number of incidents.

use super::layout::{self, filled};
use crate::analysis::stats::StatsTable;
use crate::cli::error::CliError;
use crate::cli::table::Table;
use crate::cli::terminal::{Terminal, clean_line, width};
use crate::report::statistics;

/// Writes the statistics with their notes, between them the durations on an axis if `is_plotted`.
pub(super) fn write(
    answer: &StatsTable,
    is_plotted: bool,
    notes: &[String],
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    if answer.groups.iter().all(|group| group.incidents == 0) {
        terminal.talk("no incidents to count")?;
    }
    table(answer).write(terminal)?;
    let width = width();
    terminal.line("")?;
    if is_plotted {
        for line in statistics::text_plot(answer, width) {
            terminal.line(&clean_line(&line))?;
        }
        terminal.line("")?;
    }
    notes.iter().try_for_each(|note| {
        let indent = note.len() - note.trim_start().len() + 2;
        terminal.say(&filled(note, indent, width))
    })
}

/// The figures of every group and duration.
pub(super) fn table(answer: &StatsTable) -> Table {
    layout::table(&statistics::rows(answer))
}
