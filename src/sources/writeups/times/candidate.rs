//! A statement of a milestone's time at one place of a document.

use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::sources::record::{ProseMilestone, RowRecord};

/// A statement of a milestone's time at one place of the document.
pub(crate) struct Candidate {
    pub(crate) at: Moment,
    /// The words of the statement.
    pub(crate) words: String,
    /// The line number.
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
