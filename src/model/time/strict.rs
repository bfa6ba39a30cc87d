//! The form of times in incident files, and RFC 3339, the form in which machines write times.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::error::TimeError;
use super::leap;
use super::moment::{Moment, Precision};
use super::suffix;
use crate::model::zone::{self, Zone};

impl Moment {
    /// Reads the form of the incident file. `home` is the zone of the file: it sets the bounds of
    /// days and decides between the meanings of an abbreviation.
    ///
    /// # Errors
    /// [`TimeError`], whose message shows the form of a time.
    pub fn parse(text: &str, home: Option<Zone>) -> Result<Self, TimeError> {
        let text = text.trim();
        // The fast path: nearly every time of a file is in this form, and a folder has half a
        // million.
        if let Some((instant, precision)) = rfc3339(text.as_bytes()) {
            return Ok(Moment { precision, ..Moment::exact(instant) });
        }
        let (about, text) = match text.strip_prefix('~') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text),
        };
        let moment = match text.split_once("..") {
            Some((from, to)) => whole_days(Moment::between(
                parse_point(from.trim(), home)?,
                parse_point(to.trim(), home)?,
            )?),
            None => parse_point(text, home)?,
        };
        Ok(Moment { about: about || moment.about, ..moment })
    }
}

/// An interval from the first to the last second of one or more days is read as those days: this is
/// how a day in another zone than UTC is written. A day with a clock change is shorter or longer by
/// about an hour.
fn whole_days(moment: Moment) -> Moment {
    let length = moment.latest() - moment.earliest() + TimeDelta::seconds(1);
    let ends_with_a_day = moment.precision() == Precision::Second
        && moment.earliest().timestamp() % 60 == 0
        && moment.latest().timestamp() % 60 == 59
        && length >= TimeDelta::hours(22)
        && length.num_seconds() % 1800 == 0;
    if ends_with_a_day { Moment { precision: Precision::Day, ..moment } } else { moment }
}

fn parse_point(text: &str, home: Option<Zone>) -> Result<Moment, TimeError> {
    let shape = || TimeError::Shape(text.to_owned());
    let out_of_range = || TimeError::OutOfRange(text.to_owned());
    let date_text = text.get(..10).ok_or_else(shape)?;
    let date_like = date_text
        .bytes()
        .enumerate()
        .all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    if !date_like {
        return Err(shape());
    }
    let date = NaiveDate::parse_from_str(date_text, "%Y-%m-%d").map_err(|_| out_of_range())?;
    let rest = &text[10..];
    if rest.is_empty() {
        return Moment::day(date, home.unwrap_or(Zone::UTC)).ok_or_else(out_of_range);
    }
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or_else(shape)?.trim_start();
    let clock_length =
        rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(rest.len());
    let (clock, zone_text) = rest.split_at(clock_length);
    let Clock { time, precision, is_leap } =
        parse_clock(clock).ok_or_else(shape)?.ok_or_else(out_of_range)?;
    let (zone_text, local) = (zone_text.trim(), NaiveDateTime::new(date, time));
    let instant = match (suffix::read(text, zone_text)?, home) {
        (Some(suffix), _) => suffix.instant(text, local, home)?,
        (None, Some(home)) if zone_text.is_empty() && zone::takes_naive_times() => {
            home.instant(local).map_err(zone::ZoneError::from)?
        }
        (None, _) if zone_text.is_empty() => return Err(TimeError::NoZone(text.to_owned())),
        (None, _) => zone::instant_of(local, zone_text, home)?,
    };
    let instant =
        if is_leap { leap::second_after(instant).ok_or_else(out_of_range)? } else { instant };
    Ok(Moment { precision, ..Moment::exact(instant) })
}

struct Clock {
    /// The second is 59 for a leap second.
    time: NaiveTime,
    precision: Precision,
    /// Whether the second is 60.
    is_leap: bool,
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fff`. `None` for another form, `Some(None)` for a time that
/// does not exist.
fn parse_clock(text: &str) -> Option<Option<Clock>> {
    let two_digits = |part: &str| -> Option<u32> {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let mut parts = text.split(':');
    let (hour, minute) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let Some(seconds) = parts.next() else {
        let time = NaiveTime::from_hms_opt(hour, minute, 0);
        return Some(time.map(|time| Clock { time, precision: Precision::Minute, is_leap: false }));
    };
    if parts.next().is_some() {
        return None;
    }
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let second = two_digits(whole)?;
    if fraction.len() > 9
        || (seconds.contains('.') && fraction.is_empty())
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let nanos: u32 = format!("{fraction:0<9}").parse().ok()?;
    // As in `Moment::exact`: clocks that have no fractions write a fraction of zero.
    let precision = if nanos == 0 { Precision::Second } else { Precision::Subsecond };
    let (second, is_leap) = if second == 60 { (59, true) } else { (second, false) };
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos);
    Some(time.map(|time| Clock { time, precision, is_leap }))
}

/// The usual form, parsed by hand and without allocating: `2026-03-17T14:05Z`, with or without
/// seconds and their fraction, and `Z` or a numeric offset. `None` for anything else.
pub(super) fn rfc3339(text: &[u8]) -> Option<(DateTime<Utc>, Precision)> {
    let (stamp, mut rest) = text.split_at_checked(16)?;
    if [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':')].iter().any(|&(at, byte)| stamp[at] != byte) {
        return None;
    }
    let part = |from: usize, to: usize| digits(&stamp[from..to]);
    let date =
        NaiveDate::from_ymd_opt(i32::try_from(part(0, 4)?).ok()?, part(5, 7)?, part(8, 10)?)?;
    let (mut second, mut nanos, mut precision) = (0, 0, Precision::Minute);
    if let [b':', tens, ones, after @ ..] = rest {
        (second, precision, rest) = (digits(&[*tens, *ones])?, Precision::Second, after);
        if let [b'.', after @ ..] = rest {
            let length = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if !(1..=9).contains(&length) {
                return None;
            }
            nanos = digits(&after[..length])? * 10u32.pow(9 - length as u32);
            rest = &after[length..];
            if nanos > 0 {
                precision = Precision::Subsecond;
            }
        }
    }
    let time = NaiveTime::from_hms_nano_opt(part(11, 13)?, part(14, 16)?, second, nanos)?;
    let east_minutes = match rest {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            let length = i32::try_from(hours * 60 + minutes).ok()?;
            let east = if *sign == b'-' { -length } else { length };
            if minutes > 59 || !zone::OFFSETS.contains(&east) {
                return None;
            }
            i64::from(east)
        }
        _ => return None,
    };
    let instant =
        date.and_time(time).and_utc().checked_sub_signed(TimeDelta::minutes(east_minutes))?;
    Some((instant, precision))
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0u32, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number.checked_mul(10)?.checked_add(u32::from(byte - b'0')))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_path_agrees_with_the_full_parser() {
        for text in [
            "2026-03-17T14:05Z",
            "2026-03-17T14:05:09.125Z",
            "2026-03-17T14:05:09.000Z",
            "2018-03-07T06:33:21.873077559-05:00",
            "2019-02-21T08:31-06:00",
            "2024-02-29T23:59:59Z",
            "0001-01-01T00:00:00Z",
        ] {
            let (instant, precision) = rfc3339(text.as_bytes()).expect(text);
            let long = parse_point(text, None).expect(text);
            assert_eq!((long.earliest(), long.precision()), (instant, precision), "{text}");
        }
        for text in [
            "2023-02-29T00:00:00Z",
            "2026-03-17T25:00:00Z",
            "2026-03-17T24:00Z",
            "2026-06-30T23:59:60Z",
            "2016-12-31T23:59:61Z",
            "2016-12-31T22:59:60Z",
            "2016-12-31T23:59:60+01:00",
            "2026-03-17T14:05-13:00",
            "2026-03-17T14:05-14:59",
            "2026-03-17T14:05+14:30",
            "2026-03-17T14:05:09.Z",
            "2026-03-17T14:05:9Z",
            "2026-03-17T14:05:09",
            "soon",
            "",
        ] {
            assert_eq!(rfc3339(text.as_bytes()), None, "{text}");
            assert!(Moment::parse(text, None).is_err(), "{text}");
        }
    }
    #[test]
    fn leap_second_is_between_its_neighbours() {
        let read = |text: &str| {
            Moment::parse(text, None).unwrap_or_else(|error| panic!("{text}: {error}"))
        };
        for text in [
            "2016-12-31T23:59:60Z",
            "2017-01-01T00:59:60+01:00",
            "2017-01-01T05:29:60+05:30",
            "2016-12-31T18:59:60 America/New_York",
            "2017-01-01T09:59:60.000+10:00[Australia/Brisbane]",
        ] {
            assert_eq!(read(text).to_string(), "2016-12-31T23:59:60Z", "{text}");
            assert_eq!(read(text).precision(), Precision::Second, "{text}");
        }
        let fraction = read("2012-06-30T23:59:60.25Z");
        assert_eq!(
            (fraction.to_string().as_str(), fraction.precision()),
            ("2012-06-30T23:59:60.250Z", Precision::Subsecond)
        );
        let leap = read("2016-12-31T23:59:60Z");
        assert!(read("2016-12-31T23:59:59.9Z") < leap && leap < read("2017-01-01T00:00:00Z"));
        assert_eq!(
            leap.earliest() - read("2016-12-31T23:59:00Z").earliest(),
            TimeDelta::seconds(60)
        );
        let berlin = "Europe/Berlin".parse().unwrap();
        assert_eq!(leap.display_in(berlin), "2017-01-01 00:59:60 CET");
        let interval = read("2016-12-31T23:59:60Z..2017-01-01T00:10:00Z");
        assert_eq!(interval.to_string(), "2016-12-31T23:59:60Z..2017-01-01T00:10:00Z");
    }
}
