//! What a document is written in, and the same as Markdown.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::fields::Fields;
use super::markup::Markup;
use super::{breaks, links, normal, plain_text, web_page};
use crate::sources::front::{self, NoSettings};
use crate::sources::input::Input;

/// What a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// Another markup, which becomes Markdown.
    Markup(Markup),
    /// Neither.
    Plain,
}

/// A document as Markdown, with what its shape told.
#[derive(Debug, Default)]
pub(super) struct Shaped<'t> {
    /// The settings before its text.
    pub(super) fields: Fields,
    /// Its title, where the text has no heading for it.
    pub(super) title: Option<String>,
    /// The site that it is from.
    pub(super) site: Option<String>,
    /// The day that it bears.
    pub(super) dated: Option<NaiveDate>,
    /// The days of what readers wrote below it.
    pub(super) comments: Vec<NaiveDate>,
    /// What is wrong in the settings before its text, and where.
    pub(super) mistakes: Vec<(String, &'t str)>,
    /// The addresses of images that are files beside it.
    pub(super) images: Vec<String>,
    /// Its text.
    pub(super) markdown: Cow<'t, str>,
}

/// The media type of Markdown (RFC 7763).
pub(super) const MARKDOWN_TYPE: &str = "text/markdown";

/// A line that only Markdown has: a heading, a row of a table's second line, a fence, a bold label.
static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^#{1,6} \S|^\|?[ :]*-{3,}[ :]*\||^```|^\s*[-*] \*\*|^\*\*[^*\n]+\*\*|\]\(https?://|^={3,}$|^- \[[ x]\] ",
    )
    .expect("an expression of ours")
});

/// The tags of a template in Ruby, which are for the program that shows the page.
static ERB: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)<%.*?%>").expect("an expression of ours"));

/// What `text` is written in.
pub(super) fn shape(input: &Input, text: &str) -> Shape {
    let start = text.trim_start();
    let opens =
        |tag: &str| start.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    if ["<!doctype html", "<html", "<head", "<body", "<article", "<main", "<?xml"]
        .iter()
        .any(|tag| opens(tag))
    {
        return Shape::Html;
    }
    if input.content_type.as_deref() == Some(MARKDOWN_TYPE) {
        return Shape::Markdown;
    }
    let name = input.name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".md", ".markdown", ".mdx", ".erb", ".mdown"]) || front::split(text).is_some() {
        return Shape::Markdown;
    }
    if ends(&[".html", ".htm"]) || start.starts_with('<') && start.contains("</") {
        return Shape::Html;
    }
    if let Some(markup) = Markup::of(&name, text) {
        return Shape::Markup(markup);
    }
    if MARKDOWN.is_match(text) { Shape::Markdown } else { Shape::Plain }
}

/// Brings `text` into the shape of Markdown.
pub(super) fn shaped<'t>(input: &Input, text: &'t str) -> Shaped<'t> {
    let shaped = as_markdown(input, text);
    Shaped {
        title: shaped.title.map(|title| changed(title.into(), plain_hyphens).into_owned()),
        markdown: changed(shaped.markdown, plain_hyphens),
        ..shaped
    }
}

/// `text`, or what `change` makes of it where there is something to change.
fn changed<'t>(text: Cow<'t, str>, change: impl Fn(&str) -> Option<String>) -> Cow<'t, str> {
    change(&text).map_or(text, Cow::Owned)
}

/// The text with the hyphen of the keyboard for those that look like it: `2026\u{2011}03\u{2011}17`.
fn plain_hyphens(text: &str) -> Option<String> {
    text.contains(['\u{2010}', '\u{2011}']).then(|| text.replace(['\u{2010}', '\u{2011}'], "-"))
}

/// The fields of the front matter, the text behind it, and what is wrong in it. What stands between two
/// horizontal rules is no front matter, but text.
fn front_of(text: &str) -> (Fields, &str, Vec<(String, &str)>) {
    let Some(front) = front::split(text) else { return (Fields::default(), text, Vec::new()) };
    match front::detailed(&front) {
        Ok(settings) => {
            let fields = Fields::of_front(&settings);
            let mistake = |key: &String| {
                let is_it = |line: &&str| {
                    line.split_once([':', '='])
                        .is_some_and(|(name, _)| name.trim().eq_ignore_ascii_case(key))
                };
                let line = front.head.lines().find(is_it).unwrap_or_default();
                (
                    format!(
                        "the value of `{key}` is neither text, a number nor a list; this key is left out"
                    ),
                    line,
                )
            };
            let mistakes = fields.odd.iter().map(mistake).collect();
            (fields, front.body, mistakes)
        }
        Err(NoSettings::Text) => (Fields::default(), text, Vec::new()),
        Err(NoSettings::Mistake(message, offset)) => {
            // What is not closed is noticed only behind its line.
            let before = front.head.get(..offset).unwrap_or(front.head).trim_end();
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let line = front.head[start..].lines().next().unwrap_or_default();
            (Fields::default(), front.body, vec![(format!("{message}; they were left out"), line)])
        }
    }
}

fn as_markdown<'t>(input: &Input, text: &'t str) -> Shaped<'t> {
    match shape(input, text) {
        Shape::Markdown => {
            let (fields, body, mistakes) = front_of(text);
            let markdown =
                if body.contains("<%") { ERB.replace_all(body, "") } else { Cow::Borrowed(body) };
            let markdown = changed(changed(markdown, links::inline), breaks::as_lines);
            let (common, images) = normal::common(&markdown);
            let markdown = common.map_or(markdown, Cow::Owned);
            Shaped { fields, markdown, mistakes, images, ..Shaped::default() }
        }
        Shape::Markup(markup) => {
            let text = markup.markdown(text);
            let (common, images) = normal::common(&text);
            Shaped { markdown: Cow::Owned(common.unwrap_or(text)), images, ..Shaped::default() }
        }
        Shape::Html => {
            let page = web_page::read(text);
            // What the article calls itself goes before what the browser shows.
            let calls_itself = page.markdown.trim_start().starts_with("# ");
            let mut fields = Fields::default();
            fields.roles.authors = page.authors;
            Shaped {
                fields,
                title: page.title.filter(|_| !calls_itself),
                site: page.site,
                dated: page.dated,
                comments: page.comments,
                markdown: Cow::Owned(page.markdown),
                ..Shaped::default()
            }
        }
        Shape::Plain => {
            let read = plain_text::read(text);
            Shaped {
                title: read.title,
                site: read.site,
                dated: read.dated,
                comments: read.comments,
                markdown: Cow::Owned(read.markdown),
                ..Shaped::default()
            }
        }
    }
}
