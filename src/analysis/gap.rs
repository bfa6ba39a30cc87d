//! Why a duration has no value, and the remarks next to one that has.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::zone::Zone;

/// A moment at which a duration starts or ends. Its [`Display`](fmt::Display) is the name of the
/// field in an incident file.
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

/// The length so far of something without an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoFar {
    /// The length from its start until `as_of`.
    pub length: Elapsed,
    /// The instant given as now, with the precision of the length.
    pub as_of: Moment,
    /// The zone of the incident, in which `as_of` is displayed.
    pub zone: Zone,
}

impl fmt::Display for SoFar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "so far {} as of {}", self.length, self.as_of.display_in(self.zone))
    }
}

/// Why a duration has no value. Its [`Display`](fmt::Display) is a clause with the names of the
/// fields: `detected_at is unknown`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// The downtime was planned.
    Maintenance,
    /// There was no impact.
    NearMiss,
    /// It has no end yet.
    Ongoing {
        /// The length so far; `None` without a stated `now`.
        so_far: Option<SoFar>,
    },
    /// It is mitigated but not resolved yet.
    Unresolved {
        /// The length so far; `None` without a stated `now`.
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
    /// The end precedes the start, which is possible: an incident that was detected or reported
    /// only after it ended contradicts nothing.
    OverBefore {
        /// The end, which comes first.
        end: MilestoneName,
        /// The start, which comes last.
        start: MilestoneName,
    },
    /// The end precedes the start, which is impossible.
    Backwards {
        /// The end, which comes first.
        end: MilestoneName,
        /// The start, which comes last.
        start: Anchor,
    },
}

impl Gap {
    /// Whether the measured time is ongoing, so that an aggregate counts it as censored; and its
    /// length so far, if it is known.
    pub(crate) fn censored(&self) -> Option<Option<Elapsed>> {
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

/// A remark next to a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Detected before the impact, by this much.
    Proactive(Elapsed),
    /// Announced before the impact, by this much.
    Announced(Elapsed),
    /// No window is recorded; the two milestones are used as one.
    Implied,
    /// The impact came in several periods.
    Several {
        /// The number of periods.
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
