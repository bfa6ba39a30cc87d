//! An incident as a tree in which equivalent values are equal, and the comparison of two trees.
//!
//! The comparison names only the fields with a special meaning. So a field that is added to the
//! model is compared without changes here, and no difference is missed.

use serde_json::{Map, Value as Json};

use super::field::{FieldChange, Value, What};
use super::items::{self, Item};
use super::wrapping::unwrapped;
use crate::model::Incident;
use crate::model::milestone::MilestoneName;
use crate::model::path::{Path, Step};
use crate::model::time::Moment;

/// `incident` as a tree without its id, with defaults written out.
pub(super) fn of(incident: &Incident) -> Json {
    let Ok(Json::Object(mut tree)) = serde_json::to_value(incident) else { return Json::Null };
    tree.remove("schema");
    tree.remove("id");
    tree.insert("kind".into(), incident.kind().as_str().into());
    tree.insert("review".into(), incident.review().as_str().into());
    if let Some(status) = incident.status() {
        tree.insert("status".into(), status.as_str().into());
    }
    for milestone in tree
        .get_mut("milestones")
        .and_then(Json::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
    {
        if milestone.is_string() {
            *milestone = Json::Object(Map::from_iter([("at".to_owned(), milestone.take())]));
        }
    }
    let timeline = tree.get_mut("timeline").and_then(Json::as_array_mut).into_iter().flatten();
    let mut last = None;
    for (written, entry) in timeline.zip(&incident.timeline) {
        let Some(written) = written.as_object_mut() else { continue };
        // The order of entries is only significant for entries without a time.
        if let (None, Some(last)) = (entry.at, last) {
            written.insert(FOLLOWS.into(), Moment::to_string(&last).into());
        }
        last = entry.at.or(last);
        written.insert("kind".into(), entry.kind().as_str().into());
        written.insert("visibility".into(), entry.visibility().as_str().into());
    }
    Json::Object(tree)
}

/// Not a field of the format: the time of the entry that an entry without a time follows.
const FOLLOWS: &str = "follows";

/// Every difference between two trees, in the order of the file format.
pub(super) fn compare(before: &Json, after: &Json) -> Vec<FieldChange> {
    let mut walk = Walk { of: None, changes: Vec::new() };
    walk.value(&Path::root(), Some(before), Some(after));
    walk.changes.sort_by_key(|change| rank(&change.path));
    walk.changes
}

/// The position of a field in the file format, from the headline to the sources.
fn rank(path: &Path) -> (usize, usize) {
    let key = |index: usize| match path.0.get(index) {
        Some(Step::Key(key)) => key.as_str(),
        Some(Step::Index(_)) | None => "",
    };
    let milestone = key(1).parse().map_or(0, |name: MilestoneName| name as usize);
    (FIELDS.iter().position(|&field| field == key(0)).unwrap_or(FIELDS.len()), milestone)
}

/// The fields of the format, in order.
const FIELDS: [&str; 32] = [
    "title",
    "kind",
    "severity",
    "status",
    "review",
    "services",
    "teams",
    "regions",
    "tags",
    "time_zone",
    "roles",
    "summary",
    "milestones",
    "severity_history",
    "impact",
    "maintenance",
    "detection",
    "trigger",
    "root_causes",
    "contributing_factors",
    "mitigators",
    "resolution",
    "lessons",
    "open_questions",
    "action_items",
    "related",
    "metrics",
    "timeline",
    "claims",
    "sections",
    "sources",
    "links",
];

/// Whether two values are equivalent.
pub(super) fn same(before: &Json, after: &Json) -> bool {
    compare(before, after).is_empty()
}

struct Walk {
    of: Option<Item>,
    changes: Vec<FieldChange>,
}

impl Walk {
    fn value(&mut self, path: &Path, before: Option<&Json>, after: Option<&Json>) {
        let (before, after) =
            (before.filter(|value| has_changes(value)), after.filter(|value| has_changes(value)));
        match (before, after) {
            (None, None) => {}
            (Some(one), Some(other)) if one == other => {}
            (Some(Json::Array(_)), _) | (_, Some(Json::Array(_))) => {
                self.list(path, list(before), list(after));
            }
            (Some(Json::Object(_)), _) | (_, Some(Json::Object(_))) => {
                self.map(path, map(before), map(after));
            }
            _ => self.leaf(path, before, after),
        }
    }

    fn map(&mut self, path: &Path, before: &Map<String, Json>, after: &Map<String, Json>) {
        let gone = before.keys().filter(|key| !after.contains_key(*key));
        let keys: Vec<&String> = after.keys().chain(gone).collect();
        // A map of maps with free keys is a list of named items.
        let named = *path == Path::key("sources");
        for key in keys {
            let at = path.clone().then(key.as_str());
            match (before.get(key), after.get(key)) {
                (None, Some(added)) if named => self.add(at, What::Added(Item::named(key, added))),
                (Some(removed), None) if named => {
                    self.add(at, What::Removed(Item::named(key, removed)));
                }
                (before, after) => {
                    let outer = self.of.take();
                    self.of = if named {
                        after.map(|after| Item::named(key, after))
                    } else {
                        outer.clone()
                    };
                    self.value(&at, before, after);
                    self.of = outer;
                }
            }
        }
    }

    fn list(&mut self, path: &Path, before: &[Json], after: &[Json]) {
        let name = name_of(path);
        for (old, new) in items::matched(name, before, after) {
            let at = path.clone().then(new.or(old).unwrap_or_default());
            match (old.map(|old| &before[old]), new.map(|new| &after[new])) {
                (None, Some(added @ Json::Object(_))) => {
                    self.add(at, What::Added(Item::of(name, added)));
                }
                (Some(removed @ Json::Object(_)), None) => {
                    self.add(at, What::Removed(Item::of(name, removed)));
                }
                (old, new @ Some(Json::Object(_))) => {
                    let outer = self.of.replace(Item::of(name, new.unwrap_or(&Json::Null)));
                    self.value(&at, old, new);
                    self.of = outer;
                }
                // A list of plain words is one field; the order of the words is not significant.
                (None, Some(added)) => self.add(path.clone(), What::Added(Item::word(added))),
                (Some(removed), None) => self.add(path.clone(), What::Removed(Item::word(removed))),
                (old, new) => self.leaf(path, old, new),
            }
        }
    }

    fn leaf(&mut self, path: &Path, before: Option<&Json>, after: Option<&Json>) {
        let value = |json: &Json| value(path, json);
        let what = match (before.map(value), after.map(value)) {
            (None, None) => return,
            (None, Some(after)) => What::Set(after),
            (Some(before), None) => What::Unset(before),
            (Some(before), Some(after)) if means_the_same(&before, &after) => return,
            (Some(before), Some(after)) => What::Changed(before, after),
        };
        self.add(reported_path(path), what);
    }

    fn add(&mut self, path: Path, what: What) {
        self.changes.push(FieldChange { path, of: self.of.clone(), what });
    }
}

fn has_changes(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Array(list) => !list.is_empty(),
        Json::Object(map) => !map.is_empty(),
        Json::String(_) | Json::Number(_) | Json::Bool(_) => true,
    }
}

fn list(value: Option<&Json>) -> &[Json] {
    value.and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn map(value: Option<&Json>) -> &Map<String, Json> {
    static EMPTY: std::sync::LazyLock<Map<String, Json>> = std::sync::LazyLock::new(Map::new);
    value.and_then(Json::as_object).unwrap_or(&EMPTY)
}

/// The last key of a path: the name of a field, or of the list that contains an item.
fn name_of(path: &Path) -> &str {
    let keys = path.0.iter().rev();
    let mut keys =
        keys.filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
    keys.next().unwrap_or_default()
}

/// The path for reports: a change of `at` in a milestone is a change of the milestone.
fn reported_path(path: &Path) -> Path {
    match path.0.as_slice() {
        [first, name, last] if *first == Step::from("milestones") && *last == Step::from("at") => {
            Path(vec![first.clone(), name.clone()])
        }
        _ => path.clone(),
    }
}

/// The fields of the format that contain times.
const TIMES: [&str; 8] = [
    "at",
    "end",
    "start",
    "scheduled_for",
    "scheduled_until",
    "deployed_at",
    "retrieved_at",
    FOLLOWS,
];

fn value(path: &Path, json: &Json) -> Value {
    match json {
        Json::String(text) => match text.parse() {
            Ok(moment) if TIMES.contains(&name_of(path)) => Value::Moment(moment),
            _ => Value::Text(text.clone()),
        },
        other => Value::Text(other.to_string()),
    }
}

fn means_the_same(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Text(before), Value::Text(after)) => unwrapped(before) == unwrapped(after),
        _ => before == after,
    }
}
