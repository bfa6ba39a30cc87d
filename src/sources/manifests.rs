//! Kubernetes objects in YAML, as `kubectl get -o yaml` prints them, converted to JSON for the
//! readers.

use serde::Deserialize;

use super::input::Input;
use crate::yaml::bounds;

/// The maximum size of a text: the tree of a document needs many times the memory of its text.
const LARGEST: usize = 32 << 20;

/// The documents of an input as JSON, one per line; `None` if it is not such YAML or is invalid.
pub(super) fn in_json(input: &Input) -> Option<String> {
    if input.bytes.len() > LARGEST {
        return None;
    }
    let text = std::str::from_utf8(&input.bytes).ok()?;
    let is_about =
        |line: &&str| !line.trim().is_empty() && !line.starts_with('#') && line.trim_end() != "---";
    let mut lines = text.lines().filter(is_about);
    let first = lines.next()?;
    let is_manifest = first.starts_with("apiVersion:") || first.starts_with("- apiVersion:");
    if !is_manifest || bounds::beyond(text).is_some() {
        return None;
    }
    let mut json = String::with_capacity(text.len());
    for document in serde_yaml::Deserializer::from_str(text) {
        let value = serde_json::Value::deserialize(document).ok()?;
        if !value.is_null() {
            json.push_str(&value.to_string());
            json.push('\n');
        }
    }
    Some(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_become_lines() {
        let json = |text: &str| in_json(&Input::new("x.yaml", text));
        assert_eq!(
            json("---\napiVersion: v1\nkind: List\nitems:\n- a: 1\n---\napiVersion: v1\n")
                .as_deref(),
            Some(
                "{\"apiVersion\":\"v1\",\"items\":[{\"a\":1}],\"kind\":\"List\"}\n{\"apiVersion\":\"v1\"}\n"
            )
        );
        assert_eq!(json("schema: posthoc/v1\n"), None);
        assert_eq!(json("apiVersion: [\n"), None);
    }
}
