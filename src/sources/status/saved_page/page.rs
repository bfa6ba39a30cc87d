//! The page of one incident.

use super::build;
use super::postmortem::with_bullets;
use crate::model::time::{self, TimeError};
use crate::model::zone::Zone;
use crate::sources::record::IncidentRecord;
use crate::sources::status::kit::components::components;
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The text above the page's name.
const REPORT: &str = "Incident Report for ";
/// The prefix of an update's time.
const POSTED: &str = "Posted ";
/// The prefix of the affected components.
const AFFECTED: [&str; 2] = ["This incident affected: ", "This scheduled maintenance affected: "];

/// Whether the HTML `body` may be such a page. The tags between the words are unknown.
pub(super) fn has_words(body: &str) -> bool {
    body.contains(REPORT.trim_end()) && body.contains(POSTED.trim_end())
}

/// Whether `text` is such a page: with a state below its name, and a time below that.
pub(super) fn is_page(text: &str) -> bool {
    let mut lines = text.lines().map(bare);
    lines.any(|line| line.starts_with(REPORT))
        && lines.any(|line| posts::state(line).is_some())
        && lines.any(|line| line.strip_prefix(POSTED).is_some_and(is_stamp))
}

/// Whether a text is a day and a clock time, even if its zone is unknown.
fn is_stamp(text: &str) -> bool {
    let read = time::read(text, &time::Reading::by_machine(None));
    text.contains(" - ")
        && !matches!(
            read,
            Err(TimeError::Shape(_) | TimeError::Unread(_) | TimeError::OutOfRange(_))
        )
}

/// A line without its list marker.
fn bare(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("- ").unwrap_or(line)
}

/// Reads the incident; `None` if no update has a time or a text.
pub(super) fn read(text: &str, warnings: &mut Warnings<'_>) -> Option<IncidentRecord> {
    let title = title(text);
    let provider = text.lines().find_map(|line| bare(line).strip_prefix(REPORT)).map(clean_line);
    let mut found: Vec<Post> = Vec::new();
    let mut untimed = Vec::new();
    let (mut word, mut body) = ("", String::new());
    let after_report = text
        .split_once(REPORT)
        .map_or(text, |(_, rest)| rest.split_once('\n').map_or("", |(_, r)| r));
    for line in after_report.lines() {
        let trimmed = bare(line);
        if word.is_empty() {
            // The text between two updates is page decoration.
            if posts::state(trimmed).is_some() {
                word = trimmed;
            }
        } else if let Some(stamp) = trimmed.strip_prefix(POSTED) {
            match warnings.time(stamp) {
                Ok(at) => found.push(post(at, word, &body)),
                Err(error) => {
                    warnings.about(
                        stamp,
                        format!("the update `{word}` has no time that can be read: {error}"),
                    );
                    untimed.push(posts::untimed(word, clean_markdown(&body, TextKind::Markdown)));
                }
            }
            (word, body) = ("", String::new());
        } else {
            body.push_str(line);
            body.push('\n');
        }
    }
    if !word.is_empty() {
        warnings.about(word, format!("the update `{word}` has no time that can be read"));
        untimed.push(posts::untimed(word, clean_markdown(&body, TextKind::Markdown)));
    }
    if found.is_empty() && untimed.is_empty() {
        return None;
    }
    let title = title.map_or_else(|| "Incident".to_owned(), clean_line);
    let mut record = build::record(provider.as_deref().unwrap_or_default(), title, &found);
    record.provider = provider;
    record.untimed = untimed;
    record.zone = zone(text);
    let affected =
        text.lines().map(bare).find(|line| AFFECTED.iter().any(|prefix| line.starts_with(prefix)));
    record.components = affected.map(components).unwrap_or_default();
    build::fill(&mut record, found);
    Some(record)
}

fn post(at: crate::model::time::Moment, word: &str, body: &str) -> Post {
    let text = clean_markdown(&with_bullets(body), TextKind::Markdown);
    Post { at, created: None, word: word.to_owned(), state: posts::state(word), text }
}

/// The incident's name: the line above the page's name, or the first line.
fn title(text: &str) -> Option<&str> {
    let lines = || text.lines().map(bare).filter(|line| !line.is_empty());
    let above = lines().take_while(|line| !line.starts_with(REPORT)).last();
    above.or_else(|| lines().find(|line| !line.starts_with(REPORT)))
}

/// The zone of the page, if its label belongs to one place.
fn zone(text: &str) -> Option<String> {
    let stamp = text.lines().find_map(|line| bare(line).strip_prefix(POSTED))?;
    let label = stamp.rsplit(' ').next()?;
    let zone: Zone = label.parse().ok()?;
    (zone != Zone::UTC).then(|| zone.to_string())
}
