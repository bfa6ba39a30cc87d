//! The command line: what a person types, and what is printed.

mod actions;
mod check;
mod check_options;
pub mod diff;
mod errors;
mod export;
mod filters;
mod listing;
mod mistakes;
mod new;
#[cfg(unix)]
mod stop;
