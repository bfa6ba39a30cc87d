//! The document as one self-contained HTML page: no script, no font, no external resource.
//!
//! Its content security policy forbids everything except its own style sheet, identified by its
//! hash. So even a mistake in this writer could not make the page load or run anything.

mod blocks;
mod style;

use super::document::{Block, Document, plain_text};
use super::meta::{Figures, Meta};
use crate::text::html::escape;
use blocks::Writer;

/// Documents with fewer sections have no table of contents.
const FEWEST_CONTENTS: usize = 4;

/// What a page has as a part of a site.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frame {
    /// The links at its top: their words and their addresses, relative to the page.
    pub(crate) links: Vec<(String, String)>,
    /// The addresses of the feeds, by their media types.
    pub(crate) feeds: Vec<(&'static str, String)>,
    /// A script of our own. Everything that the page says is there without it.
    pub(crate) script: Option<String>,
    /// Whether the script may ask the server of the page.
    pub(crate) may_connect: bool,
}

/// Writes `document` as HTML5, in English.
pub fn write(document: &Document, figures: &Figures, meta: &Meta) -> Vec<u8> {
    write_in(document, figures, meta, &Frame::default())
}

/// Writes `document` as a page of a site.
pub(crate) fn write_in(
    document: &Document,
    figures: &Figures,
    meta: &Meta,
    frame: &Frame,
) -> Vec<u8> {
    let mut page = String::with_capacity(32 * 1024);
    head(meta, frame, &mut page);
    page.push_str("<body>\n");
    links(frame, &mut page);
    contents(document, &mut page);
    page.push_str("<main>\n");
    if !meta.head.is_empty() {
        page.push_str("<p class=\"class\"><strong>");
        escape(&meta.class, &mut page);
        page.push_str("</strong> ");
        escape(&meta.head, &mut page);
        page.push_str("</p>\n");
    }
    Writer { out: &mut page, figures }.blocks(&document.blocks);
    page.push_str("</main>\n");
    if let Some(script) = &frame.script {
        page.push_str("<script>");
        page.push_str(script);
        page.push_str("</script>\n");
    }
    page.push_str("</body>\n</html>\n");
    page.into_bytes()
}

fn head(meta: &Meta, frame: &Frame, out: &mut String) {
    let style = style::sheet();
    out.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"");
    escape(&style.policy(frame.script.as_deref(), frame.may_connect), out);
    out.push_str("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    escape(&meta.title, out);
    out.push_str("</title>\n");
    for (name, value) in [
        ("description", meta.subject.as_str()),
        ("author", &meta.authors.join(", ")),
        ("keywords", &meta.keywords.join(", ")),
    ] {
        if !value.is_empty() {
            out.push_str("<meta name=\"");
            out.push_str(name);
            out.push_str("\" content=\"");
            escape(value, out);
            out.push_str("\">\n");
        }
    }
    for (media_type, address) in &frame.feeds {
        out.push_str(&format!("<link rel=\"alternate\" type=\"{media_type}\" href=\""));
        escape(address, out);
        out.push_str("\">\n");
    }
    out.push_str("<style>");
    out.push_str(&style.css);
    out.push_str("</style>\n</head>\n");
}

/// The links to other pages of the site.
fn links(frame: &Frame, out: &mut String) {
    if frame.links.is_empty() {
        return;
    }
    out.push_str("<nav class=\"site\" aria-label=\"Site\">\n<ul>\n");
    for (words, address) in &frame.links {
        out.push_str("<li><a href=\"");
        escape(address, out);
        out.push_str("\">");
        escape(words, out);
        out.push_str("</a></li>\n");
    }
    out.push_str("</ul>\n</nav>\n");
}

/// The table of contents, which is next to the text in a wide window.
fn contents(document: &Document, out: &mut String) {
    let sections: Vec<(&str, String)> = document
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading { level: 2, anchor, content } => {
                Some((anchor.as_str(), plain_text(content)))
            }
            _ => None,
        })
        .collect();
    if sections.len() < FEWEST_CONTENTS {
        return;
    }
    out.push_str("<nav aria-label=\"Contents\">\n<ol>\n");
    for (anchor, title) in sections {
        out.push_str("<li><a href=\"#");
        escape(anchor, out);
        out.push_str("\">");
        escape(&title, out);
        out.push_str("</a></li>\n");
    }
    out.push_str("</ol>\n</nav>\n");
}
