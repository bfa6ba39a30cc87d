//! OpenDocument texts (ODF 1.3, part 3), as written by LibreOffice and Google Docs.

use std::collections::HashMap;

use super::page::{Dress, Page, is_mono};
use super::xml::{Attributes, Next, walk};
use super::zip::Archive;
use crate::sources::source::ReadError;

#[derive(Debug, Clone, Default)]
struct Style {
    parent: String,
    dress: Dress,
    /// Whether the list items of this style are numbered.
    is_ordered: bool,
}

/// Elements without text for readers: deletions, comments, and the table of contents.
const UNSEEN: [&str; 5] =
    ["tracked-changes", "annotation", "table-of-content", "sequence-decls", "forms"];

/// A spreadsheet table repeats its last cell a thousand times.
const MOST_REPEATED: usize = 40;

/// Reads the document in `archive` as Markdown.
///
/// # Errors
/// [`ReadError`] if its parts cannot be unpacked or are not XML.
pub(super) fn read(archive: &Archive<'_>) -> Result<String, ReadError> {
    let mut reader = Reader::default();
    for name in ["styles.xml", "content.xml"] {
        let xml = archive.text(name)?;
        walk(&xml, name, &mut |next| reader.style(&next))?;
    }
    let body = archive.text("content.xml")?;
    walk(&body, "content.xml", &mut |next| reader.next(&next))?;
    Ok(reader.page.into_markdown())
}

#[derive(Default)]
struct Reader {
    styles: HashMap<String, Style>,
    page: Page,
    unseen: usize,
    in_body: bool,
    /// The enclosing text styles, the innermost last.
    dresses: Vec<Dress>,
    /// The tag for the current paragraph.
    tag: Option<String>,
    lists: Vec<&'static str>,
    has_title: bool,
    /// The depth of nested paragraphs: a note is inside its paragraph.
    depth: usize,
    /// The column span of the current cell.
    columns: usize,
    /// The current style.
    open: String,
}

impl Reader {
    fn style(&mut self, next: &Next<'_>) {
        let Next::Open(tag, attributes) = *next else { return };
        if matches!(tag, "style" | "list-style") {
            attributes.get("name").clone_into(&mut self.open);
            let style = self.styles.entry(self.open.clone()).or_default();
            attributes.get("parent-style-name").clone_into(&mut style.parent);
        }
        let style = self.styles.entry(self.open.clone()).or_default();
        match tag {
            "text-properties" => {
                style.dress.bold = attributes.get("font-weight") == "bold";
                style.dress.italic = attributes.get("font-style") == "italic";
                let line = attributes.get("text-line-through-style");
                style.dress.struck = !matches!(line, "" | "none");
                style.dress.mono = is_mono(attributes.get("font-name"));
            }
            "list-level-style-number" if attributes.get("level") == "1" => style.is_ordered = true,
            _ => {}
        }
    }

    /// Returns the text style of a style, and the first of its name and its parents' names that
    /// begins with one of the `wanted` prefixes.
    fn resolved(&self, name: &str, wanted: &[&str]) -> (Dress, Option<String>) {
        let (mut dress, mut found) = (Dress::default(), None);
        let mut name = name;
        // In a damaged file a style can be its own parent.
        for _ in 0..10 {
            if found.is_none() && wanted.iter().any(|wanted| name.starts_with(wanted)) {
                found = Some(name.to_owned());
            }
            dress.mono |= name.starts_with("Source_20_Text") || name.starts_with("Preformatted");
            dress.bold |= name.starts_with("Strong");
            let Some(style) = self.styles.get(name) else { break };
            dress.bold |= style.dress.bold;
            dress.italic |= style.dress.italic;
            dress.struck |= style.dress.struck;
            dress.mono |= style.dress.mono;
            name = &style.parent;
        }
        (dress, found)
    }

    fn next(&mut self, next: &Next<'_>) {
        match *next {
            Next::Open("text", _) if !self.in_body => self.in_body = true,
            Next::Open(tag, attributes) if self.in_body => {
                if self.unseen > 0 || UNSEEN.contains(&tag) {
                    self.unseen += 1;
                } else {
                    self.open(tag, attributes);
                }
            }
            Next::Close(_) if self.unseen > 0 => self.unseen -= 1,
            Next::Close(tag) if self.in_body => self.close(tag),
            // Line breaks in the file are only white space.
            Next::Text(text) if self.unseen == 0 && self.depth > 0 => {
                self.text(&text.replace('\n', " "));
            }
            Next::Text(_) | Next::Open(..) | Next::Close(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        let dress = self.dresses.last().cloned().unwrap_or_default();
        self.page.text(&dress, text);
    }

    fn paragraph(&mut self, tag: String, dress: Dress) {
        self.tag = Some(tag);
        self.dresses = vec![dress];
    }

    fn open(&mut self, tag: &str, attributes: &Attributes) {
        match tag {
            "p" | "h" if self.depth > 0 => self.depth += 1,
            "h" => {
                self.depth = 1;
                let level = attributes.get("outline-level").parse::<u8>().unwrap_or(1);
                let level = (level + u8::from(self.has_title)).clamp(1, 6);
                self.paragraph(format!("h{level}"), Dress::default());
            }
            "p" => {
                self.depth = 1;
                let named = ["Title", "Heading"];
                let (dress, name) = self.resolved(attributes.get("style-name"), &named);
                match name.as_deref().filter(|_| self.lists.is_empty()) {
                    Some("Title") => {
                        self.has_title = true;
                        self.paragraph("h1".to_owned(), Dress::default());
                    }
                    _ => self.paragraph("p".to_owned(), dress),
                }
            }
            "span" => {
                let outer = self.dresses.last().cloned().unwrap_or_default();
                let (mut dress, _) = self.resolved(attributes.get("style-name"), &[]);
                dress.bold |= outer.bold;
                dress.italic |= outer.italic;
                dress.struck |= outer.struck;
                dress.mono |= outer.mono;
                dress.link = outer.link;
                self.dresses.push(dress);
            }
            "a" => {
                let outer = self.dresses.last().cloned().unwrap_or_default();
                self.dresses.push(Dress { link: attributes.get("href").to_owned(), ..outer });
            }
            "s" => {
                let count = attributes.get("c").parse::<usize>().unwrap_or(1);
                self.text(&" ".repeat(count.min(MOST_REPEATED)));
            }
            "tab" => self.text(" "),
            "line-break" => self.text("\n"),
            "note-citation" => self.text(" ["),
            "note-body" => self.text(" "),
            "title" | "desc" if self.depth > 0 => self.text(" "),
            "list" => {
                let style = attributes.get("style-name");
                let named = self.styles.get(style).is_some_and(|style| style.is_ordered);
                let outer = self.lists.last() == Some(&"ol") && style.is_empty();
                let tag = if named || outer { "ol" } else { "ul" };
                self.lists.push(tag);
                self.page.mark(&format!("<{tag}>"));
            }
            "list-item" | "list-header" => {
                self.page.mark("<li>");
            }
            "table" => self.page.mark("<table>"),
            "table-row" => self.page.mark("<tr>"),
            "table-header-rows" => self.page.mark("<thead>"),
            "table-cell" | "covered-table-cell" => {
                self.columns = attributes.get("number-columns-repeated").parse().unwrap_or(1);
                self.page.mark("<td>");
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: &str) {
        match tag {
            "h" | "p" => {
                self.depth = self.depth.saturating_sub(1);
                if let Some(tag) = self.tag.take_if(|_| self.depth == 0) {
                    self.dresses.clear();
                    self.page.end(&tag);
                }
            }
            "span" | "a" => _ = self.dresses.pop(),
            "note-citation" => self.text(": "),
            "note-body" => self.text("]"),
            "list-item" | "list-header" => {
                self.page.mark("</li>");
            }
            "list" => {
                if let Some(tag) = self.lists.pop() {
                    self.page.mark(&format!("</{tag}>"));
                }
            }
            "table" => self.page.mark("</table>"),
            "table-row" => self.page.mark("</tr>"),
            "table-header-rows" => self.page.mark("</thead>"),
            "table-cell" | "covered-table-cell" => {
                let more = std::mem::replace(&mut self.columns, 1).clamp(1, MOST_REPEATED) - 1;
                self.page.mark(&format!("</td>{}", "<td></td>".repeat(more)));
            }
            _ => {}
        }
    }
}
