//! Dates, clock times and zones in words, in any order.
//!
//! The text is split into numbers, words and signs, and each part of a time is recognised wherever
//! it occurs. If anything remains, the whole text is not a time: only the words and signs that join
//! the parts may be skipped.

use chrono::Weekday;

use super::civil::{ClockPart, DatePart, Half, Parts};
use super::iso::nanos_of;
use super::moment::Precision;
use crate::model::zone;

/// Longer texts are not times.
const LONGEST: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Word,
    Sign,
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: Kind,
    text: &'a str,
    start: usize,
    /// No space precedes it.
    glued: bool,
}

impl Token<'_> {
    fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// The number, if it has between `least` and `most` digits.
    fn number(&self, least: usize, most: usize) -> Option<u32> {
        (self.kind == Kind::Number && (least..=most).contains(&self.text.len()))
            .then(|| self.text.parse().ok())?
    }
}

/// The parts of a text that consists of a time and nothing else.
pub(super) fn parts(text: &str) -> Option<Parts<'_>> {
    if text.len() > LONGEST {
        return None;
    }
    let mut scan =
        Scan { text, tokens: tokens(text), at: 0, parts: Parts { text, ..Parts::default() } };
    while scan.at < scan.tokens.len() {
        let length = scan
            .date()
            .or_else(|| scan.clock())
            .or_else(|| scan.weekday())
            .or_else(|| scan.zone())
            .or_else(|| scan.year())
            .or_else(|| scan.joint())?;
        scan.at += length;
    }
    let parts = scan.parts;
    (parts.date.is_some() || parts.clock.is_some()).then_some(parts)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let kind_of = |c: char| match c {
        c if c.is_ascii_digit() => Kind::Number,
        c if c.is_alphabetic() => Kind::Word,
        _ => Kind::Sign,
    };
    let mut tokens: Vec<Token> = Vec::new();
    let mut glued = false;
    for (start, c) in text.char_indices() {
        if c.is_whitespace() {
            glued = false;
            continue;
        }
        let (kind, end) = (kind_of(c), start + c.len_utf8());
        match tokens.last_mut() {
            Some(last) if glued && kind == last.kind && kind != Kind::Sign => {
                last.text = &text[last.start..end];
            }
            _ => tokens.push(Token { kind, text: &text[start..end], start, glued }),
        }
        glued = true;
    }
    tokens
}

struct Scan<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
    parts: Parts<'a>,
}

/// Each method recognises one part at `at`, stores it, and returns how many tokens it took.
impl<'a> Scan<'a> {
    fn token(&self, ahead: usize) -> Option<&Token<'a>> {
        self.tokens.get(self.at + ahead)
    }

    /// Whether that token is this sign, with no space before it.
    fn glued_sign(&self, ahead: usize, sign: &str) -> bool {
        self.token(ahead).is_some_and(|token| token.glued && token.is(sign))
    }

    fn date(&mut self) -> Option<usize> {
        if self.parts.date.is_some() {
            return None;
        }
        let (date, length) =
            self.year_first().or_else(|| self.numbers()).or_else(|| self.with_month_name())?;
        self.parts.date = Some(date);
        Some(length)
    }

    /// `2025/07/04`, `2025-7-4`, `2025 Jul 4`.
    fn year_first(&self) -> Option<(DatePart, usize)> {
        let year = i32::try_from(self.token(0)?.number(4, 4)?).ok()?;
        let separator = usize::from(["-", "/", "."].iter().any(|sign| self.glued_sign(1, sign)));
        let middle = self.token(1 + separator)?;
        let after = 2 + separator;
        let again = usize::from(separator == 1 && self.token(after)?.text == self.token(1)?.text);
        let month = match month(middle.text) {
            Some(month) => month,
            None if again == 1 => middle.number(1, 2)?,
            None => return None,
        };
        let day = self.token(after + again)?.number(1, 2)?;
        Some((DatePart::full(year, month, day, true)?, after + again + 1))
    }

    /// `03/04/2025`, `11.10.2023`, `09/25`. Years of two digits are read only if the order of the
    /// source is known; they then mean 1970 to 2069.
    fn numbers(&self) -> Option<(DatePart, usize)> {
        let first = self.token(0)?.number(1, 2)?;
        let separator = *["-", "/", "."].iter().find(|sign| self.glued_sign(1, sign))?;
        let second = self.token(2).filter(|token| token.glued)?.number(1, 2)?;
        if self.glued_sign(3, separator)
            && let Some(year) = self.token(4).filter(|token| token.glued)
        {
            let short = year.number(2, 2);
            let year = match (year.number(4, 4), short) {
                (Some(year), _) => i32::try_from(year).ok()?,
                (None, Some(short)) if separator == "/" => {
                    i32::try_from(short).ok()? + if short < 70 { 2000 } else { 1900 }
                }
                _ => return None,
            };
            // Full stops separate the numbers of a date that starts with the day.
            let date = match separator {
                "." => DatePart::full(year, second, first, true)?,
                _ => DatePart::Numbers {
                    first,
                    second,
                    year: Some(year),
                    short_year: short.is_some(),
                },
            };
            return Some((date, 5));
        }
        (separator == "/")
            .then_some((DatePart::Numbers { first, second, year: None, short_year: false }, 3))
    }

    /// `Aug 11th 2023`, `11 August 2023`, `10/Oct/2000`, `Mar 17`.
    fn with_month_name(&self) -> Option<(DatePart, usize)> {
        let mut at = 0;
        let (month, day) = if let Some(month) = month(self.token(0)?.text) {
            at = self.past_signs(1, &[".", "-", "/"]);
            let day = self.token(at)?.number(1, 2)?;
            at = self.past_ordinal(at + 1);
            (month, day)
        } else {
            let day = self.token(0)?.number(1, 2)?;
            at = self.past_ordinal(at + 1);
            at += usize::from(self.token(at).is_some_and(|token| token.is_word("of")));
            at = self.past_signs(at, &[".", "-", "/"]);
            let month = month(self.token(at)?.text)?;
            at += 1;
            (month, day)
        };
        let year_at = self.past_signs(at, &[".", ",", "-", "/"]);
        match self.token(year_at).and_then(|token| token.number(4, 4)) {
            Some(year) => {
                Some((DatePart::full(i32::try_from(year).ok()?, month, day, false)?, year_at + 1))
            }
            None => Some((DatePart::Yearless { month, day }, at)),
        }
    }

    fn past_signs(&self, at: usize, signs: &[&str]) -> usize {
        at + usize::from(
            self.token(at).is_some_and(|token| signs.iter().any(|sign| token.is(sign))),
        )
    }

    fn past_ordinal(&self, at: usize) -> usize {
        let is_ordinal = |token: &Token| {
            token.glued && ["st", "nd", "rd", "th"].iter().any(|end| token.is_word(end))
        };
        at + usize::from(self.token(at).is_some_and(is_ordinal))
    }

    fn clock(&mut self) -> Option<usize> {
        if self.parts.clock.is_some() {
            return None;
        }
        let (clock, length) = self.clock_word().or_else(|| self.clock_numbers())?;
        self.parts.clock = Some(clock);
        Some(length)
    }

    /// `noon`, `midnight`, `12 noon`.
    fn clock_word(&self) -> Option<(ClockPart, usize)> {
        let twelve = usize::from(self.token(0)?.number(1, 2) == Some(12));
        let word = self.token(twelve)?;
        let (hour, half) = match word {
            word if word.is_word("noon") => (12, Half::Stated),
            word if word.is_word("midnight") => (0, Half::Midnight),
            _ => return None,
        };
        Some((ClockPart::new(hour, 0, None, None, half)?, twelve + 1))
    }

    /// `14:05:09.125`, `11:06AM`, `5.45pm`, `2 p.m.`
    fn clock_numbers(&self) -> Option<(ClockPart, usize)> {
        let first = self.token(0)?;
        let hour = first.number(1, 2)?;
        let glued_number = |ahead: usize, digits| {
            self.token(ahead).filter(|token| token.glued)?.number(digits, digits)
        };
        // `10h47`, as French writes it.
        let is_french = self.token(1).is_some_and(|token| token.glued && token.text == "h");
        let colon = self.glued_sign(1, ":") || is_french;
        let minute = if colon || self.glued_sign(1, ".") { glued_number(2, 2) } else { None };
        let Some(minute) = minute else {
            let (is_pm, length) = self.half_of_day(1)?;
            let clock = ClockPart::new(half_hour(hour, is_pm)?, 0, None, None, Half::Stated)?;
            return Some((ClockPart { hour_only: true, ..clock }, 1 + length));
        };
        let mut length = 3;
        let (mut second, mut nanos) = (None, None);
        if !is_french && colon && self.glued_sign(3, ":") {
            second = Some(glued_number(4, 2)?);
            length = 5;
            let fraction = self.token(6).filter(|token| token.glued && token.kind == Kind::Number);
            if let Some(fraction) = fraction
                && (self.glued_sign(5, ".") || self.glued_sign(5, ","))
            {
                nanos = Some(nanos_of(fraction.text)?);
                length = 7;
            }
        }
        if let Some((is_pm, more)) = self.half_of_day(length) {
            let hour = half_hour(hour, is_pm)?;
            return Some((
                ClockPart::new(hour, minute, second, nanos, Half::Stated)?,
                length + more,
            ));
        }
        // Without am or pm, a full stop separates other things than hours and minutes too.
        if !colon {
            return None;
        }
        let whole = is_french
            || second.is_some()
            || !(1..=12).contains(&hour)
            || first.text.starts_with('0');
        let half = if whole { Half::Whole } else { Half::Unknown };
        Some((ClockPart::new(hour, minute, second, nanos, half)?, length))
    }

    /// `AM`, `p.m.`: whether it is pm, and how many tokens it took.
    fn half_of_day(&self, ahead: usize) -> Option<(bool, usize)> {
        let word = self.token(ahead)?;
        if word.is_word("am") || word.is_word("pm") {
            return Some((word.is_word("pm"), 1));
        }
        let is_dotted = (word.is_word("a") || word.is_word("p"))
            && self.glued_sign(ahead + 1, ".")
            && self.token(ahead + 2).is_some_and(|token| token.glued && token.is_word("m"));
        is_dotted.then(|| (word.is_word("p"), 3 + usize::from(self.glued_sign(ahead + 3, "."))))
    }

    fn weekday(&mut self) -> Option<usize> {
        if self.parts.weekday.is_some() {
            return None;
        }
        self.parts.weekday = Some(weekday(self.token(0)?.text)?);
        Some(1)
    }

    /// An offset after the clock time, or the longest run of tokens that names a zone.
    fn zone(&mut self) -> Option<usize> {
        if self.parts.zones.len() == 2 {
            return None;
        }
        let first = *self.token(0)?;
        let slice = |length: usize| {
            let last = self.token(length - 1)?;
            Some(&self.text[first.start..last.start + last.text.len()])
        };
        if first.kind == Kind::Word {
            let longest = 10.min(self.tokens.len() - self.at);
            let (zone, length) = (1..=longest).rev().find_map(|length| {
                let zone = slice(length)?;
                zone::is_known(zone).then_some((zone, length))
            })?;
            self.parts.zones.push(zone);
            return Some(length);
        }
        let is_minus = first.is("-") || first.is("−");
        if !(first.is("+") || is_minus) || self.parts.clock.is_none() {
            return None;
        }
        // `08:00-09:00` is a span of time, unless a machine wrote it.
        let by_machine = matches!(self.parts.date, Some(DatePart::Full { whole_day: true, .. }));
        if is_minus && first.glued && !by_machine {
            return None;
        }
        let number =
            self.token(1).filter(|token| token.glued && matches!(token.text.len(), 2 | 4))?;
        let is_long = number.text.len() == 2
            && self.glued_sign(2, ":")
            && self.token(3).is_some_and(|token| token.glued && token.number(2, 2).is_some());
        let length = if is_long { 4 } else { 2 };
        let zone = slice(length).filter(|zone| zone::is_known(zone))?;
        // If there is also a label, the offset counts.
        self.parts.zones.insert(0, zone);
        Some(length)
    }

    /// A year that is separate from its month: `Sun Dec 04 04:47:44 2005`.
    fn year(&mut self) -> Option<usize> {
        let year = i32::try_from(self.token(0)?.number(4, 4)?).ok()?;
        self.parts.date = match self.parts.date? {
            DatePart::Yearless { month, day } => Some(DatePart::full(year, month, day, false)?),
            DatePart::Full { .. } | DatePart::Numbers { .. } => return None,
        };
        Some(1)
    }

    /// Words and signs that only join the parts.
    fn joint(&self) -> Option<usize> {
        let token = self.token(0)?;
        let joins = match token.kind {
            Kind::Sign => matches!(
                token.text,
                "," | "." | "-" | "–" | "—" | "|" | "@" | ":" | "(" | ")" | "[" | "]"
            ),
            Kind::Word => {
                let before_clock = token.is_word("t")
                    && self.token(1).is_some_and(|next| next.kind == Kind::Number);
                let words = ["at", "on", "of", "the", "time"];
                let after_clock =
                    self.parts.clock.is_some_and(|clock| clock.precision >= Precision::Minute)
                        && ["h", "hrs", "hours"].iter().any(|word| token.is_word(word));
                before_clock || after_clock || words.iter().any(|word| token.is_word(word))
            }
            Kind::Number => false,
        };
        joins.then_some(1)
    }
}

/// The hour on a 24-hour clock. `14:05 PM` states the half twice.
fn half_hour(hour: u32, is_pm: bool) -> Option<u32> {
    match (hour, is_pm) {
        (0..=11, false) => Some(hour),
        (12, false) => Some(0),
        (1..=11, true) => Some(hour + 12),
        (12..=23, true) => Some(hour),
        _ => None,
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

/// Whether `word` is `name` or an abbreviation of it with three or more letters: `Sep`, `Sept`,
/// `September`.
fn abbreviates(word: &str, name: &str) -> bool {
    word.len() >= 3 && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn month(word: &str) -> Option<u32> {
    (1..).zip(MONTHS).find(|(_, name)| abbreviates(word, name)).map(|(number, _)| number)
}

fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.into_iter().find(|(name, _)| abbreviates(word, name)).map(|(_, day)| day)
}
