//! A finding or a mistake, with its place.

use crate::cli::reports::Checked;
use crate::cli::terminal::source_text;
use crate::diag::{Diagnostic, Level, Place};

/// A finding, with its place in a file.
pub(super) struct Placed {
    /// The rule's id; `file` for most of what keeps a file from being read.
    pub(super) rule: &'static str,
    pub(super) level: Level,
    pub(super) message: String,
    pub(super) place: Place,
    pub(super) hints: Vec<String>,
}

/// The rule of mistakes that keep a file from being read at all, and have none of their own.
pub(super) const FILE_RULE: &str = "file";

/// What a place marks in its file, read again: a place knows where it begins, and no text.
pub(super) struct Marked {
    /// Nothing, if the place is a whole file or cannot be read again.
    pub(super) text: String,
    /// The line of the last marked character, from 1.
    pub(super) end_line: usize,
    /// The column behind it, in characters from 1.
    pub(super) end_column: usize,
}

impl Marked {
    pub(super) fn of(place: &Place, checked: &Checked) -> Self {
        // The texts of valid files are at hand; to read a file again for each of its findings would
        // take as many readings as it has findings.
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
