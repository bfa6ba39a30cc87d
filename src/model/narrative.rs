//! How an incident was noticed, why it happened, how it ended and what was learned.

use serde::{Deserialize, Serialize};

use super::origin::EntryRef;
use super::time::Moment;
use super::word_enums::words;

words! {
    /// How an incident was first noticed.
    DetectionMethod {
        /// An alert fired.
        Alert = "alert",
        /// Somebody saw it on a dashboard.
        Monitoring = "monitoring",
        /// A colleague reported it.
        InternalReport = "internal_report",
        /// A customer reported it.
        CustomerReport = "customer_report",
        /// A partner reported it.
        Partner = "partner",
        /// A vendor reported it.
        VendorNotice = "vendor_notice",
    }
}

/// How the incident was noticed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Detection {
    /// How it was first noticed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<DetectionMethod>,
    /// The alert, the monitor or the person that noticed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How it was noticed, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What would have detected it sooner, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub could_be_faster: Option<String>,
}

/// What set the incident off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Trigger {
    /// The kind of event: `deploy`, `config_push`, `migration`, `load`, `dependency`, `hardware` …
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The change that was made, for example its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// When the change was live. The duration `fdrt` (DORA's failed deployment recovery time)
    /// starts here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployed_at: Option<Moment>,
    /// What the event did, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A root cause or a contributing factor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cause {
    /// An id that is unique within the incident, so that follow-ups can name the cause in
    /// `addresses`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A category of your own to group causes by: `software`, `process`, `capacity`, `dependency` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The cause, in Markdown.
    pub text: String,
    /// The cause in one sentence, for the first page of a report; without it, that page has the
    /// first sentence of `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// The source that states this cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<EntryRef>,
}

/// What ended the incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Resolution {
    /// What ended the impact, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temporary: Option<String>,
    /// What removed the cause, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permanent: Option<String>,
    /// The fix in one sentence, for the first page of a report; without it, that page has the first
    /// sentence of `permanent`, or else of `temporary`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
}

/// What was learned. Each item is Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lessons {
    /// What the team knows now and did not know before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub learned: Vec<String>,
    /// What went well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub went_well: Vec<String>,
    /// What went poorly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub went_poorly: Vec<String>,
    /// Where the team was lucky.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lucky: Vec<String>,
    /// What was tried and did not help.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrong_turns: Vec<String>,
    /// What nobody expected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub surprised_by: Vec<String>,
}

impl Lessons {
    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        *self == Lessons::default()
    }
}

/// A question that is not answered yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenQuestion {
    /// The question, in Markdown.
    pub question: String,
    /// Who asked it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
    /// The answer, once it is known, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}
