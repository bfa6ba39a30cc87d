//! Write-ups: what is read in the postmortems of many organisations.

mod details;
mod documents;
mod forms;
mod mistakes;
pub mod reading;
mod scores;
mod seeds;
mod summaries;
mod templates;
