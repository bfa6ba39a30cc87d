//! Decides whether a document is the write-up of an incident, an index of write-ups, or a template.

use super::gathered::Gathered;
use crate::sources::record::DocumentKind;
use crate::sources::writeups::shape::blocks::{Block, blocks};
use crate::sources::writeups::times::clock::days_in;
use crate::sources::writeups::times::stamp;

/// Placeholders of a template.
const FORM: [&str; 8] = [
    "YYYY-MM-DD",
    "yyyy-mm-dd",
    "HH:mm",
    "HH:MM",
    "hh:mm",
    "YYYY/MM/DD",
    "[Brief description]",
    "<title>",
];

/// Returns the kind of the document. A document with a readable time is always a write-up.
pub(crate) fn kind(title: &str, markdown: &str, gathered: &Gathered) -> DocumentKind {
    let is_good = |written: &str| !written.is_empty() && stamp::is_time(written);
    let rows = gathered
        .timelines
        .iter()
        .flat_map(|rows| &rows.rows)
        .filter(|row| !row.is_malformed && is_good(&row.written))
        .count();
    let events = gathered
        .timelines
        .iter()
        .flat_map(|rows| &rows.key_events)
        .filter(|event| !event.is_malformed)
        .count();
    if rows + events > 0 {
        return DocumentKind::Incident;
    }
    if is_index(markdown) {
        return DocumentKind::Index;
    }
    // A partly filled form has a day somewhere; a template has none.
    let is_form = days_in(markdown).is_empty()
        && FORM.iter().any(|blank| markdown.contains(blank) || title.contains(blank));
    if is_form { DocumentKind::Template } else { DocumentKind::Incident }
}

/// Whether at least a third of the list items, and at least five, are links and nothing else.
fn is_index(markdown: &str) -> bool {
    let (mut links, mut items) = (0, 0);
    for block in blocks(markdown) {
        let Block::List(list) = block else { continue };
        for item in &list.items {
            items += 1;
            let text = item.join(" ");
            let text = text.trim();
            links += usize::from(
                text.starts_with('[') && text.ends_with(')') && text.matches("](").count() == 1,
            );
        }
    }
    links >= 5 && links * 3 >= items
}
