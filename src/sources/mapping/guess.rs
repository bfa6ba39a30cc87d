//! Infers a mapping from the names and the first values of fields.

mod field;
mod record_fields;

use super::description::{MappedKind, Mapping, NamedMapping};
use super::leaves::{self, Leaves, is_time};
use crate::sources::decode::head_of;
use crate::sources::input::Input;
use field::{DEEPEST, Field};
use record_fields::{RecordFields, Score, record, updates};

/// The mapping that the names and the first values of the fields of an input suggest. `None` if no
/// record has a time and another usable field.
pub(crate) fn guess(input: &Input) -> Option<Mapping> {
    let within = |most| of(&head_of(input, most), &input.name);
    let is_longer = input.bytes.len() > leaves::LOOKED_AT;
    within(leaves::LOOKED_AT)
        .or_else(|| is_longer.then(|| within(leaves::LOOKED_AT_IN_VAIN)).flatten())
}

/// The first configured mapping whose fields are in an input.
pub(crate) fn fitting<'m>(
    input: &Input,
    mappings: impl IntoIterator<Item = (&'m String, &'m Mapping)>,
) -> Option<NamedMapping> {
    let mut mappings = mappings.into_iter().peekable();
    mappings.peek()?;
    let head = head_of(input, leaves::LOOKED_AT);
    let (name, mapping) = mappings.find(|(_, mapping)| fits(mapping, &head))?;
    Some(NamedMapping { name: name.clone(), mapping: mapping.clone() })
}

/// The mapping for the file `name`, whose text begins with `head`.
fn of(head: &str, name: &str) -> Option<Mapping> {
    match Leaves::of(head)? {
        Leaves::Table(columns) => {
            let fields = columns.iter().map(|(name, value)| Field::new(name, value)).collect();
            let found = record(fields)?;
            Some(found.finish(None, is_about_incidents("", name)))
        }
        Leaves::Json(leaves) => json(&leaves, name),
    }
}

fn json(leaves: &std::collections::BTreeMap<String, String>, name: &str) -> Option<Mapping> {
    if let Some(path) = samples(leaves) {
        let path = Some(path.to_owned());
        return Some(Mapping {
            kind: MappedKind::Series,
            time: path.clone(),
            value: path,
            ..Mapping::default()
        });
    }
    let mut lists: Vec<&str> = vec![""];
    for path in leaves.keys() {
        lists.extend(path.match_indices("[]").map(|(at, _)| &path[..at + 2]));
    }
    lists.sort_unstable();
    lists.dedup();
    let mut best: Option<(Score, RecordFields<'_>, &str)> = None;
    for list in lists {
        let inside = leaves.iter().filter_map(|(path, value)| {
            let inside = path.strip_prefix(list)?.strip_prefix('.')?;
            Some((inside, value.as_str()))
        });
        let fields: Vec<Field<'_>> = inside
            .filter(|(path, _)| !path.contains("[]"))
            .map(|(path, value)| Field::new(path, value))
            .filter(|field| field.depth < DEEPEST)
            .collect();
        let Some(mut found) = record(fields) else { continue };
        found.updates = updates(leaves, list);
        let score = found.score(list);
        if best.as_ref().is_none_or(|(other, ..)| score > *other) {
            best = Some((score, found, list));
        }
    }
    let (_, found, list) = best?;
    let is_about_incidents = is_about_incidents(list, name);
    let path = list.replace("[]", "").trim_matches('.').to_owned();
    Some(found.finish(Some(path).filter(|path| !path.is_empty()), is_about_incidents))
}

/// Whether the paths of a configured mapping are in an input.
fn fits(mapping: &Mapping, head: &str) -> bool {
    let Some(leaves) = Leaves::of(head) else { return false };
    let of_records = match mapping.kind {
        MappedKind::Series => [mapping.time.as_deref(), mapping.value.as_deref()],
        _ => [mapping.time.as_deref(), mapping.title.as_deref().or(mapping.text.as_deref())],
    };
    let records = mapping.records.as_deref().unwrap_or_default();
    let is_there = |path: &str| match &leaves {
        Leaves::Table(columns) => columns
            .iter()
            .any(|(name, _)| name == path || crate::sources::objects::column_name(name) == path),
        Leaves::Json(leaves) => leaves.keys().any(|known| {
            let known = known.replace("[]", "");
            let wanted = format!("{records}.{path}");
            known.trim_start_matches('.') == wanted.trim_start_matches('.')
        }),
    };
    of_records.into_iter().flatten().all(|paths| paths.split('|').any(|path| is_there(path.trim())))
}

/// The path of samples that are not objects: pairs that begin with a time, keys that are times, or
/// a list of times next to a list of numbers.
fn samples(leaves: &std::collections::BTreeMap<String, String>) -> Option<&str> {
    let is_number = |value: &String| value.parse::<f64>().is_ok();
    let is_one = |(path, value): &(&String, &String)| {
        let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
        let beside = || {
            let (parent, own) = (format!("{parent}."), *path);
            leaves.iter().any(|(path, value)| {
                path != own
                    && path.starts_with(&parent)
                    && path.ends_with("[]")
                    && is_number(value)
                    && !is_time(value)
            })
        };
        path.ends_with("[][]") && is_time(value)
            || key.len() >= 9 && !key.contains('[') && is_time(key) && is_number(value)
            || key.ends_with("[]") && !key.ends_with("[][]") && is_time(value) && beside()
    };
    leaves.iter().find(is_one).map(|(path, _)| path.as_str())
}

/// Whether the name of the list or of the file mentions incidents.
fn is_about_incidents(list: &str, name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    let list = list.to_lowercase();
    ["incident", "outage", "postmortem"]
        .iter()
        .any(|word| file.contains(word) || list.contains(word))
}

#[cfg(test)]
mod tests;
