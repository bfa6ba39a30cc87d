//! Timestamps of feeds: a month, a day and a clock time, mostly without a year.

use chrono::{
    DateTime, Datelike as _, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _,
    Utc,
};

use crate::model::time::{Moment, Precision};
use crate::model::zone::{self, Zone, ZoneError, imported};

/// A timestamp as written: `Jun 8, 19:13 UTC`, `Sep 25, 15:15:00 GMT+0`, `May 13, 2017, 06:45 UTC`,
/// `Sep 13, 2022 - 23:01 CEST`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sources::status) struct Stamp {
    pub month: u32,
    pub day: u32,
    pub year: Option<i32>,
    pub time: NaiveTime,
    pub precision: Precision,
    /// The zone's label, which may be ambiguous.
    pub zone: String,
}

/// Reads a timestamp, ignoring tags in it.
pub(in crate::sources::status) fn stamp(text: &str) -> Option<Stamp> {
    let text = without_tags(text);
    let mut words = text.split([' ', ',', '\n', '\t', '\u{a0}']).filter(|word| !word.is_empty());
    let month = month(words.next()?)?;
    let day = words.next().filter(|word| word.len() <= 2)?.parse().ok()?;
    let mut word = words.next()?;
    let year = (word.len() == 4).then(|| word.parse().ok()).flatten();
    if year.is_some() {
        word = words.find(|word| *word != "-")?;
    }
    let (mut time, has_seconds) = clock_time(word)?;
    let precision = if has_seconds { Precision::Second } else { Precision::Minute };
    let mut words: Vec<&str> = words.collect();
    if let Some(is_afternoon) = words.first().and_then(|word| half_day(word)) {
        time = in_half_day(time, is_afternoon)?;
        words.remove(0);
    }
    let zone = words.join(" ");
    NaiveDate::from_ymd_opt(year.unwrap_or(2000), month, day)?;
    Some(Stamp { month, day, year, time, precision, zone })
}

/// Whether a word means PM, if it is AM or PM.
fn half_day(word: &str) -> Option<bool> {
    match word.replace('.', "").to_ascii_lowercase().as_str() {
        "am" => Some(false),
        "pm" => Some(true),
        _ => None,
    }
}

/// A time of a twelve-hour clock; `None` for an hour that such a clock does not have.
fn in_half_day(time: NaiveTime, is_afternoon: bool) -> Option<NaiveTime> {
    match time.hour() {
        0 | 13.. => None,
        hour => time.with_hour(hour % 12 + if is_afternoon { 12 } else { 0 }),
    }
}

/// The text between the tags.
pub(in crate::sources::status) fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = rest[start..].find('>').map_or("", |end| &rest[start + end + 1..]);
    }
    text.push_str(rest);
    text
}

/// The month of a name, by its first three letters.
pub(in crate::sources::status) fn month(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = name.get(..3).filter(|_| name.bytes().all(|byte| byte.is_ascii_alphabetic()))?;
    MONTHS.iter().position(|month| month.eq_ignore_ascii_case(start)).map(|index| index as u32 + 1)
}

/// The direction of a list of timestamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::status) enum Order {
    OldestFirst,
    NewestFirst,
}

/// Infers the years of timestamps without one: each from the one before, the first from an anchor.
///
/// The first is in the year that brings it nearest to the anchor. Each later one is the first
/// matching date in the direction of the list; a small step in the wrong direction is an unordered
/// list, not another year.
#[derive(Debug)]
pub(in crate::sources::status) struct Years {
    order: Order,
    last: NaiveDate,
    is_anchor: bool,
}

impl Years {
    pub(in crate::sources::status) fn from(anchor: Moment, order: Order) -> Self {
        Years { order, last: anchor.earliest().date_naive(), is_anchor: true }
    }

    /// The date of the next timestamp; `None` if no nearby year has that day.
    pub(in crate::sources::status) fn date(&mut self, stamp: &Stamp) -> Option<NaiveDate> {
        let date = match stamp.year {
            Some(year) => NaiveDate::from_ymd_opt(year, stamp.month, stamp.day)?,
            None => self.nearest(stamp)?,
        };
        self.last = date;
        self.is_anchor = false;
        Some(date)
    }

    fn nearest(&self, stamp: &Stamp) -> Option<NaiveDate> {
        let middle = match self.order {
            _ if self.is_anchor => Some(self.last),
            Order::NewestFirst => self.last.checked_sub_months(Months::new(5)),
            Order::OldestFirst => self.last.checked_add_months(Months::new(5)),
        }?;
        // Only 29 February can be more than half a year from it.
        (-1..=1)
            .filter_map(|step| {
                NaiveDate::from_ymd_opt(middle.year() + step, stamp.month, stamp.day)
            })
            .find(|date| (*date - middle).num_days().abs() <= 183)
    }
}

/// The zones whose abbreviations others use too.
const HOMES: [&str; 9] = [
    "America/Los_Angeles",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "Europe/London",
    "Europe/Dublin",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Manila",
];

/// The zone that decides between the meanings of a label in one feed.
#[derive(Debug, Clone, Copy)]
pub(in crate::sources::status) struct Home {
    /// The zone that the user gave, or that was proven.
    pub zone: Option<Zone>,
}

impl Home {
    /// Whether the zone that the user gave uses that abbreviation, so that it decides between the
    /// meanings.
    pub(super) fn owns(self, label: &str) -> bool {
        let meanings = |zone: Option<Zone>| {
            ["2000-01-15T12:00:00", "2000-07-15T12:00:00"].map(|local: &str| {
                let local: Option<NaiveDateTime> = local.parse().ok();
                local.and_then(|local| zone::instant_of(local, label, zone).ok())
            })
        };
        self.zone.is_some()
            && meanings(None).contains(&None)
            && !meanings(self.zone).contains(&None)
    }

    /// Whether that zone decides the label of a timestamp.
    pub(super) fn decides(self, stamp: &Stamp) -> bool {
        self.owns(&stamp.zone)
    }

    /// The instant of a clock time under its label.
    pub(in crate::sources::status) fn instant(
        self,
        date: NaiveDate,
        stamp: &Stamp,
    ) -> Result<DateTime<Utc>, ZoneError> {
        let local = NaiveDateTime::new(date, stamp.time);
        match stamp.zone.as_str() {
            // The usual labels, without a table lookup.
            "UTC" | "GMT" | "GMT+0" => Ok(local.and_utc()),
            "" if let Some(zone) = self.zone => Ok(zone.instant(local)?),
            label => zone::instant_of(local, label, self.zone),
        }
    }

    /// The instant, with the commonest meaning of the label if nothing decides between several.
    pub(in crate::sources::status) fn commonest_instant(
        self,
        date: NaiveDate,
        stamp: &Stamp,
    ) -> Result<DateTime<Utc>, ZoneError> {
        let instant = self.instant(date, stamp);
        if !matches!(instant, Err(ZoneError::Ambiguous { .. })) {
            return instant;
        }
        let local = NaiveDateTime::new(date, stamp.time);
        let meant = imported(local, &stamp.zone, self.zone)?;
        meant.zone.instant(local).or(instant)
    }

    /// What had to be assumed for that instant: a meaning of an ambiguous label, or an off-season
    /// label.
    pub(in crate::sources::status) fn doubt(
        self,
        date: NaiveDate,
        stamp: &Stamp,
    ) -> Option<String> {
        let local = NaiveDateTime::new(date, stamp.time);
        let meant = imported(local, &stamp.zone, self.zone).ok()?;
        meant.assumed.map(|assumed| assumed.to_string())
    }

    /// The place whose local time at a `known` time of the same post is the timestamp, if no
    /// meaning of its label matches: many feeds write PST all year.
    pub(in crate::sources::status) fn shown_by_clock(
        self,
        date: NaiveDate,
        stamp: &Stamp,
        known: Moment,
    ) -> Option<Zone> {
        let is_known =
            |instant: DateTime<Utc>| (instant - known.earliest()).abs() < TimeDelta::minutes(1);
        let proven = self.proven_by(date, stamp, known);
        if !zone::is_label(&stamp.zone) || proven.commonest_instant(date, stamp).is_ok_and(is_known)
        {
            return None;
        }
        let local = NaiveDateTime::new(date, stamp.time);
        let mut places = HOMES.iter().filter_map(|name| name.parse::<Zone>().ok());
        places.find(|place| {
            let instant = place.instant(local);
            // The label belongs to that place, in the other season.
            let is_its_own =
                Home { zone: Some(*place) }.instant(date, stamp).is_ok_and(|literal| {
                    instant
                        .as_ref()
                        .is_ok_and(|instant| (literal - *instant).abs() == TimeDelta::hours(1))
                });
            is_its_own && instant.is_ok_and(is_known)
        })
    }

    /// The home zone that makes a timestamp with an ambiguous label the same minute as a `known`
    /// time of the same post: the feed itself then shows the meaning.
    pub(in crate::sources::status) fn proven_by(
        self,
        date: NaiveDate,
        stamp: &Stamp,
        known: Moment,
    ) -> Home {
        if !matches!(self.instant(date, stamp), Err(ZoneError::Ambiguous { .. })) {
            return self;
        }
        let is_it = |home: &Zone| {
            let days = [0, -1, 1]
                .into_iter()
                .filter_map(|days| date.checked_add_signed(TimeDelta::days(days)));
            days.filter_map(|date| Home { zone: Some(*home) }.instant(date, stamp).ok())
                .any(|instant| (instant - known.earliest()).abs() < TimeDelta::minutes(1))
        };
        let zone = HOMES.iter().filter_map(|name| name.parse::<Zone>().ok()).find(is_it);
        Home { zone: zone.or(self.zone) }
    }
}

/// An RFC 2822 date without the name of its day, which may be wrong.
pub(super) fn without_day_name(date: &str) -> &str {
    let rest = date.split_once(',').map_or(date, |(_, rest)| rest);
    rest.trim_start()
}

/// Reads the date of a feed: RFC 3339, or RFC 2822 with any zone and spacing.
///
/// # Errors
/// The problem, for a warning.
pub(in crate::sources::status) fn feed_date(text: &str, home: Home) -> Result<Moment, String> {
    match written_date(text, home)? {
        at if at.is_unset() => Err(format!(
            "`{}` is the date of a clock that was not set, or of seconds taken for milliseconds",
            text.trim()
        )),
        at => Ok(at),
    }
}

fn written_date(text: &str, home: Home) -> Result<Moment, String> {
    let text = text.trim();
    // A comment may follow: `+0100 (CET)`.
    let text = text.split_once(" (").map_or(text, |(date, _)| date.trim_end());
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.get(4..5) == Some("-") {
        return Moment::parse(text, None)
            .or_else(|error| {
                let local =
                    NaiveDateTime::parse_from_str(&text.replace(' ', "T"), "%Y-%m-%dT%H:%M:%S")
                        .ok();
                let instant =
                    local.zip(home.zone).and_then(|(local, zone)| zone.instant(local).ok());
                instant.map(|instant| Moment::known_to(instant, Precision::Second)).ok_or(error)
            })
            .map_err(|error| format!("`{text}`: {error}"));
    }
    let shape =
        || format!("`{}` is not the date of a feed", text.chars().take(40).collect::<String>());
    let mut words = text.split([' ', ',', '\t', '\n']).filter(|word| !word.is_empty()).peekable();
    // The name of the day adds nothing, and may be wrong.
    words.next_if(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()));
    let mut field = || words.next().ok_or_else(shape);
    let (day, name, year, clock) = (field()?, field()?, field()?, field()?);
    let zone = words.collect::<Vec<_>>().join(" ");
    let day = day.parse().ok().filter(|_| day.len() <= 2).ok_or_else(shape)?;
    let month = month(name).ok_or_else(shape)?;
    let year = match (year.len(), year.parse::<i32>().ok()) {
        (4, Some(year)) => year,
        // RFC 822, which RSS allows; RFC 2822 defines the century of two-digit years.
        (2, Some(year @ 0..50)) => 2000 + year,
        (2, Some(year @ 50..)) => 1900 + year,
        _ => return Err(shape()),
    };
    let (time, has_seconds) = clock_time(clock).ok_or_else(shape)?;
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or_else(shape)?;
    let precision = if has_seconds { Precision::Second } else { Precision::Minute };
    // RFC 2822 defines the meaning of these labels in its dates.
    let zone = match zone.as_str() {
        "" => {
            let zone = home.zone.ok_or_else(|| format!("`{text}` has no zone"))?;
            let instant =
                zone.instant(NaiveDateTime::new(date, time)).map_err(|error| error.to_string())?;
            return Ok(Moment::known_to(instant, precision));
        }
        "EDT" => "-0400",
        "EST" | "CDT" => "-0500",
        "CST" | "MDT" => "-0600",
        "MST" | "PDT" => "-0700",
        "PST" => "-0800",
        other => other,
    };
    let stamp = Stamp { month, day, year: Some(year), time, precision, zone: zone.to_owned() };
    home.commonest_instant(date, &stamp)
        .map(|instant| Moment::known_to(instant, precision))
        .map_err(|error| error.to_string())
}

/// The doubt about the zone label of a date: it has several meanings, none of which RFC 2822
/// prefers, or it belongs to the other half of the year.
pub(in crate::sources::status) fn label_doubt(text: &str, home: Home) -> Option<String> {
    let (date, label) = text.trim().rsplit_once(' ')?;
    if !zone::is_label(label) {
        return None;
    }
    let local = feed_date(&format!("{date} GMT"), Home { zone: None }).ok()?.earliest().naive_utc();
    let meant = imported(local, label, home.zone).ok()?;
    let is_american =
        matches!(label, "EST" | "EDT" | "CST" | "CDT" | "MST" | "MDT" | "PST" | "PDT");
    if let Some(assumed) = meant.assumed.filter(|_| !is_american) {
        return Some(assumed.to_string());
    }
    meant.off_season?;
    Some(format!(
        "`{}`: {label} is not in use on that day; its literal offset was taken",
        text.trim()
    ))
}

/// `HH:MM` or `HH:MM:SS`, and whether it had seconds.
fn clock_time(text: &str) -> Option<(NaiveTime, bool)> {
    let mut parts = text.split(':');
    let mut number = || {
        let part = parts.next()?;
        ((1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse().ok())?
    };
    let (hour, minute, second) = (number()?, number()?, number());
    let has_seconds = second.is_some();
    (text.split(':').count() == 2 + usize::from(has_seconds))
        .then(|| NaiveTime::from_hms_opt(hour, minute, second.unwrap_or(0)))?
        .map(|time| (time, has_seconds))
}

#[cfg(test)]
mod tests;
