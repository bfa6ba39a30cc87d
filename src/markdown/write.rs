//! Writes the tree as Markdown.

use std::ops::Range;

use pulldown_cmark::Alignment;

use super::tree::{Block, Document, Inline};
use crate::text::markdown::{code_span, longest_run, text_into, url, without_greedy_addresses};

impl Document {
    /// Markdown that parses as this document: one blank line between blocks, a final line end, and
    /// nothing for an empty document.
    pub fn to_markdown(&self) -> String {
        let text = blocks(&self.blocks, true, "\n\n");
        if text.is_empty() { text } else { text + "\n" }
    }
}

/// Inline content on one line for a table cell; line ends become `<br>`.
pub(crate) fn cell(content: &[Inline]) -> String {
    let mut line = Line { text: String::new(), place: Place::Cell, code: Vec::new() };
    line.write(content);
    line.finish()
}

/// The context of inline text, which decides how a line end is written.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Paragraph,
    Heading,
    Cell,
}

/// `between` separates two blocks: an empty line, except in the items of a tight list.
fn blocks(blocks: &[Block], top: bool, between: &str) -> String {
    let mut text = String::new();
    let mut other_mark = false;
    for (index, block) in blocks.iter().enumerate() {
        // Two adjacent lists would be merged if they had the same marker.
        let follows_list = index > 0
            && list_kind(block).is_some()
            && list_kind(block) == list_kind(&blocks[index - 1]);
        other_mark = follows_list && !other_mark;
        let written = self::block(block, other_mark, top);
        if written.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push_str(between);
        }
        text.push_str(&written);
    }
    text
}

/// Whether it is a list, and if so whether it is ordered.
fn list_kind(block: &Block) -> Option<bool> {
    if let Block::List { start, .. } = block { Some(start.is_some()) } else { None }
}

fn block(block: &Block, other_mark: bool, top: bool) -> String {
    match block {
        Block::Heading { level, content, .. } => {
            format!("{} {}", "#".repeat(usize::from(*level)), run(content, Place::Heading))
                .trim_end()
                .to_owned()
        }
        Block::Paragraph(content) => run(content, Place::Paragraph),
        Block::List { start, items } => list(*start, items, other_mark),
        Block::Table { alignments, header, rows } => table(alignments, header, rows),
        Block::Code { language, text } => {
            let fence = "`".repeat((longest_run(text) + 1).max(3));
            let text = if text.is_empty() { String::new() } else { format!("{text}\n") };
            format!("{fence}{}\n{text}{fence}", language.as_deref().unwrap_or(""))
        }
        Block::Quote(inner) => prefixed(&blocks(inner, false, "\n\n"), "> ", "> "),
        Block::Figure { name, alt } => {
            let mut words = String::new();
            text_into(alt, false, &mut words);
            format!("![{words}](figure:{name})")
        }
        Block::Styled { look, block } => {
            format!("<!-- look: {} -->\n{}", look.name(), self::block(block, other_mark, top))
        }
        // In a list, "- ---" would itself be a rule.
        Block::Rule => if top { "---" } else { "***" }.to_owned(),
    }
}

fn list(start: Option<u64>, items: &[Vec<Block>], other_mark: bool) -> String {
    let is_tight = items.iter().all(|item| {
        let rest = item.get(1..).unwrap_or_default();
        matches!(item.first(), None | Some(Block::Paragraph(_)))
            && rest.iter().all(follows_closely)
            && rest.len() < 2
    });
    let written: Vec<String> = items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let mark = match start {
                // CommonMark reads at most nine digits.
                Some(first) => {
                    let number = first.saturating_add(index as u64).min(999_999_999);
                    format!("{number}{} ", if other_mark { ')' } else { '.' })
                }
                None => if other_mark { "* " } else { "- " }.to_owned(),
            };
            let text = blocks(item, false, if is_tight { "\n" } else { "\n\n" });
            prefixed(&text, &mark, &" ".repeat(mark.len()))
        })
        .collect();
    written.join(if is_tight { "\n" } else { "\n\n" })
}

/// Whether it is a list that may directly follow a line of text. A list that does not start at 1,
/// or that begins with an empty item, would become part of that line.
fn follows_closely(block: &Block) -> bool {
    let Block::List { start, items } = block else { return false };
    start.is_none_or(|first| first == 1) && items.first().is_some_and(|item| !item.is_empty())
}

/// Prefixes each line; empty lines have no trailing spaces.
fn prefixed(text: &str, first: &str, others: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .enumerate()
        .map(|(index, line)| {
            format!("{}{line}", if index == 0 { first } else { others }).trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

fn table(alignments: &[Alignment], header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) -> String {
    let row = |cells: &[Vec<Inline>]| {
        let cells: Vec<String> = cells.iter().map(|content| cell(content)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let rule: Vec<&str> = alignments
        .iter()
        .map(|alignment| match alignment {
            Alignment::None => "---",
            Alignment::Left => ":--",
            Alignment::Center => ":-:",
            Alignment::Right => "--:",
        })
        .collect();
    let mut lines = vec![row(header), format!("| {} |", rule.join(" | "))];
    lines.extend(rows.iter().map(|cells| row(cells)));
    lines.join("\n")
}

fn run(content: &[Inline], place: Place) -> String {
    let mut line = Line { text: String::new(), place, code: Vec::new() };
    line.write(content);
    line.finish().trim_end().to_owned()
}

struct Line {
    text: String,
    place: Place,
    /// Where a backslash would be visible: code, and the addresses of links.
    code: Vec<Range<usize>>,
}

impl Line {
    fn finish(mut self) -> String {
        without_greedy_addresses(&mut self.text, 0, &self.code);
        self.text
    }

    fn write(&mut self, content: &[Inline]) {
        for (index, inline) in content.iter().enumerate() {
            match inline {
                Inline::Text(text) => {
                    self.words(text, matches!(content.get(index + 1), Some(Inline::Link { .. })));
                }
                Inline::Code(code) => {
                    let start = self.text.len();
                    self.text.push_str(&code_span(code, self.place == Place::Cell));
                    self.code.push(start..self.text.len());
                }
                Inline::Strong(inner) => self.around("**", inner),
                Inline::Emphasis(inner) => self.around("*", inner),
                Inline::Strikethrough(inner) => self.around("~~", inner),
                Inline::Link { url: address, content } => {
                    self.text.push('[');
                    self.write(content);
                    self.text.push_str("](");
                    let start = self.text.len();
                    self.text.push_str(&url(address));
                    self.code.push(start..self.text.len());
                    self.text.push(')');
                }
                Inline::SoftBreak => {
                    self.line_end(if self.place == Place::Paragraph { "\n" } else { " " });
                }
                Inline::HardBreak => self.line_end(match self.place {
                    Place::Paragraph => "\\\n",
                    Place::Heading => " ",
                    Place::Cell => "<br>",
                }),
            }
        }
    }

    fn words(&mut self, text: &str, before_link: bool) {
        // A cell never starts a line, since its row starts with "|".
        let line_start =
            self.place != Place::Cell && (self.text.is_empty() || self.text.ends_with('\n'));
        text_into(text, line_start, &mut self.text);
        // "!" directly before a link would make it an image.
        if before_link && text.ends_with('!') {
            self.text.insert(self.text.len() - 1, '\\');
        }
    }

    fn around(&mut self, mark: &str, inner: &[Inline]) {
        self.text.push_str(mark);
        let before = self.text.len();
        self.write(inner);
        if self.text.len() == before {
            self.text.truncate(before - mark.len());
        } else {
            self.text.push_str(mark);
        }
    }

    fn line_end(&mut self, end: &str) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push_str(end);
    }
}
