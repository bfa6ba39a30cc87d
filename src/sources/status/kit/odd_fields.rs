//! A property test for all JSON readers: a value of the wrong type loses only what depends on it.

use serde_json::{Value, json};

use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::source::{ReadOptions, Source};

/// A capture of one format with texts that occur once each: `text-a1` to `text-b2`.
pub(in crate::sources::status) struct Capture {
    pub(in crate::sources::status) source: &'static dyn Source,
    /// The keys that a record needs.
    pub(in crate::sources::status) essential: &'static [&'static str],
    /// Whether ids matter elsewhere: incidents refer to separate posts by id, or the format is
    /// recognised by its ids.
    pub(in crate::sources::status) refers: bool,
    pub(in crate::sources::status) text: &'static str,
}

/// The paths to all values below `value`, as JSON pointers.
fn paths(value: &Value, at: &str, into: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in members {
        let path = format!("{at}/{key}");
        into.push(path.clone());
        paths(value, &path, into);
    }
}

/// All words of the records that a reader makes of `text`, and its warnings.
fn read(source: &dyn Source, text: &str) -> (String, Vec<String>) {
    let options = ReadOptions { zone: "UTC".parse().ok(), ..ReadOptions::default() };
    match source.read(&Input::new("page.json", text), &options) {
        Ok(read) => {
            let texts = read.value.iter().map(|record| match record {
                Record::Incident(incident) => {
                    let IncidentRecord { title, updates, untimed, sections, .. } = incident;
                    format!("{title} {updates:?} {untimed:?} {sections:?}")
                }
                other => panic!("{other:?}"),
            });
            (texts.collect(), read.warnings.iter().map(ToString::to_string).collect())
        }
        Err(error) => (String::new(), vec![error.message]),
    }
}

const MARKERS: [&str; 4] = ["text-a1", "text-a2", "text-b1", "text-b2"];

/// Replaces every value of the capture by every kind of value, one at a time.
pub(in crate::sources::status) fn check(capture: &Capture) {
    let whole: Value = serde_json::from_str(capture.text).expect("JSON");
    let (all, warnings) = read(capture.source, capture.text);
    let in_text = MARKERS.iter().filter(|marker| capture.text.contains(**marker));
    assert!(in_text.clone().all(|marker| all.contains(marker)), "{all} {warnings:?}");
    let mut everywhere = Vec::new();
    paths(&whole, "", &mut everywhere);
    let mut lost = Vec::new();
    for path in &everywhere {
        for odd in
            [json!(true), json!(-7.5), json!("odd"), json!([[1]]), json!({"odd": {}}), Value::Null]
        {
            lost.extend(lost_with(capture, &whole, path, &odd));
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
    an_id_may_be_a_number_or_a_text(capture, &whole, &everywhere, &all);
}

/// What is lost wrongly, or silently, with `odd` in place of the value at `path`.
fn lost_with(capture: &Capture, whole: &Value, path: &str, odd: &Value) -> Vec<String> {
    let mut changed = whole.clone();
    *changed.pointer_mut(path).expect("it was found there") = odd.clone();
    let changed = changed.to_string();
    let (found, warnings) = read(capture.source, &changed);
    let (parent, key) = path.rsplit_once('/').expect("a pointer");
    let is_essential = capture.essential.contains(&key);
    let may_cost = |marker: &str| {
        let holds = |parent: &Value| parent.to_string().contains(marker);
        let is_report = capture.refers
            && (is_essential
                || matches!(parent, "/included" | "/data")
                || path.contains("/relationships"));
        // An issue is an incident only with its labels.
        let labelled = path.split_once("/labels/").and_then(|(issue, _)| whole.pointer(issue));
        is_report
            || labelled.is_some_and(holds)
            || is_essential && whole.pointer(parent).is_some_and(holds)
    };
    let missing: Vec<&str> = MARKERS
        .into_iter()
        .filter(|marker| changed.contains(marker) && !found.contains(marker))
        .collect();
    let mut lost = Vec::new();
    let is_silent = warnings.is_empty() && key != "type" && !odd.is_object();
    if is_silent && !missing.is_empty() {
        lost.push(format!("{path} = {odd} costs a text in silence"));
    }
    for marker in missing.iter().filter(|marker| !may_cost(marker)) {
        lost.push(format!("{path} = {odd} costs {marker}: {warnings:?}"));
    }
    lost
}

/// An unknown word in a field must lose neither the post nor its incident.
fn an_id_may_be_a_number_or_a_text(
    capture: &Capture,
    whole: &Value,
    everywhere: &[String],
    all: &str,
) {
    let keys = ["id", "_id", "number", "code", "group_id"];
    let is_id = |path: &&String| path.rsplit('/').next().is_some_and(|key| keys.contains(&key));
    for path in everywhere.iter().filter(is_id) {
        let mut changed = whole.clone();
        let slot = changed.pointer_mut(path).expect("it was found there");
        *slot = match &*slot {
            Value::Number(number) => Value::String(number.to_string()),
            // A reference elsewhere would have the old id.
            Value::String(_) if !capture.refers => json!(90_210),
            _ => continue,
        };
        let (found, warnings) = read(capture.source, &changed.to_string());
        let lost: Vec<&str> = MARKERS
            .into_iter()
            .filter(|marker| all.contains(marker) && !found.contains(marker))
            .collect();
        assert_eq!(lost, [""; 0], "{path}: {warnings:?}");
    }
}
