//! Infers milestones from the entries of a timeline together, where no entry states them
//! explicitly.
//!
//! A timeline is a story: the first failure is the start of the impact, the first person to notice
//! it has detected it, and the last entry on which the failed part works again is the end. An entry
//! by itself can be about anything, so these readings count only if nothing else in the document
//! states the milestone.

use std::sync::LazyLock;

use regex::Regex;

use super::statements;
use crate::model::milestone::MilestoneName::{
    self, AcknowledgedAt, DeclaredAt, DetectedAt, FirstNoticeAt, IdentifiedAt, ImpactEnd,
    ImpactStart, MitigatedAt, ResolvedAt,
};
use crate::model::time::{Moment, Precision};
use crate::sources::record::{ProseMilestone, RowRecord};
use crate::sources::writeups::shape::blocks::plain;

/// The number of entries searched for the first failure. The entries before it are the trigger.
const BEFORE_FAILURE: usize = 6;

/// The number of entries searched for the detection.
const BEFORE_NOTICE: usize = 3;

/// Adds the inferred start and detection.
pub(crate) fn tell(
    rows: &mut [RowRecord],
    stated: &[(MilestoneName, Moment)],
    in_prose: &[ProseMilestone],
) {
    if first_post(rows, stated, in_prose) {
        return;
    }
    first_failure(rows, stated, in_prose);
    first_noticing(rows, stated, in_prose);
}

fn is_known(
    name: MilestoneName,
    rows: &[RowRecord],
    stated: &[(MilestoneName, Moment)],
    in_prose: &[ProseMilestone],
) -> bool {
    stated.iter().any(|(other, _)| *other == name)
        || in_prose.iter().any(|found| found.name == name)
        || rows.iter().any(|row| row.shows(name))
}

/// Returns the first paragraph of an entry as plain text.
fn words_of(row: &RowRecord) -> String {
    plain(row.text.split("\n\n").next().unwrap_or_default())
}

fn has_clock(row: &RowRecord) -> bool {
    row.at.is_some_and(|at| at.precision() >= Precision::Minute)
}

/// Returns the state that a status page post begins with.
fn state_of(row: &RowRecord) -> Option<String> {
    static STATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:Resolved|Monitoring|Update|Identified|Investigating|Completed|In progress|Mitigated|Recovering)(?:: | - | – )")
            .expect("valid built-in regex")
    });
    let words = words_of(row);
    let state = STATE.find(&words)?.as_str();
    Some(state.trim_end_matches([':', ' ', '-', '–']).to_owned())
}

/// Whether the entries are posts of a status page.
fn are_posts(rows: &[RowRecord]) -> bool {
    rows.iter().filter(|row| state_of(row).is_some()).count() >= 2
}

/// Marks the first post of a status page as the first notice. Returns true if the entries are
/// posts: these describe events that began before them, so they state no start.
fn first_post(
    rows: &mut [RowRecord],
    stated: &[(MilestoneName, Moment)],
    in_prose: &[ProseMilestone],
) -> bool {
    if !are_posts(rows) {
        return false;
    }
    let is_new = !is_known(FirstNoticeAt, rows, stated, in_prose);
    let first = rows.iter_mut().filter(|row| has_clock(row)).min_by_key(|row| row.at);
    if let Some((row, state)) =
        first.and_then(|row| state_of(row).map(|state| (row, state))).filter(|_| is_new)
    {
        row.states.push((FirstNoticeAt, state));
    }
    true
}

/// Marks the first failure in a timeline as the start of the impact. A failure after someone began
/// to work on it is a further one.
fn first_failure(
    rows: &mut [RowRecord],
    stated: &[(MilestoneName, Moment)],
    in_prose: &[ProseMilestone],
) {
    if is_known(ImpactStart, rows, stated, in_prose) {
        return;
    }
    let known = [AcknowledgedAt, DeclaredAt, IdentifiedAt, MitigatedAt, ImpactEnd, ResolvedAt];
    let mut earliest: Option<Moment> = None;
    for row in rows.iter_mut().filter(|row| row.at.is_some()).take(BEFORE_FAILURE) {
        // An entry out of order is not the first.
        let is_forward = earliest.is_none_or(|before| row.at.is_some_and(|at| at >= before));
        if known.iter().any(|name| row.shows(*name)) || !has_clock(row) || !is_forward {
            return;
        }
        earliest = row.at;
        if let Some(words) = statements::failure(&words_of(row)) {
            row.states.push((ImpactStart, words));
            return;
        }
        // A failure after the detection is a finding.
        if row.shows(DetectedAt) {
            return;
        }
    }
}

/// Marks the first entry about noticing something as the detection.
fn first_noticing(
    rows: &mut [RowRecord],
    stated: &[(MilestoneName, Moment)],
    in_prose: &[ProseMilestone],
) {
    if is_known(DetectedAt, rows, stated, in_prose) {
        return;
    }
    let later = [IdentifiedAt, MitigatedAt, ImpactEnd, ResolvedAt];
    let before = |row: &&mut RowRecord| !later.iter().any(|name| row.shows(*name));
    // Something noticed later in the story is something else.
    let timed = rows.iter_mut().take_while(before).filter(|row| row.at.is_some());
    for row in timed.take(BEFORE_NOTICE) {
        if let Some(words) = statements::noticing(&words_of(row)).filter(|_| has_clock(row)) {
            row.states.push((DetectedAt, words));
            return;
        }
    }
}

/// Adds the inferred end: the last entry on which what failed works again, with no failure after
/// it.
pub(crate) fn tell_end(
    rows: &mut [RowRecord],
    stated: &[(MilestoneName, Moment)],
    in_prose: &[ProseMilestone],
    title: &str,
) {
    if is_known(ImpactEnd, rows, stated, in_prose) || are_posts(rows) {
        return;
    }
    let begun = rows
        .iter()
        .filter(|row| row.shows(ImpactStart) || row.shows(DetectedAt))
        .filter_map(|row| row.at)
        .chain(stated.iter().filter(|(name, _)| *name == ImpactStart).map(|(_, at)| *at))
        .min();
    let Some(begun) = begun else { return };
    let over = stated
        .iter()
        .filter(|(name, _)| *name == ResolvedAt)
        .map(|(_, at)| *at)
        .chain(rows.iter().filter(|row| row.shows(ResolvedAt)).filter_map(|row| row.at))
        .max();
    let mut failed = title.to_owned();
    for row in rows.iter().filter(|row| row.shows(ImpactStart) || row.shows(DetectedAt)) {
        failed.push(' ');
        failed.push_str(&row.text);
    }
    for row in rows.iter_mut().rev().filter(|row| row.at.is_some()) {
        let words = words_of(row);
        let Some(at) = row.at.filter(|at| at.earliest() > begun.latest()) else { return };
        let is_after = over.is_some_and(|over| at.earliest() > over.latest());
        if is_after || !has_clock(row) {
            continue;
        }
        if let Some(words) = statements::recovery(&words, &failed) {
            row.states.push((ImpactEnd, words));
            return;
        }
        if statements::failure(&words).is_some() {
            return;
        }
    }
}
