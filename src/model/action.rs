//! Follow-ups: the work that an incident leaves to do.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::dates;
use super::word_enums::words;

words! {
    /// What a follow-up is for.
    ActionType {
        /// It prevents the same incident.
        Prevent = "prevent",
        /// It makes detection faster.
        Detect = "detect",
        /// It makes the impact smaller or shorter.
        Mitigate = "mitigate",
        /// It improves the response.
        Process = "process",
        /// It finds out more.
        Investigate = "investigate",
        /// It repairs what was broken.
        Repair = "repair",
    }
}

words! {
    /// Whether a follow-up is done.
    ActionStatus {
        /// Nobody has started it.
        Open = "open",
        /// Somebody is working on it.
        InProgress = "in_progress",
        /// It is done.
        Done = "done",
        /// It will not be done.
        Dropped = "dropped",
    }
}

/// A follow-up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ActionItem {
    /// An id that is unique within the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What has to be done, in Markdown.
    pub text: String,
    /// What the follow-up is for.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ActionType>,
    /// Who is responsible for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its priority, in your own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// The day by which it should be done.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "dates::day")]
    pub due: Option<NaiveDate>,
    /// The number or the address of its ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Whether it is done. A follow-up without a status counts as open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ActionStatus>,
    /// The ids of the causes and contributing factors that it addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
}

impl ActionItem {
    /// Whether it is not done yet. A follow-up without a status counts as open.
    pub fn is_open(&self) -> bool {
        !matches!(self.status, Some(ActionStatus::Done | ActionStatus::Dropped))
    }
}
