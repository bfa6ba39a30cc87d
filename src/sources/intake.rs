//! Reads the fields of records: their times, and their problems.

use std::ops::Range;

use chrono::Datelike as _;

use super::node::{Node, OddFields};
use super::warnings::Warnings;
use crate::diag::{Diagnostic, Warned};
use crate::model::time::{self, Moment, TimeError, Year, epoch};
use crate::model::zone::Zone;
use crate::sources::record::Record;
use crate::sources::source::ReadError;
use crate::text::clean::clean_line;
use crate::text::counted_that;

/// Reads the records of one input, one after another.
pub(in crate::sources) struct Intake<'a> {
    warnings: Warnings<'a>,
    /// The current record, a slice of the decoded text: the place of warnings.
    record: &'a str,
    /// How far the record has been searched for the places of warnings, in bytes.
    searched: usize,
    /// The text of an unreadable time in the record.
    unread: Option<String>,
    /// Whether the last requested time lacks only its zone.
    is_naive: bool,
    /// The first time without a zone, and its place.
    naive: Option<(String, Range<usize>)>,
    /// The number of records left out because their times have no zone.
    left_out: usize,
    /// Whether missing years were reported.
    has_assumed_year: bool,
}

/// What happens to a record without a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sources) enum Untimed {
    /// It becomes an undated entry, with the text of the time, if any.
    Stays(Option<String>),
    /// It is left out: the import can be repeated with a zone, which gives every time.
    LacksZone,
}

impl<'a> Intake<'a> {
    /// Without a record yet.
    pub(in crate::sources) fn new(warnings: Warnings<'a>) -> Self {
        Intake {
            warnings,
            record: "",
            searched: 0,
            unread: None,
            is_naive: false,
            naive: None,
            left_out: 0,
            has_assumed_year: false,
        }
    }

    /// Moves on to `record`, a slice of the decoded text.
    pub(in crate::sources) fn next(&mut self, record: &'a str) {
        (self.record, self.searched, self.unread, self.is_naive) = (record, 0, None, false);
    }

    /// Reports a problem of the current record.
    pub(in crate::sources) fn warn(&mut self, message: impl Into<String>) {
        self.warnings.about(self.record, message);
    }

    /// Reports something about the whole input.
    pub(in crate::sources) fn say(&mut self, diagnostic: Diagnostic) {
        self.warnings.say(diagnostic);
    }

    /// Reports the fields of the current record that have an unexpected type.
    pub(in crate::sources) fn report(&mut self, odd: OddFields) {
        for (path, wanted) in odd.into_inner() {
            self.warn(format!(
                "`{}` of this record is ignored: it is not {wanted}",
                clean_line(&path)
            ));
        }
    }

    /// The time at the first of `paths` that has one. An unset clock (zero, the year 1, 1970) and a
    /// missing field count as absent; an unreadable value is reported.
    pub(in crate::sources) fn time(&mut self, node: Node<'_>, paths: &[&str]) -> Option<Moment> {
        self.is_naive = false;
        paths.iter().find_map(|path| self.written(&node.text(&[path])?, path, None))
    }

    /// The time at `path`, which the system writes in UTC without stating it.
    pub(in crate::sources) fn utc(&mut self, node: Node<'_>, path: &str) -> Option<Moment> {
        self.is_naive = false;
        self.written(&node.text(&[path])?, path, Some(Zone::UTC))
    }

    /// The time in `text`, which warnings call `what`; `zone` is the format's zone for times
    /// without one.
    pub(in crate::sources) fn written(
        &mut self,
        text: &str,
        what: &str,
        zone: Option<Zone>,
    ) -> Option<Moment> {
        let text = text.trim();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number =
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if text.is_empty()
            || is_number && epoch(text).is_some_and(|at| Moment::exact(at).is_unset())
        {
            return None;
        }
        let read = match zone {
            Some(zone) => time::read(text, &time::Reading::by_machine(Some(zone))),
            None => self.warnings.read_time(text),
        };
        self.is_naive = false;
        match read {
            Ok(read) => {
                if zone.is_none() && self.warnings.has_doubts(&read) {
                    let place = self.place(text);
                    self.warnings.doubts(place, &read);
                }
                Some(read.moment).filter(|at| !at.is_unset())
            }
            Err(error) => {
                self.unreadable(text, what, &error);
                None
            }
        }
    }

    /// Where `text` is written in the record; the record if it is written otherwise there, as with
    /// escapes. A record may be a long list, so the search continues after the last place, and it
    /// is made for warnings only.
    fn place(&mut self, text: &str) -> &'a str {
        let ahead = self.record[self.searched..].find(text).map(|at| self.searched + at);
        let Some(at) = ahead.or_else(|| self.record.find(text)) else { return self.record };
        self.searched = at + text.len();
        &self.record[at..self.searched]
    }

    /// The time in `text`, which has no year: the latest one that is not in the future.
    pub(in crate::sources) fn of_a_year(&mut self, text: &str, what: &str) -> Option<Moment> {
        self.is_naive = false;
        let year = self.warnings.today().map_or(Year::Unknown, Year::UpTo);
        match time::read(
            text,
            &time::Reading { year, ..time::Reading::by_machine(self.warnings.zone()) },
        ) {
            Ok(read) => {
                if !std::mem::replace(&mut self.has_assumed_year, true) {
                    let year = read.moment.earliest().year();
                    let note = format!(
                        "these times have no year: {year} is the last in which the first of them is not in the future"
                    );
                    self.warnings.say(Diagnostic::note(note));
                }
                Some(read.moment)
            }
            Err(error) => {
                self.unreadable(text, what, &error);
                None
            }
        }
    }

    /// The time in `text`, read with `reading`.
    pub(in crate::sources) fn written_as(
        &mut self,
        text: &str,
        what: &str,
        reading: time::Reading,
    ) -> Option<Moment> {
        self.is_naive = false;
        match time::read(text, &reading) {
            Ok(read) => Some(read.moment).filter(|at| !at.is_unset()),
            Err(error) => {
                self.unreadable(text, what, &error);
                None
            }
        }
    }

    /// Records that the time `text` of the record is unreadable.
    fn unreadable(&mut self, text: &str, what: &str, error: &TimeError) {
        // Of the times without a zone only the first is reported.
        if matches!(error, TimeError::NoZone(_)) && self.naive.is_some() {
            self.is_naive = true;
            return;
        }
        let place = self.place(text);
        if let TimeError::NoZone(_) = error {
            self.is_naive = true;
            self.naive = Some((clean_line(text), self.warnings.span_of(place)));
            self.warnings.about(place, format!("`{what}` was ignored: {error}"));
            return;
        }
        self.unread.get_or_insert_with(|| clean_line(text));
        self.warnings.about(place, format!("`{what}` was ignored: {error}"));
    }

    /// What to do with the current record, which has no time.
    pub(in crate::sources) fn untimed(&mut self) -> Untimed {
        if self.is_naive {
            self.left_out += 1;
            return Untimed::LacksZone;
        }
        self.warn("this record has no time that can be read; it is in the timeline without one");
        Untimed::Stays(self.unread.clone())
    }

    /// Reports that the record `name`, of which no time was found, is left out.
    pub(in crate::sources) fn left_out(&mut self, name: &str) {
        if self.is_naive {
            self.left_out += 1;
        } else {
            self.warn(format!(
                "`{}` has no time that can be read and was left out",
                clean_line(name)
            ));
        }
    }

    /// The records with the warnings.
    ///
    /// # Errors
    /// [`ReadError`] if none has a time because their times have no zone.
    pub(in crate::sources) fn finish(
        mut self,
        records: Vec<Record>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        const HINT: &str = "say which clock they are of: --zone UTC, or --zone Europe/Berlin";
        let is_timed =
            |record: &Record| matches!(record, Record::Event(event) if event.at.is_some());
        match self.naive {
            Some((text, span)) if self.left_out > 0 && !records.iter().any(is_timed) => {
                let mut error = ReadError::new(format!("its times name no zone: `{text}`"));
                error.span = Some(span);
                error.hint = Some(HINT.to_owned());
                return Err(error);
            }
            _ if self.left_out > 0 => {
                let records = counted_that(self.left_out, "record", ["was", "were"]);
                self.warnings.say(
                    Diagnostic::warning(format!("{records} left out: their times name no zone"))
                        .hint(HINT),
                );
            }
            _ => {}
        }
        Ok(Warned { value: records, warnings: self.warnings.finish() })
    }
}
