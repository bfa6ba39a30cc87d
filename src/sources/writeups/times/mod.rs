//! Written times: from the words of a line or a sentence to moments.
//!
//! `stamp` finds the time of a line. `clock`, and `context` in the parent folder, know the day, the
//! zone and the order of day and month. `rows` finds the entries of a timeline and `marks` the
//! times within a sentence. `reading` reads them in order and reports problems with them.

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
