//! Points in time as they are really known: to a precision, roughly, or somewhere in an interval.
//!
//! What is written is the precision: `2026-03-17T14:05Z` is known to the minute, `2026-03-17` to
//! the day. `~T` means about T. `T1..T2` means somewhere in that interval. Arithmetic is on
//! instants in UTC; a zone matters only while reading and while showing.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, SubsecRound, TimeDelta, Timelike, Utc};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::zone::{self, Zone, ZoneError};

/// How finely a time is known. Ordered from coarse to fine.
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
}

/// A point in time, with how well it is known.
///
/// Ordered by the earliest instant it may be, then by the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    earliest: DateTime<Utc>,
    latest: DateTime<Utc>,
    precision: Precision,
    about: bool,
}

impl Moment {
    /// An exact instant. Its precision is seconds, or finer if it has a fraction of a second.
    pub fn exact(instant: DateTime<Utc>) -> Self {
        let precision = if instant.nanosecond() == 0 { Precision::Second } else { Precision::Subsecond };
        Moment { earliest: instant, latest: instant, precision, about: false }
    }

    /// An instant known to `precision`. [`Precision::Day`] gives the whole UTC day.
    pub fn known_to(instant: DateTime<Utc>, precision: Precision) -> Self {
        match precision {
            Precision::Day => {
                Moment::day(instant.date_naive(), Zone::UTC).unwrap_or(Moment { precision, ..Moment::exact(instant) })
            }
            _ => Moment { precision, ..Moment::exact(instant) },
        }
    }

    /// Some time on `date`, by the clock of `zone`; `None` at the ends of chrono's calendar.
    pub fn day(date: NaiveDate, zone: Zone) -> Option<Self> {
        // Midnight may itself be skipped by a clock change: then the day begins an hour later.
        let start_of = |date: NaiveDate| {
            (0..=3).find_map(|hour| match zone.instant(date.and_hms_opt(hour, 0, 0)?) {
                Ok(instant) => Some(instant),
                Err(doubled) if !doubled.skipped => Some(doubled.readings[0].to_utc()),
                Err(_) => None,
            })
        };
        let (start, next) = (start_of(date)?, start_of(date.succ_opt()?)?);
        Some(Moment { earliest: start, latest: next - TimeDelta::seconds(1), precision: Precision::Day, about: false })
    }

    /// Somewhere from the earliest `from` may be to the latest `to` may be.
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

    /// The same moment, marked as approximate.
    #[must_use]
    pub fn approximate(self) -> Self {
        Moment { about: true, ..self }
    }

    /// The same moment, `by` later on the time line; its precision does not change.
    #[must_use]
    pub fn shifted(self, by: TimeDelta) -> Self {
        Moment { earliest: self.earliest + by, latest: self.latest + by, ..self }
    }

    /// The earliest instant it may be.
    pub fn earliest(self) -> DateTime<Utc> {
        self.earliest
    }

    /// The latest instant it may be.
    pub fn latest(self) -> DateTime<Utc> {
        self.latest
    }

    /// The instant to sort and to draw by: the middle of what it may be.
    pub fn middle(self) -> DateTime<Utc> {
        self.earliest + (self.latest - self.earliest) / 2
    }

    /// How finely it is known.
    pub fn precision(self) -> Precision {
        self.precision
    }

    /// Whether the writer said "about".
    pub fn is_about(self) -> bool {
        self.about
    }

    /// Whether more than one instant is possible: an interval, or a day without a clock time.
    pub fn is_uncertain(self) -> bool {
        self.earliest != self.latest
    }

    /// Reads the form of the incident file. `home` is the zone of the file: it bounds the days and
    /// decides between the meanings of an abbreviation.
    ///
    /// # Errors
    /// [`TimeError`], which says what a time looks like.
    pub fn parse(text: &str, home: Option<Zone>) -> Result<Self, TimeError> {
        let text = text.trim();
        let (about, text) = match text.strip_prefix('~') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text),
        };
        let moment = match text.split_once("..") {
            Some((from, to)) => Moment::between(parse_point(from.trim(), home)?, parse_point(to.trim(), home)?)?,
            None => parse_point(text, home)?,
        };
        Ok(Moment { about: about || moment.about, ..moment })
    }

    /// The moment as a person reads it in `zone`: `2026-03-17 15:22 CET`, `~…`, `A – B`.
    pub fn display_in(self, zone: Zone) -> String {
        let about = if self.about { "~" } else { "" };
        if self.precision == Precision::Day {
            let (first, last) = (zone.local(self.earliest).date_naive(), zone.local(self.latest).date_naive());
            let days = if first == last { first.to_string() } else { format!("{first} – {last}") };
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

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |moment: &Moment| (moment.earliest, moment.latest, moment.precision, moment.about);
        key(self).cmp(&key(other))
    }
}

/// The form of the incident file, in UTC. Reading it back gives the same moment.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.about {
            f.write_str("~")?;
        }
        let is_utc_day =
            self.earliest.time() == NaiveTime::MIN && self.latest - self.earliest == TimeDelta::seconds(86_399);
        match self.precision {
            Precision::Day if is_utc_day => write!(f, "{}", self.earliest.date_naive()),
            // A day of another zone, or several days: the bounds say it exactly.
            Precision::Day => write!(
                f,
                "{}..{}",
                self.earliest.to_rfc3339_opts(SecondsFormat::Secs, true),
                self.latest.to_rfc3339_opts(SecondsFormat::Secs, true)
            ),
            _ if self.is_uncertain() => write!(f, "{}..{}", self.written(self.earliest), self.written(self.latest)),
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

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text has another shape.
    #[error("`{0}` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval")]
    Shape(String),
    /// The shape is right but the calendar or the clock has no such value.
    #[error("`{0}` is not on the calendar or on the clock")]
    OutOfRange(String),
    /// A clock time with nothing that says which clock.
    #[error("`{0}` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin")]
    NoZone(String),
    /// The zone could not be used.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// The end of an interval is before its start.
    #[error("the interval ends before it starts")]
    Backwards,
}

fn parse_point(text: &str, home: Option<Zone>) -> Result<Moment, TimeError> {
    let shape = || TimeError::Shape(text.to_owned());
    let out_of_range = || TimeError::OutOfRange(text.to_owned());
    let date_text = text.get(..10).ok_or_else(shape)?;
    let date_like =
        date_text.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    if !date_like {
        return Err(shape());
    }
    let date = NaiveDate::parse_from_str(date_text, "%Y-%m-%d").map_err(|_| out_of_range())?;
    let rest = &text[10..];
    if rest.is_empty() {
        return Moment::day(date, home.unwrap_or(Zone::UTC)).ok_or_else(out_of_range);
    }
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or_else(shape)?.trim_start();
    let clock_length = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(rest.len());
    let (clock, zone_text) = rest.split_at(clock_length);
    let (time, precision) = parse_clock(clock).ok_or_else(shape)?.ok_or_else(out_of_range)?;
    let zone_text = zone_text.trim();
    if zone_text.is_empty() {
        return Err(TimeError::NoZone(text.to_owned()));
    }
    let instant = zone::instant_of(NaiveDateTime::new(date, time), zone_text, home)?;
    Ok(Moment { earliest: instant, latest: instant, precision, about: false })
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fff`. `None`: another shape; `Some(None)`: no such time.
fn parse_clock(text: &str) -> Option<Option<(NaiveTime, Precision)>> {
    let two_digits = |part: &str| -> Option<u32> {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let mut parts = text.split(':');
    let (hour, minute) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let Some(seconds) = parts.next() else {
        return Some(NaiveTime::from_hms_opt(hour, minute, 0).map(|time| (time, Precision::Minute)));
    };
    if parts.next().is_some() {
        return None;
    }
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let second = two_digits(whole)?;
    if fraction.len() > 9
        || (seconds.contains('.') && fraction.is_empty())
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let nanos: u32 = format!("{fraction:0<9}").parse().ok()?;
    let precision = if fraction.is_empty() { Precision::Second } else { Precision::Subsecond };
    Some(NaiveTime::from_hms_nano_opt(hour, minute, second, nanos).map(|time| (time, precision)))
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
            "type": "string",
            "description": "A time: 2026-03-17T14:05Z, 2026-03-17T15:05+01:00, 2026-03-17 15:05 Europe/Berlin, or a date. ~T means about T; T1..T2 means somewhere in that interval.",
            "pattern": "^~? ?\\d{4}-\\d{2}-\\d{2}([Tt ].+)?(\\.\\.\\d{4}-\\d{2}-\\d{2}.*)?$"
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
    fn what_is_written_is_the_precision() {
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
    fn every_spelling_of_one_instant_is_that_instant() {
        let utc = moment("2026-03-17T14:22Z");
        for text in
            ["2026-03-17T15:22+01:00", "2026-03-17 15:22 Europe/Berlin", "2026-03-17 15:22 CET", "2026-03-17T14:22 Z"]
        {
            assert_eq!(moment(text), utc, "{text}");
        }
    }

    #[test]
    fn about_and_intervals_are_kept() {
        let about = moment("~2026-03-17T14:05Z");
        assert!(about.is_about() && !about.is_uncertain());
        let interval = moment("2026-04-06T16:45Z..2026-04-07T04:45Z");
        assert!(interval.is_uncertain());
        assert_eq!(interval.middle(), moment("2026-04-06T22:45Z").earliest());
        assert_eq!(interval.to_string(), "2026-04-06T16:45Z..2026-04-07T04:45Z");
        assert_eq!("2026-04-07T16:45Z..2026-04-06T04:45Z".parse::<Moment>(), Err(TimeError::Backwards));
    }

    #[test]
    fn a_day_is_the_day_of_the_home_zone_even_where_midnight_is_skipped() {
        let berlin = Moment::parse("2026-03-29", Some("Europe/Berlin".parse().unwrap())).unwrap();
        assert_eq!(berlin.latest() - berlin.earliest(), TimeDelta::seconds(23 * 3600 - 1));
        let santiago = Moment::parse("2026-09-06", Some("America/Santiago".parse().unwrap())).unwrap();
        assert_eq!(santiago.latest() - santiago.earliest(), TimeDelta::seconds(23 * 3600 - 1));
        assert_eq!(berlin.to_string().parse::<Moment>().unwrap().earliest(), berlin.earliest());
    }

    #[test]
    fn each_wrong_text_says_why() {
        assert!(matches!("yesterday".parse::<Moment>(), Err(TimeError::Shape(_))));
        assert!(matches!("2026-02-30".parse::<Moment>(), Err(TimeError::OutOfRange(_))));
        assert!(matches!("2026-02-03T25:00Z".parse::<Moment>(), Err(TimeError::OutOfRange(_))));
        assert!(matches!("2026-02-03T11:00".parse::<Moment>(), Err(TimeError::NoZone(_))));
        assert!(matches!("2026-02-03T1:00Z".parse::<Moment>(), Err(TimeError::Shape(_))));
        assert!(matches!("2026-02-03T11:00 Mars/Olympus".parse::<Moment>(), Err(TimeError::Zone(_))));
        assert!(matches!("ß".parse::<Moment>(), Err(TimeError::Shape(_))));
    }

    #[test]
    fn shown_in_a_zone() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        assert_eq!(moment("~2026-07-01T12:00Z").display_in(berlin), "~2026-07-01 14:00 CEST");
        assert_eq!(moment("2026-07-01").display_in(Zone::UTC), "2026-07-01");
    }
}
