//! The record that both kinds of saved page build from their updates.

use super::{postmortem, prose};
use crate::sources::record::{IncidentRecord, content_id};
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::Order;

/// A record without an id, identified by its title, its page's name and its first post.
pub(super) fn record(page: &str, title: String, found: &[Post]) -> IncidentRecord {
    let first = found.iter().map(|post| post.at).min().map(|at| at.to_string()).unwrap_or_default();
    IncidentRecord::new(content_id(&[page, &title, &first]), title)
}

/// Adds the updates to the record, with the sections and the impact that follow from them.
pub(super) fn fill(record: &mut IncidentRecord, found: Vec<Post>) {
    record.updates = posts::updates(found, Order::OldestFirst);
    posts::fill_from_updates(record);
    record.sections = postmortem::sections(&record.updates);
    (record.impact_start, record.impact_end) = prose::impact(&record.updates);
}
