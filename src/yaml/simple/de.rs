//! Deserializes values of simple YAML with serde, with the same result as the full parser.

use std::borrow::Cow;
use std::fmt::Display;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::scan::{NotSimple, Reader, Scalar};

impl Display for NotSimple {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not simple YAML")
    }
}

impl std::error::Error for NotSimple {}

/// Error messages are dropped, because the full parser reads the text again and reports the error.
impl de::Error for NotSimple {
    fn custom<T: Display>(_: T) -> Self {
        NotSimple
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        NotSimple
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        NotSimple
    }
}

/// The position of a value.
#[derive(Clone, Copy)]
enum Position {
    /// A block map or list whose lines begin in this column.
    Block { column: usize },
    /// After a key or a dash. `parent` is the column of the map or list that contains it.
    Inline { parent: usize, is_in_map: bool },
    /// Within brackets.
    Flow,
    /// The value is empty.
    Absent,
}

/// A value that has not been read yet.
pub(super) struct Value<'r, 't> {
    reader: &'r mut Reader<'t>,
    position: Position,
}

impl<'r, 't> Value<'r, 't> {
    /// The value that is the whole text.
    pub(super) fn top(reader: &'r mut Reader<'t>) -> Result<Self, NotSimple> {
        if reader.indent != Some(0) {
            return Err(NotSimple);
        }
        Ok(Value { reader, position: Position::Block { column: 0 } })
    }

    /// Finds the position of a value on the lines after its key.
    fn resolve(&mut self) -> Result<(), NotSimple> {
        let Position::Inline { parent, is_in_map } = self.position else { return Ok(()) };
        let after_key = self.reader.at;
        self.reader.skip_spaces();
        if !matches!(self.reader.byte(), Some(b'\n' | b'#')) {
            return Ok(());
        }
        self.reader.at = after_key;
        self.reader.finish_line()?;
        let is_dash = self.reader.byte() == Some(b'-');
        self.position = match self.reader.indent {
            Some(column) if column > parent => Position::Block { column },
            // A list may begin in the column of its key.
            Some(column) if column == parent && is_in_map && is_dash => Position::Block { column },
            _ => Position::Absent,
        };
        Ok(())
    }

    fn scalar(&mut self) -> Result<Scalar<'t>, NotSimple> {
        self.resolve()?;
        let first = self.reader.byte();
        let is_quote = matches!(first, Some(b'"' | b'\''));
        match self.position {
            Position::Flow if is_quote => self.reader.quoted(),
            Position::Flow => self.reader.plain_in_flow(),
            Position::Inline { .. } if is_quote => {
                let scalar = self.reader.quoted()?;
                self.reader.finish_line()?;
                Ok(scalar)
            }
            Position::Inline { parent, .. } if matches!(first, Some(b'|' | b'>')) => {
                self.reader.block(parent)
            }
            Position::Inline { .. } => self.reader.plain(),
            Position::Block { .. } | Position::Absent => Err(NotSimple),
        }
    }

    /// The first byte of the value, if it begins on this line.
    fn opening(&self) -> Option<u8> {
        let is_here = matches!(self.position, Position::Inline { .. } | Position::Flow);
        self.reader.byte().filter(|_| is_here)
    }

    fn map<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, NotSimple> {
        self.resolve()?;
        if self.opening() == Some(b'{') {
            return self.flow(|items| visitor.visit_map(items), b'}');
        }
        let Position::Block { column } = self.position else { return Err(NotSimple) };
        let mut lines = Lines { reader: self.reader, column, is_done: false };
        let value = visitor.visit_map(&mut lines)?;
        if lines.is_done { Ok(value) } else { Err(NotSimple) }
    }

    fn list<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, NotSimple> {
        self.resolve()?;
        if self.opening() == Some(b'[') {
            return self.flow(|items| visitor.visit_seq(items), b']');
        }
        let Position::Block { column } = self.position else { return Err(NotSimple) };
        if self.reader.byte() != Some(b'-') {
            return Err(NotSimple);
        }
        let mut lines = Lines { reader: self.reader, column, is_done: false };
        let value = visitor.visit_seq(&mut lines)?;
        if lines.is_done { Ok(value) } else { Err(NotSimple) }
    }

    /// Reads a list or a map in brackets.
    fn flow<R>(
        self,
        read: impl FnOnce(&mut Flow<'_, 't>) -> Result<R, NotSimple>,
        closing: u8,
    ) -> Result<R, NotSimple> {
        self.reader.at += 1;
        let mut items = Flow { reader: self.reader, closing, is_first: true, is_done: false };
        let value = read(&mut items)?;
        if !items.is_done {
            return Err(NotSimple);
        }
        if matches!(self.position, Position::Inline { .. }) {
            self.reader.finish_line()?;
        }
        Ok(value)
    }
}

impl<'t> Deserializer<'t> for Value<'_, 't> {
    type Error = NotSimple;

    /// Plain text may be a number. Nulls and booleans are left to the full parser.
    fn deserialize_any<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, NotSimple> {
        self.resolve()?;
        match (self.position, self.opening()) {
            (Position::Flow | Position::Inline { .. }, Some(b'[')) => return self.list(visitor),
            (Position::Flow | Position::Inline { .. }, Some(b'{')) => return self.map(visitor),
            (Position::Block { .. }, _) if self.reader.byte() == Some(b'-') => {
                return self.list(visitor);
            }
            (Position::Block { .. }, _) => return self.map(visitor),
            _ => {}
        }
        let scalar = self.scalar()?;
        if scalar.is_plain && may_not_be_text(&scalar.text) {
            return match simple_number(&scalar.text) {
                Some(number) => visitor.visit_u64(number),
                None => Err(NotSimple),
            };
        }
        visitor.visit_str(&scalar.text)
    }

    fn deserialize_str<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, NotSimple> {
        visitor.visit_str(&self.scalar()?.text)
    }

    fn deserialize_string<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, NotSimple> {
        match self.scalar()?.text {
            Cow::Borrowed(text) => visitor.visit_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_identifier<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, NotSimple> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, NotSimple> {
        self.resolve()?;
        if matches!(self.position, Position::Absent) {
            return visitor.visit_none();
        }
        // `null` and `~` begin with these characters. Any other value is read again from its start.
        if matches!(self.opening(), Some(b'n' | b'N' | b'~')) {
            let (at, indent) = (self.reader.at, self.reader.indent);
            if self.scalar()?.is_null() {
                return visitor.visit_none();
            }
            (self.reader.at, self.reader.indent) = (at, indent);
        }
        visitor.visit_some(self)
    }

    fn deserialize_bool<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, NotSimple> {
        match self.scalar()? {
            Scalar { text, is_plain: true } if text == "true" => visitor.visit_bool(true),
            Scalar { text, is_plain: true } if text == "false" => visitor.visit_bool(false),
            _ => Err(NotSimple),
        }
    }

    fn deserialize_u32<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, NotSimple> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u64<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, NotSimple> {
        let scalar = self.scalar()?;
        let number = simple_number(&scalar.text).filter(|_| scalar.is_plain);
        number.map_or(Err(NotSimple), |number| visitor.visit_u64(number))
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, NotSimple> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, NotSimple> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, NotSimple> {
        self.map(visitor)
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotSimple> {
        self.map(visitor)
    }

    fn deserialize_enum<V: Visitor<'t>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotSimple> {
        let scalar = self.scalar()?;
        let word: StrDeserializer<'_, NotSimple> = scalar.text.as_ref().into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_unit<V: Visitor<'t>>(self, _: V) -> Result<V::Value, NotSimple> {
        Err(NotSimple)
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, _: V) -> Result<V::Value, NotSimple> {
        Err(NotSimple)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>>
        i8 i16 i32 i64 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit_struct tuple tuple_struct
    }
}

/// Whether YAML may interpret a plain text as a number, a boolean or a null.
fn may_not_be_text(text: &str) -> bool {
    let is_number = || text.parse::<f64>().is_ok();
    let has_base = || {
        let digits = text.trim_start_matches(['+', '-']);
        ["0x", "0o", "0b"].iter().any(|base| digits.starts_with(base))
    };
    let is_word = || {
        let word = text.trim_start_matches(['+', '-', '.']).to_ascii_lowercase();
        matches!(word.as_str(), "" | "~" | "null" | "true" | "false" | "inf" | "nan")
    };
    text.len() < 6 && is_word() || has_base() || is_number()
}

/// Parses an unsigned decimal integer without leading zeros.
fn simple_number(text: &str) -> Option<u64> {
    let is_simple = text.len() < 19
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_simple)
}

/// The items of a block map or list.
struct Lines<'r, 't> {
    reader: &'r mut Reader<'t>,
    column: usize,
    is_done: bool,
}

impl Lines<'_, '_> {
    /// Whether another line of this block follows. A line with deeper indentation is not simple,
    /// because it belongs to no item.
    fn has_more(&mut self) -> Result<bool, NotSimple> {
        match self.reader.indent {
            Some(indent) if indent > self.column => Err(NotSimple),
            Some(indent) if indent == self.column => Ok(true),
            _ => {
                self.is_done = true;
                Ok(false)
            }
        }
    }
}

impl<'t> MapAccess<'t> for &mut Lines<'_, 't> {
    type Error = NotSimple;

    fn next_key_seed<K: DeserializeSeed<'t>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, NotSimple> {
        if !self.has_more()? {
            return Ok(None);
        }
        let key: StrDeserializer<'_, NotSimple> = self.reader.key()?.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value, NotSimple> {
        let position = Position::Inline { parent: self.column, is_in_map: true };
        seed.deserialize(Value { reader: self.reader, position })
    }
}

impl<'t> SeqAccess<'t> for &mut Lines<'_, 't> {
    type Error = NotSimple;

    fn next_element_seed<T: DeserializeSeed<'t>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, NotSimple> {
        if !self.has_more()? {
            return Ok(None);
        }
        let is_item = self.reader.byte() == Some(b'-') && self.reader.byte_after(1) == Some(b' ');
        if !is_item {
            // The next key of the outer map, if the list begins in the column of its key.
            self.is_done = self.reader.byte() != Some(b'-');
            return if self.is_done { Ok(None) } else { Err(NotSimple) };
        }
        let dash = self.reader.at;
        self.reader.at += 1;
        self.reader.skip_spaces();
        let position = if self.reader.key_end().is_some() {
            // A map begins on the line of the dash. Its other keys are aligned with the first one.
            let column = self.column + (self.reader.at - dash);
            self.reader.indent = Some(column);
            Position::Block { column }
        } else if matches!(self.reader.byte(), Some(b'\n' | b'#')) {
            return Err(NotSimple);
        } else {
            Position::Inline { parent: self.column, is_in_map: false }
        };
        seed.deserialize(Value { reader: self.reader, position }).map(Some)
    }
}

/// The items of a map or a list in brackets.
struct Flow<'r, 't> {
    reader: &'r mut Reader<'t>,
    closing: u8,
    is_first: bool,
    is_done: bool,
}

impl Flow<'_, '_> {
    /// Moves to the next item. Returns false after the last one.
    fn has_more(&mut self) -> Result<bool, NotSimple> {
        self.reader.skip_spaces();
        if !self.is_first && self.reader.byte() == Some(b',') {
            self.reader.at += 1;
            self.reader.skip_spaces();
        } else if !self.is_first && self.reader.byte() != Some(self.closing) {
            return Err(NotSimple);
        }
        self.is_first = false;
        if self.reader.byte() == Some(self.closing) {
            self.reader.at += 1;
            self.is_done = true;
        }
        Ok(!self.is_done)
    }
}

impl<'t> MapAccess<'t> for &mut Flow<'_, 't> {
    type Error = NotSimple;

    fn next_key_seed<K: DeserializeSeed<'t>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, NotSimple> {
        if !self.has_more()? {
            return Ok(None);
        }
        let key: StrDeserializer<'_, NotSimple> = self.reader.key()?.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value, NotSimple> {
        self.reader.skip_spaces();
        seed.deserialize(Value { reader: self.reader, position: Position::Flow })
    }
}

impl<'t> SeqAccess<'t> for &mut Flow<'_, 't> {
    type Error = NotSimple;

    fn next_element_seed<T: DeserializeSeed<'t>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, NotSimple> {
        if !self.has_more()? {
            return Ok(None);
        }
        // `[a: b]` is a list that contains a map. It is rare, so it is left to the full parser.
        if self.reader.key_end().is_some() {
            return Err(NotSimple);
        }
        seed.deserialize(Value { reader: self.reader, position: Position::Flow }).map(Some)
    }
}
