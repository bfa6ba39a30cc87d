//! Which record comes first, and which of two tells more.

use std::cmp::Reverse;

use crate::model::time::{Moment, Precision};
use crate::sources::record::IncidentRecord;

/// The earliest time that the record has, to order and to name by.
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

/// How little a record tells, to compare two of one incident: one that has its latest post only is
/// the worst, one whose times are coarse the next. Finer than seconds is no better.
pub fn coarseness(record: &IncidentRecord) -> impl Ord + Copy + use<> {
    let finest =
        record.updates.iter().map(|update| update.at.precision().min(Precision::Second)).max();
    (record.latest_only, Reverse(finest))
}
