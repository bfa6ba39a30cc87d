//! Status pages.

mod api;
pub mod google_cloud;
pub mod incident_io;
pub mod statuspage;
