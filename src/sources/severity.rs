//! The severity words of a format.
//!
//! Each reader declares its own table ([`Source::severities`](super::Source::severities)), so that
//! a word has the meaning of its format: AWS calls `information` what others call `notice`. A team
//! maps the words to its own scale in `[severity.map]` of `posthoc.toml`, which overrides these
//! tables.

/// The words of one format, from the least severe to the worst, each with the name on the default
/// scale (`critical`, `major`, `minor`, `none`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SeverityWords(pub &'static [(&'static str, &'static str)]);

impl SeverityWords {
    /// The words of Statuspage, which many systems have adopted.
    pub const COMMON: SeverityWords = SeverityWords(&[
        ("none", "none"),
        ("minor", "minor"),
        ("major", "major"),
        ("critical", "critical"),
    ]);

    /// The name of a word on the default scale; `None` for a word that the format does not
    /// document. Case, hyphens and underscores are ignored.
    pub fn meaning(self, word: &str) -> Option<&'static str> {
        let word = plain(word);
        self.0.iter().find(|(known, _)| plain(known) == word).map(|(_, name)| *name)
    }

    /// Whether the format documents that word.
    pub fn has(self, word: &str) -> bool {
        self.meaning(word).is_some()
    }

    /// The words, from the least severe to the worst.
    pub fn words(self) -> impl DoubleEndedIterator<Item = &'static str> {
        self.0.iter().map(|(word, _)| *word)
    }

    /// The word at that position.
    pub fn word(self, place: usize) -> Option<&'static str> {
        self.0.get(place).map(|(word, _)| *word)
    }

    /// The worst of some words; an unknown word is the least.
    pub(super) fn worst<'w>(self, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
        words.max_by_key(|word| self.words().position(|known| known == *word))
    }
}

fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', '_'], " ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::analysis::config::Definitions;
    use crate::sources::REGISTRY;

    #[test]
    fn severity_word_is_matched_in_any_spelling() {
        const WORDS: SeverityWords =
            SeverityWords(&[("degraded_performance", "minor"), ("PARTIALOUTAGE", "major")]);
        assert_eq!(WORDS.meaning(" Degraded performance"), Some("minor"));
        assert_eq!(WORDS.meaning("PartialOutage"), Some("major"));
        assert_eq!(WORDS.meaning("sev2"), None);
        assert_eq!(
            WORDS.worst(["PARTIALOUTAGE", "degraded_performance", "odd"].into_iter()),
            Some("PARTIALOUTAGE")
        );
    }

    #[test]
    fn every_format_maps_each_severity_word_once_and_in_order() {
        let scale = Definitions::default();
        for source in REGISTRY {
            let SeverityWords(table) = source.severities();
            let words: BTreeSet<String> = table.iter().map(|(word, _)| plain(word)).collect();
            assert_eq!(words.len(), table.len(), "{}: a word is there twice", source.id());
            let ranks: Vec<Option<usize>> =
                table.iter().map(|(_, name)| scale.severity_rank(name)).collect();
            assert!(ranks.iter().all(Option::is_some), "{}: {table:?}", source.id());
            assert!(ranks.is_sorted_by(|less, worse| less >= worse), "{}: {table:?}", source.id());
        }
    }
}
