//! What the numbers mean here: the part of `posthoc.toml` that analysis reads.

/// (being written)
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
pub struct Definitions {}
