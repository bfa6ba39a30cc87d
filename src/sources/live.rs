//! Servers that answer queries for a period.

pub(crate) use super::metrics::prometheus::live::{RangeQuery, joined};

/// The format of the answer to a range query.
pub(crate) const RANGE_FORMAT: &str = "prometheus-range";
