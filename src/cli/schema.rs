//! `posthoc schema`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::args::Context;
use super::error::{CliError, Exit};
use super::terminal::Terminal;
use crate::model::Incident;
use crate::model::time;
use crate::store::config::{Config, NaiveTimes};

/// Print the JSON Schema of the incident file, for editors and other programs
///
/// The schema accepts what posthoc reads, as far as a schema can express it, and offers the
/// severities of posthoc.toml.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// The file name of the schema in the folder of the incident files; editors read it from there.
pub(super) const FILE_NAME: &str = ".schema.json";

pub(super) fn run(_: &Args, context: &Context, terminal: &mut Terminal) -> Result<Exit, CliError> {
    terminal.bytes(incident_schema(&context.workspace()?.config).as_bytes())?;
    Ok(Exit::Fine)
}

/// The schema as JSON text (draft 2020-12), for a workspace with these settings.
pub(super) fn incident_schema(config: &Config) -> String {
    let mut schema = schemars::schema_for!(Incident).to_value();
    if let Some(moment) = schema.pointer_mut("/$defs/Moment").and_then(Value::as_object_mut) {
        let takes_naive = config.naive_times == Some(NaiveTimes::File);
        moment.insert("pattern".to_owned(), time::pattern(takes_naive).into());
        let forms = "write a time as 2026-03-17T14:05Z, 2026-03-17 15:05 Europe/Berlin or 2026-03-17; ~T for about T, T1..T2 for an interval";
        moment.insert("patternErrorMessage".to_owned(), forms.into());
    }
    let optional = all_optional(&schema);
    as_the_loader_reads(&mut schema, &optional);
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        if let Some(severity) = properties.get_mut("severity").and_then(Value::as_object_mut) {
            severity.remove("type");
            let others = json!({ "type": ["string", "number", "boolean", "null"] });
            severity.insert(
                "anyOf".to_owned(),
                json!([{ "enum": config.definitions.severities }, others]),
            );
        }
        if let Some(title) = properties.get_mut("title").and_then(Value::as_object_mut) {
            title.insert("pattern".to_owned(), "\\S".into());
            title.insert(
                "patternErrorMessage".to_owned(),
                "the title is one line that says what happened".into(),
            );
        }
    }
    signed(schema)
}

/// YAML has implicit types: `severity: 1` is meant as a word, and a key without a value equals a
/// missing key. The schema accepts what the loader reads.
fn as_the_loader_reads(schema: &mut Value, optional: &BTreeSet<String>) {
    let Some(object) = schema.as_object_mut() else { return };
    let required: Vec<String> = object
        .get("required")
        .and_then(Value::as_array)
        .map(|keys| keys.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    for part in ["properties", "$defs"] {
        for (key, value) in
            object.get_mut(part).and_then(Value::as_object_mut).into_iter().flatten()
        {
            as_the_loader_reads(value, optional);
            if part == "properties" {
                any_scalar(value);
                if !required.contains(key) {
                    or_null(value);
                }
            }
        }
    }
    for part in ["items", "additionalProperties"] {
        if let Some(items) = object.get_mut(part).filter(|items| items.is_object()) {
            as_the_loader_reads(items, optional);
            let is_optional = items
                .get("$ref")
                .and_then(Value::as_str)
                .is_some_and(|name| optional.contains(name));
            if any_scalar(items) || is_optional {
                or_null(items);
            }
        }
    }
    for part in object.get_mut("anyOf").and_then(Value::as_array_mut).into_iter().flatten() {
        as_the_loader_reads(part, optional);
    }
}

/// The references to maps without required keys: `-` with nothing after it is such a map.
fn all_optional(schema: &Value) -> BTreeSet<String> {
    let definitions = schema.get("$defs").and_then(Value::as_object).into_iter().flatten();
    let is_optional =
        |value: &Value| value.get("properties").is_some() && value.get("required").is_none();
    definitions
        .filter(|(_, value)| is_optional(value))
        .map(|(name, _)| format!("#/$defs/{name}"))
        .collect()
}

/// Allows any scalar for a free text. Returns whether it was a free text.
fn any_scalar(value: &mut Value) -> bool {
    let Some(object) = value.as_object_mut() else { return false };
    let is_free = ["pattern", "enum", "const", "format", "oneOf"]
        .iter()
        .all(|key| !object.contains_key(*key));
    let Some(kind) = object.get_mut("type").filter(|_| is_free) else { return false };
    let mut kinds: Vec<Value> = kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()]);
    if !kinds.contains(&"string".into()) {
        return false;
    }
    for other in ["number", "boolean"] {
        if !kinds.contains(&other.into()) && !kinds.contains(&"integer".into()) {
            kinds.push(other.into());
        }
    }
    *kind = kinds.into();
    true
}

fn or_null(value: &mut Value) {
    let Some(object) = value.as_object_mut() else { return };
    if let Some(kind) = object.get_mut("type") {
        let mut kinds: Vec<Value> = kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()]);
        if !kinds.contains(&"null".into()) {
            kinds.push("null".into());
        }
        *kind = kinds.into();
    } else if let Some(reference) = object.remove("$ref") {
        object.insert("anyOf".to_owned(), json!([{ "$ref": reference }, { "type": "null" }]));
    }
}

/// The start of the comment in a schema that posthoc wrote.
const SIGNATURE: &str = "written by posthoc; sha256 of the rest: ";

/// The text of a schema with a comment that shows later whether a person changed it.
fn signed(schema: Value) -> String {
    let hash = hash_of(&schema);
    let mut whole = Map::new();
    whole.insert("$comment".to_owned(), format!("{SIGNATURE}{hash}").into());
    if let Value::Object(rest) = schema {
        whole.extend(rest);
    }
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

fn hash_of(schema: &Value) -> String {
    use sha2::Digest;
    // The order of keys has no meaning, and a parser need not preserve it.
    fn sorted(value: &Value, out: &mut String) {
        match value {
            Value::Object(map) => {
                let mut keys: Vec<&String> = map.keys().collect();
                keys.sort();
                for key in keys {
                    out.push_str(&Value::from(key.as_str()).to_string());
                    sorted(&map[key], out);
                }
                out.push('}');
            }
            Value::Array(list) => {
                list.iter().for_each(|item| sorted(item, out));
                out.push(']');
            }
            scalar => out.push_str(&scalar.to_string()),
        }
    }
    let mut text = String::new();
    sorted(schema, &mut text);
    sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the text of a schema is as this or another version of posthoc wrote it.
pub(super) fn is_unchanged(text: &str) -> bool {
    let Ok(Value::Object(mut whole)) = serde_json::from_str(text) else { return false };
    let comment = whole.remove("$comment");
    let hash = comment
        .as_ref()
        .and_then(Value::as_str)
        .and_then(|comment| comment.strip_prefix(SIGNATURE));
    hash.is_some_and(|hash| hash == hash_of(&Value::Object(whole)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_edited_schema_is_detected() {
        let text = incident_schema(&Config::default());
        assert!(is_unchanged(&text));
        assert!(is_unchanged(&text.replace("  ", "\t")), "its layout means nothing");
        assert!(!is_unchanged(&text.replace("\"title\"", "\"titel\"")));
        assert!(!is_unchanged("{}") && !is_unchanged("no JSON"));
    }
}
