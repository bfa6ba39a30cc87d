//! What must not be in a public report.

use std::collections::BTreeMap;

use super::pattern::Pattern;

/// What the settings say about public reports.
#[derive(Debug, Clone, Default)]
pub struct Protection {
    pub(super) terms: Vec<Pattern>,
    /// Words that are not names, in lower case.
    pub(super) not_names: Vec<String>,
    /// The roles that are written instead of names.
    pub(super) roles: BTreeMap<String, String>,
}

impl Protection {
    /// `terms` must never be in a public report; `*` stands for any further letters of a word.
    /// `not_names` are words that look like the name of a person and are none. `roles` are the
    /// roles to write instead of names.
    pub fn new(terms: &[String], not_names: &[String], roles: &BTreeMap<String, String>) -> Self {
        Protection {
            terms: terms.iter().filter_map(|term| Pattern::term(term)).collect(),
            not_names: not_names.iter().map(|name| name.trim().to_lowercase()).collect(),
            roles: roles.clone(),
        }
    }
}

/// A word that must not be in a report.
#[derive(Debug, Clone)]
pub struct Protected {
    /// The word as the file or the settings have it.
    pub word: String,
    /// What it is: `a term of [redaction]`, `the name of a person`.
    pub what: &'static str,
    pub(super) pattern: Pattern,
}

impl Protected {
    /// Whether `text` contains the word.
    pub fn is_in(&self, text: &str) -> bool {
        self.pattern.is_in(text)
    }
}
