//! Reads values from simple YAML, several times as fast as the full parser.
//!
//! Most incident files use only a small subset of YAML: block maps and lists, scalars on one line
//! or after `|` and `>`, and short lists and maps in brackets on one line. This module reads only
//! that subset. It gives up on a tab, an anchor, a tag, a quoted scalar over several lines,
//! anything else that is unusual, and every syntax error. The caller then uses the full parser,
//! which also reports errors. Both parsers must give the same value for a text; the tests verify
//! this with random changes to files.

mod de;
mod scan;

use serde::de::DeserializeOwned;

use self::de::Value;
pub(crate) use self::scan::NotSimple;
use self::scan::Reader;

/// Reads a value from `text`, if it is simple YAML with a map at the top.
///
/// # Errors
/// Returns [`NotSimple`] if the full parser must read the text.
pub(crate) fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, NotSimple> {
    let mut reader = Reader::new(text).ok_or(NotSimple)?;
    let value = T::deserialize(Value::top(&mut reader)?)?;
    if reader.is_at_end() { Ok(value) } else { Err(NotSimple) }
}

#[cfg(test)]
mod tests;
