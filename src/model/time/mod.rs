//! Points in time with what is known of them: a precision, "about", or an interval.
//!
//! The written form gives the precision: `2026-03-17T14:05Z` is known to the minute, `2026-03-17`
//! to the day. `~T` means about T. `T1..T2` means somewhere in that interval. Arithmetic uses
//! instants in UTC; zones matter only for reading and displaying.
//!
//! All times are read here. Incident files have one strict form, which [`Moment::parse`] reads.
//! [`read`] reads the times of other sources, with what is known about the source ([`Reading`]). A
//! [`Walk`] reads times without a day or a year, in their order. Nothing here guesses: an ambiguous
//! time is an error that names both readings, or an interval that contains both.

mod civil;
mod epoch;
mod error;
mod foreign;
mod iso;
mod leap;
mod moment;
mod pattern;
mod reading;
mod remark;
mod scan;
mod strict;
mod suffix;
mod walk;

pub use epoch::epoch;
pub use error::TimeError;
pub use foreign::{read, zone_of};
pub use moment::{Moment, Precision};
pub use pattern::pattern;
pub use reading::{ClockStyle, DateOrder, Read, Reading, Year};
pub use remark::Remark;
pub use walk::{Direction, Walk};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
