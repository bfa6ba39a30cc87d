//! Shared code of the feed readers: Atom and RSS as entries, and entries as updates.
//!
//! Only the structure of a feed is parsed as XML events. The text of an element stays a slice of
//! the document until a reader asks for it, and is then unescaped once.

pub(in crate::sources::status) mod html;
pub(in crate::sources::status) mod offset;
pub(in crate::sources::status) mod one_line;
pub(in crate::sources::status) mod posts;
pub(in crate::sources::status) mod timestamp;
mod xml;

pub(in crate::sources::status) use crate::sources::input::last_part;
use chrono::{DateTime, Utc};
use timestamp::{Home, feed_date, label_doubt};
pub(in crate::sources::status) use xml::{Feed, Item, Raw, is_unreasonable, parse, unescape};

use crate::model::time::Moment;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::status::kit::home::Homes;
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;
use crate::text::link::is_safe_link;

/// The beginning of an input that is an XML feed.
pub(in crate::sources::status) struct FeedHead {
    text: String,
    /// Whether it is Atom rather than RSS.
    pub is_atom: bool,
}

impl FeedHead {
    /// The beginning of `input`, if its root element is that of a feed.
    pub(in crate::sources::status) fn of(input: &Input) -> Option<Self> {
        let text = decode::head(input);
        let root = root_of(&text)?;
        let name = root.rsplit(':').next().unwrap_or(root);
        let is_atom = name == "feed";
        (is_atom || matches!(name, "rss" | "RDF")).then_some(FeedHead { text, is_atom })
    }

    /// Whether the text holds that.
    pub(in crate::sources::status) fn has(&self, part: &str) -> bool {
        self.text.contains(part)
    }

    /// The text after each `before`, up to the next `before` or the end of the head.
    pub(in crate::sources::status) fn after<'h>(
        &'h self,
        before: &'h str,
    ) -> impl Iterator<Item = &'h str> {
        self.text.split(before).skip(1)
    }

    /// The text between each `before` and the next `after`.
    pub(in crate::sources::status) fn between<'h>(
        &'h self,
        before: &'h str,
        after: char,
    ) -> impl Iterator<Item = &'h str> {
        self.after(before).filter_map(move |rest| rest.split_once(after)).map(|(inner, _)| inner)
    }
}

/// When an entry was published. An unreadable date becomes a warning, and the entry's text becomes
/// an undated entry.
pub(in crate::sources::status) fn published(
    date: Raw<'_>,
    item: &Item<'_>,
    id: &str,
    home: Home,
    warnings: &mut Warnings<'_>,
) -> Option<Moment> {
    let text = date.text();
    let read = feed_date(&text, home);
    match &read {
        Err(problem) => warnings.about(item.raw, undated(id, problem)),
        Ok(_) => {
            if let Some(doubt) = label_doubt(&text, home) {
                warnings.about_once(date.0, doubt);
            }
        }
    }
    read.ok()
}

/// The addresses of the feed itself, which identify no entry.
pub(in crate::sources::status) fn homes(feed: &Feed<'_>) -> Homes {
    Homes::of([feed.head.link.text(), feed.head.id.text()])
}

/// The warning for an entry without an id.
pub(in crate::sources::status) const NAMELESS: &str =
    "this entry has no id, address, title or date, and was left out";

/// The id of an entry: the end of its address, or of its feed id, or a hash of its title and its
/// start, `start`. `None` if it has none of these.
pub(in crate::sources::status) fn id(
    item: &Item<'_>,
    homes: &Homes,
    start: &str,
    warnings: &mut Warnings<'_>,
) -> Option<String> {
    let id = homes.id([&item.link.text(), &item.id.text()], &item.title.text(), start);
    if id.is_none() {
        warnings.about(item.raw, NAMELESS);
    }
    id
}

/// Fills the publication time of an entry that is one post: a post that was revised in place is
/// dated by its revision, and its first publication becomes the second time.
pub(in crate::sources::status) fn written(
    item: &Item<'_>,
    id: &str,
    home: Home,
    warnings: &mut Warnings<'_>,
) -> Option<(Moment, Option<DateTime<Utc>>)> {
    let revised = feed_date(&item.updated.text(), home).ok().filter(|at| !at.is_unset());
    if item.published.is_empty()
        && let Some(revised) = revised
    {
        return Some((revised, None));
    }
    let published = published(item.published, item, id, home, warnings)?;
    Some(dated(published, revised))
}

/// The time of a post from its first publication and its revision.
pub(in crate::sources::status) fn dated(
    published: Moment,
    revised: Option<Moment>,
) -> (Moment, Option<DateTime<Utc>>) {
    match revised.filter(|revised| revised.earliest() > published.earliest()) {
        Some(revised) => (revised, Some(published.earliest())),
        None => (published, None),
    }
}

/// When the feed says that it last changed an entry.
pub(in crate::sources::status) fn revised(item: &Item<'_>, home: Home) -> Option<DateTime<Utc>> {
    feed_date(&item.updated.text(), home).ok().map(Moment::earliest)
}

/// The warning for an entry with an unreadable date.
pub(in crate::sources::status) fn undated(id: &str, problem: &str) -> String {
    format!(
        "{id} has no time of publication, {problem}; its text is in the timeline without a time"
    )
}

/// The name of the first element, after any comments, declarations and processing instructions.
fn root_of(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let inner = rest.strip_prefix('<')?;
        let skip_to = if inner.starts_with("!--") {
            "-->"
        } else if inner.starts_with(['?', '!']) {
            ">"
        } else {
            let end = inner.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
            return Some(&inner[..end]);
        };
        rest = inner[inner.find(skip_to)? + skip_to.len()..].trim_start();
    }
}

/// Text of HTML on one line.
pub(in crate::sources::status) fn line(html: &str) -> String {
    if html.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return html.to_owned();
    }
    clean_line(&unescape(&timestamp::without_tags(html)))
}

/// A safe public address.
pub(in crate::sources::status) fn address(text: &str) -> Option<String> {
    let address = clean_line(text);
    is_safe_link(&address).then_some(address)
}

/// The provider: the page's title without the words that every such page has.
pub(in crate::sources::status) fn provider_of(title: &str) -> Option<String> {
    let title = clean_line(title);
    // Better Stack: `Incidents | Example`.
    let title = title.strip_prefix("Incidents | ").unwrap_or(&title).to_owned();
    let short = [
        "- Incident history",
        "- Incident History",
        "Incident History",
        "System Status",
        "status page",
        "Status Page",
        "Status",
        "status",
    ]
    .iter()
    .fold(title.as_str(), |title, words| {
        title.strip_suffix(words).unwrap_or(title).trim_end_matches([' ', '-'])
    });
    (!short.is_empty()).then(|| short.to_owned())
}

/// Whether two moments are in the same minute, such as a timestamp without seconds and its exact
/// time.
pub(in crate::sources::status) fn same_minute(a: Moment, b: Moment) -> bool {
    a.earliest().timestamp().div_euclid(60) == b.earliest().timestamp().div_euclid(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_element_decides_the_feed_type() {
        let head = |text: &str| FeedHead::of(&Input::new("x", text)).map(|head| head.is_atom);
        assert_eq!(head("<?xml version='1.0'?>\n<!-- <rss> -->\n<feed xmlns='…'>"), Some(true));
        assert_eq!(head("<!DOCTYPE rss><rss version=\"2.0\">"), Some(false));
        assert_eq!(head("<rdf:RDF xmlns:rdf='…'>"), Some(false));
        assert_eq!(head("<html><feed></html>"), None);
        assert_eq!(head("<!-- never closed <feed>"), None);
        assert_eq!(head("{}"), None);
    }

    #[test]
    fn page_name_is_extracted_from_the_title() {
        assert_eq!(provider_of("Example Status - Incident History").as_deref(), Some("Example"));
        assert_eq!(provider_of("Example Status - Incident history").as_deref(), Some("Example"));
        assert_eq!(provider_of("Example System Status").as_deref(), Some("Example"));
        assert_eq!(provider_of("Example status").as_deref(), Some("Example"));
        assert_eq!(provider_of("Example status page").as_deref(), Some("Example"));
        assert_eq!(provider_of("Incidents | Example").as_deref(), Some("Example"));
        assert_eq!(provider_of("Status"), None);
    }

    #[test]
    fn last_path_segment_is_the_code() {
        assert_eq!(last_part("https://example.com/incidents/abc?x=/y"), "abc");
        assert_eq!(last_part("https://example.com/incidents/abc/#c"), "abc");
    }
}
