//! Pure functions of the model: durations, impact, statistics, and the rules of `check`.

mod all_clear;
pub(crate) mod calendar;
pub(crate) mod change;
pub mod claim;
pub mod config;
pub mod duration_name;
#[cfg(test)]
mod fixture;
pub mod gap;
pub mod impact;
mod measure;
pub(crate) mod neighbourhood;
pub mod objective;
pub mod phases;
pub mod progress;
pub(crate) mod rule_choice;
pub mod rules;
pub(crate) mod secrets;
mod spans;
pub mod stats;
mod status_page;
#[cfg(test)]
mod tests;
pub(crate) mod texts;
