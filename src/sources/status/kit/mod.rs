//! Shared code of the status page readers. Vendors import this module, and never each other.

pub(super) mod api;
pub(super) mod checks;
pub(super) mod components;
pub(super) mod feed;
pub(super) mod home;
pub(super) mod hosted;
pub(super) mod incident_file;
pub(super) mod json_api;
#[cfg(test)]
pub(super) mod odd_fields;
pub(super) mod page_api;
pub(super) mod page_body;
pub(super) mod page_file;
pub(super) mod page_posts;
pub(super) mod ties;
pub(super) mod ulid;
