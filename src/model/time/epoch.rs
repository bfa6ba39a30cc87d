//! Numbers of the Unix epoch, whose unit is inferred from their digits.

use chrono::{DateTime, Datelike, Utc};

use super::error::TimeError;
use super::moment::Moment;

/// Reads seconds since 1970 from the digits of a JSON number, integer or decimal. It never goes
/// through a floating-point number, which cannot represent `1435781430.781` exactly. Digits beyond
/// nanoseconds are dropped.
///
/// The unit is decided by magnitude, since producers disagree: below 10¹¹ seconds, below 10¹⁴
/// milliseconds, below 10¹⁷ microseconds, else nanoseconds.
pub fn epoch(text: &str) -> Option<DateTime<Utc>> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if whole.is_empty() || all.len() > 60 || !all.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let size = whole_number(&all, point)?;
    let scale = match size {
        0..100_000_000_000 => 9,
        100_000_000_000..100_000_000_000_000 => 6,
        100_000_000_000_000..100_000_000_000_000_000 => 3,
        _ => 0,
    };
    let nanos = whole_number(&all, point.checked_add(scale)?)?;
    let nanos = i128::try_from(nanos).ok()? * if negative { -1 } else { 1 };
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
    let rest = u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?;
    DateTime::from_timestamp(seconds, rest)
}

/// The number before the decimal point; the point follows the first `point` digits.
fn whole_number(digits: &[u8], point: i32) -> Option<u128> {
    let point = usize::try_from(point.max(0)).ok()?;
    if point > 36 {
        return None;
    }
    Some((0..point).fold(0u128, |number, at| {
        number * 10 + digits.get(at).map_or(0, |digit| u128::from(digit - b'0'))
    }))
}

/// Reads an epoch number where a written time is expected: `[1365243900]`. `None` if the text is
/// not one: fewer than nine digits could be anything.
///
/// # Errors
/// [`TimeError::OutOfRange`] for an instant that no incident can have, which shows a broken
/// producer.
pub(super) fn written_epoch(text: &str) -> Option<Result<Moment, TimeError>> {
    let whole = text.split('.').next()?;
    let is_number =
        text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !text.ends_with('.');
    if !is_number || !(9..=19).contains(&whole.len()) {
        return None;
    }
    // Twelve and fourteen digits that begin with 19 or 20 are a date without separators: as
    // milliseconds they would be before 1977 or after 2286.
    if matches!(text.len(), 12 | 14) && matches!(&text[..2], "19" | "20") {
        return None;
    }
    let instant = epoch(text)?;
    Some(if (PLAUSIBLE.0..PLAUSIBLE.1).contains(&instant.year()) {
        Ok(Moment::exact(instant))
    } else {
        Err(TimeError::OutOfRange(text.to_owned()))
    })
}

/// The years that an epoch number in a text may be in. Nothing is reported from before, and a
/// number with a mistaken unit is far outside.
const PLAUSIBLE: (i32, i32) = (1990, 2100);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epoch_unit_follows_from_digits_and_size() {
        let read = |text: &str| {
            epoch(text).map(|instant| instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
        };
        assert_eq!(read("1435781430.781").as_deref(), Some("2015-07-01T20:10:30.781Z"));
        assert_eq!(read("1435781430").as_deref(), Some("2015-07-01T20:10:30Z"));
        assert_eq!(read("1.435781430781e9").as_deref(), Some("2015-07-01T20:10:30.781Z"));
        assert_eq!(read("1435781430781").as_deref(), Some("2015-07-01T20:10:30.781Z"));
        assert_eq!(read("1435781430781000").as_deref(), Some("2015-07-01T20:10:30.781Z"));
        assert_eq!(read("1502709956288000110").as_deref(), Some("2017-08-14T11:25:56.288000110Z"));
        assert_eq!(read("-1.5").as_deref(), Some("1969-12-31T23:59:58.500Z"));
        for text in ["", "soon", "NaN", "1e99", "--1", "9".repeat(70).as_str()] {
            assert_eq!(epoch(text), None, "{text}");
        }
    }

    #[test]
    fn written_epoch_must_be_long_and_plausible() {
        let read =
            |text: &str| written_epoch(text).map(|read| read.map(|moment| moment.to_string()));
        assert_eq!(read("1365243900"), Some(Ok("2013-04-06T10:25:00Z".into())));
        assert_eq!(read("1690826400.25"), Some(Ok("2023-07-31T18:00:00.250Z".into())));
        assert_eq!(read("1690826400250"), Some(Ok("2023-07-31T18:00:00.250Z".into())));
        assert_eq!(
            read("160513393115100000"),
            Some(Err(TimeError::OutOfRange("160513393115100000".into())))
        );
        for text in
            ["20260317", "2013", "202603171405", "20260317140509", "", "1365243900.", "1365243900Z"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
