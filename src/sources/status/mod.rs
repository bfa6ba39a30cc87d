//! Status pages.

#[cfg(test)]
mod api;
pub mod incident_io;
pub mod statuspage;
