//! The meaning of headings in their many wordings.
//!
//! The tables contain the headings of Google's SRE book, of the templates of PagerDuty, Atlassian
//! and Azure, and of companies' own write-ups.

mod headings;
mod languages;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use self::headings::{EXACT, LOOSE};
use crate::sources::record::SectionName;

/// The confidence of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// The heading contains words of that meaning.
    Loose,
    /// The heading is in the table.
    Exact,
}

/// The whole headings of every language.
fn exact() -> impl Iterator<Item = &'static (SectionName, &'static [&'static str])> {
    EXACT.iter().chain(languages::LANGUAGES.into_iter().flatten())
}

/// Headings with more words than this are sentences.
const LONGEST_LOOSE: usize = 10;

/// Words that do not change the meaning of a heading.
const EMPTY: &[&str] = &["the", "a", "an", "our", "this", "of"];

/// The meaning of the heading `title`, with the confidence of the match.
pub(super) fn section(title: &str) -> Option<(SectionName, Match)> {
    let words = words(title);
    if words.is_empty() || words.len() > LONGEST_LOOSE + 4 {
        return None;
    }
    // A document may have ten thousand headings, and each is looked up in all tables.
    static WORDINGS: LazyLock<HashMap<String, SectionName>> = LazyLock::new(|| {
        let mut all = HashMap::new();
        for (name, wording) in
            exact().flat_map(|(name, wordings)| wordings.iter().map(move |one| (*name, one)))
        {
            all.entry(shortened(&wording.split(' ').collect::<Vec<_>>())).or_insert(name);
        }
        all
    });
    if let Some(name) = WORDINGS.get(&shortened(&words)) {
        return Some((*name, Match::Exact));
    }
    let full = words.join(" ");
    // What readers can do is advice, not a follow-up.
    let is_advice = ["can you", "you can", "can customers", "should you"]
        .iter()
        .any(|words| full.contains(words));
    if words.len() > LONGEST_LOOSE || is_advice {
        return None;
    }
    // `Why was the recovery plan not started?` asks for a reason, not for what it mentions.
    let is_reason = words.first() == Some(&"why");
    let padded = format!(" {full} ");
    let is_word_end = |at: usize| padded.as_bytes().get(at) == Some(&b' ');
    let holds = |wording: &&str| {
        let mut found = padded.match_indices(*wording);
        found.any(|(at, _)| is_word_end(at - 1) && is_word_end(at + wording.len()))
    };
    let counts = |name: SectionName| {
        !is_reason || matches!(name, SectionName::RootCause | SectionName::ContributingFactors)
    };
    let found = LOOSE.iter().find(|(name, wordings)| counts(*name) && wordings.iter().any(holds));
    found.map(|(name, _)| (*name, Match::Loose))
}

fn shortened(words: &[&str]) -> String {
    words.iter().copied().filter(|word| !EMPTY.contains(word)).collect::<Vec<_>>().join(" ")
}

/// The words of a heading, in lower case: "3. What we're doing (next)" is `what were doing`.
fn words(title: &str) -> Vec<&'static str> {
    // Only words of the tables matter; all others are equivalent.
    let plain = letters(title);
    let words =
        plain.split_whitespace().skip_while(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    words.map(known_word).collect()
}

/// The letters of a heading or label in lower case, without marks and bracketed text.
pub(super) fn letters(title: &str) -> String {
    let mut plain = String::with_capacity(title.len());
    let mut depth = 0usize;
    for c in title.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '\'' | '’' => {}
            c if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    plain
}

/// The word of the tables, or a placeholder for any other.
fn known_word(word: &str) -> &'static str {
    static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let wordings = exact().chain(LOOSE).flat_map(|(_, wordings)| wordings.iter());
        let advice = ["can", "you", "customers", "should"];
        wordings
            .flat_map(|wording| wording.split(' '))
            .chain(EMPTY.iter().copied())
            .chain(advice)
            .collect()
    });
    KNOWN.get(word).copied().unwrap_or("?")
}

#[cfg(test)]
mod tests;
