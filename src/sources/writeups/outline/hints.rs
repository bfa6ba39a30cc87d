//! Removes template hints that the author left in the document: `*What did we learn from this
//! incident?*`, `List of things that went well. For example,`.

use std::sync::LazyLock;

use regex::Regex;

use crate::sources::writeups::shape::blocks::{Block, blocks, plain};

/// An italic paragraph that asks a question or instructs the author.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?is)\?\s*$|^(?:note|describe|list|report|run|who|what|how|when|why|add|explain|include|provide|summari[sz]e|document|write|give|state|outline|mention|link|briefly|insert|fill|enter|specify|identify|attach|detail|use this|this section)\b",
    )
    .expect("valid built-in regex")
});

/// A sentence that names the kind of items to write and ends with the introduction of an example.
static EXAMPLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?is)\b(?:for example|for instance|e\.g\.)[,:]?\s*$")
        .expect("valid built-in regex")
});

/// Returns the text without its hints, and the hints.
pub(crate) fn without(text: &str) -> (String, Vec<String>) {
    let mut hints = Vec::new();
    let mut rest = text.to_owned();
    if !text.contains(['*', '_'])
        && !EXAMPLE.is_match(text)
        && !text.to_lowercase().contains("for example")
    {
        return (rest, hints);
    }
    for block in blocks(text) {
        let Block::Paragraph(paragraph) = block else { continue };
        let words = plain(paragraph);
        let is_hint = is_italic(paragraph) && ASKS.is_match(&words) || EXAMPLE.is_match(&words);
        if is_hint {
            rest = rest.replacen(paragraph, "", 1);
            hints.push(words.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    let rest = rest.trim_matches('\n').trim_end().to_owned();
    (rest, hints)
}

/// Whether the whole paragraph is a single emphasis.
fn is_italic(paragraph: &str) -> bool {
    let text = paragraph.trim();
    ['*', '_'].iter().any(|mark| {
        let inner = text.strip_prefix(*mark).and_then(|text| text.strip_suffix(*mark));
        inner.is_some_and(|inner| {
            !inner.starts_with(*mark) && !inner.is_empty() && !inner.contains(*mark)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_template_hints_are_removed() {
        let (rest, hints) = without(
            "*What did we learn\nfrom it?*\n\nMuch.\n\n*Who answered?* Ann.\n\nList of things. For example,\n\n1. One",
        );
        assert_eq!(rest, "Much.\n\n*Who answered?* Ann.\n\n\n\n1. One");
        assert_eq!(hints, ["What did we learn from it?", "List of things. For example,"]);
        for text in [
            "*It was hard.*",
            "**What we learned?**",
            "It failed, for example, at night.",
            "_All times in UTC._",
        ] {
            assert_eq!(without(text), (text.to_owned(), Vec::<String>::new()), "{text}");
        }
    }
}
