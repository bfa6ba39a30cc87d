//! Words that must not appear in a public report.

use std::collections::BTreeMap;

use super::pattern::Pattern;

/// The redaction settings for public reports.
#[derive(Debug, Clone, Default)]
pub struct Protection {
    pub(super) terms: Vec<Pattern>,
    /// Words that are not names, in lower case.
    pub(super) not_names: Vec<String>,
    /// The role that replaces each name.
    pub(super) roles: BTreeMap<String, String>,
}

impl Protection {
    /// `terms` must never appear in a public report; `*` matches the rest of a word. `not_names`
    /// are words that look like the name of a person but are not. `roles` maps names to the roles
    /// that replace them.
    pub fn new(terms: &[String], not_names: &[String], roles: &BTreeMap<String, String>) -> Self {
        Protection {
            terms: terms.iter().filter_map(|term| Pattern::term(term)).collect(),
            not_names: not_names.iter().map(|name| name.trim().to_lowercase()).collect(),
            roles: roles.clone(),
        }
    }
}

/// A word that must not appear in a report.
#[derive(Debug, Clone)]
pub struct Protected {
    /// The word as written in the file or the settings.
    pub word: String,
    /// A description of the word: `a term of [redaction]`, `the name of a person`.
    pub what: &'static str,
    pub(super) pattern: Pattern,
}

impl Protected {
    /// Whether `text` contains the word.
    pub fn is_in(&self, text: &str) -> bool {
        self.pattern.is_in(text)
    }
}
