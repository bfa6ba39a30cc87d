//! The document that the HTML and PDF writers walk: the tree of [`crate::markdown`].
//!
//! The tree is in a lower layer because `report` parses Markdown as well: the text of each field is
//! parsed and written again before it becomes part of a section.

pub use crate::markdown::{Block, Document, Inline, Look, plain_text};

/// A key figure with its numbers bound to their units: `39 min 30 s – 40 min 30 s` breaks only
/// behind the dash.
pub(super) fn bound(figure: &[Inline]) -> Vec<Inline> {
    let bind = |inline: &Inline| match inline {
        Inline::Text(text) => Inline::Text(text.replace(' ', "\u{a0}").replace("–\u{a0}", "– ")),
        Inline::Strong(content) => Inline::Strong(bound(content)),
        other => other.clone(),
    };
    figure.iter().map(bind).collect()
}
