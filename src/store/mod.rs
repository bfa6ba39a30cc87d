//! The incidents folder and `posthoc.toml`: finding, loading, editing and writing.
//!
//! This layer owns the file system. It loads in parallel, reports every mistake of a file with its
//! place, edits a file without changing any other part of its text, and writes so that a reader
//! sees either the old file or the new one.

mod advice;
pub(crate) mod cache;
pub(crate) mod commit;
pub mod config;
pub(crate) mod edit;
mod error;
mod exchange;
mod file_names;
mod flow;
mod frame;
pub(crate) mod git;
pub(crate) mod ignores;
mod indentation;
pub(crate) mod leftovers;
pub mod load;
pub(crate) mod locate;
pub(crate) mod lock;
mod mistakes;
pub(crate) mod named_sources;
mod own_formats;
mod patches;
pub(crate) mod read;
pub(crate) mod revision;
mod syntax;
pub(crate) mod system;
mod temporary;
mod toml_places;
mod toml_syntax;
pub(crate) mod workspace;
pub mod write;
mod wrong_time;
mod yaml_text;

pub use error::StoreError;
pub use workspace::Workspace;
