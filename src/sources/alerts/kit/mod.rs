//! Shared code of the readers of alert systems.
//!
//! A vendor's file finds the facts in a record ([`Node`]) and passes each on as a [`Step`]; [`Log`]
//! words, sorts and folds them into timeline entries. [`Alerts`] is the complete reader of a vendor
//! whose records are JSON or a table.

pub(super) mod alert_text;
mod alerts;
mod episodes;
pub(super) mod labelled;
mod live;
mod log;
mod step;
#[cfg(test)]
pub(super) mod testing;

pub(super) use crate::sources::node::Node;
pub(super) use alerts::Alerts;
pub(super) use live::Live;
pub(super) use log::Log;
pub(super) use step::{Change, Step};
