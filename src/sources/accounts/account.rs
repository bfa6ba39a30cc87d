//! The contract of a system with accounts: its addresses, its answers, its documents.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::sources::record::IncidentRecord;

/// A page of a list.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its elements.
    pub items: Vec<Value>,
    /// The path or the address of the next page.
    pub next: Option<String>,
    /// The number of elements on all pages, if the system states it.
    pub total: Option<u64>,
}

/// A list that belongs to an item.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its name in the document.
    pub key: &'static str,
    /// The path of its first page.
    pub path: String,
}

/// An item of a list: an incident or an alert.
#[derive(Debug)]
pub(crate) struct Item {
    /// Its id in the system.
    pub id: String,
    /// When it last changed.
    pub changed: Option<DateTime<Utc>>,
    /// Whether it is resolved, so that no further changes are expected.
    pub is_over: bool,
}

/// A system whose accounts can be imported.
pub(crate) trait Account: Sync {
    /// Its name for `--from`.
    fn id(&self) -> &'static str;
    /// The environment variable with the token.
    fn token_variable(&self) -> &'static str;
    /// The address of the API.
    fn address(&self) -> &'static str;
    /// The value of `Authorization` for a token.
    fn authorization(&self, token: &str) -> String;
    /// The value of `Accept`, if the API needs one.
    fn accept(&self) -> Option<&'static str> {
        None
    }
    /// The format that reads the documents.
    fn format(&self) -> &'static str;
    /// For each kind of item, the paths of the first pages of its lists in that period. An object
    /// that belongs to an item of an earlier kind is not an item of a later one.
    fn lists(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Vec<String>>;
    /// The page in an answer to the request for `path`.
    fn page(&self, path: &str, answer: &Value) -> Page;
    /// The item in an element; `None` if it is not an item.
    fn item(&self, item: &Value) -> Option<Item>;
    /// The incident of an item.
    fn incident(&self, item: &Value) -> Option<IncidentRecord>;
    /// The path of the list with the ids of objects that belong to an item and are also listed
    /// separately.
    fn children(&self, _item: &Value) -> Option<String> {
        None
    }
    /// The path of such a child.
    fn child(&self, _id: &str) -> Option<String> {
        None
    }
    /// The lists that belong to an item.
    fn parts(&self, item: &Value) -> Vec<Part>;
    /// The document for the reader, made of the unchanged answers.
    fn document(&self, item: &Value, parts: Vec<(&'static str, Vec<Value>)>) -> Value;
}

/// Lists are requested in windows of this length, because systems limit the number of pages and the
/// period of a list.
const WINDOW: TimeDelta = TimeDelta::days(30);

/// The windows from `since` to `until`, the oldest first.
pub(super) fn windows(
    since: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let mut all = Vec::new();
    let mut from = since;
    while from < until {
        let to = until.min(from + WINDOW);
        all.push((from, to));
        from = to;
    }
    all
}

pub(super) fn text<'v>(value: &'v Value, path: &str) -> Option<&'v str> {
    value.pointer(path)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

pub(super) fn instant(value: &Value, path: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text(value, path)?).ok().map(|at| at.to_utc())
}

pub(super) fn list(value: &Value, path: &str) -> Vec<Value> {
    value.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// A path with the offset of the next page.
pub(super) fn with_offset(path: &str, offset: u64) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let others = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("offset="));
    let pairs: Vec<String> =
        others.map(str::to_owned).chain([format!("offset={offset}")]).collect();
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_the_time_without_gaps() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let all = windows(at("2026-01-01T00:00:00Z"), at("2026-03-05T00:00:00Z"));
        assert_eq!(all.len(), 3);
        assert!(all.windows(2).all(|pair| pair[0].1 == pair[1].0));
        assert_eq!(all[2].1, at("2026-03-05T00:00:00Z"));
        assert_eq!(with_offset("/a?limit=100&offset=0&x=1", 100), "/a?limit=100&x=1&offset=100");
        assert_eq!(with_offset("/a", 5), "/a?offset=5");
    }
}
