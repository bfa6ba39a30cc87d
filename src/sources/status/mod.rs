//! Status pages.

mod api;
pub mod aws_data;
pub mod aws_events;
pub mod aws_feed;
pub mod azure_feed;
pub mod better_stack;
pub mod checkly;
mod feed;
pub mod generic_feed;
pub mod google_cloud;
pub mod heroku;
pub mod incident_io;
pub mod incident_io_feed;
pub mod incident_io_widget;
pub mod instatus;
pub mod instatus_feed;
pub mod lambstatus_feed;
pub mod pagerduty;
pub mod rootly;
pub mod salesforce;
pub mod slack;
pub mod status_io;
pub mod statuspage;
pub mod statuspage_feed;
pub mod statuspage_html;
pub mod xai_feed;
pub mod yandex_cloud;
