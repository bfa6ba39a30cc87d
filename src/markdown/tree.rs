//! The tree: a document, its blocks and its inline text.

use pulldown_cmark::Alignment;

/// A document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

/// A block.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum Block {
    /// A heading, level 1 to 6, with the anchor that a link can name (unique in the document).
    Heading { level: u8, anchor: String, content: Vec<Inline> },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list; `start` is the first number of an ordered one.
    List { start: Option<u64>, items: Vec<Vec<Block>> },
    /// A table: each row has as many cells as `alignments`.
    Table { alignments: Vec<Alignment>, header: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>> },
    /// Code with its lines unchanged.
    Code { language: Option<String>, text: String },
    /// A quotation.
    Quote(Vec<Block>),
    /// A figure by its name in [`crate::render::Figures`], with its description.
    Figure { name: String, alt: String },
    /// A thematic break.
    Rule,
    /// A block that is laid out in a way of its own.
    Styled { look: Look, block: Box<Block> },
}

/// How a block is laid out where the output has a layout. A template asks for it with a comment on
/// the line above the block, `<!-- look: band -->`. In a field of an incident that comment is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A paragraph of short labels, separated by ` · `: severity, status.
    Chips,
    /// The paragraphs that open a document, in larger type.
    Lead,
    /// A table as a band of key figures: labels in the header, then figures, then details.
    Band,
    /// A table as columns of text with a heading each.
    Columns,
    /// A paragraph in small type.
    Small,
}

impl Look {
    /// Every look with its name in the comment.
    pub(crate) const ALL: &'static [(&'static str, Look)] = &[
        ("chips", Look::Chips),
        ("lead", Look::Lead),
        ("band", Look::Band),
        ("columns", Look::Columns),
        ("small", Look::Small),
    ];

    /// The name in the comment.
    pub(crate) fn name(self) -> &'static str {
        Look::ALL.iter().find(|(_, look)| *look == self).map_or("", |(name, _)| name)
    }

    /// The look that a comment asks for.
    pub(crate) fn of_comment(html: &str) -> Option<Look> {
        let name = html.trim().strip_prefix("<!-- look: ")?.strip_suffix(" -->")?;
        Look::ALL.iter().find(|(known, _)| *known == name).map(|(_, look)| *look)
    }
}

/// A piece of inline text.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// A code span.
    Code(String),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Struck-out text.
    Strikethrough(Vec<Inline>),
    /// A link with a checked address. `#anchor` refers to the document.
    Link { url: String, content: Vec<Inline> },
    /// A line end in the source, which readers see as a space.
    SoftBreak,
    /// A hard line break.
    HardBreak,
}

impl Document {
    /// Shifts the headings so that the highest one is at `level`. Their relative levels are
    /// preserved, within the limit of six levels.
    pub fn shift_headings(&mut self, level: u8) {
        if let Some(highest) = highest_heading(&self.blocks) {
            shift(&mut self.blocks, i16::from(level) - i16::from(highest));
        }
    }
}

impl Document {
    /// Inserts strong text before the first paragraph, or before everything if the document does
    /// not begin with a paragraph. A text that already begins with these words is not changed.
    pub(crate) fn lead_with(&mut self, words: &str) {
        if let Some(Block::Paragraph(content)) = self.blocks.first()
            && plain_text(content)
                .to_lowercase()
                .starts_with(words.to_lowercase().trim_end_matches('.'))
        {
            return;
        }
        let lead =
            [Inline::Strong(vec![Inline::Text(words.to_owned())]), Inline::Text(" ".to_owned())];
        match self.blocks.first_mut() {
            Some(Block::Paragraph(content)) => {
                content.splice(0..0, lead);
            }
            _ => self.blocks.insert(0, Block::Paragraph(lead.into_iter().take(1).collect())),
        }
    }
}

fn highest_heading(blocks: &[Block]) -> Option<u8> {
    blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading { level, .. } => Some(*level),
            Block::List { items, .. } => {
                items.iter().filter_map(|item| highest_heading(item)).min()
            }
            Block::Quote(inner) => highest_heading(inner),
            Block::Styled { block, .. } => highest_heading(std::slice::from_ref(block)),
            Block::Paragraph(_)
            | Block::Table { .. }
            | Block::Code { .. }
            | Block::Figure { .. }
            | Block::Rule => None,
        })
        .min()
}

fn shift(blocks: &mut [Block], by: i16) {
    for block in blocks {
        match block {
            Block::Heading { level, .. } => {
                *level = u8::try_from((i16::from(*level) + by).clamp(1, 6)).unwrap_or(6);
            }
            Block::List { items, .. } => items.iter_mut().for_each(|item| shift(item, by)),
            Block::Quote(inner) => shift(inner, by),
            Block::Styled { block, .. } => shift(std::slice::from_mut(block), by),
            Block::Paragraph(_)
            | Block::Table { .. }
            | Block::Code { .. }
            | Block::Figure { .. }
            | Block::Rule => {}
        }
    }
}

/// The plain text of inline content; a line end is a space.
pub fn plain_text(content: &[Inline]) -> String {
    let mut text = String::new();
    collect_text(content, &mut text);
    text
}

fn collect_text(content: &[Inline], text: &mut String) {
    for inline in content {
        match inline {
            Inline::Text(piece) | Inline::Code(piece) => text.push_str(piece),
            Inline::Strong(inner)
            | Inline::Emphasis(inner)
            | Inline::Strikethrough(inner)
            | Inline::Link { content: inner, .. } => collect_text(inner, text),
            Inline::SoftBreak | Inline::HardBreak => text.push(' '),
        }
    }
}
