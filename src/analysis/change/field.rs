//! A difference at one place of a file.

use super::items::Item;
use crate::model::path::Path;
use crate::model::time::Moment;

/// A difference at one place of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// Where: in the new version, or in the old one for what was removed.
    pub path: Path,
    /// The list item that the value belongs to, as it is now.
    pub of: Option<Item>,
    /// What happened there.
    pub what: What,
}

/// What happened at one place.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A list item is new.
    Added(Item),
    /// A list item is gone.
    Removed(Item),
    /// A value is new.
    Set(Value),
    /// A value is gone.
    Unset(Value),
    /// A value is another.
    Changed(Value, Value),
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A point in time, to be shown in the reader's zone.
    Moment(Moment),
    /// Anything else, as it is written.
    Text(String),
}
