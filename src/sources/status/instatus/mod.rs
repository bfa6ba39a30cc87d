//! Instatus: the summary and the feeds of a page, which use the same incident ids.

pub(crate) mod feed;
pub(crate) mod summary;

/// The formats of this product, of which this is the first. An incident has one CUID in all of
/// them, which is mostly a time and random, so that ids of two pages do not collide.
const FAMILY: &str = "instatus-summary";
