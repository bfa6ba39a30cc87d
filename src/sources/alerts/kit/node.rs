//! JSON whose fields are asked for by path.

use std::borrow::Cow;

use serde_json::Value;

/// A part of a record. Whatever is missing, `null`, empty or of another type than asked for is
/// absent, so that one odd field costs that field only.
#[derive(Debug, Clone, Copy)]
pub(in crate::sources) struct Node<'a>(pub Option<&'a Value>);

impl<'a> Node<'a> {
    /// The part at `path`, keys with dots between them: `incident.service.summary`.
    pub(in crate::sources) fn at(self, path: &str) -> Node<'a> {
        Node(self.0.and_then(|value| path.split('.').try_fold(value, |value, key| value.get(key))))
    }

    /// Whether there is anything there but `null`.
    pub(in crate::sources) fn is_there(self) -> bool {
        self.0.is_some_and(|value| !value.is_null())
    }

    /// The text at the first of `paths` that has one: a string without the blanks around it, or the
    /// digits of a number.
    pub(in crate::sources) fn text(self, paths: &[&str]) -> Option<Cow<'a, str>> {
        paths.iter().find_map(|path| self.at(path).own_text())
    }

    /// Its own text, where it is no object and no list.
    pub(in crate::sources) fn own_text(self) -> Option<Cow<'a, str>> {
        match self.0? {
            Value::String(text) => Some(Cow::Borrowed(text.trim())).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The elements of the list at `path`.
    pub(in crate::sources) fn list(self, path: &str) -> impl Iterator<Item = Node<'a>> {
        let list = self.at(path).0.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().map(|value| Node(Some(value)))
    }

    /// The members of the object at `path` that have a text, in the order of their names.
    pub(in crate::sources) fn members(self, path: &str) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
        let members = self.at(path).0.and_then(Value::as_object).into_iter().flatten();
        members.filter_map(|(name, value)| Some((name.as_str(), Node(Some(value)).own_text()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_fields_are_absent() {
        let value: Value =
            serde_json::from_str(r#"{"a": {"b": " x ", "n": 7, "e": "", "o": {}}, "l": [1, "y"], "z": null}"#).unwrap();
        let node = Node(Some(&value));
        assert_eq!(node.text(&["a.missing", "a.b"]).as_deref(), Some("x"));
        assert_eq!(node.text(&["a.n"]).as_deref(), Some("7"));
        for path in ["a.e", "a.o", "l", "z", "a.b.c"] {
            assert_eq!(node.text(&[path]), None, "{path}");
        }
        assert_eq!(node.list("l").filter_map(|item| item.own_text()).count(), 2);
        assert!(!node.at("z").is_there() && node.at("a").is_there());
        assert_eq!(node.members("a").count(), 2);
    }
}
