//! The pages of a site about many incidents, besides the reports: an index, a page for each
//! service, and the follow-ups. Each is Markdown with figures, as a report is.
//!
//! A link to another page of the site has the address `page:PATH`, relative to the page that has
//! it. Only [`crate::markdown::Document::of_site`] follows it: what a person wrote cannot contain
//! one.

mod entry;
mod feed;
mod pages;
mod paths;

pub(crate) use entry::Entry;
pub(crate) use feed::{atom, json_feed};
pub(crate) use pages::{SitePage, follow_ups, index, service};
pub(crate) use paths::{Services, incident_path};
