//! Real captures and small inputs that once failed, stored outside the repository.

mod alerts;
mod captures;
mod cases;
mod feeds;
mod metrics;
mod saved_pages;
pub mod sources;
mod status_files;
mod status_html;
mod status_json;
mod times;
