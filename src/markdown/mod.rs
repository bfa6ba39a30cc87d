//! Markdown as a tree: read it, change it, write it again.
//!
//! Every text that comes from outside passes through this tree before it reaches a reader. Raw
//! HTML becomes visible text, links and images keep only schemes that cannot run anything, nesting
//! is bounded, control characters are gone. What is written from the tree again is closed in
//! itself: an unfinished code fence or comment in one field cannot swallow the sections after it.
//! A figure is an image whose address is `figure:NAME`.

mod flatten;
mod parse;
mod tree;
mod write;

pub use tree::{Block, Document, Inline, Look, plain_text};
pub(crate) use write::cell as write_cell;
