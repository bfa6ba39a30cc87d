//! Instatus: the summary and the feeds of a page, in which an incident has one id.

pub mod feed;
pub mod summary;

/// The formats of this product, of which this is the first. An incident has one CUID in all of them,
/// most of which is a time and random, so that those of two pages do not meet.
const FAMILY: &str = "instatus-summary";
