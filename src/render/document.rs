//! Markdown as a tree: what the HTML and the PDF writer both walk.
//!
//! Raw HTML in Markdown becomes visible text, links and images keep only schemes that cannot run
//! anything, and a figure is an image whose address is `figure:NAME`.

use pulldown_cmark::Alignment;

/// A whole document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

/// A block: what stands on lines of its own.
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
    /// Code; its lines stay as they are.
    Code { language: Option<String>, text: String },
    /// A quotation.
    Quote(Vec<Block>),
    /// A figure by its name in [`super::Figures`], with the sentence that stands for it.
    Figure { name: String, alt: String },
    /// A thematic break.
    Rule,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Code within a line.
    Code(String),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Struck-out text.
    Strikethrough(Vec<Inline>),
    /// A link; the address has been checked. `#anchor` points into the document.
    Link { url: String, content: Vec<Inline> },
    /// The writer's line end, which is a space to a reader.
    SoftBreak,
    /// A line end that is meant.
    HardBreak,
}
