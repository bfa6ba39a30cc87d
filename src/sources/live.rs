//! Servers that are asked for a range of time, instead of giving what they have.

pub(crate) use super::metrics::prometheus::live::{RangeQuery, joined};

/// The format of the answer to a range query.
pub(crate) const RANGE_FORMAT: &str = "prometheus-range";
