//! What the sentences of a summary say beside what happened: a length, a cause, what was affected.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::clean::sentences;

fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("an expression of ours")
}

/// How people bend a number, and the number with its units.
const LENGTH: &str = r"(?:(?:just |slightly |a little |a bit )?(?:over|under|more than|less than)|about|around|approximately|approx\.?|roughly|nearly|almost)?\s*(?:\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety)[ -]?(?:hours?|hrs?|minutes?|mins?|days?)(?:,? (?:and )?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)[ -]?(?:hours?|hrs?|minutes?|mins?))?";

static LENGTHS: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    [
        expression(&format!(
            r"(?i)\((?P<length>{LENGTH})\)\s+(?:outage|incident|interruption|disruption|downtime)\b"
        )),
        expression(&format!(
            r"(?i)\b(?P<length>{LENGTH})(?: long)? (?:outage|interruption|downtime|disruption)\b"
        )),
        expression(&format!(
            r"(?i)\b(?:lasted|lasting|outage of|downtime of|duration (?:of|was)|(?:down|unavailable|offline|unreachable|inaccessible) for)(?: (?:for|a total of))? (?P<length>{LENGTH})\b"
        )),
        expression(&format!(
            r"(?i)\b(?:experienced|had|saw|suffered|failed|failing|errors|impacted|affected|interrupted|disrupted|degraded)\b[^.]{{0,80}}? for (?:a (?:total|period) of )?(?P<length>{LENGTH})\b"
        )),
    ]
});

/// How long it lasted, in the words of the text.
pub(super) fn length(text: &str) -> Option<&str> {
    LENGTHS.iter().find_map(|pattern| Some(pattern.captures(text)?.name("length")?.as_str().trim()))
}

/// The seconds of a length as it is written, and whether it is only about that. `None` for what has no
/// unit, or is a bound: `more than two hours`.
pub(super) fn seconds(length: &str) -> Option<(i64, bool)> {
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        expression(
            r"(?i)(?P<number>\d+(?:\.\d+)?|\ban?\b|\bone|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety)[ -]?(?P<unit>days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|[dhms])\b",
        )
    });
    static ROUGH: LazyLock<Regex> = LazyLock::new(|| {
        expression(
            r"(?i)\b(?:about|around|approx\w*|roughly|nearly|almost|circa|ca)\b|~|slightly|just|a little|a bit",
        )
    });
    static BOUND: LazyLock<Regex> = LazyLock::new(|| {
        expression(r"(?i)\b(?:over|under|more than|less than|at least|up to|several|a few)\b|[<>]")
    });
    const WORDS: [(&str, i64); 20] = [
        ("a", 1),
        ("an", 1),
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("eleven", 11),
        ("twelve", 12),
        ("fifteen", 15),
        ("twenty", 20),
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
    ];
    if BOUND.is_match(length) {
        return None;
    }
    let mut total = 0.0;
    for part in PART.captures_iter(length) {
        let number = part["number"].to_lowercase();
        let of_word =
            || WORDS.iter().find(|(word, _)| *word == number).map(|(_, value)| *value as f64);
        let number = number.parse::<f64>().ok().or_else(of_word)?;
        let unit = match part["unit"].to_lowercase().as_bytes() {
            [b'd', ..] => 86_400.0,
            [b'h', ..] => 3_600.0,
            [b'm', ..] => 60.0,
            _ => 1.0,
        };
        total += number * unit;
    }
    (total > 0.0).then_some((total.round() as i64, ROUGH.is_match(length)))
}

static CAUSE: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?i)\b(?:the |a |this )?(?:root |underlying )?cause (?:of [^.]{1,60}?)?(?:was|were|is|turned out)\b|\b(?:outages?|incidents?|issues?|problems?|downtime|disruption|interruption|failures?|errors?|it|this|that|which|impact)\b[^.,;]{0,40}\b(?:was|were) (?:caused by|due to)\b",
    )
});

/// What may have a cause of its own beside the outage.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"(?i)\b(?:delay|response|slow|detection|recovery|escalation)\w*\b")
});

/// The sentence that names the cause.
pub(super) fn cause(text: &str) -> Option<&str> {
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

/// What the text says was affected and nothing else, and what was not affected.
pub(super) fn scope(text: &str) -> (Vec<String>, Vec<String>) {
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

/// `IronMQ, the cache, and the scheduler`: the names of an enumeration. What is longer than a name
/// is a sentence, and gives none.
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
    fn lengths_as_they_are_written() {
        for (text, expected) in [
            ("we had a brief (just over 2 hours) outage", Some("just over 2 hours")),
            ("a 45-minute outage of the API", Some("45-minute")),
            ("It lasted for about 3 hours and 20 minutes.", Some("about 3 hours and 20 minutes")),
            ("The site was down for 90 minutes", Some("90 minutes")),
            (
                "an outage lasting two hours and six minutes, beginning at",
                Some("two hours and six minutes"),
            ),
            ("close to 100% uptime, 5-10 minutes", None),
        ] {
            assert_eq!(length(text), expected, "{text}");
        }
    }

    #[test]
    fn lengths_in_seconds() {
        for (text, expected) in [
            ("47 minutes", Some((2820, false))),
            ("about 3 hours and 20 minutes", Some((12_000, true))),
            ("2 hours 15 minutes", Some((8100, false))),
            ("one hour", Some((3600, false))),
            ("1h 5m", Some((3900, false))),
            ("1.5 hours", Some((5400, false))),
            ("more than two hours", None),
            ("a while", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn the_cause_and_the_scope() {
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
