//! The document that the HTML and the PDF writer walk: [`crate::markdown`]'s tree.
//!
//! It lives a layer further down, because a report has to look into Markdown too: what a person
//! wrote into a field is read and written again before it becomes part of a section.

pub use crate::markdown::{Block, Document, Inline, Look, plain_text};
