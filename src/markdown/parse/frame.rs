//! The open elements while Markdown is parsed.

use pulldown_cmark::CodeBlockKind;

use crate::markdown::tree::{Block, Inline};

/// An element that was started and has not ended.
pub(super) enum Frame {
    Quote(Vec<Block>),
    Item(Vec<Block>),
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Table {
        alignments: Vec<pulldown_cmark::Alignment>,
        header: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
        in_header: bool,
    },
    Code {
        language: Option<String>,
        text: String,
    },
    Text {
        role: Role,
        content: Vec<Inline>,
        figures: Vec<(String, String)>,
    },
}

/// A frame, and the number of its open descendants that were joined to it: nested too deeply, or
/// irrelevant. It is a counter, so that a hundred thousand of them cost nothing.
pub(super) struct Open {
    pub(super) frame: Frame,
    pub(super) joined: usize,
}

/// What a run of text becomes.
pub(super) enum Role {
    Paragraph,
    /// The text of a tight list item, which no event announces.
    Implied,
    Heading(u8),
    Cell,
    Strong,
    Emphasis,
    Strikethrough,
    Link(String),
    Image(String),
}

pub(super) fn text_frame(role: Role) -> Frame {
    Frame::Text { role, content: Vec::new(), figures: Vec::new() }
}

pub(super) fn is_dress(role: &Role) -> bool {
    match role {
        Role::Strong | Role::Emphasis | Role::Strikethrough | Role::Link(_) | Role::Image(_) => {
            true
        }
        Role::Paragraph | Role::Implied | Role::Heading(_) | Role::Cell => false,
    }
}

/// `<br>`, the only supported HTML: a table cell has no other line break.
pub(super) fn is_line_break(html: &str) -> bool {
    matches!(html.trim(), "<br>" | "<br/>" | "<br />")
}

pub(super) fn is_figure_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

pub(super) fn language(kind: &CodeBlockKind<'_>) -> Option<String> {
    let CodeBlockKind::Fenced(info) = kind else { return None };
    let word: String = info
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '#' | '.'))
        .take(32)
        .collect();
    (!word.is_empty()).then_some(word)
}

/// The content without spaces and line ends at both ends.
pub(super) fn trimmed(mut content: Vec<Inline>) -> Vec<Inline> {
    while let Some(last) = content.last_mut() {
        match last {
            Inline::Text(text) if !text.trim_end().is_empty() => {
                text.truncate(text.trim_end().len());
                break;
            }
            Inline::Text(_) | Inline::SoftBreak | Inline::HardBreak => {
                content.pop();
            }
            _ => break,
        }
    }
    while let Some(first) = content.first_mut() {
        match first {
            Inline::Text(text) if !text.trim_start().is_empty() => {
                *text = text.trim_start().to_owned();
                break;
            }
            Inline::Text(_) | Inline::SoftBreak | Inline::HardBreak => {
                content.remove(0);
            }
            _ => break,
        }
    }
    content
}
