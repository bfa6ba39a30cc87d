//! The document that the HTML and PDF writers walk: the tree of [`crate::markdown`].
//!
//! The tree is in a lower layer because `report` parses Markdown as well: the text of each field is
//! parsed and written again before it becomes part of a section.

pub use crate::markdown::{Block, Document, Inline, Look, plain_text};
