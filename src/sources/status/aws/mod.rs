//! AWS: the data of its health dashboard, past and present, and its feeds.

pub mod data;
pub mod events;
pub mod feed;
