//! Shared code of the metric readers: times, numbers with units, tables, and lines that become
//! series.

pub(super) mod columns;
pub(super) mod json;
pub(super) mod label_set;
pub(super) mod lines;
pub(super) mod number;
pub(super) mod reader;
pub(super) mod sample_time;

#[cfg(test)]
pub(super) mod testing;

pub(super) use lines::{Line, Lines};
pub(super) use reader::{Read, Reader, Text};
pub(super) use sample_time::Stamps;
