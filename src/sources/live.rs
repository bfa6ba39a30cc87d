//! Servers that are asked for a range of time, instead of giving what they have.

pub use super::metrics::prometheus::live::{RangeQuery, joined};

/// The format of the answer to a range query.
pub const RANGE_FORMAT: &str = "prometheus-range";
