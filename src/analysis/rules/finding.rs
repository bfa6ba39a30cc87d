//! What a rule finds.

use std::ops::Range;

use crate::diag::Level;
use crate::model::path::Path;
use crate::model::words::words;

words! {
    /// Who a finding is for.
    Nature {
        /// The record disagrees with itself, or says what cannot be: every reader should know.
        Contradiction = "contradiction",
        /// Something is not written down yet. A report says so where it is missed.
        Gap = "gap",
        /// The file wants tidying: names, sources, doubles. Nothing for a reader of the report.
        Housekeeping = "housekeeping",
    }
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// What kind of thing it is.
    pub nature: Nature,
    /// How bad it is.
    pub level: Level,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where in the incident file; the whole file if nothing nearer is known.
    pub path: Path,
    /// Where in the text of the file, if the rule looked there and knows it better than by `path`.
    pub span: Option<Range<usize>>,
    /// What to do.
    pub hints: Vec<String>,
}

impl Finding {
    /// Adds a line that says what to do.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hints.push(hint.into());
        self
    }

    /// Places it in the text of the file, which says it more finely than its path.
    pub fn spanning(&mut self, span: Range<usize>) -> &mut Self {
        self.span = Some(span);
        self
    }

    /// Grades it otherwise than its rule usually does.
    pub fn graded(&mut self, level: Level) -> &mut Self {
        self.level = level;
        self
    }
}

/// Where a rule puts what it finds.
pub struct Findings {
    rule: &'static str,
    nature: Nature,
    level: Level,
    found: Vec<Finding>,
}

impl Findings {
    /// Nothing found yet.
    pub(super) fn new() -> Self {
        Findings { rule: "", nature: Nature::Contradiction, level: Level::Note, found: Vec::new() }
    }

    /// What is added from now on is found by the rule of this id, and has this nature and level.
    pub(super) fn begin(&mut self, rule: &'static str, nature: Nature, level: Level) {
        (self.rule, self.nature, self.level) = (rule, nature, level);
    }

    /// All that was added, in that order.
    pub(super) fn into_found(self) -> Vec<Finding> {
        self.found
    }

    /// Adds a finding of the rule that is running, at its usual level.
    pub fn add(&mut self, path: Path, message: impl Into<String>) -> &mut Finding {
        let (rule, nature, level, message) = (self.rule, self.nature, self.level, message.into());
        let finding = Finding { rule, nature, level, message, path, span: None, hints: Vec::new() };
        self.found.push(finding);
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}
