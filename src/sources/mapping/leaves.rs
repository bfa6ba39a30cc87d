//! The fields at the beginning of an input, with the first value of each.

use std::collections::BTreeMap;

use crate::model::time::{self, epoch};
use crate::model::zone::Zone;
use crate::sources::json::JsonHead;
use crate::sources::table::Table;

/// The number of bytes of an input that are inspected.
pub(super) const LOOKED_AT: usize = 32 * 1024;

/// The number of bytes if the first ones contain no records: a list of records may come after a
/// long head.
pub(super) const LOOKED_AT_IN_VAIN: usize = 512 * 1024;

/// The number of JSON lines or rows of a table that are inspected.
const FIRST: usize = 40;

/// The fields of a text.
#[derive(Debug)]
pub(super) enum Leaves {
    /// JSON paths, such as `[].event.time`, each with its first value that is not `null`.
    Json(BTreeMap<String, String>),
    /// The columns of a table, in order, each with its first non-empty value.
    Table(Vec<(String, String)>),
}

impl Leaves {
    /// The fields at the beginning of a text; `None` if it is neither JSON nor a table.
    pub(super) fn of(head: &str) -> Option<Self> {
        let head = head.trim_start_matches('\u{FEFF}').trim_start();
        if head.starts_with('<') {
            return None;
        }
        if !head.starts_with(['{', '[']) {
            return table(head);
        }
        let mut leaves: BTreeMap<String, String> = BTreeMap::new();
        // One record per line, or one document.
        let first = head.split('\n').next().unwrap_or_default();
        let is_of_lines =
            first.len() < head.len() && JsonHead::scan(first).is_some_and(|first| first.is_whole());
        let documents: Vec<&str> = match is_of_lines {
            true => head.split('\n').take(FIRST).collect(),
            false => vec![head],
        };
        for document in documents {
            let Some(found) = JsonHead::scan(document) else { continue };
            for (path, value) in found.leaves() {
                let known = leaves.entry(path.to_owned()).or_insert_with(|| value.to_owned());
                if known == "null" {
                    value.clone_into(known);
                }
            }
        }
        Some(Leaves::Json(leaves))
    }
}

fn table(head: &str) -> Option<Leaves> {
    // The last row may be cut off.
    let whole = head.rfind('\n').map_or(head, |end| &head[..end]);
    let mut rows = Table::of(whole).rows(false);
    let first = rows.next()?;
    let names: Vec<String> = first.cells.iter().map(|name| name.trim().to_owned()).collect();
    let is_name = |name: &String| !name.is_empty() && name.len() < 80 && !is_time(name);
    let named = names.iter().filter(|name| is_name(name)).count();
    if names.len() < 2 || named * 2 <= names.len() || names.iter().any(|name| is_time(name)) {
        return None;
    }
    let mut columns: Vec<(String, String)> =
        names.into_iter().map(|name| (name, String::new())).collect();
    let (mut all, mut whole_rows) = (0, 0);
    for row in rows.take(FIRST) {
        all += 1;
        whole_rows += usize::from(row.cells.len() == columns.len());
        for (number, (_, value)) in columns.iter_mut().enumerate() {
            if value.is_empty() {
                row.cell(number).clone_into(value);
            }
        }
    }
    // Prose with commas has rows of any length.
    (all > 0 && whole_rows * 10 >= all * 8).then_some(Leaves::Table(columns))
}

/// Whether a value is a time.
pub(in crate::sources) fn is_time(text: &str) -> bool {
    let text = text.trim();
    if text.len() < 8 {
        return false;
    }
    let is_plausible =
        |at: chrono::DateTime<chrono::Utc>| (1995..2100).contains(&chrono::Datelike::year(&at));
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.len() >= 9 {
        return epoch(text).is_some_and(is_plausible);
    }
    if text.len() > 60 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    match time::read(&with_point(text), &time::Reading::by_machine(Some(Zone::UTC))) {
        Ok(_) | Err(time::TimeError::DayOrMonth { .. }) => true,
        Err(_) => false,
    }
}

/// Whether a time has a zone.
pub(super) fn has_zone(text: &str) -> bool {
    epoch(text).is_some() || time::read(text, &time::Reading::by_machine(None)).is_ok()
}

/// A time whose fraction begins with a comma (`10:00:00,123`), with a full stop instead.
pub(in crate::sources) fn with_point(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(at) = text.rfind(',').filter(|at| *at > 14)
        && text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
        && text[..at].ends_with(|c: char| c.is_ascii_digit())
    {
        text.replace_range(at..=at, ".");
    }
    text
}
