//! incident.io: the API, the feed and the widget of its status pages, which use the same incident
//! ids.

pub(crate) mod api;
pub(crate) mod feed;
pub(crate) mod widget;

/// The formats of this product, of which this is the first. An incident has one ULID in all of
/// them, half of which is random, so that ids of two pages do not collide.
const FAMILY: &str = "incident-io";
