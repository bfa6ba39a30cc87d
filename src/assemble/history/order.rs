//! The order of records, and which of two copies has more detail.

use std::cmp::Reverse;

use crate::model::time::{Moment, Precision};
use crate::sources::record::IncidentRecord;

/// The earliest time of the record, for sorting and for its id.
pub fn first_seen(record: &IncidentRecord) -> Option<Moment> {
    let planned = record.scheduled.map(|(from, _)| from);
    let started = record
        .impact_start
        .into_iter()
        .chain(record.announced)
        .chain(record.updates.iter().map(|update| update.at))
        .min();
    if record.maintenance { planned.or(started) } else { started }
}

/// The time of its latest post.
pub fn last_post(record: &IncidentRecord) -> Option<Moment> {
    record.updates.iter().map(|update| update.at).max()
}

/// How little detail a record has, for comparing two records of one incident: the worst has only
/// its latest post, the next one has coarse times. Times finer than seconds are no better than
/// seconds.
pub fn coarseness(record: &IncidentRecord) -> impl Ord + Copy + use<> {
    let finest =
        record.updates.iter().map(|update| update.at.precision().min(Precision::Second)).max();
    (record.latest_only, Reverse(finest))
}
