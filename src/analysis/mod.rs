//! Pure functions of the model: durations, impact, statistics, and the rules of `check`.

mod all_clear;
pub mod calendar;
pub mod change;
pub mod claim;
pub mod config;
pub mod duration_name;
#[cfg(test)]
mod fixture;
pub mod gap;
pub mod impact;
mod measure;
pub mod neighbourhood;
pub mod phases;
pub mod progress;
pub mod rule_choice;
pub mod rules;
pub mod secrets;
mod spans;
pub mod stats;
mod status_page;
#[cfg(test)]
mod tests;
pub mod texts;
