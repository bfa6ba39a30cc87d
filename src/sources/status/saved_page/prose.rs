//! Extracts the time of the impact and the follow-ups from an update's sentences.

use std::sync::LazyLock;

use chrono::TimeDelta;
use regex::Regex;

use crate::model::time::{self, Moment, Precision};
use crate::model::timeline::State;
use crate::sources::record::UpdateRecord;
use crate::text::clean::sentences;

/// `became unstable at approximately 11:06AM PHT, 2025/07/04`: the phrases for the start of the
/// impact, before a possible time.
static BEGAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:became|went|began|started|starting|experienced|were|was)\b[^.!?\n]{0,60}?\b(?:at|around|from)\s+(?P<about>approximately |about |around |roughly |~ ?)?(?P<time>\d{1,2}:\d{2}[^.!?\n]{0,40})",
    )
    .expect("valid built-in regex")
});

/// `lasting for approximately 20 minutes`.
static LASTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:lasting|lasted|for)\s+(?:for\s+)?(?P<about>approximately |about |around |roughly |~ ?)?(?P<count>\d{1,4})[ -](?P<unit>seconds?|minutes?|mins?|hours?)\b",
    )
    .expect("valid built-in regex")
});

/// When the impact began and ended, if a closing update gives both in one sentence, or only the
/// start.
pub(super) fn impact(updates: &[UpdateRecord]) -> (Option<Moment>, Option<Moment>) {
    let ends = updates.iter().filter(|update| {
        update.state.is_some_and(|state| state.is_terminal() || state == State::Postmortem)
    });
    for sentence in ends.flat_map(|update| sentences(&update.text)) {
        let Some(found) = BEGAN.captures(sentence) else { continue };
        let Some(start) = longest_time(&found["time"]) else { continue };
        let start = if found.name("about").is_some() { start.approximate() } else { start };
        return (Some(start), LASTED.captures(sentence).and_then(|lasted| end(start, &lasted)));
    }
    (None, None)
}

/// The longest time at the start of `words`.
fn longest_time(words: &str) -> Option<Moment> {
    let ends =
        words.match_indices(' ').map(|(at, _)| at).chain([words.len()]).take(8).collect::<Vec<_>>();
    let reading = time::Reading::default();
    ends.into_iter().rev().find_map(|end| {
        let read = time::read(words[..end].trim_end_matches([',', ';', ')']), &reading).ok()?;
        Some(read.moment)
    })
}

fn end(start: Moment, lasted: &regex::Captures<'_>) -> Option<Moment> {
    let count: i64 = lasted["count"].parse().ok()?;
    let length = match lasted["unit"].to_ascii_lowercase().as_bytes() {
        [b's', ..] => TimeDelta::seconds(count),
        [b'm', ..] => TimeDelta::minutes(count),
        _ => TimeDelta::hours(count),
    };
    let end = Moment::known_to(start.middle().checked_add_signed(length)?, Precision::Minute);
    let is_about = start.is_about() || lasted.name("about").is_some();
    Some(if is_about { end.approximate() } else { end })
}

/// The start of a promise.
const PROMISES: [&str; 6] =
    ["we will ", "we'll ", "we’ll ", "we are going to ", "we're going to ", "we’re going to "];

/// Promises to communicate, which are not follow-ups.
const TELLING: [&str; 5] = ["postmortem", "post-mortem", "update", "share", "publish"];

/// The sentences that promise work.
pub(super) fn plans(text: &str) -> Vec<&str> {
    let promises = |sentence: &&str| {
        let lower = sentence.to_lowercase();
        PROMISES.iter().any(|promise| lower.starts_with(promise))
            && !TELLING.iter().any(|word| lower.contains(word))
    };
    sentences(text).filter(promises).collect()
}
