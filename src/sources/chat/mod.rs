//! Chats: each message is an entry of the timeline. Those that somebody pinned, starred or marked with an emoji
//! are marked as worth keeping; an import leaves the others out, or hides them.

pub mod discord;
pub mod irc;
mod kit;
pub mod mattermost;
pub mod slack;
pub mod teams;
pub mod whatsapp;

use super::source::Source;

/// The formats of chats, in the order in which `posthoc formats` lists them. A new one is a file with
/// a type that implements [`Source`], a `mod` line and a line here.
pub const FORMATS: &[&dyn Source] = &[
    &slack::SLACK,
    &mattermost::MATTERMOST,
    &discord::DISCORD,
    &teams::TEAMS,
    &irc::Irc,
    &whatsapp::WhatsApp,
];
