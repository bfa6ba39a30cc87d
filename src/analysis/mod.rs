//! Pure functions of the model: durations, impact, statistics, and the rules of `check`.

pub mod config;
pub mod impact;
pub mod phases;
pub mod rules;
pub mod stats;
