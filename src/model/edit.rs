//! Changes that a program may make to a person's file.
//!
//! An import appends entries and sources and sets what is absent; nothing else. An edit is data,
//! so that the model can be changed by it in memory and the file's text in place, and the two
//! compared before anything is written.

use chrono::{DateTime, Utc};

use super::Incident;
use super::impact::Window;
use super::milestone::{Milestone, MilestoneName};
use super::origin::SourceInfo;
use super::timeline::Entry;

/// One change to an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Adds a line to the end of the timeline.
    AppendEntry(Entry),
    /// Replaces the line at an index of the timeline.
    ReplaceEntry(usize, Entry),
    /// Adds a source under a key that is not taken.
    AddSource(String, SourceInfo),
    /// Sets when the source under a key was last changed, to what its newer copy says.
    ReviseSource(String, DateTime<Utc>),
    /// Sets a milestone that is absent.
    SetMilestone(MilestoneName, Milestone),
    /// Adds a window of impact, in a file that had none.
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
