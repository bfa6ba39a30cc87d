//! Status pages.

pub mod aws;
pub mod azure_feed;
pub mod better_stack;
pub mod cachet;
pub mod checkly;
pub mod cstate;
pub mod datocms;
pub mod generic_feed;
pub mod google_cloud;
pub mod heroku;
pub mod home_made;
pub mod incident_io;
pub mod instatus;
mod kit;
pub mod lambstatus_feed;
pub mod pagerduty;
pub mod rootly;
pub mod salesforce;
pub mod saved_page;
pub mod slack;
pub mod status_io;
pub mod statusfy;
pub mod statuskit;
pub mod statuspage;
pub mod upptime;
pub mod uptime_kuma;
pub mod xai_feed;
pub mod yandex_cloud;
pub mod zendesk;

use super::source::Source;

#[cfg(test)]
mod tests;

/// The status page formats, in the order of `posthoc formats`. A new one is a file with a type that
/// implements [`Source`], a `mod` line and a line here.
pub const FORMATS: &[&dyn Source] = &[
    &statuspage::api::Statuspage,
    &statuspage::feed::StatuspageFeed,
    &statuspage::web::StatuspageHtml,
    &incident_io::feed::IncidentIoFeed,
    &instatus::feed::InstatusFeed,
    &aws::feed::AwsFeed,
    &azure_feed::AzureFeed,
    &xai_feed::XaiFeed,
    &lambstatus_feed::LambstatusFeed,
    &incident_io::api::IncidentIo,
    &incident_io::widget::IncidentIoWidget,
    &google_cloud::GoogleCloud,
    &aws::data::AwsData,
    &aws::events::AwsEvents,
    &slack::SlackStatus,
    &heroku::Heroku,
    &instatus::summary::Instatus,
    &better_stack::page::BetterStack,
    &better_stack::feed::BetterStackFeed,
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
    &zendesk::Zendesk,
    &saved_page::SavedPage,
    &generic_feed::GenericFeed,
    &home_made::HomeMade,
];

/// The samples of all formats.
///
/// # Panics
/// If a format has none: its reader implements [`Source::sample`].
#[cfg(test)]
pub(crate) fn samples() -> impl Iterator<Item = super::sample::Sample> {
    let sample_of = |format: &&dyn Source| {
        format.sample().unwrap_or_else(|| panic!("{} has no sample", format.id()))
    };
    FORMATS.iter().map(sample_of)
}
