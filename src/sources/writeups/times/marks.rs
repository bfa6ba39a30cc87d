//! The times within a sentence, with their positions.

use chrono::NaiveDate;

use super::clock::Clock;
use super::stamp;
use crate::model::time::{self, Precision, Read, Remark};

/// A time in a sentence. Positions are byte offsets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark<'t> {
    /// The start, including the words that introduce the time.
    start: usize,
    end: usize,
    /// Whether the next mark is the end of this span: `09:00 - 11:00`.
    pub(crate) is_span: bool,
    /// The time as written.
    pub(crate) written: &'t str,
}

impl Mark<'_> {
    /// The start, including the words that introduce the time.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// The start of the time itself.
    pub(crate) fn written_start(&self) -> usize {
        self.end - self.written.len()
    }

    pub(crate) fn end(&self) -> usize {
        self.end
    }

    /// The day that the mark names, alone or with a clock time. `None` if the day comes from the
    /// context.
    pub(crate) fn day(&self, clock: &Clock) -> Option<NaiveDate> {
        let without = Clock { date: None, ..clock.clone() };
        without.read(self.written).ok().filter(|read| !is_from_context(read))?.date
    }
}

pub(crate) fn is_from_context(read: &Read) -> bool {
    read.remarks.iter().any(|remark| matches!(remark, Remark::DateFromContext(_)))
}

/// Words that introduce a time.
const LEADS: [&str; 17] = [
    "at",
    "or",
    "on",
    "by",
    "from",
    "around",
    "about",
    "approximately",
    "roughly",
    "approx",
    "the",
    "of",
    "as",
    "early",
    "shortly",
    "exactly",
    "~",
];

/// Returns the times of a sentence, in order. A span is two marks.
pub(crate) fn marks(sentence: &str) -> Vec<Mark<'_>> {
    let mut found: Vec<Mark<'_>> = Vec::new();
    let mut is_word = false;
    for (at, c) in sentence.char_indices() {
        let is_start = !c.is_whitespace() && !is_word;
        is_word = !c.is_whitespace() && !matches!(c, '(' | '[' | '“' | '"');
        let covered = found.last().map_or(0, |mark| mark.end);
        if !is_start || at < covered || !is_word {
            continue;
        }
        let Some(stamp) = stamp::leading(&sentence[at..]).filter(|stamp| !stamp.is_malformed)
        else {
            continue;
        };
        let start = stamp.written.as_ptr() as usize - sentence.as_ptr() as usize;
        let mut before = sentence[covered..start].trim_end();
        while let Some(word) =
            before.rsplit(char::is_whitespace).next().filter(|word| is_lead(word))
        {
            before = before[..before.len() - word.len()].trim_end();
        }
        let end = start + stamp.written.len();
        let is_span = stamp.until.is_some();
        found.push(Mark { start: covered + before.len(), end, is_span, written: stamp.written });
        if let Some(until) = stamp.until {
            let start = until.as_ptr() as usize - sentence.as_ptr() as usize;
            // A zone after the span belongs to its end.
            let written = stamp::leading(&sentence[start..]).map_or(until, |stamp| stamp.written);
            found.push(Mark { start: end, end: start + written.len(), is_span: false, written });
        }
    }
    found
}

fn is_lead(word: &str) -> bool {
    LEADS.iter().any(|lead| lead.eq_ignore_ascii_case(word))
}

/// Reads a clock time in running text. `None` for a day alone.
pub(crate) fn read(written: &str, clock: &Clock) -> Option<Read> {
    // Authors who write in UTC use the 24-hour clock: `by 10:49 UTC`.
    let read = clock.clone().counting_hours(time::zone_of(written)).read(written).ok()?;
    (read.moment.precision() != Precision::Day).then_some(read)
}
