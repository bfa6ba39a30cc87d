//! Atlassian Statuspage: its API, its feeds and its web pages, in all of which an incident has one id.

pub mod api;
pub mod feed;
pub mod web;

/// The formats of this product, of which this is the first. An incident has one id in all of them,
/// twelve letters and digits made at random, so that those of two pages do not meet.
const FAMILY: &str = "statuspage-v2";
