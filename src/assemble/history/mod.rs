//! The history of a status page: one record becomes one incident file.
//!
//! `create` makes the incident of a new record. `extend` adds what a later import of the record has
//! and the file lacks, and `differences` reports changes upstream that are not applied. Both set
//! milestones from what `proof` finds in a record.

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
