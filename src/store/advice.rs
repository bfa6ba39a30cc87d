//! What to write instead of a value that is valid YAML of the wrong type.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_yaml::Value;

use super::mistakes::{Problem, Wrong, last_key};
use super::syntax::{quoted, shortened};
use crate::diag::Diagnostic;
use crate::model::Incident;
use crate::model::path::Step;

/// Whether there is advice about this wrong text.
pub(super) fn is_about(wrong: &Wrong<'_>) -> bool {
    hint(wrong).is_some()
}

/// The same problem, with advice on what to write instead.
pub(super) fn about(problem: Diagnostic, wrong: &Wrong<'_>) -> Diagnostic {
    match hint(wrong) {
        // The advice replaces the hint with the nearest key or the list of all keys.
        Some(hint) if matches!(wrong.problem, Problem::UnknownKey(_)) => {
            Diagnostic { hints: vec![hint], ..problem }
        }
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

fn hint(wrong: &Wrong<'_>) -> Option<String> {
    match wrong.problem {
        Problem::UnknownKey(key) => unknown_key(key, wrong),
        Problem::Value(message) => value(message.rsplit_once(", expected ")?.1, wrong),
        Problem::Missing => None,
    }
}

fn unknown_key(key: &str, wrong: &Wrong<'_>) -> Option<String> {
    let plain = key.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    });
    if plain != key && BELONGS.contains_key(plain) {
        return Some(format!("the spaces before `{plain}` are not plain spaces: retype them"));
    }
    let unquoted = plain.trim_matches(['“', '”', '„', '‘', '’', '"', '\'']);
    if unquoted != plain && BELONGS.contains_key(unquoted) {
        return Some(format!("write `{unquoted}` without quotes, or with straight ones"));
    }
    let parent = last_key(&wrong.at.0[..wrong.at.0.len() - 1]);
    let nothing_follows = wrong.value.is_none_or(Value::is_null);
    if parent == Some("timeline") && key.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(format!("write `- at: {key}`, and `text:` on the next line, below `at`"));
    }
    if nothing_follows && parent.is_some() {
        return Some(
            "a text with a comma in it needs quotes between braces: {text: \"one, two\"}"
                .to_owned(),
        );
    }
    if key.contains(' ') {
        return Some(
            "a text over several lines is indented below its key: `summary: |`".to_owned(),
        );
    }
    // A milestone at the left edge: its indentation was lost.
    let belongs =
        BELONGS.get(key).filter(|parents| !parents.is_empty() && wrong.at.0.len() == 1)?;
    Some(format!(
        "`{key}` belongs {}",
        belongs.iter().map(|parent| format!("below `{parent}`")).collect::<Vec<_>>().join(", or ")
    ))
}

fn value(expected: &str, wrong: &Wrong<'_>) -> Option<String> {
    let key = last_key(&wrong.at.0)?;
    let is_item = matches!(wrong.at.0.last(), Some(Step::Index(_)));
    match (wrong.value?, expected) {
        (Value::String(text), "a sequence")
            if HOLDS_TEXTS.contains(&key) && !text.contains(['[', '{', ':', '#']) =>
        {
            Some(format!("write `{key}: [{}]`", shortened(text)))
        }
        (Value::Mapping(_), "a sequence") => Some("begin each item with a dash: `- `".to_owned()),
        (Value::Sequence(_), expected)
            if expected.starts_with("struct") || expected.contains("map") =>
        {
            Some("write its keys without dashes".to_owned())
        }
        (Value::Mapping(map), "a string" | "string") if map.len() == 1 => {
            let (name, text) = map.iter().next()?;
            let text = format!("{}: {}", name.as_str()?, scalar(text)?);
            let dash = if is_item { "- ".to_owned() } else { format!("{key}: ") };
            Some(format!("a text with a colon needs quotes: `{dash}{}`", shortened(&quoted(&text))))
        }
        (Value::Sequence(_), "a string" | "string") if !is_item => Some(format!(
            "write one text; of several lines as `{key}: |` with the lines indented below"
        )),
        (Value::String(text), expected)
            if is_item && expected.starts_with("struct") && HAS_TEXT.contains(&key) =>
        {
            Some(format!("write `- text: {}`", shortened(&as_scalar(text))))
        }
        (Value::String(text), "a boolean") => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" => Some("write `true`".to_owned()),
            "no" | "off" | "n" => Some("write `false`".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// `text` in quotes or plain, so that YAML reads it back as the same text.
fn as_scalar(text: &str) -> String {
    let is_plain =
        serde_yaml::from_str::<Value>(&format!("x: {text}")).is_ok_and(|tree| tree["x"] == text);
    if is_plain { text.to_owned() } else { quoted(text) }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null => Some(String::new()),
        _ => None,
    }
}

/// The lists whose items are plain texts.
const HOLDS_TEXTS: &[&str] = &[
    "services",
    "teams",
    "regions",
    "tags",
    "responders",
    "authors",
    "components",
    "not_affected",
    "expected",
    "mitigators",
    "learned",
    "went_well",
    "went_poorly",
    "lucky",
    "wrong_turns",
    "surprised_by",
    "addresses",
];

/// The lists whose items are maps with a required `text`.
const HAS_TEXT: &[&str] = &["timeline", "action_items", "root_causes", "contributing_factors"];

/// For each key of an incident file, the top-level keys below which it belongs.
static BELONGS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let schema = schemars::schema_for!(Incident).to_value();
    let mut belongs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (parent, part) in schema["properties"].as_object().into_iter().flatten() {
        belongs.entry(parent.clone()).or_default();
        let text = part.to_string();
        let names = text.split("\"#/$defs/").skip(1).filter_map(|rest| rest.split('"').next());
        for name in names {
            for (key, _) in schema["$defs"][name]["properties"].as_object().into_iter().flatten() {
                let parents = belongs.entry(key.clone()).or_default();
                if parents.len() < 3 && !parents.contains(parent) {
                    parents.push(parent.clone());
                }
            }
        }
    }
    belongs
});
