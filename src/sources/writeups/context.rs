//! Collects the facts about times from the whole document: its zone, its day, its year.

use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate};
use regex::Regex;

use super::facts::fields::Fields;
use super::facts::gathered::Gathered;
use super::facts::phrases::{is_of_that_day, only_zone};
use super::times::clock::{
    Clock, day_in_order, days_in, days_in_digits, days_in_numbers, is_for_all, order_seen_in,
    zone_in, zone_of_sentence,
};
use super::times::{languages, marks, stamp};
use crate::model::time::{self, ClockStyle, Year};
use crate::model::zone::Zone;
use crate::sources::input::file_name;
use crate::text::clean::sentences;

/// A line that dates the document or the work on it rather than the incident.
static OF_THE_DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:(?:[\w-]+ ){0,2}(?:meeting|review|updated|published|written|created|modified|printed)\b[^.]*:|(?:last )?(?:posted|published|updated|written)(?: on)? (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))")
        .expect("valid built-in regex")
});

/// The origin of a day that is not stated in the text, for the warning.
pub(super) const FILE_NAME: &str = "the file's name";

/// The parts of a document that can state something about all of its times.
pub(super) struct Context<'c> {
    pub(super) fields: &'c Fields,
    pub(super) title: &'c str,
    pub(super) name: &'c str,
    pub(super) dated: Option<NaiveDate>,
    pub(super) comments: &'c [NaiveDate],
}

impl Context<'_> {
    /// Returns the clock of the document: zone, day, year, and order of day and month.
    pub(super) fn clock(&self, gathered: &Gathered, zone: Option<Zone>) -> Clock {
        let mut clock = Clock::in_zone(zone);
        let summary = gathered.summary_words();
        let story = gathered.story();
        let about_times = gathered.about.iter().chain(&self.fields.about_times).flat_map(|about| {
            let is_short = |about: &&str| about.split_whitespace().count() <= 8;
            let short = about.lines().filter(is_short).find_map(zone_in);
            short.or_else(|| sentences(about).find_map(zone_of_sentence))
        });
        let all_times = |sentence: &&str| {
            sentence.to_lowercase().contains("all times")
                || sentence.to_lowercase().contains("times are in")
        };
        let length = self.fields.claims.duration.as_deref().and_then(zone_in);
        let words = about_times
            .chain(sentences(&summary).filter(all_times).filter_map(zone_in))
            .chain(length)
            .next();
        if let Some(words) = words {
            clock.state(words);
        }
        clock.date = self.date(gathered, &summary);
        clock.written_on = self.written_on(gathered, &summary);
        clock.is_for_all = gathered.about.iter().any(|about| is_for_all(about));
        clock.year = match self.year(&summary) {
            // The only year in the account of the incident.
            Year::Unknown => only_year(&story).map_or(Year::Unknown, Year::Near),
            year => year,
        };
        let written = gathered
            .timelines
            .iter()
            .flat_map(|rows| rows.rows.iter().map(|row| row.written.as_str()));
        clock.order = order_seen_in(written.clone());
        clock.style = ClockStyle::seen_in(written.clone());
        if let Some(written) = self.fields.unread_date.as_ref().filter(|_| clock.date.is_none()) {
            match day_in_order(written, clock.order) {
                Ok(day) => clock.date = Some(day),
                Err(why) => clock.unread_date = Some((written.clone(), why)),
            }
        }
        // The last resorts. A warning is reported if a time depends on one of them.
        if clock.date.is_none() {
            let of_name = self.day_of_name().map(|day| (day, FILE_NAME));
            let of_front = || self.fields.dated.map(|day| (day, "the settings before the text"));
            let day = of_name.or_else(of_front);
            (clock.date, clock.fallback) = (day.map(|(day, _)| day), day.map(|(_, from)| from));
        }
        if clock.zone().is_none() {
            let own: Vec<&str> = written.clone().filter_map(zone_of_written).collect();
            let of_rows = own.first().copied().filter(|first| own.iter().all(|zone| zone == first));
            if let Some(words) = of_rows.or_else(|| only_zone(&story).filter(|_| own.is_empty())) {
                clock.state(words);
                clock.is_zone_of_some = true;
            }
        }
        // Authors who write in UTC use the 24-hour clock.
        let mut zones = written.clone().filter_map(zone_of_written).peekable();
        let is_in_utc = zones.peek().is_some()
            && zones.all(|words| words.parse::<Zone>().ok() == Some(Zone::UTC));
        if clock.style == ClockStyle::Unknown
            && (is_in_utc || clock.zone() == Some(Zone::UTC) && zone.is_none())
        {
            clock.style = ClockStyle::TwentyFour;
        }
        clock
    }

    /// Returns the day of times without one. The first of these that exists: the day stated about
    /// the timeline, the date field, the day in the title, the only day in the length (`17 March
    /// 2026, 10:00 - 11:00`), the only day in the summary, the only day in the spans, the day in
    /// the first sentence of the summary, the only day in the headings, the day of writing.
    fn date(&self, gathered: &Gathered, summary: &str) -> Option<NaiveDate> {
        let about = gathered
            .about
            .iter()
            .find_map(|about| days_in(&languages::english(about)).first().copied());
        let only = |text: &str| {
            let mut days = days_in(text);
            days.dedup();
            (days.len() == 1).then(|| days[0])
        };
        // The day of a meeting about the incident or of the last edit is not the day of the
        // incident.
        let own: String = languages::english(summary)
            .lines()
            .filter(|line| !OF_THE_DOCUMENT.is_match(line))
            .collect::<Vec<_>>()
            .join("\n");
        let in_title = || {
            days_in(&languages::english(self.title))
                .first()
                .copied()
                .or_else(|| days_in_numbers(self.title).next())
        };
        let length = self.fields.claims.duration.as_deref().unwrap_or_default();
        let stated = about
            .or(self.fields.date)
            .or_else(in_title)
            .or_else(|| only(length))
            .or_else(|| only(&own))
            .or_else(|| only(&self.fields.spans.join("\n")));
        let titles = || only(&gathered.titles().collect::<Vec<_>>().join("\n"));
        // Events of `this morning` happened on the day of writing.
        let of_writing = || self.written_on(gathered, summary).filter(|_| is_of_that_day(summary));
        stated.or_else(|| self.day_of_first_sentence(&own)).or_else(titles).or_else(of_writing)
    }

    /// Returns the day on which the document was written.
    fn written_on(&self, gathered: &Gathered, summary: &str) -> Option<NaiveDate> {
        static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?i)^\W*(?:last )?(?:posted|published|updated|written)\b")
                .expect("valid built-in regex")
        });
        let line = || {
            let sections = gathered.sections.iter().map(|section| section.text.as_str());
            let further = gathered.further.iter().map(|(_, text)| text.as_str());
            let mut lines =
                std::iter::once(summary).chain(sections).chain(further).flat_map(str::lines);
            lines.find(|line| WRITTEN.is_match(line))
        };
        self.dated.or(self.fields.dated).or_else(|| days_in(line()?).first().copied())
    }

    /// Returns the day in the first sentence of the summary, if the sentence names exactly one and
    /// only the year is missing. The year is that of `Self::year`.
    fn day_of_first_sentence(&self, summary: &str) -> Option<NaiveDate> {
        let year = self.year(summary);
        let clock = Clock { year, home: Some(Zone::UTC), ..Clock::default() };
        let days = marks::marks(sentences(summary).next()?)
            .iter()
            .filter_map(|mark| mark.day(&clock))
            .collect::<Vec<_>>();
        days.first().copied().filter(|_| year != Year::Unknown && days.len() == 1)
    }

    /// Returns the year of days without one. Comments and the document itself are later than the
    /// incident, so they give an upper bound.
    fn year(&self, summary: &str) -> Year {
        let later = self.comments.iter().copied().min().or(self.dated).or(self.fields.dated);
        let of_title = || days_in(self.title).first().copied();
        let own = self.fields.date.or_else(|| days_in(summary).first().copied());
        match (own.or_else(of_title), later) {
            (Some(date), _) => Year::Near(date),
            (None, Some(day)) => Year::UpTo(day),
            // The day in a file's name is that of the incident or of its write-up.
            (None, None) => self.day_of_name().map_or(Year::Unknown, Year::Near),
        }
    }

    fn day_of_name(&self) -> Option<NaiveDate> {
        let name = file_name(self.name);
        days_in(name).first().copied().or_else(|| days_in_digits(name).next())
    }
}

/// Returns the first day with a year in a text, if all such days are in one year.
fn only_year(text: &str) -> Option<NaiveDate> {
    let days = days_in(text);
    let first = *days.first()?;
    days.iter().all(|day| day.year() == first.year()).then_some(first)
}

/// Returns the zone in a written time, unless it is a numeric offset, as machines write it.
fn zone_of_written(written: &str) -> Option<&str> {
    time::zone_of(written)
        .filter(|zone| zone.starts_with(char::is_alphabetic) && !stamp::is_day(written))
}
