//! What the readers of alert systems share.
//!
//! A vendor's file says where in a record the facts are ([`Node`]) and hands each of them on as a
//! [`Step`]; [`Log`] makes timeline entries of them: it words them, sorts them and leaves out what was
//! only repeated. [`JsonAlerts`] is the whole reader of a vendor that sends JSON.

mod json;
mod log;
mod node;
#[cfg(test)]
pub(super) mod testing;
pub(super) mod words;

pub(super) use json::JsonAlerts;
pub(super) use log::{Change, Log, Step};
pub(super) use node::Node;
