//! Who was affected, how badly, and when.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::origin::EntryRef;
use super::time::Moment;
use super::word_enums::{Figure, words};

words! {
    /// How severe the impact was. If windows overlap, the worst level counts.
    Level {
        /// It worked, but slowly or badly.
        Degraded = "degraded",
        /// It failed for some users.
        Partial = "partial",
        /// It failed for all users.
        Full = "full",
    }
}

/// A period of impact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// When the impact began.
    pub start: Moment,
    /// When the impact ended; absent or `null` while it is ongoing.
    #[serde(default)]
    pub end: Option<Moment>,
    /// How severe the impact was; unknown if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The components that were affected; if absent, everything in `services`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<String>,
    /// The source that states this window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<EntryRef>,
}

/// Who was affected, how badly, and when. Figures are shown as they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Impact {
    /// What users noticed, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The periods of impact. They may overlap, and there may be several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<Window>,
    /// The affected components, grouped as on a status page: the name of each group with a list of
    /// components. Use `""` as the name for components without a group.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub components: IndexMap<String, Vec<String>>,
    /// What was checked and was not affected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_affected: Vec<String>,
    /// The number of affected customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customers: Option<Figure>,
    /// The number of affected users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Figure>,
    /// The number of failed requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_failed: Option<Figure>,
    /// The data that was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_loss: Option<Figure>,
    /// The revenue that was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<Figure>,
    /// The number of support tickets about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_tickets: Option<Figure>,
    /// The share of the error budget that was spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slo_burn: Option<Figure>,
}

impl Impact {
    /// The figures that are known, each with its label.
    pub fn figures(&self) -> impl Iterator<Item = (&'static str, &Figure)> {
        [
            ("Customers", &self.customers),
            ("Users", &self.users),
            ("Requests failed", &self.requests_failed),
            ("Data loss", &self.data_loss),
            ("Revenue", &self.revenue),
            ("Support tickets", &self.support_tickets),
            ("Error budget spent", &self.slo_burn),
        ]
        .into_iter()
        .filter_map(|(label, figure)| Some((label, figure.as_ref()?)))
    }

    /// Whether every field is absent.
    pub fn is_empty(&self) -> bool {
        *self == Impact::default()
    }
}
