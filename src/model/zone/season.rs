//! Labels of the other season.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::clock::Zone;
use super::labels::{self, Meaning};
use super::tz::Tz;
use super::written::meaning;

/// A label that contradicts the season: it was taken at its literal offset, and most writers mean
/// the clock on the wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffSeason {
    /// The label as written.
    pub label: String,
    /// The place whose clock is another then.
    pub place: Tz,
    /// What that clock calls itself then.
    pub in_use: String,
    /// The instant at the label's literal offset.
    pub literal: DateTime<Utc>,
    /// The instant by the clock of the place; `None` where that clock skips or doubles the time.
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

/// Whether `zone`, written next to `local`, is a label of the other season: CET in July, EDT in
/// January. A label that some place keeps all year (MST, in Arizona) contradicts nothing, unless
/// `home` is a place that changes it.
pub fn off_season(local: NaiveDateTime, zone: &str, home: Option<Zone>) -> Option<OffSeason> {
    let zone = zone.trim();
    let meaning = meaning(local, zone, home).ok()?.or_else(|| labels::by_name(zone).copied())?;
    of_meaning(&meaning, local, zone, home)
}

/// The same for prose, where a label of several meanings is no error: its commonest meaning is
/// taken, and the flag says that others are possible.
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
