//! AWS: the data of its health dashboard, current and former, and its feeds.

pub(crate) mod data;
pub(crate) mod events;
pub(crate) mod feed;
