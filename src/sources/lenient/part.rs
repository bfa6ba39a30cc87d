//! A deserializer for a part of a JSON record that skips what does not fit and remembers its place.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashSet};
use std::fmt;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, CowStrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::sources::json::{RawRecords, Str, reason};
use crate::text::clean::clean_line;

/// A value that does not fit its field.
#[derive(Debug)]
pub(in crate::sources) struct Ignored<'a> {
    /// Its path in the record: `updates[2].created_at`.
    pub path: String,
    /// The value, a slice of the record's text.
    pub text: &'a str,
    /// The reason why it cannot be read.
    pub error: serde_json::Error,
}

impl Ignored<'_> {
    /// The message for the user; `what` is the record.
    pub(in crate::sources) fn message(&self, what: &str) -> String {
        let path = clean_line(&self.path);
        format!("`{path}` of {what} is ignored: {}", reason(&self.error))
    }
}

/// The members of an object or of a list.
pub(super) fn members(text: &str) -> Vec<Member<'_>> {
    if text.starts_with('{') {
        let Pairs(pairs) = serde_json::from_str(text).unwrap_or_default();
        return pairs
            .into_iter()
            .map(|(key, raw)| Member { key: Some(key), index: 0, raw })
            .collect();
    }
    let elements: RawRecords<'_> = serde_json::from_str(text).unwrap_or_default();
    elements.into_iter().enumerate().map(|(index, raw)| Member { key: None, index, raw }).collect()
}

#[derive(Clone)]
pub(super) struct Member<'a> {
    /// A member of an object.
    key: Option<Str<'a>>,
    /// An element of a list.
    index: usize,
    pub(super) raw: &'a RawValue,
}

#[cfg(test)]
thread_local! {
    pub(super) static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
}

/// Counts the values that were visited, for tests of the growth of the work.
#[cfg(test)]
fn count(values: usize) {
    LOOKED_AT.with(|looked_at| looked_at.set(looked_at.get() + values));
}

#[cfg(not(test))]
fn count(_: usize) {}

/// Identifies a value by its address in memory, since each is a slice of the record's text.
pub(super) fn address(text: &str) -> usize {
    text.as_ptr() as usize
}

#[derive(Default)]
pub(super) struct Reading<'a> {
    pub(super) left_out: BTreeSet<usize>,
    pub(super) culprit: RefCell<Option<Culprit<'a>>>,
    /// Whether the record itself is a map or a list.
    pub(super) is_collection: Cell<bool>,
    /// The only member of such a record to read.
    pub(super) only: Option<Member<'a>>,
}

impl<'a> Reading<'a> {
    /// Skips what does not fit. From `most` skipped values on, the whole field is skipped.
    pub(super) fn leave_out(
        &mut self,
        culprit: Culprit<'a>,
        ignored: &mut Vec<Ignored<'a>>,
        most: usize,
    ) {
        let is_too_much = ignored.len() >= most;
        self.left_out.extend(is_too_much.then(|| address(culprit.field)));
        self.left_out.extend(culprit.found.iter().map(|found| address(found.text)));
        ignored.extend(culprit.found);
    }
}

/// The innermost value that does not fit.
pub(super) struct Culprit<'a> {
    /// Several if a key is repeated.
    found: Vec<Ignored<'a>>,
    /// The value of the record's own field that contains it.
    field: &'a str,
}

/// The path from the record to a value.
pub(super) struct Path<'p, 'a> {
    parent: Option<&'p Path<'p, 'a>>,
    step: Step<'p>,
    text: &'a str,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Key(&'p str),
    Index(usize),
}

impl Path<'_, '_> {
    fn field(&self) -> &Self {
        let mut field = self;
        while let Some(parent) = field.parent {
            field = parent;
        }
        field
    }
}

impl fmt::Display for Path<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}")?;
        }
        match self.step {
            Step::Key(key) if self.parent.is_some() => write!(f, ".{key}"),
            Step::Key(key) => f.write_str(key),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// A value of the record, as a deserializer.
pub(super) struct Part<'p, 'a> {
    pub(super) text: &'a str,
    pub(super) reading: &'p Reading<'a>,
    pub(super) path: Option<&'p Path<'p, 'a>>,
}

impl<'p, 'a> Part<'p, 'a> {
    fn is_left_out(&self, raw: &RawValue) -> bool {
        self.reading.left_out.contains(&address(raw.get()))
    }

    /// Reads a value inside this one, and remembers its path if that fails.
    fn read<S: DeserializeSeed<'a>>(
        &self,
        step: Step<'_>,
        raw: &'a RawValue,
        seed: S,
    ) -> Result<S::Value, serde_json::Error> {
        let path = Path { parent: self.path, step, text: raw.get() };
        count(1);
        let part = Part { text: raw.get(), reading: self.reading, path: Some(&path) };
        seed.deserialize(part).map_err(|error| self.blame(&path, error))
    }

    /// The only member of the record to read, if the record is a map or a list whose members are
    /// read one by one.
    fn only_member(&self) -> Option<Member<'a>> {
        if self.path.is_some() {
            return None;
        }
        self.reading.is_collection.set(true);
        self.reading.only.clone()
    }

    /// Remembers the values of repeated keys.
    fn blame_repeated(&self, repeated: &[&(Str<'a>, &'a RawValue)]) -> serde_json::Error {
        let error = || serde_json::Error::custom("the key is there twice");
        let mut found = Vec::new();
        let mut field = None;
        for (key, raw) in repeated {
            let path = Path { parent: self.path, step: Step::Key(key), text: raw.get() };
            field = field.or(Some(path.field().text));
            found.push(Ignored { path: path.to_string(), text: raw.get(), error: error() });
        }
        let mut culprit = self.reading.culprit.borrow_mut();
        if culprit.is_none() {
            *culprit = field.map(|field| Culprit { found, field });
        }
        error()
    }

    /// Remembers the first value that failed, which is the innermost. The error is passed on.
    fn blame(&self, path: &Path<'_, 'a>, error: serde_json::Error) -> serde_json::Error {
        let mut culprit = self.reading.culprit.borrow_mut();
        if culprit.is_some() {
            return error;
        }
        let field = path.field().text;
        let passed_on = serde_json::Error::custom(&error);
        *culprit = Some(Culprit {
            found: vec![Ignored { path: path.to_string(), text: path.text, error }],
            field,
        });
        passed_on
    }
}

/// Forwards a call to the deserializer of the value's text.
macro_rules! strictly {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            serde_json::Deserializer::from_str(self.text).$method(visitor)
        }
    )*};
}

impl<'a> Deserializer<'a> for Part<'_, 'a> {
    type Error = serde_json::Error;

    strictly! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_unit deserialize_identifier
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.text == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_unit()
    }

    /// `RawValue` requests its text through this method, too.
    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        serde_json::Deserializer::from_str(self.text).deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        serde_json::Deserializer::from_str(self.text).deserialize_unit_struct(name, visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        serde_json::Deserializer::from_str(self.text).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if !self.text.starts_with('[') {
            return serde_json::Deserializer::from_str(self.text).deserialize_seq(visitor);
        }
        if let Some(Member { index, raw, .. }) = self.only_member() {
            return visitor
                .visit_seq(Elements { part: self, elements: vec![(index, raw)].into_iter() });
        }
        let elements: RawRecords<'a> = serde_json::from_str(self.text)?;
        count(elements.len());
        let elements: Vec<_> = elements.into_iter().enumerate().collect();
        visitor.visit_seq(Elements { part: self, elements: elements.into_iter() })
    }

    /// An element of a tuple cannot be left out, because the others would shift.
    fn deserialize_tuple<V: Visitor<'a>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        serde_json::Deserializer::from_str(self.text).deserialize_tuple(length, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        serde_json::Deserializer::from_str(self.text)
            .deserialize_tuple_struct(name, length, visitor)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if !self.text.starts_with('{') {
            return serde_json::Deserializer::from_str(self.text).deserialize_map(visitor);
        }
        if let Some(Member { key: Some(key), raw, .. }) = self.only_member() {
            return visitor.visit_map(Members {
                part: self,
                pairs: vec![(key, raw)].into_iter(),
                next: None,
            });
        }
        let Pairs(pairs) = serde_json::from_str(self.text)?;
        count(pairs.len());
        visitor.visit_map(Members { part: self, pairs: pairs.into_iter(), next: None })
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if !self.text.starts_with('{') {
            // As a struct, a list would be read as its fields in order.
            return serde_json::Deserializer::from_str(self.text).deserialize_map(visitor);
        }
        let Pairs(mut pairs) = serde_json::from_str(self.text)?;
        count(pairs.len());
        pairs.retain(|(_, raw)| !self.is_left_out(raw));
        let mut seen = HashSet::new();
        let repeated: Vec<_> = pairs
            .iter()
            .filter(|(key, _)| fields.contains(&&**key) && !seen.insert(&**key))
            .collect();
        if !repeated.is_empty() {
            return Err(self.blame_repeated(&repeated));
        }
        visitor.visit_map(Members { part: self, pairs: pairs.into_iter(), next: None })
    }
}

struct Elements<'p, 'a> {
    part: Part<'p, 'a>,
    elements: std::vec::IntoIter<(usize, &'a RawValue)>,
}

impl<'a> SeqAccess<'a> for Elements<'_, 'a> {
    type Error = serde_json::Error;

    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Self::Error> {
        let part = &self.part;
        let Some((index, raw)) = self.elements.find(|(_, raw)| !part.is_left_out(raw)) else {
            return Ok(None);
        };
        part.read(Step::Index(index), raw, seed).map(Some)
    }
}

struct Members<'p, 'a> {
    part: Part<'p, 'a>,
    pairs: std::vec::IntoIter<(Str<'a>, &'a RawValue)>,
    next: Option<(Str<'a>, &'a RawValue)>,
}

impl<'a> MapAccess<'a> for Members<'_, 'a> {
    type Error = serde_json::Error;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Self::Error> {
        let part = &self.part;
        self.next = self.pairs.find(|(_, raw)| !part.is_left_out(raw));
        let Some((key, _)) = &self.next else { return Ok(None) };
        match &key.0 {
            std::borrow::Cow::Borrowed(key) => {
                seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
            }
            owned => seed.deserialize(CowStrDeserializer::new(owned.clone())).map(Some),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, Self::Error> {
        let (key, raw) =
            self.next.take().ok_or_else(|| serde_json::Error::custom("a value without a key"))?;
        self.part.read(Step::Key(&key), raw, seed)
    }
}

/// The members of an object in order, including repeated keys.
#[derive(Default)]
struct Pairs<'a>(Vec<(Str<'a>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collector;

        impl<'de> Visitor<'de> for Collector {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Collector)
    }
}
