//! The times within a sentence, each with where it is.

use chrono::NaiveDate;

use super::clock::Clock;
use super::stamp;
use crate::model::time::{self, Precision, Read, Remark};

/// A time in a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark<'t> {
    /// Where it begins, with the words that lead to it.
    start: usize,
    end: usize,
    /// Whether the next mark is what it runs to: `09:00 - 11:00`.
    pub(crate) is_span: bool,
    /// The time as it is written.
    pub(crate) written: &'t str,
}

impl Mark<'_> {
    /// Where it begins, with the words that lead to it.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Where the time itself begins.
    pub(crate) fn written_start(&self) -> usize {
        self.end - self.written.len()
    }

    pub(crate) fn end(&self) -> usize {
        self.end
    }

    /// The day that it names, by itself or with a time on the clock.
    pub(crate) fn day(&self, clock: &Clock) -> Option<NaiveDate> {
        let without = Clock { date: None, ..clock.clone() };
        without.read(self.written).ok().filter(|read| !is_from_context(read))?.date
    }
}

pub(crate) fn is_from_context(read: &Read) -> bool {
    read.remarks.iter().any(|remark| matches!(remark, Remark::DateFromContext(_)))
}

/// Words between a statement and its time.
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

/// The times of a sentence, in its order; a span is two.
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
            // The zone after it is of it.
            let written = stamp::leading(&sentence[start..]).map_or(until, |stamp| stamp.written);
            found.push(Mark { start: end, end: start + written.len(), is_span: false, written });
        }
    }
    found
}

fn is_lead(word: &str) -> bool {
    LEADS.iter().any(|lead| lead.eq_ignore_ascii_case(word))
}

/// A time in running text; a day alone is none.
pub(crate) fn read(written: &str, clock: &Clock) -> Option<Read> {
    // Who writes in UTC counts to 24: `by 10:49 UTC`.
    let read = clock.clone().counting_hours(time::zone_of(written)).read(written).ok()?;
    (read.moment.precision() != Precision::Day).then_some(read)
}
