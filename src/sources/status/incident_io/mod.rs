//! incident.io: the API, the feed and the widget of its status pages, in all of which an incident has one id.

pub mod api;
pub mod feed;
pub mod widget;

/// The formats of this product, of which this is the first. An incident has one ULID in all of them,
/// half of which is random, so that those of two pages do not meet.
const FAMILY: &str = "incident-io";
