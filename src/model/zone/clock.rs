//! A zone: a place or an offset, which gives a clock.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

use super::tz::{Shown, Tz, at_offset};

/// A zone in which a local time can be read and an instant displayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// A fixed offset from UTC. UTC itself has the offset zero.
    Fixed(FixedOffset),
    /// A place, whose offset from UTC changes with the season and with its laws.
    Named(Tz),
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Zone = Zone::Fixed(FixedOffset::east_opt(0).unwrap());

    /// The instant at which a clock in this zone shows `local`.
    ///
    /// # Errors
    /// [`LocalTimeError`] when the clock skips that time (spring) or shows it twice (autumn).
    pub fn instant(self, local: NaiveDateTime) -> Result<DateTime<Utc>, LocalTimeError> {
        let zone = match self {
            Zone::Fixed(offset) => return Ok(at_offset(local, offset).to_utc()),
            Zone::Named(tz) => tz,
        };
        let changed = |skipped, [first, second]: [FixedOffset; 2]| {
            let readings = [at_offset(local, first), at_offset(local, second)];
            Err(LocalTimeError { local, zone, skipped, readings })
        };
        match zone.shown(local) {
            Shown::Once(offset) => Ok(at_offset(local, offset).to_utc()),
            Shown::Twice(first, second) => changed(false, [first, second]),
            Shown::Never(before, after) => changed(true, [before, after]),
        }
    }

    /// The first instant at which a clock in this zone shows `local` or a later time. For a time
    /// that is shown twice this is the first, for a skipped time the instant of the change.
    pub fn first_at(self, local: NaiveDateTime) -> DateTime<Utc> {
        let doubled = match self.instant(local) {
            Ok(instant) => return instant,
            Err(doubled) => doubled,
        };
        let [one, other] = doubled.readings.map(|reading| reading.to_utc());
        let (mut before, mut at) = (one.min(other), one.max(other));
        if !doubled.skipped {
            return before;
        }
        // One of the two readings is before the change and the other after it.
        while at - before > chrono::TimeDelta::seconds(1) {
            let middle = before + chrono::TimeDelta::seconds((at - before).num_seconds() / 2);
            if self.local(middle).naive_local() < local { before = middle } else { at = middle }
        }
        at
    }

    /// The local time in this zone at `instant`.
    pub fn local(self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = match self {
            Zone::Fixed(offset) => offset,
            Zone::Named(tz) => tz.offset(instant),
        };
        instant.with_timezone(&offset)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::Fixed(offset) if offset.local_minus_utc() == 0 => f.write_str("UTC"),
            Zone::Fixed(offset) => write!(f, "{offset}"),
            Zone::Named(tz) => f.write_str(tz.name()),
        }
    }
}

/// A local time that its zone skips or shows twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTimeError {
    /// The time as written.
    pub local: NaiveDateTime,
    /// The zone whose clock changed.
    pub zone: Tz,
    /// Whether the clock went forward and skipped this time; otherwise it went back and shows it
    /// twice.
    pub skipped: bool,
    /// The two possible instants.
    pub readings: [DateTime<FixedOffset>; 2],
}

impl std::error::Error for LocalTimeError {}

impl fmt::Display for LocalTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.skipped { "does not exist" } else { "happens twice" };
        let [first, second] = self.readings.map(|reading| reading.format("%Y-%m-%dT%H:%M:%S%:z"));
        let local = self.local.format("%Y-%m-%d %H:%M:%S");
        write!(f, "{local} {what} in {}: it may mean {first} or {second}", self.zone.name())
    }
}
