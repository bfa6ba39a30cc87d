//! AWS: the data of its health dashboard, current and former, and its feeds.

pub mod data;
pub mod events;
pub mod feed;
