//! Entries that are not in the order of time, and the dates that would correct them.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::context::Context;
use crate::model::Incident;
use crate::model::time::Moment;
use crate::model::timeline::{Entry, EntryKind};
use crate::model::zone::Zone;

/// How long after the last of the others a corrected time may be.
pub(super) const AFTERWARDS: TimeDelta = TimeDelta::hours(6);

/// An entry that is not in the order of time.
pub(super) struct Misplaced {
    /// Its index in the timeline.
    pub(super) index: usize,
    /// Its time.
    pub(super) at: Moment,
    /// The nearest correctly placed entry that should not be later.
    pub(super) before: Option<(usize, Moment)>,
    /// The nearest correctly placed entry that should not be earlier.
    pub(super) after: Option<(usize, Moment)>,
}

/// The smallest set of entries that would have to move so that those of each source are in the
/// order of time. If more than a third (and more than two) would have to move, the list was never
/// in order.
pub(super) fn misplaced(context: &Context) -> Vec<Misplaced> {
    let mut found = Vec::new();
    for mut rows in written_lists(context.incident).into_values() {
        if rows.is_sorted_by_key(|(_, at)| at.middle()) {
            continue;
        }
        let falls = rows.windows(2).filter(|pair| pair[1].1.middle() < pair[0].1.middle()).count();
        let rises = rows.windows(2).filter(|pair| pair[1].1.middle() > pair[0].1.middle()).count();
        if falls > rises {
            rows.reverse();
        }
        let in_order = longest_rise(&rows);
        let out = in_order.iter().filter(|in_order| !**in_order).count();
        if out > 2 && out * 3 > rows.len() {
            continue;
        }
        for (position, &(index, at)) in
            rows.iter().enumerate().filter(|(position, _)| !in_order[*position])
        {
            let well_placed = |other: usize| in_order[other].then(|| rows[other]);
            let before = (0..position).rev().find_map(well_placed);
            let after = (position + 1..rows.len()).find_map(well_placed);
            let is_early = before.is_some_and(|(_, before)| context.surely_before(at, before));
            let is_late = after.is_some_and(|(_, after)| context.surely_before(after, at));
            if is_early || is_late {
                found.push(Misplaced { index, at, before, after });
            }
        }
    }
    found
}

/// The entries with an exact time, by source or person, in the order in which they were written.
fn written_lists(incident: &Incident) -> BTreeMap<Option<&str>, Vec<(usize, Moment)>> {
    let mut lists: BTreeMap<Option<&str>, Vec<(usize, Moment)>> = BTreeMap::new();
    for (index, entry) in incident.timeline.iter().enumerate() {
        let source = entry.source.as_ref().map(|source| source.source.as_str());
        if let Some(at) =
            entry.at.filter(|at| is_written(entry) && !at.is_uncertain() && !at.is_about())
        {
            lists.entry(source).or_default().push((index, at));
        }
    }
    lists
}

/// Whether a person wrote it at this position: machines report a start and an end together.
fn is_written(entry: &Entry) -> bool {
    let by_machine =
        matches!(entry.kind(), EntryKind::Alert | EntryKind::Metric | EntryKind::Deploy);
    !entry.hidden && (entry.source.is_none() || !by_machine)
}

/// For each row, whether it belongs to the longest non-decreasing subsequence. It is searched from
/// the end, so that of two rows that contradict each other the one that jumps back is left out.
fn longest_rise(rows: &[(usize, Moment)]) -> Vec<bool> {
    // For each length, the row that starts the subsequence with the latest start; and for each row,
    // the next one.
    let mut starts: Vec<usize> = Vec::new();
    let mut successor: Vec<Option<usize>> = vec![None; rows.len()];
    for (position, (_, at)) in rows.iter().enumerate().rev() {
        let length = starts.partition_point(|&start| rows[start].1.middle() >= at.middle());
        successor[position] = length.checked_sub(1).map(|shorter| starts[shorter]);
        match starts.get_mut(length) {
            Some(start) => *start = position,
            None => starts.push(position),
        }
    }
    let mut in_order = vec![false; rows.len()];
    let mut next = starts.last().copied();
    while let Some(position) = next {
        in_order[position] = true;
        next = successor[position];
    }
    in_order
}

/// The instant that would put a misplaced entry between its neighbours, if another year, month or
/// day in its date does.
pub(super) fn in_place(context: &Context, row: &Misplaced) -> Option<DateTime<Utc>> {
    let zone = context.incident.zone();
    let (before, after) =
        (row.before.map(|before| before.1.middle()), row.after.map(|after| after.1.middle()));
    let first = before.or(after.map(|after| after - AFTERWARDS))?;
    let last = after.or(before.map(|before| before + AFTERWARDS))?;
    let days =
        [before, after].into_iter().flatten().map(|instant| zone.local(instant).date_naive());
    let moves = days.flat_map(|day| {
        [
            moved(zone, row.at, |date| date.with_year(day.year())),
            moved(zone, row.at, |date| date.with_month(day.month())),
            moved(zone, row.at, |date| date.with_day(day.day())),
            moved(zone, row.at, |date| {
                NaiveDate::from_ymd_opt(date.year(), date.day(), date.month())
            }),
        ]
    });
    let mut meant = moves.flatten().filter(|meant| (first..=last).contains(meant));
    meant.find(|meant| (*meant - row.at.middle()).abs() >= TimeDelta::hours(20))
}

/// `at` on another day, at the same local time.
pub(super) fn moved(
    zone: Zone,
    at: Moment,
    to: impl FnOnce(NaiveDate) -> Option<NaiveDate>,
) -> Option<DateTime<Utc>> {
    let local = zone.local(at.middle()).naive_local();
    zone.instant(to(local.date())?.and_time(local.time())).ok()
}
