//! Extracts the article from a web page.
//!
//! There are three steps. `chrome` finds the elements around the article, which are removed;
//! `content` finds the element that contains the rest; and that element is converted to Markdown.

mod about;
mod chrome;
mod comments;
mod content;
mod elements;
mod measure;

use std::borrow::Cow;

use chrono::NaiveDate;
use ego_tree::NodeId;
use scraper::Html;

use self::about::About;
use self::measure::Measures;
use crate::text::clean::clean_document;
use crate::text::clean::without_deep_tags;

/// The article of a web page, with its metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WebPage {
    /// The title of the article.
    pub(crate) title: Option<String>,
    /// The name of the site.
    pub(crate) site: Option<String>,
    /// The day of publication, in the page's own zone.
    pub(crate) dated: Option<NaiveDate>,
    /// The names of the authors.
    pub(crate) authors: Vec<String>,
    /// The days of the reader comments, in the order of the page. The comments themselves are left
    /// out, but their days can supply a year that the article does not state.
    pub(crate) comments: Vec<NaiveDate>,
    /// The article as clean Markdown, with its headings and tables.
    pub(crate) markdown: String,
}

/// Reads a web page, or a fragment of one.
pub(crate) fn read(html: &str) -> WebPage {
    let Article { page, about, comments } = article_of(html);
    let content = content::choose(&page, &Measures::of(&page));
    let title = about.title(content);
    let markdown = clean_document(content);
    WebPage {
        title,
        site: about.site,
        dated: about.dated,
        authors: about.authors,
        comments,
        markdown,
    }
}

/// A page without the elements around its article, and the metadata from these elements.
struct Article {
    page: Html,
    about: About,
    comments: Vec<NaiveDate>,
}

fn article_of(html: &str) -> Article {
    let mut page = parse(html);
    let frame = chrome::find(&page, &Measures::of(&page));
    let comments = comments::days(&page, &frame.comments);
    remove(&mut page, frame.comments);
    let about = About::of(&page);
    remove(&mut page, frame.rest);
    Article { page, about, comments }
}

fn parse(html: &str) -> Html {
    let Some(flat) = without_deep_tags(html) else { return Html::parse_document(html) };
    // Scripts and SVG contain `<` too, so they can make a page seem too deeply nested. Only a page
    // that is still too deep without them is flattened.
    let seen = without_unseen(html);
    Html::parse_document(&without_deep_tags(&seen).map_or(seen, |_| Cow::Owned(flat)))
}

/// Removes scripts, styles and SVG from HTML with a plain text search.
fn without_unseen(html: &str) -> Cow<'_, str> {
    let mut seen = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let tag = &rest.as_bytes()[at + 1..];
        let is = |name: &str| {
            tag.get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = ["script", "style", "svg"].into_iter().find(|name| is(name)).and_then(|name| {
            let end = rest[at..].find(&format!("</{name}"))?;
            Some(at + end + rest[at + end..].find('>')? + 1)
        });
        let (kept, after) = end.map_or((at + 1, at + 1), |end| (at, end));
        seen.push_str(&rest[..kept]);
        rest = &rest[after..];
    }
    seen.push_str(rest);
    Cow::Owned(seen)
}

fn remove(page: &mut Html, nodes: Vec<NodeId>) {
    for node in nodes {
        if let Some(mut node) = page.tree.get_mut(node) {
            node.detach();
        }
    }
}

#[cfg(test)]
mod tests;
