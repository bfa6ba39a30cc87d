//! Properties of any time in any zone, checked against the time zone database.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use proptest::prelude::*;

use super::*;
use crate::model::elapsed::Elapsed;
use crate::model::zone::{Tz, Zone, ZoneError};

/// A place. The other names in the database (`MST`, `CET`) are labels and are read as such.
fn zone() -> impl Strategy<Value = Tz> {
    let places: Vec<Tz> = Tz::all().filter(|tz| tz.name().contains('/')).collect();
    prop::sample::select(places)
}

/// Seconds of the years from which incidents are reported, in which clock changes are frequent.
fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (631_152_000i64..2_208_988_800)
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap())
}

/// An instant within three hours of a clock change of that zone, if it has one in that year.
fn near_a_change() -> impl Strategy<Value = (Tz, DateTime<Utc>)> {
    (zone(), 1990i32..2037, -3 * 60..3 * 60i64).prop_map(|(tz, year, minutes)| {
        let start =
            NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
        let offset =
            |instant: DateTime<Utc>| Zone::Named(tz).local(instant).offset().local_minus_utc();
        let hours = (0..366 * 24).map(|hour| start + TimeDelta::hours(hour));
        let mut before = offset(start);
        let change = hours
            .step_by(12)
            .find(|&instant| std::mem::replace(&mut before, offset(instant)) != offset(instant));
        let Some(after) = change else { return (tz, start + TimeDelta::minutes(minutes)) };
        let last = (0..24)
            .map(|hour| after - TimeDelta::hours(hour))
            .find(|&instant| offset(instant) != offset(after));
        (tz, last.unwrap_or(after) + TimeDelta::minutes(minutes))
    })
}

/// A time as a person writes it from a local clock, with the name of the zone.
fn written(tz: Tz, instant: DateTime<Utc>, pattern: &str) -> String {
    format!("{} {}", Zone::Named(tz).local(instant).format(pattern), tz.name())
}

/// The same instant is read; or the clock shows that time twice, and both readings are named,
/// including the written one.
fn comes_back(text: &str, instant: DateTime<Utc>, reading: &Reading) -> Result<(), TestCaseError> {
    for read in [Moment::parse(text, None), read(text, reading).map(|read| read.moment)] {
        match read {
            Ok(moment) => prop_assert_eq!(moment.earliest(), instant, "{}", text),
            Err(TimeError::Zone(ZoneError::Local(local))) => {
                prop_assert!(!local.skipped, "{text}: a clock showed it");
                prop_assert!(
                    local.readings.iter().any(|reading| reading.to_utc() == instant),
                    "{}: {:?}",
                    text,
                    local
                );
                prop_assert!(local.readings[0] != local.readings[1]);
                let message = local.to_string();
                for reading in local.readings {
                    prop_assert!(message.contains(&reading.to_rfc3339()), "{message}");
                }
            }
            Err(other) => prop_assert!(false, "{text}: {other}"),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn round_trip_through_any_zone_preserves_the_instant(tz in zone(), instant in instant()) {
        comes_back(&written(tz, instant, "%Y-%m-%d %H:%M:%S"), instant, &Reading::default())?;
    }

    #[test]
    fn round_trip_near_a_clock_change_preserves_the_instant((tz, instant) in near_a_change()) {
        comes_back(&written(tz, instant, "%Y-%m-%d %H:%M:%S"), instant, &Reading::default())?;
    }

    #[test]
    fn round_trip_in_words_with_twelve_hour_clock_preserves_the_instant((tz, instant) in near_a_change()) {
        let text = written(tz, instant, "%A, %-d %B %Y, %-I:%M:%S %p");
        match read(&text, &Reading::default()) {
            Ok(read) => {
                prop_assert_eq!(read.moment, Moment::exact(instant), "{}", text);
                prop_assert_eq!(read.doubts().count(), 0, "{:?}", read.remarks);
            }
            Err(TimeError::Zone(ZoneError::Local(local))) => {
                prop_assert!(local.readings.iter().any(|reading| reading.to_utc() == instant));
            }
            Err(other) => prop_assert!(false, "{text}: {other}"),
        }
    }

    /// A numeric offset is unambiguous, whatever the clock of the place did.
    #[test]
    fn numeric_offset_is_never_ambiguous((tz, instant) in near_a_change()) {
        let local = Zone::Named(tz).local(instant);
        // Offsets from before standard time have seconds, which people do not write.
        prop_assume!(local.offset().local_minus_utc() % 60 == 0);
        for pattern in ["%Y-%m-%dT%H:%M:%S%:z", "%a, %d %b %Y %H:%M:%S %z", "%Y%m%dT%H%M%S%z", "%G-W%V-%uT%H:%M:%S%:z", "%Y-%jT%H:%M:%S%:z", "%d/%b/%Y:%H:%M:%S %z"] {
            let text = local.format(pattern).to_string();
            let read = read(&text, &Reading::default());
            prop_assert_eq!(read.map(|read| read.moment), Ok(Moment::exact(instant)), "{}", text);
        }
    }

    /// A time that a clock skips is an error with the two instants on either side of the gap.
    #[test]
    fn skipped_time_lists_both_readings((tz, instant) in near_a_change()) {
        let before = Zone::Named(tz).local(instant).naive_local();
        let skipped = (0..=180).map(|minutes| before + TimeDelta::minutes(minutes)).find(|local| {
            matches!(Zone::Named(tz).instant(*local), Err(error) if error.skipped)
        });
        if let Some(local) = skipped {
            let error = read(&format!("{} {}", local.format("%Y-%m-%d %H:%M:%S"), tz.name()), &Reading::default());
            let Err(TimeError::Zone(ZoneError::Local(error))) = error else { panic!("{error:?}") };
            let [first, second] = error.readings;
            prop_assert!(first != second && error.skipped);
            prop_assert_eq!([first.naive_local(), second.naive_local()], [local, local]);
        }
    }

    #[test]
    fn epochs_of_every_unit_give_the_same_instant(nanos in 788_918_400_000_000_000i64..4_000_000_000_000_000_000) {
        let instant = DateTime::from_timestamp_nanos(nanos);
        for (digits, unit) in [(1, 1_000_000_000), (1, 1_000_000), (1, 1000), (1, 1)] {
            let number = nanos / unit * digits;
            let expected = instant - TimeDelta::nanoseconds(nanos % unit);
            prop_assert_eq!(epoch(&number.to_string()), Some(expected), "{}", number);
            let read = read(&format!("[{number}]"), &Reading::default());
            prop_assert_eq!(read.map(|read| read.moment.earliest()), Ok(expected), "{}", number);
        }
        let seconds = format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
        prop_assert_eq!(epoch(&seconds), Some(instant));
    }

    #[test]
    fn duration_does_not_depend_on_the_displayed_zone(tz in zone(), from in instant(), seconds in 0i64..400_000) {
        let to = from + TimeDelta::seconds(seconds);
        let through = |instant: DateTime<Utc>| {
            let shown = Zone::Named(tz).local(instant).to_rfc3339();
            read(&shown, &Reading::default()).map_or(Moment::exact(instant), |read| read.moment)
        };
        let direct = Elapsed::between(Moment::exact(from), Moment::exact(to));
        prop_assert_eq!(Elapsed::between(through(from), through(to)), direct);
        prop_assert_eq!((through(to).earliest() - through(from).earliest()).num_seconds(), seconds);
    }

    /// Without am or pm, a time is an interval of both readings, which are twelve hours apart on
    /// the local clock.
    #[test]
    fn missing_am_pm_gives_an_interval_containing_both_readings(instant in instant(), east in -12i32..=14) {
        let offset = chrono::FixedOffset::east_opt(east * 3600).unwrap();
        let local = instant.with_timezone(&offset);
        let local = local - TimeDelta::seconds(i64::from(local.second()));
        let text = format!("{} UTC{east:+}", local.format("%-d %B %Y, %-I:%M"));
        let style = Reading { clock: ClockStyle::Twelve, ..Reading::default() };
        let read = read(&text, &style).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(read.moment.earliest() == local || read.moment.latest() == local, "{}: {}", text, read.moment);
        prop_assert_eq!(read.moment.latest() - read.moment.earliest(), TimeDelta::hours(12));
        prop_assert!(read.remarks.contains(&Remark::HalfUnknown));
    }

    /// Leap days and New Year: a time without its year, within eleven months of an anchor, gets the
    /// right year; a day that the year does not have is an error.
    #[test]
    fn walk_recovers_the_year(start in instant(), days in 0i64..330) {
        let then = start + TimeDelta::days(days);
        let reading = Reading::by_machine(Some(Zone::UTC));
        let mut forward = Walk::new(Moment::exact(start), Direction::Forward, reading);
        let read = forward.next(&then.format("%b %e, %H:%M:%S").to_string());
        prop_assert_eq!(read.map(|read| read.moment), Ok(Moment::exact(then)));
        let mut backward = Walk::new(Moment::exact(then), Direction::Backward, reading);
        let read = backward.next(&start.format("%b %e, %H:%M:%S").to_string());
        prop_assert_eq!(read.map(|read| read.moment), Ok(Moment::exact(start)));
    }

    /// Clock times alone are enough, as long as no pause is longer than 23 hours and the clock does
    /// not change in the pause or in the hour before it, which a walk may go back by.
    #[test]
    fn walk_recovers_the_day(
        start in instant(),
        pauses in prop::collection::vec(0i64..23 * 3600 - 1, 1..12),
        tz in zone(),
    ) {
        let zone = Zone::Named(tz);
        let mut walk = Walk::new(Moment::exact(start), Direction::Forward, Reading::by_machine(Some(zone)));
        let mut instant = start;
        for pause in pauses {
            let (before, after) = (zone.local(instant), zone.local(instant + TimeDelta::seconds(pause)));
            let earlier = zone.local(instant - Walk::OUT_OF_ORDER);
            instant = after.to_utc();
            let is_changed = earlier.offset() != after.offset() || before.offset() != after.offset() || zone.instant(after.naive_local()).is_err();
            let pattern = if is_changed { "%Y-%m-%dT%H:%M:%S%.f%:z" } else { "%H:%M:%S" };
            prop_assume!(after.offset().local_minus_utc() % 60 == 0);
            let read = walk.next(&after.format(pattern).to_string());
            prop_assert_eq!(read.map(|read| read.moment), Ok(Moment::exact(instant)), "{}", after);
        }
    }

    /// A label in its own season is the clock of the place, and nothing is doubtful.
    #[test]
    fn label_in_its_own_season_is_the_local_clock(instant in instant(), place in 0usize..6) {
        let name = ["Europe/Berlin", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "Europe/London", "Asia/Kolkata"][place];
        let tz = Tz::get(name).unwrap();
        let local = Zone::Named(tz).local(instant);
        let setting = tz.setting(instant);
        let label = setting.letters().unwrap();
        let text = format!("{} {label}", local.format("%Y-%m-%d %H:%M:%S"));
        let read = read(&text, &Reading::in_zone(Some(Zone::Named(tz))));
        prop_assert_eq!(read.map(|read| (read.moment, read.remarks)), Ok((Moment::exact(instant), Vec::new())), "{}", text);
    }

    #[test]
    fn no_text_panics(text in ".{0,40}", stamp in "[0-9TWZ:/., +-]{0,24}", words in "([0-9]{1,4}|Mar|am|pm|at|UTC|CET|Fri|[:,/.+() -]|midnight|9999|th){0,9}") {
        let reading = Reading { zone: "Europe/Berlin".parse().ok(), label: Some("CET"), date: NaiveDate::from_ymd_opt(2026, 3, 29), year: Year::Is(2026), order: Some(DateOrder::DayFirst), clock: ClockStyle::Twelve };
        for text in [&text, &stamp, &words] {
            let _ = (Moment::parse(text, reading.zone), epoch(text), read(text, &Reading::default()));
            let read = read(text, &reading);
            for direction in [Direction::Forward, Direction::Backward] {
                for anchor in ["2026-03-29", "2026-10-25T00:30Z"] {
                    let walked = Walk::new(anchor.parse().unwrap(), direction, reading).next(text);
                    if let (Ok(read), Ok(walked)) = (&read, &walked) {
                        prop_assert_eq!(read.moment.precision(), walked.moment.precision(), "{}", text);
                    }
                }
            }
        }
    }

    /// A time that was read is written and read back as the same moment.
    #[test]
    fn parsed_moments_round_trip_through_the_file(local in instant(), text in "(noon|9:45|09:45|9:45:10|2pm|) ?UTC") {
        let date: NaiveDateTime = local.naive_utc();
        let stamp = format!("{text} {}", date.format("%-d %b %Y"));
        if let Ok(read) = read(&stamp, &Reading::default()) {
            prop_assert_eq!(read.moment.to_string().parse::<Moment>(), Ok(read.moment), "{}", stamp);
        }
    }
}
