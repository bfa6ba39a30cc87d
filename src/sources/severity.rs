//! What the words of status pages for how bad an incident is mean on the default scale.
//!
//! One table serves all formats: no word means two things in two of them. A team maps the words to
//! its own scale in `[severity.map]` of `posthoc.toml`, which goes before this table.

/// Each name of the default scale with the words that mean it, in lower case and with blanks in
/// place of hyphens and underscores.
const MEANINGS: [(&str, &[&str]); 4] = [
    (
        "critical",
        &[
            "blocker",
            "critical",
            "danger",
            "down",
            "downtime",
            "full outage",
            "high",
            "major outage",
            "majoroutage",
            "outage",
            "red",
            "service disruption",
        ],
    ),
    (
        "major",
        &[
            "disrupted",
            "disruption",
            "incident",
            "major",
            "medium",
            "partial outage",
            "partial service disruption",
            "partialoutage",
            "security event",
            "yellow",
        ],
    ),
    (
        "minor",
        &[
            "degradation",
            "degraded",
            "degraded performance",
            "degradedperformance",
            "low",
            "minor",
            "minor outage",
            "minoroutage",
            "performance issues",
            "warning",
        ],
    ),
    (
        "none",
        &[
            "available",
            "dark",
            "green",
            "info",
            "information",
            "informational message",
            "light",
            "none",
            "notice",
            "operational",
            "primary",
            "service is operating normally",
            "service information",
        ],
    ),
];

/// The name on the default scale that a status page's word means; `None` for a word that nobody
/// knows. Case, hyphens and underscores do not matter.
pub fn meaning(word: &str) -> Option<&'static str> {
    let word = word.trim().to_lowercase().replace(['-', '_'], " ");
    MEANINGS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_one_thing_in_whatever_spelling() {
        assert_eq!(meaning("Partial Service Disruption"), Some("major"));
        assert_eq!(meaning("DEGRADED_PERFORMANCE"), Some("minor"));
        assert_eq!(meaning("partial-outage"), Some("major"));
        assert_eq!(meaning("sev2"), None);
        let mut all: Vec<&str> = MEANINGS.iter().flat_map(|(_, words)| *words).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "no word is there twice");
    }
}
