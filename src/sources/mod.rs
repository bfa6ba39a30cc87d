//! Bytes to records. This layer knows the outside world's formats and nothing else of ours.
//!
//! A new format is one new file with a type that implements [`Source`], and one line in
//! [`REGISTRY`]; detection, `--format`, `posthoc formats`, shell completion and the contract tests
//! follow from that list.

pub mod alerts;
pub mod decode;
pub mod detect;
pub mod input;
pub mod metrics;
pub mod record;
pub mod status;

use std::ops::Range;

pub use input::Input;
use record::Record;

use crate::diag::Warned;
use crate::model::zone::Zone;

/// Every format that posthoc reads, in the order in which `posthoc formats` lists them.
pub static REGISTRY: &[&dyn Source] = &[];

/// The format of that id.
pub fn by_id(id: &str) -> Option<&'static dyn Source> {
    REGISTRY.iter().copied().find(|source| source.id() == id)
}

/// A reader of one format.
pub trait Source: Sync {
    /// A stable, kebab-case name: what `--format` takes and what an incident file records.
    fn id(&self) -> &'static str;

    /// One line for `posthoc formats`: the product, and which of its files or endpoints.
    fn about(&self) -> &'static str;

    /// What it was written against.
    fn evidence(&self) -> Evidence;

    /// What its records become.
    fn yields(&self) -> Yields;

    /// Paths to try below a bare host, best first: `/api/v2/incidents.json`.
    fn endpoints(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether `input` is in this format, judged by its name and its first few KiB only.
    fn sniff(&self, input: &Input) -> Verdict;

    /// Reads the whole of `input`.
    ///
    /// A record that cannot be read is a warning with its place, never a lost file and never
    /// silence.
    ///
    /// # Errors
    /// [`ReadError`] when nothing can be read.
    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError>;
}

/// What a reader was written against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Real captured data.
    Captures,
    /// The product's documentation only.
    Documentation,
}

/// What the records of a format become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yields {
    /// Each record is an incident of its own.
    Incidents,
    /// The records are evidence within one incident (`import --into ID`).
    Evidence,
}

/// What a reader says of an input before it reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is another format; the reason is shown when nothing matches.
    No(&'static str),
    /// It may be this format: used if no reader says yes.
    Maybe,
    /// It is this format.
    Yes,
}

/// What a person says about an input on the command line.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The zone of times that the input writes without one.
    pub zone: Option<Zone>,
}

/// Why an input could not be read at all. The caller knows the input's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// What is wrong, lower case, without a full stop.
    pub message: String,
    /// Where, in bytes of the input.
    pub span: Option<Range<usize>>,
    /// What to do.
    pub hint: Option<String>,
}

impl ReadError {
    /// An error that is nowhere in particular.
    pub fn new(message: impl Into<String>) -> Self {
        ReadError { message: message.into(), span: None, hint: None }
    }
}
