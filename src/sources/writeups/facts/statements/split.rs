//! Splits an entry of a timeline into sentences and clauses.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::clean::sentences;

/// The author of an entry, before its text.
pub(super) static ACTOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:@[\w-]+[:,]?\s+)+").expect("valid built-in regex"));

/// Punctuation and words that separate clauses.
static JOINTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[,;:()]|\s[-–—]+\s|\b(?:but|and|which|so)\b").expect("valid built-in regex")
});

/// The width in characters at which editors wrap lines.
const WRAPPED: std::ops::RangeInclusive<usize> = 55..=100;

/// Splits an entry into sentences. A line break ends a sentence if another seems to begin after it;
/// otherwise an editor wrapped the line.
pub(super) fn sentences_of(line: &str) -> Vec<&str> {
    let mut starts = vec![0];
    for (at, _) in line.match_indices('\n') {
        let (before, after) = (line[..at].trim_end(), line[at + 1..].trim_start());
        let begins = after.starts_with(|c: char| c.is_uppercase() || !c.is_alphanumeric());
        // Editors wrap lines at about this width.
        let width = before.rsplit('\n').next().unwrap_or_default().chars().count();
        if begins && !WRAPPED.contains(&width) || before.ends_with(['.', '!', '?', ':']) {
            starts.push(at + 1);
        }
    }
    let ends = starts[1..].iter().copied().chain([line.len()]);
    starts.iter().zip(ends).flat_map(|(start, end)| sentences(&line[*start..end])).collect()
}

/// Splits a sentence into clauses that can each state something.
pub(crate) fn clauses(sentence: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let joints = JOINTS.find_iter(sentence).filter(|joint| {
        // `up and running` is one thing that a service can be.
        let is_pair = sentence[..joint.start()].trim_end().ends_with("up")
            && sentence[joint.end()..].trim_start().starts_with("running");
        !is_pair
    });
    let ends: Vec<_> = joints.map(|joint| joint.range()).collect();
    let parts = ends.into_iter().map(Some).chain([None]);
    parts.map(move |joint| match joint {
        Some(joint) => &sentence[std::mem::replace(&mut from, joint.end)..joint.start],
        None => &sentence[from..],
    })
}
