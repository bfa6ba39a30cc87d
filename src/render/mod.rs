//! Renders the Markdown of a report as Markdown, HTML, PDF or JSON.
//!
//! [`Page`] fills the template once; each renderer then walks the result. Renderers are pure
//! functions; the command line writes their output only if they succeed.

pub mod document;
pub mod html;
pub mod json;
pub mod markdown;
mod meta;
pub mod page;
pub mod pdf;

pub use meta::{Figures, Meta};
pub use page::Page;
