//! JSON with access to fields by path.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

/// The fields of one record with an unexpected type, each with its actual type.
pub(in crate::sources) type OddFields = RefCell<BTreeMap<String, &'static str>>;

/// A part of a record. Missing, `null` and empty values are absent. A value of an unexpected type
/// is absent too, and noted, so that one odd field is reported and affects only itself.
#[derive(Debug, Clone, Copy)]
pub(in crate::sources) struct Node<'a> {
    value: Option<&'a Value>,
    odd: Option<&'a OddFields>,
}

impl<'a> Node<'a> {
    /// The whole of `value`; values of an unexpected type are noted in `odd`.
    pub(in crate::sources) fn new(value: &'a Value, odd: &'a OddFields) -> Self {
        Node { value: Some(value), odd: Some(odd) }
    }

    /// Another value as a part of the same record: parsed JSON from one of its strings.
    pub(in crate::sources) fn with(self, value: Option<&'a Value>) -> Self {
        Node { value, ..self }
    }

    /// The part at `path`, keys separated by dots: `incident.service.summary`. A number is an index
    /// in a list, from 0. A key may contain dots itself.
    pub(in crate::sources) fn at(self, path: &str) -> Node<'a> {
        let flat = |value: &'a Value| value.get(path).filter(|_| path.contains('.'));
        self.with(
            self.value
                .and_then(|value| path.split('.').try_fold(value, step).or_else(|| flat(value))),
        )
    }

    /// The value itself.
    pub(in crate::sources) fn value(self) -> Option<&'a Value> {
        self.value
    }

    /// Whether the value is something other than `null`.
    pub(in crate::sources) fn is_there(self) -> bool {
        self.value.is_some_and(|value| !value.is_null())
    }

    /// The text at the first of `paths` that has one: a trimmed string, or the digits of a number.
    pub(in crate::sources) fn text(self, paths: &[&str]) -> Option<Cow<'a, str>> {
        paths.iter().find_map(|path| {
            let found = self.at(path);
            found.own_text().or_else(|| {
                self.note(path, found.value, "a text or a number");
                None
            })
        })
    }

    /// Its own text, if it is neither an object nor a list.
    pub(in crate::sources) fn own_text(self) -> Option<Cow<'a, str>> {
        match self.value? {
            Value::String(text) => Some(Cow::Borrowed(text.trim())).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The number at `path`, even if written as text.
    pub(in crate::sources) fn number(self, path: &str) -> Option<f64> {
        self.text(&[path])?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// Whether the value at `path` is true: `true`, `"true"`, `"yes"` or 1.
    pub(in crate::sources) fn is_true(self, path: &str) -> bool {
        let value = self.at(path);
        let text = value.own_text().unwrap_or_default();
        value.value == Some(&Value::Bool(true))
            || ["true", "yes", "1", "1.0"].iter().any(|yes| text.eq_ignore_ascii_case(yes))
    }

    /// The elements of the list at `path`.
    pub(in crate::sources) fn list(self, path: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let found = self.at(path);
        let list = found.value.and_then(Value::as_array);
        if list.is_none() {
            self.note(path, found.value, "a list");
        }
        list.map_or(&[][..], Vec::as_slice).iter().map(move |value| found.with(Some(value)))
    }

    /// Its own elements, if it is a list.
    pub(in crate::sources) fn list_here(self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let list = self.value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().map(move |value| self.with(Some(value)))
    }

    /// The members with a text of the object at `path`, sorted by name.
    pub(in crate::sources) fn members(
        self,
        path: &str,
    ) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        let found = self.at(path);
        let members = found.value.and_then(Value::as_object);
        if members.is_none() {
            self.note(path, found.value, "an object");
        }
        let members = members.into_iter().flatten();
        members.filter_map(move |(name, value)| {
            Some((name.as_str(), found.with(Some(value)).own_text()?))
        })
    }

    /// Its own members with a text.
    pub(in crate::sources) fn all_members(
        self,
    ) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        let members = self.value.and_then(Value::as_object).into_iter().flatten();
        members.filter_map(move |(name, value)| {
            Some((name.as_str(), self.with(Some(value)).own_text()?))
        })
    }

    /// All members of the object at `path`.
    pub(in crate::sources) fn entries(
        self,
        path: &str,
    ) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let found = self.at(path);
        let members = found.value.and_then(Value::as_object).into_iter().flatten();
        members.map(move |(name, value)| (name.as_str(), found.with(Some(value))))
    }

    fn note(self, path: &str, found: Option<&Value>, wanted: &'static str) {
        // A value that blocks a path is noted at its place.
        let in_the_way = || {
            let mut value = self.value?;
            let mut walked = String::new();
            for key in path.split('.') {
                match step(value, key) {
                    Some(next) => value = next,
                    None if value.is_object()
                        || value.is_null()
                        || value.is_array()
                        || walked.is_empty() =>
                    {
                        return None;
                    }
                    None => return Some((walked, "an object")),
                }
                walked = if walked.is_empty() { key.to_owned() } else { format!("{walked}.{key}") };
            }
            None
        };
        let odd = match found {
            Some(Value::Null) => None,
            // An empty text means that there is no value, whatever its type.
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(_) => Some((path.to_owned(), wanted)),
            None => in_the_way(),
        };
        if let Some((odds, (path, wanted))) = self.odd.zip(odd) {
            odds.borrow_mut().insert(path, wanted);
        }
    }
}

fn step<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(key),
        Value::Array(elements) => elements.get(key.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_fields_are_absent_and_noted() {
        let value: Value = serde_json::from_str(
            r#"{"a": {"b": " x ", "n": 7, "e": "", "o": {}}, "l": [1, "y"], "z": null, "t": true}"#,
        )
        .unwrap();
        let odd = OddFields::default();
        let node = Node::new(&value, &odd);
        assert_eq!(node.text(&["a.missing", "a.b"]).as_deref(), Some("x"));
        assert_eq!(node.text(&["a.n", "l"]).as_deref(), Some("7"));
        assert_eq!(node.text(&["l.1"]).as_deref(), Some("y"));
        assert!(odd.borrow().is_empty());
        for path in ["a.e", "a.o", "l", "z", "a.b.c", "missing.x"] {
            assert_eq!(node.text(&[path]), None, "{path}");
        }
        assert_eq!(node.list("l").filter_map(|item| item.own_text()).count(), 2);
        assert_eq!(node.list("a").count() + node.list("a.e").count(), 0);
        assert!(!node.at("z").is_there() && node.at("a").is_there() && node.is_true("t"));
        assert_eq!(node.members("a").count(), 2);
        let noted: Vec<String> =
            odd.borrow().iter().map(|(path, wanted)| format!("{path}: {wanted}")).collect();
        assert_eq!(
            noted,
            ["a: a list", "a.b: an object", "a.o: a text or a number", "l: a text or a number"]
        );
    }
}
