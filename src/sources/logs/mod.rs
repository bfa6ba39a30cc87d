//! Program logs: each line is a timeline entry.
//!
//! Most lines of a log are noise in a timeline, so those below a warning are stored but hidden.

pub(crate) mod access_log;
pub(crate) mod application;
pub(crate) mod cef;
pub(crate) mod journald;
mod kit;
pub(crate) mod loki;
pub(crate) mod objects;
pub(crate) mod papertrail;
pub(crate) mod syslog;

use super::source::Source;

/// The log formats, in the order of `posthoc formats`. A new one is a file with a type that
/// implements [`Source`], a `mod` line and a line here.
pub(crate) const FORMATS: &[&dyn Source] = &[
    &syslog::SYSLOG,
    &journald::JOURNALD,
    &loki::LOKI,
    &access_log::ACCESS_LOG,
    &cef::CEF,
    &application::APPLICATION_LOG,
    &papertrail::PAPERTRAIL,
    &objects::EVENT_RECORDS,
];
