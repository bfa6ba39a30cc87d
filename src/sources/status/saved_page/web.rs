//! A page that was saved as HTML, as the lines that a copy of it would have.

use scraper::{ElementRef, Html, Node};

use crate::text::clean::without_deep_tags;

/// Elements nested deeper than this are read as their text: a recursion must end.
const MAX_DEPTH: usize = 200;

/// The text of a page, line by line: a paragraph stands apart, an item of a list has a dash, a cell
/// of a table is a line, and what is to be clicked or filled in is left out.
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

/// Finished lines, and the one that is being written.
#[derive(Default)]
struct Lines {
    done: String,
    line: String,
    /// Whether the line is the first of an item of a list.
    is_item: bool,
    /// Whether white space means itself.
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
            // A list within an item goes on with its lines.
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
                // A space that does not break is a space to a person.
                ' ' | '\n' | '\r' | '\t' | '\u{A0}'
                    if self.line.is_empty() || self.line.ends_with(' ') => {}
                ' ' | '\n' | '\r' | '\t' | '\u{A0}' => self.line.push(' '),
                c => self.line.push(c),
            }
        }
    }

    /// Ends the line; an empty one is none.
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

    /// Ends a line that stands as it is written: an empty one is one too.
    fn written_end(&mut self) {
        if self.line.trim().is_empty() { self.paragraph() } else { self.end() }
    }

    /// Ends the line, and leaves room below it.
    fn paragraph(&mut self) {
        self.end();
        if !self.is_item && !self.done.is_empty() && !self.done.ends_with("\n\n") {
            self.done.push('\n');
        }
    }
}

/// Whether there is nothing in an element: it stands for an empty line.
fn is_blank(element: ElementRef<'_>) -> bool {
    element.children().all(|child| match child.value() {
        Node::Text(text) => text.trim().is_empty(),
        node => !node.is_element(),
    })
}

/// Whether an item is not the first of its list: no empty line parts it from the one before.
fn follows_item(item: ElementRef<'_>) -> bool {
    item.prev_siblings()
        .find_map(ElementRef::wrap)
        .is_some_and(|before| before.value().name() == "li")
}

fn is_in_item(list: ElementRef<'_>) -> bool {
    list.parent().and_then(ElementRef::wrap).is_some_and(|parent| parent.value().name() == "li")
}
