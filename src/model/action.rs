//! What is to be done so that it does not happen again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::dates;
use super::words::words;

words! {
    /// What a follow-up is for.
    ActionType {
        /// So that it cannot happen again.
        Prevent = "prevent",
        /// So that it is noticed sooner.
        Detect = "detect",
        /// So that it does less harm, or ends sooner.
        Mitigate = "mitigate",
        /// So that the response goes better.
        Process = "process",
        /// To find out more.
        Investigate = "investigate",
        /// To mend what was broken.
        Repair = "repair",
    }
}

words! {
    /// Where a follow-up stands.
    ActionStatus {
        /// Not begun.
        Open = "open",
        /// Begun.
        InProgress = "in_progress",
        /// Done.
        Done = "done",
        /// It will not be done.
        Dropped = "dropped",
    }
}

/// One follow-up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ActionItem {
    /// Its name within the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is to be done, in Markdown.
    pub text: String,
    /// What it is for.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ActionType>,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How urgent it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// The day by which it is to be done.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "dates::day")]
    pub due: Option<NaiveDate>,
    /// Its number, or its address, in the tracker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Where it stands; unknown if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ActionStatus>,
    /// The causes and factors that it answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
}

impl ActionItem {
    /// Whether it still has to be done; what has no status counts as open.
    pub fn is_open(&self) -> bool {
        !matches!(self.status, Some(ActionStatus::Done | ActionStatus::Dropped))
    }
}
