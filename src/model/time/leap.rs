//! Leap seconds: the 61st second of a minute.
//!
//! An instant in a leap second is represented as in chrono: the second before it with 10⁹ or more
//! nanoseconds. It is therefore ordered between its neighbours and is written as `23:59:60`.

use chrono::{DateTime, Datelike, Timelike, Utc};

/// The leap second after `before`, which is the last ordinary second of a minute in UTC. The
/// fraction of `before` becomes that of the leap second. `None` if there was no leap second.
pub(super) fn second_after(before: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let is_last_second = (before.hour(), before.minute(), before.second()) == (23, 59, 59);
    if !is_last_second || !ends_with_one(before) {
        return None;
    }
    before.with_nanosecond(before.nanosecond() % 1_000_000_000 + 1_000_000_000)
}

/// Whether UTC had a 61st second at the end of that day (IERS Bulletin C). None has been announced
/// since 2016.
fn ends_with_one(day: DateTime<Utc>) -> bool {
    const JUNE: [i32; 11] = [1972, 1981, 1982, 1983, 1985, 1992, 1993, 1994, 1997, 2012, 2015];
    const DECEMBER: [i32; 16] = [
        1972, 1973, 1974, 1975, 1976, 1977, 1978, 1979, 1987, 1989, 1990, 1995, 1998, 2005, 2008,
        2016,
    ];
    match (day.month(), day.day()) {
        (6, 30) => JUNE.contains(&day.year()),
        (12, 31) => DECEMBER.contains(&day.year()),
        _ => false,
    }
}
