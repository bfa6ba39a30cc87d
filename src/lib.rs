//! posthoc: incident postmortems and timelines as code.

pub mod analysis;
pub mod assemble;
pub mod diag;
pub mod fetch;
pub mod figure;
pub mod model;
pub mod render;
pub mod sources;
