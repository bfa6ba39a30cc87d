//! What the numbers mean here: the part of `posthoc.toml` that analysis reads.
