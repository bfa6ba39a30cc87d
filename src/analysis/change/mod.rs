//! The changes in meaning between two versions of an incident.
//!
//! The versions are compared as trees in which equivalent values are equal: comments, quotes, the
//! order of keys and of list items, an instant in another zone, and a default that is written out
//! are not changes. Every other difference is reported once, as a [`FieldChange`]. Which of them
//! moved a duration is computed rather than guessed: the old version is measured again with parts
//! of the new one.

mod causes;
mod duration_change;
mod field;
mod items;
mod renames;
mod set;
mod settings;
mod side;
mod tree;
mod wrapping;

#[cfg(test)]
mod tests;

pub(crate) use duration_change::{Cause, DurationChange};
pub(crate) use field::{FieldChange, Value, What};
pub(crate) use items::Item;
pub(crate) use renames::{alike, same_record};
pub(crate) use set::{SetChange, SetSummary, compare_sets};
pub(crate) use settings::{Redefined, redefined};
pub(crate) use side::Side;

use super::duration_name::DurationName;
use super::rules::Finding;

/// The changes in meaning.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Change {
    /// The durations that changed, in the order of [`DurationName`].
    pub durations: Vec<DurationChange>,
    /// The fields that changed, in the order of the file format.
    pub fields: Vec<FieldChange>,
}

impl Change {
    /// Whether the meaning is unchanged.
    pub(crate) fn is_empty(&self) -> bool {
        self.durations.is_empty() && self.fields.is_empty()
    }
}

/// Compares two versions of an incident, each with the definitions of its time.
pub(crate) fn compare(before: Side, after: Side) -> Change {
    let trees = (tree::of(&before.as_written()), tree::of(&after.as_written()));
    let fields = tree::compare(&trees.0, &trees.1);
    let durations = causes::durations(before, after, &trees, &fields);
    Change { durations, fields }
}

/// The names of the durations that changed, without their causes.
pub(crate) fn moved_durations(before: Side, after: Side) -> Vec<DurationName> {
    causes::moved(before, after).into_iter().map(|(duration, _)| duration.name).collect()
}

/// The findings that were added, and those that were removed. A finding that moved to another line,
/// or that has another text at the same place, is neither.
pub(crate) fn compare_findings(
    before: &[Finding],
    after: &[Finding],
) -> (Vec<Finding>, Vec<Finding>) {
    let mut gone: Vec<&Finding> = before.iter().collect();
    let mut new: Vec<&Finding> = after.iter().collect();
    let same: [fn(&Finding, &Finding) -> bool; 2] = [
        |a, b| a.rule == b.rule && a.message == b.message,
        |a, b| a.rule == b.rule && a.path == b.path,
    ];
    for is_same in same {
        new.retain(|finding| {
            let known = gone.iter().position(|old| is_same(old, finding));
            known.map(|position| gone.remove(position)).is_none()
        });
    }
    (new.into_iter().cloned().collect(), gone.into_iter().cloned().collect())
}
