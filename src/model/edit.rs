//! Changes that a program may make to a person's file.
//!
//! An import appends entries and sources and sets what is absent; nothing else. An edit is data:
//! the same edit changes the model in memory and the text of the file, and `store` compares the two
//! results before it writes anything.

use chrono::{DateTime, Utc};

use super::Incident;
use super::impact::Window;
use super::milestone::{Milestone, MilestoneName};
use super::origin::SourceInfo;
use super::timeline::Entry;

/// One change to an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Adds an entry at the end of the timeline.
    AppendEntry(Entry),
    /// Replaces the entry at an index of the timeline.
    ReplaceEntry(usize, Entry),
    /// Adds a source under a key that is not in use.
    AddSource(String, SourceInfo),
    /// Sets `revised_at` of the source under a key.
    ReviseSource(String, DateTime<Utc>),
    /// Sets a milestone that is absent.
    SetMilestone(MilestoneName, Milestone),
    /// Adds a window of impact to a file that has none.
    AddWindow(Window),
}

impl Edit {
    /// Makes this change to `incident`.
    pub fn apply(&self, incident: &mut Incident) {
        match self {
            Edit::AppendEntry(entry) => incident.timeline.push(entry.clone()),
            Edit::ReplaceEntry(index, entry) => {
                if let Some(place) = incident.timeline.get_mut(*index) {
                    *place = entry.clone();
                }
            }
            Edit::AddSource(key, source) => {
                incident.sources.insert(key.clone(), source.clone());
            }
            Edit::ReviseSource(key, at) => {
                if let Some(source) = incident.sources.get_mut(key) {
                    source.revised_at = Some(*at);
                }
            }
            Edit::SetMilestone(name, milestone) => {
                *incident.milestones.slot(*name) = Some(milestone.clone());
            }
            Edit::AddWindow(window) => incident.impact.windows.push(window.clone()),
        }
    }
}
