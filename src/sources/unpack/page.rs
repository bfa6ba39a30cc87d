//! Converts a styled document to HTML: shared code of the readers for Word, OpenDocument and PDF.
//! The HTML becomes Markdown in the same way as a web page.

use scraper::Html;

use crate::text::clean::{clean_document, without_deep_tags};
use crate::text::html;

/// The style of a piece of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dress {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) struck: bool,
    /// Monospaced, for code.
    pub(super) mono: bool,
    /// The link target; empty if it is not a link.
    pub(super) link: String,
}

/// A document being read.
#[derive(Default)]
pub(super) struct Page {
    html: String,
    /// The current paragraph.
    pieces: Vec<(Dress, String)>,
    /// The tags of the open lists, outermost first.
    lists: Vec<&'static str>,
    /// Code lines that are not written yet: adjacent code paragraphs form one block.
    code: String,
}

impl Page {
    /// Adds text to the current paragraph. Line ends in it are significant.
    pub(super) fn text(&mut self, dress: &Dress, text: &str) {
        match self.pieces.last_mut() {
            // A space between two bold words is bold.
            Some((last, all))
                if last == dress || text.trim().is_empty() && dress.link.is_empty() =>
            {
                all.push_str(text);
            }
            _ => self.pieces.push((dress.clone(), text.to_owned())),
        }
    }

    /// Whether the current paragraph has text.
    pub(super) fn has_text(&self) -> bool {
        self.pieces.iter().any(|(_, text)| !text.trim().is_empty())
    }

    /// Takes the text of the current paragraph.
    pub(super) fn take(&mut self) -> Vec<(Dress, String)> {
        std::mem::take(&mut self.pieces)
    }

    /// Ends the current paragraph as the element `tag`.
    pub(super) fn end(&mut self, tag: &str) {
        self.end_with(tag, true);
    }

    /// Ends the current paragraph as the element `tag`, which is closed or stays open.
    fn end_with(&mut self, tag: &str, is_closed: bool) {
        let is_code = |(dress, text): &(Dress, String)| {
            dress.mono && dress.link.is_empty() || text.trim().is_empty()
        };
        if tag == "p" && self.has_text() && self.pieces.iter().all(is_code) {
            self.pre();
            return;
        }
        let pieces = self.take();
        if pieces.iter().all(|(_, text)| text.trim().is_empty()) && tag != "li" {
            return;
        }
        self.mark(&format!("<{tag}>"));
        for (dress, text) in pieces {
            let mut marks: Vec<&str> = Vec::new();
            marks.extend(dress.bold.then_some("b"));
            marks.extend(dress.italic.then_some("i"));
            marks.extend(dress.struck.then_some("del"));
            marks.extend(dress.mono.then_some("code"));
            if !dress.link.is_empty() {
                self.html.push_str("<a href=\"");
                html::escape(&dress.link, &mut self.html);
                self.html.push_str("\">");
            }
            marks.iter().for_each(|mark| self.html.push_str(&format!("<{mark}>")));
            for (at, line) in text.split('\n').enumerate() {
                self.html.push_str(if at > 0 { "<br>" } else { "" });
                html::escape(line, &mut self.html);
            }
            marks.iter().rev().for_each(|mark| self.html.push_str(&format!("</{mark}>")));
            if !dress.link.is_empty() {
                self.html.push_str("</a>");
            }
        }
        if is_closed {
            self.html.push_str(&format!("</{tag}>"));
        }
    }

    /// Ends the current paragraph as a list item at nesting depth `level`; the outermost is 0.
    pub(super) fn item(&mut self, level: usize, is_ordered: bool) {
        let tag = if is_ordered { "ol" } else { "ul" };
        // A skipped level would produce an item without text.
        let level = level.min(8).min(self.lists.len());
        while self.lists.len() > level + 1
            || self.lists.len() == level + 1 && self.lists[level] != tag
        {
            self.end_list();
        }
        if self.lists.len() == level + 1 {
            self.mark("</li>");
        } else {
            self.mark(&format!("<{tag}>"));
            self.lists.push(tag);
        }
        self.end_with("li", false);
    }

    fn end_list(&mut self) {
        if let Some(tag) = self.lists.pop() {
            self.mark(&format!("</li></{tag}>"));
        }
    }

    /// Ends the open lists.
    pub(super) fn end_lists(&mut self) {
        while !self.lists.is_empty() {
            self.end_list();
        }
    }

    /// Continues the current paragraph on its next line: after a space, or without the hyphen of a
    /// split word.
    pub(super) fn next_line(&mut self, dress: &Dress, text: &str) {
        let is_word = text.starts_with(char::is_lowercase);
        if let Some((_, last)) = self.pieces.last_mut() {
            let start = last.trim_end().strip_suffix(['-', '\u{ad}', '\u{2010}']);
            let parted =
                start.filter(|start| is_word && start.ends_with(char::is_alphabetic)).map(str::len);
            match parted {
                Some(length) => last.truncate(length),
                None => self.text(dress, " "),
            }
        }
        self.text(dress, text);
    }

    /// Ends the current paragraph as code lines.
    pub(super) fn pre(&mut self) {
        for (_, text) in self.take() {
            self.code.push_str(&text);
        }
        self.code.push('\n');
    }

    /// Writes tags.
    pub(super) fn mark(&mut self, tags: &str) {
        let code = std::mem::take(&mut self.code);
        if !code.trim().is_empty() {
            self.html.push_str("<pre>");
            html::escape(code.trim_end(), &mut self.html);
            self.html.push_str("</pre>");
        }
        self.html.push_str(tags);
    }

    /// The document in Markdown.
    pub(super) fn into_markdown(mut self) -> String {
        self.end("p");
        self.end_lists();
        self.mark("");
        markdown(&self.html)
    }
}

/// Converts a whole HTML text to Markdown.
pub(super) fn markdown(html: &str) -> String {
    let flat = without_deep_tags(html);
    clean_document(Html::parse_document(flat.as_deref().unwrap_or(html)).root_element())
}

/// Whether a font is monospaced.
pub(super) fn is_mono(font: &str) -> bool {
    let font = font.to_lowercase();
    ["mono", "courier", "consol", "menlo", "code"].iter().any(|name| font.contains(name))
}
