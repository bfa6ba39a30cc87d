//! Atlassian Statuspage: its API, its feeds and its web pages, which use the same incident ids.

pub(crate) mod api;
pub(crate) mod feed;
pub(crate) mod web;

/// The formats of this product, of which this is the first. An incident has one id in all of them,
/// twelve random letters and digits, so that ids of two pages do not collide.
const FAMILY: &str = "statuspage-v2";
