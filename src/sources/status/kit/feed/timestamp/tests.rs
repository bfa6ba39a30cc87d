use super::*;
use proptest::prelude::*;

const UNKNOWN: Home = Home { zone: None };

fn dates(anchor: &str, order: Order, stamps: &[&str]) -> Vec<String> {
    let mut years = Years::from(anchor.parse().unwrap(), order);
    stamps
        .iter()
        .map(|text| years.date(&stamp(text).unwrap()).map_or("?".into(), |date| date.to_string()))
        .collect()
}

#[test]
fn timestamps_with_tags_padding_and_zones_are_read() {
    let padded =
        stamp("Jun <var data-var='date'> 8</var>, <var data-var='time'>19:13</var> UTC").unwrap();
    assert_eq!((padded.month, padded.day, padded.year, padded.zone.as_str()), (6, 8, None, "UTC"));
    assert_eq!(
        (padded.time.to_string().as_str(), padded.precision),
        ("19:13:00", Precision::Minute)
    );
    let seconds = stamp("Sep 25, 15:15:09 GMT+0").unwrap();
    assert_eq!((seconds.precision, seconds.zone.as_str()), (Precision::Second, "GMT+0"));
    assert_eq!(stamp("May 13, 2017, 06:45 UTC").unwrap().year, Some(2017));
    assert_eq!(stamp("Sep 13, 2022 - 23:01 CEST").unwrap().zone, "CEST");
    assert_eq!(stamp("Feb 29, 06:45 UTC").unwrap().day, 29);
    let half = |text: &str| stamp(text).map(|stamp| (stamp.time.to_string(), stamp.zone));
    assert_eq!(half("Aug 28, 10:33 PM UTC"), Some(("22:33:00".to_owned(), "UTC".to_owned())));
    assert_eq!(half("Aug 28, 12:15 a.m. UTC"), Some(("00:15:00".to_owned(), "UTC".to_owned())));
    assert_eq!(half("Aug 28, 13:15 PM UTC"), None);
    for text in [
        "",
        "Jun",
        "Jun 8",
        "Jun 31, 10:00 UTC",
        "Foo 3, 10:00 UTC",
        "Jun 8, 25:00 UTC",
        "8 Jun, 10:00 UTC",
    ] {
        assert_eq!(stamp(text), None, "{text}");
    }
}

#[test]
fn years_are_inferred_from_the_anchor() {
    let newest = Order::NewestFirst;
    assert_eq!(
        dates(
            "2014-01-01T17:09Z",
            newest,
            &["Jan 1, 09:09 PST", "Dec 31, 22:00 PST", "Dec 30, 10:00 PST"]
        ),
        ["2014-01-01", "2013-12-31", "2013-12-30"]
    );
    // A write-up after the anchor, across the new year.
    assert_eq!(
        dates("2013-12-24T12:00Z", newest, &["Jan 2, 09:00 UTC", "Dec 24, 12:00 UTC"]),
        ["2014-01-02", "2013-12-24"]
    );
    // Out of order by a minute at midnight is not a year.
    assert_eq!(
        dates("2024-03-01T00:00Z", newest, &["Feb 29, 23:59 UTC", "Mar 1, 00:00 UTC"]),
        ["2024-02-29", "2024-03-01"]
    );
    assert_eq!(
        dates("2025-03-01T00:00Z", newest, &["Feb 29, 23:59 UTC"]),
        ["?"],
        "no year near has that day"
    );
    assert_eq!(
        dates("2025-12-31T23:00Z", Order::OldestFirst, &["Dec 31, 23:00 UTC", "Jan 1, 02:00 UTC"]),
        ["2025-12-31", "2026-01-01"]
    );
}

#[test]
fn ambiguous_zone_label_is_decided_only_by_the_feed() {
    let date = NaiveDate::from_ymd_opt(2014, 1, 1).unwrap();
    let pacific = stamp("Jan 1, 09:09 PST").unwrap();
    assert!(matches!(UNKNOWN.instant(date, &pacific), Err(ZoneError::Ambiguous { .. })));
    let home = UNKNOWN.proven_by(date, &pacific, "2014-01-01T17:09:31Z".parse().unwrap());
    assert_eq!(home.instant(date, &pacific).unwrap().to_rfc3339(), "2014-01-01T17:09:00+00:00");
    let manila = UNKNOWN.proven_by(date, &pacific, "2014-01-01T01:09Z".parse().unwrap());
    assert_eq!(manila.instant(date, &pacific).unwrap().to_rfc3339(), "2014-01-01T01:09:00+00:00");
    assert_eq!(UNKNOWN.proven_by(date, &pacific, "2014-01-05T00:00Z".parse().unwrap()).zone, None);
}

#[test]
fn every_feed_date_spelling_is_read() {
    let read = |text: &str| {
        feed_date(text, Home { zone: "America/Los_Angeles".parse().ok() }).map(|at| at.to_string())
    };
    assert_eq!(read("2023-05-11T19:00:31Z").as_deref(), Ok("2023-05-11T19:00:31Z"));
    assert_eq!(read("Wed, 01 Jan 2014 09:09:00 -0800").as_deref(), Ok("2014-01-01T17:09:00Z"));
    assert_eq!(read("Thu, 23 Jul 2026 16:29:09 Z").as_deref(), Ok("2026-07-23T16:29:09Z"));
    assert_eq!(read("Wed,  8 Feb 2017 09:46:27 PST").as_deref(), Ok("2017-02-08T17:46:27Z"));
    assert_eq!(read("Thu, 03 Sep 15 00:01:01 +0200").as_deref(), Ok("2015-09-02T22:01:01Z"));
    assert_eq!(
        read("Tue, 02 Feb 2027 10:00:00 +0100 (CET)").as_deref(),
        Ok("2027-02-02T09:00:00Z")
    );
    assert_eq!(
        read("01 Jan 2014 09:09:00").as_deref(),
        Ok("2014-01-01T17:09:00Z"),
        "in the zone that was given"
    );
    assert_eq!(read("2014-01-01T09:09:00").as_deref(), Ok("2014-01-01T17:09:00Z"));
    assert_eq!(read("Sun, 15 Oct 2017 06:45:00 GMT").as_deref(), Ok("2017-10-15T06:45:00Z"));
    for text in [
        "",
        "soon",
        "Wed, 32 Jan 2014 09:09:00 GMT",
        "01 Jan 214 09:09:00 GMT",
        "dom, 02 ott 2022 18:55:00 GMT",
        "2014-01-01T",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,40}", shaped in "[A-Z][a-z]{2}[ ,]{1,2}[0-9]{1,3}, [0-9:]{1,9} ?[A-Z+0-9-]{0,6}", anchor in -9_000_000_000i64..250_000_000_000) {
        let anchor = Moment::exact(DateTime::from_timestamp(anchor, 0).unwrap());
        for text in [&text, &shaped] {
            let _ = feed_date(text, UNKNOWN);
            if let Some(stamp) = stamp(text) {
                for order in [Order::NewestFirst, Order::OldestFirst] {
                    if let Some(date) = Years::from(anchor, order).date(&stamp) {
                        let _ = UNKNOWN.proven_by(date, &stamp, anchor).instant(date, &stamp);
                    }
                }
            }
        }
    }
}
