//! What the lines of a timeline tell together, where no line states it in so many words.
//!
//! A timeline is a story: what fails first is the impact, who notices it first has detected it, and
//! the last line on which what failed works again is its end. A line by itself could be about
//! anything, so these readings count only where nothing else in the document states the milestone.

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

/// So many lines of a timeline are searched for its first failure: what comes before it is the
/// trigger.
const BEFORE_FAILURE: usize = 6;

/// So many lines of a timeline are searched for who noticed it.
const BEFORE_NOTICE: usize = 3;

/// Adds the beginning and the detection that the lines tell.
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

/// The first paragraph of a line, plain.
fn words_of(row: &RowRecord) -> String {
    plain(row.text.split("\n\n").next().unwrap_or_default())
}

fn has_clock(row: &RowRecord) -> bool {
    row.at.is_some_and(|at| at.precision() >= Precision::Minute)
}

/// The state that a post of a status page begins with.
fn state_of(row: &RowRecord) -> Option<String> {
    static STATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:Resolved|Monitoring|Update|Identified|Investigating|Completed|In progress|Mitigated|Recovering)(?:: | - | – )")
            .expect("valid built-in regex")
    });
    let words = words_of(row);
    let state = STATE.find(&words)?.as_str();
    Some(state.trim_end_matches([':', ' ', '-', '–']).to_owned())
}

/// Whether the lines are posts of a status page.
fn are_posts(rows: &[RowRecord]) -> bool {
    rows.iter().filter(|row| state_of(row).is_some()).count() >= 2
}

/// The first post of a status page is the first notice. What posts describe began before them: they
/// state no beginning. Whether the lines are posts.
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

/// The first failure that a timeline describes is the beginning of the impact. Once somebody works
/// on it, a failure is one more.
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
        // A line out of order is no first.
        let is_forward = earliest.is_none_or(|before| row.at.is_some_and(|at| at >= before));
        if known.iter().any(|name| row.shows(*name)) || !has_clock(row) || !is_forward {
            return;
        }
        earliest = row.at;
        if let Some(words) = statements::failure(&words_of(row)) {
            row.states.push((ImpactStart, words));
            return;
        }
        // What fails after it was noticed is what somebody found.
        if row.shows(DetectedAt) {
            return;
        }
    }
}

/// Who first noticed something has detected it.
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
    // Who notices something later in the story notices another thing.
    let timed = rows.iter_mut().take_while(before).filter(|row| row.at.is_some());
    for row in timed.take(BEFORE_NOTICE) {
        if let Some(words) = statements::noticing(&words_of(row)).filter(|_| has_clock(row)) {
            row.states.push((DetectedAt, words));
            return;
        }
    }
}

/// Adds the end that the last line tells on which what failed works again, and after which nothing
/// fails.
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
