//! Which part of a period the imported histories cover: outside of it, no incident is no evidence.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::options::StatsOptions;
use super::row::Row;

/// What is imported of one history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Covered {
    /// The host of a status page, or the format of a file.
    pub source: String,
    /// The first time in any of its records. The history may go further back.
    pub from: DateTime<Utc>,
    /// When it was last fetched, or the last time in any of its records.
    pub to: DateTime<Utc>,
    /// The share of the period that is between the two, 0 to 1. A period without a start begins
    /// with the first record, and one without an end goes to the table's instant. `None` where no
    /// period was asked for.
    pub share: Option<f64>,
}

/// The histories of `rows` by name, whatever their period.
pub(super) fn covered(rows: &[&Row], options: &StatsOptions) -> Vec<Covered> {
    let mut reach: BTreeMap<&str, (DateTime<Utc>, DateTime<Utc>)> = BTreeMap::new();
    for history in rows.iter().flat_map(|row| &row.histories) {
        let (first, last) = (history.from, history.to);
        reach
            .entry(&history.source)
            .and_modify(|(from, to)| (*from, *to) = (first.min(*from), last.max(*to)))
            .or_insert((first, last));
    }
    let covered = |(source, (from, to)): (&str, (DateTime<Utc>, DateTime<Utc>))| Covered {
        source: source.to_owned(),
        from,
        to,
        share: share(from, to, options),
    };
    reach.into_iter().map(covered).collect()
}

fn share(from: DateTime<Utc>, to: DateTime<Utc>, options: &StatsOptions) -> Option<f64> {
    if options.since.is_none() && options.until.is_none() {
        return None;
    }
    let start = options.since.unwrap_or(from);
    // What is still to come cannot be covered.
    let end = [options.until, options.now].into_iter().flatten().min()?;
    let length = (end - start).as_seconds_f64();
    let inside = (to.min(end) - from.max(start)).as_seconds_f64();
    (length > 0.0).then(|| (inside / length).clamp(0.0, 1.0))
}
