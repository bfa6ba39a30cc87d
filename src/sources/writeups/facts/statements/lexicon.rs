//! Maps the words of a clause to word families.
//!
//! A word is in one family. A word in none is a plain word (`w`). Articles and insignificant
//! adverbs are left out, so that a rule sees `The issue has now been resolved` as `P is RESOLVED`.
//! Families of verbs that end an incident contain only completed forms: `restoring` and `to
//! restore` do not state an end.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::families::{FAMILIES, PHRASES};

/// Phrases as words, each with its family, in the order of the table.
type Phrases = Vec<(Vec<&'static str>, &'static str)>;

/// The phrases by their first word.
static BY_FIRST_WORD: LazyLock<HashMap<&'static str, Phrases>> = LazyLock::new(|| {
    let mut found: HashMap<&'static str, Phrases> = HashMap::new();
    for (phrase, family) in PHRASES {
        let words: Vec<&str> = phrase.split(' ').collect();
        found.entry(words[0]).or_default().push((words, family));
    }
    found
});

/// The family of each word. Words of the empty family are left out of a clause.
static WORDS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let of_family = |(family, words): &(&'static str, &'static str)| {
        let family = *family;
        words.split(' ').map(move |word| (word, family)).collect::<Vec<_>>()
    };
    // A test checks that no word is in two families. If one is, the first counts.
    let mut found = HashMap::new();
    for (word, family) in FAMILIES.iter().flat_map(of_family) {
        found.entry(word).or_insert(family);
    }
    found
});

/// A word of a clause with its family; `w` for a plain word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    /// The byte offset in the clause.
    pub(super) start: usize,
    pub(super) family: &'static str,
}

/// Returns the significant words of a clause.
pub(super) fn words(clause: &str) -> Vec<Word<'_>> {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '%' | '/');
    let all: Vec<&str> =
        clause.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty()).collect();
    let lower: Vec<String> = all.iter().map(|word| word.to_lowercase().replace('’', "'")).collect();
    let (mut found, mut at) = (Vec::with_capacity(all.len()), 0);
    while at < all.len() {
        let rest = lower[at..].iter().map(String::as_str).take(4).collect::<Vec<_>>();
        let phrase = BY_FIRST_WORD
            .get(lower[at].as_str())
            .and_then(|phrases| phrases.iter().find(|(phrase, _)| rest.starts_with(phrase)));
        let (length, family) = match phrase {
            Some((phrase, family)) => (phrase.len(), *family),
            None if is_status_site(&lower[at], all[at], clause) => (1, "CHANNEL"),
            None if is_amount(&lower[at..]) => (1, "w"),
            None if is_length_after(&lower[at..]) => (1, ""),
            None if let Some(length) = return_to_normal(&lower[at..]) => (length, "NORMAL"),
            None if lower[at] == "able" && lower[at..].iter().any(|word| word == "again") => {
                (1, "REGAIN")
            }
            None => (1, family(&lower[at])),
        };
        if !family.is_empty() {
            let start = all[at].as_ptr() as usize - clause.as_ptr() as usize;
            let last = all[at + length - 1];
            let end = last.as_ptr() as usize - clause.as_ptr() as usize + last.len();
            found.push(Word { text: &clause[start..end], start, family });
        }
        at += length;
    }
    found
}

/// Whether a number that looks like an HTTP status code is an amount: `500 GB`, `503 requests`. A
/// status code is followed by a word for it, by a function word or by nothing.
fn is_amount(words: &[String]) -> bool {
    const AFTER_CODE: [&str; 20] = [
        "error",
        "errors",
        "status",
        "response",
        "responses",
        "code",
        "codes",
        "http",
        "on",
        "for",
        "from",
        "to",
        "in",
        "at",
        "when",
        "and",
        "or",
        "is",
        "are",
        "was",
    ];
    let is_code = words[0].len() == 3 && words[0].chars().all(|c| c.is_ascii_digit());
    is_code && words.get(1).is_some_and(|next| !AFTER_CODE.contains(&next.as_str()))
}

/// Returns the number of words in a phrase for working again: `returned to a functional state`,
/// `returns to service`.
fn return_to_normal(words: &[String]) -> Option<usize> {
    let [first, to, rest @ ..] = words else { return None };
    if !matches!(first.as_str(), "return" | "returns" | "returned") || to != "to" {
        return None;
    }
    let is_normal = |word: &String| {
        family(word) == "NORMAL" || matches!(word.as_str(), "service" | "operation")
    };
    let at = rest.iter().take(3).position(is_normal)?;
    let is_state = rest.get(at + 1).is_some_and(|word| word == "state");
    Some(3 + at + usize::from(is_state))
}

/// Whether `after` introduces a duration rather than a condition: `after 43 minutes`.
fn is_length_after(words: &[String]) -> bool {
    words[0] == "after"
        && words.get(1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a word begins the address of a status page: `status.example.com`.
fn is_status_site(lower: &str, word: &str, clause: &str) -> bool {
    let end = word.as_ptr() as usize - clause.as_ptr() as usize + word.len();
    lower == "status"
        && clause[end..]
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
}

fn family(word: &str) -> &'static str {
    let word = word.trim_matches('\'');
    if word.ends_with("n't") {
        return "NOT";
    }
    if word.contains('%') {
        return "PART";
    }
    WORDS.get(word).or_else(|| WORDS.get(word.trim_end_matches("'s"))).copied().unwrap_or("w")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_in_one_family() {
        let all: Vec<(&str, &str)> = FAMILIES
            .iter()
            .flat_map(|(family, words)| words.split(' ').map(move |word| (word, *family)))
            .collect();
        for (word, family) in &all {
            let others: Vec<_> =
                all.iter().filter(|(other, _)| other == word).map(|(_, family)| *family).collect();
            assert_eq!(others, [*family], "{word}");
        }
    }

    #[test]
    fn filler_words_are_ignored() {
        let told = |text| words(text).iter().map(|word| word.family).collect::<Vec<_>>().join(" ");
        assert_eq!(told("The issue has now been resolved"), "P is RESOLVED");
        assert_eq!(told("Everything is back to normal"), "WHOLE is NORMAL");
        assert_eq!(told("It didn't work for 20% of users"), "it NOT w PART USER");
    }
}
