//! Detects the format of a document and converts it to Markdown.

pub(super) mod blocks;
mod breaks;
mod links;
mod markup;
mod normal;
mod plain_text;
pub(super) mod web_page;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use self::markup::Markup;
use crate::sources::front::{self, NoSettings, Setting};
use crate::sources::input::Input;

/// The format of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Markdown,
    Html,
    /// Another markup language, which is converted to Markdown.
    Markup(Markup),
    /// Plain text.
    Plain,
}

/// A document as Markdown, with the metadata from its format.
#[derive(Debug, Default)]
pub(crate) struct Shaped<'t> {
    /// The front matter as settings, and its lines.
    pub(crate) settings: BTreeMap<String, Setting>,
    pub(crate) head: &'t str,
    /// The authors, from the metadata of a web page.
    pub(crate) authors: Vec<String>,
    /// The title, if no heading of the text is the title.
    pub(crate) title: Option<String>,
    /// The site that published it.
    pub(crate) site: Option<String>,
    /// The day of publication.
    pub(crate) dated: Option<NaiveDate>,
    /// The days of reader comments.
    pub(crate) comments: Vec<NaiveDate>,
    /// Errors in the front matter, each with the part it refers to.
    pub(crate) mistakes: Vec<(String, &'t str)>,
    /// The paths of images that are separate files.
    pub(crate) images: Vec<String>,
    /// The text.
    pub(crate) markdown: Cow<'t, str>,
}

/// The media type of Markdown (RFC 7763).
pub(crate) const MARKDOWN_TYPE: &str = "text/markdown";

/// A line that only occurs in Markdown: a heading, the delimiter row of a table, a fence, a bold
/// label.
static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^#{1,6} \S|^\|?[ :]*-{3,}[ :]*\||^```|^\s*[-*] \*\*|^\*\*[^*\n]+\*\*|\]\(https?://|^={3,}$|^- \[[ x]\] ",
    )
    .expect("valid built-in regex")
});

/// The tags of a Ruby template, which only concern the site generator.
static ERB: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)<%.*?%>").expect("valid built-in regex"));

/// Detects the format of `text`.
pub(crate) fn shape(input: &Input, text: &str) -> Shape {
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

/// Converts `text` to Markdown.
pub(crate) fn shaped<'t>(input: &Input, text: &'t str) -> Shaped<'t> {
    let shaped = as_markdown(input, text);
    Shaped {
        title: shaped.title.map(|title| changed(title.into(), plain_hyphens).into_owned()),
        markdown: changed(shaped.markdown, plain_hyphens),
        ..shaped
    }
}

/// Returns the result of `change`, or `text` if `change` returns `None`.
fn changed<'t>(text: Cow<'t, str>, change: impl Fn(&str) -> Option<String>) -> Cow<'t, str> {
    change(&text).map_or(text, Cow::Owned)
}

/// Replaces Unicode hyphens with the ASCII one, so that dates can be parsed:
/// `2026\u{2011}03\u{2011}17`.
fn plain_hyphens(text: &str) -> Option<String> {
    text.contains(['\u{2010}', '\u{2011}']).then(|| text.replace(['\u{2010}', '\u{2011}'], "-"))
}

/// Front matter, and the text after it.
#[derive(Default)]
struct Front<'t> {
    settings: BTreeMap<String, Setting>,
    head: &'t str,
    body: &'t str,
    mistake: Option<(String, &'t str)>,
}

/// Splits off the front matter of `text`. Plain text between two horizontal rules is not front
/// matter.
fn front_of(text: &str) -> Front<'_> {
    let none = Front { body: text, ..Front::default() };
    let Some(front) = front::split(text) else { return none };
    match front::detailed(&front) {
        Ok(settings) => Front { settings, head: front.head, body: front.body, mistake: None },
        Err(NoSettings::Text) => none,
        Err(NoSettings::Mistake(message, offset)) => {
            // The parser reports an unclosed value only after its line, so move back to that line.
            let before = front.head.get(..offset).unwrap_or(front.head).trim_end();
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let line = front.head[start..].lines().next().unwrap_or_default();
            let mistake = Some((format!("{message}; they were left out"), line));
            Front { body: front.body, mistake, ..Front::default() }
        }
    }
}

fn as_markdown<'t>(input: &Input, text: &'t str) -> Shaped<'t> {
    match shape(input, text) {
        Shape::Markdown => {
            let Front { settings, head, body, mistake } = front_of(text);
            let markdown =
                if body.contains("<%") { ERB.replace_all(body, "") } else { Cow::Borrowed(body) };
            let markdown = changed(changed(markdown, links::inline), breaks::as_lines);
            let (common, images) = normal::common(&markdown);
            let markdown = common.map_or(markdown, Cow::Owned);
            Shaped {
                settings,
                head,
                markdown,
                mistakes: mistake.into_iter().collect(),
                images,
                ..Shaped::default()
            }
        }
        Shape::Markup(markup) => {
            let text = markup.markdown(text);
            let (common, images) = normal::common(&text);
            Shaped { markdown: Cow::Owned(common.unwrap_or(text)), images, ..Shaped::default() }
        }
        Shape::Html => {
            let page = web_page::read(text);
            // The article's own heading takes precedence over the browser title.
            let calls_itself = page.markdown.trim_start().starts_with("# ");
            Shaped {
                authors: page.authors,
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
