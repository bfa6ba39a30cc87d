//! Status pages.

mod api;
pub mod aws_data;
pub mod aws_events;
pub mod aws_feed;
pub mod azure_feed;
pub mod better_stack;
pub mod better_stack_feed;
pub mod cachet;
pub mod checkly;
mod checks;
pub mod cstate;
pub mod datocms;
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
#[cfg(test)]
mod odd_fields;
mod page_body;
mod page_file;
mod page_posts;
pub mod pagerduty;
pub mod rootly;
pub mod salesforce;
pub mod saved_page;
pub mod slack;
pub mod status_io;
pub mod statusfy;
pub mod statuskit;
pub mod statuspage;
pub mod statuspage_feed;
pub mod statuspage_html;
mod ties;
mod ulid;
pub mod upptime;
pub mod uptime_kuma;
pub mod xai_feed;
pub mod yandex_cloud;

use super::source::Source;

/// The formats of status pages, in the order in which `posthoc formats` lists them. A new one is a file
/// with a type that implements [`Source`], a `mod` line and a line here.
pub const FORMATS: &[&dyn Source] = &[
    &statuspage::Statuspage,
    &statuspage_feed::StatuspageFeed,
    &statuspage_html::StatuspageHtml,
    &incident_io_feed::IncidentIoFeed,
    &instatus_feed::InstatusFeed,
    &aws_feed::AwsFeed,
    &azure_feed::AzureFeed,
    &xai_feed::XaiFeed,
    &lambstatus_feed::LambstatusFeed,
    &incident_io::IncidentIo,
    &incident_io_widget::IncidentIoWidget,
    &google_cloud::GoogleCloud,
    &aws_data::AwsData,
    &aws_events::AwsEvents,
    &slack::SlackStatus,
    &heroku::Heroku,
    &instatus::Instatus,
    &better_stack::BetterStack,
    &better_stack_feed::BetterStackFeed,
    &checkly::Checkly,
    &yandex_cloud::YandexCloud,
    &datocms::DatoCms,
    &cachet::Cachet,
    &uptime_kuma::UptimeKuma,
    &cstate::CState,
    &statuskit::StatusKit,
    &statusfy::Statusfy,
    &upptime::Upptime,
    &salesforce::Salesforce,
    &status_io::StatusIo,
    &pagerduty::PagerDuty,
    &rootly::Rootly,
    &saved_page::SavedPage,
    &generic_feed::GenericFeed,
];
