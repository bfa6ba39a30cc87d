//! Status pages.

pub mod statuspage;
