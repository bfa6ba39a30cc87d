//! Extracts the cause and the affected services from the sentences of a summary.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::clean::sentences;

fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("valid built-in regex")
}

static CAUSE: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?i)\b(?:the |a |this )?(?:root |underlying )?cause (?:of [^.]{1,60}?)?(?:was|were|is|turned out)\b|\b(?:outages?|incidents?|issues?|problems?|downtime|disruption|interruption|failures?|errors?|it|this|that|which|impact)\b[^.,;]{0,40}\b(?:was|were) (?:caused by|due to)\b",
    )
});

/// Words for something with a cause of its own, other than that of the outage.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"(?i)\b(?:delay|response|slow|detection|recovery|escalation)\w*\b")
});

/// Returns the sentence that names the cause.
pub(crate) fn cause(text: &str) -> Option<&str> {
    let names_it = |sentence: &&str| {
        CAUSE.find(sentence).is_some_and(|found| !ASIDE.is_match(&sentence[..found.start()]))
    };
    sentences(text).find(names_it)
}

static ONLY: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?i)\bonly affected (?:the |our )?(?P<names>[^.;:()]{2,80})"));
static SPARED: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^(?P<names>[^.;:()]{2,200}?),? (?:was|were) (?:not|never) (?:affected|impacted)\b")
});

/// Returns the names that a text states as the only ones affected, and those that were not
/// affected.
pub(crate) fn scope(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut affected, mut spared) = (Vec::new(), Vec::new());
    for sentence in sentences(text) {
        if let Some(found) = ONLY.captures(sentence) {
            affected.extend(names(&found["names"]));
        }
        if let Some(found) = SPARED.captures(sentence) {
            spared.extend(names(&found["names"]));
        }
    }
    (affected, spared)
}

/// Splits an enumeration into names: `IronMQ, the cache, and the scheduler`. Returns nothing if an
/// item is too long for a name, since the text is then a sentence.
fn names(text: &str) -> Vec<String> {
    let text = text.trim().trim_end_matches('.').replace(" and ", ", ").replace(" or ", ", ");
    let without_article = |name: &str| {
        let name = name.trim();
        let lower = name.to_lowercase();
        let article = ["the ", "our ", "a "].into_iter().find(|article| lower.starts_with(article));
        name[article.map_or(0, str::len)..].trim().to_owned()
    };
    let names: Vec<String> =
        text.split(',').map(without_article).filter(|name| !name.is_empty()).collect();
    if names.iter().all(|name| name.split_whitespace().count() <= 4) { names } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cause_and_scope_are_found_in_prose() {
        let text =
            "It broke. The cause of the issues were two queries without an index. We fixed them.";
        assert_eq!(cause(text), Some("The cause of the issues were two queries without an index."));
        assert_eq!(cause("The delay in our response was due to a phone on mute."), None);
        assert_eq!(cause("Changes to the network were caused by cleanup."), None);
        assert_eq!(
            cause("The outage was caused by a full disk."),
            Some("The outage was caused by a full disk.")
        );
        assert_eq!(cause("We looked for the root causes that led to it."), None);
        let text = "Note: this only affected the Worker API. The queue, cache, and the scheduler were not affected. We, who had slept through all of that night, were not affected.";
        assert_eq!(
            scope(text),
            (
                vec!["Worker API".to_owned()],
                vec!["queue".into(), "cache".into(), "scheduler".into()]
            )
        );
    }
}
