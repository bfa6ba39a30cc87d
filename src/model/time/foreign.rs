//! Times as everybody else writes them.

use chrono::NaiveDate;

use super::civil::{DatePart, Half, Parts};
use super::epoch;
use super::error::TimeError;
use super::moment::Moment;
use super::remark::Remark;
use super::{iso, scan, strict};
use crate::model::zone::Zone;

/// What is known of the times of a source, beside their text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// The zone of the source: that of times that name none, and the one that decides between the
    /// meanings of an abbreviation. Without it times that name no zone are errors, and an
    /// abbreviation has its commonest meaning, with a remark.
    pub zone: Option<Zone>,
    /// The abbreviation that the source says once for all its times: it counts for times that name
    /// no zone, literally, as if it were written behind each.
    pub label: Option<&'static str>,
    /// The date of times that have none.
    pub date: Option<NaiveDate>,
    /// The year of dates that have none.
    pub year: Year,
    /// The order of day and month where both are numbers.
    pub order: Option<DateOrder>,
    /// Whether hours run to 12 or to 24.
    pub clock: ClockStyle,
}

impl Reading {
    /// Nothing is known but the zone, if that.
    pub fn in_zone(zone: Option<Zone>) -> Self {
        Reading { zone, ..Reading::default() }
    }

    /// How machines write: every hour is one of 24.
    pub fn by_machine(zone: Option<Zone>) -> Self {
        Reading { clock: ClockStyle::TwentyFour, ..Reading::in_zone(zone) }
    }
}

/// Where the year of a date without one comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Year {
    /// From nowhere: such dates are errors.
    #[default]
    Unknown,
    /// It is said elsewhere.
    Is(i32),
    /// The year in which the date is nearest to this one.
    Near(NaiveDate),
    /// The last year in which the date is not after this one: a log knows nothing of the future.
    UpTo(NaiveDate),
}

/// Which of two numbers is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/12/2025`.
    DayFirst,
    /// `12/31/2025`.
    MonthFirst,
}

/// How a source counts hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockStyle {
    /// Nobody says. `9:45` and `11:30` may then be of the morning or of the evening; `09:45`,
    /// `14:05`, `9:45:00` and `2026-03-17 9:45` are what 24-hour clocks write.
    #[default]
    Unsaid,
    /// To 24.
    TwentyFour,
    /// To 12; without am or pm, an hour may be of either half.
    Twelve,
}

impl ClockStyle {
    /// The style of a document, by all its times together: an am or pm, or an hour that only one of
    /// the clocks has, tells for the others too. Where both occur, nobody says.
    pub fn seen_in<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let (mut twelve, mut twenty_four) = (false, false);
        for clock in texts.into_iter().filter_map(|text| parts(text)?.clock) {
            twelve |= clock.half == Half::Said;
            twenty_four |= clock.half == Half::Whole;
        }
        match (twelve, twenty_four) {
            (true, false) => ClockStyle::Twelve,
            (false, true) => ClockStyle::TwentyFour,
            _ => ClockStyle::Unsaid,
        }
    }
}

/// A time that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The time.
    pub moment: Moment,
    /// The date that its own clock shows then. `None` for a number and for a machine's form, whose
    /// offset is seldom that of a clock on a wall.
    pub date: Option<NaiveDate>,
    /// What was noticed, and what was taken from around it.
    pub remarks: Vec<Remark>,
}

impl Read {
    /// The remarks that make the time doubtful.
    pub fn doubts(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|remark| remark.is_doubt())
    }
}

/// Reads a time in any form that is known: RFC 3339 and 2822, ISO 8601 (basic, weeks, days of the
/// year), epoch numbers by their magnitude, and dates, clock times and zones in words.
///
/// `24:00` is the start of the next day; `:60` is a leap second, where UTC had one; 29 February
/// needs a leap year. A clock time without am or pm that may be of
/// either half is an interval from one to the other. An hour alone (`2pm`) is about that hour.
///
/// # Errors
/// [`TimeError`], which names both readings where there are two.
pub fn read(text: &str, reading: &Reading) -> Result<Read, TimeError> {
    // A long history holds half a million of these.
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

/// The zone that a written time names, as it is written.
pub fn zone_of(text: &str) -> Option<&str> {
    parts(text)?.zones.first().copied()
}

/// The parts of a text that is a time.
pub(super) fn parts(text: &str) -> Option<Parts<'_>> {
    let (text, about) = unwrapped(text.trim());
    let parts = iso::parts(text).or_else(|| scan::parts(text))?;
    Some(Parts { about, text, ..parts })
}

/// The time itself, without brackets around it, Go's monotonic reading and a word that says
/// "about"; and whether there was such a word.
fn unwrapped(text: &str) -> (&str, bool) {
    let text = text.split(" m=").next().unwrap_or(text);
    let inside = [('[', ']'), ('<', '>'), ('"', '"')].into_iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains(open)).then_some(inside.trim())
    });
    let text = inside.unwrap_or(text);
    let about =
        ["~", "approximately ", "approx. ", "about ", "around ", "circa ", "ca. "].into_iter().find_map(|word| {
            let start = text.get(..word.len())?;
            start.eq_ignore_ascii_case(word).then(|| text[word.len()..].trim_start())
        });
    (about.unwrap_or(text), about.is_some())
}

/// A text that is no time may be a page long.
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
