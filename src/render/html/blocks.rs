//! Blocks and running text as HTML elements. All text goes through [`escape`].

use std::fmt::Write;

use pulldown_cmark::Alignment;

use crate::figure::svg;
use crate::render::Figures;
use crate::render::document::{Block, Inline, Look, bound, plain_text};
use crate::text::html::escape;

/// Tables with at least this many columns become a list of cards on a narrow screen.
const MANY_COLUMNS: usize = 5;
/// A column whose longest cell has at most this many characters is not wrapped.
const SHORT_CELL: usize = 22;

pub(super) struct Writer<'a> {
    pub(super) out: &'a mut String,
    pub(super) figures: &'a Figures,
}

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, anchor, content } => {
                self.heading((*level).clamp(1, 6), anchor, content);
            }
            Block::Paragraph(content) => self.element("p", content),
            Block::List { start, items } => self.list(*start, items),
            Block::Table { alignments, header, rows } => self.table(alignments, header, rows),
            Block::Code { language, text } => self.code(language.as_deref(), text),
            Block::Quote(inner) => {
                self.out.push_str("<blockquote>\n");
                self.blocks(inner);
                self.out.push_str("</blockquote>\n");
            }
            Block::Figure { name, alt } => match self.figures.get(name) {
                Some(figure) => {
                    self.out.push_str("<figure tabindex=\"0\">");
                    svg::write(figure, self.out);
                    self.out.push_str("</figure>\n");
                }
                None => self.element("p", &[Inline::Text(alt.clone())]),
            },
            Block::Rule => self.out.push_str("<hr>\n"),
            Block::Styled { look, block } => self.styled(*look, block),
        }
    }

    fn styled(&mut self, look: Look, block: &Block) {
        match (look, block) {
            (Look::Chips, Block::Paragraph(content)) => {
                self.out.push_str("<ul class=\"chips\">");
                for label in plain_text(content).split(" · ") {
                    self.out.push_str("<li>");
                    escape(label, self.out);
                    self.out.push_str("</li>");
                }
                self.out.push_str("</ul>\n");
            }
            (Look::Lead, Block::Paragraph(content)) => self.element_of("p", "lead", content),
            (Look::Small, Block::Paragraph(content)) => self.element_of("p", "facts", content),
            (Look::Band, Block::Table { header, rows, .. }) => self.terms("band", header, rows),
            (Look::Columns, Block::Table { header, rows, .. }) => {
                self.terms("columns", header, rows);
            }
            (_, block) => self.block(block),
        }
    }

    fn element_of(&mut self, tag: &str, class: &str, content: &[Inline]) {
        let _ = write!(self.out, "<{tag} class=\"{class}\">");
        self.inlines(content);
        let _ = writeln!(self.out, "</{tag}>");
    }

    /// A table by its columns, each a term with what the rows say of it.
    fn terms(&mut self, class: &str, header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) {
        let _ = writeln!(self.out, "<dl class=\"{class}\">");
        for (column, term) in header.iter().enumerate() {
            self.out.push_str("<div><dt>");
            self.inlines(term);
            self.out.push_str("</dt>");
            let cells = rows.iter().filter_map(|row| row.get(column));
            for (row, cell) in cells.enumerate().filter(|(_, cell)| !cell.is_empty()) {
                self.out.push_str("<dd>");
                match (class, row) {
                    ("band", 0) => self.inlines(&bound(cell)),
                    _ => self.inlines(cell),
                }
                self.out.push_str("</dd>");
            }
            self.out.push_str("</div>\n");
        }
        self.out.push_str("</dl>\n");
    }

    fn element(&mut self, tag: &str, content: &[Inline]) {
        let _ = write!(self.out, "<{tag}>");
        self.inlines(content);
        let _ = writeln!(self.out, "</{tag}>");
    }

    fn heading(&mut self, level: u8, anchor: &str, content: &[Inline]) {
        let _ = write!(self.out, "<h{level} id=\"");
        escape(anchor, self.out);
        self.out.push_str("\">");
        self.inlines(content);
        if level > 1 {
            self.out.push_str("<a class=\"anchor\" aria-hidden=\"true\" tabindex=\"-1\" href=\"#");
            escape(anchor, self.out);
            self.out.push_str("\">#</a>");
        }
        let _ = writeln!(self.out, "</h{level}>");
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>]) {
        let tag = if start.is_some() { "ol" } else { "ul" };
        match start {
            Some(first) if first != 1 => {
                // HTML parses a signed 32-bit number.
                let _ = writeln!(self.out, "<ol start=\"{}\">", first.min(999_999_999));
            }
            _ => {
                let _ = writeln!(self.out, "<{tag}>");
            }
        }
        for item in items {
            self.out.push_str("<li>");
            match item.as_slice() {
                [Block::Paragraph(only)] => self.inlines(only),
                [Block::Paragraph(first), rest @ ..]
                    if rest.iter().all(|block| matches!(block, Block::List { .. })) =>
                {
                    self.inlines(first);
                    self.out.push('\n');
                    self.blocks(rest);
                }
                several => self.blocks(several),
            }
            self.out.push_str("</li>\n");
        }
        let _ = writeln!(self.out, "</{tag}>");
    }

    fn table(
        &mut self,
        alignments: &[Alignment],
        header: &[Vec<Inline>],
        rows: &[Vec<Vec<Inline>>],
    ) {
        let labels: Vec<String> = header.iter().map(|cell| plain_text(cell)).collect();
        let is_wide = alignments.len() >= MANY_COLUMNS;
        let classes: Vec<String> = alignments
            .iter()
            .enumerate()
            .map(|(column, alignment)| classes(column, *alignment, header, rows))
            .collect();
        self.out.push_str(if is_wide {
            "<div class=\"table many\" tabindex=\"0\">\n<table>\n"
        } else {
            "<div class=\"table\" tabindex=\"0\">\n<table>\n"
        });
        if labels.iter().any(|label| !label.is_empty()) {
            self.out.push_str("<thead>\n<tr>");
            for (cell, class) in header.iter().zip(&classes) {
                let _ = write!(self.out, "<th scope=\"col\"{class}>");
                self.inlines(cell);
                self.out.push_str("</th>");
            }
            self.out.push_str("</tr>\n</thead>\n");
        }
        self.out.push_str("<tbody>\n");
        for row in rows {
            self.out.push_str("<tr>");
            for ((cell, class), label) in row.iter().zip(&classes).zip(&labels) {
                let _ = write!(self.out, "<td{class}");
                if is_wide && !label.is_empty() {
                    self.out.push_str(" data-label=\"");
                    escape(label, self.out);
                    self.out.push('"');
                }
                self.out.push('>');
                self.inlines(cell);
                self.out.push_str("</td>");
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n</div>\n");
    }

    fn code(&mut self, language: Option<&str>, text: &str) {
        self.out.push_str("<pre tabindex=\"0\"><code");
        if let Some(language) = language {
            self.out.push_str(" class=\"language-");
            escape(language, self.out);
            self.out.push('"');
        }
        self.out.push('>');
        escape(text, self.out);
        self.out.push_str("</code></pre>\n");
    }

    fn inlines(&mut self, content: &[Inline]) {
        for inline in content {
            match inline {
                Inline::Text(text) => escape(text, self.out),
                Inline::Code(code) => {
                    self.out.push_str("<code>");
                    escape(code, self.out);
                    self.out.push_str("</code>");
                }
                Inline::Strong(inner) => self.dressed("strong", inner),
                Inline::Emphasis(inner) => self.dressed("em", inner),
                Inline::Strikethrough(inner) => self.dressed("del", inner),
                Inline::Link { url, content } => {
                    self.out.push_str("<a href=\"");
                    escape(url, self.out);
                    // External links do not reveal where the reader came from.
                    self.out.push_str(if url.starts_with('#') {
                        "\">"
                    } else {
                        "\" rel=\"noopener noreferrer\">"
                    });
                    self.inlines(content);
                    self.out.push_str("</a>");
                }
                Inline::SoftBreak => self.out.push('\n'),
                Inline::HardBreak => self.out.push_str("<br>\n"),
            }
        }
    }

    fn dressed(&mut self, tag: &str, inner: &[Inline]) {
        let _ = write!(self.out, "<{tag}>");
        self.inlines(inner);
        let _ = write!(self.out, "</{tag}>");
    }
}

/// The `class` attribute of the cells of a column, with a leading space.
fn classes(
    column: usize,
    alignment: Alignment,
    header: &[Vec<Inline>],
    rows: &[Vec<Vec<Inline>>],
) -> String {
    let cells = header.get(column).into_iter().chain(rows.iter().filter_map(|row| row.get(column)));
    let is_short =
        cells.map(|cell| plain_text(cell).chars().count()).all(|length| length <= SHORT_CELL);
    let align = match alignment {
        Alignment::Right => Some("end"),
        Alignment::Center => Some("middle"),
        Alignment::Left | Alignment::None => None,
    };
    let classes: Vec<&str> = is_short.then_some("short").into_iter().chain(align).collect();
    if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) }
}
