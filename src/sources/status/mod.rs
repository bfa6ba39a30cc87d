//! Status pages.

mod api;
pub mod aws_data;
pub mod aws_events;
pub mod better_stack;
pub mod google_cloud;
pub mod heroku;
pub mod incident_io;
pub mod instatus;
pub mod slack;
pub mod statuspage;
