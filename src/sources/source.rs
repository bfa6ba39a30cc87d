//! What every reader of a format is.

use std::ops::Range;

use chrono::NaiveDate;

use super::input::Input;
use super::record::Record;
use super::severity::SeverityWords;
use crate::diag::Warned;
use crate::model::zone::Zone;

/// A reader of one format.
pub trait Source: Sync {
    /// A stable, kebab-case name: what `--format` takes and what an incident file records.
    fn id(&self) -> &'static str;

    /// The family, named after the id of one of its formats: the formats in which one system
    /// publishes the same incidents under the same ids. A record in one of them matches the incident
    /// that was imported from another, and does not make a second one.
    ///
    /// Formats are joined only where the system makes its ids at random, so that an incident of
    /// another page cannot have the same one.
    fn family(&self) -> &'static str {
        self.id()
    }

    /// Whether an id belongs to one incident only, whatever page it is on. It does where
    ///
    /// - the system makes its ids at random,
    /// - one sequence of numbers serves all pages of the system,
    /// - or the system has one page only.
    ///
    /// Elsewhere two pages may use the same ids: each installation counts its incidents from 1, or a
    /// file is known by its name. A record is then matched only on its
    /// [`page`](super::registry::page), where both this and that of the incident file are known.
    fn has_global_ids(&self) -> bool {
        false
    }

    /// The words that the format documents for how bad an incident is, with what each means on the default scale.
    fn severities(&self) -> SeverityWords {
        SeverityWords::default()
    }

    /// One line for `posthoc formats`: the product, and which of its files or endpoints.
    fn about(&self) -> &'static str;

    /// What it was written against.
    fn written_from(&self) -> WrittenFrom;

    /// What its records become.
    fn yields(&self) -> Yields;

    /// Paths to try below a bare host, best first: `/api/v2/incidents.json`.
    fn endpoints(&self) -> &'static [&'static str] {
        &[]
    }

    /// What else to fetch when `endpoint` has answered in this format, since the answer holds only
    /// a part: incidents without maintenances. A companion that does not answer is no error.
    fn companions(&self, _endpoint: &str) -> &'static [&'static str] {
        &[]
    }

    /// Whether `html` is the page for people behind which [`Source::endpoints`] are.
    fn is_page(&self, _html: &str) -> bool {
        false
    }

    /// Where the history goes on before `input`, whose records are `records`: an address, or one
    /// relative to the input's own, on the same host. `None` at the end, for what was not fetched,
    /// and where the format has no pages.
    ///
    /// The caller stops by itself at a page that is older than what is wanted, at one whose records
    /// it has already, and after some without any; a reader need not know how many pages there are,
    /// but only one whose pages are of months names another after an empty one. Where a server
    /// gives the oldest first, its endpoint should ask for the other order.
    fn next_page(&self, _input: &Input, _records: &[Record]) -> Option<String> {
        None
    }

    /// Whether `input` is in this format, judged by its name and its first few KiB only. Of a web
    /// page those are its dress, and a plain search may look further.
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
pub enum WrittenFrom {
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
    /// Each record is a write-up of an incident of its own.
    Documents,
    /// The records are evidence within one incident (`import --into ID`).
    Evidence,
}

/// What a reader says of an input before it reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is another format; the reason is shown when nothing matches.
    No(&'static str),
    /// It may be anybody's, and can be read: used if every other reader says no.
    LastResort,
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
    /// The day on which the input is read: a log whose times have no year knows nothing of the future.
    pub today: Option<NaiveDate>,
    /// Whether what [`Source::next_page`] names is read as well, so that nothing is missing where
    /// a page ends.
    pub with_next_pages: bool,
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
