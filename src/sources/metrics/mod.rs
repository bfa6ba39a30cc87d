//! Metrics over time.

pub mod prometheus;

use super::source::Source;

/// The formats of metrics over time, in the order in which `posthoc formats` lists them. A new one is a file
/// with a type that implements [`Source`], a `mod` line and a line here.
pub const FORMATS: &[&dyn Source] = &[&prometheus::PrometheusRange];
