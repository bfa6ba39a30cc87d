//! The pages of a site besides the reports: an index, a page for each service, and the
//! follow-ups. Like a report, each page is Markdown with figures.
//!
//! A link to another page of the site has the address `page:PATH`, relative to the page that
//! contains it. Only [`crate::markdown::Document::of_site`] resolves such links, so text from an
//! incident file cannot link to pages of the site.

mod entry;
mod feed;
mod pages;
mod paths;

pub(crate) use entry::Entry;
pub(crate) use feed::{atom, json_feed};
pub(crate) use pages::{SitePage, follow_ups, index, service};
pub(crate) use paths::{Services, incident_path};
