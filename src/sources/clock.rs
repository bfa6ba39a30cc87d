//! Machine times: RFC 3339 without detours, and epoch numbers by their digits.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::model::time::{Moment, TimeError};

/// Reads a time that a machine wrote, such as `2026-03-17T14:05:09.125Z` or `…+01:00`.
///
/// The usual form is read by hand, since a long history holds half a million of them; everything
/// else, and every error, is [`Moment::parse`]'s.
///
/// # Errors
/// [`TimeError`]: another shape, no such time, or no zone.
pub fn machine_time(text: &str) -> Result<Moment, TimeError> {
    match rfc3339(text.as_bytes()) {
        Some(instant) => Ok(Moment::exact(instant)),
        None => Moment::parse(text, None),
    }
}

/// The usual form, with seconds.
fn rfc3339(text: &[u8]) -> Option<DateTime<Utc>> {
    let (stamp, rest) = text.split_at_checked(19)?;
    let separators_match = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators_match.iter().any(|&(at, byte)| stamp[at] != byte) {
        return None;
    }
    let part = |from: usize, to: usize| digits(&stamp[from..to]);
    let date = NaiveDate::from_ymd_opt(i32::try_from(part(0, 4)?).ok()?, part(5, 7)?, part(8, 10)?)?;
    let fraction_length = match rest.first()? {
        b'.' => rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    };
    let (nanos, zone) = match fraction_length {
        0 => (0, rest),
        1..=9 => {
            (digits(&rest[1..=fraction_length])? * 10u32.pow(9 - fraction_length as u32), &rest[fraction_length + 1..])
        }
        _ => return None,
    };
    let time = NaiveTime::from_hms_nano_opt(part(11, 13)?, part(14, 16)?, part(17, 19)?, nanos)?;
    let east_minutes = match zone {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            if hours > 14 || minutes > 59 {
                return None;
            }
            let length = i64::from(hours * 60 + minutes);
            if *sign == b'-' { -length } else { length }
        }
        _ => return None,
    };
    date.and_time(time).and_utc().checked_sub_signed(TimeDelta::minutes(east_minutes))
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0u32, |number, byte| {
        byte.is_ascii_digit().then(|| number.checked_mul(10)?.checked_add(u32::from(byte - b'0')))?
    })
}

/// Reads seconds since 1970 from the digits of a JSON number, integer or decimal, never through a
/// floating-point number: `1435781430.781` has no exact one. Digits beyond nanoseconds are dropped.
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

/// The number before the decimal point, which stands after `point` of the digits.
fn whole_number(digits: &[u8], point: i32) -> Option<u128> {
    let point = usize::try_from(point.max(0)).ok()?;
    if point > 36 {
        return None;
    }
    Some((0..point).fold(0u128, |number, at| number * 10 + digits.get(at).map_or(0, |digit| u128::from(digit - b'0'))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_short_way_reads_what_the_long_way_reads() {
        for text in [
            "2026-03-17T14:05:09.125Z",
            "2018-03-07T06:33:21.873077559-05:00",
            "2019-02-21T08:31:24-06:00",
            "2024-02-29T23:59:59Z",
            "0001-01-01T00:00:00Z",
        ] {
            assert!(rfc3339(text.as_bytes()).is_some(), "{text}");
            assert_eq!(machine_time(text), Moment::parse(text, None), "{text}");
        }
        for text in ["2023-02-29T00:00:00Z", "2026-03-17T25:00:00Z", "soon", "", "2026-03-17T14:05:09"] {
            assert_eq!(rfc3339(text.as_bytes()), None);
            assert!(machine_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn epochs_are_read_by_their_digits_and_their_size() {
        let read = |text: &str| epoch(text).map(|instant| instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
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

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}", digits in "[0-9.eE+-]{0,40}") {
            let _ = (machine_time(&text), epoch(&text), epoch(&digits), machine_time(&digits));
        }
    }
}
