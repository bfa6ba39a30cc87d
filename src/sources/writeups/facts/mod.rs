//! What a document states: its fields, its sections, its follow-ups, and when what happened.
//!
//! `gathered` sorts the parts into sections, timelines and follow-ups. `statements` is the grammar
//! of one line, `story` that of failures and recoveries; `stated`, `spans` and `phrases` read
//! running text with them, `timeline` the lines. `row_story` reads lines together, `settle` decides
//! between candidates, and `when` holds the result.

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
