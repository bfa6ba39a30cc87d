//! Status pages.

mod feed;
pub mod statuspage;
pub mod statuspage_feed;
