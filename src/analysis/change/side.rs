//! One of the two versions that are compared.

use std::borrow::Cow;

use crate::analysis::config::Definitions;
use crate::model::Incident;
use crate::model::milestone::MilestoneName;

/// One version of an incident, with what the numbers meant at that time.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// The definitions that held.
    pub definitions: &'a Definitions,
    /// The milestones of `incident` that its file does not state: its evidence sets them.
    pub proven: &'a [MilestoneName],
}

impl Side<'_> {
    /// The incident as the file has it: what its entries prove is a change of the entries.
    pub(super) fn as_written(&self) -> Cow<'_, Incident> {
        if self.proven.is_empty() {
            return Cow::Borrowed(self.incident);
        }
        let mut written = self.incident.clone();
        self.proven.iter().for_each(|&name| *written.milestones.slot(name) = None);
        Cow::Owned(written)
    }
}
