//! A status page's history: one record, one incident file.
//!
//! `create` makes the file of a record that is new. `extend` adds to a file what a later import
//! of the record tells more than it holds, and `differences` says what was changed upstream and is
//! not taken. Both set milestones by what `proof` finds in a record.

mod create;
mod differences;
mod entries;
mod extend;
#[cfg(test)]
mod fixture;
mod merge;
mod order;
mod proof;
mod source;

pub use create::{incident, name_severity, remarks, wanted_id};
pub use extend::{add, extend};
pub use merge::merged;
pub use order::{coarseness, first_seen, last_post};
pub use proof::closes_alone;
pub use source::{differ, is_other, source, source_key};
