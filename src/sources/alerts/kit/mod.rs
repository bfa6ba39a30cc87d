//! What the readers of alert systems share.
//!
//! A vendor's file says where in a record the facts are ([`Node`]) and hands each of them on as a
//! [`Step`]; [`Log`] makes timeline entries of them: it words them, sorts them and folds what was
//! only repeated. [`Alerts`] is the whole reader of a vendor whose records are JSON or a table.

pub(super) mod alert_text;
mod alerts;
mod episodes;
pub(super) mod labelled;
mod log;
mod step;
#[cfg(test)]
pub(super) mod testing;

pub(super) use crate::sources::node::Node;
pub(super) use alerts::Alerts;
pub(super) use log::Log;
pub(super) use step::{Change, Step};
