//! Reads bytes into records. This layer knows the formats of other systems, and nothing else of
//! ours.
//!
//! A reader implements [`Source`]; `source.rs` has the contract. Its kind lists it in `FORMATS`
//! (`status/mod.rs`, `alerts/mod.rs`, `logs/mod.rs` and so on), and `registry.rs` joins these
//! lists: detection, `--format`, `posthoc formats`, shell completion and the contract tests follow
//! from it. Nothing below `registry.rs` uses it.

pub(crate) mod accounts;
pub(crate) mod alerts;
pub(crate) mod changes;
pub(crate) mod charset;
pub(crate) mod chat;
pub(crate) mod chat_export;
pub(crate) mod decode;
pub mod detect;
mod front;
pub mod input;
mod intake;
pub(crate) mod json;
mod lenient;
pub(crate) mod live;
pub(crate) mod logs;
mod manifests;
pub(crate) mod mapping;
pub(crate) mod metrics;
pub(crate) mod mhtml;
mod naming;
mod node;
mod object_records;
mod objects;
mod paging;
pub(crate) mod probe;
pub(crate) mod readable;
mod reader;
pub mod record;
mod refused;
pub mod registry;
#[cfg(test)]
pub(crate) mod sample;
pub(crate) mod severity;
pub mod source;
pub(crate) mod status;
mod table;
#[cfg(test)]
mod testing;
pub(crate) mod unpack;
mod warnings;
pub mod writeups;

pub use input::Input;
pub use registry::{REGISTRY, by_id, family, page, severities};
pub use source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
