//! Tests of clock times whose day comes from the lines before.

use super::*;

#[test]
fn walk_carries_clock_times_across_midnight() {
    // The anchor and the labels are as on a vendor's page: a date once, then clock times.
    let reading = Reading {
        clock: ClockStyle::TwentyFour,
        ..Reading::in_zone(Some(zone("America/Los_Angeles")))
    };
    let mut walk = Walk::new(
        Moment::day(date("2021-12-07"), zone("America/Los_Angeles")).unwrap(),
        Direction::Forward,
        reading,
    );
    let mut next =
        |text: &str| walk.next(text).map(|read| (read.moment.to_string(), read.remarks)).unwrap();
    let day = Remark::DateFromContext;
    assert_eq!(next(" 6:06 PM PST"), ("2021-12-08T02:06Z".into(), vec![day(date("2021-12-07"))]));
    assert_eq!(next("11:50 PM PST").0, "2021-12-08T07:50Z");
    let past = date("2021-12-08");
    assert_eq!(
        next("12:10 AM PST"),
        ("2021-12-08T08:10Z".into(), vec![day(past), Remark::AnotherDay(past)])
    );
    let late = Remark::OutOfOrder(TimeDelta::minutes(12));
    assert_eq!(
        next("11:58 PM PST"),
        ("2021-12-08T07:58Z".into(), vec![day(date("2021-12-07")), late])
    );
    assert_eq!(
        next("12:10 AM PST").0,
        "2021-12-08T08:10Z",
        "what is out of order does not move the walk"
    );
    assert_eq!(next("Dec 9, 8:00 AM PST").0, "2021-12-09T16:00Z");
    assert_eq!(next("midnight PST").0, "2021-12-10T08:00Z");
    assert_eq!(next("2021-12-12 10:00 PST").0, "2021-12-12T18:00Z");
    assert_eq!(next("10:00 PST").0, "2021-12-12T18:00Z");
}

/// The times of a list below a date, each with the zone of the list and that of the line.
#[test]
fn entry_date_uses_the_zone_of_the_entry() {
    let day = date("2025-06-25");
    let walked = |reading: Reading, direction, stamps: &[&str]| {
        let mut walk = Walk::on(day, direction, reading).unwrap();
        stamps
            .iter()
            .map(|stamp| walk.next(stamp).unwrap().moment.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let forward = |home: &str, label, stamps: &[&str]| {
        let home = Some(home).filter(|home| !home.is_empty()).map(zone);
        walked(Reading { zone: home, label, ..Reading::default() }, Direction::Forward, stamps)
    };
    for (home, label, first) in [
        ("", Some("EST"), "2025-06-26T04:50Z"),
        ("UTC", Some("EST"), "2025-06-26T04:50Z"),
        ("America/New_York", Some("EST"), "2025-06-26T04:50Z"),
        ("Australia/Sydney", Some("EST"), "2025-06-25T13:50Z"),
        ("", Some("CET"), "2025-06-25T22:50Z"),
        ("", Some("CEST"), "2025-06-25T21:50Z"),
        ("", Some("IST"), "2025-06-25T18:20Z"),
        ("", Some("NPT"), "2025-06-25T18:05Z"),
        ("", Some("NZST"), "2025-06-25T11:50Z"),
        ("Pacific/Kiritimati", None, "2025-06-25T09:50Z"),
        ("Pacific/Pago_Pago", None, "2025-06-26T10:50Z"),
        ("Asia/Kolkata", None, "2025-06-25T18:20Z"),
    ] {
        assert_eq!(forward(home, label, &["23:50"]), first, "{label:?} in {home}");
    }
    // Each line may have another zone, and a list may cross midnight twice.
    assert_eq!(forward("UTC", None, &["23:50 PST"]), "2025-06-26T07:50Z");
    assert_eq!(forward("America/Los_Angeles", None, &["00:10 UTC"]), "2025-06-25T00:10Z");
    assert_eq!(
        forward("", Some("EST"), &["23:50", "00:15", "13:00", "23:55", "00:05"]),
        "2025-06-26T04:50Z 2025-06-26T05:15Z 2025-06-26T18:00Z 2025-06-27T04:55Z 2025-06-27T05:05Z"
    );
    let reading = Reading { label: Some("EST"), ..Reading::default() };
    assert_eq!(
        walked(reading, Direction::Backward, &["00:15", "23:50"]),
        "2025-06-25T05:15Z 2025-06-25T04:50Z"
    );
    // A day in the middle of a list is such a date too.
    let mut walk = Walk::on(day, Direction::Forward, reading).unwrap();
    for (stamp, expected) in
        [("10:00", "2025-06-25T15:00Z"), ("2025-06-27", "27T05"), ("23:50", "2025-06-28T04:50Z")]
    {
        let read = walk.next(stamp).unwrap().moment.to_string();
        assert!(read.contains(expected), "{stamp}: {read}");
    }
}

#[test]
fn walk_goes_backwards_across_new_year() {
    let published = "2014-01-01T17:09:00Z".parse().unwrap();
    let mut walk = Walk::new(published, Direction::Backward, Reading::by_machine(None));
    let mut next = |text: &str| walk.next(text).map(|read| read.moment.to_string()).unwrap();
    assert_eq!(next("Jan  1, 9:09 PST8PDT"), "2014-01-01T17:09Z");
    assert_eq!(next("Dec 31, 22:22 UTC"), "2013-12-31T22:22Z");
    assert_eq!(next("22:50 UTC"), "2013-12-31T22:50Z", "out of order by 28 minutes");
    assert_eq!(next("23:40 UTC"), "2013-12-30T23:40Z");
    assert_eq!(
        next("Feb 2, 10:00 UTC"),
        "2013-02-02T10:00Z",
        "eleven months back, and not two ahead"
    );
}

#[test]
fn am_pm_is_inferred_only_if_the_other_half_is_impossible() {
    let reading = Reading { clock: ClockStyle::Twelve, ..Reading::in_zone(Some(Zone::UTC)) };
    let start: Moment = "2026-03-17T08:00Z".parse().unwrap();
    let mut walk = Walk::new(start, Direction::Forward, reading);
    assert_eq!(
        walk.next("9:45").unwrap().moment.to_string(),
        "2026-03-17T09:45Z..2026-03-17T21:45Z"
    );
    // 9:45 in either half is followed by 2:45: at the earliest in the same half, at the latest one
    // half later.
    assert_eq!(
        walk.next("2:45").unwrap().moment.to_string(),
        "2026-03-17T14:45Z..2026-03-18T14:45Z"
    );

    let mut bounded =
        Walk::new(start, Direction::Forward, reading).until("2026-03-17T12:00:00Z".parse().ok());
    let read = bounded.next("9:45").unwrap();
    assert_eq!(read.moment.to_string(), "2026-03-17T09:45Z");
    assert!(read.remarks.contains(&Remark::HalfFromWalk), "{:?}", read.remarks);
}

#[test]
fn walk_needs_a_zone_and_stops_at_a_clock_change() {
    let day = "2026-10-25".parse().unwrap();
    let mut without = Walk::new(day, Direction::Forward, Reading::default());
    assert!(matches!(without.next("10:05:00"), Err(TimeError::NoZone(_))));
    let berlin = Reading::in_zone(Some(zone("Europe/Berlin")));
    let mut walk = Walk::new(
        Moment::day(date("2026-10-25"), zone("Europe/Berlin")).unwrap(),
        Direction::Forward,
        berlin,
    );
    assert_eq!(walk.next("01:30").unwrap().moment.to_string(), "2026-10-24T23:30Z");
    let doubled = walk.next("02:30").unwrap_err().to_string();
    assert!(
        doubled.contains("happens twice")
            && doubled.contains("+02:00")
            && doubled.contains("+01:00"),
        "{doubled}"
    );
    assert_eq!(walk.next("03:30").unwrap().moment.to_string(), "2026-10-25T02:30Z");
}
