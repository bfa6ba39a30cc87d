//! Reads the times of a document in its context, and reports the problems with them.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::candidate::Candidate;
use super::clock::Clock;
use super::rows::Row;
use super::shorthand::{self, Known};
use super::stamp;
use crate::diag::Diagnostic;
use crate::model::milestone::MilestoneName;
use crate::model::time::{Moment, Precision, Read, Remark, TimeError, Walk};
use crate::model::zone::Assumption;
use crate::sources::record::ProseMilestone;
use crate::sources::warnings::Warnings;
use crate::text::counted_that;

/// How many entries after a time are searched for one that states am or pm.
const NEAR: usize = 20;

/// Reads the times of one document, in order.
pub(crate) struct Times<'w, 'a> {
    pub(crate) clock: Clock,
    warnings: &'w mut Warnings<'a>,
    /// The text of the input, for the positions of warnings.
    text: &'a str,
    /// Where the search for the next time starts, since times are read in the order of the text.
    cursor: usize,
    /// The same for timeline entries.
    row_cursor: usize,
    /// Times that were expanded, each with its spelling in the text.
    originals: Vec<(String, String)>,
    /// Whether an entry has stated its day. Later entries continue from that day.
    is_anchored: bool,
    without_zone: Vec<String>,
    without_date: Vec<String>,
    /// The first time whose day comes from a fallback, not from the text.
    of_name: Option<String>,
    /// The first time whose zone is the one that other times name.
    of_some: Option<String>,
    /// Milestones on which two places of the document disagree.
    pub(crate) disputed: Vec<ProseMilestone>,
    off_season: Vec<(String, Remark)>,
    assumed: Vec<(String, Assumption)>,
}

impl<'w, 'a> Times<'w, 'a> {
    pub(crate) fn new(clock: Clock, text: &'a str, warnings: &'w mut Warnings<'a>) -> Self {
        Times {
            clock,
            warnings,
            text,
            cursor: 0,
            row_cursor: 0,
            originals: Vec::new(),
            is_anchored: false,
            without_zone: Vec::new(),
            without_date: Vec::new(),
            of_name: None,
            of_some: None,
            disputed: Vec::new(),
            off_season: Vec::new(),
            assumed: Vec::new(),
        }
    }

    /// Returns the time of a timeline entry, and its end. `walk` carries the date from entry to
    /// entry; `following` are the entries after this one.
    pub(crate) fn row(
        &mut self,
        row: &Row,
        following: &[&Row],
        walk: &mut Option<Walk>,
    ) -> (Option<Moment>, Option<Moment>) {
        if let Some(original) = &row.original {
            self.originals.push((row.written.clone(), original.clone()));
        }
        if row.is_malformed {
            return (self.known_part(&row.written, walk), None);
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

    /// Returns the known part of a time that cannot be read as a whole: its day, or its beginning.
    fn known_part(&mut self, written: &str, walk: &mut Option<Walk>) -> Option<Moment> {
        match shorthand::known_part(written) {
            Some(Known::Written(part)) => {
                let read = self.clock.read(&part);
                let date = read.as_ref().ok().and_then(|read| read.date);
                let at = self.told(written, read)?;
                self.say(
                    written,
                    format!("`{written}` cannot be read as a whole; only `{part}` was used"),
                );
                *walk = date.and_then(|date| self.clock.walk_on(date)).or_else(|| walk.take());
                Some(at)
            }
            Some(Known::Days(days)) => {
                self.say(
                    written,
                    format!("`{written}` names no day; it is taken for some day of that month"),
                );
                Some(days)
            }
            None => {
                self.malformed(written);
                None
            }
        }
    }

    /// Returns the time of the next entry that states am or pm, for an entry that does not. Only
    /// one of the two halves of the day can be before it.
    fn bound(&self, row: &Row, following: &[&Row], walk: &Walk) -> Option<DateTime<Utc>> {
        let is_open = |read: &Read| read.remarks.contains(&Remark::HalfUnknown);
        let mut own = walk.clone();
        if !self.clock.next(&mut own, &row.written).is_ok_and(|read| is_open(&read)) {
            return None;
        }
        let lines = following
            .iter()
            .take(NEAR)
            .take_while(|row| !row.is_day())
            .filter(|row| !row.is_malformed);
        let mut certain = lines.filter_map(|row| {
            let read = self.clock.next(&mut walk.clone(), &row.written).ok()?;
            (!is_open(&read)).then_some(read.moment.earliest())
        });
        certain.next()
    }

    /// Sets the day of the entries that follow.
    pub(crate) fn day(&mut self, written: &str, walk: &mut Option<Walk>) {
        let read = self.clock.read(written);
        let date = read.as_ref().ok().and_then(|read| read.date);
        if let Some(moment) = self.told(written, read) {
            self.is_anchored = true;
            *walk = Some(self.walk_from(moment, date));
        }
    }

    /// Starts a walk at a time. A day without a clock time starts it on that date of the author's
    /// clock, not at the instant in another zone.
    fn walk_from(&self, moment: Moment, date: Option<NaiveDate>) -> Walk {
        let is_day = moment.precision() == Precision::Day;
        let of_day = date.filter(|_| is_day).and_then(|date| self.clock.walk_on(date));
        of_day.unwrap_or_else(|| self.clock.walk(moment))
    }

    /// Returns a time that is independent of a timeline.
    pub(crate) fn stated(&mut self, written: &str) -> Option<Moment> {
        let read = self.clock.read(written);
        self.told(written, read)
    }

    fn step(&mut self, written: &str, walk: &mut Option<Walk>) -> Option<Moment> {
        if walk.is_none() {
            *walk = self.clock.date.and_then(|date| self.clock.walk_on(date));
        }
        let read = match walk {
            // A day is that of the whole document, not of a zone that only some of its times name.
            _ if self.clock.is_zone_of_some && stamp::is_day(written) => {
                self.clock.without_zone().read(written)
            }
            Some(walk) => self.clock.next(walk, written),
            None => self.clock.read(written),
        };
        let has_day = read.as_ref().is_ok_and(|read| {
            !read.remarks.iter().any(|remark| matches!(remark, Remark::DateFromContext(_)))
        });
        self.is_anchored |= has_day;
        let date = read.as_ref().ok().and_then(|read| read.date);
        let moment = self.told(written, read)?;
        if self.clock.is_zone_of_some && stamp::is_day(written) {
            *walk = Some(self.walk_from(moment, date));
        }
        walk.get_or_insert_with(|| self.walk_from(moment, date));
        // If one stated day applies to all entries, an entry with another day is an exception: the
        // next entry starts from the stated day again.
        if self.clock.is_for_all && has_day {
            *walk = None;
        }
        Some(moment)
    }

    /// Returns the moment that was read, and reports the doubts about it.
    pub(crate) fn told(&mut self, written: &str, read: Result<Read, TimeError>) -> Option<Moment> {
        match read {
            // Incident files cannot contain such a year.
            Ok(read) if !(0..=9999).contains(&read.moment.latest().year()) => {
                self.malformed(written);
                None
            }
            Ok(read) => {
                let is_of_document = |remark: &Remark| matches!(remark, Remark::DateFromContext(day) if Some(*day) == self.clock.date);
                let has_no_day = read.remarks.iter().any(is_of_document);
                if has_no_day && self.clock.fallback.is_some() && !self.is_anchored {
                    self.of_name.get_or_insert_with(|| written.to_owned());
                }
                let is_zoned =
                    read.remarks.contains(&Remark::ZoneFromContext) && self.clock.is_zone_of_some;
                if is_zoned && read.moment.precision() != Precision::Day {
                    self.of_some.get_or_insert_with(|| written.to_owned());
                }
                for doubt in read.doubts() {
                    match doubt {
                        Remark::Assumed(assumption) => {
                            self.assumed.push((written.to_owned(), assumption.clone()));
                        }
                        Remark::OffSeason(_) => {
                            self.off_season.push((written.to_owned(), doubt.clone()));
                        }
                        // `check` reports it for the imported file.
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

    /// Reports that the text in place of a time cannot be read as one.
    pub(crate) fn malformed(&mut self, written: &str) {
        self.say(written, format!("`{written}` cannot be read as a time; it is left unknown"));
    }

    /// Reports a warning at the position of `written` in the text.
    pub(crate) fn say(&mut self, written: &str, message: String) {
        match self.place(written) {
            Some(part) => self.warnings.about(part, message),
            None => self.warnings.say(Diagnostic::warning(message)),
        }
    }

    /// Reports that two places of the text disagree on a milestone, which therefore stays unset.
    pub(crate) fn disagree(&mut self, name: MilestoneName, one: &Candidate, other: &Candidate) {
        let place = |Candidate { at, words, line }: &Candidate| {
            let line = line.map_or(String::new(), |line| format!("line {line} "));
            format!("{line}“{words}”, {at}")
        };
        let message = format!(
            "{name} stays unset, since two places disagree: {}; {}",
            place(one),
            place(other)
        );
        let disputed = |Candidate { at, words, line }: &Candidate| ProseMilestone {
            name,
            at: *at,
            because: words.clone(),
            line: *line,
        };
        self.disputed.extend([one, other].map(disputed));
        self.say(&one.words, message);
    }

    /// Returns the line number of a timeline entry. Call it in the order of the text, so that of
    /// two entries with the same time each gets its own line.
    pub(crate) fn line_of_row(&mut self, row: &Row) -> Option<usize> {
        let written = row.original.as_deref().unwrap_or(&row.written);
        let words = row.head.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        let wanted = if written.is_empty() { words.as_str() } else { written };
        if wanted.is_empty() {
            return None;
        }
        let text = self.text;
        let after = text[self.row_cursor..].find(wanted).map(|at| self.row_cursor + at);
        let at = after.or_else(|| text.find(wanted))?;
        self.row_cursor = at + wanted.len();
        Some(self.warnings.line_of(&text[at..self.row_cursor]))
    }

    /// Returns the line number of a time in a sentence. If several lines contain that time, it is
    /// the line with the most words of the sentence.
    pub(crate) fn line_of(&self, written: &str, sentence: &str) -> Option<usize> {
        let words: Vec<&str> = sentence.split_whitespace().filter(|word| word.len() > 3).collect();
        let count = |at: usize| {
            let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
            let end = self.text[at..].find('\n').map_or(self.text.len(), |end| at + end);
            words.iter().filter(|word| self.text[start..end].contains(**word)).count()
        };
        let found = self
            .text
            .match_indices(written)
            .max_by_key(|(at, _)| (count(*at), std::cmp::Reverse(*at)))?;
        Some(self.warnings.line_of(&self.text[found.0..found.0 + written.len()]))
    }

    fn place(&mut self, written: &str) -> Option<&'a str> {
        // Hyphens in `written` are normalized; the text may have a Unicode hyphen instead.
        let original = self
            .originals
            .iter()
            .find(|(other, _)| other == written)
            .map(|(_, original)| original.clone());
        let written = original.as_deref().unwrap_or(written);
        let others = [
            written.to_owned(),
            written.replace('-', "\u{2011}"),
            written.replace('-', "\u{2010}"),
        ];
        others.iter().find_map(|written| {
            let behind = self.text[self.cursor..].find(written).map(|at| self.cursor + at);
            let at = behind.or_else(|| self.text.find(written))?;
            self.cursor = at + written.len();
            Some(&self.text[at..self.cursor])
        })
    }

    /// Reports problems that many times share, once for all of them, and returns the clock.
    pub(crate) fn finish(mut self) -> Clock {
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
                    let message = format!(
                        "{count} no day and stay unknown, since {why}; write the day as 2026-03-17"
                    );
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
        if let Some((first, (day, from))) =
            self.of_name.clone().zip(self.clock.date.zip(self.clock.fallback))
        {
            self.say(
                &first,
                format!("`{first}`: times without a day are taken to be of {day}, from {from}"),
            );
        }
        if let Some((first, zone)) = self.of_some.clone().zip(self.clock.zone()) {
            let message = format!(
                "`{first}`: times without a zone are taken to be in {zone}, the only one that others name"
            );
            self.say(&first, message);
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
