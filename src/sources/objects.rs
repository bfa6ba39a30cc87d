//! Finds records in JSON or in the rows of a table.
//!
//! One document, a list of records, one record per line, or a table with column names. A column
//! `data` with JSON is the record itself: tools store API responses in databases that way.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::json::{self, JsonHead};
use super::reader::Text;
use super::table::Table;
use crate::sources::source::ReadError;

/// The number of lines that are searched for the start of a document: a tool may have written a
/// line about itself first.
const FIRST_LINES: usize = 4;

/// The beginning of a text, as records.
pub(in crate::sources) struct Heads {
    documents: Vec<JsonHead>,
    /// The names of the columns of a table.
    columns: Vec<String>,
}

/// The beginning of a record.
#[derive(Clone, Copy)]
pub(in crate::sources) enum Head<'a> {
    /// JSON; `at` is the path of the record in the text: empty, `[]` or `.messages[]`.
    Json { head: &'a JsonHead, at: &'a str },
    /// A row of a table with these columns.
    Row(&'a [String]),
}

impl<'a> Head<'a> {
    /// Whether the record has all of those paths: `event.event_type`.
    pub(in crate::sources) fn has(self, paths: &[&str]) -> bool {
        paths.iter().all(|path| match self {
            Head::Json { head, at } => head.has(&format!("{at}.{path}")),
            Head::Row(columns) => columns.iter().any(|column| column == path),
        })
    }

    /// The scalar at a path of the record; unknown for a row.
    pub(in crate::sources) fn first(self, path: &str) -> Option<&'a str> {
        match self {
            Head::Json { head, at } => head.first(&format!("{at}.{path}")),
            Head::Row(_) => None,
        }
    }
}

impl Heads {
    /// Scans the beginning of a text; `None` if it is neither JSON nor a table.
    pub(in crate::sources) fn scan(head: &str) -> Option<Self> {
        let head = head.trim_start();
        let mut documents: Vec<JsonHead> = JsonHead::scan(head).into_iter().collect();
        if documents.is_empty() {
            if head.starts_with('<') {
                return None;
            }
            let mut rows = Table::of(head).rows(false);
            let columns: Vec<String> = rows.next()?.cells.iter().map(column_name).collect();
            if columns.len() < 2 {
                return None;
            }
            let data = columns.iter().position(|column| column == DATA);
            let first = data.and_then(|data| JsonHead::scan(rows.next()?.cell(data)));
            return Some(match first {
                Some(document) => Heads { documents: vec![document], columns: Vec::new() },
                None => Heads { documents, columns },
            });
        }
        // The lines after a first one-line document.
        let mut rest = head;
        for _ in 0..FIRST_LINES {
            let Some((_, after)) = rest.split_once('\n') else { break };
            rest = after;
            if rest.starts_with(['{', '[']) {
                documents.extend(JsonHead::scan(rest));
            }
        }
        Some(Heads { documents, columns: Vec::new() })
    }

    /// Whether `is_record` holds for one of the records. `lists` are the paths of lists in a
    /// wrapping document.
    pub(in crate::sources) fn any(&self, lists: &[&str], is_record: fn(Head<'_>) -> bool) -> bool {
        if !self.columns.is_empty() {
            return is_record(Head::Row(&self.columns));
        }
        let wrapped: Vec<String> = lists.iter().map(|list| format!(".{list}[]")).collect();
        let places = || ["", "[]"].into_iter().chain(wrapped.iter().map(String::as_str));
        self.documents.iter().any(|head| places().any(|at| is_record(Head::Json { head, at })))
    }
}

/// The column that holds a record as JSON.
const DATA: &str = "data";

/// The name of a column as a key: `Created At (UTC)` becomes `created_at_utc`.
pub(in crate::sources) fn column_name(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut is_lower = false;
    for c in name.trim().trim_start_matches('\u{FEFF}').chars() {
        if !c.is_alphanumeric() {
            if !key.is_empty() && !key.ends_with('_') {
                key.push('_');
            }
            is_lower = false;
            continue;
        }
        if c.is_uppercase() && is_lower {
            key.push('_');
        }
        is_lower = c.is_lowercase() || c.is_ascii_digit();
        key.extend(c.to_lowercase());
    }
    key.trim_end_matches('_').to_owned()
}

/// A record: its text, a slice of the decoded text, and its object or the error.
pub(in crate::sources) type Object<'a> = (&'a str, Result<Value, String>);

/// Passes each record of `text` to `each`. Documents that are not records are skipped if others
/// are; returns their number.
///
/// # Errors
/// [`ReadError`] with its place if the text is neither JSON nor a table.
pub(in crate::sources) fn each<'a>(
    text: Text<'a>,
    lists: &[&str],
    is_record: fn(Head<'_>) -> bool,
    mut each: impl FnMut(Object<'a>),
) -> Result<usize, ReadError> {
    let body = text.body();
    if body.trim_start().starts_with(['{', '[']) {
        documents(text, body, lists, is_record, &mut each)
    } else {
        rows(body, &mut each);
        Ok(0)
    }
}

fn documents<'a>(
    text: Text<'a>,
    body: &'a str,
    lists: &[&str],
    is_record: fn(Head<'_>) -> bool,
    each: &mut impl FnMut(Object<'a>),
) -> Result<usize, ReadError> {
    let is_wanted = |document: &str| {
        let head = JsonHead::scan(document)
            .map(|head| Heads { documents: vec![head], columns: Vec::new() });
        head.is_some_and(|head| head.any(lists, is_record))
    };
    let (mut at, mut count, mut passed_over) = (0, 0, 0);
    while !body[at..].trim().is_empty() {
        let mut documents =
            serde_json::Deserializer::from_str(&body[at..]).into_iter::<&RawValue>();
        while let Some(Ok(document)) = documents.next() {
            count += 1;
            let is_last = body[at + documents.byte_offset()..].trim().is_empty();
            // Only the first may be something else, so that a long log is not scanned twice.
            if count <= FIRST_LINES && !(count == 1 && is_last) && !is_wanted(document.get()) {
                passed_over += 1;
                continue;
            }
            for record in records(document, lists) {
                let value = serde_json::from_str(record.get());
                each((
                    record.get(),
                    value.map_err(|error| {
                        format!("this record cannot be read: {}", json::reason(&error))
                    }),
                ));
            }
        }
        at += documents.byte_offset();
        if count == 0 {
            // Reading it as a whole gives an error with its place.
            json::parse::<&RawValue>(text.decoded, body)?;
        }
        // One record per line: an error in one line does not affect the next.
        let rest = body[at..].trim_start();
        if !rest.is_empty() {
            let line = rest.split('\n').next().unwrap_or_default();
            each((line, Err("this line is not JSON and was left out".to_owned())));
            at = body.len() - rest.len() + line.len();
        }
    }
    Ok(passed_over)
}

/// The records of a document: its elements, those of the first of `lists` that it has, or itself.
fn records<'a>(document: &'a RawValue, lists: &[&str]) -> Vec<&'a RawValue> {
    if let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(document.get()) {
        return elements.into_iter().flat_map(|element| records(element, lists)).collect();
    }
    let found = lists.iter().map(|list| below(document, list)).find(|found| !found.is_empty());
    found.unwrap_or_else(|| vec![document])
}

/// The elements of the lists at a path, which may lead through other lists: `groups.alerts` gives
/// the alerts of all groups.
fn below<'a>(document: &'a RawValue, path: &str) -> Vec<&'a RawValue> {
    let elements = |value: &'a RawValue| -> Option<Vec<&'a RawValue>> {
        serde_json::from_str(value.get()).ok()
    };
    let mut values = vec![document];
    for key in path.split('.') {
        let members =
            values.into_iter().flat_map(|value| elements(value).unwrap_or_else(|| vec![value]));
        values = members
            .filter_map(|value| {
                let members: BTreeMap<Cow<'_, str>, &RawValue> =
                    serde_json::from_str(value.get()).ok()?;
                members.get(key).copied()
            })
            .collect();
    }
    values.into_iter().filter_map(elements).flatten().collect()
}

fn rows<'a>(body: &'a str, each: &mut impl FnMut(Object<'a>)) {
    let mut rows = Table::of(body).rows(false);
    let Some(first) = rows.next() else { return };
    let columns: Vec<String> = first.cells.iter().map(column_name).collect();
    let data = columns.iter().position(|column| column == DATA);
    for row in rows {
        if let Some(inner) = data.map(|data| row.cell(data)).filter(|inner| inner.starts_with('{'))
        {
            let value = serde_json::from_str(inner);
            let value = value.map_err(|error| {
                format!("the JSON of this row cannot be read: {}", json::reason(&error))
            });
            each((row.text, value));
            continue;
        }
        let mut object = Map::new();
        for (number, column) in columns.iter().enumerate() {
            let cell = row.cell(number);
            if !cell.is_empty() {
                object.insert(column.clone(), Value::String(cell.to_owned()));
            }
        }
        each((row.text, Ok(Value::Object(object))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_names_become_keys() {
        for (name, key) in [
            ("Incident Number", "incident_number"),
            ("createdAt", "created_at"),
            ("Created At (UTC)", "created_at_utc"),
            (" id ", "id"),
            ("TinyID", "tiny_id"),
            ("MTTA", "mtta"),
        ] {
            assert_eq!(column_name(name), key);
        }
    }
}
