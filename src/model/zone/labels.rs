//! The abbreviations of zones, with every meaning in common use.
//!
//! Offsets are today's, from the IANA time zone database. Where the database no longer has letters
//! for a place, they are the letters that people there still write. Offsets of other times (MSK was
//! +04:00 from 2011 to 2014) are looked up in the database by [`at_home`] and [`Meaning::then`].

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};

use super::clock::Zone;
use super::tz::{Setting, Tz};

/// One meaning of an abbreviation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning {
    pub(super) label: &'static str,
    /// The full name: British Summer Time.
    pub(super) name: &'static str,
    clock: Clock,
    /// A place that writes this label in its season, which shows when the season is. `None` if the
    /// label is valid somewhere all year: MST in July is Arizona's.
    season: Option<&'static str>,
    /// The only place with this standard time, if it had another offset in other years.
    era: Option<&'static str>,
    /// The name in the time zone database, if it differs from the label.
    called: &'static str,
    /// Whether it is meant only if the file or the source is in that place.
    local_only: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// Minutes east of UTC, whatever the season.
    Offset(i32),
    /// The clock of a place, as in "PT".
    Place(&'static str),
}

const fn at(label: &'static str, name: &'static str, minutes: i32) -> Meaning {
    Meaning {
        label,
        name,
        clock: Clock::Offset(minutes),
        season: None,
        era: None,
        called: label,
        local_only: false,
    }
}

const fn place(label: &'static str, name: &'static str, tz: &'static str) -> Meaning {
    Meaning {
        label,
        name,
        clock: Clock::Place(tz),
        season: None,
        era: None,
        called: label,
        local_only: false,
    }
}

impl Meaning {
    const fn season(self, tz: &'static str) -> Self {
        Meaning { season: Some(tz), ..self }
    }

    const fn era(self, tz: &'static str) -> Self {
        Meaning { era: Some(tz), ..self }
    }

    const fn called(self, called: &'static str) -> Self {
        Meaning { called, ..self }
    }

    const fn local_only(self) -> Self {
        Meaning { local_only: true, ..self }
    }
}

/// Ordered by label; the most common meaning of a label comes first.
#[rustfmt::skip]
static MEANINGS: &[Meaning] = &[
    at("ACDT", "Australian Central Daylight Time", 630).season("Australia/Adelaide"),
    at("ACST", "Australian Central Standard Time", 570),
    at("ADT", "Atlantic Daylight Time", -180).season("America/Halifax"),
    at("ADT", "Arabia Daylight Time", 240).local_only(),
    at("AEDT", "Australian Eastern Daylight Time", 660).season("Australia/Sydney"),
    at("AEST", "Australian Eastern Standard Time", 600),
    place("AET", "Australian Eastern Time", "Australia/Sydney"),
    at("AFT", "Afghanistan Time", 270),
    at("AKDT", "Alaska Daylight Time", -480).season("America/Anchorage"),
    at("AKST", "Alaska Standard Time", -540).season("America/Anchorage"),
    at("AMT", "Amazon Time", -240), at("AMT", "Armenia Time", 240),
    at("ART", "Argentina Time", -180),
    at("AST", "Atlantic Standard Time", -240), at("AST", "Arabia Standard Time", 180),
    at("AWST", "Australian Western Standard Time", 480),
    at("AZOST", "Azores Summer Time", 0).season("Atlantic/Azores"),
    at("AZOT", "Azores Time", -60).season("Atlantic/Azores"),
    at("AZT", "Azerbaijan Time", 240),
    at("BDT", "Bangladesh Time", 360), at("BDT", "Brunei Time", 480),
    at("BNT", "Brunei Time", 480), at("BOT", "Bolivia Time", -240),
    at("BRT", "Brasilia Time", -180),
    at("BST", "British Summer Time", 60).season("Europe/London"),
    at("BST", "Bangladesh Standard Time", 360), at("BST", "Bougainville Standard Time", 660),
    at("BTT", "Bhutan Time", 360), at("CAT", "Central Africa Time", 120),
    at("CCT", "Cocos Islands Time", 390),
    at("CDT", "Central Daylight Time", -300).season("America/Chicago"),
    at("CDT", "Cuba Daylight Time", -240).season("America/Havana"),
    at("CDT", "Australian Central Daylight Time", 630).season("Australia/Adelaide")
        .called("ACDT").local_only(),
    at("CEST", "Central European Summer Time", 120).season("Europe/Berlin"),
    at("CET", "Central European Time", 60).season("Europe/Berlin"),
    at("CHADT", "Chatham Daylight Time", 825).season("Pacific/Chatham"),
    at("CHAST", "Chatham Standard Time", 765).season("Pacific/Chatham"),
    at("CHST", "Chamorro Standard Time", 600), at("CKT", "Cook Islands Time", -600),
    at("CLST", "Chile Summer Time", -180).season("America/Santiago"),
    at("CLT", "Chile Standard Time", -240).season("America/Santiago"),
    at("COT", "Colombia Time", -300),
    at("CST", "Central Standard Time", -360).season("America/Chicago"),
    at("CST", "China Standard Time", 480),
    at("CST", "Cuba Standard Time", -300).season("America/Havana"),
    at("CST", "Australian Central Standard Time", 570).called("ACST").local_only(),
    place("CT", "Central Time", "America/Chicago"),
    at("EAT", "East Africa Time", 180),
    at("ECT", "Ecuador Time", -300), at("ECT", "Eastern Caribbean Time", -240),
    at("EDT", "Eastern Daylight Time", -240).season("America/New_York"),
    at("EDT", "Australian Eastern Daylight Time", 660).season("Australia/Sydney")
        .called("AEDT").local_only(),
    at("EEST", "Eastern European Summer Time", 180).season("Europe/Helsinki"),
    at("EET", "Eastern European Time", 120).season("Europe/Helsinki"),
    at("EST", "Eastern Standard Time", -300).season("America/New_York"),
    at("EST", "Australian Eastern Standard Time", 600).called("AEST"),
    place("ET", "Eastern Time", "America/New_York"),
    at("FJT", "Fiji Time", 720), at("GALT", "Galapagos Time", -360),
    at("GET", "Georgia Time", 240).era("Asia/Tbilisi"),
    at("GMT", "Greenwich Mean Time", 0),
    at("GST", "Gulf Standard Time", 240), at("GST", "South Georgia Time", -120),
    at("GYT", "Guyana Time", -240),
    at("HADT", "Hawaii-Aleutian Daylight Time", -540).season("America/Adak").called("HDT"),
    at("HAST", "Hawaii-Aleutian Standard Time", -600),
    at("HDT", "Hawaii-Aleutian Daylight Time", -540).season("America/Adak"),
    at("HKT", "Hong Kong Time", 480), at("HOVT", "Hovd Time", 420),
    at("HST", "Hawaii Standard Time", -600),
    at("ICT", "Indochina Time", 420),
    at("IDT", "Israel Daylight Time", 180).season("Asia/Jerusalem"),
    at("IRKT", "Irkutsk Time", 480).era("Asia/Irkutsk"), at("IRST", "Iran Standard Time", 210),
    at("IST", "India Standard Time", 330),
    at("IST", "Irish Standard Time", 60).season("Europe/Dublin"),
    at("IST", "Israel Standard Time", 120).season("Asia/Jerusalem"),
    at("JST", "Japan Standard Time", 540), at("KGT", "Kyrgyzstan Time", 360),
    at("KRAT", "Krasnoyarsk Time", 420).era("Asia/Krasnoyarsk"),
    at("KST", "Korea Standard Time", 540),
    at("LHDT", "Lord Howe Daylight Time", 660).season("Australia/Lord_Howe"),
    at("LHST", "Lord Howe Standard Time", 630).season("Australia/Lord_Howe"),
    at("MAGT", "Magadan Time", 660).era("Asia/Magadan"),
    at("MDT", "Mountain Daylight Time", -360).season("America/Denver"),
    at("MESZ", "Mitteleuropäische Sommerzeit", 120).season("Europe/Berlin").called("CEST"),
    at("MEZ", "Mitteleuropäische Zeit", 60).season("Europe/Berlin").called("CET"),
    at("MMT", "Myanmar Time", 390), at("MSD", "Moscow Summer Time", 240),
    at("MSK", "Moscow Time", 180).era("Europe/Moscow"),
    at("MST", "Mountain Standard Time", -420), at("MST", "Malaysia Standard Time", 480),
    at("MST", "Myanmar Standard Time", 390).local_only(),
    place("MT", "Mountain Time", "America/Denver"),
    at("MUT", "Mauritius Time", 240), at("MVT", "Maldives Time", 300),
    at("MYT", "Malaysia Time", 480),
    at("NDT", "Newfoundland Daylight Time", -150).season("America/St_Johns"),
    at("NFDT", "Norfolk Daylight Time", 720).season("Pacific/Norfolk"),
    at("NFT", "Norfolk Time", 660).era("Pacific/Norfolk").season("Pacific/Norfolk"),
    at("NOVT", "Novosibirsk Time", 420).era("Asia/Novosibirsk"), at("NPT", "Nepal Time", 345),
    at("NST", "Newfoundland Standard Time", -210).season("America/St_Johns"),
    at("NZDT", "New Zealand Daylight Time", 780).season("Pacific/Auckland"),
    at("NZST", "New Zealand Standard Time", 720).season("Pacific/Auckland"),
    place("NZT", "New Zealand Time", "Pacific/Auckland"),
    at("OMST", "Omsk Time", 360).era("Asia/Omsk"),
    at("PDT", "Pacific Daylight Time", -420).season("America/Los_Angeles"),
    at("PET", "Peru Time", -300), at("PETT", "Kamchatka Time", 720).era("Asia/Kamchatka"),
    at("PGT", "Papua New Guinea Time", 600),
    at("PHST", "Philippine Standard Time", 480), at("PHT", "Philippine Time", 480),
    at("PKT", "Pakistan Time", 300),
    at("PMDT", "Saint Pierre and Miquelon Daylight Time", -120).season("America/Miquelon"),
    at("PMST", "Saint Pierre and Miquelon Standard Time", -180).season("America/Miquelon"),
    at("PST", "Pacific Standard Time", -480).season("America/Los_Angeles"),
    at("PST", "Philippine Standard Time", 480), at("PST", "Pitcairn Standard Time", -480),
    place("PT", "Pacific Time", "America/Los_Angeles"),
    at("RET", "Réunion Time", 240), at("SAMT", "Samara Time", 240).era("Europe/Samara"),
    at("SAST", "South Africa Standard Time", 120),
    at("SBT", "Solomon Islands Time", 660), at("SCT", "Seychelles Time", 240),
    at("SGT", "Singapore Time", 480),
    at("SRT", "Suriname Time", -180),
    at("SST", "Samoa Standard Time", -660), at("SST", "Singapore Standard Time", 480),
    at("TJT", "Tajikistan Time", 300), at("TLT", "East Timor Time", 540),
    at("TMT", "Turkmenistan Time", 300),
    at("TOT", "Tonga Time", 780), at("TRT", "Turkey Time", 180),
    at("ULAT", "Ulaanbaatar Time", 480),
    at("UYT", "Uruguay Time", -180), at("UZT", "Uzbekistan Time", 300),
    at("VET", "Venezuela Time", -240).era("America/Caracas"),
    at("VLAT", "Vladivostok Time", 600).era("Asia/Vladivostok"), at("VUT", "Vanuatu Time", 660),
    at("WAT", "West Africa Time", 60),
    at("WEST", "Western European Summer Time", 60).season("Europe/Lisbon"),
    at("WET", "Western European Time", 0).season("Europe/Lisbon"),
    at("WIB", "Western Indonesia Time", 420), at("WIT", "Eastern Indonesia Time", 540),
    at("WITA", "Central Indonesia Time", 480),
    at("WST", "Western Standard Time (Australia)", 480).called("AWST"),
    at("WST", "West Samoa Time", 780),
    at("YAKT", "Yakutsk Time", 540).era("Asia/Yakutsk"),
    at("YEKT", "Yekaterinburg Time", 300).era("Asia/Yekaterinburg"),
];

/// The length of the longest label in the table.
const LONGEST: usize = 5;

/// Every meaning of a label, in any case; empty if the text is not a label.
pub(super) fn meanings(label: &str) -> &'static [Meaning] {
    let mut capitals = [0u8; LONGEST];
    let Some(capitals) = capitals.get_mut(..label.len()) else { return &[] };
    capitals.copy_from_slice(label.as_bytes());
    capitals.make_ascii_uppercase();
    let capitals: &[u8] = capitals;
    let start = MEANINGS.partition_point(|meaning| meaning.label.as_bytes() < capitals);
    let length =
        MEANINGS[start..].iter().take_while(|meaning| meaning.label.as_bytes() == capitals).count();
    &MEANINGS[start..start + length]
}

/// The meaning of a label that is spelled out: "Pacific Daylight Time".
pub(super) fn by_name(name: &str) -> Option<&'static Meaning> {
    MEANINGS.iter().find(|meaning| meaning.name.eq_ignore_ascii_case(name))
}

impl Meaning {
    pub(super) fn is_common(&self) -> bool {
        !self.local_only
    }

    /// The place whose people use the label, or its offset.
    pub(super) fn home(&self) -> Zone {
        self.season.map_or_else(|| self.zone(), named)
    }

    pub(super) fn zone(&self) -> Zone {
        match self.clock {
            Clock::Offset(minutes) => Zone::Fixed(FixedOffset::east_opt(minutes * 60).unwrap()),
            Clock::Place(tz) => named(tz),
        }
    }

    /// The meaning at about `near`, if its only place had another standard time then.
    pub(super) fn then(self, near: NaiveDateTime) -> Self {
        let Some(place) = self.era.and_then(Tz::get) else { return self };
        let standard = settings_near(place, near).into_iter().find(|setting| !setting.is_summer);
        standard.map_or(self, |setting| self.at(setting.offset))
    }

    fn at(self, offset: FixedOffset) -> Self {
        Meaning { clock: Clock::Offset(offset.local_minus_utc() / 60), ..self }
    }

    /// The place whose clock at `instant` shows that the label is of the other season: the home, if
    /// the label is one of its own, or else a place that is known to use it.
    pub(super) fn contradicts(
        &self,
        local: NaiveDateTime,
        instant: DateTime<Utc>,
        home: Option<Zone>,
    ) -> Option<Tz> {
        if matches!(self.clock, Clock::Place(_)) {
            return None;
        }
        let at_home = home.and_then(|home| match home {
            Zone::Named(tz) => at_home(self.label, tz, local)
                .is_some_and(|own| own.zone() == self.zone())
                .then_some(tz),
            Zone::Fixed(_) => None,
        });
        let place = at_home.or_else(|| Tz::get(self.season?))?;
        (Zone::Fixed(place.offset(instant)) != self.zone()).then_some(place)
    }
}

impl Zone {
    /// The abbreviation of the zone at `instant`: `UTC`, `CEST`, `+05:30`. The offset replaces
    /// letters that mean several zones or that [`super::instant_of`] does not know.
    pub fn label(self, instant: DateTime<Utc>) -> String {
        match self {
            Zone::Fixed(offset) if offset.local_minus_utc() == 0 => "UTC".into(),
            Zone::Fixed(offset) => offset.to_string(),
            Zone::Named(tz) => {
                let setting = tz.setting(instant);
                match setting.letters() {
                    Some(letters) if means_only(letters, setting.offset) => letters.into(),
                    _ => setting.offset.to_string(),
                }
            }
        }
    }
}

/// Whether `letters` are read as `offset` for every home zone.
fn means_only(letters: &str, offset: FixedOffset) -> bool {
    let mut common =
        meanings(letters).iter().filter(|meaning| meaning.is_common()).map(Meaning::zone);
    match (common.next(), common.next()) {
        (Some(only), None) => only == Zone::Fixed(offset),
        (None, _) => matches!(letters, "UTC" | "GMT") && offset.local_minus_utc() == 0,
        (Some(_), Some(_)) => false,
    }
}

/// What `label` means in the zone `home` at about `near`, if that zone uses the label in either
/// season. The database decides: its own letters come first, with the offset of that time.
pub(super) fn at_home(label: &str, home: Tz, near: NaiveDateTime) -> Option<Meaning> {
    let meanings = meanings(label);
    let is_place = |meaning: &&Meaning| matches!(meaning.clock, Clock::Place(place) if Tz::get(place) == Some(home));
    if let Some(place) = meanings.iter().find(is_place) {
        return Some(*place);
    }
    let first = meanings.first()?;
    let settings = settings_near(home, near);
    let of_offset = |offset: FixedOffset| {
        meanings.iter().find(|meaning| meaning.zone() == Zone::Fixed(offset)).copied()
    };
    let is_called = |letters: &str| {
        meanings.iter().any(|meaning| letters == meaning.label || letters == meaning.called)
    };
    let own = settings.iter().find(|setting| setting.letters().is_some_and(is_called));
    if let Some(own) = own {
        return Some(of_offset(own.offset).unwrap_or_else(|| first.at(own.offset)));
    }
    // The database writes "+08" if a place has no letters of its own.
    let mut in_digits = settings.iter().filter(|setting| setting.letters().is_none());
    let of_today = || in_digits.find_map(|setting| of_offset(setting.offset));
    let of_era = meanings.iter().find(|meaning| meaning.era.and_then(Tz::get) == Some(home));
    of_era.map(|meaning| meaning.then(near)).or_else(of_today)
}

/// The offset at about `near` for letters that only the zone `home` uses.
pub(super) fn letters_of(home: Tz, letters: &str, near: NaiveDateTime) -> Option<FixedOffset> {
    let is_own =
        |setting: &Setting| setting.letters().is_some_and(|own| own.eq_ignore_ascii_case(letters));
    settings_near(home, near).into_iter().find(is_own).map(|setting| setting.offset)
}

/// The settings of the clock of `place` within a year of `near`, ordered by their distance from it.
fn settings_near(place: Tz, near: NaiveDateTime) -> Vec<Setting> {
    let (near, year) = (near.and_utc(), TimeDelta::days(366));
    let bound = |instant: Option<DateTime<Utc>>| instant.unwrap_or(near);
    let settings =
        place.settings(bound(near.checked_sub_signed(year))..=bound(near.checked_add_signed(year)));
    let ends =
        settings.iter().skip(1).map(|(start, _)| Some(*start)).chain([None]).collect::<Vec<_>>();
    let mut by_distance: Vec<(TimeDelta, Setting)> = settings
        .into_iter()
        .zip(ends)
        .map(|((start, setting), end)| {
            // An offset moves a local time by less than a day; the nearest setting does not change.
            let at = near - setting.offset;
            let before = start - at;
            let after = end.map_or(TimeDelta::zero(), |end| at - end + TimeDelta::nanoseconds(1));
            (before.max(after).max(TimeDelta::zero()), setting)
        })
        .collect();
    by_distance.sort_by_key(|(distance, _)| *distance);
    by_distance.into_iter().map(|(_, setting)| setting).collect()
}

/// A place that is named in this table.
fn named(place: &str) -> Zone {
    Zone::Named(Tz::get(place).expect("valid built-in place"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_table_is_sorted_and_every_label_is_found() {
        assert!(MEANINGS.is_sorted_by_key(|meaning| meaning.label));
        for meaning in MEANINGS {
            assert!(
                meaning.label.len() <= LONGEST
                    && meaning.label.bytes().all(|b| b.is_ascii_uppercase())
            );
            assert!(
                meanings(meaning.label).iter().any(|found| std::ptr::eq(found, meaning)),
                "{}",
                meaning.label
            );
            assert!(meanings(meaning.label)[0].is_common(), "{}", meaning.label);
        }
        assert_eq!(meanings("bst").len(), 3);
        assert!(
            meanings("XYZ").is_empty()
                && meanings("").is_empty()
                && meanings("Europe/Berlin").is_empty()
        );
    }

    #[test]
    fn every_place_is_in_the_time_zone_database() {
        for meaning in MEANINGS {
            let place = if let Clock::Place(place) = meaning.clock { Some(place) } else { None };
            for name in [place, meaning.season, meaning.era].into_iter().flatten() {
                assert!(Tz::get(name).is_some(), "{}: {name}", meaning.label);
            }
        }
    }

    /// Checks in the database that each place with a label for a season uses the label for its
    /// clock.
    #[test]
    fn label_seasons_match_the_time_zone_database() {
        for meaning in MEANINGS {
            let Some(place) = meaning.season.and_then(Tz::get) else { continue };
            let near: NaiveDateTime = "2025-05-05T12:00:00".parse().unwrap();
            let own = at_home(meaning.label, place, near).map(|own| own.zone());
            assert_eq!(own, Some(meaning.zone()), "{} in {place}", meaning.label);
            let offsets = ["2025-01-15T12:00:00Z", "2025-07-15T12:00:00Z"].map(|instant| {
                let instant: DateTime<Utc> = instant.parse().unwrap();
                meaning.contradicts(near, instant, None).is_some()
            });
            assert_ne!(
                offsets[0], offsets[1],
                "{} is used in one season of the two",
                meaning.label
            );
        }
    }

    /// The offsets in the table are today's; the database has the earlier ones.
    #[test]
    fn label_offsets_match_the_time_zone_database() {
        let today: NaiveDateTime = "2026-11-30T12:00:00".parse().unwrap();
        for meaning in MEANINGS.iter().filter(|meaning| meaning.era.is_some()) {
            assert_eq!(meaning.then(today).zone(), meaning.zone(), "{}", meaning.label);
        }
    }
}
