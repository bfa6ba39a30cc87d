//! Metrics over time.

pub mod prometheus;
