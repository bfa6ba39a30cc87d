//! Untrusted text as clean Markdown: nothing active, nothing invisible, and nothing lost that a
//! reader needs.

mod escape;
mod html;
mod markdown;
mod mixed;
mod sentences;
mod visible;

pub(crate) use escape::escape_line;
pub(crate) use html::{is_inline, is_without_text, without_deep_tags};
pub(crate) use markdown::clean_document;
pub(crate) use markdown::{TextKind, clean_markdown};
pub(crate) use sentences::sentences;
pub(crate) use visible::clean_line;
