//! Days and instants that are always known exactly.
//!
//! chrono's own message for a bad value is "input contains invalid characters"; the readers here
//! say what to write instead.

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Deserialize, Deserializer, Error};

/// Reads a day: `2026-04-15`.
///
/// # Errors
/// A message that shows what a day looks like.
pub(super) fn day<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NaiveDate>, D::Error> {
    read(deserializer, "a day", "2026-04-15")
}

/// Reads an instant in RFC 3339: `2026-03-17T14:05:00Z`.
///
/// # Errors
/// A message that shows what an instant looks like.
pub(super) fn instant<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    read(deserializer, "an instant", "2026-03-17T14:05:00Z")
}

fn read<'de, D: Deserializer<'de>, T: std::str::FromStr>(
    deserializer: D,
    what: &str,
    example: &str,
) -> Result<Option<T>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let wrong = |_| D::Error::custom(format!("`{text}` is not {what}; write it as {example}"));
    text.parse().map(Some).map_err(wrong)
}
