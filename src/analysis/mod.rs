//! Pure functions of the model: durations, impact, statistics, and the rules of `check`.

pub mod config;
pub mod impact;
mod measure;
pub mod phases;
pub mod rules;
#[cfg(test)]
mod sample;
mod spans;
pub mod stats;
