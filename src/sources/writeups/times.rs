//! The times of a document, read with what it says of them, and what is wrong with them.

use chrono::{DateTime, Datelike, Utc};

use super::clock::Clock;
use super::rows::Row;
use crate::diag::Diagnostic;
use crate::model::milestone::MilestoneName;
use crate::model::time::{Moment, Read, Remark, TimeError, Walk};
use crate::model::zone::Assumption;
use crate::sources::warnings::Warnings;
use crate::text::counted_that;

/// So many lines after one are searched for one that says am or pm.
const NEAR: usize = 20;

/// Reads the times of one document in their order.
pub(super) struct Times<'w, 'a> {
    pub(super) clock: Clock,
    warnings: &'w mut Warnings<'a>,
    /// The text of the input, in which places are found.
    text: &'a str,
    /// Where the next one is looked for first: times come in the order of the text.
    cursor: usize,
    without_zone: Vec<String>,
    without_date: Vec<String>,
    /// The first time whose day is that of the file's name.
    of_name: Option<String>,
    off_season: Vec<(String, Remark)>,
    assumed: Vec<(String, Assumption)>,
}

impl<'w, 'a> Times<'w, 'a> {
    pub(super) fn new(clock: Clock, text: &'a str, warnings: &'w mut Warnings<'a>) -> Self {
        Times {
            clock,
            warnings,
            text,
            cursor: 0,
            without_zone: Vec::new(),
            without_date: Vec::new(),
            of_name: None,
            off_season: Vec::new(),
            assumed: Vec::new(),
        }
    }

    /// The time of a line of a timeline, and its end; `walk` goes along the timeline, of which
    /// `following` are the lines after it.
    pub(super) fn row(
        &mut self,
        row: &Row,
        following: &[&Row],
        walk: &mut Option<Walk>,
    ) -> (Option<Moment>, Option<Moment>) {
        if row.is_malformed {
            self.malformed(&row.written);
            return (None, None);
        }
        if let Some(bounded) = walk.take() {
            let bound = self.bound(row, following, &bounded);
            *walk = Some(bounded.until(bound));
        }
        let Some(read) = self.step(&row.written, walk) else { return (None, None) };
        let at = if row.is_about { read.approximate() } else { read };
        let end = row.until.as_ref().and_then(|until| self.step(until, walk));
        (Some(at), end)
    }

    /// The time of the next line that says am or pm, for a line that does not: of the two halves of
    /// the day only one may be before it.
    fn bound(&self, row: &Row, following: &[&Row], walk: &Walk) -> Option<DateTime<Utc>> {
        let is_open = |read: &Read| read.remarks.contains(&Remark::HalfUnknown);
        let mut own = walk.clone();
        if !self.clock.next(&mut own, &row.written).is_ok_and(|read| is_open(&read)) {
            return None;
        }
        let lines = following.iter().take(NEAR).take_while(|row| !row.is_day()).filter(|row| !row.is_malformed);
        let mut certain = lines.filter_map(|row| {
            let read = self.clock.next(&mut walk.clone(), &row.written).ok()?;
            (!is_open(&read)).then_some(read.moment.earliest())
        });
        certain.next()
    }

    /// Sets the day of the lines that follow.
    pub(super) fn day(&mut self, written: &str, walk: &mut Option<Walk>) {
        if let Some(moment) = self.stated(written) {
            *walk = Some(self.clock.walk(moment));
        }
    }

    /// A time that stands by itself.
    pub(super) fn stated(&mut self, written: &str) -> Option<Moment> {
        let read = self.clock.read(written);
        self.told(written, read)
    }

    fn step(&mut self, written: &str, walk: &mut Option<Walk>) -> Option<Moment> {
        if walk.is_none() {
            *walk = self.clock.date.and_then(|date| self.clock.walk_on(date));
        }
        let read = match walk {
            Some(walk) => self.clock.next(walk, written),
            None => self.clock.read(written),
        };
        let has_day = read
            .as_ref()
            .is_ok_and(|read| !read.remarks.iter().any(|remark| matches!(remark, Remark::DateFromContext(_))));
        let moment = self.told(written, read)?;
        walk.get_or_insert_with(|| self.clock.walk(moment));
        // A line that names another day is the exception from what is said of all.
        if self.clock.is_for_all && has_day {
            *walk = None;
        }
        Some(moment)
    }

    /// What was read, with what is to be said of it.
    pub(super) fn told(&mut self, written: &str, read: Result<Read, TimeError>) -> Option<Moment> {
        match read {
            // No incident file can hold it.
            Ok(read) if !(0..=9999).contains(&read.moment.latest().year()) => {
                self.malformed(written);
                None
            }
            Ok(read) => {
                let has_no_day = read.remarks.iter().any(|remark| matches!(remark, Remark::DateFromContext(_)));
                if has_no_day && self.clock.from_name.is_some() {
                    self.of_name.get_or_insert_with(|| written.to_owned());
                }
                for doubt in read.doubts() {
                    match doubt {
                        Remark::Assumed(assumption) => self.assumed.push((written.to_owned(), assumption.clone())),
                        Remark::OffSeason(_) => self.off_season.push((written.to_owned(), doubt.clone())),
                        // That is what `check` says of the file.
                        Remark::OutOfOrder(_) => {}
                        _ => {
                            let message = format!("`{written}`: {doubt}");
                            self.say(written, message);
                        }
                    }
                }
                Some(read.moment)
            }
            Err(TimeError::NoZone(_)) => {
                self.without_zone.push(written.to_owned());
                None
            }
            Err(TimeError::NoDate(_)) => {
                self.without_date.push(written.to_owned());
                None
            }
            Err(error) => {
                let message = format!("{error}; it is left unknown");
                self.say(written, message);
                None
            }
        }
    }

    /// Tells of what stands where a time belongs and is none.
    pub(super) fn malformed(&mut self, written: &str) {
        self.say(written, format!("`{written}` cannot be read as a time; it is left unknown"));
    }

    /// A warning where `written` stands in the text.
    pub(super) fn say(&mut self, written: &str, message: String) {
        match self.place(written) {
            Some(part) => self.warnings.about(part, message),
            None => self.warnings.say(Diagnostic::warning(message)),
        }
    }

    /// A warning that two places of the text disagree on a milestone, which therefore stays unset. Each is
    /// its time and its words.
    pub(super) fn disagree(&mut self, name: MilestoneName, one: (Moment, &str), other: (Moment, &str)) {
        let place = |(at, words): (Moment, &str)| {
            let line = self.text.find(words).map(|at| self.text[..at].matches('\n').count() + 1);
            let line = line.map_or(String::new(), |line| format!("line {line} "));
            format!("{line}“{words}”, {at}")
        };
        let message = format!("{name} stays unset, since two places disagree: {}; {}", place(one), place(other));
        self.say(one.1, message);
    }

    fn place(&mut self, written: &str) -> Option<&'a str> {
        // What has a plain hyphen now may have had another.
        let others = [written.to_owned(), written.replace('-', "\u{2011}"), written.replace('-', "\u{2010}")];
        others.iter().find_map(|written| {
            let behind = self.text[self.cursor..].find(written).map(|at| self.cursor + at);
            let at = behind.or_else(|| self.text.find(written))?;
            self.cursor = at + written.len();
            Some(&self.text[at..self.cursor])
        })
    }

    /// Says once what holds for many times.
    pub(super) fn finish(mut self) -> Clock {
        self.cursor = 0;
        let many = |count: usize| counted_that(count, "time", ["has", "have"]);
        if let Some(first) = self.without_zone.first().cloned() {
            let message = format!(
                "{} no zone and stay unknown; say which with --zone, such as --zone Europe/London",
                many(self.without_zone.len())
            );
            self.say(&first, message);
        }
        if let Some(first) = self.without_date.first().cloned() {
            let count = many(self.without_date.len());
            match self.clock.unread_date.clone() {
                Some((written, why)) => {
                    let message = format!("{count} no day and stay unknown, since {why}; write the day as 2026-03-17");
                    self.say(&written, message);
                }
                None => {
                    let message = format!(
                        "{count} no day and stay unknown; a line `Date: 2026-03-17` in the document would say which"
                    );
                    self.say(&first, message);
                }
            }
        }
        if let Some((first, day)) = self.of_name.clone().zip(self.clock.from_name) {
            self.say(&first, format!("`{first}`: times without a day are taken to be of {day}, from the file's name"));
        }
        let mut assumed = std::mem::take(&mut self.assumed);
        while let Some((written, assumption)) = assumed.first().cloned() {
            let before = assumed.len();
            assumed.retain(|(_, other)| other.label != assumption.label);
            let more = and_more(before - assumed.len() - 1);
            self.say(&written, format!("`{written}`: {assumption}{more}"));
        }
        if let Some((written, remark)) = self.off_season.first().cloned() {
            let more = and_more(self.off_season.len() - 1);
            self.say(&written, format!("`{written}`: {remark}{more}"));
        }
        self.clock
    }
}

fn and_more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" (and {count} more)") }
}
