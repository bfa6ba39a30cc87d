//! The front matter of a text file: the settings before its text, between two lines of `---` (YAML)
//! or `+++` (TOML), as site generators use it.

use std::collections::BTreeMap;

use serde_yaml::Value as Yaml;

use crate::text::clean::clean_line;
use crate::yaml::bounds;

/// The language of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrontKind {
    /// Between lines of `---`.
    Yaml,
    /// Between lines of `+++`.
    Toml,
}

/// A text file split in two parts, both slices of the whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Front<'a> {
    /// The language of the settings.
    pub(super) kind: FrontKind,
    /// The settings, without the lines around them.
    pub(super) head: &'a str,
    /// Everything after the line that closes the settings.
    pub(super) body: &'a str,
    /// The number of the line on which `body` begins; the first line of the text is 1.
    pub(super) body_line: usize,
}

/// Splits `text`; `None` if it does not start with front matter, or the front matter has no end.
///
/// A fence is a line with only spaces after its three characters. Whether the content is valid YAML
/// or TOML is not checked: two horizontal rules look the same.
pub(super) fn split(text: &str) -> Option<Front<'_>> {
    let start = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut lines = start.split_inclusive('\n');
    let opening = lines.next()?;
    let (kind, fence) = match opening.trim_end() {
        "---" => (FrontKind::Yaml, "---"),
        // gray-matter, which Nuxt's generators use, allows the language's name after the fence.
        "---yaml" => (FrontKind::Yaml, "---"),
        "---toml" => (FrontKind::Toml, "---"),
        "+++" => (FrontKind::Toml, "+++"),
        _ => return None,
    };
    let inner = &start[opening.len()..];
    let mut at = 0;
    for (index, line) in lines.enumerate() {
        if line.trim_end() == fence {
            return Some(Front {
                kind,
                head: &inner[..at],
                body: &inner[at + line.len()..],
                body_line: index + 3,
            });
        }
        at += line.len();
    }
    None
}

/// Settings by lower-case name, each with the texts of its values. Site generators ignore case, and
/// a date is only a time once its zone is known.
pub(super) type Settings = BTreeMap<String, Vec<String>>;

/// Why front matter has no settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoSettings {
    /// A syntax error: its message, and its place in bytes of the head.
    Mistake(String, usize),
    /// It is text between two horizontal rules.
    Text,
}

/// One setting, in the form a document reader needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Setting {
    /// The texts of its values.
    pub(super) values: Vec<String>,
    /// The values as addresses, each with its title: `links: [{title: …, url: …}]`.
    pub(super) addresses: Vec<(Option<String>, String)>,
    /// Whether the value is neither a text, a number, nor a list of them.
    pub(super) is_odd: bool,
}

/// The settings of front matter.
///
/// # Errors
/// [`NoSettings`] if the head is not what its fence says.
pub(super) fn settings(front: &Front<'_>) -> Result<Settings, NoSettings> {
    Ok(detailed(front)?.into_iter().map(|(key, setting)| (key, setting.values)).collect())
}

/// The same, each with its addresses, and whether its type is unexpected.
///
/// # Errors
/// [`NoSettings`] if the head is not what its fence says.
pub(super) fn detailed(front: &Front<'_>) -> Result<BTreeMap<String, Setting>, NoSettings> {
    let wrong = |language: &str, message: &str, at: Option<usize>| {
        // The place is shown separately, and the parser counts lines from the start of the head.
        let message = message.split(" at line ").next().unwrap_or(message);
        let message =
            format!("the settings before the text are not {language}: {}", clean_line(message));
        NoSettings::Mistake(message, at.unwrap_or(0).min(front.head.len()))
    };
    match front.kind {
        FrontKind::Yaml => {
            if let Some(beyond) = bounds::beyond(front.head) {
                return Err(wrong("YAML", &beyond.message(), Some(beyond.span.start)));
            }
            let tree: Yaml = serde_yaml::from_str(front.head)
                .or_else(|error| {
                    quoted(front.head)
                        .and_then(|head| serde_yaml::from_str(&head).ok())
                        .ok_or(error)
                })
                .map_err(|error| {
                    wrong("YAML", &error.to_string(), error.location().map(|place| place.index()))
                })?;
            let Yaml::Mapping(tree) = tree else { return Err(NoSettings::Text) };
            Ok(tree
                .iter()
                .filter_map(|(key, value)| Some((key.as_str()?.to_lowercase(), setting(value))))
                .collect())
        }
        FrontKind::Toml => {
            let tree: toml::Table =
                toml::from_str(front.head).map_err(|error: toml::de::Error| {
                    wrong("TOML", error.message(), error.span().map(|span| span.start))
                })?;
            let of = |value: &toml::Value| {
                let addresses =
                    serde_yaml::to_value(value).map(|value| addresses(&value)).unwrap_or_default();
                Setting {
                    values: of_toml(value),
                    addresses,
                    is_odd: matches!(value, toml::Value::Table(_) | toml::Value::Boolean(_)),
                }
            };
            Ok(tree.iter().map(|(key, value)| (key.to_lowercase(), of(value))).collect())
        }
    }
}

/// The settings with quotation marks around values that YAML cannot read without them and that have
/// only one meaning: `authors: @ann`, `title: Outage: the database`. `None` if there are none.
fn quoted(head: &str) -> Option<String> {
    let mut is_changed = false;
    let line = |line: &str| {
        let item =
            line.trim_start().strip_prefix("- ").map(|value| (line.len() - value.len(), value));
        let is_top = !line.starts_with([' ', '\t', '#']);
        let value = item.or_else(|| {
            line.split_once(": ")
                .filter(|_| is_top)
                .map(|(_, value)| (line.len() - value.len(), value))
        });
        let (at, value) = value.unwrap_or((line.len(), ""));
        let is_reserved = value.starts_with(['@', '`', '%']);
        let is_sentence =
            item.is_none() && value.contains(": ") && value.starts_with(char::is_alphanumeric);
        if !(is_reserved || is_sentence) {
            return line.to_owned();
        }
        is_changed = true;
        format!("{}'{}'", &line[..at], value.trim_end().replace('\'', "''"))
    };
    let text = head.lines().map(line).collect::<Vec<_>>().join("\n");
    is_changed.then_some(text)
}

fn setting(value: &Yaml) -> Setting {
    let is_odd = matches!(value, Yaml::Mapping(_) | Yaml::Bool(_) | Yaml::Tagged(_));
    Setting { values: of_yaml(value), addresses: addresses(value), is_odd }
}

/// The addresses of a value: a text, a list of texts, maps with the address under `url` or similar,
/// or a map of titles to addresses.
fn addresses(value: &Yaml) -> Vec<(Option<String>, String)> {
    let text = |value: &Yaml| value.as_str().map(clean_line).filter(|text| !text.is_empty());
    match value {
        Yaml::String(_) => text(value).map(|address| (None, address)).into_iter().collect(),
        Yaml::Sequence(list) => list.iter().flat_map(addresses).collect(),
        Yaml::Mapping(map) => {
            let first = |keys: &[&str]| keys.iter().find_map(|key| text(map.get(*key)?));
            match first(&["url", "href", "link", "src", "path"]) {
                Some(address) => {
                    vec![(first(&["title", "name", "text", "alt", "label", "caption"]), address)]
                }
                None => map
                    .iter()
                    .filter_map(|(name, value)| Some((text(name), text(value)?)))
                    .collect(),
            }
        }
        Yaml::Null | Yaml::Bool(_) | Yaml::Number(_) | Yaml::Tagged(_) => Vec::new(),
    }
}

/// For a map, its `name` is used: `authors: [{name: …}]`.
fn of_yaml(value: &Yaml) -> Vec<String> {
    match value {
        Yaml::String(text) => vec![text.clone()],
        Yaml::Number(number) => vec![number.to_string()],
        Yaml::Bool(flag) => vec![flag.to_string()],
        Yaml::Sequence(list) => list.iter().flat_map(of_yaml).collect(),
        Yaml::Tagged(tagged) => of_yaml(&tagged.value),
        Yaml::Mapping(map) => map.get("name").map(of_yaml).unwrap_or_default(),
        Yaml::Null => Vec::new(),
    }
}

fn of_toml(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Array(list) => list.iter().flat_map(of_toml).collect(),
        toml::Value::Table(table) => table.get("name").map(of_toml).unwrap_or_default(),
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn front_matter_is_split_from_the_body_with_its_line() {
        let front = split("---\ntitle: x\ndate: y\n---\n\nText\n---\nmore\n").unwrap();
        assert_eq!(
            (front.kind, front.head, front.body_line),
            (FrontKind::Yaml, "title: x\ndate: y\n", 5)
        );
        assert_eq!(front.body, "\nText\n---\nmore\n");
        let front = split("\u{FEFF}+++ \r\nx = 1\r\n+++\t\r\nText").unwrap();
        assert_eq!(
            (front.kind, front.head, front.body, front.body_line),
            (FrontKind::Toml, "x = 1\r\n", "Text", 4)
        );
        let empty = split("---\n---").unwrap();
        assert_eq!((empty.head, empty.body, empty.body_line), ("", "", 3));
    }

    #[test]
    fn text_resembling_front_matter_is_not_split() {
        for text in [
            "",
            "---",
            "---\ntitle: x\n",
            "---\ntitle: x\n+++\n",
            "----\nx\n----\n",
            "--- # x\na\n---\n",
            "x\n---\ny\n---\n",
            " ---\nx\n---\n",
        ] {
            assert_eq!(split(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn parts_are_slices_of_the_text_in_order(text in "(---|\\+\\+\\+)?[ \\r]?\\n(x|---|\\+\\+\\+|\u{e9}|\\n){0,12}") {
            if let Some(front) = split(&text) {
                prop_assert!(text.ends_with(front.body));
                let before = &text[..text.len() - front.body.len()];
                prop_assert_eq!(before.lines().count() + 1, front.body_line);
                prop_assert!(before.contains(front.head));
            }
        }
    }
}
