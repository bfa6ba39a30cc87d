//! Zones as people write them in incident files.

use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

use super::clock::{LocalTimeError, Zone};
use super::labels::{self, Meaning};
use super::names;
use super::tz::Tz;

impl FromStr for Zone {
    type Err = ZoneError;

    /// Parses `Z`, `UTC`, `+05:30`, `+0530`, `UTC+8`, an IANA name, or a name in Rails or Windows.
    /// Abbreviations depend on the time next to them; [`instant_of`] reads those.
    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let text = text.trim();
        look_up(text).ok_or_else(|| ZoneError::Unknown {
            text: text.to_owned(),
            nearest: nearest_name(text),
        })
    }
}

fn look_up(text: &str) -> Option<Zone> {
    if ["z", "utc", "gmt", "ut"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return Some(Zone::UTC);
    }
    let digits = ["UTC", "GMT"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    if let Some(offset) = parse_offset(digits.trim_start()) {
        return Some(Zone::Fixed(offset));
    }
    Tz::get(text).or_else(|| names::place(text)).map(Zone::Named)
}

/// Whether a text is an abbreviation of a zone.
pub fn is_label(text: &str) -> bool {
    !labels::meanings(text).is_empty()
}

/// An abbreviation in the spelling of the table; `None` if `text` is not one.
pub fn label(text: &str) -> Option<&'static str> {
    labels::meanings(text).first().map(|meaning| meaning.label)
}

/// Whether the text names a zone in any way: an offset, a place, or an abbreviation.
pub fn is_known(text: &str) -> bool {
    is_label(text) || look_up(text).is_some() || labels::by_name(text).is_some()
}

/// The most common meaning of an abbreviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commonest {
    /// The full name: British Summer Time.
    pub name: &'static str,
    /// The literal meaning: an offset, or a place if the abbreviation is valid all year.
    pub zone: Zone,
    /// The place whose clock it is, or the offset if it belongs to no season.
    pub home: Zone,
    /// Whether the abbreviation has no other meaning.
    pub is_only: bool,
}

/// The most common meaning of an abbreviation, for a reader that reports its choice. `None` if
/// `label` is not an abbreviation.
pub fn commonest(label: &str) -> Option<Commonest> {
    let mut common = labels::meanings(label).iter().filter(|meaning| meaning.is_common());
    let first = common.next()?;
    let is_only = common.all(|other| other.zone() == first.zone());
    Some(Commonest { name: first.name, zone: first.zone(), home: first.home(), is_only })
}

fn nearest_name(text: &str) -> Option<&'static str> {
    Tz::all()
        .map(|tz| {
            (strsim::jaro_winkler(&tz.name().to_lowercase(), &text.to_lowercase()), tz.name())
        })
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// `+05:30`, `+0530`, `-7`, `+8`; the sign is required.
fn parse_offset(text: &str) -> Option<FixedOffset> {
    let sign = if text.starts_with('+') { 1 } else { -1 };
    let rest = text.strip_prefix(['+', '-', '−'])?;
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None => (rest, "0"),
    };
    let number = |digits: &str| -> Option<i32> {
        (matches!(digits.len(), 1..=2) && digits.bytes().all(|b| b.is_ascii_digit()))
            .then(|| digits.parse().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let total = sign * (hours * 60 + minutes);
    (minutes < 60 && OFFSETS.contains(&total)).then(|| FixedOffset::east_opt(total * 60))?
}

/// Offsets in use, in minutes: from UTC-12 (Baker Island) to UTC+14 (Kiribati).
pub(in crate::model) const OFFSETS: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;

/// Why the name of a zone could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// No zone has this name.
    #[error("unknown time zone `{text}`")]
    Unknown {
        /// The name as written.
        text: String,
        /// The most similar IANA name.
        nearest: Option<&'static str>,
    },
    /// An abbreviation with more than one meaning, where nothing decides.
    #[error("`{label}` means more than one zone: {}", candidates.join(", or "))]
    Ambiguous {
        /// The abbreviation as written.
        label: String,
        /// Each meaning with the resulting instant.
        candidates: Vec<String>,
    },
    /// The clock of the zone skips that time or shows it twice.
    #[error(transparent)]
    Local(#[from] LocalTimeError),
}

/// The instant of `local` in a zone that a person wrote: anything that [`Zone`] parses, an
/// abbreviation, or an abbreviation spelled out. `home` (the zone of the file or of the source)
/// decides between the meanings of an abbreviation. A label that contradicts the season is taken at
/// its literal offset, and [`off_season`](super::off_season) reports it.
///
/// # Errors
/// [`ZoneError`] if the zone is unknown or ambiguous, or its clock skips that time or shows it
/// twice.
pub fn instant_of(
    local: NaiveDateTime,
    zone: &str,
    home: Option<Zone>,
) -> Result<DateTime<Utc>, ZoneError> {
    Ok(zone_at(local, zone, home)?.instant(local)?)
}

/// The zone that `zone` means next to `local`; see [`instant_of`].
///
/// # Errors
/// [`ZoneError`] if the zone is unknown or ambiguous.
pub fn zone_at(local: NaiveDateTime, zone: &str, home: Option<Zone>) -> Result<Zone, ZoneError> {
    let zone = zone.trim();
    if let Some(meaning) = meaning(local, zone, home)? {
        return Ok(meaning.zone());
    }
    // Only a name of several words can be an abbreviation that is spelled out.
    let written_out = if zone.contains(' ') { labels::by_name(zone) } else { None };
    let Some(meaning) = written_out else { return own_letters_or_name(local, zone, home) };
    // "Pacific Standard Time" is an offset, but Windows uses it for a place. In winter they agree.
    let both = [Some(meaning.zone()), names::place(zone).map(Zone::Named)];
    let instants = both.map(|zone| zone.and_then(|zone| zone.instant(local).ok()));
    match (both, instants) {
        ([Some(literal), None], _) => Ok(literal),
        ([Some(literal), Some(_)], [one, other]) if one == other => Ok(literal),
        _ => {
            let written = |instant: DateTime<Utc>| instant.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            let described = both.into_iter().flatten().zip(instants);
            let candidates = described
                .filter_map(|(zone, instant)| Some(format!("{zone} ({})", written(instant?))));
            Err(ZoneError::Ambiguous { label: zone.to_owned(), candidates: candidates.collect() })
        }
    }
}

/// The zone with that name; otherwise the offset of letters that the zone `home` has used, even if
/// the table does not contain them as an abbreviation.
pub(super) fn own_letters_or_name(
    local: NaiveDateTime,
    zone: &str,
    home: Option<Zone>,
) -> Result<Zone, ZoneError> {
    zone.parse().or_else(|error| match home {
        Some(Zone::Named(tz)) => labels::letters_of(tz, zone, local).map(Zone::Fixed).ok_or(error),
        Some(Zone::Fixed(_)) | None => Err(error),
    })
}

/// The meaning of an abbreviation at about `local`; `None` if `label` is not one.
pub(super) fn meaning(
    local: NaiveDateTime,
    label: &str,
    home: Option<Zone>,
) -> Result<Option<Meaning>, ZoneError> {
    let meanings = labels::meanings(label);
    let used = match home {
        Some(Zone::Named(tz)) => labels::at_home(label, tz, local),
        Some(fixed) => meanings.iter().find(|meaning| meaning.zone() == fixed).copied(),
        None => None,
    };
    if used.is_some() {
        return Ok(used);
    }
    let mut common = meanings.iter().filter(|meaning| meaning.is_common());
    let Some(first) = common.next() else { return Ok(None) };
    if common.all(|other| other.zone() == first.zone()) {
        return Ok(Some(first.then(local)));
    }
    let candidates = meanings.iter().filter(|meaning| meaning.is_common()).filter_map(|meaning| {
        let instant = meaning.zone().instant(local).ok()?;
        Some(format!("{} ({})", meaning.name, instant.format("%Y-%m-%dT%H:%M:%SZ")))
    });
    Err(ZoneError::Ambiguous { label: label.to_owned(), candidates: candidates.collect() })
}

#[cfg(test)]
mod tests;
