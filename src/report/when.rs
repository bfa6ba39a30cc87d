//! Moments in a view: instants for programs, local times for readers.

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;

use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;

/// A time. If more than one instant is possible, `at` is null, and the bounds say what is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct When {
    /// The instant, in UTC.
    pub at: Option<String>,
    /// The earliest instant that it may be, in UTC.
    pub earliest: String,
    /// The latest instant that it may be, in UTC.
    pub latest: String,
    /// How finely it is known: `day`, `minute`, `second`, `subsecond`.
    pub precision: &'static str,
    /// Whether the time is written with `~`.
    pub about: bool,
    /// The day and the time in the report's zone: `2026-03-17 15:22 CET`.
    pub local: String,
}

impl When {
    /// `moment` as displayed in `zone`.
    pub fn new(moment: Moment, zone: Zone) -> Self {
        When {
            at: (!moment.is_uncertain()).then(|| utc(moment.earliest())),
            earliest: utc(moment.earliest()),
            latest: utc(moment.latest()),
            precision: moment.precision().as_str(),
            about: moment.is_about(),
            local: local(moment, zone),
        }
    }
}

/// As [`Moment::display_in`], but an interval within a day names the day once:
/// `2026-03-17 15:05 – 15:20 CET`.
fn local(moment: Moment, zone: Zone) -> String {
    let (from, to) = (moment.earliest(), moment.latest());
    let (first, last) = (day(moment, zone), zone.local(to).date_naive());
    let one_day = first == last && zone.label(from) == zone.label(to);
    if from == to || !one_day || moment.precision() == Precision::Day {
        return moment.display_in(zone);
    }
    let about = if moment.is_about() { "~" } else { "" };
    let clock = clock(moment, zone, first);
    format!("{about}{first} {} {}", clock.trim_start_matches('~'), zone.label(from))
}

/// RFC 3339 in UTC, with as many fractional digits as are known.
pub(super) fn utc(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// `1 December 2026, 12:00 UTC`.
pub(super) fn stated(instant: DateTime<Utc>, zone: Zone) -> String {
    let local = zone.local(instant).format("%-d %B %Y, %H:%M");
    format!("{local} {}", zone.label(instant))
}

/// The day in `zone` on which a moment begins.
pub(super) fn day(moment: Moment, zone: Zone) -> NaiveDate {
    zone.local(moment.earliest()).date_naive()
}

/// `Tuesday, 17 March 2026`.
pub(super) fn long_day(day: NaiveDate) -> String {
    day.format("%A, %-d %B %Y").to_string()
}

/// `17 March 2026`, or `17 – 19 March 2026` and similar for a moment of several days.
pub(super) fn days(moment: Moment, zone: Zone) -> String {
    let about =
        if moment.is_about() && moment.precision() == Precision::Day { "about " } else { "" };
    let (first, last) = (day(moment, zone), zone.local(moment.latest()).date_naive());
    let written = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    if first == last {
        format!("{about}{}", written(first))
    } else {
        format!("{about}{} – {}", written(first), written(last))
    }
}

/// The clock time for readers who know the day `known`: `15:22`, `~15:22`, `15:05:10 – 15:20:00`.
/// Another day is named. A moment that is only a day has no clock time: `that day`.
pub(super) fn clock(moment: Moment, zone: Zone, known: NaiveDate) -> String {
    let about = if moment.is_about() { "~" } else { "" };
    let (from, to) = (zone.local(moment.earliest()), zone.local(moment.latest()));
    if moment.precision() == Precision::Day {
        return if from.date_naive() == known && to.date_naive() == known {
            "that day".to_owned()
        } else {
            let (first, last) = (short_day(from.date_naive()), short_day(to.date_naive()));
            if first == last {
                format!("{about}{first}")
            } else {
                format!("{about}{first} – {last}")
            }
        };
    }
    let clock = |local: DateTime<FixedOffset>, known: NaiveDate| {
        let pattern = if moment.precision() == Precision::Minute { "%H:%M" } else { "%H:%M:%S" };
        let time = local.format(pattern);
        let day = local.date_naive();
        if day == known { time.to_string() } else { format!("{} {time}", short_day(day)) }
    };
    if from == to {
        format!("{about}{}", clock(from, known))
    } else {
        format!("{about}{} – {}", clock(from, known), clock(to, known))
    }
}

fn short_day(day: NaiveDate) -> String {
    day.format("%-d %b").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_time_includes_the_day_only_if_it_differs() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        let known = NaiveDate::from_ymd_opt(2026, 3, 17).unwrap();
        for (moment, expected) in [
            ("2026-03-17T14:22:06Z", "15:22:06"),
            ("~2026-03-17T14:22Z", "~15:22"),
            ("2026-03-17T22:30Z..2026-03-17T23:30Z", "23:30 – 18 Mar 00:30"),
            ("2026-03-18T14:22Z", "18 Mar 15:22"),
        ] {
            assert_eq!(clock(moment.parse().unwrap(), zone, known), expected);
        }
        let day = Moment::day(known, zone).unwrap();
        assert_eq!(clock(day, zone, known), "that day");
        assert_eq!(clock(day, zone, known.succ_opt().unwrap()), "17 Mar");
    }

    #[test]
    fn uncertain_moment_has_no_single_instant() {
        let when = When::new("2026-03-17T14:00Z..2026-03-17T15:00Z".parse().unwrap(), Zone::UTC);
        assert_eq!((when.at, when.latest.as_str()), (None, "2026-03-17T15:00:00Z"));
        assert_eq!(when.local, "2026-03-17 14:00 – 15:00 UTC");
    }
}
