//! Markups as Markdown: the constructs that write-ups use, which are headings, lists, tables, code,
//! emphasis, images and links. What is none of these stays as it is written.

mod asciidoc;
mod mediawiki;
mod org;
mod restructured_text;
mod shared;
mod textile;

use std::sync::LazyLock;

use regex::Regex;
use shared::expression;

/// A markup that is read by its constructs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    AsciiDoc,
    MediaWiki,
    Org,
    RestructuredText,
    /// Textile, and what Jira and Confluence made of it.
    Textile,
}

/// The endings of the names of files, each with its markup.
const ENDINGS: [(&str, Markup); 11] = [
    (".adoc", Markup::AsciiDoc),
    (".asciidoc", Markup::AsciiDoc),
    (".asc", Markup::AsciiDoc),
    (".mediawiki", Markup::MediaWiki),
    (".wiki", Markup::MediaWiki),
    (".org", Markup::Org),
    (".rst", Markup::RestructuredText),
    (".rest", Markup::RestructuredText),
    (".textile", Markup::Textile),
    (".jira", Markup::Textile),
    (".confluence", Markup::Textile),
];

/// A heading of MediaWiki, with marks on both sides.
static MEDIAWIKI: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?m)^={2,4} ?[^=\n]+[^=\s] ?={2,4}\s*$"));

/// A heading of Textile and of Jira.
static TEXTILE: LazyLock<Regex> = LazyLock::new(|| expression(r"(?m)^h[1-6]\. +\S"));

/// A setting that begins a file of Org.
static ORG: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?mi)^#\+(?:title|begin_src|author|options):? "));

/// A heading of Markdown.
static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| expression(r"(?m)^#{1,6} \S"));

impl Markup {
    /// The markup of a text, by the name of its file and by its marks.
    pub(super) fn of(name: &str, text: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let named = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending));
        if let Some((_, markup)) = named {
            return Some(*markup);
        }
        // An item of a list in Textile is marked as a heading of Markdown, and a comment of Org is.
        if TEXTILE.is_match(text) {
            Some(Markup::Textile)
        } else if ORG.is_match(text) {
            Some(Markup::Org)
        } else {
            (MEDIAWIKI.is_match(text) && !MARKDOWN.is_match(text)).then_some(Markup::MediaWiki)
        }
    }

    /// A text in this markup as Markdown.
    pub(super) fn markdown(self, text: &str) -> String {
        let read = match self {
            Markup::AsciiDoc => asciidoc::asciidoc,
            Markup::MediaWiki => mediawiki::mediawiki,
            Markup::Org => org::org,
            Markup::RestructuredText => restructured_text::restructured_text,
            Markup::Textile => textile::textile,
        };
        numbered(&read(text))
    }
}

/// The text with the numbers of the items that all have the first one. Items beyond the ninth are
/// all that: with a longer number, what is in them would have to begin further right.
fn numbered(text: &str) -> String {
    let mut numbers: Vec<(usize, u8)> = Vec::new();
    let mut in_code = false;
    let number = |line: &str| {
        let inner = line.trim_start();
        let indent = line.len() - inner.len();
        in_code ^= inner.starts_with("```");
        if in_code || inner.is_empty() {
            return line.to_owned();
        }
        let item = inner.strip_prefix("1. ");
        numbers.retain(|(open, _)| *open < indent || *open == indent && item.is_some());
        let Some(item) = item else { return line.to_owned() };
        if numbers.last().is_none_or(|(open, _)| *open < indent) {
            numbers.push((indent, 0));
        }
        let last = numbers.last_mut().map_or(1, |(_, last)| {
            *last = (*last + 1).min(9);
            *last
        });
        format!("{}{last}. {item}", &line[..indent])
    };
    text.split('\n').map(number).collect::<Vec<_>>().join("\n")
}
