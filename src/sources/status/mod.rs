//! Status pages.

pub(crate) mod aws;
pub(crate) mod azure_feed;
pub(crate) mod better_stack;
pub(crate) mod cachet;
pub(crate) mod checkly;
pub(crate) mod cstate;
pub(crate) mod datocms;
pub(crate) mod generic_feed;
pub(crate) mod google_cloud;
pub(crate) mod heroku;
pub(crate) mod home_made;
pub(crate) mod incident_io;
pub(crate) mod instatus;
mod kit;
pub(crate) mod lambstatus_feed;
pub(crate) mod pagerduty;
pub(crate) mod rootly;
pub(crate) mod salesforce;
pub(crate) mod saved_page;
pub(crate) mod slack;
pub(crate) mod status_io;
pub(crate) mod statusfy;
pub(crate) mod statuskit;
pub(crate) mod statuspage;
pub(crate) mod upptime;
pub(crate) mod uptime_kuma;
pub(crate) mod xai_feed;
pub(crate) mod yandex_cloud;
pub(crate) mod zendesk;

use super::source::Source;

#[cfg(test)]
mod tests;

/// The status page formats, in the order of `posthoc formats`. A new one is a file with a type that
/// implements [`Source`], a `mod` line and a line here.
pub(crate) const FORMATS: &[&dyn Source] = &[
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
