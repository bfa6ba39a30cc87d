//! A difference at one place of a file.

use super::items::Item;
use crate::model::path::Path;
use crate::model::time::Moment;

/// A difference at one place of the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FieldChange {
    /// The path: in the new version, or in the old one for something that was removed.
    pub path: Path,
    /// The list item that contains the value, in the new version.
    pub of: Option<Item>,
    /// The kind of difference.
    pub what: What,
}

/// The kinds of differences.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    /// A list item was added.
    Added(Item),
    /// A list item was removed.
    Removed(Item),
    /// A value was added.
    Set(Value),
    /// A value was removed.
    Unset(Value),
    /// A value was replaced.
    Changed(Value, Value),
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A point in time, which is displayed in the reader's zone.
    Moment(Moment),
    /// Any other value, as written.
    Text(String),
}
