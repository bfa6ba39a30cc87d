//! Zones as people write them: offsets, IANA names and abbreviations.
//!
//! An abbreviation names an offset, or a clock that changes with the season, and often more than
//! one of them. Nothing here guesses: where a label has several meanings the caller gets the
//! candidates, and picks one by the zone of the file or of the source.
//!
//! Offsets of the abbreviations are those of the IANA time zone database, release 2025b.

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset, MappedLocalTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{OffsetName, Tz};

/// A zone that a local time can be read in, or an instant be shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// A fixed distance from UTC. UTC itself is the distance zero.
    Fixed(FixedOffset),
    /// A place, whose distance from UTC changes with the season and with its laws.
    Named(Tz),
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Zone = Zone::Named(Tz::UTC);

    /// The instant that a clock in this zone shows as `local`.
    ///
    /// # Errors
    /// [`LocalTimeError`] when the clock skips that time (spring) or shows it twice (autumn).
    pub fn instant(self, local: NaiveDateTime) -> Result<DateTime<Utc>, LocalTimeError> {
        let tz = match self {
            Zone::Fixed(offset) => return Ok(offset.from_local_datetime(&local).unwrap().to_utc()),
            Zone::Named(tz) => tz,
        };
        match tz.from_local_datetime(&local) {
            MappedLocalTime::Single(instant) => Ok(instant.to_utc()),
            MappedLocalTime::Ambiguous(first, second) => Err(LocalTimeError {
                local,
                zone: tz,
                skipped: false,
                readings: [first.fixed_offset(), second.fixed_offset()],
            }),
            MappedLocalTime::None => {
                // Reading the skipped time with the offsets on either side of the gap gives the
                // two instants that the writer may have meant.
                let near = |hours| {
                    let offset = tz.offset_from_utc_datetime(&(local + chrono::TimeDelta::hours(hours))).fix();
                    offset.from_local_datetime(&local).unwrap()
                };
                Err(LocalTimeError { local, zone: tz, skipped: true, readings: [near(-26), near(26)] })
            }
        }
    }

    /// The clock's reading in this zone at `instant`.
    pub fn local(self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        match self {
            Zone::Fixed(offset) => instant.with_timezone(&offset),
            Zone::Named(tz) => instant.with_timezone(&tz).fixed_offset(),
        }
    }

    /// How the zone calls itself at `instant`: `UTC`, `CEST`, `+05:30`. Letters that mean more than
    /// one zone, or that [`instant_of`] does not know, are left out for the offset.
    pub fn label(self, instant: DateTime<Utc>) -> String {
        match self {
            Zone::Fixed(offset) if offset.local_minus_utc() == 0 => "UTC".into(),
            Zone::Fixed(offset) => offset.to_string(),
            Zone::Named(tz) => {
                let offset = tz.offset_from_utc_datetime(&instant.naive_utc());
                match offset.abbreviation() {
                    Some(letters) if means_only(letters, offset.fix()) => letters.into(),
                    _ => offset.fix().to_string(),
                }
            }
        }
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

impl FromStr for Zone {
    type Err = ZoneError;

    /// Reads `Z`, `UTC`, `+05:30`, `+0530`, `UTC+8` or an IANA name. Abbreviations depend on the
    /// time they stand next to, so they are read by [`instant_of`].
    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("gmt") {
            return Ok(Zone::UTC);
        }
        let digits = ["UTC", "GMT"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
        if let Some(offset) = parse_offset(digits) {
            return Ok(Zone::Fixed(offset));
        }
        Tz::from_str(text)
            .map(Zone::Named)
            .map_err(|_| ZoneError::Unknown { text: text.to_owned(), nearest: nearest_name(text) })
    }
}

fn nearest_name(text: &str) -> Option<&'static str> {
    chrono_tz::TZ_VARIANTS
        .iter()
        .map(|tz| (strsim::jaro_winkler(&tz.name().to_lowercase(), &text.to_lowercase()), tz.name()))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// `+05:30`, `+0530`, `-7`, `+8`; the sign is required.
fn parse_offset(text: &str) -> Option<FixedOffset> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let rest = &text[1..];
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None => (rest, "0"),
    };
    let number = |digits: &str| -> Option<i32> {
        (matches!(digits.len(), 1..=2) && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    // The widest offset in use is UTC+14 (Kiribati).
    (hours <= 14 && minutes < 60).then(|| FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)))?
}

/// Why a zone's name could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// No zone has this name.
    #[error("unknown time zone `{text}`")]
    Unknown {
        /// The name as written.
        text: String,
        /// The IANA name that is written most like it.
        nearest: Option<&'static str>,
    },
    /// An abbreviation with more than one meaning, and nothing that decides.
    #[error("`{label}` means more than one zone: {}", candidates.join(", or "))]
    Ambiguous {
        /// The abbreviation as written.
        label: String,
        /// Each meaning with the instant that it would give.
        candidates: Vec<String>,
    },
    /// The clock of that zone never shows that time, or shows it twice.
    #[error(transparent)]
    Local(#[from] LocalTimeError),
}

/// A local time that its zone skips or has twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTimeError {
    /// The time as written.
    pub local: NaiveDateTime,
    /// The zone whose clock changed.
    pub zone: Tz,
    /// The clock went forward over this time; else it went back and shows it twice.
    pub skipped: bool,
    /// The two instants that may be meant.
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

/// One meaning of an abbreviation.
struct Meaning {
    label: &'static str,
    /// What a person calls it.
    name: &'static str,
    clock: Clock,
}

enum Clock {
    /// Minutes east of UTC, whatever the season.
    Offset(i32),
    /// A place's clock, as in "PT".
    Place(Tz),
}

const fn at(label: &'static str, name: &'static str, minutes: i32) -> Meaning {
    Meaning { label, name, clock: Clock::Offset(minutes) }
}

const fn place(label: &'static str, name: &'static str, tz: Tz) -> Meaning {
    Meaning { label, name, clock: Clock::Place(tz) }
}

#[rustfmt::skip]
const MEANINGS: &[Meaning] = &[
    at("PST", "Pacific Standard Time", -480), at("PST", "Philippine Standard Time", 480),
    at("PDT", "Pacific Daylight Time", -420), place("PT", "Pacific Time", Tz::America__Los_Angeles),
    at("MST", "Mountain Standard Time", -420), at("MST", "Malaysia Standard Time", 480),
    at("MDT", "Mountain Daylight Time", -360), place("MT", "Mountain Time", Tz::America__Denver),
    at("CST", "Central Standard Time", -360), at("CST", "China Standard Time", 480), at("CST", "Cuba Standard Time", -300),
    at("CDT", "Central Daylight Time", -300), at("CDT", "Cuba Daylight Time", -240),
    place("CT", "Central Time", Tz::America__Chicago),
    at("EST", "Eastern Standard Time", -300), at("EST", "Australian Eastern Standard Time", 600),
    at("EDT", "Eastern Daylight Time", -240), place("ET", "Eastern Time", Tz::America__New_York),
    at("AST", "Atlantic Standard Time", -240), at("AST", "Arabia Standard Time", 180),
    at("ADT", "Atlantic Daylight Time", -180), at("NST", "Newfoundland Standard Time", -210),
    at("NDT", "Newfoundland Daylight Time", -150), at("AKST", "Alaska Standard Time", -540),
    at("AKDT", "Alaska Daylight Time", -480), at("HST", "Hawaii Standard Time", -600),
    at("BST", "British Summer Time", 60), at("BST", "Bangladesh Standard Time", 360), at("BST", "Bougainville Standard Time", 660),
    at("IST", "India Standard Time", 330), at("IST", "Irish Standard Time", 60), at("IST", "Israel Standard Time", 120),
    at("IDT", "Israel Daylight Time", 180),
    at("WET", "Western European Time", 0), at("WEST", "Western European Summer Time", 60),
    at("CET", "Central European Time", 60), at("CEST", "Central European Summer Time", 120),
    at("EET", "Eastern European Time", 120), at("EEST", "Eastern European Summer Time", 180),
    at("MSK", "Moscow Time", 180), at("TRT", "Turkey Time", 180), at("SAST", "South Africa Standard Time", 120),
    at("PKT", "Pakistan Time", 300), at("WIB", "Western Indonesia Time", 420), at("ICT", "Indochina Time", 420),
    at("SGT", "Singapore Time", 480), at("HKT", "Hong Kong Time", 480), at("PHT", "Philippine Time", 480),
    at("AWST", "Australian Western Standard Time", 480), at("JST", "Japan Standard Time", 540), at("KST", "Korea Standard Time", 540),
    at("ACST", "Australian Central Standard Time", 570), at("ACDT", "Australian Central Daylight Time", 630),
    at("AEST", "Australian Eastern Standard Time", 600), at("AEDT", "Australian Eastern Daylight Time", 660),
    at("NZST", "New Zealand Standard Time", 720), at("NZDT", "New Zealand Daylight Time", 780),
    at("BRT", "Brasilia Time", -180), at("ART", "Argentina Time", -180), at("CLT", "Chile Standard Time", -240),
];

/// Whether `letters` are read as `offset`, whatever the zone at home.
fn means_only(letters: &str, offset: FixedOffset) -> bool {
    let mut meanings = MEANINGS.iter().filter(|meaning| meaning.label == letters).map(Meaning::zone);
    match (meanings.next(), meanings.next()) {
        (Some(only), None) => only == Zone::Fixed(offset),
        (None, _) => matches!(letters, "UTC" | "GMT") && offset.local_minus_utc() == 0,
        (Some(_), Some(_)) => false,
    }
}

impl Meaning {
    fn zone(&self) -> Zone {
        match self.clock {
            Clock::Offset(minutes) => Zone::Fixed(FixedOffset::east_opt(minutes * 60).unwrap()),
            Clock::Place(tz) => Zone::Named(tz),
        }
    }

    /// Whether a clock in `home` calls itself by this label with this offset, in either season.
    fn is_used_in(&self, home: Zone, near: NaiveDateTime) -> bool {
        let Zone::Named(tz) = home else { return self.zone() == home };
        if let Clock::Place(place) = self.clock {
            return place == tz;
        }
        [1, 7].iter().any(|&month| {
            let season = near.date().with_day(1).and_then(|date| date.with_month(month)).unwrap_or(near.date());
            let offset = tz.offset_from_utc_datetime(&season.and_time(chrono::NaiveTime::MIN));
            Zone::Fixed(offset.fix()) == self.zone()
                && (offset.abbreviation() == Some(self.label)
                    || offset.abbreviation().is_none_or(|a| !a.starts_with(|c: char| c.is_ascii_alphabetic())))
        })
    }
}

/// The instant of `local` under a zone as a person wrote it: anything that [`Zone`] reads, or an
/// abbreviation. `home` (the zone of the file or of the source) decides between the meanings of an
/// abbreviation; a label that contradicts the season is taken at its literal offset.
///
/// # Errors
/// [`ZoneError`] when the zone is unknown, ambiguous, or its clock skips or doubles that time.
pub fn instant_of(local: NaiveDateTime, zone: &str, home: Option<Zone>) -> Result<DateTime<Utc>, ZoneError> {
    let label = zone.trim().to_ascii_uppercase();
    let meanings: Vec<&Meaning> = MEANINGS.iter().filter(|meaning| meaning.label == label).collect();
    let by_home = home.and_then(|home| meanings.iter().find(|meaning| meaning.is_used_in(home, local)));
    match (meanings.as_slice(), by_home) {
        ([], _) => Ok(Zone::from_str(zone)?.instant(local)?),
        ([only], _) | (_, Some(only)) => Ok(only.zone().instant(local)?),
        (several, None) => Err(ZoneError::Ambiguous {
            label: zone.trim().to_owned(),
            candidates: several
                .iter()
                .filter_map(|meaning| {
                    let instant = meaning.zone().instant(local).ok()?;
                    Some(format!("{} ({})", meaning.name, instant.format("%Y-%m-%dT%H:%M:%SZ")))
                })
                .collect(),
        }),
    }
}

thread_local! {
    static HOME: Cell<Option<Zone>> = const { Cell::new(None) };
}

/// Runs `read` with `home` as the zone that decides between the meanings of an abbreviation.
///
/// serde's visitors take no argument, and a file's times stand in thirty places of the model, so
/// this one piece of context travels beside the call. Only [`crate::model::time`] looks at it.
pub fn with_home<T>(home: Option<Zone>, read: impl FnOnce() -> T) -> T {
    struct Restore(Option<Zone>);
    impl Drop for Restore {
        fn drop(&mut self) {
            HOME.set(self.0);
        }
    }
    let _restore = Restore(HOME.replace(home));
    read()
}

pub(super) fn home() -> Option<Zone> {
    HOME.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_label_can_be_read_back_as_what_it_was() {
        let instant = "2025-07-04T03:06:00Z".parse().unwrap();
        for (zone, label) in [
            ("UTC", "UTC"),
            ("Europe/Berlin", "CEST"),
            ("America/Los_Angeles", "PDT"),
            ("Asia/Manila", "+08:00"),
            ("Europe/London", "+01:00"),
            ("Asia/Kolkata", "+05:30"),
            ("Africa/Lagos", "+01:00"),
            ("America/Sao_Paulo", "-03:00"),
        ] {
            assert_eq!(zone.parse::<Zone>().unwrap().label(instant), label, "{zone}");
        }
    }

    fn read(text: &str, zone: &str, home: Option<&str>) -> Result<String, ZoneError> {
        instant_of(local(text), zone, home.map(|home| home.parse().unwrap())).map(|t| t.format("%FT%TZ").to_string())
    }

    #[test]
    fn offsets_in_every_spelling() {
        for (zone, expected) in [
            ("Z", "2026-01-02T12:00:00Z"),
            ("+05:30", "2026-01-02T06:30:00Z"),
            ("+0530", "2026-01-02T06:30:00Z"),
            ("UTC+8", "2026-01-02T04:00:00Z"),
            ("GMT-7", "2026-01-02T19:00:00Z"),
            ("Europe/Berlin", "2026-01-02T11:00:00Z"),
        ] {
            assert_eq!(read("2026-01-02T12:00:00", zone, None).unwrap(), expected, "{zone}");
        }
    }

    #[test]
    fn an_unknown_zone_names_the_nearest() {
        let error = Zone::from_str("Europe/Berln").unwrap_err();
        assert_eq!(error, ZoneError::Unknown { text: "Europe/Berln".into(), nearest: Some("Europe/Berlin") });
        assert!(Zone::from_str("+15:00").is_err());
    }

    #[test]
    fn an_abbreviation_with_one_meaning_is_read_and_with_several_lists_them() {
        assert_eq!(read("2025-07-03T20:15:00", "PDT", None).unwrap(), "2025-07-04T03:15:00Z");
        let error = read("2023-08-11T13:36:00", "BST", None).unwrap_err().to_string();
        assert!(error.contains("British Summer Time (2023-08-11T12:36:00Z)"), "{error}");
        assert!(error.contains("Bangladesh Standard Time (2023-08-11T07:36:00Z)"), "{error}");
    }

    #[test]
    fn the_home_zone_decides() {
        assert_eq!(read("2023-08-11T13:36:00", "BST", Some("Europe/London")).unwrap(), "2023-08-11T12:36:00Z");
        assert_eq!(read("2023-08-11T13:36:00", "BST", Some("Asia/Dhaka")).unwrap(), "2023-08-11T07:36:00Z");
        assert_eq!(read("2023-08-11T13:36:00", "IST", Some("Asia/Kolkata")).unwrap(), "2023-08-11T08:06:00Z");
        assert_eq!(read("2023-01-11T13:36:00", "CST", Some("Asia/Shanghai")).unwrap(), "2023-01-11T05:36:00Z");
        assert!(read("2023-08-11T13:36:00", "BST", Some("America/New_York")).is_err());
    }

    #[test]
    fn a_label_of_the_wrong_season_keeps_its_literal_offset() {
        assert_eq!(read("2023-06-11T12:00:00", "CET", Some("Europe/Berlin")).unwrap(), "2023-06-11T11:00:00Z");
        assert_eq!(read("2013-04-06T09:45:00", "PT", None).unwrap(), "2013-04-06T16:45:00Z");
    }

    #[test]
    fn skipped_and_doubled_times_name_both_readings() {
        let skipped = read("2026-03-29T02:30:00", "Europe/Berlin", None).unwrap_err().to_string();
        assert_eq!(
            skipped,
            "2026-03-29 02:30:00 does not exist in Europe/Berlin: it may mean 2026-03-29T02:30:00+01:00 or 2026-03-29T02:30:00+02:00"
        );
        let doubled = read("2026-10-25T02:30:00", "Europe/Berlin", None).unwrap_err().to_string();
        assert_eq!(
            doubled,
            "2026-10-25 02:30:00 happens twice in Europe/Berlin: it may mean 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00"
        );
    }

    #[test]
    fn the_home_zone_is_restored_after_use() {
        with_home(Some(Zone::UTC), || assert_eq!(home(), Some(Zone::UTC)));
        assert_eq!(home(), None);
    }
}
