//! A page saved as HTML, as the lines that a text copy of it would have.

use scraper::{ElementRef, Html, Node};

use crate::text::clean::without_deep_tags;

/// Elements nested deeper than this are read as plain text, to bound the recursion.
const MAX_DEPTH: usize = 200;

/// The text of a page by lines: a paragraph is separate, a list item has a dash, a table cell is a
/// line, and controls and form fields are omitted.
pub(super) fn lines(html: &str) -> String {
    let page = match without_deep_tags(html) {
        Some(text) => Html::parse_document(&text),
        None => Html::parse_document(html),
    };
    let mut lines = Lines::default();
    lines.children(page.root_element(), 0);
    lines.end();
    lines.done
}

/// The finished lines, and the current one.
#[derive(Default)]
struct Lines {
    done: String,
    line: String,
    /// Whether the line is the first of a list item.
    is_item: bool,
    /// Whether white space is preserved.
    is_written: bool,
}

impl Lines {
    fn children(&mut self, element: ElementRef<'_>, depth: usize) {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.text(text),
                Node::Element(_) => {
                    let Some(child) = ElementRef::wrap(child) else { continue };
                    if depth < MAX_DEPTH {
                        self.element(child, depth + 1);
                    } else {
                        child.text().for_each(|text| self.text(text));
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) {
        match element.value().name() {
            "head" | "script" | "style" | "template" | "noscript" | "nav" | "form" | "button"
            | "select" | "input" | "textarea" | "dialog" | "iframe" | "object" | "embed"
            | "svg" | "math" | "audio" | "video" | "canvas" => {}
            "br" if self.line.is_empty() => self.paragraph(),
            "br" => self.end(),
            "pre" => {
                self.paragraph();
                self.is_written = true;
                self.children(element, depth);
                self.is_written = false;
                self.paragraph();
            }
            "li" => {
                self.end();
                if follows_item(element) {
                    self.done.truncate(self.done.trim_end().len());
                    self.done.push('\n');
                }
                self.is_item = true;
                self.children(element, depth);
                self.end();
                self.is_item = false;
            }
            // A nested list continues the lines of its item.
            "ul" | "ol" if is_in_item(element) => {
                self.end();
                self.children(element, depth);
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table"
            | "blockquote" | "hr" | "figure" | "section" | "article" => {
                self.paragraph();
                self.children(element, depth);
                self.paragraph();
            }
            "div" | "dt" | "dd" | "tr" | "td" | "th" | "caption" | "thead" | "tbody" | "tfoot"
            | "header" | "footer" | "main" | "aside" | "address" | "center" | "details"
            | "summary" | "figcaption" | "fieldset" | "body" => {
                self.end();
                if is_blank(element) {
                    self.paragraph();
                }
                self.children(element, depth);
                self.end();
            }
            _ => self.children(element, depth),
        }
    }

    fn text(&mut self, text: &str) {
        if self.is_written {
            let mut parts = text.split('\n');
            self.line.push_str(parts.next().unwrap_or_default());
            for part in parts {
                self.written_end();
                self.line.push_str(part);
            }
            return;
        }
        for c in text.chars() {
            match c {
                // A no-break space is an ordinary space to a reader.
                ' ' | '\n' | '\r' | '\t' | '\u{A0}'
                    if self.line.is_empty() || self.line.ends_with(' ') => {}
                ' ' | '\n' | '\r' | '\t' | '\u{A0}' => self.line.push(' '),
                c => self.line.push(c),
            }
        }
    }

    /// Ends the line; an empty one is dropped.
    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            return;
        }
        if std::mem::take(&mut self.is_item) {
            self.done.push_str("- ");
        }
        self.done.extend([line.trim_end(), "\n"]);
    }

    /// Ends a preformatted line; an empty one is kept.
    fn written_end(&mut self) {
        if self.line.trim().is_empty() { self.paragraph() } else { self.end() }
    }

    /// Ends the line and adds an empty one.
    fn paragraph(&mut self) {
        self.end();
        if !self.is_item && !self.done.is_empty() && !self.done.ends_with("\n\n") {
            self.done.push('\n');
        }
    }
}

/// Whether an element is empty, which stands for an empty line.
fn is_blank(element: ElementRef<'_>) -> bool {
    element.children().all(|child| match child.value() {
        Node::Text(text) => text.trim().is_empty(),
        node => !node.is_element(),
    })
}

/// Whether a list item is not the first: no empty line separates it from the one before.
fn follows_item(item: ElementRef<'_>) -> bool {
    item.prev_siblings()
        .find_map(ElementRef::wrap)
        .is_some_and(|before| before.value().name() == "li")
}

fn is_in_item(list: ElementRef<'_>) -> bool {
    list.parent().and_then(ElementRef::wrap).is_some_and(|parent| parent.value().name() == "li")
}
