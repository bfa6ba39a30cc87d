//! Splits Markdown into blocks, each a slice of the text.
//!
//! Blocks preserve the author's words and markup, since nothing is rewritten here. Because they are
//! slices, a time in a block can be traced to its line.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A top-level block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block<'a> {
    Heading(Heading<'a>),
    Paragraph(&'a str),
    List(List<'a>),
    Table(Table<'a>),
    /// Code, a quotation, a thematic break, or HTML.
    Other(&'a str),
}

/// A heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heading<'a> {
    /// From 1 to 6.
    pub(crate) level: u8,
    /// The text without the markup.
    pub(crate) text: &'a str,
    /// The heading with its markup.
    pub(crate) whole: &'a str,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List<'a> {
    /// The whole list, from the beginning of its first line.
    pub(crate) whole: &'a str,
    /// The top-level items.
    pub(crate) items: Vec<Item<'a>>,
}

/// The lines of a list item, without the marker and the indentation.
pub(crate) type Item<'a> = Vec<&'a str>;

/// A table. Cells have no surrounding white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table<'a> {
    /// The whole table.
    pub(crate) whole: &'a str,
    /// The cells of the header row.
    pub(crate) head: Vec<&'a str>,
    /// The cells of each body row.
    pub(crate) rows: Vec<Vec<&'a str>>,
}

/// Returns the top-level blocks of `text`, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut open = Open::default();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                open.start(&tag, depth, text, &range);
                depth += 1;
            }
            Event::End(tag) => {
                depth -= 1;
                if depth == 0 {
                    let line_start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
                    found.extend(open.end(tag, &text[line_start..range.end]));
                }
            }
            Event::Rule if depth == 0 => found.push(Block::Other(text[range].trim_end())),
            _ => {}
        }
    }
    found
}

/// Returns `text` with each line of its code blocks, fenced or indented, as a paragraph of text.
pub(crate) fn with_code_as_text(text: &str) -> String {
    let (mut out, mut done, mut in_code) = (String::with_capacity(text.len()), 0, false);
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                // Without the indentation of the block, which would make its text code again.
                out.push_str(text[done..range.start].trim_end_matches([' ', '\t']));
                done = range.end;
                in_code = true;
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(code) if in_code => {
                out.extend(code.lines().map(|line| format!("{}\n\n", line.trim_start())));
            }
            _ => {}
        }
    }
    out.push_str(&text[done..]);
    out
}

/// The parts collected so far of the current block.
#[derive(Default)]
struct Open<'a> {
    items: Vec<Item<'a>>,
    head: Vec<&'a str>,
    rows: Vec<Vec<&'a str>>,
    is_head: bool,
}

impl<'a> Open<'a> {
    fn start(&mut self, tag: &Tag<'_>, depth: usize, text: &'a str, range: &Range<usize>) {
        match (depth, tag) {
            (0, _) => *self = Open::default(),
            (1, Tag::Item) => self.items.push(item(text, range.clone())),
            (1, Tag::TableHead) => self.is_head = true,
            (1, Tag::TableRow) => {
                self.is_head = false;
                self.rows.push(Vec::new());
            }
            (2, Tag::TableCell) => {
                let cell = text[range.clone()].trim().trim_matches('|').trim();
                if self.is_head {
                    self.head.push(cell);
                } else if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, whole: &'a str) -> Option<Block<'a>> {
        Some(match tag {
            TagEnd::Heading(level) => Block::Heading(Heading {
                level: level as u8,
                text: heading(whole),
                whole: whole.trim_end(),
            }),
            TagEnd::Paragraph => Block::Paragraph(whole.trim_end()),
            TagEnd::List(_) => Block::List(List {
                whole: whole.trim_end(),
                items: std::mem::take(&mut self.items),
            }),
            TagEnd::Table => Block::Table(Table {
                whole: whole.trim_end(),
                head: std::mem::take(&mut self.head),
                rows: std::mem::take(&mut self.rows),
            }),
            _ => Block::Other(whole.trim_end()),
        })
    }
}

/// Returns the text of a heading: `## Root cause ##`, or the line above `====`.
fn heading(whole: &str) -> &str {
    let whole = whole.trim();
    match whole.strip_prefix('#') {
        Some(rest) => rest.trim_start_matches('#').trim_end_matches('#').trim(),
        None => whole.rsplit_once('\n').map_or(whole, |(above, _)| above.trim()),
    }
}

/// Returns the lines of the item at `range`. The indentation of the first line is before the range.
fn item(text: &str, range: Range<usize>) -> Item<'_> {
    let line_start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let whole = text[range.clone()].trim();
    let outer =
        range.start - line_start + (text[range.clone()].len() - text[range].trim_start().len());
    let mut lines = whole.split('\n');
    let first = lines.next().unwrap_or_default();
    let mark = first.find(|c: char| c.is_whitespace()).unwrap_or(first.len());
    let inner = first[mark..].len() - first[mark..].trim_start().len();
    // A marker followed by five or more spaces begins indented code, which keeps its extra spaces.
    let width = outer + mark + inner.clamp(1, 4);
    let rest = lines.map(|line| without_indent(line, width));
    std::iter::once(first[mark..].trim()).chain(rest).collect()
}

/// Removes up to `width` columns of leading white space.
fn without_indent(line: &str, width: usize) -> &str {
    let mut columns = 0;
    for (at, c) in line.char_indices() {
        let next = match c {
            ' ' => columns + 1,
            '\t' => columns + 4 - columns % 4,
            _ => return &line[at..],
        };
        if next > width {
            return &line[at..];
        }
        columns = next;
    }
    ""
}

/// Returns the plain words of inline Markdown.
pub(crate) fn plain(text: &str) -> String {
    if !text.contains(['*', '_', '`', '[', '<', '&', '\\', '~', '\n']) {
        return text.trim().to_owned();
    }
    let mut words = String::with_capacity(text.len());
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(piece) | Event::Code(piece) => words.push_str(&piece),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                words.push(' ');
            }
            Event::InlineHtml(tag) if tag.starts_with("<br") => words.push(' '),
            _ => {}
        }
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items<'b, 'a>(block: &'b Block<'a>) -> &'b [Item<'a>] {
        let Block::List(list) = block else { panic!("{block:?}") };
        &list.items
    }

    #[test]
    fn every_block_is_a_slice_of_the_text() {
        let text = "# A title #\n\nSetext\n===\n\nWords,\nmore.\n\n- one\n  two\n\n  three\n- four\n\n1. x\n   - y\n\n| a | b |\n|---|---|\n| 1 | 2\n| 3 | 4 |\n\n```\n# code\n```\n\n---\n";
        let found = blocks(text);
        let heading = |text, whole| Block::Heading(Heading { level: 1, text, whole });
        assert_eq!(found[0], heading("A title", "# A title #"));
        assert_eq!(found[1], heading("Setext", "Setext\n==="));
        assert_eq!(found[2], Block::Paragraph("Words,\nmore."));
        assert_eq!(items(&found[3]), [vec!["one", "two", "", "three"], vec!["four"]]);
        assert_eq!(items(&found[4]), [["x", "- y"]]);
        let Block::Table(table) = &found[5] else { panic!("{found:?}") };
        assert_eq!(
            (&table.head, &table.rows),
            (&vec!["a", "b"], &vec![vec!["1", "2"], vec!["3", "4"]])
        );
        assert_eq!(found[6..], [Block::Other("```\n# code\n```"), Block::Other("---")]);
    }

    #[test]
    fn item_includes_its_nested_content() {
        let text = "  - **Context**:\n    - 10:00 a\n      more\n\n    Text\n  - b";
        let found = blocks(text);
        let items = items(&found[0]);
        assert_eq!(items[0], ["**Context**:", "- 10:00 a", "  more", "", "Text"]);
        assert_eq!(items[1], ["b"]);
    }

    #[test]
    fn markdown_is_reduced_to_plain_words() {
        assert_eq!(
            plain("**Key** [events](https://example.com/a_b) `x`\nand *y* &amp; z"),
            "Key events x and y & z"
        );
        assert_eq!(plain("a <br> b"), "a   b");
    }
}
