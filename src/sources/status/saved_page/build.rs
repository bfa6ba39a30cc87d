//! The record that both shapes of a saved page make of their updates.

use super::{postmortem, prose};
use crate::sources::record::{IncidentRecord, content_id};
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::stamp::Order;

/// A record that is known by what it is called, by its page's name and by its first post: it has no id.
pub(super) fn record(page: &str, title: String, found: &[Post]) -> IncidentRecord {
    let first = found.iter().map(|post| post.at).min().map(|at| at.to_string()).unwrap_or_default();
    IncidentRecord::new(content_id(&[page, &title, &first]), title)
}

/// Puts the updates into the record, and what follows from all of them: sections and impact.
pub(super) fn fill(record: &mut IncidentRecord, found: Vec<Post>) {
    record.updates = posts::updates(found, Order::OldestFirst);
    posts::fill_from_updates(record);
    record.sections = postmortem::sections(&record.updates);
    (record.impact_start, record.impact_end) = prose::impact(&record.updates);
}
