//! Reads bytes into records. This layer knows the formats of other systems, and nothing else of
//! ours.
//!
//! A reader implements [`Source`]; `source.rs` has the contract. Its kind lists it in `FORMATS`
//! (`status/mod.rs`, `alerts/mod.rs`, `logs/mod.rs` and so on), and `registry.rs` joins these
//! lists: detection, `--format`, `posthoc formats`, shell completion and the contract tests follow
//! from it. Nothing below `registry.rs` uses it.

pub mod accounts;
pub mod alerts;
pub mod changes;
pub mod charset;
pub mod chat;
pub mod chat_export;
pub mod decode;
pub mod detect;
mod front;
pub mod input;
mod intake;
pub mod json;
mod lenient;
pub mod live;
pub mod logs;
mod manifests;
pub mod mapping;
pub mod metrics;
pub mod mhtml;
mod naming;
mod node;
mod object_records;
mod objects;
mod paging;
pub mod probe;
pub mod readable;
mod reader;
pub mod record;
mod refused;
pub mod registry;
#[cfg(test)]
pub mod sample;
pub mod severity;
pub mod source;
pub mod status;
mod table;
#[cfg(test)]
mod testing;
pub mod unpack;
mod warnings;
pub mod writeups;

pub use input::Input;
pub use registry::{REGISTRY, by_id, family, page, severities};
pub use source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
