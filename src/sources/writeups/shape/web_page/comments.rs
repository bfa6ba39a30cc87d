//! Finds reader comments, and the days on which they were written.

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use ego_tree::NodeId;
use regex::Regex;
use scraper::{ElementRef, Html};

use super::elements::spaced_text;
use crate::sources::writeups::times::clock::days_with_rest;
use crate::text::clean::clean_line;

/// A heading that begins the comments on pages without a class for them.
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?i)^(leave a (reply|comment|response)|(post|add|write) (a|your) comment|join the (discussion|conversation)|no comments( yet)?|\d+ comments?|(one|\d+) (thoughts?|comments?|responses?|repl(y|ies)) (to|on) .*|comments? ?\(\d+\))\W*$";
    Regex::new(pattern).expect("a pattern that is tested")
});

/// A clock time after a day: the day of a comment usually has one.
static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^,?\s*(at|@|-|T)?\s*\d{1,2}[:.]\d\d").expect("a pattern that is tested")
});

/// Returns the days of comments, from `<time>` elements or else from the text.
pub(super) fn days(page: &Html, comments: &[NodeId]) -> Vec<NaiveDate> {
    let elements =
        || comments.iter().filter_map(|&id| page.tree.get(id).and_then(ElementRef::wrap));
    let times = elements().flat_map(|element| element.descendent_elements().collect::<Vec<_>>());
    let told: Vec<_> = times
        .filter(|inner| inner.value().name() == "time")
        .filter_map(|time| day(time.attr("datetime")?))
        .collect();
    if !told.is_empty() {
        return told;
    }
    let text = clean_line(&elements().map(spaced_text).collect::<Vec<_>>().join(" "));
    let written: Vec<_> = days_with_rest(&text).collect();
    // A comment can mention another day, so days with a clock time take precedence.
    let with_clock: Vec<_> =
        written.iter().filter(|(_, after)| CLOCK.is_match(after)).map(|(day, _)| *day).collect();
    if with_clock.is_empty() {
        written.into_iter().map(|(day, _)| day).collect()
    } else {
        with_clock
    }
}

/// Returns the first day in a text, in the text's own zone.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    days_with_rest(text).next().map(|(day, _)| day)
}

/// Finds comments that have no element of their own: a heading that begins them, and its siblings
/// up to the next heading of the same or a higher level.
pub(super) fn behind_headings(page: &Html) -> impl Iterator<Item = NodeId> {
    let mut found = HashSet::new();
    for node in page.tree.root().descendants().filter(|node| node.value().is_element()) {
        let Some(element) = ElementRef::wrap(node).filter(|element| begins_comments(*element))
        else {
            continue;
        };
        let Some(height) = level(element).filter(|_| found.insert(node.id())) else { continue };
        let ends = |element: &ElementRef<'_>| {
            level(*element).is_some_and(|other| other <= height) && !begins_comments(*element)
        };
        let behind =
            node.next_siblings().filter_map(ElementRef::wrap).take_while(|element| !ends(element));
        found.extend(behind.map(|element| element.id()));
    }
    found.into_iter()
}

fn level(element: ElementRef<'_>) -> Option<u32> {
    let digit = element.value().name().strip_prefix('h')?;
    digit.parse().ok().filter(|level| (1..=6).contains(level))
}

fn begins_comments(element: ElementRef<'_>) -> bool {
    level(element).is_some_and(|level| level > 1)
        && HEADING.is_match(&clean_line(&spaced_text(element)))
}

/// Whether an element is a margin comment in a Google Docs export, or its anchor in the text. The
/// export puts the comments below the text, each with a link back.
pub(super) fn are_of_editor(element: ElementRef<'_>) -> bool {
    match element.value().name() {
        "a" => element.value().id().is_some_and(|id| id.starts_with("cmnt_ref")),
        "div" => element
            .descendent_elements()
            .take(6)
            .any(|inner| inner.attr("href").is_some_and(|href| href.starts_with("#cmnt_ref"))),
        _ => false,
    }
}
