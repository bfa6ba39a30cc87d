//! One of the two versions that are compared.

use std::borrow::Cow;

use crate::analysis::config::Definitions;
use crate::model::Incident;
use crate::model::milestone::MilestoneName;

/// A version of an incident, with the definitions of its time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// The definitions at that time.
    pub definitions: &'a Definitions,
    /// The milestones of `incident` that its evidence sets and the file does not state.
    pub proven: &'a [MilestoneName],
}

impl Side<'_> {
    /// The incident as in its file. A change of a proven milestone is reported as a change of its
    /// entries.
    pub(super) fn as_written(&self) -> Cow<'_, Incident> {
        if self.proven.is_empty() {
            return Cow::Borrowed(self.incident);
        }
        let mut written = self.incident.clone();
        self.proven.iter().for_each(|&name| *written.milestones.slot(name) = None);
        Cow::Owned(written)
    }
}
