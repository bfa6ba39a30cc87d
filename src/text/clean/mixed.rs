//! Markdown with HTML in it, as people paste it into status pages.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use super::escape::entity_length;
use super::html::html_to_markdown;
use super::visible::{MARK_CLOSE, MARK_OPEN};
use crate::text::link::is_safe_link;

/// Converts Markdown with HTML in it to Markdown; the Markdown is left as it is.
pub(super) fn mixed_to_markdown(text: &str) -> String {
    let (marked, protected) = protect(text);
    restore(&html_to_markdown(&escape_non_tags(&marked), true), &protected)
}

/// Replaces code and addresses in angle brackets by placeholders, since HTML rules do not apply
/// there.
fn protect(text: &str) -> (String, Vec<&str>) {
    let mut marked = String::with_capacity(text.len());
    let mut protected = Vec::new();
    let mut at = 0;
    for (event, range) in parser(text) {
        let is_kept = match &event {
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => true,
            Event::Start(Tag::Link { link_type: LinkType::Autolink, dest_url, .. }) => {
                is_safe_link(dest_url)
            }
            Event::Start(Tag::Link { link_type: LinkType::Email, .. }) => true,
            _ => false,
        };
        if is_kept && range.start >= at {
            marked.push_str(&text[at..range.start]);
            let _ = write!(marked, "{MARK_OPEN}{}{MARK_CLOSE}", protected.len());
            protected.push(&text[range.clone()]);
            at = range.end;
        }
    }
    marked.push_str(&text[at..]);
    (marked, protected)
}

fn restore(text: &str, protected: &[&str]) -> String {
    let mut restored = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK_OPEN) {
        restored.push_str(before);
        let (number, after) = after.split_once(MARK_CLOSE).unwrap_or(("", after));
        restored
            .push_str(number.parse::<usize>().ok().and_then(|at| protected.get(at)).unwrap_or(&""));
        rest = after;
    }
    restored.push_str(rest);
    restored
}

/// Escapes everything that is neither a tag nor an entity, so that `<5 ms` and `a&b` survive the
/// HTML parser.
fn escape_non_tags(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut backslashes = 0;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        match c {
            '<' if backslashes % 2 == 1 || !is_known_tag(rest) => escaped.push_str("&lt;"),
            '&' if entity_length(rest).is_none() => escaped.push_str("&amp;"),
            _ => escaped.push(c),
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
    }
    escaped
}

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "center",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "link",
    "main",
    "mark",
    "math",
    "meta",
    "nav",
    "noscript",
    "object",
    "ol",
    "p",
    "pre",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
];

/// Whether `rest`, which follows a `<`, continues as an HTML tag or a comment.
fn is_known_tag(rest: &str) -> bool {
    if rest.starts_with("!--") {
        return true;
    }
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let ends_well =
        name[length..].starts_with(['>', '/']) || name[length..].starts_with(char::is_whitespace);
    ends_well && TAGS.contains(&name[..length].to_ascii_lowercase().as_str())
}

/// The Markdown parser with the options that the renderers use.
pub(super) fn parser(markdown: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
        .into_offset_iter()
}
