//! Chats: each message is a timeline entry. Messages that somebody pinned, starred or marked with
//! an emoji are marked for the record; an import omits or hides the others.

pub(crate) mod discord;
pub(crate) mod irc;
mod kit;
pub(crate) mod mattermost;
pub(crate) mod slack;
pub(crate) mod teams;
pub(crate) mod whatsapp;

use super::source::Source;

/// The chat formats, in the order of `posthoc formats`. A new one is a file with a type that
/// implements [`Source`], a `mod` line and a line here.
pub(crate) const FORMATS: &[&dyn Source] = &[
    &slack::SLACK,
    &mattermost::MATTERMOST,
    &discord::DISCORD,
    &teams::TEAMS,
    &irc::Irc,
    &whatsapp::WhatsApp,
];
