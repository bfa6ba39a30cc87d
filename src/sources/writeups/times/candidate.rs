//! What one place of a document says of a milestone, and where.

use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::sources::record::{ProseMilestone, RowRecord};

/// What one place of the document says of a milestone.
pub(crate) struct Candidate {
    pub(crate) at: Moment,
    /// The words that say so.
    pub(crate) words: String,
    /// The number of the line.
    pub(crate) line: Option<usize>,
}

impl Candidate {
    pub(crate) fn of_row(row: &RowRecord, at: Moment, name: MilestoneName) -> Self {
        Candidate { at, words: row.words_for(name).unwrap_or_default().to_owned(), line: row.line }
    }

    pub(crate) fn of_sentence(found: &ProseMilestone) -> Self {
        Candidate { at: found.at, words: found.because.clone(), line: found.line }
    }
}
