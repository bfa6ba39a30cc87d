//! Better Stack: the JSON and the feed of a page.

pub(crate) mod feed;
pub(crate) mod page;
