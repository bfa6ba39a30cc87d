//! Values as YAML text.

use serde::Serialize;
use serde_yaml::Value;

use crate::model::Incident;

pub(super) fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A value as YAML lines, without the last line end.
pub(super) fn block(value: &(impl Serialize + ?Sized)) -> Result<String, String> {
    let written = serde_yaml::to_string(value).map_err(sentence)?;
    Ok(written.trim_end_matches('\n').to_owned())
}

/// A value on one line: JSON is YAML's flow style.
pub(super) fn flow(value: &(impl Serialize + ?Sized)) -> Result<String, String> {
    serde_json::to_string(value).map_err(sentence)
}

pub(super) fn single(key: &str, value: &impl Serialize) -> Result<Value, String> {
    let value = serde_yaml::to_value(value).map_err(sentence)?;
    Ok(Value::Mapping([(Value::from(key), value)].into_iter().collect()))
}

/// Every line indented by `columns`; blank lines remain blank. In YAML, lines also end at the line
/// and paragraph separators of Unicode.
pub(super) fn indented(lines: &str, columns: usize) -> String {
    let breaks = |c: char| matches!(c, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let pad = " ".repeat(columns);
    let mut moved = String::with_capacity(lines.len() + lines.len() / 8);
    for line in lines.split_inclusive(breaks) {
        if !line.starts_with(breaks) {
            moved.push_str(&pad);
        }
        moved.push_str(line);
    }
    moved
}

/// The text of a new file: lists are indented below their keys, and a blank line precedes each part
/// that takes more than one line.
///
/// # Errors
/// The reason, as a sentence, if a value cannot be written as YAML.
pub(super) fn whole(incident: &Incident) -> Result<String, String> {
    let Value::Mapping(parts) = serde_yaml::to_value(incident).map_err(sentence)? else {
        return Err("an incident is a map".into());
    };
    let mut text = String::new();
    let mut after_long = false;
    for (key, value) in parts {
        let key = key.as_str().unwrap_or_default().to_owned();
        let is_list = matches!(value, Value::Sequence(_));
        let written = if is_words(&value) {
            format!("{key}: {}", words(&value))
        } else {
            block(&single(&key, &value)?)?
        };
        let (first, rest) = written.split_once('\n').unwrap_or((&written, ""));
        let is_long = !rest.is_empty();
        if !text.is_empty() && (is_long || after_long) {
            text.push('\n');
        }
        text.push_str(first);
        text.push('\n');
        if is_long {
            text.push_str(&indented(rest, if is_list { 2 } else { 0 }));
            text.push('\n');
        }
        after_long = is_long;
    }
    Ok(text)
}

/// A short list of plain words, which is more readable on one line.
fn is_words(value: &Value) -> bool {
    let plain = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/'))
            && !word.ends_with(' ')
            && !matches!(
                word.to_ascii_lowercase().as_str(),
                "null" | "true" | "false" | "yes" | "no" | "on" | "off"
            )
    };
    let Value::Sequence(list) = value else { return false };
    list.iter().all(|item| item.as_str().is_some_and(plain)) && words(value).len() <= 90
}

fn words(value: &Value) -> String {
    let items = value.as_sequence().into_iter().flatten().filter_map(Value::as_str);
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}
