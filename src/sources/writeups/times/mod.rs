//! Written times: from the words of a line or a sentence to moments.
//!
//! `stamp` finds where a time is, `clock` and `context` of the folder above know the day, the zone
//! and the order of day and month, `rows` finds the lines of a timeline, `marks` the times within a
//! sentence, and `reading` reads them in their order and reports what is wrong with them.

pub(super) mod candidate;
pub(super) mod clock;
pub(super) mod contradictions;
pub(super) mod languages;
pub(super) mod lengths;
pub(super) mod marks;
pub(super) mod reading;
pub(super) mod rows;
pub(super) mod shorthand;
pub(super) mod stamp;
