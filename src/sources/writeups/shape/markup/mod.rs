//! Converts other markup languages to Markdown. Only the constructs that write-ups use are
//! converted: headings, lists, tables, code, emphasis, images and links. Everything else stays as
//! written.

mod asciidoc;
mod mediawiki;
mod org;
mod restructured_text;
mod shared;
mod textile;

use std::sync::LazyLock;

use regex::Regex;
use shared::expression;

/// A supported markup language other than Markdown and HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    AsciiDoc,
    MediaWiki,
    Org,
    RestructuredText,
    /// Textile, and the Jira and Confluence markup derived from it.
    Textile,
}

/// The markup of each file extension.
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

/// A MediaWiki heading, with marks on both sides.
static MEDIAWIKI: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?m)^={2,4} ?[^=\n]+[^=\s] ?={2,4}\s*$"));

/// A Textile or Jira heading.
static TEXTILE: LazyLock<Regex> = LazyLock::new(|| expression(r"(?m)^h[1-6]\. +\S"));

/// A keyword at the start of an Org file.
static ORG: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?mi)^#\+(?:title|begin_src|author|options):? "));

/// A Markdown heading.
static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| expression(r"(?m)^#{1,6} \S"));

impl Markup {
    /// Returns the markup of a text, from the file name or else from typical lines.
    pub(super) fn of(name: &str, text: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let named = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending));
        if let Some((_, markup)) = named {
            return Some(*markup);
        }
        // Textile's list items and Org's comments look like Markdown headings, so these two are
        // tested without regard to Markdown headings.
        if TEXTILE.is_match(text) {
            Some(Markup::Textile)
        } else if ORG.is_match(text) {
            Some(Markup::Org)
        } else {
            (MEDIAWIKI.is_match(text) && !MARKDOWN.is_match(text)).then_some(Markup::MediaWiki)
        }
    }

    /// Converts a text in this markup to Markdown.
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

/// Numbers the items of ordered lists, which the converters all write as `1.`. Items after the
/// ninth repeat its number, since a longer number would change the indentation that nested content
/// needs.
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
