//! Markdown as a tree: parsing, changing and writing it.
//!
//! Every external text passes through this tree before it reaches a reader. Raw HTML becomes
//! visible text, links and images only have safe schemes, nesting is limited, and control
//! characters are removed. Text that is written from the tree is self-contained: an unclosed code
//! fence or comment in one field cannot affect the sections after it. A figure is an image with the
//! address `figure:NAME`.

mod flatten;
mod parse;
mod tree;
mod write;

pub use tree::{Block, Document, Inline, Look, plain_text};
pub(crate) use write::cell as write_cell;
