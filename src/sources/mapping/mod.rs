//! Formats without their own reader: a mapping says which path of a record, or which column of a
//! table, has the time, the text and so on.
//!
//! Users write mappings in `[formats.NAME]` of posthoc.toml. Without one, [`guess`] infers a
//! mapping from the names and the first values of the fields.

pub(in crate::sources) mod description;
mod fields;
mod guess;
mod incidents;
pub(in crate::sources) mod leaves;
pub(in crate::sources) mod names;

pub(crate) use description::{MappedKind, Mapping, NamedMapping, READERS};
pub(in crate::sources) use fields::{Fields, at as text_at};
pub(crate) use guess::{fitting, guess};
pub(in crate::sources) use incidents::incident;
pub(in crate::sources) use leaves::is_time;
