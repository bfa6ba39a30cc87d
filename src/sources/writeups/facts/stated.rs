//! Extracts the statements of a sentence's clauses, each with its time.
//!
//! Each time is replaced by a single character that occurs in no word, so that the grammar of
//! timeline entries can read the rest: `At 14:20 the shop failed, and it was restored at 15:00`
//! becomes `the shop failed` at the first time and `it was restored` at the second.

use std::sync::LazyLock;

use regex::Regex;

use super::statements::{self, Statement};
use super::story;
use crate::model::milestone::MilestoneName;
use crate::model::time::Read;
use crate::sources::writeups::times::clock::Clock;
use crate::sources::writeups::times::marks::{Mark, read};
use crate::sources::writeups::times::stamp;

/// A time that a sentence states for a milestone.
#[derive(Clone)]
pub(crate) struct Stated {
    /// The milestone.
    pub(crate) name: MilestoneName,
    /// The time as written.
    pub(crate) written: String,
    /// The parsed time.
    pub(crate) read: Read,
    /// A remark on a choice between two readings.
    pub(crate) choice: Option<String>,
    /// The words that identify the milestone.
    pub(crate) because: String,
    /// Whether it counts only if nothing else states the milestone.
    pub(crate) is_weak: bool,
}

/// The first placeholder for a time, in the Unicode private use area. Other characters of that area
/// are removed from the text.
const PLACE: u32 = 0xE000;

/// Returns the statements of a sentence's clauses, each with its time.
pub(crate) fn stated(
    sentence: &str,
    marks: &[Mark<'_>],
    title: &str,
    failed: &str,
    clock: &Clock,
) -> Vec<Stated> {
    let is_clock = |mark: &Mark<'_>| !stamp::is_day(mark.written);
    // The caller has read the spans of the impact. Any other span states nothing.
    if !marks.iter().any(is_clock)
        || marks.iter().any(|mark| mark.is_span)
        || sentence.trim_end().ends_with('?')
    {
        return Vec::new();
    }
    let masked = without_emphasis(&masked(sentence, marks));
    let clauses: Vec<&str> = statements::clauses(&masked).collect();
    let mut times = times_of(&clauses, &masked, marks);
    share_times(&clauses, &masked, &mut times);
    let stated = |index: usize, name: MilestoneName, phrase: &str, is_weak: bool| {
        let mark = times[index]?;
        let read = read(mark.written, clock)?;
        let because = format!("{} … {}", phrase.trim(), mark.written);
        let written = mark.written.to_owned();
        Some(Stated { name, written, read, choice: None, because, is_weak })
    };
    let of_grammar = with_ellipses(&clauses, title);
    let is_stated = |index: usize| of_grammar.iter().any(|(at, _)| *at == index);
    let mut found: Vec<Stated> = of_grammar
        .iter()
        .filter_map(|(index, statement)| {
            // In a summary, a fix that resolved the incident is also its end.
            let is_resolved = statement.phrase.to_lowercase().contains("resolved");
            let name = match statement.name {
                MilestoneName::MitigatedAt if is_resolved => MilestoneName::ResolvedAt,
                name => name,
            };
            stated(*index, name, &statement.phrase, false)
        })
        .collect();
    // Something noticed or reported at a time began before it.
    let is_noticed = |index: usize| {
        let at = times[index].map(|mark| mark.start());
        (0..=index).any(|other| {
            times[other].map(|mark| mark.start()) == at && story::is_noticing(clauses[other])
        })
    };
    let mut failed = format!("{title} {failed}");
    for (index, clause) in clauses.iter().enumerate() {
        let beginning = story::beginning(clause);
        if beginning.is_some() {
            failed.push_str(clause);
        }
        if is_stated(index) {
            continue;
        }
        // A time after `until` is the end of the failure, not its start.
        let is_last = times[index].is_some_and(|mark| is_until(clause, mark, marks));
        let beginning = beginning.filter(|_| !is_noticed(index) && !is_last);
        let beginning = beginning.map(|words| (MilestoneName::ImpactStart, words));
        let end = || story::end(clause, &failed).map(|words| (MilestoneName::ImpactEnd, words));
        let told = beginning.or_else(end);
        found.extend(told.and_then(|(name, words)| stated(index, name, words, true)));
    }
    found
}

/// Replaces each time in the sentence with a placeholder, and removes each day.
fn masked(sentence: &str, marks: &[Mark<'_>]) -> String {
    let (mut masked, mut at) = (String::with_capacity(sentence.len()), 0);
    for (number, mark) in (PLACE..).zip(marks) {
        masked.push_str(&sentence[at..mark.start()]);
        masked.push(' ');
        if !stamp::is_day(mark.written) {
            masked.extend(char::from_u32(number));
        }
        at = mark.end();
    }
    masked.push_str(&sentence[at..]);
    // Punctuation in a quotation does not end a clause: `“500 - Internal Server Error”`.
    static QUOTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"[“"][^“”"]{1,60}[”"]"#).expect("valid built-in regex"));
    let masked = QUOTED.replace_all(&masked, |quoted: &regex::Captures<'_>| {
        quoted[0].replace([',', ';', ':', '(', ')', '–', '—'], " ").replace(" - ", " ")
    });
    masked.replace(|c: char| ('\u{F000}'..='\u{F8FF}').contains(&c), "")
}

/// Returns the time of each clause: its own, or else the one at the beginning of the sentence. A
/// time in brackets belongs to the clause before it.
fn times_of<'m, 't>(
    clauses: &[&str],
    masked: &str,
    marks: &'m [Mark<'t>],
) -> Vec<Option<&'m Mark<'t>>> {
    let mut times: Vec<Option<&Mark<'_>>> = Vec::with_capacity(clauses.len());
    let mut carried = None;
    for clause in clauses {
        let of_clause: Vec<&Mark<'_>> = clause
            .chars()
            .filter_map(|c| marks.get((c as u32).checked_sub(PLACE)? as usize))
            .collect();
        let start = clause.as_ptr() as usize - masked.as_ptr() as usize;
        let is_bare = !clause.contains(char::is_alphabetic);
        let in_brackets = is_bare && masked[..start].ends_with('(');
        match (of_clause.as_slice(), times.last()) {
            ([only], Some(None)) if in_brackets => {
                *times.last_mut().expect("there is one") = Some(*only);
                times.push(None);
            }
            // `which made it unavailable until …` began at the time of the clause before it.
            ([only], Some(Some(before)))
                if story::is_consequence(clause) && is_until(clause, only, marks) =>
            {
                let before = *before;
                times.push(Some(before));
            }
            ([only], _) => {
                let begins = clause
                    .trim_start()
                    .chars()
                    .next()
                    .is_some_and(|c| c as u32 >= PLACE && (c as u32) < 0xF900);
                carried = begins.then_some(*only);
                times.push(Some(*only));
            }
            ([], Some(before)) if clause.trim().is_empty() => {
                let before = *before;
                times.push(before);
            }
            ([], _) if story::is_later(clause) => {
                carried = None;
                times.push(None);
            }
            ([], Some(Some(before))) if story::is_consequence(clause) => {
                let before = *before;
                times.push(Some(before));
            }
            ([], _) => times.push(carried),
            ([first, second], _) if is_until(clause, second, marks) => times.push(Some(*first)),
            _ => {
                carried = None;
                times.push(None);
            }
        }
    }
    times
}

/// Gives a clause without a time that of the next one, if that has no subject of its own:
/// `discovered and reported by 22:50`.
fn share_times(clauses: &[&str], masked: &str, times: &mut [Option<&Mark<'_>>]) {
    for at in (1..clauses.len()).rev() {
        let start = clauses[at].as_ptr() as usize - masked.as_ptr() as usize;
        let is_joined = masked[..start].trim_end().ends_with("and");
        let verb = clauses[at].split_whitespace().next().unwrap_or_default();
        if is_joined && verb.ends_with("ed") && times[at - 1].is_none() {
            times[at - 1] = times[at];
        }
    }
}

/// Whether the words before that time in a clause contain `until`.
fn is_until(clause: &str, mark: &Mark<'_>, marks: &[Mark<'_>]) -> bool {
    let number = marks.iter().position(|other| other.start() == mark.start());
    let place = number.and_then(|number| char::from_u32(PLACE + number as u32));
    let before = place.and_then(|place| clause.split_once(place)).map(|(before, _)| before);
    before.is_some_and(|before| {
        before
            .split_whitespace()
            .any(|word| ["until", "till"].contains(&word.to_lowercase().as_str()))
    })
}

/// Simplifies `It was not until 10:45 that it was back` to `10:45 it was back`.
fn without_emphasis(masked: &str) -> String {
    static EMPHASIS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\bit (?:was not|wasn['’]t|was only) (?:until |at |by |after )?\s*(?P<time>[\u{E000}-\u{F8FF}])\s*(?:that|when)\b",
        )
        .expect("valid built-in regex")
    });
    EMPHASIS.replace_all(masked, "$time ").into_owned()
}

/// Returns the statements of the clauses, including clauses without a verb of their own: `partly
/// restored at 14:40 and fully at 17:39`.
fn with_ellipses(clauses: &[&str], title: &str) -> Vec<(usize, Statement)> {
    let mut found = statements::of_clauses(clauses, title);
    for (index, pair) in clauses.windows(2).enumerate() {
        let is_stated = |found: &[(usize, Statement)]| found.iter().any(|(at, _)| *at == index + 1);
        let ellipsis = statements::of_ellipsis(pair[0], pair[1])
            .or_else(|| statements::without_subject(&clauses[..=index], pair[1]))
            .or_else(|| statements::with_subject_of(&clauses[..=index], pair[1], title))
            .filter(|_| !is_stated(&found));
        found.extend(ellipsis.map(|statement| (index + 1, statement)));
    }
    found
}
