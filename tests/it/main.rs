//! Tests of the whole program. Each folder is a part of it and each file is one subject;
//! `support::world` is the clean place they run in.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make the files, the clocks and the environments they need"
)]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod cli;
mod corpus;
mod formats;
mod import;
mod layers;
mod reports;
mod stats;
mod support;
mod writeups;
