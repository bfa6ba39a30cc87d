//! A finding or an error, with its place.

use crate::cli::reports::Checked;
use crate::cli::terminal::source_text;
use crate::diag::{Diagnostic, Level, Place};

/// A finding, with its place in a file.
pub(super) struct Placed {
    /// The rule's id, or `file` for most errors that prevent a file from being read.
    pub(super) rule: &'static str,
    pub(super) level: Level,
    pub(super) message: String,
    pub(super) place: Place,
    pub(super) hints: Vec<String>,
}

/// The rule id of errors that prevent a file from being read and have no id of their own.
pub(super) const FILE_RULE: &str = "file";

/// The text that a place marks, read again from its file: a place stores its start but no text.
pub(super) struct Marked {
    /// `None` if the place is a whole file or cannot be read again.
    pub(super) text: String,
    /// The line of the last marked character, from 1.
    pub(super) end_line: usize,
    /// The column after it, in characters from 1.
    pub(super) end_column: usize,
}

impl Marked {
    pub(super) fn of(place: &Place, checked: &Checked) -> Self {
        // The texts of valid files are in memory. Reading a file again for each finding would cost
        // one read per finding.
        let text = match checked.text_of(&place.file) {
            Some(text) => text.get(place.span.clone()).map(str::to_owned),
            None => {
                source_text(place).and_then(|text| text.get(place.span.clone()).map(str::to_owned))
            }
        };
        let text = text.unwrap_or_default();
        let lines = text.matches('\n').count();
        let last = text.rsplit('\n').next().unwrap_or_default().chars().count();
        let end_column = if lines == 0 { place.column + last } else { last + 1 };
        Marked { text, end_line: place.line + lines, end_column }
    }
}

pub(super) fn from_problem(problem: Diagnostic) -> Placed {
    Placed {
        rule: problem.code.unwrap_or(FILE_RULE),
        level: problem.level,
        message: problem.message,
        place: problem.place.unwrap_or_else(|| Place::whole_file("incidents")),
        hints: problem.hints,
    }
}
