//! Logs of programs: each line is an entry of the timeline.
//!
//! Most lines of a log are noise in a timeline: those below a warning are stored and hidden.

pub mod access_log;
pub mod application;
pub mod cef;
pub mod journald;
mod kit;
pub mod loki;
pub mod objects;
pub mod papertrail;
pub mod syslog;

use super::source::Source;

/// The formats of logs, in the order in which `posthoc formats` lists them. A new one is a file with a
/// type that implements [`Source`], a `mod` line and a line here.
pub const FORMATS: &[&dyn Source] = &[
    &syslog::SYSLOG,
    &journald::JOURNALD,
    &loki::LOKI,
    &access_log::ACCESS_LOG,
    &cef::CEF,
    &application::APPLICATION_LOG,
    &papertrail::PAPERTRAIL,
    &objects::EVENT_RECORDS,
];
