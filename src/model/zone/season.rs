//! Labels that do not fit the time of year.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::clock::Zone;
use super::labels::{self, Meaning};
use super::tz::Tz;
use super::written::meaning;

/// A label that contradicts the season. Its literal offset was taken, although most writers mean
/// the local clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffSeason {
    /// The label as written.
    pub label: String,
    /// The place whose clock has another label then.
    pub place: Tz,
    /// The label of that clock then.
    pub in_use: String,
    /// The instant at the label's literal offset.
    pub literal: DateTime<Utc>,
    /// The instant in the zone of the place; `None` if its clock skips that time or shows it twice.
    pub by_the_clock: Option<DateTime<Utc>>,
}

impl fmt::Display for OffSeason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OffSeason { label, place, in_use, literal, by_the_clock } = self;
        let day = Zone::Named(*place).local(*literal).date_naive();
        write!(f, "{label} contradicts the season: on {day} the clock of {place} is {in_use}; ")?;
        write!(f, "taken literally it is {}", literal.format("%Y-%m-%dT%H:%M:%SZ"))?;
        match by_the_clock {
            Some(instant) => write!(f, ", by that clock {}", instant.format("%Y-%m-%dT%H:%M:%SZ")),
            None => Ok(()),
        }
    }
}

/// The contradiction if `zone`, written next to `local`, is a label of the other season: CET in
/// July, EDT in January. A label that is valid somewhere all year (MST, in Arizona) contradicts
/// nothing, unless the clock of `home` changes with the season.
pub fn off_season(local: NaiveDateTime, zone: &str, home: Option<Zone>) -> Option<OffSeason> {
    let zone = zone.trim();
    let meaning = meaning(local, zone, home).ok()?.or_else(|| labels::by_name(zone).copied())?;
    of_meaning(&meaning, local, zone, home)
}

/// The same for prose, where a label with several meanings is not an error: its most common meaning
/// is taken, and the flag says whether there are others.
pub fn off_season_in_prose(
    local: NaiveDateTime,
    label: &str,
    home: Option<Zone>,
) -> Option<(OffSeason, bool)> {
    match meaning(local, label, home) {
        Ok(meaning) => Some((of_meaning(&meaning?, local, label, home)?, false)),
        Err(_) => Some((of_meaning(labels::meanings(label).first()?, local, label, home)?, true)),
    }
}

pub(super) fn of_meaning(
    meaning: &Meaning,
    local: NaiveDateTime,
    label: &str,
    home: Option<Zone>,
) -> Option<OffSeason> {
    let literal = meaning.zone().instant(local).ok()?;
    let place = meaning.contradicts(local, literal, home)?;
    Some(OffSeason {
        label: label.to_owned(),
        place,
        in_use: Zone::Named(place).label(literal),
        literal,
        by_the_clock: Zone::Named(place).instant(local).ok(),
    })
}
