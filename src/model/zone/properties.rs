//! The clocks of places: known changes of the law, and properties of every place and instant.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use proptest::prelude::*;

use super::tz::{Shown, at_offset};
use super::*;

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn at(local: &str, zone: &str) -> String {
    let found = zone_at(local.parse().unwrap(), zone, None)
        .and_then(|zone| Ok(zone.instant(local.parse().unwrap())?));
    found.map_or_else(|error| error.to_string(), |instant| instant.format("%FT%RZ").to_string())
}

#[test]
fn time_zone_release_is_a_year_and_a_letter() {
    let (year, letter) = release().split_at(4);
    assert!(year.parse::<u16>().unwrap() >= 2026 && letter.len() == 1, "{}", release());
}

/// Changes of the law in 2026 and later, next to the last instants of the old rules.
#[test]
fn recent_changes_of_law_are_known() {
    for (local, zone, expected) in [
        ("2026-11-15T12:00:00", "America/Vancouver", "2026-11-15T19:00Z"),
        ("2025-11-15T12:00:00", "America/Vancouver", "2025-11-15T20:00Z"),
        ("2026-11-15T12:00:00", "America/Winnipeg", "2026-11-15T17:00Z"),
        ("2025-11-15T12:00:00", "America/Winnipeg", "2025-11-15T18:00Z"),
        ("2026-11-15T12:00:00", "America/Edmonton", "2026-11-15T18:00Z"),
        ("2025-11-15T12:00:00", "America/Edmonton", "2025-11-15T19:00Z"),
        ("2026-10-15T12:00:00", "Africa/Casablanca", "2026-10-15T12:00Z"),
        ("2025-10-15T12:00:00", "Africa/Casablanca", "2025-10-15T11:00Z"),
        ("2025-03-15T12:00:00", "Africa/Casablanca", "2025-03-15T12:00Z"),
        ("2026-12-15T12:00:00", "America/Havana", "2026-12-15T16:00Z"),
        ("2025-12-15T12:00:00", "America/Havana", "2025-12-15T17:00Z"),
        ("2026-12-15T12:00:00", "Alberta Standard Time", "2026-12-15T18:00Z"),
        ("2026-12-15T12:00:00", "british columbia standard time", "2026-12-15T19:00Z"),
        ("2026-12-15T12:00:00", "Manitoba Standard Time", "2026-12-15T17:00Z"),
    ] {
        assert_eq!(at(local, zone), expected, "{local} {zone}");
    }
}

#[test]
fn gaps_and_folds_follow_the_zone_rules() {
    let shown = |zone: &str, local: &str| {
        let offset = |offset: FixedOffset| offset.to_string();
        match Tz::get(zone).unwrap().shown(local.parse().unwrap()) {
            Shown::Once(one) => offset(one),
            Shown::Never(before, after) => {
                format!("never, {} to {}", offset(before), offset(after))
            }
            Shown::Twice(before, after) => {
                format!("twice, {} to {}", offset(before), offset(after))
            }
        }
    };
    for (zone, local, expected) in [
        ("Europe/Berlin", "2026-03-29T01:59:59", "+01:00"),
        ("Europe/Berlin", "2026-03-29T02:00:00", "never, +01:00 to +02:00"),
        ("Europe/Berlin", "2026-03-29T02:59:59.9", "never, +01:00 to +02:00"),
        ("Europe/Berlin", "2026-03-29T03:00:00", "+02:00"),
        ("Europe/Berlin", "2026-10-25T02:00:00", "twice, +02:00 to +01:00"),
        ("Europe/Berlin", "2026-10-25T03:00:00", "+01:00"),
        ("America/New_York", "2050-03-13T02:30:00", "never, -05:00 to -04:00"),
        ("America/New_York", "2050-11-06T01:30:00", "twice, -04:00 to -05:00"),
        // A clock change of half an hour.
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "never, +10:30 to +11:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:30:00", "+11:00"),
        ("Australia/Lord_Howe", "2026-04-05T01:45:00", "twice, +11:00 to +10:30"),
        // 30 December 2011 did not exist in Samoa and Tokelau, which moved across the date line.
        ("Pacific/Apia", "2011-12-29T23:59:59", "-10:00"),
        ("Pacific/Apia", "2011-12-30T12:00:00", "never, -10:00 to +14:00"),
        ("Pacific/Apia", "2011-12-31T00:00:00", "+14:00"),
        ("Pacific/Fakaofo", "2011-12-30T00:00:00", "never, -11:00 to +13:00"),
        ("Pacific/Fakaofo", "2011-12-31T00:00:00", "+13:00"),
        // Ramadan 2026: by law, the clock went back in the middle of February.
        ("Africa/Casablanca", "2026-02-15T02:30:00", "twice, +01:00 to +00:00"),
        ("Africa/Casablanca", "2026-03-22T02:30:00", "never, +00:00 to +01:00"),
        // Standard time itself was changed.
        ("Europe/Moscow", "2014-10-26T01:30:00", "twice, +04:00 to +03:00"),
        ("Asia/Pyongyang", "2018-05-04T23:45:00", "never, +08:30 to +09:00"),
    ] {
        assert_eq!(shown(zone, local), expected, "{local} {zone}");
    }
}

/// The rules of the European Union, and of the United States since 2007, implemented independently.
#[test]
fn eu_and_us_rules_hold_in_every_year() {
    let sunday = |year: i32, month: u32, from: u32| {
        let days = (from..).map_while(|day| NaiveDate::from_ymd_opt(year, month, day));
        days.into_iter().find(|day| day.weekday() == Weekday::Sun).unwrap()
    };
    let instant = |day: NaiveDate, hour: u32| day.and_hms_opt(hour, 0, 0).unwrap().and_utc();
    for year in 1996..2100 {
        let (berlin, summer) =
            (Tz::get("Europe/Berlin").unwrap(), [sunday(year, 3, 25), sunday(year, 10, 25)]);
        for (day, before, after) in [(summer[0], 3600, 7200), (summer[1], 7200, 3600)] {
            let change = instant(day, 1);
            assert_eq!(
                berlin.offset(change - TimeDelta::seconds(1)).local_minus_utc(),
                before,
                "{change}"
            );
            assert_eq!(berlin.offset(change).local_minus_utc(), after, "{change}");
        }
        if year >= 2007 {
            let new_york = Tz::get("America/New_York").unwrap();
            for (day, hour, before, after) in
                [(sunday(year, 3, 8), 7, -5, -4), (sunday(year, 11, 1), 6, -4, -5)]
            {
                let change = instant(day, hour);
                assert_eq!(
                    new_york.offset(change - TimeDelta::seconds(1)).local_minus_utc(),
                    before * 3600,
                    "{change}"
                );
                assert_eq!(new_york.offset(change).local_minus_utc(), after * 3600, "{change}");
            }
        }
    }
}

#[test]
fn abbreviations_use_the_offset_of_their_date() {
    let read = |local: &str, label: &str, home: Option<&str>| {
        let home = home.map(|home| home.parse().unwrap());
        instant_of(local.parse().unwrap(), label, home)
            .map(|instant| instant.format("%H:%MZ").to_string())
            .unwrap()
    };
    for (local, label, home, expected) in [
        ("2012-07-01T12:00:00", "MSK", "Europe/Moscow", "08:00Z"),
        ("2012-01-01T12:00:00", "msk", "Europe/Moscow", "08:00Z"),
        ("2010-12-01T12:00:00", "MSK", "Europe/Moscow", "09:00Z"),
        ("2010-07-01T12:00:00", "MSD", "Europe/Moscow", "08:00Z"),
        ("2015-07-01T12:00:00", "MSK", "Europe/Moscow", "09:00Z"),
        // The months before and after a change of the law.
        ("2011-03-26T12:00:00", "MSK", "Europe/Moscow", "09:00Z"),
        ("2011-03-28T12:00:00", "MSK", "Europe/Moscow", "08:00Z"),
        ("2014-10-25T12:00:00", "MSK", "Europe/Moscow", "08:00Z"),
        ("2014-10-27T12:00:00", "MSK", "Europe/Moscow", "09:00Z"),
        // A home that adopted these letters in 2014.
        ("2013-07-01T12:00:00", "MSK", "Europe/Simferopol", "08:00Z"),
        ("2015-07-01T12:00:00", "MSK", "Europe/Simferopol", "09:00Z"),
        // Where the database has only digits.
        ("2013-07-01T12:00:00", "YEKT", "Asia/Yekaterinburg", "06:00Z"),
        ("2016-07-01T12:00:00", "YEKT", "Asia/Yekaterinburg", "07:00Z"),
        ("2010-07-01T12:00:00", "VET", "America/Caracas", "16:30Z"),
        ("2020-07-01T12:00:00", "VET", "America/Caracas", "16:00Z"),
        // Letters that are not in our table.
        ("1943-07-01T12:00:00", "EWT", "America/New_York", "16:00Z"),
        // The season is not an era: the literal offset applies.
        ("2023-06-11T12:00:00", "CET", "Europe/Berlin", "11:00Z"),
        ("2026-12-01T12:00:00", "PDT", "America/Los_Angeles", "19:00Z"),
    ] {
        assert_eq!(read(local, label, Some(home)), expected, "{local} {label} in {home}");
    }
    // A label of a single place has its era without a home, too.
    assert_eq!(read("2012-07-01T12:00:00", "MSK", None), "08:00Z");
    assert_eq!(read("2020-07-01T12:00:00", "MSK", None), "09:00Z");
    assert_eq!(read("2009-07-01T12:00:00", "VET", None), "16:30Z");
}

fn place() -> impl Strategy<Value = Tz> {
    prop::sample::select(Tz::all().collect::<Vec<_>>())
}

proptest! {
    /// The local time of an instant is read back as that instant, or the instant is one of the two
    /// readings.
    #[test]
    fn local_time_reads_back_as_its_instant(tz in place(), seconds in -5_000_000_000i64..6_000_000_000) {
        let instant = DateTime::from_timestamp(seconds, 0).unwrap();
        let local = Zone::Named(tz).local(instant).naive_local();
        match tz.shown(local) {
            Shown::Once(offset) => prop_assert_eq!(at_offset(local, offset).to_utc(), instant),
            Shown::Twice(first, second) => {
                let readings = [first, second].map(|offset| at_offset(local, offset).to_utc());
                prop_assert!(readings[0] < readings[1] && readings.contains(&instant), "{readings:?}");
            }
            Shown::Never(..) => prop_assert!(false, "{tz} shows {local}"),
        }
    }

    /// A gap is on either side of one instant, and the clock shows both of its ends.
    #[test]
    fn gap_is_one_clock_change(tz in place(), seconds in -2_000_000_000i64..4_000_000_000) {
        let around = DateTime::from_timestamp(seconds, 0).unwrap();
        for (change, after) in tz.settings(around..=around + TimeDelta::days(400)).into_iter().skip(1) {
            let before = tz.offset(change - TimeDelta::seconds(1));
            prop_assert_eq!(tz.offset(change), after.offset);
            let skipped = after.offset.local_minus_utc() - before.local_minus_utc();
            let middle = change.naive_utc() + before + TimeDelta::seconds(i64::from(skipped / 2));
            match skipped.signum() {
                1 => prop_assert_eq!(tz.shown(middle), Shown::Never(before, after.offset)),
                -1 => prop_assert_eq!(tz.shown(middle), Shown::Twice(before, after.offset)),
                // New letters with the same offset.
                _ => prop_assert_eq!(tz.shown(middle), Shown::Once(before)),
            }
            let first_at = Zone::Named(tz).first_at(change.naive_utc() + before);
            let end_of_fold = change - TimeDelta::seconds(i64::from(skipped));
            prop_assert_eq!(first_at, if skipped < 0 { end_of_fold } else { change });
        }
    }

    /// No instant or local time of chrono panics.
    #[test]
    fn calendar_limits_do_not_panic(tz in place(), year in prop::sample::select(vec![-200_000, -10_000, -9_999, 0, 1, 9_999, 10_000, 200_000])) {
        for (month, day) in [(1, 1), (12, 31)] {
            let local: NaiveDateTime = NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(23, 59, 59).unwrap();
            let zone = Zone::Named(tz);
            let instant = zone.instant(local);
            prop_assert!(instant.is_ok_and(|instant| zone.local(instant).naive_local() == local));
        }
    }
}

/// Greenland remained at -02:00 that night; the rule for later years would have gone back to it.
#[test]
fn future_rule_does_not_apply_before_it_starts() {
    let nuuk = Tz::get("America/Nuuk").unwrap();
    let shown = |local: &str| nuuk.shown(local.parse().unwrap());
    let hours = |hours| FixedOffset::east_opt(hours * 3600).unwrap();
    assert_eq!(shown("2023-10-28T23:30:00"), Shown::Once(hours(-2)));
    assert_eq!(shown("2024-10-26T23:30:00"), Shown::Twice(hours(-1), hours(-2)));
    assert_eq!(shown("2023-03-25T22:30:00"), Shown::Never(hours(-3), hours(-2)));
}

#[test]
fn place_lookup_ignores_case_and_prints_the_canonical_name() {
    assert_eq!(Tz::get("europe/BERLIN").unwrap().name(), "Europe/Berlin");
    assert_eq!(Tz::get("Europe/Berlin"), Tz::get("EUROPE/berlin"));
    assert_ne!(Tz::get("Europe/Berlin"), Tz::get("Europe/Paris"));
    assert_eq!(Tz::get("Factory"), None);
    assert!(Tz::all().count() > 590);
    assert_eq!(
        Zone::UTC.local(utc("2026-01-01T00:00:00Z")).to_rfc3339(),
        "2026-01-01T00:00:00+00:00"
    );
}
