//! Plans the changes of an import before anything is written.
//!
//! A plan contains the new incident files, the changes to existing ones, what is left out, and the
//! notes. It is made from records and the known incidents, without access to the file system;
//! `store::commit` writes it.

#[cfg(test)]
mod every_format;
pub(crate) mod histories;
pub(crate) mod into;
pub(crate) mod order;
pub(crate) mod proposal;
pub(crate) mod write_ups;

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
pub(crate) trait KnownIncident {
    /// The incident with the milestones that its evidence proves.
    fn incident(&self) -> &Incident;
    /// The incident as in its file: the base for edits.
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

/// The workspace that a plan is made for.
#[derive(Debug)]
pub(crate) struct Known<'l, F> {
    /// The incidents that have a file.
    pub files: &'l [F],
    /// The files that cannot be read. Records that may belong to them are left out.
    pub broken: &'l [Broken],
    /// The order of trust among kinds of evidence.
    pub trust: Trust<'l>,
}

impl<F: KnownIncident> Known<'_, F> {
    /// The ids in use.
    fn names(&self) -> Names {
        let broken = self.broken.iter().map(|broken| broken.stem().to_owned());
        Names::new(self.files.iter().map(|file| file.incident().id.to_string()).chain(broken))
    }
}

/// The bytes of an input, which are stored as evidence.
#[derive(Debug, Clone)]
pub(crate) struct Original<'r> {
    /// Where they come from, with their hash and without a path.
    pub from: Provenance,
    /// The name of the input in messages.
    pub label: &'r str,
    /// The extension of the evidence file, without its dot.
    pub ending: String,
    /// The bytes.
    pub bytes: &'r [u8],
}

/// Whether bytes can be stored at a path in the workspace: nothing exists there, or the same bytes
/// do.
pub(crate) type IsFree<'f> = &'f dyn Fn(&str, &[u8]) -> bool;

impl Original<'_> {
    /// The path in the workspace for the bytes of the source `key` of an incident. Other bytes at
    /// that path belong to a deleted incident file, and are not overwritten.
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
pub(crate) struct Stored {
    /// The path relative to the workspace, with `/` between the parts.
    pub path: String,
    /// The index of the input.
    pub input: usize,
}

/// The change of one incident.
#[derive(Debug)]
pub(crate) struct Change<'l> {
    /// The index of its file in [`Known::files`]; `None` for a new incident.
    pub file: Option<usize>,
    /// The incident after the change.
    pub incident: Cow<'l, Incident>,
    /// The edits of an existing file; empty if it does not change.
    pub edits: Vec<Edit>,
    /// The notes about it.
    pub notes: Vec<Diagnostic>,
    /// The indices of the records that it consists of. The first one created it.
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

    /// Adds the plan of another record.
    fn extend(&mut self, plan: super::Plan) {
        self.notes.extend(plan.notes);
        if !plan.edits.is_empty() {
            let incident = self.incident.to_mut();
            plan.edits.iter().for_each(|edit| edit.apply(incident));
            self.edits.extend(plan.edits);
        }
    }
}

/// An incident that is not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// The title of the incident.
    pub title: String,
    /// The reason, and what to do.
    pub problem: Box<Diagnostic>,
    /// The indices of its records.
    pub records: Vec<usize>,
}

/// The changes for all records of an import.
#[derive(Debug, Default)]
pub(crate) struct Planned<'l> {
    /// One change per incident.
    pub changes: Vec<Change<'l>>,
    /// The records that are not imported.
    pub left_out: Vec<LeftOut>,
    /// Notes that do not concern a single incident.
    pub notes: Vec<Diagnostic>,
}
