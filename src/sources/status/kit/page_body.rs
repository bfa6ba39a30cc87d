//! The text of an incident file, split into its posts.
//!
//! A post has its time in a shortcode after it (`{{< track "2018-04-13 17:30:00" >}}`), or in its
//! heading (`*Update | 04/13 5:30pm Central*`, `[Update - 2018-04-13 17:30 UTC]`), or none. Its
//! heading is emphasised and gives its state: `*Resolved* - …`, `**Update**: …`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::feed::posts;
use crate::model::timeline::State;

static TRACK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\{\{[<%]\s*track\s+["'`“]?([^"'`”>%}]*)["'`”]?\s*[>%]\}\}"#)
        .expect("a pattern that is tested")
});

/// A part of the text with its heading and time; all are slices of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::status) struct Segment<'a> {
    /// The heading without its time; empty if there is none.
    pub(in crate::sources::status) word: &'a str,
    /// The timestamp as written.
    pub(in crate::sources::status) stamp: Option<&'a str>,
    /// Whether the timestamp is in a shortcode, which was generated and has a year.
    pub(in crate::sources::status) is_tracked: bool,
    /// The text after the heading.
    pub(in crate::sources::status) text: &'a str,
    /// The whole part including the heading, without the shortcode.
    pub(in crate::sources::status) whole: &'a str,
}

/// The parts of `body`, in order. There is only white space and shortcodes between them.
pub(in crate::sources::status) fn segments(body: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut at = 0;
    for found in TRACK.captures_iter(body) {
        let (whole, stamp) = (found.get(0).expect("the match"), found.get(1).expect("its stamp"));
        tracked(&body[at..whole.start()], stamp.as_str().trim(), &mut segments);
        at = whole.end();
    }
    untracked(&body[at..], &mut segments);
    segments
}

/// The parts of a `body` whose shortcodes come before the texts that they date: there is text after
/// the last one. Text before the first is undated. `None` for any other body.
pub(in crate::sources::status) fn stamps_first(body: &str) -> Option<Vec<Segment<'_>>> {
    let found: Vec<(Range<usize>, &str)> = TRACK
        .captures_iter(body)
        .filter_map(|found| Some((found.get(0)?.range(), found.get(1)?.as_str().trim())))
        .collect();
    let (last, _) = found.last()?;
    if body[last.end..].trim().is_empty() {
        return None;
    }
    let mut segments = Vec::new();
    push_plain(&body[..found[0].0.start], &mut segments);
    let ends = found.iter().skip(1).map(|(range, _)| range.start).chain([body.len()]);
    for ((range, stamp), end) in found.iter().zip(ends) {
        let whole = body[range.end..end].trim();
        let word = heading(whole.lines().next().unwrap_or_default().trim(), 0)
            .map_or_else(|| state_word(whole), |own| own.word);
        segments.push(Segment { word, stamp: Some(stamp), is_tracked: true, text: whole, whole });
    }
    Some(segments)
}

static BEING_FIXED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:is|are) being (?:fixed|patched|rebuilt|repaired|replaced|reverted|rolled back)\b")
        .expect("a pattern that is tested")
});

/// The words of a text without a heading that give its state: a short sentence that ends with it
/// and says nothing else (`Incident resolved.`), or that something is being fixed, so the cause is
/// identified.
fn state_word(text: &str) -> &str {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_end_matches(['.', '!'])).collect();
    match words[..] {
        [.., last] if words.len() <= 3 && state(last) == Some(State::Resolved) => last,
        _ => BEING_FIXED.find(text).map_or("", |found| found.as_str()),
    }
}

/// Splits a part that ends with a shortcode: its post starts with the last heading that is a state,
/// or with the first heading, or at the start of the part.
fn tracked<'a>(part: &'a str, stamp: &'a str, segments: &mut Vec<Segment<'a>>) {
    let headings = headings(part);
    let own = headings.iter().rfind(|heading| state(heading.word).is_some()).or(headings.first());
    let start = own.map_or(0, |heading| heading.whole.start);
    untracked(&part[..start], segments);
    let whole = part[start..].trim();
    if whole.is_empty() {
        // The shortcode is alone on a line after its post.
        if let Some(last) = segments.last_mut().filter(|last| last.stamp.is_none()) {
            (last.stamp, last.is_tracked) = (Some(stamp), true);
        }
        return;
    }
    let (word, text) =
        own.map_or(("", whole), |heading| (heading.word, part[heading.whole.end..].trim()));
    segments.push(Segment { word, stamp: Some(stamp), is_tracked: true, text, whole });
}

/// Splits a part without a shortcode at headings with their own time, and at those that are a
/// state.
fn untracked<'a>(part: &'a str, segments: &mut Vec<Segment<'a>>) {
    let mut headings = headings(part);
    headings.retain(|heading| {
        heading.stamp.is_some() || heading.is_bracketed || state(heading.word).is_some()
    });
    let starts = headings.iter().map(|heading| heading.whole.start);
    let ends: Vec<usize> = starts.chain([part.len()]).collect();
    push_plain(&part[..ends[0]], segments);
    for (heading, end) in headings.iter().zip(&ends[1..]) {
        let whole = part[heading.whole.start..*end].trim();
        let text = part[heading.whole.end..*end].trim();
        segments.push(Segment {
            word: heading.word,
            stamp: heading.stamp,
            is_tracked: false,
            text,
            whole,
        });
    }
}

fn push_plain<'a>(part: &'a str, segments: &mut Vec<Segment<'a>>) {
    let whole = part.trim();
    if !whole.is_empty() {
        segments.push(Segment { word: "", stamp: None, is_tracked: false, text: whole, whole });
    }
}

struct Heading<'a> {
    whole: Range<usize>,
    word: &'a str,
    stamp: Option<&'a str>,
    is_bracketed: bool,
}

/// Longer emphasised text is a sentence.
const LONGEST: usize = 100;

/// The headings of a part: at the start of a paragraph, or on the line after another heading's.
fn headings(part: &str) -> Vec<Heading<'_>> {
    let mut headings = Vec::new();
    let (mut at, mut is_start) = (0, true);
    for line in part.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if is_start && let Some(heading) = heading(line.trim(), at + indent) {
            headings.push(heading);
        }
        is_start = line.trim().is_empty();
        at += line.len();
    }
    headings
}

/// Reads the heading at the start of a line, which is at `at` of its part.
fn heading(line: &str, at: usize) -> Option<Heading<'_>> {
    if let Some(inner) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let inner =
            Some(inner).filter(|inner| inner.len() <= LONGEST && !inner.contains(['[', ']']))?;
        let (word, stamp) = match inner.split_once(" - ") {
            Some((word, stamp)) => (word.trim(), Some(stamp.trim())),
            None => (inner.trim(), None),
        };
        return Some(Heading { whole: at..at + line.len(), word, stamp, is_bracketed: true });
    }
    let mark = line.chars().next().filter(|c| matches!(c, '*' | '_'))?;
    let inner = line.trim_start_matches(mark);
    let opened = line.len() - inner.len();
    let length = inner.find(mark).filter(|length| (1..=LONGEST).contains(length) && opened <= 3)?;
    let rest = inner[length..].trim_start_matches(mark);
    let (inner, after) = (&inner[..length], rest.trim_start());
    let colon_inside = inner.trim_end().ends_with(':');
    let dash = after.chars().next().filter(|c| matches!(c, '-' | '–' | '—' | ':'));
    if !(after.is_empty() || colon_inside || dash.is_some()) {
        return None;
    }
    let text = dash.map_or(after, |dash| &after[dash.len_utf8()..]);
    let (word, stamp) = match inner.rsplit_once('|') {
        Some((word, stamp)) => (word, Some(stamp.trim())),
        None => (inner, None),
    };
    let word = word.trim().trim_end_matches(':').trim_end();
    let end = at + line.len() - text.len();
    Some(Heading {
        whole: at..end,
        word,
        stamp: stamp.filter(|stamp| !stamp.is_empty()),
        is_bracketed: false,
    })
}

/// State words in other languages.
const TRANSLATED: &[(State, &[&str])] = &[
    (State::Resolved, &["risolto", "gelöst", "behoben", "résolu", "resuelto", "resolvido"]),
    (
        State::Monitoring,
        &[
            "monitoraggio in corso",
            "monitoraggio",
            "überwachung",
            "surveillance",
            "monitoreando",
            "monitorando",
        ],
    ),
    (State::Identified, &["identificato", "identifiziert", "identifié", "identificado"]),
    (
        State::Investigating,
        &["indagine in corso", "untersuchung", "en cours d'investigation", "investigando"],
    ),
    (
        State::Update,
        &["aggiornamento", "aktualisierung", "mise à jour", "actualización", "atualização"],
    ),
];

/// The state that a heading means.
pub(in crate::sources::status) fn state(word: &str) -> Option<State> {
    let lower = word.to_lowercase();
    let translated = || {
        TRANSLATED.iter().find(|(_, words)| words.contains(&lower.trim())).map(|(state, _)| *state)
    };
    let fixed = || BEING_FIXED.is_match(word).then_some(State::Identified);
    posts::state(word).filter(|_| word.is_ascii()).or_else(translated).or_else(fixed)
}

/// The end of the write-up before a body, where the posts start; both are slices of it.
///
/// It is the text before the first horizontal rule, if that has the heading of a write-up, or if
/// none of it is dated and the rest is. Without a rule it ends at the next state.
pub(in crate::sources::status) fn postmortem(body: &str) -> Option<(&str, &str)> {
    let headings = headings(body);
    let first = headings.first().filter(|first| body[..first.whole.start].trim().is_empty());
    let own = first.filter(|first| state(first.word) == Some(State::Postmortem));
    let rule = rule(body);
    if let Some(own) = own {
        let next =
            headings[1..].iter().find(|next| next.stamp.is_some() || state(next.word).is_some());
        let next = next.map_or(body.len()..body.len(), |next| next.whole.start..next.whole.start);
        let end = rule.filter(|rule| rule.start < next.start).unwrap_or(next);
        return Some((body[own.whole.end..end.start].trim(), &body[end.end..]));
    }
    let rule = rule?;
    let (before, after) = (&body[..rule.start], &body[rule.end..]);
    (!before.trim().is_empty() && !TRACK.is_match(before) && TRACK.is_match(after))
        .then_some((before.trim(), after))
}

/// The first horizontal rule: its own line after a blank line.
fn rule(body: &str) -> Option<Range<usize>> {
    let (mut at, mut after_blank) = (0, true);
    for line in body.split_inclusive('\n') {
        let trimmed = line.trim();
        let is_rule = trimmed.len() >= 3
            && ["-", "*", "_"].iter().any(|mark| trimmed.replace(mark, "").is_empty());
        if after_blank && is_rule {
            return Some(at..at + line.len());
        }
        after_blank = trimmed.is_empty();
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> Vec<String> {
        let line = |segment: Segment<'_>| {
            format!(
                "{} | {} | {}",
                segment.word,
                segment.stamp.unwrap_or("-"),
                segment.text.replace('\n', "/")
            )
        };
        segments(body).into_iter().map(line).collect()
    }

    #[test]
    fn post_starts_with_its_state_and_ends_with_its_time() {
        let body = "Intro.\n\n*Resolved* -\nOver. {{< track \"2018-05-25 05:54:00\" >}}\n\n*Update* - One.\n\n*Note*: two. {{<track '2018-05-25T05:00:00Z'>}}\n\nlast";
        assert_eq!(
            shown(body),
            [
                " | - | Intro.",
                "Resolved | 2018-05-25 05:54:00 | Over.",
                "Update | 2018-05-25T05:00:00Z | One.//*Note*: two.",
                " | - | last"
            ]
        );
    }

    #[test]
    fn emphasised_text_is_not_a_state_and_lone_time_dates_the_text_before_it() {
        assert_eq!(
            shown("*Something is wrong here.* It is. {{% track \"x\" %}}"),
            [" | x | *Something is wrong here.* It is."]
        );
        assert_eq!(shown("*Resolved* - Over.\n\n{{< track \"x\" >}}"), ["Resolved | x | Over."]);
        assert_eq!(shown("{{< track \"x\" >}}"), Vec::<String>::new());
    }

    #[test]
    fn times_in_headings_are_read() {
        let body = "*Over, Vendor Looking | 10/17 03:05pm Central* - One.\n\n*Investigating | 09/25 11:24pm Central* - Two.";
        assert_eq!(
            shown(body),
            [
                "Over, Vendor Looking | 10/17 03:05pm Central | One.",
                "Investigating | 09/25 11:24pm Central | Two."
            ]
        );
        let body = "[Final message]\nOver.\n\n[Update - 2023-03-29 15h50 UTC]\nBetter.\n\n[Initial message]\nDown.\n";
        assert_eq!(
            shown(body),
            [
                "Final message | - | Over.",
                "Update | 2023-03-29 15h50 UTC | Better.",
                "Initial message | - | Down."
            ]
        );
        assert_eq!(
            shown("[A link](https://example.com)"),
            [" | - | [A link](https://example.com)"]
        );
    }

    #[test]
    fn write_up_is_the_text_before_the_rule() {
        let posts = "*Resolved* - Over. {{< track \"x\" >}}";
        for heading in ["*Postmortem*\n\n", "**Post-mortem** - ", ""] {
            let body = format!("{heading}Why.\n\nAnd how.\n\n---\n\n{posts}");
            assert_eq!(
                postmortem(&body).unwrap(),
                ("Why.\n\nAnd how.", format!("\n{posts}").as_str()),
                "{heading}"
            );
        }
        let body = format!("*Postmortem*\n\nWhy.\n\n{posts}");
        assert_eq!(postmortem(&body), Some(("Why.", posts)));
        assert_eq!(postmortem("Text.\n\n---\n\nMore text."), None);
        assert_eq!(postmortem("*Resolved* - Over.\n\n---\n\nMore text."), None);
    }

    #[test]
    fn times_before_their_texts_are_read() {
        let body = "We look.\n{{< track \"A\" >}}An index is missing.\n\nHalf an hour.\n{{< track \"B\" >}}Incident resolved.\n";
        let found = stamps_first(body).unwrap();
        let shown: Vec<_> = found.iter().map(|part| (part.stamp, part.word, part.whole)).collect();
        assert_eq!(
            shown,
            [
                (None, "", "We look."),
                (Some("A"), "", "An index is missing.\n\nHalf an hour."),
                (Some("B"), "resolved", "Incident resolved."),
            ]
        );
        assert_eq!(
            stamps_first("We look. {{< track \"A\" >}}\n\nOver. {{< track \"B\" >}}\n"),
            None
        );
    }

    #[test]
    fn states_in_other_languages_are_recognised() {
        assert_eq!(state("Risolto"), Some(State::Resolved));
        assert_eq!(state("Indagine in corso"), Some(State::Investigating));
        assert_eq!(state("Issue Resolved, Vendor Investigating"), None);
    }
}
