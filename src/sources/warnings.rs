//! Collects a reader's warnings, with places and up to a limit. These include doubts about the
//! input's times, so times are read here too.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;

use super::decode::Decoded;
use super::record::{IncidentRecord, Record, UntimedPost};
use crate::diag::{Diagnostic, Place, Warned};
use crate::model::time::{self, Moment, Read, Remark, TimeError};
use crate::model::zone::Zone;
use crate::sources::input::Input;
use crate::text::counted_that;

/// The number of warnings of one reading that are shown in full; the rest are counted.
const SHOWN: usize = 20;

/// Collects the warnings of one reading.
pub(super) struct Warnings<'a> {
    file: &'a str,
    decoded: &'a Decoded<'a>,
    zone: Option<Zone>,
    today: Option<NaiveDate>,
    /// Whether a time lacks only its zone.
    lacks_zone: bool,
    /// The labels whose assumed meaning was reported: once is enough.
    assumed: Vec<&'static str>,
    shown: Vec<Diagnostic>,
    more: usize,
    /// Undated posts, each with the id of its incident.
    untimed: Vec<(String, UntimedPost)>,
}

impl<'a> Warnings<'a> {
    /// An empty list for that input.
    pub(super) fn new(input: &'a Input, decoded: &'a Decoded<'a>) -> Self {
        Warnings {
            file: &input.name,
            decoded,
            zone: None,
            today: None,
            lacks_zone: false,
            assumed: Vec::new(),
            shown: Vec::new(),
            more: 0,
            untimed: Vec::new(),
        }
    }

    /// The same, for an input whose times without a zone are in `zone`.
    pub(super) fn in_zone(self, zone: Option<Zone>) -> Self {
        Warnings { zone, ..self }
    }

    /// The same, with that day as the day of the import.
    pub(super) fn read_on(self, today: Option<NaiveDate>) -> Self {
        Warnings { today, ..self }
    }

    /// The day of the import.
    pub(super) fn today(&self) -> Option<NaiveDate> {
        self.today
    }

    /// The zone of times without a zone.
    pub(super) fn zone(&self) -> Option<Zone> {
        self.zone
    }

    /// Reads a machine-written time, a slice of the decoded text; doubts become warnings.
    ///
    /// # Errors
    /// [`TimeError`], whose consequence the caller knows.
    pub(super) fn time(&mut self, text: &str) -> Result<Moment, TimeError> {
        let read = self.read_time(text)?;
        self.doubts(text, &read);
        Ok(read.moment)
    }

    /// As [`Self::time`], without the warnings.
    pub(super) fn read_time(&mut self, text: &str) -> Result<Read, TimeError> {
        let read = time::read(text, &time::Reading::by_machine(self.zone));
        self.lacks_zone |= matches!(read, Err(TimeError::NoZone(_)));
        read
    }

    /// Whether [`Self::doubts`] would warn.
    pub(super) fn has_doubts(&self, read: &Read) -> bool {
        read.doubts().any(|doubt| match doubt {
            Remark::Assumed(assumption) => !self.assumed.contains(&assumption.label),
            _ => true,
        })
    }

    /// Warns about doubts in a time that was read from `part`, a slice of the decoded text.
    pub(super) fn doubts(&mut self, part: &str, read: &Read) {
        for doubt in read.doubts() {
            if let Remark::Assumed(assumption) = doubt {
                if self.assumed.contains(&assumption.label) {
                    continue;
                }
                self.assumed.push(assumption.label);
            }
            self.about(part, doubt.to_string());
        }
    }

    /// The range of `part`, a slice of the decoded text.
    pub(super) fn span_of(&self, part: &str) -> Range<usize> {
        self.decoded.span_of(part)
    }

    /// A warning about `part`, a slice of the decoded text.
    pub(super) fn about(&mut self, part: &str, message: impl Into<String>) {
        self.at(self.decoded.span_of(part), message);
    }

    /// As [`Self::about`], unless it was said already of another part.
    pub(super) fn about_once(&mut self, part: &str, message: String) {
        if !self.shown.iter().any(|warning| warning.message.starts_with(&message)) {
            self.about(part, message);
        }
    }

    /// The line number of the start of a part of the decoded text.
    pub(super) fn line_of(&self, part: &str) -> usize {
        let start = self.decoded.span_of(part).start;
        self.decoded.text.get(..start).map_or(1, |before| before.matches('\n').count() + 1)
    }

    /// A warning about a part of the decoded text.
    pub(super) fn at(&mut self, span: Range<usize>, message: impl Into<String>) {
        if self.shown.len() >= SHOWN {
            self.more += 1;
            return;
        }
        let place = Place::new(self.file, &self.decoded.text, span);
        let warning = Diagnostic::warning(message).at(place);
        // A field that two checks examine is reported once.
        if self.shown.last() != Some(&warning) {
            self.shown.push(warning);
        }
    }

    /// Reads one incident. Warnings that do not name it get its title.
    pub(super) fn naming(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<IncidentRecord>,
    ) -> Option<IncidentRecord> {
        let before = self.shown.len();
        let record = read(self)?;
        self.name_incident(before, &record);
        Some(record)
    }

    /// Prefixes the warnings from index `first` on with the title of their incident, unless they
    /// name it or its id.
    fn name_incident(&mut self, first: usize, record: &IncidentRecord) {
        let own = |name: &str| !name.is_empty();
        let title = Some(record.title.as_str()).filter(|title| own(title));
        for warning in self.shown.get_mut(first..).unwrap_or_default() {
            let is_named = [record.id.as_str(), &record.title]
                .into_iter()
                .any(|name| own(name) && is_word_of(name, &warning.message));
            let is_of_file = warning.place.as_ref().is_none_or(|place| place.span.is_empty());
            if !is_named && !is_of_file {
                let name = title.map_or_else(|| record.id.clone(), |title| format!("\"{title}\""));
                warning.message.push_str(&format!(" (incident {name})"));
            }
        }
    }

    /// A warning or a note with hints about `part`, a slice of the decoded text.
    pub(super) fn report_about(&mut self, part: &str, diagnostic: Diagnostic) {
        let place = Place::new(self.file, &self.decoded.text, self.decoded.span_of(part));
        self.shown.push(diagnostic.at(place));
    }

    /// A warning or a note about the whole input.
    pub(super) fn say(&mut self, diagnostic: Diagnostic) {
        self.shown.push(diagnostic.at(Place::whole_file(self.file)));
    }

    /// Stores the text of a post of `incident` with an unreadable time, and reports it; `part` is
    /// the post, a slice of the decoded text.
    pub(super) fn untimed(&mut self, part: &str, incident: &str, post: UntimedPost) {
        if post.text.is_empty() {
            self.about(
                part,
                format!(
                    "a post of incident {incident} has neither a time nor a text and was left out"
                ),
            );
            return;
        }
        self.about(
            part,
            format!(
                "a post of incident {incident} has no time that can be read; its text is in the timeline without one"
            ),
        );
        self.untimed.push((incident.to_owned(), post));
    }

    /// Whether some time lacks only its zone, so that `--zone` would give it.
    pub(super) fn lacks_zone(&self) -> bool {
        self.lacks_zone
    }

    /// Whether a post of `incident` is stored without its time. Never if a time lacks only its
    /// zone: the import can be repeated with `--zone`, which gives every time.
    pub(super) fn has_untimed(&self, incident: &str) -> bool {
        !self.lacks_zone && self.untimed.iter().any(|(known, _)| known == incident)
    }

    /// The result of the reading: the records, with their undated posts, and the warnings.
    pub(super) fn finished(mut self, mut records: Vec<Record>) -> Warned<Vec<Record>> {
        let untimed = std::mem::take(&mut self.untimed);
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (index, record) in records.iter().enumerate().filter(|_| !untimed.is_empty()) {
            if let Record::Incident(record) = record {
                places.entry(record.id.clone()).or_insert(index);
            }
        }
        // In a file with one incident, warnings that are not about the whole file are about that
        // incident.
        if let [Record::Incident(record)] = &records[..] {
            self.name_incident(0, record);
        }
        let mut known = BTreeSet::new();
        for (incident, post) in untimed {
            if let Some(Record::Incident(record)) =
                places.get(&incident).and_then(|index| records.get_mut(*index))
                && known.insert((incident, post.id.clone()))
            {
                record.untimed.push(post);
            }
        }
        Warned { value: records, warnings: self.finish() }
    }

    /// All of them, and a last one with the number of those not shown.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        if self.more > 0 {
            let are = ["of this file is not shown", "of this file are not shown"];
            let message = counted_that(self.more, "more warning", are);
            self.say(Diagnostic::warning(message));
        }
        self.shown
    }
}

/// Whether `name` is in `message`, and not as a part of a longer word.
fn is_word_of(name: &str, message: &str) -> bool {
    message.match_indices(name).any(|(at, _)| {
        let is_joined = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
        !is_joined(message[..at].chars().next_back())
            && !is_joined(message[at + name.len()..].chars().next())
    })
}
