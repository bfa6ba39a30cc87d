//! Points in time as they are really known: to a precision, roughly, or somewhere in an interval.
//!
//! What is written is the precision: `2026-03-17T14:05Z` is known to the minute, `2026-03-17` to
//! the day. `~T` means about T. `T1..T2` means somewhere in that interval. Arithmetic is on
//! instants in UTC; a zone matters only while reading and while showing.
//!
//! This is the one place where times are read. Our own files have one strict form, which
//! [`Moment::parse`] reads. Everybody else's times are read by [`read`], with what their source
//! knows of them ([`Reading`]); stamps that leave out the day or the year are read in their order
//! by a [`Walk`]. Nothing here guesses: what may mean two things is an error that names both, or an
//! interval that holds both.

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
