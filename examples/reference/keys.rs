//! The keys of a schema: one section for each kind of map, in the order in which they are met.

use std::collections::HashSet;

use serde_json::Value;
use serde_yaml::Value as Sample;

use crate::samples;

/// The keys of one kind of map.
pub struct Section {
    /// Where such a map is: `timeline[]`, `sources.NAME`; empty for the whole file.
    pub path: String,
    /// What it is.
    pub about: String,
    /// Its keys, in the order of the sample.
    pub keys: Vec<Key>,
}

/// One key.
pub struct Key {
    pub name: String,
    /// What its value is, in Markdown.
    pub kind: String,
    pub is_required: bool,
    /// Whether the value may be `null`.
    pub is_nullable: bool,
    pub default: Option<Value>,
    pub about: String,
    /// The words that are allowed, each with what it means.
    pub words: Vec<(String, String)>,
    /// Its value in the sample.
    pub sample: Option<Sample>,
}

/// A type of single values that has rules of its own.
pub struct Scalar {
    pub name: String,
    pub about: String,
    /// How it is written.
    pub forms: Option<String>,
}

/// Everything that a page is made of.
pub struct Reference {
    pub sections: Vec<Section>,
    pub scalars: Vec<Scalar>,
}

/// Reads a schema; `map` is what its language calls a map.
pub fn read(schema: &Value, sample: &Sample, map: &'static str) -> Reference {
    let mut reader = Reader {
        schema,
        sample,
        map,
        seen: HashSet::new(),
        queue: vec![(String::new(), schema)],
        found: Reference { sections: Vec::new(), scalars: Vec::new() },
    };
    while !reader.queue.is_empty() {
        let (path, object) = reader.queue.remove(0);
        reader.section(path, object);
    }
    reader.found.scalars.sort_by(|a, b| a.name.cmp(&b.name));
    reader.found
}

/// The address of a heading on GitHub and in most other renderers.
pub fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

struct Reader<'s> {
    schema: &'s Value,
    sample: &'s Sample,
    map: &'static str,
    /// The names of the types that have a section or an entry already.
    seen: HashSet<String>,
    /// The maps that still have to be read, each with its path.
    queue: Vec<(String, &'s Value)>,
    found: Reference,
}

/// What a schema allows, in words.
#[derive(Default)]
struct Kind {
    text: Vec<String>,
    is_nullable: bool,
    words: Vec<(String, String)>,
}

impl<'s> Reader<'s> {
    fn section(&mut self, path: String, object: &'s Value) {
        let required: Vec<&str> =
            object["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut keys = Vec::new();
        let mut properties: Vec<(&String, &Value)> =
            object["properties"].as_object().into_iter().flatten().collect();
        let order = samples::keys_at(self.sample, &path);
        properties.sort_by_key(|(name, _)| {
            order.iter().position(|key| key == *name).unwrap_or(usize::MAX)
        });
        let queued = self.queue.len();
        // Keys that all have values of one type share a section.
        let of_one_type = properties.len() > 1
            && properties.iter().all(|(_, one)| is_same_type(one, properties[0].1));
        for (name, schema) in properties {
            let inside = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let kind = self
                .kind(schema, &if of_one_type { format!("{path}.NAME") } else { inside.clone() });
            keys.push(Key {
                name: name.clone(),
                kind: kind.text.join(" or "),
                is_required: required.contains(&name.as_str()),
                is_nullable: kind.is_nullable,
                default: schema.get("default").filter(|default| !is_nothing(default)).cloned(),
                about: text(schema, "description"),
                words: kind.words,
                sample: samples::value_at(self.sample, &inside).cloned(),
            });
        }
        // The maps within this one come next, before those that follow it.
        let inner = self.queue.split_off(queued);
        self.queue.splice(0..0, inner);
        self.found.sections.push(Section { path, about: text(object, "description"), keys });
    }

    /// What `schema`, of the value at `path`, allows.
    fn kind(&mut self, schema: &'s Value, path: &str) -> Kind {
        let mut kind = Kind::default();
        self.add(schema, path, &mut kind);
        kind
    }

    fn add(&mut self, schema: &'s Value, path: &str, kind: &mut Kind) {
        if let Some(name) =
            schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/"))
        {
            return self.named(name, &self.schema["$defs"][name], path, kind);
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            choices.iter().for_each(|choice| self.add(choice, path, kind));
            return;
        }
        if let Some(value) = schema["const"].as_str() {
            kind.text.push(format!("`{value}`"));
            return;
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        for name in types {
            match name {
                "null" => kind.is_nullable = true,
                "array" => {
                    let item = self.kind(&schema["items"], &format!("{path}[]"));
                    kind.text.push(format!("list of {}", item.text.join(" or ")));
                    kind.words.extend(item.words);
                }
                "object" if schema["properties"].is_object() => {
                    self.map(&format!("\0{path}"), schema, path, kind);
                }
                "object" => {
                    let values = &schema["additionalProperties"];
                    let value = self.kind(
                        if values.is_object() { values } else { &Value::Null },
                        &format!("{path}.NAME"),
                    );
                    kind.text.push(format!(
                        "{} from names to {}",
                        self.map,
                        value.text.join(" or ")
                    ));
                    kind.words.extend(value.words);
                }
                "string" if schema["format"] == "date" => {
                    kind.text.push("day (`2026-03-17`)".to_owned());
                }
                "string" => kind.text.push("text".to_owned()),
                "integer" => kind.text.push("whole number".to_owned()),
                other => kind.text.push(other.to_owned()),
            }
        }
    }

    fn named(&mut self, name: &str, schema: &'s Value, path: &str, kind: &mut Kind) {
        let words = words(schema);
        if !words.is_empty() {
            kind.text.push("word".to_owned());
            kind.words.extend(words);
        } else if schema["anyOf"].is_array() {
            self.add(schema, path, kind);
        } else if schema["properties"].is_object() {
            self.map(name, schema, path, kind);
        } else {
            if self.seen.insert(name.to_owned()) {
                let forms = schema["patternErrorMessage"].as_str().map(str::to_owned);
                self.found.scalars.push(Scalar {
                    name: called(name, schema),
                    about: text(schema, "description"),
                    forms,
                });
            }
            let name = called(name, schema);
            kind.text.push(format!("[{name}](#{})", anchor(&name)));
        }
    }

    fn map(&mut self, name: &str, schema: &'s Value, path: &str, kind: &mut Kind) {
        if self.seen.insert(name.to_owned()) {
            self.queue.push((path.to_owned(), schema));
        }
        let known = self
            .queue
            .iter()
            .find(|(_, known)| std::ptr::eq(*known, schema))
            .map(|(path, _)| path.as_str());
        let done = self.found.sections.iter().map(|section| section.path.as_str());
        let first = known
            .map(str::to_owned)
            .or_else(|| done.into_iter().find(|done| self.is_at(done, schema)).map(str::to_owned));
        let at = first.unwrap_or_else(|| path.to_owned());
        kind.text.push(format!("[{} `{at}`](#{})", self.map, anchor(&at)));
    }

    /// Whether the section at `path` is about `schema`.
    fn is_at(&self, path: &str, schema: &Value) -> bool {
        let about = text(schema, "description");
        self.found
            .sections
            .iter()
            .any(|section| section.path == path && !about.is_empty() && section.about == about)
    }
}

/// Whether both schemas refer to the same named type.
fn is_same_type(one: &Value, other: &Value) -> bool {
    let named = |schema: &Value| {
        let choices =
            schema["anyOf"].as_array().into_iter().flatten().chain(std::iter::once(schema));
        choices.filter_map(|choice| choice["$ref"].as_str()).next().map(str::to_owned)
    };
    named(one).is_some() && named(one) == named(other)
}

/// The words of an enum, each with what it means.
fn words(schema: &Value) -> Vec<(String, String)> {
    let word = |value: &Value, about: &Value| {
        Some((value.as_str()?.to_owned(), text(about, "description")))
    };
    let listed = |schema: &Value| -> Vec<(String, String)> {
        schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|value| word(value, &Value::Null))
            .collect()
    };
    let described = schema["oneOf"].as_array().into_iter().flatten();
    let described = described
        .flat_map(|one| word(&one["const"], one).map_or_else(|| listed(one), |word| vec![word]));
    listed(schema).into_iter().chain(described).collect()
}

fn text(schema: &Value, key: &str) -> String {
    schema[key].as_str().unwrap_or_default().to_owned()
}

fn is_nothing(default: &Value) -> bool {
    match default {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(is_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What a type is called: its title, or its name.
fn called(name: &str, schema: &Value) -> String {
    schema["title"].as_str().map_or_else(|| plain(name), str::to_owned)
}

/// `ClockOffset` as `clock offset`.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(c.to_lowercase());
    }
    plain
}
