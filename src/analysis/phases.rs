//! The durations of one incident, each with its definition.

use crate::model::elapsed::Elapsed;
use crate::model::words::words;

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

/// One duration of one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration {
    /// Which.
    pub name: DurationName,
    /// How it is computed: `resolved_at − impact_start`.
    pub definition: String,
    /// How long, or why nobody can say, in one clause: `detected_at is unknown`.
    pub value: Result<Elapsed, String>,
    /// A remark that belongs beside the number: `proactive, 3 min before impact`, `so far, as of …`.
    pub remark: Option<String>,
}
