//! The names of the durations, and how each is computed.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::milestone::MilestoneName;
use crate::model::word_enums::words;

words! {
    /// The names of the durations, as in JSON and `--metric`.
    DurationName {
        /// Time to detect.
        Ttd = "ttd",
        /// Time to acknowledge.
        Tta = "tta",
        /// Time to first notice.
        Ttn = "ttn",
        /// Time to identify.
        Tti = "tti",
        /// Time to mitigate.
        Ttm = "ttm",
        /// Time to resolve.
        Ttr = "ttr",
        /// Time to restore.
        Restore = "restore",
        /// Repair time.
        Repair = "repair",
        /// Response time.
        Response = "response",
        /// Reported duration.
        Reported = "reported",
        /// Impact duration.
        Impact = "impact",
        /// Undetected impact.
        Undetected = "undetected",
        /// DORA's failed deployment recovery time.
        Fdrt = "fdrt",
    }
}

impl DurationName {
    /// The name in words: `time to detect`.
    pub fn in_words(self) -> &'static str {
        match self {
            DurationName::Ttd => "time to detect",
            DurationName::Tta => "time to acknowledge",
            DurationName::Ttn => "time to first notice",
            DurationName::Tti => "time to identify",
            DurationName::Ttm => "time to mitigate",
            DurationName::Ttr => "time to resolve",
            DurationName::Restore => "time to restore",
            DurationName::Repair => "repair time",
            DurationName::Response => "response time",
            DurationName::Reported => "reported duration",
            DurationName::Impact => "impact duration",
            DurationName::Undetected => "undetected impact",
            DurationName::Fdrt => "failed deployment recovery time",
        }
    }

    /// Whether it is measured between two milestones, which `posthoc.toml` can set.
    pub fn is_pair(self) -> bool {
        !matches!(self, DurationName::Impact | DurationName::Undetected | DurationName::Fdrt)
    }

    /// Whether it is zero rather than impossible when its end comes first: detecting or announcing
    /// something before its impact took no time.
    pub fn has_floor(self) -> bool {
        matches!(self, DurationName::Ttd | DurationName::Ttn)
    }
}

/// How a duration is computed. Its [`Display`](fmt::Display) is the formula that is printed with
/// every number: `resolved_at − impact_start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// From one milestone to another.
    Between {
        /// The milestone at the start.
        start: MilestoneName,
        /// The milestone at the end.
        end: MilestoneName,
        /// Whether an end before the start makes it zero rather than impossible.
        has_floor: bool,
    },
    /// The length of the union of the impact windows.
    Impact,
    /// The part of that union before `detected_at`.
    Undetected,
    /// From the deployment that was the trigger to the end of impact.
    SinceDeployment,
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Formula::Between { start, end, has_floor: true } => {
                write!(f, "{end} − {start}, floor 0")
            }
            Formula::Between { start, end, has_floor: false } => write!(f, "{end} − {start}"),
            Formula::Impact => f.write_str("length of the union of the impact windows"),
            Formula::Undetected => {
                f.write_str("part of the union of the impact windows before detected_at")
            }
            Formula::SinceDeployment => {
                f.write_str("impact_end − trigger.deployed_at, where the trigger is a deployment")
            }
        }
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
