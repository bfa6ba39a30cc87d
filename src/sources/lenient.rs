//! JSON records in which a value has another type than its field: the field is left out, the rest
//! of the record is read.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashSet};
use std::fmt;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, CowStrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::decode::Decoded;
use super::json::{self, RawRecords, Str, reason};
use super::warnings::Warnings;
use crate::sources::source::ReadError;
use crate::text::clean::clean_line;

/// After so many unreadable values of one record, whole fields of the record are left out. It
/// bounds the work: the record is read again for each of them.
const SINGLE_VALUES: usize = 32;

/// Reads the whole of `part`, a slice of the decoded text. Values that do not fit are warnings.
///
/// # Errors
/// [`ReadError`] with its place when it is not JSON or has another shape.
pub(super) fn document<'a, T: Deserialize<'a>>(
    decoded: &Decoded<'_>,
    part: &'a str,
    warnings: &mut Warnings<'_>,
) -> Result<T, ReadError> {
    let raw: &RawValue = json::parse(decoded, part)?;
    let Lenient { value, ignored } = lenient(raw);
    warn(ignored, "this file", warnings);
    value.map_err(|error| {
        let mut refused =
            ReadError::new(format!("not the JSON that was expected: {}", reason(&error)));
        let start = decoded.span_of(raw.get()).start;
        refused.span = Some(start..(start + 1).min(decoded.text.len()).max(start));
        refused
    })
}

/// Reads one record, called `what`; a bad one is a warning, as is each value of it that does not fit.
pub(super) fn record<'a, T: Deserialize<'a>>(
    raw: &'a RawValue,
    what: &str,
    warnings: &mut Warnings<'_>,
) -> Option<T> {
    let Lenient { value, ignored } = lenient(raw);
    warn(ignored, what, warnings);
    value
        .map_err(|error| {
            warnings.about(raw.get(), format!("{what} cannot be read: {}", reason(&error)));
        })
        .ok()
}

/// A record of which only a part is wanted; `None` where it cannot be read.
pub(super) fn quietly<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    lenient(serde_json::from_str(text).ok()?).value.ok()
}

fn warn(ignored: Vec<Ignored<'_>>, what: &str, warnings: &mut Warnings<'_>) {
    for ignored in ignored {
        warnings.about(ignored.text, ignored.message(what));
    }
}

/// A record, and what was left out to read it.
pub(super) struct Lenient<'a, T> {
    /// The record; an error where it cannot be read without what was left out.
    pub value: Result<T, serde_json::Error>,
    /// In the order in which they were found.
    pub ignored: Vec<Ignored<'a>>,
}

/// A value that does not fit its field.
#[derive(Debug)]
pub(super) struct Ignored<'a> {
    /// Where it is in the record: `updates[2].created_at`.
    pub path: String,
    /// The value, a slice of the record's text.
    pub text: &'a str,
    /// Why it cannot be read.
    pub error: serde_json::Error,
}

impl Ignored<'_> {
    /// For people; `what` is the record.
    pub(super) fn message(&self, what: &str) -> String {
        let path = clean_line(&self.path);
        format!("`{path}` of {what} is ignored: {}", reason(&self.error))
    }
}

/// Reads a record. A value that does not fit its field is as absent as one that is not there, and
/// an element that does not fit is not in its list.
///
/// Every record is read in this way, not only one that failed: a second deserializer for every type
/// would double the code.
pub(super) fn lenient<'a, T: Deserialize<'a>>(record: &'a RawValue) -> Lenient<'a, T> {
    let mut ignored: Vec<Ignored<'a>> = Vec::new();
    let mut reading = Reading::default();
    loop {
        let value = T::deserialize(Part { text: record.get(), reading: &reading, path: None });
        match (value, reading.culprit.take()) {
            (Err(_), Some(culprit)) => {
                reading.leave_out(culprit, &mut ignored, SINGLE_VALUES);
                if ignored.len() >= SINGLE_VALUES && reading.is_collection.get() {
                    each_alone::<T>(record, &mut reading, &mut ignored);
                }
            }
            (value, _) => return Lenient { value, ignored },
        }
    }
}

/// Finds the unreadable values in a record that is a map or a list itself, by reading each member
/// as the only one. Such a record has no fields that could be left out as a whole, and may have
/// any number of members: to read it again for each bad one would take quadratic time.
fn each_alone<'a, T: Deserialize<'a>>(
    record: &'a RawValue,
    reading: &mut Reading<'a>,
    ignored: &mut Vec<Ignored<'a>>,
) {
    for member in members(record.get()) {
        if reading.left_out.contains(&address(member.raw.get())) {
            continue;
        }
        reading.only = Some(member);
        let most = ignored.len() + SINGLE_VALUES;
        loop {
            let value = T::deserialize(Part { text: record.get(), reading, path: None });
            match (value, reading.culprit.take()) {
                (Err(_), Some(culprit)) => reading.leave_out(culprit, ignored, most),
                _ => break,
            }
        }
    }
    reading.only = None;
}

/// The members of an object or of a list.
fn members(text: &str) -> Vec<Member<'_>> {
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
struct Member<'a> {
    /// Of a member of an object.
    key: Option<Str<'a>>,
    /// Of an element of a list.
    index: usize,
    raw: &'a RawValue,
}

/// Counts values that were looked at, for tests of how the work grows.
#[cfg(test)]
fn count(values: usize) {
    tests::LOOKED_AT.with(|looked_at| looked_at.set(looked_at.get() + values));
}

#[cfg(not(test))]
fn count(_: usize) {}

/// What identifies a value: where it is in memory, since each is a slice of the record's text.
fn address(text: &str) -> usize {
    text.as_ptr() as usize
}

#[derive(Default)]
struct Reading<'a> {
    left_out: BTreeSet<usize>,
    culprit: RefCell<Option<Culprit<'a>>>,
    /// Whether the record itself is a map or a list.
    is_collection: Cell<bool>,
    /// The only member of such a record that is read.
    only: Option<Member<'a>>,
}

impl<'a> Reading<'a> {
    /// Leaves out what does not fit. From `most` ignored values on that is the whole field.
    fn leave_out(&mut self, culprit: Culprit<'a>, ignored: &mut Vec<Ignored<'a>>, most: usize) {
        let is_too_much = ignored.len() >= most;
        self.left_out.extend(is_too_much.then(|| address(culprit.field)));
        self.left_out.extend(culprit.found.iter().map(|found| address(found.text)));
        ignored.extend(culprit.found);
    }
}

/// The innermost value that does not fit.
struct Culprit<'a> {
    /// Several where a key is repeated.
    found: Vec<Ignored<'a>>,
    /// The value of the record's own field in which it is.
    field: &'a str,
}

/// The way from the record to a value.
struct Path<'p, 'a> {
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
struct Part<'p, 'a> {
    text: &'a str,
    reading: &'p Reading<'a>,
    path: Option<&'p Path<'p, 'a>>,
}

impl<'p, 'a> Part<'p, 'a> {
    fn is_left_out(&self, raw: &RawValue) -> bool {
        self.reading.left_out.contains(&address(raw.get()))
    }

    /// Reads a value in this one, and remembers where it was if that fails.
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

    /// The only member that is to be read of the record itself, if it is a map or a list of which
    /// the members are read one by one.
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

/// Passes a call on to the deserializer of the value's text.
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

    /// Also the way in which a `RawValue` asks for its text.
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

    /// An element of a tuple cannot be left out: the others would move.
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
            // As a struct a list would be taken for its fields in their order.
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

/// The members of an object in their order, also those whose keys are alike.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    thread_local! {
        pub(super) static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
    }
    use crate::sources::json::{null_is_default, without_nulls};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Incident<'a> {
        #[serde(borrow)]
        id: Str<'a>,
        #[serde(borrow, default)]
        name: Option<Str<'a>>,
        #[serde(default)]
        count: u8,
        #[serde(borrow, default, deserialize_with = "without_nulls")]
        components: Vec<Component<'a>>,
        #[serde(borrow, default, deserialize_with = "null_is_default")]
        links: BTreeMap<Str<'a>, Vec<Str<'a>>>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Component<'a> {
        #[serde(borrow, default)]
        name: Option<Str<'a>>,
        #[serde(default)]
        level: Option<u8>,
    }

    fn read(text: &str) -> (Result<Incident<'_>, String>, Vec<String>) {
        let Lenient { value, ignored } =
            lenient::<Incident<'_>>(serde_json::from_str(text).unwrap());
        let shown = |ignored: &Ignored<'_>| {
            format!("{} {}: {}", ignored.path, ignored.text, reason(&ignored.error))
        };
        (value.map_err(|error| reason(&error)), ignored.iter().map(shown).collect())
    }

    #[test]
    fn a_value_of_another_type_costs_its_field_only() {
        let (incident, ignored) = read(
            r#"{"id": "a", "name": true, "count": 300, "components": [{"name": "x", "level": "y"}, 7, {"name": "z"}],
               "links": {"u": ["v", {}], "w": 5}, "unknown": {"id": 1}}"#,
        );
        let incident = incident.unwrap();
        assert_eq!((&*incident.id, incident.name, incident.count), ("a", None, 0));
        let names: Vec<_> = incident
            .components
            .iter()
            .map(|component| component.name.as_deref().unwrap())
            .collect();
        assert_eq!(names, ["x", "z"]);
        assert_eq!(
            incident.links.get("u").map(|links| links.iter().map(|link| &**link).collect()),
            Some(vec!["v"])
        );
        assert_eq!(
            ignored,
            [
                "name true: invalid type: boolean `true`, expected a string",
                "count 300: invalid value: integer `300`, expected u8",
                "components[0].level \"y\": invalid type: string \"y\", expected u8",
                "components[1] 7: invalid type: integer `7`, expected an object",
                "links.u[1] {}: invalid type: object, expected a string",
                "links.w 5: invalid type: integer `5`, expected a sequence",
            ]
        );
    }

    #[test]
    fn what_a_record_cannot_do_without_costs_the_record() {
        let (incident, ignored) = read(r#"{"id": 5, "name": "n"}"#);
        assert_eq!(incident.unwrap_err(), "missing field `id`");
        assert_eq!(ignored.len(), 1, "{ignored:?}");
        let (incident, ignored) = read("[1]");
        assert!(incident.is_err() && ignored.is_empty());
    }

    #[test]
    fn text_that_is_not_unicode_and_keys_that_are_there_twice_cost_their_field() {
        let (incident, ignored) = read(r#"{"id": "a", "name": "\ud800", "count": 1, "count": 2}"#);
        assert_eq!(incident.map(|incident| (incident.name, incident.count)), Ok((None, 1)));
        assert_eq!(ignored.len(), 2, "{ignored:?}");
        assert!(ignored.contains(&"count 2: the key is there twice".to_owned()), "{ignored:?}");
    }

    #[test]
    fn many_unreadable_values_cost_their_field_and_little_work() {
        let wrong = vec!["7"; 5000].join(",");
        let text = format!(r#"{{"id": "a", "components": [{wrong}], "name": "n"}}"#);
        let (incident, ignored) = read(&text);
        let incident = incident.unwrap();
        assert_eq!((incident.name.as_deref(), incident.components.len()), (Some("n"), 0));
        assert_eq!(ignored.len(), SINGLE_VALUES + 1);
    }

    /// What is read from `text`, and how many values were looked at.
    fn counted<'a, T: Deserialize<'a>>(text: &'a str) -> (Lenient<'a, T>, usize) {
        LOOKED_AT.set(0);
        let lenient = lenient::<T>(serde_json::from_str(text).unwrap());
        (lenient, LOOKED_AT.get())
    }

    #[test]
    fn each_bad_member_of_a_record_that_is_a_map_costs_itself_only_in_linear_time() {
        type Map<'a> = BTreeMap<Str<'a>, Option<Vec<u8>>>;
        let text = |bad: usize| {
            let members: String = (0..bad)
                .map(|n| format!(r#""bad{n}": 7, "good{n}": [1], "part{n}": [2, "x"], "#))
                .collect();
            format!(r#"{{{members}"last": [3]}}"#)
        };
        let looked_at = [1000, 2000].map(|bad| {
            let text = text(bad);
            let (read, looked_at) = counted::<Map<'_>>(&text);
            assert_eq!(read.ignored.len(), 2 * bad);
            let map = read.value.unwrap();
            assert_eq!(map.len(), 2 * bad + 1, "what fits is read");
            assert!(map.values().flatten().all(|list| list.len() == 1));
            looked_at
        });
        assert!(looked_at[1] < looked_at[0] * 5 / 2, "{looked_at:?}");
    }

    #[test]
    fn each_bad_element_of_a_record_that_is_a_list_costs_itself_only_in_linear_time() {
        let looked_at = [1000, 2000].map(|bad| {
            let text = format!("[{}3]", r#""x", 1, "#.repeat(bad));
            let (read, looked_at) = counted::<Vec<u8>>(&text);
            assert_eq!((read.ignored.len(), read.value.unwrap().len()), (bad, bad + 1));
            assert_eq!(read.ignored[bad - 1].path, format!("[{}]", 2 * (bad - 1)));
            looked_at
        });
        assert!(looked_at[1] < looked_at[0] * 5 / 2, "{looked_at:?}");
    }

    #[test]
    fn a_key_that_is_there_many_times_takes_linear_time() {
        let looked_at = [1000, 2000].map(|times| {
            let text = format!(r#"{{{}"id": "a"}}"#, r#""count": 1, "#.repeat(times));
            let (read, looked_at) = counted::<Incident<'_>>(&text);
            assert_eq!((read.ignored.len(), read.value.unwrap().count), (times - 1, 1));
            looked_at
        });
        assert!(looked_at[1] < looked_at[0] * 5 / 2, "{looked_at:?}");
    }
}
