//! The contract of a reader.

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use super::input::Input;
use super::mapping::description::NamedMapping;
use super::record::Record;
use super::severity::SeverityWords;
use crate::diag::Warned;
use crate::model::zone::Zone;

/// A reader of one format.
pub trait Source: Sync {
    /// A stable kebab-case name for `--format` and for incident files.
    fn id(&self) -> &'static str;

    /// The family, named after the id of one of its formats: the formats in which one system
    /// publishes the same incidents under the same ids. A record in one of them matches the
    /// incident that was imported from another, instead of creating a second one.
    ///
    /// Formats are joined only if the system creates its ids at random, so that an incident of
    /// another page cannot have the same one.
    fn family(&self) -> &'static str {
        self.id()
    }

    /// Whether an id belongs to only one incident across all pages. This is so if
    ///
    /// - the system creates its ids at random,
    /// - one sequence of numbers serves all pages of the system,
    /// - or the system has only one page.
    ///
    /// Otherwise two pages may use the same ids: each installation counts its incidents from 1, or
    /// a file is identified by its name. A record is then matched only on its
    /// [`page`](super::registry::page), if both this and that of the incident file are known.
    fn has_global_ids(&self) -> bool {
        false
    }

    /// The severity words that the format documents, each with its meaning on the default scale.
    fn severities(&self) -> SeverityWords {
        SeverityWords::default()
    }

    /// One line for `posthoc formats`: the product, and which of its files or endpoints.
    fn about(&self) -> &'static str;

    /// The basis of the implementation.
    fn written_from(&self) -> WrittenFrom;

    /// The kind of its records.
    fn yields(&self) -> Yields;

    /// Paths to try below a bare host, best first: `/api/v2/incidents.json`.
    fn endpoints(&self) -> &'static [&'static str] {
        &[]
    }

    /// What else to fetch after `endpoint` returned this format, if that contains only a part:
    /// incidents without maintenances. A companion that fails is not an error.
    fn companions(&self, _endpoint: &str) -> &'static [&'static str] {
        &[]
    }

    /// Whether `html` is the page whose data is at [`Source::endpoints`].
    fn is_page(&self, _html: &str) -> bool {
        false
    }

    /// The address of the history before `input`, whose records are `records`; it may be relative
    /// to the input's own address, on the same host. `None` at the end, for inputs that were not
    /// fetched, and if the format has no pages.
    ///
    /// The caller stops at a page that is older than needed, at one whose records it has already,
    /// and after several without any. A reader need not know the number of pages, but only one
    /// whose pages are months should return another after an empty one. If a server lists the
    /// oldest first by default, its endpoint should request the other order.
    fn next_page(&self, _input: &Input, _records: &[Record]) -> Option<String> {
        None
    }

    /// Whether the reader reads anybody's records, and is asked only if no other reader knows an
    /// input.
    fn is_last_resort(&self) -> bool {
        false
    }

    /// How this format writes incidents, for the tests that apply to all status pages.
    #[cfg(test)]
    fn sample(&self) -> Option<super::sample::Sample> {
        None
    }

    /// Whether `input` is in this format, judged only by its name and its first few KiB. A web page
    /// may start with several KiB of styles, so a plain search may look further.
    fn sniff(&self, input: &Input) -> Verdict;

    /// Reads the whole of `input`.
    ///
    /// An unreadable record becomes a warning with its place; it never loses the file and is never
    /// silent.
    ///
    /// # Errors
    /// [`ReadError`] if nothing can be read.
    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError>;
}

/// The basis of the implementation of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenFrom {
    /// Real captured data.
    Captures,
    /// Only the documentation of the product.
    Documentation,
}

/// The kind of a format's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yields {
    /// Each record is an incident.
    Incidents,
    /// Each record is a write-up of one incident.
    Documents,
    /// The records are evidence within one incident (`import --into ID`).
    Evidence,
}

/// The verdict of a reader on an input before reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is another format; the reason is shown if no format matches.
    No(&'static str),
    /// It is readable but generic: used if every other reader says no.
    LastResort,
    /// It may be this format: used if no reader says yes.
    Maybe,
    /// It is this format.
    Yes,
}

/// The options for an input from the command line.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The zone of times without a zone.
    pub zone: Option<Zone>,
    /// The day of the import: times of a log without years are not in the future.
    pub today: Option<NaiveDate>,
    /// Whether [`Source::next_page`] is read as well, so that nothing is missing at the end of a
    /// page.
    pub with_next_pages: bool,
    /// Where the fields of the records are, in a format that a person described.
    pub mapping: Option<Arc<NamedMapping>>,
}

/// Why an input could not be read. The caller adds the input's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// The message, lower case, without a full stop.
    pub message: String,
    /// The place, in bytes of the input.
    pub span: Option<Range<usize>>,
    /// A hint.
    pub hint: Option<String>,
}

impl ReadError {
    /// An error without a place.
    pub fn new(message: impl Into<String>) -> Self {
        ReadError { message: message.into(), span: None, hint: None }
    }
}
