//! What the system of an account is: its addresses, its answers, its documents.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::sources::record::IncidentRecord;

/// A list of a system's answer.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// What is in it.
    pub items: Vec<Value>,
    /// The path or the address of the next page.
    pub next: Option<String>,
    /// How many there are on all pages, where the system says so.
    pub total: Option<u64>,
}

/// A list that belongs to an item.
#[derive(Debug)]
pub(crate) struct Part {
    /// What it is called in the document.
    pub key: &'static str,
    /// The path of its first page.
    pub path: String,
}

/// What an item is.
#[derive(Debug)]
pub(crate) struct Item {
    /// Its id in the system.
    pub id: String,
    /// When it last changed.
    pub changed: Option<DateTime<Utc>>,
    /// Whether it is over, so that nothing more is due.
    pub is_over: bool,
}

/// A system whose accounts are read.
pub(crate) trait Account: Sync {
    /// What `--from` calls it.
    fn id(&self) -> &'static str;
    /// The environment variable that holds the token.
    fn token_variable(&self) -> &'static str;
    /// The address of the API.
    fn address(&self) -> &'static str;
    /// The value of `Authorization` for a token.
    fn authorization(&self, token: &str) -> String;
    /// The value of `Accept`, where the API wants one.
    fn accept(&self) -> Option<&'static str> {
        None
    }
    /// The format that reads the documents.
    fn format(&self) -> &'static str;
    /// For each kind of items, the paths of the first pages of the lists of those of that time. What belongs to an item
    /// of an earlier kind is no item of a later one.
    fn lists(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Vec<String>>;
    /// What an answer holds; `path` is what was asked for.
    fn page(&self, path: &str, answer: &Value) -> Page;
    /// What an item is; `None` for what is none.
    fn item(&self, item: &Value) -> Option<Item>;
    /// The incident that an item is.
    fn incident(&self, item: &Value) -> Option<IncidentRecord>;
    /// The path of the list of the ids of what belongs to an item and is listed by itself too.
    fn children(&self, _item: &Value) -> Option<String> {
        None
    }
    /// The path of such a child.
    fn child(&self, _id: &str) -> Option<String> {
        None
    }
    /// The lists that belong to an item.
    fn parts(&self, item: &Value) -> Vec<Part>;
    /// The document that the reader reads, made of the answers as they came.
    fn document(&self, item: &Value, parts: Vec<(&'static str, Vec<Value>)>) -> Value;
}

/// A list is asked for in windows of this length: systems limit how far a list can be paged, and how long its time is.
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
