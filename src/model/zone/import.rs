//! Zones in the texts of others.
//!
//! Half of all status pages and postmortems write PST, EST or BST without saying which one. An
//! import that refused them would lose most of their times, so it takes the most common meaning and
//! reports the others. In an incident file the author can resolve the ambiguity, so it is an error
//! there.

use std::fmt;

use chrono::{FixedOffset, NaiveDateTime, TimeZone};

use super::clock::Zone;
use super::labels::{self, Meaning};
use super::season::{self, OffSeason};
use super::written::{ZoneError, meaning, own_letters_or_name};

/// An abbreviation with several meanings, the most common of which was taken because nothing
/// decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// The abbreviation, in the spelling of the table.
    pub label: &'static str,
    /// The meaning that was taken, with its offset.
    pub taken: String,
    /// The others.
    pub others: Vec<String>,
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Assumption { label, taken, others } = self;
        write!(
            f,
            "{label} is read as {taken}; it can also mean {}; --zone decides",
            others.join(" or ")
        )
    }
}

/// What a zone means next to a time in the text of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The zone.
    pub zone: Zone,
    /// What was assumed to determine it.
    pub assumed: Option<Assumption>,
    /// Set if the label is of the other season; its literal offset was taken.
    pub off_season: Option<Box<OffSeason>>,
}

/// The zone that `zone` means next to `local` in an imported source. `home`, the zone of the
/// source, decides between the meanings of an abbreviation; a home without such a label changes
/// nothing.
///
/// # Errors
/// [`ZoneError::Unknown`] when no zone has that name.
pub fn imported(
    local: NaiveDateTime,
    zone: &str,
    home: Option<Zone>,
) -> Result<Imported, ZoneError> {
    let zone = zone.trim();
    match meaning(local, zone, home) {
        Ok(Some(meaning)) => Ok(of_meaning(&meaning, local, zone, home)),
        // "Pacific Standard Time" is an offset, but Windows uses it for a place. Here it is the
        // offset, as PST is.
        Ok(None) => match labels::by_name(zone).filter(|_| zone.contains(' ')) {
            Some(written_out) => Ok(of_meaning(written_out, local, zone, home)),
            None => Ok(Imported {
                zone: own_letters_or_name(local, zone, home)?,
                assumed: None,
                off_season: None,
            }),
        },
        Err(error) => {
            let Some(first) = labels::meanings(zone).iter().find(|meaning| meaning.is_common())
            else {
                return Err(error);
            };
            let assumed = Some(Assumption::of(first, local));
            Ok(Imported { assumed, ..of_meaning(first, local, zone, home) })
        }
    }
}

fn of_meaning(
    meaning: &Meaning,
    local: NaiveDateTime,
    label: &str,
    home: Option<Zone>,
) -> Imported {
    let off_season = season::of_meaning(meaning, local, label, home).map(Box::new);
    Imported { zone: meaning.zone(), assumed: None, off_season }
}

impl Assumption {
    /// All the meanings of the label, as a phrase.
    pub fn meanings(&self) -> String {
        format!("{} can mean {} or {}", self.label, self.taken, self.others.join(" or "))
    }

    fn of(taken: &Meaning, local: NaiveDateTime) -> Self {
        let described = |meaning: &Meaning| match meaning.zone() {
            Zone::Fixed(offset) => format!("{} ({offset})", meaning.name),
            Zone::Named(_) => meaning.name.to_owned(),
        };
        let is_other = |meaning: &&Meaning| {
            meaning.is_common()
                && meaning.zone().instant(local).ok() != taken.zone().instant(local).ok()
        };
        let others = labels::meanings(taken.label).iter().filter(is_other).map(described).collect();
        Assumption { label: taken.label, taken: described(taken), others }
    }
}

/// The zone that `label` means in a source that also writes the same clock time, `local`, with a
/// numeric offset. Many feeds write PST all year: next to -0700 it means the clock of Los Angeles.
/// `None` if no meaning of the label fits the offset.
pub fn shown_by(label: &str, local: NaiveDateTime, offset: FixedOffset) -> Option<Zone> {
    let meanings = labels::meanings(label.trim());
    let literal = meanings.iter().map(Meaning::zone).find(|zone| {
        zone.instant(local).is_ok_and(|instant| zone.local(instant).offset() == &offset)
    });
    let by_the_clock = || {
        meanings.iter().map(Meaning::home).find(|home| {
            let instant =
                offset.from_local_datetime(&local).single().map(|instant| instant.to_utc());
            instant.is_some_and(|instant| home.local(instant).offset() == &offset)
        })
    };
    literal.or_else(by_the_clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn read(text: &str, zone: &str, home: Option<&str>) -> (String, Option<String>) {
        let found = imported(local(text), zone, home.map(|home| home.parse().unwrap())).unwrap();
        let instant = found.zone.instant(local(text)).unwrap();
        (instant.format("%FT%RZ").to_string(), found.assumed.map(|assumed| assumed.to_string()))
    }

    #[test]
    fn commonest_meaning_is_chosen_and_the_others_are_reported() {
        let winter = "2025-01-25T21:50:00";
        for (label, utc, taken, other) in [
            (
                "PST",
                "2025-01-26T05:50Z",
                "Pacific Standard Time (-08:00)",
                "Philippine Standard Time (+08:00)",
            ),
            (
                "pst",
                "2025-01-26T05:50Z",
                "Pacific Standard Time (-08:00)",
                "Philippine Standard Time (+08:00)",
            ),
            (
                "EST",
                "2025-01-26T02:50Z",
                "Eastern Standard Time (-05:00)",
                "Australian Eastern Standard Time (+10:00)",
            ),
            (
                "CST",
                "2025-01-26T03:50Z",
                "Central Standard Time (-06:00)",
                "China Standard Time (+08:00)",
            ),
            (
                "CDT",
                "2025-01-26T02:50Z",
                "Central Daylight Time (-05:00)",
                "Cuba Daylight Time (-04:00)",
            ),
            (
                "MST",
                "2025-01-26T04:50Z",
                "Mountain Standard Time (-07:00)",
                "Malaysia Standard Time (+08:00)",
            ),
            (
                "BST",
                "2025-01-25T20:50Z",
                "British Summer Time (+01:00)",
                "Bangladesh Standard Time (+06:00)",
            ),
            (
                "IST",
                "2025-01-25T16:20Z",
                "India Standard Time (+05:30)",
                "Irish Standard Time (+01:00)",
            ),
            (
                "AST",
                "2025-01-26T01:50Z",
                "Atlantic Standard Time (-04:00)",
                "Arabia Standard Time (+03:00)",
            ),
        ] {
            for home in [None, Some("UTC"), Some("Europe/Berlin")] {
                let (instant, warning) = read(winter, label, home);
                let warning = warning.unwrap_or_else(|| panic!("{label} says nothing"));
                assert_eq!(instant, utc, "{label}");
                assert!(
                    warning.contains(&format!("is read as {taken}; it can also mean ")),
                    "{warning}"
                );
                assert!(warning.contains(other) && !warning.contains("Pitcairn"), "{warning}");
            }
        }
        for label in ["UTC", "GMT", "CET", "EET", "JST", "EDT", "PDT"] {
            assert_eq!(read(winter, label, None).1, None, "{label} has one meaning");
        }
    }

    #[test]
    fn source_zone_decides_first() {
        let winter = "2025-01-25T21:50:00";
        assert_eq!(read(winter, "PST", Some("Asia/Manila")), ("2025-01-25T13:50Z".into(), None));
        assert_eq!(
            read(winter, "PST", Some("America/Los_Angeles")),
            ("2025-01-26T05:50Z".into(), None)
        );
        assert_eq!(
            read(winter, "EST", Some("Australia/Sydney")),
            ("2025-01-25T11:50Z".into(), None)
        );
    }

    #[test]
    fn off_season_label_is_taken_literally_and_reported() {
        let found = imported(local("2025-06-25T23:50:00"), "EST", None).unwrap();
        assert_eq!(found.zone.to_string(), "-05:00");
        assert!(
            found.off_season.unwrap().to_string().contains("the clock of America/New_York is EDT")
        );
        let found = imported(local("2025-06-25T23:50:00"), "Pacific Standard Time", None).unwrap();
        assert_eq!(found.zone.to_string(), "-08:00");
        assert!(found.off_season.unwrap().to_string().contains("PDT"));
        assert!(imported(local("2025-06-25T23:50:00"), "XYZ", None).is_err());
    }

    #[test]
    fn numeric_offset_with_the_same_clock_time_defines_the_label() {
        let shown = |label, text, minutes: i32| {
            let offset = FixedOffset::east_opt(minutes * 60).unwrap();
            shown_by(label, local(text), offset).map(|zone| zone.to_string())
        };
        assert_eq!(
            shown("PST", "2013-10-28T14:48:00", -420).as_deref(),
            Some("America/Los_Angeles")
        );
        assert_eq!(shown("PST", "2013-12-28T14:48:00", -480).as_deref(), Some("-08:00"));
        assert_eq!(shown("PST", "2013-12-28T14:48:00", 480).as_deref(), Some("+08:00"));
        assert_eq!(shown("CET", "2013-07-28T14:48:00", 120).as_deref(), Some("Europe/Berlin"));
        assert_eq!(shown("BST", "2013-01-28T14:48:00", 0).as_deref(), Some("Europe/London"));
        assert_eq!(shown("PST", "2013-10-28T14:48:00", 60), None);
    }
}
