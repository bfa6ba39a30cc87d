//! Better Stack: the JSON and the feed of a page.

pub mod feed;
pub mod page;
