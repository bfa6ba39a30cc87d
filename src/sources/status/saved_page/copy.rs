//! A copy from an aggregator site.

use std::collections::BTreeSet;

use super::build;
use super::postmortem::with_lines;
use crate::model::time::Moment;
use crate::sources::record::IncidentRecord;
use crate::sources::status::kit::feed::one_line::{RawUpdate, one_line};
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::{Home, Order, Years, stamp};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The start of the aggregator's advertisement; the provider's name and [`AFTER_NAME`] follow.
const ADVERTISEMENT: &str = "Looking to track ";
const AFTER_NAME: &str = " downtime and outages?";

/// The texts that every copy contains.
const KIND: &str = "Type: Incident";

/// Whether the HTML `body` may be such a copy. The tags between the words are unknown, as is the
/// encoding of a space or a `+`.
pub(super) fn has_words(body: &str) -> bool {
    body.contains("Type:") && body.contains("GMT")
}

/// Whether `text` is such a copy.
pub(super) fn is_copy(text: &str) -> bool {
    let (content, _) = content(text);
    content.contains(KIND) && !one_line(content).is_empty()
}

/// Reads the incident; `None` without updates.
pub(super) fn read(text: &str, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    let (content, provider) = content(text);
    let headline = headline(content, warnings);
    let raw = one_line(content);
    if headline.is_none() {
        warnings.about(
            content,
            "the updates have no year, and no line of the page says one: they have no time",
        );
    }
    let (mut untimed, mut doubts) = (Vec::new(), BTreeSet::new());
    let mut found = Vec::with_capacity(raw.len());
    for update in &raw {
        match headline.and_then(|(_, anchor)| post(update, anchor, &mut doubts, warnings)) {
            Some(post) => found.push(post),
            None => {
                if headline.is_some() {
                    warnings.about(update.stamp, "an update has no time that can be read");
                }
                untimed.push(posts::untimed(
                    &clean_line(update.word),
                    clean_markdown(update.text, TextKind::Markdown),
                ));
            }
        }
    }
    if raw.is_empty() {
        return None;
    }
    let name = provider.clone().unwrap_or_else(|| "Status page".to_owned());
    let title = title(content).unwrap_or_else(|| format!("{name} incident"));
    let mut record = build::record(&name, title, &found);
    record.provider = provider;
    record.claimed = claimed(content);
    record.untimed = untimed;
    build::fill(&mut record, found);
    contradicted(&record, headline, content, warnings);
    Some(record)
}

/// The text without the aggregator's own parts, and the name in its advertisement.
fn content(text: &str) -> (&str, Option<String>) {
    let start =
        text.match_indices(ADVERTISEMENT).find(|(at, _)| *at == 0 || text[..*at].ends_with('\n'));
    let Some((at, _)) = start else { return (text, None) };
    let line = text[at + ADVERTISEMENT.len()..].lines().next().unwrap_or_default();
    let name = line.strip_suffix(AFTER_NAME).map(clean_line).filter(|name| !name.is_empty());
    (&text[..at], name)
}

/// The line `- resolved Mar 17, 2026, 02:14 PM UTC`: its word and its time.
fn headline<'t>(content: &'t str, warnings: &mut Warnings<'_>) -> Option<(&'t str, Moment)> {
    content.lines().find_map(|line| {
        let (word, time) = line.trim().strip_prefix("- ")?.split_once(' ')?;
        posts::state(word)?;
        Some((word, warnings.time(time).ok()?))
    })
}

/// A title above the list of updates, if the copy has one.
fn title(content: &str) -> Option<String> {
    let first = content.lines().map(str::trim).find(|line| !line.is_empty())?;
    let is_title =
        !first.starts_with("- ") && !first.starts_with("Type:") && first != "Update timeline";
    is_title.then(|| clean_line(first)).filter(|title| title.chars().count() <= 200)
}

/// The text after `Duration:`, up to the last of its units.
fn claimed(content: &str) -> Option<String> {
    let (_, rest) = content.split_once("Duration: ")?;
    let words: Vec<&str> = rest.split_whitespace().take(8).collect();
    let end = words.iter().rposition(|word| {
        let unit = word.trim_end_matches(',').trim_end_matches('s');
        ["second", "minute", "hour", "day", "week"].contains(&unit)
    })?;
    Some(words[..=end].join(" "))
}

fn post(
    update: &RawUpdate<'_>,
    anchor: Moment,
    doubts: &mut BTreeSet<String>,
    warnings: &mut Warnings<'_>,
) -> Option<Post> {
    let home = Home { zone: warnings.zone() };
    let stamp = stamp(update.stamp)?;
    // The list is unordered: each timestamp is in the year in which it is nearest to the headline.
    let date = Years::from(anchor, Order::OldestFirst).date(&stamp)?;
    let instant = home.commonest_instant(date, &stamp).ok()?;
    if let Some(doubt) = home.doubt(date, &stamp).filter(|doubt| doubts.insert(doubt.clone())) {
        warnings.about(update.stamp, doubt);
    }
    let word = clean_line(update.word);
    let text = clean_markdown(&with_lines(update.text), TextKind::Markdown);
    Some(Post {
        created: None,
        at: Moment::known_to(instant, stamp.precision),
        state: posts::state(&word),
        word,
        text,
    })
}

/// Warns if the headline's time is not that of the update it refers to.
fn contradicted(
    record: &IncidentRecord,
    headline: Option<(&str, Moment)>,
    content: &str,
    warnings: &mut Warnings<'_>,
) {
    let Some((word, stated)) = headline else { return };
    let state = posts::state(word);
    let Some(meant) = record.updates.iter().rfind(|update| update.state == state) else { return };
    let is_separate =
        |at: Moment| (at.middle() - stated.middle()).abs() > chrono::TimeDelta::minutes(1);
    if !is_separate(meant.at) {
        return;
    }
    let which = match record.updates.iter().position(|update| !is_separate(update.at)) {
        Some(0) => ", which is the time of the first update",
        Some(_) => ", which is the time of another update",
        None => "",
    };
    let line = content.lines().find(|line| line.contains(word)).unwrap_or(content);
    let message = format!(
        "the headline says `{word}` at {stated}{which}; that update is of {}, which is used",
        meant.at
    );
    warnings.about(line, message);
}
