//! Incident files that cannot be read, and what may belong to them.
//!
//! An import goes on without such a file. But a record that may be the one that the file was made of is
//! left out: else it would become a second file of one incident.

use super::identity::Identity;
use crate::model::id::IncidentId;
use crate::model::origin::SourceInfo;

/// A file that cannot be read.
#[derive(Debug, Clone)]
pub struct Broken {
    /// How messages name it.
    pub name: String,
    stem: String,
    text: String,
    /// Its sources, as far as they could be made out; `None` if nothing could.
    sources: Option<Vec<SourceInfo>>,
}

impl Broken {
    /// The file `name` whose name without its ending is `stem`. `text` is what is in it, if anything, and
    /// `sources` what of it is a source.
    pub fn new(name: String, stem: String, text: String, sources: Option<Vec<SourceInfo>>) -> Self {
        Broken { name, stem, text, sources }
    }

    /// The id that its name takes.
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// Whether it may be the file of a record, whose new file would ask for the id `wanted`.
    pub fn may_hold(&self, record: &Identity<'_>, id: &str, wanted: &IncidentId) -> bool {
        self.stem == wanted.as_str()
            || self.names(id, |source| {
                Identity::of_source(source).is_some_and(|own| own.likeness(record).is_some())
            })
    }

    /// Whether it may be the file of a document with this hash, or of that name.
    pub fn may_be_of(&self, sha256: &str, wanted: &IncidentId) -> bool {
        self.stem == wanted.as_str() || self.text.contains(sha256)
    }

    fn names(&self, id: &str, is_it: impl Fn(&SourceInfo) -> bool) -> bool {
        match &self.sources {
            Some(sources) => sources.iter().any(is_it),
            // What is not YAML is only a text. A short id is in every one.
            None => id.len() > 3 && self.text.contains(id),
        }
    }
}
