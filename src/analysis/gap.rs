//! Why a duration has no value, and what belongs beside one that has.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::zone::Zone;

/// A moment that a duration begins or ends at. Its [`Display`](fmt::Display) is the name of the field
/// in an incident file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// A milestone.
    Milestone(MilestoneName),
    /// When the deployment that was the trigger went live.
    Deployment,
}

impl From<MilestoneName> for Anchor {
    fn from(name: MilestoneName) -> Self {
        Anchor::Milestone(name)
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Anchor::Milestone(name) => name.fmt(f),
            Anchor::Deployment => f.write_str("trigger.deployed_at"),
        }
    }
}

/// How long something has been going on that has no end yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoFar {
    /// From its start until `as_of`.
    pub length: Elapsed,
    /// The instant that the command was given as now, as precise as the length.
    pub as_of: Moment,
    /// The incident's zone, to show `as_of` in.
    pub zone: Zone,
}

impl fmt::Display for SoFar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "so far {} as of {}", self.length, self.as_of.display_in(self.zone))
    }
}

/// Why a duration has no value. Its [`Display`](fmt::Display) is one clause with the names of the
/// fields: `detected_at is unknown`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// The downtime was planned.
    Maintenance,
    /// There was no impact.
    NearMiss,
    /// It has no end yet.
    Ongoing {
        /// How long it has been; `None` where no now is stated.
        so_far: Option<SoFar>,
    },
    /// It is mitigated, and not yet resolved.
    Unresolved {
        /// How long it has been; `None` where no now is stated.
        so_far: Option<SoFar>,
    },
    /// One end of the duration is unknown.
    Unknown(Anchor),
    /// There are no impact windows to add up.
    NoWindows,
    /// The trigger is not a deployment.
    NoDeployment {
        /// Whether the type of the trigger is known.
        known: bool,
    },
    /// It was over before the duration's start, which happens: what nobody noticed until then, or
    /// wrote about only afterwards, contradicts nothing.
    OverBefore {
        /// The end that comes first.
        end: MilestoneName,
        /// The start that comes last.
        start: MilestoneName,
    },
    /// The end comes before the start, which cannot be.
    Backwards {
        /// The end that comes first.
        end: MilestoneName,
        /// The start that comes last.
        start: Anchor,
    },
}

impl Gap {
    /// Whether the thing measured is still going on, so that an aggregate counts it as censored; and
    /// how long it has been, where that can be said.
    pub(super) fn censored(&self) -> Option<Option<Elapsed>> {
        match self {
            Gap::Ongoing { so_far } | Gap::Unresolved { so_far } => {
                Some(so_far.map(|so_far| so_far.length))
            }
            Gap::Maintenance
            | Gap::NearMiss
            | Gap::Unknown(_)
            | Gap::NoWindows
            | Gap::NoDeployment { .. }
            | Gap::OverBefore { .. }
            | Gap::Backwards { .. } => None,
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gap::Maintenance => f.write_str("maintenance is outside every duration"),
            Gap::NearMiss => f.write_str("near miss: there was no impact"),
            Gap::Ongoing { so_far: Some(so_far) } => write!(f, "still ongoing; {so_far}"),
            Gap::Ongoing { so_far: None } => f.write_str("still ongoing"),
            Gap::Unresolved { .. } => f.write_str("mitigated but not yet resolved"),
            Gap::Unknown(anchor) => write!(f, "{anchor} is unknown"),
            Gap::NoWindows => f.write_str("no impact window is known"),
            Gap::NoDeployment { known: true } => f.write_str("the trigger is not a deployment"),
            Gap::NoDeployment { known: false } => f.write_str("the type of the trigger is unknown"),
            Gap::OverBefore { end, start } => {
                let over = if *end == MilestoneName::ResolvedAt { "resolved" } else { "recovered" };
                let start = if *start == MilestoneName::DetectedAt {
                    "detection"
                } else {
                    "the first notice"
                };
                write!(f, "{over} before {start}")
            }
            Gap::Backwards { end, start } => write!(f, "{end} is before {start}"),
        }
    }
}

impl Serialize for Gap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What belongs beside a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Detected before the impact, by this much.
    Proactive(Elapsed),
    /// Announced before the impact, by this much.
    Announced(Elapsed),
    /// No window is recorded; the two milestones stand for one.
    Implied,
    /// The impact came in several periods.
    Several {
        /// How many.
        count: usize,
        /// From the start of the first to the end of the last.
        span: Elapsed,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::Proactive(lead) => write!(f, "proactive, {lead} before impact"),
            Remark::Announced(lead) => write!(f, "announced {lead} before impact"),
            Remark::Implied => f.write_str("taken as one window from impact_start to impact_end"),
            Remark::Several { count, span } => write!(f, "{count} periods within {span}"),
        }
    }
}
