//! Extracts the facts from a document: fields, sections, follow-ups, and the times of milestones.
//!
//! `gathered` sorts the parts into sections, timelines and follow-ups. `statements` is the grammar
//! of a timeline entry, `story` that of failures and recoveries. `stated`, `spans` and `phrases`
//! use them to read running text, and `timeline` to read entries. `row_story` reads the entries of
//! a timeline together, `settle` decides between candidates, and `when` contains the result.

pub(super) mod fields;
pub(super) mod follow_ups;
pub(super) mod gathered;
pub(super) mod kind;
pub(super) mod metrics;
pub(super) mod phrases;
pub(super) mod prose;
pub(super) mod row_story;
pub(super) mod settle;
pub(super) mod spans;
pub(super) mod stated;
pub(super) mod statements;
pub(super) mod story;
pub(super) mod subject;
pub(super) mod timeline;
pub(super) mod when;
