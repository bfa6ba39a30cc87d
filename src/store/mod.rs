//! The incidents folder and `posthoc.toml`: finding, loading, editing and writing.
//!
//! This layer owns the file system. It loads in parallel, reports every mistake of a file with its
//! place, edits a file without changing any other part of its text, and writes so that a reader
//! sees either the old file or the new one.

mod advice;
pub mod cache;
pub mod commit;
pub mod config;
pub mod edit;
mod error;
mod exchange;
mod file_names;
mod flow;
mod frame;
pub mod git;
pub mod ignores;
mod indentation;
pub mod leftovers;
pub mod load;
pub mod locate;
pub mod lock;
mod mistakes;
pub mod named_sources;
mod own_formats;
mod patches;
pub mod read;
pub mod revision;
mod syntax;
pub mod system;
mod temporary;
mod toml_places;
mod toml_syntax;
pub mod workspace;
pub mod write;
mod wrong_time;
mod yaml_text;

pub use error::StoreError;
pub use workspace::Workspace;
