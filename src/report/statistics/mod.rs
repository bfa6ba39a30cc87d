//! Statistics as people read them: the figures as text, and the notes that a reader needs to
//! interpret them.

pub(crate) mod comparison;
mod document;
mod drawings;
mod figures;
mod notes;
mod reliability;
mod text_plot;

pub(crate) use self::document::markdown;
pub(crate) use self::drawings::draw;
pub(crate) use self::figures::{Figures, rows};
pub(crate) use self::reliability::objectives;
pub(crate) use self::text_plot::lines as text_plot;

use crate::analysis::duration_name::DurationName;
use crate::analysis::stats::StatsTable;
use crate::model::zone::Zone;

/// All notes on an answer, one line each, with times in `zone`. `objectives` are those on
/// objectives, and `means` the durations that were requested by the name of their mean.
pub(crate) fn notes(
    answer: &StatsTable,
    objectives: Vec<String>,
    means: &[DurationName],
    zone: Zone,
) -> Vec<String> {
    notes::of(answer, zone)
        .into_iter()
        .chain(reliability::of(answer, zone))
        .chain(objectives)
        .chain(comparison::of(&answer.comparisons, true))
        .chain(comparison::of_trends(&answer.trends))
        .chain(notes::of_means(answer, means))
        .collect()
}
