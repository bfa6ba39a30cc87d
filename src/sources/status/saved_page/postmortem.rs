//! The sections of a postmortem among the updates.

use super::prose;
use crate::model::timeline::State;
use crate::sources::naming::{self, Match};
use crate::sources::record::{SectionName, UpdateRecord};

/// The maximum number of words in a heading.
const LONGEST_HEADING: usize = 6;

/// The texts of the updates by section, as Markdown.
pub(super) fn sections(updates: &[UpdateRecord]) -> Vec<(SectionName, String)> {
    let mut found: Vec<(SectionName, String)> = Vec::new();
    for update in updates.iter().filter(|update| update.state == Some(State::Postmortem)) {
        parts(&update.text).into_iter().for_each(|(name, text)| add(&mut found, name, &text));
    }
    if !found.iter().any(|(name, _)| *name == SectionName::FollowUps) {
        let ends = updates.iter().filter(|update| update.state.is_some_and(State::is_terminal));
        let planned: Vec<String> = ends
            .flat_map(|update| prose::plans(&update.text))
            .map(|plan| format!("- {plan}"))
            .collect();
        if !planned.is_empty() {
            add(&mut found, SectionName::FollowUps, &planned.join("\n"));
        }
    }
    found
}

fn add(found: &mut Vec<(SectionName, String)>, name: SectionName, text: &str) {
    let text = text.trim();
    match found.iter_mut().find(|(known, _)| *known == name) {
        _ if text.is_empty() => {}
        Some((_, there)) => *there = format!("{there}\n\n{text}"),
        None => found.push((name, text.to_owned())),
    }
}

/// The parts of a text under recognised headings. A thematic break ends a part. Text before the
/// first heading is the cause if no heading is one, and otherwise the summary.
fn parts(text: &str) -> Vec<(SectionName, String)> {
    let mut parts: Vec<(Option<SectionName>, String)> = vec![(None, String::new())];
    let mut is_lead = true;
    let mut lead = String::new();
    for line in text.lines() {
        if let Some(heading) = heading(line) {
            is_lead = false;
            parts.push((naming::section(heading).map(|(name, _)| name), String::new()));
        } else if is_break(line) {
            is_lead = false;
            parts.push((None, String::new()));
        } else {
            let into =
                if is_lead { &mut lead } else { &mut parts.last_mut().expect("there is one").1 };
            into.push_str(line);
            into.push('\n');
        }
    }
    let mut named: Vec<(SectionName, String)> =
        parts.into_iter().filter_map(|(name, text)| Some((name?, text))).collect();
    if !lead.trim().is_empty() {
        let has_cause = named.iter().any(|(name, _)| *name == SectionName::RootCause);
        named.insert(
            0,
            (if has_cause { SectionName::Summary } else { SectionName::RootCause }, lead),
        );
    }
    named
}

/// The heading on a line: `## Root cause`, or `Resolution:` alone on its line.
fn heading(line: &str) -> Option<&str> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix('#') {
        return Some(rest.trim_start_matches('#').trim());
    }
    let bare = line.trim_matches('*').trim_end_matches(':');
    let is_label = (line.ends_with(':') || line.ends_with(":**"))
        && bare.split_whitespace().count() <= LONGEST_HEADING;
    (is_label && naming::section(bare).is_some_and(|(_, sure)| sure == Match::Exact))
        .then_some(bare)
}

fn is_break(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3
        && (line.bytes().all(|byte| byte == b'-') || line.bytes().all(|byte| byte == b'*'))
}

/// Restores the lines of Markdown whose line ends were lost, such as `### Summary During a
/// deployment … --- ### Root Cause`. The end of a heading is known only for headings in the tables.
pub(super) fn with_lines(text: &str) -> String {
    if text.contains('\n') || !text.contains("### ") && !text.contains("## ") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 64);
    let words: Vec<&str> = text.split(' ').collect();
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        if word == "---" {
            block(&mut out, word);
            at += 1;
        } else if word.len() >= 2 && word.bytes().all(|byte| byte == b'#') {
            let length = heading_length(&words[at + 1..]);
            block(&mut out, &words[at..at + 1 + length].join(" "));
            at += 1 + length;
        } else {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push(' ');
            }
            out.push_str(word);
            at += 1;
        }
    }
    out.trim().to_owned()
}

/// Adds a line as a separate block.
fn block(out: &mut String, line: &str) {
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.push_str("\n\n");
    }
    out.extend([line, "\n\n"]);
}

/// The number of these words that form a heading: the longest known one, or one.
fn heading_length(words: &[&str]) -> usize {
    // A leading article starts the text and is not part of a heading.
    let is_article =
        |word: &str| ["a", "an", "the", "our", "this"].contains(&word.to_lowercase().as_str());
    let is_known = |length: &usize| {
        let heading = words[..*length].join(" ");
        if is_article(words[*length - 1]) {
            return false;
        }
        naming::section(&heading).is_some_and(|(_, sure)| sure == Match::Exact)
    };
    let longest = words.len().min(LONGEST_HEADING);
    (1..=longest).rev().find(is_known).unwrap_or(longest.min(1))
}

/// The text of a copied page: bullets become lists without empty lines between items, and other
/// lines stay.
pub(super) fn with_bullets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut was_item = false;
    for line in text.lines() {
        let item = line.trim_start().strip_prefix('•').map(str::trim_start);
        match item {
            Some(item) => {
                if was_item {
                    out.truncate(out.trim_end().len());
                    out.push('\n');
                } else if !out.is_empty() && !out.ends_with("\n\n") {
                    out.push('\n');
                }
                out.extend(["- ", item]);
            }
            None => out.push_str(line),
        }
        out.push('\n');
        was_item = item.is_some() || was_item && line.trim().is_empty();
    }
    out.trim().to_owned()
}
