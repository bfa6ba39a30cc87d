//! What an import changes, before anything is written.
//!
//! A plan says which incident files are new, which are extended and by what, what is left out, and what
//! is reported. It is made from records and from the incidents that are known, without a file system;
//! `store::commit` writes it.

#[cfg(test)]
mod every_format;
pub mod histories;
pub mod into;
pub mod order;
pub mod proposal;
pub mod write_ups;

use std::borrow::Cow;

use super::Provenance;
use super::broken::Broken;
use super::names::Names;
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::evidence::Trust;
use crate::model::id::IncidentId;

/// An incident that has a file.
pub trait KnownIncident {
    /// What everything is computed from: with the milestones that its evidence proves.
    fn incident(&self) -> &Incident;
    /// What its file says: the base of edits.
    fn as_written(&self) -> Cow<'_, Incident>;
}

impl KnownIncident for Incident {
    fn incident(&self) -> &Incident {
        self
    }

    fn as_written(&self) -> Cow<'_, Incident> {
        Cow::Borrowed(self)
    }
}

/// What a plan is made on.
#[derive(Debug)]
pub struct Known<'l, F> {
    /// The incidents that have a file.
    pub files: &'l [F],
    /// The files that cannot be read. What may belong to one is left out.
    pub broken: &'l [Broken],
    /// Which kind of evidence counts most.
    pub trust: Trust<'l>,
}

impl<F: KnownIncident> Known<'_, F> {
    /// The ids that are taken.
    fn names(&self) -> Names {
        let broken = self.broken.iter().map(|broken| broken.stem().to_owned());
        Names::new(self.files.iter().map(|file| file.incident().id.to_string()).chain(broken))
    }
}

/// The bytes that an input was read from, which are stored as evidence.
#[derive(Debug, Clone)]
pub struct Original<'r> {
    /// Where they come from, with their hash and without a path.
    pub from: Provenance,
    /// How messages name the input.
    pub label: &'r str,
    /// The ending of the file that they are stored in, without its dot.
    pub ending: String,
    /// The bytes.
    pub bytes: &'r [u8],
}

/// Whether bytes can be stored at a path in the workspace: nothing is there, or these very bytes.
pub type IsFree<'f> = &'f dyn Fn(&str, &[u8]) -> bool;

impl Original<'_> {
    /// Where in the workspace the bytes of the source `key` of an incident are stored. Other bytes that
    /// are there belong to a file that is gone, and are not written over.
    fn path(&self, id: &IncidentId, key: &str, is_free: IsFree<'_>) -> String {
        let name = |numbered: String| format!("evidence/{id}/{numbered}.{}", self.ending);
        let mut paths = std::iter::once(key.to_owned())
            .chain((2..).map(|number| format!("{key}-{number}")))
            .map(name);
        paths.find(|path| is_free(path, self.bytes)).unwrap_or_default()
    }

    /// The provenance of bytes that are stored at `path`.
    fn stored_at(&self, path: &str) -> Provenance {
        Provenance { path: Some(path.to_owned()), ..self.from.clone() }
    }
}

/// Bytes that are stored with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Where, relative to the workspace, with `/` between the parts.
    pub path: String,
    /// Whose: the index of the input.
    pub input: usize,
}

/// What becomes of one incident.
#[derive(Debug)]
pub struct Change<'l> {
    /// The index of its file in [`Known::files`]; `None` for a new incident.
    pub file: Option<usize>,
    /// The incident as it will be.
    pub incident: Cow<'l, Incident>,
    /// What is new in it, where it has a file. None where it stays as it is.
    pub edits: Vec<Edit>,
    /// What is reported about it.
    pub notes: Vec<Diagnostic>,
    /// The records that it is made of, by their indexes. The first one made it.
    pub records: Vec<usize>,
    /// The bytes that are stored with it.
    pub evidence: Vec<Stored>,
}

impl<'l> Change<'l> {
    fn new(file: Option<usize>, incident: Cow<'l, Incident>) -> Self {
        Change {
            file,
            incident,
            edits: Vec::new(),
            notes: Vec::new(),
            records: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// Adds what one more record says.
    fn extend(&mut self, plan: super::Plan) {
        self.notes.extend(plan.notes);
        if !plan.edits.is_empty() {
            let incident = self.incident.to_mut();
            plan.edits.iter().for_each(|edit| edit.apply(incident));
            self.edits.extend(plan.edits);
        }
    }
}

/// What is not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The title of the incident.
    pub title: String,
    /// Why, and what to do.
    pub problem: Box<Diagnostic>,
    /// The records, by their indexes.
    pub records: Vec<usize>,
}

/// What becomes of all records of an import.
#[derive(Debug, Default)]
pub struct Planned<'l> {
    /// One for each incident.
    pub changes: Vec<Change<'l>>,
    /// The records that are not imported.
    pub left_out: Vec<LeftOut>,
    /// What is reported and concerns no incident alone.
    pub notes: Vec<Diagnostic>,
}
