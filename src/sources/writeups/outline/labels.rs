//! Labels before a colon: `**Severity**: SEV2`, `Time to repair: 4h 12m`, `First detected 13:42`.

mod words;

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use self::words::FIELDS;
pub(crate) use self::words::Field;
use crate::sources::naming::{self, Match};
use crate::sources::writeups::shape::blocks::plain;

/// The most words in a label.
const LONGEST: usize = 7;

/// The field of each label.
static BY_LABEL: LazyLock<HashMap<&'static str, Field>> = LazyLock::new(|| {
    let all = |(field, labels): &'static (Field, &'static [&'static str])| {
        labels.iter().map(move |label| (*label, *field))
    };
    FIELDS.iter().flat_map(all).collect()
});

/// Returns the field that `label` introduces.
pub(crate) fn field(label: &str) -> Option<Field> {
    let words = words(label);
    BY_LABEL.get(words.as_str()).copied()
}

/// Returns the words of a label in lower case, without punctuation, articles and bracketed text.
fn words(label: &str) -> String {
    let plain = naming::letters(label);
    let words = plain.split_whitespace().filter(|word| !["the", "a", "an"].contains(word));
    words.collect::<Vec<_>>().join(" ")
}

/// A label at the start of a line, with the text after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label<'a> {
    /// The label as plain text.
    pub(crate) name: String,
    /// The text after it on the line.
    pub(crate) value: &'a str,
    /// Whether it is bold.
    pub(crate) is_bold: bool,
}

impl Label<'_> {
    /// Whether the label is known: it names a field, or matches a section's name exactly.
    pub(crate) fn is_known(&self) -> bool {
        field(&self.name).is_some()
            || naming::section(&self.name).is_some_and(|(_, sure)| sure == Match::Exact)
    }
}

/// Returns the label that `line` begins with: `**Impact**: …`, `**Impact:** …`, `**Key events**`,
/// `Impact: …`.
pub(crate) fn label(line: &str) -> Option<Label<'_>> {
    let line = line.trim();
    for mark in ["**", "__"] {
        let Some(rest) = line.strip_prefix(mark) else { continue };
        let (name, value) = rest.split_once(mark)?;
        let has_colon = name.trim_end().ends_with(':') || value.trim_start().starts_with(':');
        let name = name.trim().trim_end_matches(':').trim_end();
        let value = value.trim_start().trim_start_matches(':').trim();
        let is_label = (has_colon || value.is_empty()) && is_short(name);
        return is_label.then(|| Label { name: plain(name), value, is_bold: true });
    }
    let (name, value) = line.split_once(':')?;
    let is_label = name.starts_with(char::is_alphabetic)
        && is_short(name)
        && !name.contains(['`', '[', '|', '<', '.', ','])
        && (value.is_empty() || value.starts_with(char::is_whitespace));
    is_label.then(|| Label { name: plain(name), value: value.trim(), is_bold: false })
}

/// Cuts a line of several fields, such as `author: A. date: 2026-03-20 project: B`, before each
/// label. Returns a line with fewer than two known labels whole.
pub(crate) fn cut(line: &str) -> Vec<&str> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|\s)(?P<label>[A-Za-z]+(?: [A-Za-z]+)?):\s").expect("valid built-in regex")
    });
    let labels = LABEL.captures_iter(line).filter_map(|found| found.name("label"));
    let starts: Vec<usize> =
        labels.filter(|label| field(label.as_str()).is_some()).map(|label| label.start()).collect();
    if starts.len() < 2 || line[..starts[0]].trim() != "" {
        return vec![line];
    }
    let ends = starts[1..].iter().copied().chain([line.len()]);
    starts.iter().zip(ends).map(|(start, end)| line[*start..end].trim_end()).collect()
}

fn is_short(name: &str) -> bool {
    !name.is_empty() && name.split_whitespace().count() <= LONGEST && !name.contains('\n')
}

/// Whether a value is a placeholder for an unknown or missing one: `?`, `TBD`, `Xh Xm`, `N/A`.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = value
        .trim()
        .trim_matches(['*', '_', '`', '(', ')', '<', '>', '[', ']', '{', '}', '.'])
        .to_lowercase();
    let is_blank = value
        .chars()
        .all(|c| matches!(c, '?' | 'x' | 'h' | 'm' | '-' | '–' | '—' | '_' | ' ' | ':' | '.'));
    is_blank
        || [
            "tbd",
            "tba",
            "tbc",
            "n/a",
            "na",
            "todo",
            "unknown",
            "none",
            "xxx",
            "not known",
            "xx minutes",
            "x minutes",
            "minutes",
            "hours",
        ]
        .contains(&value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::claims::ClaimName::Repair;

    #[test]
    fn label_is_found_at_the_start_of_a_line() {
        let told = |line: &str| {
            label(line).map(|label| (label.name, label.value.to_owned(), label.is_bold))
        };
        let some = |name: &str, value: &str, bold| Some((name.to_owned(), value.to_owned(), bold));
        assert_eq!(told("**Impact**: All users"), some("Impact", "All users", true));
        assert_eq!(told("**Impact:** All users"), some("Impact", "All users", true));
        assert_eq!(told("**Key events**"), some("Key events", "", true));
        assert_eq!(told("__Status__:"), some("Status", "", true));
        assert_eq!(told("Severity: SEV2"), some("Severity", "SEV2", false));
        assert_eq!(told("**Note** that it failed"), None);
        for line in [
            "https://example.com",
            "At 13:36 it failed",
            "We saw one thing, and another: both failed",
            "Plain",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }

    #[test]
    fn line_with_several_fields_is_split() {
        assert_eq!(
            cut("author: Ann B. date: 2026-03-20 project: Shop"),
            ["author: Ann B.", "date: 2026-03-20", "project: Shop"]
        );

        for line in
            ["Impact: all users", "We know the date: unknown, author: unknown", "author: only one"]
        {
            assert_eq!(cut(line), [line]);
        }
    }

    #[test]
    fn each_label_maps_to_one_field() {
        let all: Vec<&str> = FIELDS.iter().flat_map(|(_, labels)| labels.iter().copied()).collect();
        for label in &all {
            assert_eq!(
                all.iter().filter(|other| *other == label).count(),
                1,
                "{label} is there twice"
            );
            assert_eq!(*label, words(label), "{label} could never be found");
        }
        assert_eq!(field("Time to Repair"), Some(Field::Claim(Repair)));
        assert_eq!(field("The date of the incident (UTC)"), Some(Field::Date));
        assert_eq!(field("Anything else"), None);
    }

    #[test]
    fn placeholders_are_not_values() {
        for value in ["", "?", "TBD", "Xh Xm", "N/A", "--", "<tbd>", "xx minutes"] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["4h 9m", "1", "max", "hm, an hour"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
