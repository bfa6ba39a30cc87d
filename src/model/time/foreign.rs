//! Times as other systems and people write them.

use chrono::NaiveDate;

use super::civil::{DatePart, Half, Parts};
use super::epoch;
use super::error::TimeError;
use super::moment::Moment;
use super::reading::{ClockStyle, Read, Reading};
use super::remark::Remark;
use super::{iso, scan, strict};

impl ClockStyle {
    /// The clock style of a document, from all its times together: an am or pm, or an hour that
    /// only one of the clocks has, determines it for the other times. If both occur, the style is
    /// unknown.
    pub fn seen_in<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let (mut twelve, mut twenty_four) = (false, false);
        for clock in texts.into_iter().filter_map(|text| parts(text)?.clock) {
            twelve |= clock.half == Half::Stated;
            twenty_four |= clock.half == Half::Whole;
        }
        match (twelve, twenty_four) {
            (true, false) => ClockStyle::Twelve,
            (false, true) => ClockStyle::TwentyFour,
            _ => ClockStyle::Unknown,
        }
    }
}

/// Reads a time in any known form: RFC 3339 and 2822, ISO 8601 (basic, weeks, days of the year),
/// epoch numbers by their magnitude, and dates, clock times and zones in words.
///
/// `24:00` is the start of the next day; `:60` is a leap second, where UTC had one; 29 February
/// needs a leap year. A clock time without am or pm that may be in either half of the day is an
/// interval between both readings. An hour alone (`2pm`) is approximate.
///
/// # Errors
/// [`TimeError`]; it names both readings if there are two.
pub fn read(text: &str, reading: &Reading) -> Result<Read, TimeError> {
    // The fast path: a long history has half a million times in this form.
    if let Some((instant, precision)) = strict::rfc3339(text.as_bytes()) {
        let exact = Moment::exact(instant);
        let precision = precision.min(exact.precision());
        return Ok(Read { moment: Moment { precision, ..exact }, date: None, remarks: Vec::new() });
    }
    let (inside, about) = unwrapped(text.trim());
    if let Some(read) = epoch::written_epoch(inside) {
        let moment = if about { read?.approximate() } else { read? };
        return Ok(Read { moment, date: None, remarks: Vec::new() });
    }
    let parts = parts(text).ok_or_else(|| TimeError::Unread(shortened(text)))?;
    let mut remarks = Vec::new();
    let date = match (parts.date(reading, &mut remarks)?, reading.date) {
        (Some(date), _) => date,
        (None, Some(date)) => {
            remarks.push(Remark::DateFromContext(date));
            date
        }
        (None, None) => return Err(TimeError::NoDate(shortened(text))),
    };
    parts.on(date, reading, remarks)
}

/// The zone that a written time names, as written.
pub fn zone_of(text: &str) -> Option<&str> {
    parts(text)?.zones.first().copied()
}

/// The parts of a text that is a time; `None` for any other text.
pub(super) fn parts(text: &str) -> Option<Parts<'_>> {
    let (text, about) = unwrapped(text.trim());
    let parts = iso::parts(text).or_else(|| scan::parts(text))?;
    Some(Parts { about, text, ..parts })
}

/// The time without brackets around it, without Go's monotonic reading, and without a word that
/// means "about"; and whether there was such a word.
fn unwrapped(text: &str) -> (&str, bool) {
    let text = text.split(" m=").next().unwrap_or(text);
    let inside = [('[', ']'), ('<', '>'), ('"', '"')].into_iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains(open)).then_some(inside.trim())
    });
    let text = inside.unwrap_or(text);
    let about = ["~", "approximately ", "approx. ", "about ", "around ", "circa ", "ca. "]
        .into_iter()
        .find_map(|word| {
            let start = text.get(..word.len())?;
            start.eq_ignore_ascii_case(word).then(|| text[word.len()..].trim_start())
        });
    (about.unwrap_or(text), about.is_some())
}

/// The text for an error message, shortened: a text that is not a time may be a page long.
pub(super) fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl DatePart {
    /// A full date, if it is on the calendar.
    pub(super) fn full(year: i32, month: u32, day: u32, whole_day: bool) -> Option<Self> {
        Some(DatePart::Full { date: NaiveDate::from_ymd_opt(year, month, day)?, whole_day })
    }
}
