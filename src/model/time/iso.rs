//! ISO 8601: basic forms, weeks and days of the year.

use chrono::{NaiveDate, Weekday};

use super::civil::{ClockPart, DatePart, Half, Parts};
use crate::model::zone;

/// The parts of `2026-03-17T14:05Z`, `20260317T140509Z`, `2026-W12-2T14:05Z`, `2026-076T14:05Z`,
/// `20260317140509` and similar forms; `None` for any other form.
pub(super) fn parts(text: &str) -> Option<Parts<'_>> {
    let (date, rest) = date(text)?;
    let mut parts =
        Parts { text, date: Some(DatePart::Full { date, whole_day: true }), ..Parts::default() };
    if rest.is_empty() {
        return Some(parts);
    }
    // After a date of digits only, the clock time follows without a separator.
    let clock_text = match rest.as_bytes()[0] {
        b'T' | b't' | b' ' | b'-' | b'_' => &rest[1..],
        b'0'..=b'9' if text.as_bytes().iter().take(12).all(u8::is_ascii_digit) => rest,
        _ => return None,
    };
    let (clock, zone) = clock(clock_text)?;
    parts.clock = Some(clock);
    let zone = zone.trim();
    if !zone.is_empty() {
        if !zone::is_known(zone) {
            return None;
        }
        parts.zones.push(zone);
    }
    Some(parts)
}

/// A run of exactly `length` digits at the start, and the rest.
fn digits(text: &str, length: usize) -> Option<(u32, &str)> {
    let (run, rest) = text.split_at_checked(length)?;
    run.bytes().all(|byte| byte.is_ascii_digit()).then(|| Some((run.parse().ok()?, rest)))?
}

fn dashed(text: &str, dash: bool) -> Option<&str> {
    if dash { text.strip_prefix('-') } else { Some(text) }
}

fn date(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = digits(text, 4)?;
    let year = i32::try_from(year).ok()?;
    let dash = rest.starts_with('-');
    let rest = dashed(rest, dash)?;
    if let Some(week) = rest.strip_prefix(['W', 'w']) {
        let (week, rest) = digits(week, 2)?;
        let (day, rest) = digits(dashed(rest, dash)?, 1)?;
        let weekday = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
        return Some((NaiveDate::from_isoywd_opt(year, week, weekday)?, rest));
    }
    let run = rest.bytes().take_while(u8::is_ascii_digit).count();
    if run == 3 {
        let (day, rest) = digits(rest, 3)?;
        // Seven digits alone are more likely something else than a day of the year.
        let is_marked = dash || rest.starts_with('T');
        return is_marked.then(|| Some((NaiveDate::from_yo_opt(year, day)?, rest)))?;
    }
    let (month, rest) = digits(rest, 2)?;
    let (day, rest) = digits(dashed(rest, dash)?, 2)?;
    Some((NaiveDate::from_ymd_opt(year, month, day)?, rest))
}

/// `14:05:09.125`, `140509.125` or, as some logs write it, `14.05.09.125`; and the rest.
fn clock(text: &str) -> Option<(ClockPart, &str)> {
    let (hour, rest) = digits(text, 2)?;
    let separator = rest.chars().next().filter(|c| matches!(c, ':' | '.'));
    let part = |rest: &'_ str| -> Option<usize> {
        let rest = separator.map_or(Some(rest), |separator| rest.strip_prefix(separator))?;
        digits(rest, 2).map(|_| 2 + usize::from(separator.is_some()))
    };
    let minutes = part(rest)?;
    let (minute, rest) = (rest[minutes - 2..minutes].parse().ok()?, &rest[minutes..]);
    let Some(seconds) = part(rest) else {
        return Some((ClockPart::new(hour, minute, None, None, Half::Whole)?, rest));
    };
    let (second, mut rest) = (rest[seconds - 2..seconds].parse().ok()?, &rest[seconds..]);
    let mut nanos = None;
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        nanos = Some(nanos_of(&fraction[..length])?);
        rest = &fraction[length..];
    }
    Some((ClockPart::new(hour, minute, Some(second), nanos, Half::Whole)?, rest))
}

/// Nanoseconds from the digits of a fraction of a second; finer digits are dropped.
pub(super) fn nanos_of(fraction: &str) -> Option<u32> {
    let digits = &fraction[..fraction.len().min(9)];
    let number: u32 = digits.parse().ok()?;
    Some(number * 10u32.pow(9 - digits.len() as u32))
}
