//! How long users were harmed: the union of the impact windows, never their sum.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use crate::model::Incident;
use crate::model::elapsed::Elapsed;

/// The harm of one incident, added up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImpactSummary {
    /// How many windows there are once those that touch or overlap are one.
    pub count: usize,
    /// The length of the union; `None` when there are no windows, or one is open and no `now` is given.
    pub union: Option<Elapsed>,
    /// From the first start to the last end.
    pub span: Option<Elapsed>,
    /// Whether a window has no end: the lengths are then "so far".
    pub open: bool,
    /// The length at each level, the worst level winning where windows overlap. `unknown` holds
    /// what has no level.
    pub by_level: IndexMap<String, Elapsed>,
    /// The length of each component's own union.
    pub by_component: IndexMap<String, Elapsed>,
}

/// Adds up the impact windows of `incident`. Open windows end at `now`, if it is given.
pub fn summarize(_incident: &Incident, _now: Option<DateTime<Utc>>) -> ImpactSummary {
    ImpactSummary::default()
}
