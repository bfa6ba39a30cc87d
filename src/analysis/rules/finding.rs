//! The findings of rules.

use std::ops::Range;

use crate::diag::Level;
use crate::model::path::Path;
use crate::model::word_enums::words;

words! {
    /// The nature of a finding, which decides who sees it.
    Nature {
        /// The record contradicts itself, or states something impossible. Every reader should know.
        Contradiction = "contradiction",
        /// Something is not recorded yet. A report shows it where it is missing.
        Gap = "gap",
        /// The file needs tidying: names, sources, duplicates. Not relevant to readers of the
        /// report.
        Housekeeping = "housekeeping",
    }
}

/// A finding of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule.
    pub rule: &'static str,
    /// Its nature.
    pub nature: Nature,
    /// Its severity.
    pub level: Level,
    /// The problem: lower case, no full stop.
    pub message: String,
    /// The path in the incident file; the whole file if nothing more precise is known.
    pub path: Path,
    /// The range in the text of the file, if the rule knows it more precisely than by `path`.
    pub span: Option<Range<usize>>,
    /// Hints on what to do.
    pub hints: Vec<String>,
}

impl Finding {
    /// Adds a hint on what to do.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hints.push(hint.into());
        self
    }

    /// Sets its range in the text of the file, which is more precise than its path.
    pub fn spanning(&mut self, span: Range<usize>) -> &mut Self {
        self.span = Some(span);
        self
    }

    /// Sets another level than the usual one of its rule.
    pub fn graded(&mut self, level: Level) -> &mut Self {
        self.level = level;
        self
    }
}

/// Collects the findings of rules.
pub struct Findings {
    rule: &'static str,
    nature: Nature,
    level: Level,
    found: Vec<Finding>,
}

impl Findings {
    /// An empty collection.
    pub(super) fn new() -> Self {
        Findings { rule: "", nature: Nature::Contradiction, level: Level::Note, found: Vec::new() }
    }

    /// Starts the findings of the rule with this id, nature and level.
    pub(super) fn begin(&mut self, rule: &'static str, nature: Nature, level: Level) {
        (self.rule, self.nature, self.level) = (rule, nature, level);
    }

    /// All findings in the order of insertion.
    pub(super) fn into_found(self) -> Vec<Finding> {
        self.found
    }

    /// Adds a finding of the current rule, at its usual level.
    pub fn add(&mut self, path: Path, message: impl Into<String>) -> &mut Finding {
        let (rule, nature, level, message) = (self.rule, self.nature, self.level, message.into());
        let finding = Finding { rule, nature, level, message, path, span: None, hints: Vec::new() };
        self.found.push(finding);
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}
