//! Reads values from simple YAML, several times as fast as the full parser.
//!
//! Incident files are mostly written in a small part of YAML: maps and lists in blocks, texts on
//! one line or after `|` and `>`, and short lists and maps in brackets on one line. This module
//! reads that part and nothing else: with a tab, an anchor, a tag, a text in quotes over several
//! lines or anything else that is unusual it gives up, and so it does with every mistake. The
//! caller then uses the full parser, which also knows how to report mistakes. So a text has one
//! meaning: what this module reads is equal to what the full parser reads, which the tests verify
//! with changed texts.

mod de;
mod scan;

use serde::de::DeserializeOwned;

use self::de::Value;
pub(crate) use self::scan::NotSimple;
use self::scan::Reader;

/// Reads a value from `text`, if it is simple YAML with a map at the top.
///
/// # Errors
/// [`NotSimple`] if the full parser has to read it.
pub(crate) fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, NotSimple> {
    let mut reader = Reader::new(text).ok_or(NotSimple)?;
    let value = T::deserialize(Value::top(&mut reader)?)?;
    if reader.is_at_end() { Ok(value) } else { Err(NotSimple) }
}

#[cfg(test)]
mod tests;
