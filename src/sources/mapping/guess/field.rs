//! A field of a record.

use crate::sources::mapping::leaves::is_time;
use crate::sources::mapping::names::{self, words};

/// The maximum depth of a field within its record.
pub(super) const DEEPEST: usize = 6;

/// A field of a record: its path within the record, its name, the words of its name, its depth and
/// its first value.
pub(super) struct Field<'a> {
    pub(super) path: &'a str,
    pub(super) key: &'a str,
    pub(super) words: Vec<String>,
    pub(super) depth: usize,
    pub(super) value: &'a str,
}

impl<'a> Field<'a> {
    pub(super) fn new(path: &'a str, value: &'a str) -> Self {
        let is_of_a_table = path.contains(' ');
        let key = if is_of_a_table { path } else { path.rsplit('.').next().unwrap_or(path) };
        let depth = if is_of_a_table { 0 } else { path.matches('.').count() };
        Field { path, key, words: words(key), depth, value }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.value.trim().is_empty() || self.value == "null"
    }

    pub(super) fn is_number(&self) -> bool {
        self.value.parse::<f64>().is_ok()
    }

    /// Whether its value may be a sample of a metric.
    pub(super) fn is_sample(&self) -> bool {
        let last = self.words.last().map_or("", String::as_str);
        self.is_number()
            && !is_time(self.value)
            && !names::NO_SAMPLES.contains(&last)
            && names::time(&self.words).is_none()
    }

    pub(super) fn is_text(&self) -> bool {
        !self.is_empty()
            && !self.is_number()
            && !matches!(self.value, "true" | "false")
            && !self.value.contains("://")
            && !is_time(self.value)
    }
}
