//! Every form in which times are written, one line each.

use chrono::{NaiveDate, TimeDelta};

use super::*;
use crate::model::zone::Zone;

mod carried_dates;

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The time that was read, in the form of incident files; or the error.
fn outcome(text: &str, reading: &Reading) -> String {
    match read(text, reading) {
        Ok(read) => read.moment.to_string(),
        Err(error) => error.to_string(),
    }
}

fn doubts(text: &str, reading: &Reading) -> Vec<String> {
    read(text, reading).expect(text).doubts().map(ToString::to_string).collect()
}

#[test]
fn complete_time_formats_are_parsed() {
    for (text, expected) in [
        // RFC 3339 and its relatives.
        ("2026-03-17T14:05:09Z", "2026-03-17T14:05:09Z"),
        ("2026-03-17T14:05Z", "2026-03-17T14:05Z"),
        ("2026-03-17t14:05:09.5z", "2026-03-17T14:05:09.500Z"),
        ("2026-03-17 15:05:09.125+01:00", "2026-03-17T14:05:09.125Z"),
        ("2019-02-12T15:45:24.006+0000", "2019-02-12T15:45:24.006Z"),
        ("2018-03-07T06:33:21.873077559-05:00", "2018-03-07T11:33:21.873077559Z"),
        ("2026-03-17T15:05+01:00[Europe/Berlin]", "2026-03-17T14:05Z"),
        ("2024-06-30T9:15:00-00:00", "2024-06-30T09:15:00Z"),
        // RFC 2822.
        ("Tue, 17 Mar 2026 14:05:09 +0100", "2026-03-17T13:05:09Z"),
        ("Thu, 23 Jul 2026 16:29:09 Z", "2026-07-23T16:29:09Z"),
        ("Wed,  8 Feb 2017 09:46:27 PDT", "2017-02-08T16:46:27Z"),
        ("Tue, 17 Mar 2026 14:05:09 -0700 (PDT)", "2026-03-17T21:05:09Z"),
        ("17 Mar 2026 14:05 GMT", "2026-03-17T14:05Z"),
        // ISO 8601: basic, weeks, days of the year.
        ("20260317T140509Z", "2026-03-17T14:05:09Z"),
        ("20260317T1405+0100", "2026-03-17T13:05Z"),
        ("20260317T140509.25 Europe/Berlin", "2026-03-17T13:05:09.250Z"),
        ("20240228-11:51:20 UTC", "2024-02-28T11:51:20Z"),
        ("2005-06-03-15.42.50.363779 -0700", "2005-06-03T22:42:50.363779Z"),
        ("20260317140509Z", "2026-03-17T14:05:09Z"),
        ("2026-W12-2T14:05Z", "2026-03-17T14:05Z"),
        ("2026W122T1405Z", "2026-03-17T14:05Z"),
        ("2020-W53-7", "2021-01-03"),
        ("2026-076T14:05Z", "2026-03-17T14:05Z"),
        ("2026076T1405Z", "2026-03-17T14:05Z"),
        ("20260317", "2026-03-17"),
        ("2026-03-17", "2026-03-17"),
        // Epoch numbers.
        ("[1365243900]", "2013-04-06T10:25:00Z"),
        ("1365243900", "2013-04-06T10:25:00Z"),
        ("~1365243900", "~2013-04-06T10:25:00Z"),
        ("1365243900.125", "2013-04-06T10:25:00.125Z"),
        ("1365243900125", "2013-04-06T10:25:00.125Z"),
        ("1365243900125000", "2013-04-06T10:25:00.125Z"),
        ("1502709956288000110", "2017-08-14T11:25:56.288000110Z"),
        // Dates in every order.
        ("2025/07/04", "2025-07-04"),
        ("2025/07/04 11:06 +08:00", "2025-07-04T03:06Z"),
        ("2025.07.04 11:06 +08", "2025-07-04T03:06Z"),
        ("Aug 11th 2023", "2023-08-11"),
        ("Friday August 11th 2023", "2023-08-11"),
        ("11 August 2023, 13:36 CEST", "2023-08-11T11:36Z"),
        ("the 11th of August 2023 at 13:36 CEST", "2023-08-11T11:36Z"),
        ("11. August 2023 13:36 MESZ", "2023-08-11T11:36Z"),
        ("Sept. 3, 2024, 4:05 p.m. EDT", "2024-09-03T20:05Z"),
        ("11.10.2023 12:37 CEST", "2023-10-11T10:37Z"),
        ("31/12/2025 23:59 UTC", "2025-12-31T23:59Z"),
        ("12/31/2025 23:59 UTC", "2025-12-31T23:59Z"),
        ("04/04/2025 10:00:00 UTC", "2025-04-04T10:00:00Z"),
        ("10-Oct-2000 13:55:36 UTC", "2000-10-10T13:55:36Z"),
        ("2025-Jul-03 20:15 UTC", "2025-07-03T20:15Z"),
        // As the pages of these systems print them.
        ("11:06AM PHT, 2025/07/04", "2025-07-04T03:06Z"),
        ("Jul 03, 2025 - 20:15 PDT", "2025-07-04T03:15Z"),
        ("Mar 17, 2026, 02:14 PM UTC", "2026-03-17T14:14Z"),
        ("Aug 16, 2026 02:14pm (UTC-7)", "2026-08-16T21:14Z"),
        ("10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z"),
        ("[10/Oct/2000:13:55:36 -0700]", "2000-10-10T20:55:36Z"),
        ("Wed Aug 10 18:39:05 UTC 2016", "2016-08-10T18:39:05Z"),
        ("2025-04-02 09:15:08 +0200 CEST", "2025-04-02T07:15:08Z"),
        ("2025-04-02 09:15:08.123456789 +0200 CEST m=+42208.25", "2025-04-02T07:15:08.123456789Z"),
        ("2020-02-25T10:00:00.111 UTC", "2020-02-25T10:00:00.111Z"),
        ("Nov 08 2020 12:30:00.111 UTC", "2020-11-08T12:30:00.111Z"),
        ("2026-03-17 14:05:09,125 UTC", "2026-03-17T14:05:09.125Z"),
        (
            "Tue Mar 17 2026 14:05:09 GMT+0100 (Central European Standard Time)",
            "2026-03-17T13:05:09Z",
        ),
        ("Monday, March 16, 2026 at 7:30:00 PM Eastern", "2026-03-16T23:30:00Z"),
        ("April 15, 2013 at 8:12 pm PT", "2013-04-16T03:12Z"),
        // Words for the hour.
        ("17 March 2026, noon UTC", "2026-03-17T12:00Z"),
        ("17 March 2026, 12 noon UTC", "2026-03-17T12:00Z"),
        ("2pm UTC on 17 March 2026", "~2026-03-17T14:00Z"),
        ("approximately 11:06AM PHT, 2025/07/04", "~2025-07-04T03:06Z"),
        ("5.45pm UTC, 17 March 2026", "2026-03-17T17:45Z"),
        ("12:05 am UTC 17 Mar 2026", "2026-03-17T00:05Z"),
        ("12:05 pm UTC 17 Mar 2026", "2026-03-17T12:05Z"),
    ] {
        assert_eq!(outcome(text, &Reading::default()), expected, "{text}");
    }
}

#[test]
fn every_zone_spelling_is_parsed() {
    for (zone, expected) in [
        ("Z", "12:00"),
        ("UTC", "12:00"),
        ("gmt", "12:00"),
        ("GMT+0", "12:00"),
        ("+0530", "06:30"),
        ("+05:30", "06:30"),
        ("UTC+8", "04:00"),
        ("UTC+05:30", "06:30"),
        ("GMT-7", "19:00"),
        ("−03:00", "15:00"),
        ("America/Port-au-Prince", "16:00"),
        ("europe/berlin", "10:00"),
        ("Etc/GMT+3", "15:00"),
        ("CEST", "10:00"),
        ("cest", "10:00"),
        ("ET", "16:00"),
        ("Eastern", "16:00"),
        ("US/Pacific", "19:00"),
        ("Pacific Daylight Time", "19:00"),
        ("Pacific Time (US & Canada)", "19:00"),
        ("Mid-Atlantic", "14:00"),
        ("St. Petersburg", "09:00"),
        ("W. Europe Standard Time", "10:00"),
        ("Central European Summer Time", "10:00"),
        ("Central Europe Standard Time", "10:00"),
        ("PST8PDT", "19:00"),
    ] {
        let text = format!("2026-07-01 12:00 {zone}");
        assert_eq!(
            outcome(&text, &Reading::default()),
            format!("2026-07-01T{expected}Z"),
            "{text}"
        );
        let text = format!("12:00:00 {zone}, July 1, 2026");
        assert_eq!(
            outcome(&text, &Reading::default()),
            format!("2026-07-01T{expected}:00Z"),
            "{text}"
        );
    }
}

#[test]
fn missing_parts_come_from_context_or_are_errors() {
    let nothing = Reading::default();
    assert_eq!(
        outcome("Mar 17, 19:30:32 GMT+0", &nothing),
        "`Mar 17, 19:30:32 GMT+0` has no year, and nothing around it says which"
    );
    let in_2026 = Reading { year: Year::Is(2026), ..nothing };
    assert_eq!(outcome("Mar 17, 19:30:32 GMT+0", &in_2026), "2026-03-17T19:30:32Z");
    assert_eq!(
        read("Mar 17, 19:30:32 GMT+0", &in_2026).unwrap().remarks,
        [Remark::YearFromContext(2026)]
    );
    assert_eq!(
        outcome("Jun <8>, 19:13 UTC", &in_2026),
        "`Jun <8>, 19:13 UTC` is not a time in a known form"
    );
    assert_eq!(outcome("Jun  8, 19:13 UTC", &in_2026), "2026-06-08T19:13Z");
    assert_eq!(outcome("09/25 11:24pm Central", &in_2026), "2026-09-26T04:24Z");

    let near = Reading { year: Year::Near(date("2026-01-03")), zone: Some(Zone::UTC), ..nothing };
    assert_eq!(outcome("Dec 31 23:59:00", &near), "2025-12-31T23:59:00Z");
    assert_eq!(outcome("Jan 1 00:01:00", &near), "2026-01-01T00:01:00Z");
    let up_to = Reading { year: Year::UpTo(date("2026-01-03")), zone: Some(Zone::UTC), ..nothing };
    assert_eq!(outcome("Jan  4 00:10:00", &up_to), "2026-01-04T00:10:00Z", "a clock to the east");
    assert_eq!(outcome("Feb  1 00:10:00", &up_to), "2025-02-01T00:10:00Z");

    assert_eq!(
        outcome("13:36 CEST", &nothing),
        "`13:36 CEST` has no date, and nothing around it says which"
    );
    let on_friday = Reading { date: Some(date("2023-08-11")), ..nothing };
    assert_eq!(outcome("13:36 CEST", &on_friday), "2023-08-11T11:36Z");

    let naive = "2023-07-31 18:56:15.374";
    assert!(outcome(naive, &nothing).contains("has no zone"), "{}", outcome(naive, &nothing));
    assert_eq!(
        outcome(naive, &Reading::in_zone(Some(zone("Europe/Berlin")))),
        "2023-07-31T16:56:15.374Z"
    );
    assert_eq!(
        outcome("2026-03-29", &Reading::in_zone(Some(zone("Europe/Berlin")))),
        "2026-03-28T23:00:00Z..2026-03-29T21:59:59Z"
    );
}

#[test]
fn numeric_day_and_month_are_ambiguous_without_a_stated_order() {
    let nothing = Reading::in_zone(Some(Zone::UTC));
    let text = "03/04/2025 10:00:00";
    assert_eq!(
        outcome(text, &nothing),
        "`03/04/2025 10:00:00` may be 2025-04-03, if the day is first, or 2025-03-04, if the month is"
    );
    let day_first = Reading { order: Some(DateOrder::DayFirst), ..nothing };
    let month_first = Reading { order: Some(DateOrder::MonthFirst), ..nothing };
    assert_eq!(outcome(text, &day_first), "2025-04-03T10:00:00Z");
    assert_eq!(outcome(text, &month_first), "2025-03-04T10:00:00Z");
    assert_eq!(outcome("12/02/19 15:44:00", &day_first), "2019-02-12T15:44:00Z");
    assert!(
        outcome("12/02/19 15:44:00", &nothing).contains("is not a time"),
        "two digits may be the year or the day"
    );
    assert_eq!(outcome("25/03/2025 10:00:00", &month_first), "2025-03-25T10:00:00Z");
    assert_eq!(
        doubts("25/03/2025 10:00:00", &month_first),
        ["day and month are in the other order than elsewhere: taken as 2025-03-25"]
    );
    assert!(outcome("13/13/2025 10:00:00", &nothing).contains("not on the calendar"));
}

#[test]
fn hour_without_am_pm_is_an_interval() {
    let nothing = Reading::default();
    let either = "2013-04-06T16:45Z..2013-04-07T04:45Z";
    assert_eq!(outcome("9:45 PT on April 6th 2013", &nothing), either);
    assert_eq!(
        doubts("9:45 PT on April 6th 2013", &nothing),
        ["am or pm is missing: it may be either"]
    );
    assert_eq!(
        outcome("12:15 UTC on April 6th 2013", &nothing),
        "2013-04-06T00:15Z..2013-04-06T12:15Z"
    );
    for sure in ["09:45 PT on April 6th 2013", "9:45 am PT on April 6th 2013", "2013-04-06 9:45 PT"]
    {
        assert_eq!(outcome(sure, &nothing), "2013-04-06T16:45Z", "{sure}");
    }
    assert_eq!(outcome("13:15 UTC on April 6th 2013", &nothing), "2013-04-06T13:15Z");
    let whole = Reading { clock: ClockStyle::TwentyFour, ..nothing };
    assert_eq!(outcome("9:45 PT on April 6th 2013", &whole), "2013-04-06T16:45Z");
    let twelve = Reading { clock: ClockStyle::Twelve, ..nothing };
    assert_eq!(outcome("09:45 PT on April 6th 2013", &twelve), either);
    assert_eq!(ClockStyle::seen_in(["9:15 UTC", "14:06 UTC"]), ClockStyle::TwentyFour);
    assert_eq!(ClockStyle::seen_in(["9:15 UTC", "2:06 pm UTC", "no time"]), ClockStyle::Twelve);
    assert_eq!(ClockStyle::seen_in(["9:15 UTC", "2:06 UTC"]), ClockStyle::Unknown);
}

#[test]
fn limits_of_clock_and_calendar() {
    let utc = Reading { year: Year::Is(2025), ..Reading::in_zone(Some(Zone::UTC)) };
    assert_eq!(outcome("2026-03-17T24:00Z", &utc), "2026-03-18T00:00Z");
    assert!(
        outcome("2026-03-17T24:01Z", &utc).contains("is not a time")
            || outcome("2026-03-17T24:01Z", &utc).contains("clock")
    );
    assert_eq!(outcome("2016-12-31T23:59:60Z", &utc), "2016-12-31T23:59:60Z");
    assert_eq!(outcome("2017-01-01T00:59:60+01:00", &utc), "2016-12-31T23:59:60Z");
    assert!(read("2016-12-31T23:59:60Z", &utc).unwrap().remarks.is_empty());
    assert_eq!(
        outcome("2016-12-31T22:59:60Z", &utc),
        "`2016-12-31T22:59:60Z` is not on the calendar or on the clock"
    );
    assert_eq!(outcome("Feb 29, 10:00:00 UTC 2024", &utc), "2024-02-29T10:00:00Z");
    assert_eq!(
        outcome("Feb 30, 10:00:00", &utc),
        "`Feb 30, 10:00:00` is not on the calendar or on the clock"
    );
    assert_eq!(
        outcome("Feb 29, 10:00:00", &utc),
        "`Feb 29, 10:00:00` has no year, and the year 2025 from the context has no such day"
    );
    let near = Reading { year: Year::Near(date("2024-03-02")), ..utc };
    assert_eq!(outcome("Feb 29, 10:00:00", &near), "2024-02-29T10:00:00Z");
    assert_eq!(
        outcome("midnight UTC on 17 March 2026", &utc),
        "`midnight UTC on 17 March 2026` may be the start of that day (2026-03-17T00:00Z) or its end (2026-03-18T00:00Z)"
    );
    assert_eq!(
        outcome("160513393115100000", &utc),
        "`160513393115100000` is not on the calendar or on the clock"
    );
}

#[test]
fn doubtful_times_are_reported() {
    let nothing = Reading::default();
    assert_eq!(
        doubts("Thursday August 11th 2023", &nothing),
        ["2023-08-11 is a Friday, and not a Thursday"]
    );
    assert_eq!(
        doubts("2023-06-11 15:06 CET", &nothing),
        [
            "CET contradicts the season: on 2023-06-11 the clock of Europe/Berlin is CEST; taken literally it is 2023-06-11T14:06:00Z, by that clock 2023-06-11T13:06:00Z"
        ]
    );
    assert_eq!(
        doubts("2025-07-02 09:15:08 +0200 CET", &nothing),
        ["the label CET disagrees with the offset beside it: it would give 2025-07-02T08:15:08Z"]
    );
    assert!(doubts("2025-07-02 09:15:08 +0200 CEST", &nothing).is_empty());
}

#[test]
fn second_60_is_accepted_only_at_real_leap_seconds() {
    let utc = Reading::in_zone(Some(Zone::UTC));
    assert_eq!(outcome("2015-06-30T23:59:60Z", &utc), "2015-06-30T23:59:60Z");
    for text in ["2014-06-30T23:59:60Z", "2026-06-30T23:59:60Z", "2025-12-31T23:59:60Z"] {
        assert!(outcome(text, &utc).contains("is not on the calendar or on the clock"), "{text}");
    }
}

#[test]
fn day_before_a_skipped_day_is_valid() {
    for place in ["Pacific/Apia", "Pacific/Fakaofo"] {
        let day = |text| Moment::day(date(text), zone(place));
        assert!(day("2011-12-30").is_none(), "{place} had no such day");
        let (before, after) = (day("2011-12-29").unwrap(), day("2011-12-31").unwrap());
        assert_eq!(after.earliest() - before.latest(), TimeDelta::seconds(1), "{place}");
        assert_eq!(before.display_in(zone(place)), "2011-12-29");
    }
    // Where clocks go forward at midnight, only midnight is skipped.
    let day = Moment::day(date("2018-11-04"), zone("America/Sao_Paulo")).unwrap();
    assert_eq!(day.latest() - day.earliest(), TimeDelta::seconds(23 * 3600 - 1));
}

#[test]
fn every_entry_below_a_sydney_date_is_on_that_date() {
    let sydney = zone("Australia/Sydney");
    let mut walk =
        Walk::on(date("2024-02-29"), Direction::Forward, Reading::in_zone(Some(sydney))).unwrap();
    for stamp in ["12:19", "12:20", "12:23", "12:24"] {
        let moment = walk.next(stamp).unwrap().moment;
        for instant in [moment.earliest(), moment.latest()] {
            assert_eq!(sydney.local(instant).date_naive(), date("2024-02-29"), "{stamp}: {moment}");
        }
    }
}

#[test]
fn text_that_is_not_a_time_is_refused() {
    let all = Reading {
        zone: Some(Zone::UTC),
        label: None,
        date: Some(date("2026-03-17")),
        year: Year::Is(2026),
        order: Some(DateOrder::DayFirst),
        clock: ClockStyle::TwentyFour,
    };
    for text in [
        "",
        "yesterday",
        "10:00 - 11:00",
        "10:00-11:00",
        "7:26 PM PDT (02:26 UTC)",
        "March 2026",
        "2026",
        "10",
        "14:5",
        "25:00",
        "10:60",
        "Mar 17 10:00 Mars/Olympus",
        "17 Mar 26 10:00",
        "10:00:61",
        "0:30 pm",
        "13:00 am",
        "Jul 3 Jul 4 10:00",
        "5 of 10:00",
        "12345678",
        "3.14",
        "v1.2.3",
        "10:00 UTC CET PST",
        "the fix went out at 10:00",
    ] {
        assert!(read(text, &all).is_err(), "{text}: {}", outcome(text, &all));
    }
}

#[test]
fn day_in_any_zone_round_trips_as_a_day() {
    for (zone, date) in [
        ("-08:00", "2018-01-15"),
        ("America/Los_Angeles", "2018-03-11"),
        ("Australia/Lord_Howe", "2024-04-07"),
        ("Asia/Kathmandu", "2024-01-01"),
        ("Pacific/Apia", "2011-12-29"),
    ] {
        let day = Moment::day(date.parse().unwrap(), zone.parse().unwrap()).unwrap();
        assert_eq!(Moment::parse(&day.to_string(), None), Ok(day), "{zone}: {day}");
        let two = Moment::between(day, day.shifted(TimeDelta::days(1)).unwrap()).unwrap();
        assert_eq!(Moment::parse(&two.to_string(), None), Ok(two), "{zone}: {two}");
    }
    let hours = Moment::parse("2018-01-15T08:00:00Z..2018-01-15T19:59:59Z", None).unwrap();
    assert_eq!(hours.precision(), Precision::Second);
}
