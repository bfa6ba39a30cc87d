//! Incident files that cannot be read, and the records that may belong to them.
//!
//! An import continues without such a file. But a record that the file may have been made from is
//! left out, since it would otherwise become a second file of the same incident.

use super::identity::Identity;
use crate::model::id::IncidentId;
use crate::model::origin::SourceInfo;

/// A file that cannot be read.
#[derive(Debug, Clone)]
pub(crate) struct Broken {
    /// The name of the file in messages.
    pub name: String,
    stem: String,
    text: String,
    /// Its sources, as far as they could be read; `None` if none could.
    sources: Option<Vec<SourceInfo>>,
}

impl Broken {
    /// The file `name`, with its file stem. `text` is its content, if any, and `sources` are the
    /// sources found in it.
    pub(crate) fn new(
        name: String,
        stem: String,
        text: String,
        sources: Option<Vec<SourceInfo>>,
    ) -> Self {
        Broken { name, stem, text, sources }
    }

    /// The id that its file name takes.
    pub(crate) fn stem(&self) -> &str {
        &self.stem
    }

    /// Whether it may be the file of a record. `wanted` is the id that a new file of the record
    /// would get.
    pub(crate) fn may_hold(&self, record: &Identity<'_>, id: &str, wanted: &IncidentId) -> bool {
        self.stem == wanted.as_str()
            || self.names(id, |source| {
                Identity::of_source(source).is_some_and(|own| own.likeness(record).is_some())
            })
    }

    /// Whether it may be the file of a document with this hash, or one with the id `wanted`.
    pub(crate) fn may_be_of(&self, sha256: &str, wanted: &IncidentId) -> bool {
        self.stem == wanted.as_str() || self.text.contains(sha256)
    }

    fn names(&self, id: &str, is_it: impl Fn(&SourceInfo) -> bool) -> bool {
        match &self.sources {
            Some(sources) => sources.iter().any(is_it),
            // A file that is not YAML is searched as text. A short id would occur in every text.
            None => id.len() > 3 && self.text.contains(id),
        }
    }
}
