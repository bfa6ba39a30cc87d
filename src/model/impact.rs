//! Who was harmed, how badly, and when.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::origin::EntryRef;
use super::time::Moment;
use super::words::{Figure, words};

words! {
    /// How bad it was. Ordered: at one instant the worst level wins.
    Level {
        /// Slower or poorer than it should be.
        Degraded = "degraded",
        /// Broken for some.
        Partial = "partial",
        /// Broken for all.
        Full = "full",
    }
}

/// One stretch of harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// When it began.
    pub start: Moment,
    /// When it ended; `null` or absent while it goes on.
    #[serde(default)]
    pub end: Option<Moment>,
    /// How bad it was; unknown if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// What was affected; everything in `services` if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<String>,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<EntryRef>,
}

/// The harm of one incident. Figures are kept as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Impact {
    /// What users saw, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// When; several windows are normal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<Window>,
    /// The affected components as a status page groups them: group → names. Those of no group
    /// stand under the empty name.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub components: IndexMap<String, Vec<String>>,
    /// What was checked and found unharmed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_affected: Vec<String>,
    /// Customers harmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customers: Option<Figure>,
    /// Users harmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Figure>,
    /// Requests that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_failed: Option<Figure>,
    /// Data lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_loss: Option<Figure>,
    /// Money lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<Figure>,
    /// Support tickets opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_tickets: Option<Figure>,
    /// Share of the error budget spent.
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

    /// Whether nothing at all is said.
    pub fn is_empty(&self) -> bool {
        *self == Impact::default()
    }
}
