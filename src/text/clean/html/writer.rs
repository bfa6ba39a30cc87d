//! From the tree of HTML to blocks of Markdown.

use scraper::{ElementRef, Node};

use super::blocks::{Blocks, Mode};
use super::elements::is_without_text;
use super::line::{self, code_span, emphasis, fenced, folded, indented, linked, raw_text};
use crate::text::clean::escape::{HARD_BREAK, escape, escape_decoded};

/// Elements that are nested deeper than this are reduced to their text: nobody writes them by hand,
/// and the recursion must end.
pub(super) const MAX_DEPTH: usize = 60;

/// Walks a tree of HTML and writes Markdown.
pub(super) struct Writer {
    pub(super) mode: Mode,
}

impl Writer {
    pub(super) fn is_markdown(&self) -> bool {
        self.mode == Mode::Markdown
    }

    /// The blocks of HTML whose only tags are line breaks, and that has no entities. Most posts of
    /// a feed are like that, and the HTML parser is slow. `None` for other HTML.
    pub(super) fn lines(&self, html: &str) -> Option<Vec<String>> {
        if html.contains('&') {
            return None;
        }
        let mut blocks = Blocks::default();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            let tag =
                ["<br>", "<br/>", "<br />"].into_iter().find(|tag| rest[at..].starts_with(tag))?;
            if at > 0 {
                self.push_text(&mut blocks.line, &rest[..at]);
            }
            blocks.line_break();
            rest = &rest[at + tag.len()..];
        }
        if !rest.is_empty() {
            self.push_text(&mut blocks.line, rest);
        }
        Some(blocks.finish(self.mode))
    }

    /// The blocks in `element`, without blank lines around each.
    pub(super) fn flow(&self, element: ElementRef<'_>, depth: usize) -> Vec<String> {
        self.content(element, depth).finish(self.mode)
    }

    /// The same, with the last line still open.
    pub(super) fn content(&self, element: ElementRef<'_>, depth: usize) -> Blocks {
        let mut blocks = Blocks::default();
        if depth > MAX_DEPTH {
            blocks.line.extend(element.text().map(|text| self.text(text)));
            return blocks;
        }
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.push_text(&mut blocks.line, text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1, &mut blocks);
                    }
                }
                _ => {}
            }
        }
        blocks
    }

    pub(super) fn element(&self, element: ElementRef<'_>, depth: usize, blocks: &mut Blocks) {
        if self.mode == Mode::Document && self.element_of_document(element, depth, blocks) {
            return;
        }
        match element.value().name() {
            name if is_without_text(name) => {}
            "br" => blocks.line_break(),
            "b" | "strong" => self.inline(element, depth, blocks, |text| emphasis(text, "**")),
            "i" | "em" => self.inline(element, depth, blocks, |text| emphasis(text, "*")),
            "code" | "tt" | "kbd" | "samp" => blocks.line.push_str(&code_span(&raw_text(element))),
            "a" => self.inline(element, depth, blocks, |text| linked(text, element.attr("href"))),
            "img" => self.push_text(&mut blocks.line, element.attr("alt").unwrap_or_default()),
            "pre" => blocks.block(self.mode, fenced(&raw_text(element))),
            "ul" | "ol" => blocks.block(self.mode, self.list(element, depth)),
            "blockquote" => {
                let quoted = self.flow(element, depth).join("\n\n");
                blocks.block(self.mode, indented(&quoted, "> ", "> "));
            }
            "tr" => {
                let cells = element.child_elements().map(|cell| self.flow(cell, depth).join(" "));
                blocks.block(self.mode, cells.collect::<Vec<_>>().join(" – "));
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                // A heading would break the outline of the document that the text becomes part of.
                blocks.block(self.mode, emphasis(self.flow_inline(element, depth), "**"));
            }
            "p" | "div" | "section" | "article" | "header" | "footer" | "main" | "nav"
            | "center" | "details" | "summary" | "dl" | "dt" | "dd" | "li" | "table" | "thead"
            | "tbody" | "tfoot" | "form" | "hr" => {
                for block in self.flow(element, depth) {
                    blocks.block(self.mode, block);
                }
                blocks.flush(self.mode);
            }
            // An unknown element is replaced by its content; block elements in it remain separate.
            _ => self.inline(element, depth, blocks, |text| text),
        }
    }

    /// Adds the content of an inline element to the line, with its marks.
    pub(super) fn inline(
        &self,
        element: ElementRef<'_>,
        depth: usize,
        blocks: &mut Blocks,
        marked: impl FnOnce(String) -> String,
    ) {
        if self.mode == Mode::Document {
            return self.inline_of_document(element, depth, blocks, marked);
        }
        blocks.line.push_str(&marked(self.flow_inline(element, depth)));
    }

    /// The content of an inline element, including the spaces at its ends.
    pub(super) fn flow_inline(&self, element: ElementRef<'_>, depth: usize) -> String {
        let text = self.flow(element, depth).join(" ");
        let edge = |text: Option<&str>, at: fn(&str) -> Option<char>| {
            text.and_then(at).is_some_and(char::is_whitespace) && !self.is_markdown()
        };
        let (first, last) = (element.text().next(), element.text().last());
        let before = if edge(first, |text| text.chars().next()) { " " } else { "" };
        let after = if edge(last, |text| text.chars().next_back()) { " " } else { "" };
        if text.is_empty() { before.to_owned() } else { format!("{before}{text}{after}") }
    }

    pub(super) fn list(&self, element: ElementRef<'_>, depth: usize) -> String {
        let is_ordered = element.value().name() == "ol";
        let mut items = Vec::new();
        for item in element.child_elements() {
            let marker =
                if is_ordered { format!("{}. ", items.len() + 1) } else { "- ".to_owned() };
            let text = self.flow(item, depth).join("\n\n");
            if !text.is_empty() {
                items.push(indented(&text, &marker, &" ".repeat(marker.len())));
            }
        }
        items.join("\n")
    }

    pub(super) fn push_text(&self, line: &mut String, text: &str) {
        if self.mode == Mode::Document {
            return line::append(line, &self.text(text));
        }
        let after_break = line.is_empty() || line.ends_with('\n');
        let text = self.text(text);
        // A line end in the source after `<br>` is not a second line break.
        let text = match text.strip_prefix('\n') {
            Some(rest) if self.is_markdown() && line.ends_with(HARD_BREAK) => rest,
            _ => &text,
        };
        line.push_str(if after_break && !self.is_markdown() { text.trim_start() } else { text });
    }

    pub(super) fn text(&self, text: &str) -> String {
        if self.is_markdown() {
            return escape_decoded(text);
        }
        if self.mode == Mode::Document {
            return line::text(text);
        }
        if !text.contains(['\n', '\t']) && !text.contains("  ") {
            return escape(text);
        }
        escape(&folded(text))
    }
}
