//! The timeline and its entries.

use serde::{Deserialize, Serialize};

use super::milestone::MilestoneName;
use super::origin::EntryRef;
use super::time::Moment;
use super::word_enums::words;

words! {
    /// What kind of event an entry is about.
    EntryKind {
        /// An alert fired or cleared.
        Alert = "alert",
        /// A post on a status page.
        StatusUpdate = "status_update",
        /// A message in a chat or an e-mail.
        Message = "message",
        /// A change was deployed or rolled back.
        Deploy = "deploy",
        /// A metric changed.
        Metric = "metric",
        /// Somebody did something.
        Action = "action",
        /// Something was decided.
        Decision = "decision",
        /// Anything else.
        Note = "note",
    }
}

words! {
    /// The state that a status update announces.
    State {
        /// The cause is being looked for.
        Investigating = "investigating",
        /// The cause is known.
        Identified = "identified",
        /// A fix is in place and is being watched.
        Monitoring = "monitoring",
        /// The incident is over.
        Resolved = "resolved",
        /// News without a change of the state.
        Update = "update",
        /// A write-up was published.
        Postmortem = "postmortem",
        /// Maintenance was announced.
        Scheduled = "scheduled",
        /// Maintenance began.
        InProgress = "in_progress",
        /// Maintenance is being verified.
        Verifying = "verifying",
        /// Maintenance is over.
        Completed = "completed",
    }
}

impl State {
    /// Whether this state ends an incident or a maintenance.
    pub fn is_terminal(self) -> bool {
        matches!(self, State::Resolved | State::Completed)
    }

    /// Whether this state is a phase of the incident; an update and a write-up are not.
    pub fn is_phase(self) -> bool {
        !matches!(self, State::Update | State::Postmortem)
    }

    /// The step of the life cycle of an incident or of a maintenance; `None` for an update.
    pub fn step(self) -> Option<u8> {
        Some(match self {
            State::Investigating | State::Scheduled => 0,
            State::Identified | State::InProgress => 1,
            State::Monitoring | State::Verifying => 2,
            State::Resolved | State::Completed => 3,
            State::Postmortem => 4,
            State::Update => return None,
        })
    }
}

words! {
    /// Who may read an entry.
    Visibility {
        /// Everyone.
        Public = "public",
        /// The company.
        Internal = "internal",
        /// Only readers of reports that are rendered with `--audience restricted`.
        Restricted = "restricted",
    }
}

/// An entry of the timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Entry {
    /// When it happened. If absent, the time is unknown, and the entry stays after the one before
    /// it in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// When it ended, for something that took a while.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Moment>,
    /// What happened, in Markdown.
    pub text: String,
    /// What kind of event it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "note"))]
    pub kind: Option<EntryKind>,
    /// For a status update: the state that it announces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Who or what did it or said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Who may read the entry. Reports for other audiences leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "internal"))]
    pub visibility: Option<Visibility>,
    /// The source that the entry comes from, and its record there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<EntryRef>,
    /// The record of another source that reports the same event. An entry with this field is a
    /// duplicate and is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_as: Option<EntryRef>,
    /// The milestone that this entry is evidence for. If `milestones` does not state it, the entry
    /// from the most trusted source sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milestone: Option<MilestoneName>,
    /// Leaves the entry out of reports. Unlike a deleted entry, a hidden one is not added again by
    /// the next import.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl Entry {
    /// The kind; `note` if the file states none.
    pub fn kind(&self) -> EntryKind {
        self.kind.unwrap_or(EntryKind::Note)
    }

    /// The key of its source; `None` if a person wrote the entry.
    pub fn source_key(&self) -> Option<&str> {
        self.source.as_ref().map(|source| source.source.as_str())
    }

    /// Who may read it; `internal` if the file does not say.
    pub fn visibility(&self) -> Visibility {
        self.visibility.unwrap_or(Visibility::Internal)
    }
}
