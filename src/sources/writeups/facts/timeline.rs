//! The entries of a document's timelines, with their times and the milestones that they state.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::gathered::clean;
use super::statements;
use crate::model::time::{Moment, Read, Remark};
use crate::model::zone::Zone;
use crate::sources::record::{RowRecord, content_id};
use crate::sources::writeups::shape::blocks::plain;
use crate::sources::writeups::times::clock::Clock;
use crate::sources::writeups::times::reading::Times;
use crate::sources::writeups::times::rows::{Row, Rows};
use crate::sources::writeups::times::shorthand;

/// Reads the entries of the timelines.
pub(crate) fn records(
    timelines: &mut [Rows],
    title: &str,
    times: &mut Times<'_, '_>,
) -> Vec<RowRecord> {
    let mut records: Vec<RowRecord> = Vec::new();
    let mut taken = HashSet::new();
    for timeline in timelines.iter_mut() {
        shorthand::write_out(&mut timeline.rows, &times.clock);
    }
    for timeline in timelines.iter() {
        let mut walk = None;
        let mut rows: Vec<&Row> = timeline.rows.iter().collect();
        if is_newest_first(&rows, &times.clock) {
            rows.reverse();
        }
        for (index, row) in rows.iter().enumerate() {
            if row.is_day() {
                times.day(&row.written, &mut walk);
                continue;
            }
            let (at, end) = if row.written.is_empty() {
                (None, None)
            } else {
                times.row(row, &rows[index + 1..], &mut walk)
            };
            let line = times.line_of_row(row);
            let mut record = RowRecord { line, ..record(row, at, end, title) };
            if taken.contains(&record.id) {
                record.id = content_id(&[&row.written, &record.text, &records.len().to_string()]);
            }
            taken.insert(record.id.clone());
            records.push(record);
        }
    }
    records
}

fn record(row: &Row, at: Option<Moment>, end: Option<Moment>, title: &str) -> RowRecord {
    let text = clean(&row.text);
    // A time that cannot be read stays in the text.
    let text = match at {
        None if !row.written.is_empty() => {
            format!("{} {text}", clean(&row.written)).trim_end().to_owned()
        }
        Some(_) if row.is_malformed => {
            format!("{} {text}", clean(&row.written)).trim_end().to_owned()
        }
        _ => text,
    };
    // A milestone that is only known to a day or a part of one would be of no use.
    let mut states =
        if row.is_malformed { Vec::new() } else { statements::of_line(&row.head, title) };
    if states.is_empty()
        && !row.is_malformed
        && let Some((_, body)) = row.text.split_once("\n\n")
        && let Some(first) = body.split("\n\n").next()
    {
        states = statements::of_line(&plain(first), title);
    }
    let states = states.into_iter().map(|found| (found.name, found.phrase)).collect();
    let id = content_id(&[&row.written, &text]);
    RowRecord { id, at, end, text, actor: row.actor.clone(), states, line: None }
}

/// Whether the newest entry comes first: most adjacent entries go back in time.
fn is_newest_first(rows: &[&Row], clock: &Clock) -> bool {
    let some_day = NaiveDate::from_ymd_opt(2000, 1, 1);
    let clock = Clock {
        home: clock.home.or(Some(Zone::UTC)),
        date: clock.date.or(some_day),
        ..clock.clone()
    };
    let read: Vec<_> = rows
        .iter()
        .filter(|row| !row.is_malformed && !row.written.is_empty())
        .filter_map(|row| clock.read(&row.written).ok())
        .collect();
    let is_of_context = |read: &Read| {
        read.remarks.iter().any(|remark| matches!(remark, Remark::DateFromContext(_)))
    };
    let are_dated = !read.iter().any(is_of_context);
    let times: Vec<_> = read.iter().map(|read| read.moment.earliest()).collect();
    let back = times.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let forth = times.windows(2).filter(|pair| pair[1] > pair[0]).count();
    // Entries with their own days can be in one order only.
    back > 2 * forth && (back >= 2 || are_dated)
}
