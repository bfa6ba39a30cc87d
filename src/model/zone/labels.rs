//! The abbreviations of zones, with every meaning that they are commonly given.
//!
//! Offsets are those of the IANA time zone database, release 2025b; where that database has no
//! letters for a place any more, the letters are those that people there still write.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::{OffsetName, Tz};

use super::Zone;

/// One meaning of an abbreviation.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) label: &'static str,
    /// What a person calls it.
    pub(super) name: &'static str,
    clock: Clock,
    /// A place that writes this label in its season, to tell when that season is. None where the
    /// label holds all year, if only somewhere: MST in July is Arizona's.
    season: Option<Tz>,
    /// How the time zone database calls it, where that is another way.
    called: &'static str,
    /// Meant only where the file or the source says that it comes from there.
    local_only: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// Minutes east of UTC, whatever the season.
    Offset(i32),
    /// A place's clock, as in "PT".
    Place(Tz),
}

const fn at(label: &'static str, name: &'static str, minutes: i32) -> Meaning {
    Meaning { label, name, clock: Clock::Offset(minutes), season: None, called: label, local_only: false }
}

const fn place(label: &'static str, name: &'static str, tz: Tz) -> Meaning {
    Meaning { label, name, clock: Clock::Place(tz), season: None, called: label, local_only: false }
}

impl Meaning {
    const fn season(self, tz: Tz) -> Self {
        Meaning { season: Some(tz), ..self }
    }

    const fn called(self, called: &'static str) -> Self {
        Meaning { called, ..self }
    }

    const fn local_only(self) -> Self {
        Meaning { local_only: true, ..self }
    }
}

/// In the order of the labels; of the meanings of one label the commonest comes first.
#[rustfmt::skip]
static MEANINGS: &[Meaning] = &[
    at("ACDT", "Australian Central Daylight Time", 630).season(Tz::Australia__Adelaide),
    at("ACST", "Australian Central Standard Time", 570),
    at("ADT", "Atlantic Daylight Time", -180).season(Tz::America__Halifax),
    at("ADT", "Arabia Daylight Time", 240).local_only(),
    at("AEDT", "Australian Eastern Daylight Time", 660).season(Tz::Australia__Sydney),
    at("AEST", "Australian Eastern Standard Time", 600),
    place("AET", "Australian Eastern Time", Tz::Australia__Sydney),
    at("AFT", "Afghanistan Time", 270),
    at("AKDT", "Alaska Daylight Time", -480).season(Tz::America__Anchorage),
    at("AKST", "Alaska Standard Time", -540).season(Tz::America__Anchorage),
    at("AMT", "Amazon Time", -240), at("AMT", "Armenia Time", 240),
    at("ART", "Argentina Time", -180),
    at("AST", "Atlantic Standard Time", -240), at("AST", "Arabia Standard Time", 180),
    at("AWST", "Australian Western Standard Time", 480),
    at("AZOST", "Azores Summer Time", 0).season(Tz::Atlantic__Azores),
    at("AZOT", "Azores Time", -60).season(Tz::Atlantic__Azores),
    at("AZT", "Azerbaijan Time", 240),
    at("BDT", "Bangladesh Time", 360), at("BDT", "Brunei Time", 480),
    at("BNT", "Brunei Time", 480), at("BOT", "Bolivia Time", -240), at("BRT", "Brasilia Time", -180),
    at("BST", "British Summer Time", 60).season(Tz::Europe__London),
    at("BST", "Bangladesh Standard Time", 360), at("BST", "Bougainville Standard Time", 660),
    at("BTT", "Bhutan Time", 360), at("CAT", "Central Africa Time", 120),
    at("CCT", "Cocos Islands Time", 390),
    at("CDT", "Central Daylight Time", -300).season(Tz::America__Chicago),
    at("CDT", "Cuba Daylight Time", -240).season(Tz::America__Havana),
    at("CDT", "Australian Central Daylight Time", 630).season(Tz::Australia__Adelaide).called("ACDT").local_only(),
    at("CEST", "Central European Summer Time", 120).season(Tz::Europe__Berlin),
    at("CET", "Central European Time", 60).season(Tz::Europe__Berlin),
    at("CHADT", "Chatham Daylight Time", 825).season(Tz::Pacific__Chatham),
    at("CHAST", "Chatham Standard Time", 765).season(Tz::Pacific__Chatham),
    at("CHST", "Chamorro Standard Time", 600), at("CKT", "Cook Islands Time", -600),
    at("CLST", "Chile Summer Time", -180).season(Tz::America__Santiago),
    at("CLT", "Chile Standard Time", -240).season(Tz::America__Santiago),
    at("COT", "Colombia Time", -300),
    at("CST", "Central Standard Time", -360).season(Tz::America__Chicago), at("CST", "China Standard Time", 480),
    at("CST", "Cuba Standard Time", -300).season(Tz::America__Havana),
    at("CST", "Australian Central Standard Time", 570).called("ACST").local_only(),
    place("CT", "Central Time", Tz::America__Chicago),
    at("EAT", "East Africa Time", 180),
    at("ECT", "Ecuador Time", -300), at("ECT", "Eastern Caribbean Time", -240),
    at("EDT", "Eastern Daylight Time", -240).season(Tz::America__New_York),
    at("EDT", "Australian Eastern Daylight Time", 660).season(Tz::Australia__Sydney).called("AEDT").local_only(),
    at("EEST", "Eastern European Summer Time", 180).season(Tz::Europe__Helsinki),
    at("EET", "Eastern European Time", 120).season(Tz::Europe__Helsinki),
    at("EST", "Eastern Standard Time", -300).season(Tz::America__New_York),
    at("EST", "Australian Eastern Standard Time", 600).called("AEST"),
    place("ET", "Eastern Time", Tz::America__New_York),
    at("FJT", "Fiji Time", 720), at("GALT", "Galapagos Time", -360), at("GET", "Georgia Time", 240),
    at("GMT", "Greenwich Mean Time", 0),
    at("GST", "Gulf Standard Time", 240), at("GST", "South Georgia Time", -120),
    at("GYT", "Guyana Time", -240),
    at("HADT", "Hawaii-Aleutian Daylight Time", -540).season(Tz::America__Adak).called("HDT"),
    at("HAST", "Hawaii-Aleutian Standard Time", -600),
    at("HDT", "Hawaii-Aleutian Daylight Time", -540).season(Tz::America__Adak),
    at("HKT", "Hong Kong Time", 480), at("HOVT", "Hovd Time", 420), at("HST", "Hawaii Standard Time", -600),
    at("ICT", "Indochina Time", 420), at("IDT", "Israel Daylight Time", 180).season(Tz::Asia__Jerusalem),
    at("IRKT", "Irkutsk Time", 480), at("IRST", "Iran Standard Time", 210),
    at("IST", "India Standard Time", 330), at("IST", "Irish Standard Time", 60).season(Tz::Europe__Dublin),
    at("IST", "Israel Standard Time", 120).season(Tz::Asia__Jerusalem),
    at("JST", "Japan Standard Time", 540), at("KGT", "Kyrgyzstan Time", 360), at("KRAT", "Krasnoyarsk Time", 420),
    at("KST", "Korea Standard Time", 540),
    at("LHDT", "Lord Howe Daylight Time", 660).season(Tz::Australia__Lord_Howe),
    at("LHST", "Lord Howe Standard Time", 630).season(Tz::Australia__Lord_Howe),
    at("MAGT", "Magadan Time", 660), at("MDT", "Mountain Daylight Time", -360).season(Tz::America__Denver),
    at("MESZ", "Mitteleuropäische Sommerzeit", 120).season(Tz::Europe__Berlin).called("CEST"),
    at("MEZ", "Mitteleuropäische Zeit", 60).season(Tz::Europe__Berlin).called("CET"),
    at("MMT", "Myanmar Time", 390), at("MSK", "Moscow Time", 180),
    at("MST", "Mountain Standard Time", -420), at("MST", "Malaysia Standard Time", 480),
    at("MST", "Myanmar Standard Time", 390).local_only(),
    place("MT", "Mountain Time", Tz::America__Denver),
    at("MUT", "Mauritius Time", 240), at("MVT", "Maldives Time", 300), at("MYT", "Malaysia Time", 480),
    at("NDT", "Newfoundland Daylight Time", -150).season(Tz::America__St_Johns),
    at("NFDT", "Norfolk Daylight Time", 720).season(Tz::Pacific__Norfolk),
    at("NFT", "Norfolk Time", 660).season(Tz::Pacific__Norfolk),
    at("NOVT", "Novosibirsk Time", 420), at("NPT", "Nepal Time", 345),
    at("NST", "Newfoundland Standard Time", -210).season(Tz::America__St_Johns),
    at("NZDT", "New Zealand Daylight Time", 780).season(Tz::Pacific__Auckland),
    at("NZST", "New Zealand Standard Time", 720).season(Tz::Pacific__Auckland),
    place("NZT", "New Zealand Time", Tz::Pacific__Auckland),
    at("OMST", "Omsk Time", 360), at("PDT", "Pacific Daylight Time", -420).season(Tz::America__Los_Angeles),
    at("PET", "Peru Time", -300), at("PETT", "Kamchatka Time", 720), at("PGT", "Papua New Guinea Time", 600),
    at("PHST", "Philippine Standard Time", 480), at("PHT", "Philippine Time", 480), at("PKT", "Pakistan Time", 300),
    at("PMDT", "Saint Pierre and Miquelon Daylight Time", -120).season(Tz::America__Miquelon),
    at("PMST", "Saint Pierre and Miquelon Standard Time", -180).season(Tz::America__Miquelon),
    at("PST", "Pacific Standard Time", -480).season(Tz::America__Los_Angeles),
    at("PST", "Philippine Standard Time", 480), at("PST", "Pitcairn Standard Time", -480),
    place("PT", "Pacific Time", Tz::America__Los_Angeles),
    at("RET", "Réunion Time", 240), at("SAMT", "Samara Time", 240), at("SAST", "South Africa Standard Time", 120),
    at("SBT", "Solomon Islands Time", 660), at("SCT", "Seychelles Time", 240), at("SGT", "Singapore Time", 480),
    at("SRT", "Suriname Time", -180),
    at("SST", "Samoa Standard Time", -660), at("SST", "Singapore Standard Time", 480),
    at("TJT", "Tajikistan Time", 300), at("TLT", "East Timor Time", 540), at("TMT", "Turkmenistan Time", 300),
    at("TOT", "Tonga Time", 780), at("TRT", "Turkey Time", 180), at("ULAT", "Ulaanbaatar Time", 480),
    at("UYT", "Uruguay Time", -180), at("UZT", "Uzbekistan Time", 300), at("VET", "Venezuela Time", -240),
    at("VLAT", "Vladivostok Time", 600), at("VUT", "Vanuatu Time", 660), at("WAT", "West Africa Time", 60),
    at("WEST", "Western European Summer Time", 60).season(Tz::Europe__Lisbon),
    at("WET", "Western European Time", 0).season(Tz::Europe__Lisbon),
    at("WIB", "Western Indonesia Time", 420), at("WIT", "Eastern Indonesia Time", 540),
    at("WITA", "Central Indonesia Time", 480),
    at("WST", "Western Standard Time (Australia)", 480).called("AWST"), at("WST", "West Samoa Time", 780),
    at("YAKT", "Yakutsk Time", 540), at("YEKT", "Yekaterinburg Time", 300),
];

/// The longest label of the table.
const LONGEST: usize = 5;

/// Every meaning of a label, in capitals or not; none if it is no label.
pub(super) fn meanings(label: &str) -> &'static [Meaning] {
    let mut capitals = [0u8; LONGEST];
    let Some(capitals) = capitals.get_mut(..label.len()) else { return &[] };
    capitals.copy_from_slice(label.as_bytes());
    capitals.make_ascii_uppercase();
    let capitals: &[u8] = capitals;
    let start = MEANINGS.partition_point(|meaning| meaning.label.as_bytes() < capitals);
    let length = MEANINGS[start..].iter().take_while(|meaning| meaning.label.as_bytes() == capitals).count();
    &MEANINGS[start..start + length]
}

/// The meaning of a label that is written out: "Pacific Daylight Time".
pub(super) fn by_name(name: &str) -> Option<&'static Meaning> {
    MEANINGS.iter().find(|meaning| meaning.name.eq_ignore_ascii_case(name))
}

impl Meaning {
    pub(super) fn is_common(&self) -> bool {
        !self.local_only
    }

    /// The place where people write it, or its offset.
    pub(super) fn home(&self) -> Zone {
        self.season.map_or_else(|| self.zone(), Zone::Named)
    }

    pub(super) fn zone(&self) -> Zone {
        match self.clock {
            Clock::Offset(minutes) => Zone::Fixed(FixedOffset::east_opt(minutes * 60).unwrap()),
            Clock::Place(tz) => Zone::Named(tz),
        }
    }

    /// Whether a clock in `home` calls itself by this label with this offset, in either season.
    pub(super) fn is_used_in(&self, home: Zone, near: NaiveDateTime) -> bool {
        let Zone::Named(tz) = home else { return self.zone() == home };
        if let Clock::Place(place) = self.clock {
            return place == tz;
        }
        [1, 7].iter().any(|&month| {
            let season = near.date().with_day(1).and_then(|date| date.with_month(month)).unwrap_or(near.date());
            let offset = tz.offset_from_utc_datetime(&season.and_time(NaiveTime::MIN));
            let letters = offset.abbreviation().unwrap_or_default();
            Zone::Fixed(offset.fix()) == self.zone()
                && (letters == self.label
                    || letters == self.called
                    // tzdata writes "+08" where a place has no letters of its own.
                    || !letters.starts_with(|c: char| c.is_ascii_alphabetic()))
        })
    }

    /// The place whose clock says at `instant` that the label is of the other season: the home, if
    /// the label is one of its own, else a place that is known to use it.
    pub(super) fn contradicts(&self, local: NaiveDateTime, instant: DateTime<Utc>, home: Option<Zone>) -> Option<Tz> {
        if matches!(self.clock, Clock::Place(_)) {
            return None;
        }
        let at_home = home.and_then(|home| match home {
            Zone::Named(tz) if self.is_used_in(home, local) => Some(tz),
            Zone::Named(_) | Zone::Fixed(_) => None,
        });
        let place = at_home.or(self.season)?;
        let there = place.offset_from_utc_datetime(&instant.naive_utc()).fix();
        (Zone::Fixed(there) != self.zone()).then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_every_label_is_found() {
        assert!(MEANINGS.is_sorted_by_key(|meaning| meaning.label));
        for meaning in MEANINGS {
            assert!(meaning.label.len() <= LONGEST && meaning.label.bytes().all(|b| b.is_ascii_uppercase()));
            assert!(meanings(meaning.label).iter().any(|found| std::ptr::eq(found, meaning)), "{}", meaning.label);
            assert!(meanings(meaning.label)[0].is_common(), "{}", meaning.label);
        }
        assert_eq!(meanings("bst").len(), 3);
        assert!(meanings("XYZ").is_empty() && meanings("").is_empty() && meanings("Europe/Berlin").is_empty());
    }

    /// The database is asked whether each label with a season is what that place calls its clock.
    #[test]
    fn the_seasons_are_those_of_the_database() {
        for meaning in MEANINGS {
            let Some(place) = meaning.season else { continue };
            let near: NaiveDateTime = "2025-05-05T12:00:00".parse().unwrap();
            assert!(meaning.is_used_in(Zone::Named(place), near), "{} in {place}", meaning.label);
            let offsets = ["2025-01-15T12:00:00Z", "2025-07-15T12:00:00Z"].map(|instant| {
                let instant: DateTime<Utc> = instant.parse().unwrap();
                meaning.contradicts(near, instant, None).is_some()
            });
            assert_ne!(offsets[0], offsets[1], "{} is used in one season of the two", meaning.label);
        }
    }
}
