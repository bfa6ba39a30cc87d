//! Tests of the whole program. Each file is one subject; `world` is the clean place they run in.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make the files, the clocks and the environments they need"
)]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod alert_captures;
mod answers;
mod cache;
mod captures;
mod cases;
mod check;
mod check_options;
mod decoded;
mod definitions;
mod diff;
mod document_details;
mod document_import;
mod document_mistakes;
mod document_seeds;
mod document_templates;
mod documents;
mod errors;
mod examples;
mod families;
mod feeds;
mod fetch;
mod filters;
mod history_pages;
mod https;
mod idempotence;
mod identity;
mod import;
mod import_documents;
mod import_reasons;
mod layers;
mod life_cycle;
mod listing;
mod lost_update;
mod metric_captures;
mod mhtml;
mod network;
mod network_limits;
mod new;
mod pdf;
mod precision;
mod probing;
mod real_mistakes;
mod refusals;
mod render;
mod report;
mod rezoned;
mod saved_pages;
#[cfg(unix)]
mod screen;
mod servers;
mod sources;
mod states;
mod status_files;
mod status_html;
mod status_json;
#[cfg(unix)]
mod stop;
mod times;
#[cfg(unix)]
mod unusual_inputs;
mod world;
mod writeups;
