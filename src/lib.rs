//! posthoc: incident postmortems and timelines as code.

pub mod analysis;
pub mod assemble;
pub mod cli;
pub mod diag;
pub mod fetch;
pub mod figure;
pub mod markdown;
pub mod model;
pub mod render;
pub mod report;
pub mod sources;
pub mod store;
