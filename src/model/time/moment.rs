//! A point in time with its precision, and its written form.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike as _, NaiveDate, NaiveTime, SecondsFormat, SubsecRound, TimeDelta, Timelike,
    Utc,
};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::error::TimeError;
use crate::model::zone::{self, Zone};

/// How finely a time is known, ordered from coarse to fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// A date without a clock time.
    Day,
    /// Hours and minutes.
    Minute,
    /// Seconds.
    Second,
    /// Milliseconds or finer.
    Subsecond,
}

impl Precision {
    /// The word used in JSON: `day`, `minute`, `second`, `subsecond`.
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Minute => "minute",
            Precision::Second => "second",
            Precision::Subsecond => "subsecond",
        }
    }

    /// The smallest unit that is displayed for a duration of this precision.
    pub fn unit(self) -> TimeDelta {
        match self {
            Precision::Day => TimeDelta::days(1),
            Precision::Minute => TimeDelta::minutes(1),
            Precision::Second | Precision::Subsecond => TimeDelta::seconds(1),
        }
    }
}

/// Serialized as [`Precision::as_str`].
impl Serialize for Precision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A point in time with its precision.
///
/// Ordered by the earliest possible instant, then by the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    pub(super) earliest: DateTime<Utc>,
    pub(super) latest: DateTime<Utc>,
    pub(super) precision: Precision,
    pub(super) about: bool,
}

impl Moment {
    /// An exact instant. Its precision is seconds, or finer if it has a fraction of a second.
    pub fn exact(instant: DateTime<Utc>) -> Self {
        let precision =
            if instant.nanosecond() == 0 { Precision::Second } else { Precision::Subsecond };
        Moment { earliest: instant, latest: instant, precision, about: false }
    }

    /// An instant known to `precision`. [`Precision::Day`] gives the whole UTC day.
    pub fn known_to(instant: DateTime<Utc>, precision: Precision) -> Self {
        match precision {
            Precision::Day => Moment::day(instant.date_naive(), Zone::UTC)
                .unwrap_or(Moment { precision, ..Moment::exact(instant) }),
            _ => Moment { precision, ..Moment::exact(instant) },
        }
    }

    /// Some time on `date` in `zone`; `None` at the ends of chrono's calendar.
    pub fn day(date: NaiveDate, zone: Zone) -> Option<Self> {
        // A clock change may skip midnight: the day then begins at the change. It may also skip the
        // whole next day, as 2011-12-30 in Samoa; the skipped day itself has no moment.
        let start = zone.first_at(date.and_time(NaiveTime::MIN));
        let next = zone.first_at(date.succ_opt()?.and_time(NaiveTime::MIN));
        if zone.local(start).date_naive() != date {
            return None;
        }
        Some(Moment {
            earliest: start,
            latest: next - TimeDelta::seconds(1),
            precision: Precision::Day,
            about: false,
        })
    }

    /// An interval from the earliest instant of `from` to the latest instant of `to`.
    ///
    /// # Errors
    /// [`TimeError::Backwards`] when the interval would end before it starts.
    pub fn between(from: Moment, to: Moment) -> Result<Self, TimeError> {
        if to.latest < from.earliest {
            return Err(TimeError::Backwards);
        }
        Ok(Moment {
            earliest: from.earliest,
            latest: to.latest,
            precision: from.precision.min(to.precision),
            about: from.about || to.about,
        })
    }

    /// The same moment, marked as approximate ("about").
    #[must_use]
    pub fn approximate(self) -> Self {
        Moment { about: true, ..self }
    }

    /// The same moment, `by` later on the time line. Its precision becomes finer only where the new
    /// clock time cannot be written otherwise: 10:00 shifted by 1.5 s has a fraction of a second.
    /// `None` outside of the years 1 to 9999, which a file cannot hold.
    #[must_use]
    pub fn shifted(self, by: TimeDelta) -> Option<Self> {
        let shift = |instant: DateTime<Utc>| {
            instant.checked_add_signed(by).filter(|instant| (1..=9999).contains(&instant.year()))
        };
        let (earliest, latest) = (shift(self.earliest)?, shift(self.latest)?);
        let needed = needed_to_write(earliest).max(needed_to_write(latest));
        let precision = match self.precision {
            Precision::Day => Precision::Day,
            // A whole second is written without a fraction.
            Precision::Subsecond => needed.max(Precision::Second),
            precision => precision.max(needed),
        };
        Some(Moment { earliest, latest, precision, ..self })
    }

    /// The earliest possible instant.
    pub fn earliest(self) -> DateTime<Utc> {
        self.earliest
    }

    /// The latest possible instant.
    pub fn latest(self) -> DateTime<Utc> {
        self.latest
    }

    /// Whether it is exactly one day in UTC.
    pub(super) fn is_utc_day(self) -> bool {
        self.precision == Precision::Day
            && self.earliest.time() == NaiveTime::MIN
            && self.latest - self.earliest == TimeDelta::seconds(86_399)
    }

    /// The middle of the possible instants, for sorting and drawing.
    pub fn middle(self) -> DateTime<Utc> {
        // The fast path: nearly every moment is one instant, and lists are sorted by this.
        if self.earliest == self.latest {
            return self.earliest;
        }
        self.earliest + (self.latest - self.earliest) / 2
    }

    /// How finely it is known.
    pub fn precision(self) -> Precision {
        self.precision
    }

    /// Whether the time comes from a clock that was not set: in or before the year 1, or near the
    /// Unix epoch. Seconds that were taken for milliseconds also fall there, in January 1970.
    pub fn is_unset(self) -> bool {
        let at = self.earliest();
        at.year() <= 1 || [(1969, 12), (1970, 1)].contains(&(at.year(), at.month()))
    }

    /// Whether the time is approximate ("about").
    pub fn is_about(self) -> bool {
        self.about
    }

    /// Whether more than one instant is possible: an interval, or a day without a clock time.
    pub fn is_uncertain(self) -> bool {
        self.earliest != self.latest
    }

    /// The moment for people, in `zone`: `2026-03-17 15:22 CET`, `~…`, `A – B`.
    pub fn display_in(self, zone: Zone) -> String {
        let about = if self.about { "~" } else { "" };
        if self.precision == Precision::Day {
            let (first, last) =
                (zone.local(self.earliest).date_naive(), zone.local(self.latest).date_naive());
            let days =
                if first == last { first.to_string() } else { format!("{first} – {last}") };
            return format!("{about}{days}");
        }
        let (from, to) = (self.clock_in(self.earliest, zone), self.clock_in(self.latest, zone));
        if from == to { format!("{about}{from}") } else { format!("{about}{from} – {to}") }
    }

    fn clock_in(self, instant: DateTime<Utc>, zone: Zone) -> String {
        let pattern = match self.precision {
            Precision::Day => "%Y-%m-%d",
            Precision::Minute => "%Y-%m-%d %H:%M",
            Precision::Second | Precision::Subsecond => "%Y-%m-%d %H:%M:%S",
        };
        format!("{} {}", zone.local(instant).format(pattern), zone.label(instant))
    }
}

/// The coarsest precision in which an instant is written without loss.
fn needed_to_write(instant: DateTime<Utc>) -> Precision {
    match (instant.second(), instant.nanosecond()) {
        (0, 0) => Precision::Minute,
        (_, 0) => Precision::Second,
        _ => Precision::Subsecond,
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key =
            |moment: &Moment| (moment.earliest, moment.latest, moment.precision, moment.about);
        key(self).cmp(&key(other))
    }
}

/// The form in incident files, in UTC. Parsing it gives the same moment.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.about {
            f.write_str("~")?;
        }
        match self.precision {
            Precision::Day if self.is_utc_day() => write!(f, "{}", self.earliest.date_naive()),
            // A day in another zone, or several days: the bounds are exact.
            Precision::Day => write!(
                f,
                "{}..{}",
                self.earliest.to_rfc3339_opts(SecondsFormat::Secs, true),
                self.latest.to_rfc3339_opts(SecondsFormat::Secs, true)
            ),
            _ if self.is_uncertain() => {
                write!(f, "{}..{}", self.written(self.earliest), self.written(self.latest))
            }
            _ => f.write_str(&self.written(self.earliest)),
        }
    }
}

impl Moment {
    fn written(self, instant: DateTime<Utc>) -> String {
        match self.precision {
            Precision::Minute if instant.second() == 0 && instant.nanosecond() == 0 => {
                instant.format("%Y-%m-%dT%H:%MZ").to_string()
            }
            Precision::Subsecond => instant.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            _ => instant.trunc_subsecs(0).to_rfc3339_opts(SecondsFormat::Secs, true),
        }
    }
}

impl FromStr for Moment {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        Moment::parse(text, None)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeText;
        impl Visitor<'_> for TimeText {
            type Value = Moment;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time such as 2026-03-17T14:05Z")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Moment, E> {
                Moment::parse(text, zone::home()).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(TimeText)
    }
}

impl schemars::JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "title": "time",
            "type": "string",
            "description": "A time with its zone, such as `2026-03-17T14:05Z`, `2026-03-17T15:05+01:00` or `2026-03-17 15:05 Europe/Berlin`, or a day, such as `2026-03-17`. `~T` means about T, and `T1..T2` means at some time in that interval. How it is written says how precisely it is known: `14:05` to the minute, `14:05:30` to the second.",
            "pattern": super::pattern(false)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn shift_beyond_the_supported_years_gives_none() {
        let moment: Moment = "2026-03-17T09:13Z".parse().unwrap();
        let shifted = |days: i64| moment.shifted(TimeDelta::days(days));
        assert_eq!(shifted(1), Some("2026-03-18T09:13Z".parse().unwrap()));
        assert_eq!((shifted(3_000_000), shifted(-750_000)), (None, None));
        assert_eq!(moment.shifted(TimeDelta::MAX), None);
    }

    #[test]
    fn a_shifted_moment_reads_back_as_itself() {
        for (text, milliseconds, shifted) in [
            ("2026-03-17T09:13Z", 60_000, "2026-03-17T09:14Z"),
            ("2026-03-17T09:13Z", 90_000, "2026-03-17T09:14:30Z"),
            ("2026-03-17T09:13:05Z", 123, "2026-03-17T09:13:05.123Z"),
            ("2026-03-17T09:13:05.500Z", 500, "2026-03-17T09:13:06Z"),
        ] {
            let moment = moment(text).shifted(TimeDelta::milliseconds(milliseconds)).unwrap();
            assert_eq!(moment.to_string(), shifted);
            assert_eq!(moment, shifted.parse().unwrap());
        }
    }

    #[test]
    fn precision_follows_from_the_spelling() {
        for (text, precision) in [
            ("2026-03-17", Precision::Day),
            ("2026-03-17T14:22Z", Precision::Minute),
            ("2026-03-17T14:22:06Z", Precision::Second),
            ("2026-03-17T14:22:06.125Z", Precision::Subsecond),
        ] {
            assert_eq!(moment(text).precision(), precision);
            assert_eq!(moment(text).to_string(), text);
        }
    }

    #[test]
    fn spellings_of_one_instant_are_equal() {
        let utc = moment("2026-03-17T14:22Z");
        for text in [
            "2026-03-17T15:22+01:00",
            "2026-03-17 15:22 Europe/Berlin",
            "2026-03-17 15:22 CET",
            "2026-03-17T14:22 Z",
        ] {
            assert_eq!(moment(text), utc, "{text}");
        }
    }

    #[test]
    fn approximation_and_intervals_are_preserved() {
        let about = moment("~2026-03-17T14:05Z");
        assert!(about.is_about() && !about.is_uncertain());
        let interval = moment("2026-04-06T16:45Z..2026-04-07T04:45Z");
        assert!(interval.is_uncertain());
        assert_eq!(interval.middle(), moment("2026-04-06T22:45Z").earliest());
        assert_eq!(interval.to_string(), "2026-04-06T16:45Z..2026-04-07T04:45Z");
        assert_eq!(
            "2026-04-07T16:45Z..2026-04-06T04:45Z".parse::<Moment>(),
            Err(TimeError::Backwards)
        );
    }

    #[test]
    fn day_is_in_the_home_zone_even_if_midnight_is_skipped() {
        let berlin = Moment::parse("2026-03-29", Some("Europe/Berlin".parse().unwrap())).unwrap();
        assert_eq!(berlin.latest() - berlin.earliest(), TimeDelta::seconds(23 * 3600 - 1));
        let santiago =
            Moment::parse("2026-09-06", Some("America/Santiago".parse().unwrap())).unwrap();
        assert_eq!(santiago.latest() - santiago.earliest(), TimeDelta::seconds(23 * 3600 - 1));
        assert_eq!(berlin.to_string().parse::<Moment>().unwrap().earliest(), berlin.earliest());
    }

    #[test]
    fn invalid_times_give_a_specific_error() {
        assert!(matches!("yesterday".parse::<Moment>(), Err(TimeError::Shape(_))));
        assert!(matches!("2026-02-30".parse::<Moment>(), Err(TimeError::OutOfRange(_))));
        assert!(matches!("2026-02-03T25:00Z".parse::<Moment>(), Err(TimeError::OutOfRange(_))));
        assert!(matches!("2026-02-03T11:00".parse::<Moment>(), Err(TimeError::NoZone(_))));
        assert!(matches!("2026-02-03T1:00Z".parse::<Moment>(), Err(TimeError::Shape(_))));
        assert!(matches!(
            "2026-02-03T11:00 Mars/Olympus".parse::<Moment>(),
            Err(TimeError::Zone(_))
        ));
        assert!(matches!("ß".parse::<Moment>(), Err(TimeError::Shape(_))));
    }

    #[test]
    fn moments_are_displayed_in_a_zone() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        assert_eq!(moment("~2026-07-01T12:00Z").display_in(berlin), "~2026-07-01 14:00 CEST");
        assert_eq!(moment("2026-07-01").display_in(Zone::UTC), "2026-07-01");
    }
}
