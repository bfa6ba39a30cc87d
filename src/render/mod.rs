//! A report's Markdown to bytes that people keep: Markdown, HTML, PDF, JSON.
//!
//! [`Page`] fills the template once; each renderer then walks what it holds. A renderer is a pure
//! function; the command line writes its bytes only after it has succeeded.

pub mod document;
pub mod html;
pub mod json;
pub mod markdown;
mod meta;
pub mod page;
pub mod pdf;

pub use meta::{Figures, Meta};
pub use page::Page;
