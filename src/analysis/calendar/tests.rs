use chrono::Timelike;
use proptest::prelude::*;

use super::*;
use crate::model::zone::Tz;

fn calendar(text: &str) -> Result<Calendar, String> {
    toml::from_str(text).map_err(|e: toml::de::Error| e.message().to_owned())
}

fn hours(start: &str, end: &str) -> String {
    let calendar = calendar("zone = \"Europe/Berlin\"").unwrap();
    calendar.elapsed(start.parse().unwrap(), end.parse().unwrap()).to_string()
}

#[test]
fn weekends_are_excluded_and_hours_follow_daylight_saving_time() {
    // Friday 16:00 to Monday 10:00 in Berlin, across the spring change of 2026-03-29.
    assert_eq!(hours("2026-03-27T15:00Z", "2026-03-30T08:00Z"), "2 h");
    assert_eq!(hours("2026-03-28T15:00Z", "2026-03-29T08:00Z"), "< 1 min");
    assert_eq!(hours("2026-03-26T15:30Z..2026-03-26T15:45Z", "2026-03-26T18:00Z"), "15–30 min");
    assert_eq!(hours("2026-04-01", "2026-04-03"), "8–24 h", "a day at work is hours");
}

#[test]
fn holidays_are_excluded_and_a_night_shift_belongs_to_the_day_it_starts() {
    let text = "zone = \"Europe/Berlin\"\nholidays = [\"2026-12-25\"]";
    let christmas = calendar(text).unwrap();
    let (thursday, monday) =
        ("2026-12-24T07:00Z".parse().unwrap(), "2026-12-28T09:00Z".parse().unwrap());
    assert_eq!(christmas.elapsed(thursday, monday).to_string(), "9 h");
    assert_eq!(christmas.to_string(), "Mon–Fri 09:00–17:00 Europe/Berlin without 1 holiday");
    assert_eq!(
        calendar(&text.replace("\"2026-12-25\"", "2026-12-25")).as_ref(),
        Ok(&christmas),
        "TOML's own form"
    );
    assert_eq!(calendar(&toml::to_string(&christmas).unwrap()), Ok(christmas));
    let night =
        calendar("zone = \"UTC\"\ndays = [\"Fri\"]\nfrom = \"22:00\"\nto = \"06:00\"").unwrap();
    let hours = |start: &str, end: &str| {
        night.elapsed(start.parse().unwrap(), end.parse().unwrap()).to_string()
    };
    assert_eq!(
        hours("2026-03-14T01:00Z", "2026-03-14T12:00Z"),
        "5 h",
        "Saturday morning is Friday's night"
    );
    assert_eq!(
        hours("2026-03-13T00:00Z", "2026-03-13T08:00Z"),
        "< 1 min",
        "Friday morning is Thursday's"
    );
}

/// The sum of single days: slow, but obviously right.
fn day_by_day(calendar: &Calendar, start: DateTime<Utc>, end: DateTime<Utc>) -> TimeDelta {
    let mut sum = TimeDelta::zero();
    let mut from = start;
    while from < end {
        let to = (from + TimeDelta::hours(24)).min(end);
        sum += calendar.between(from, to);
        from = to;
    }
    sum
}

#[test]
fn counting_by_weeks_equals_counting_by_days() {
    for zone in [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    ] {
        for hours in [
            "",
            "from = \"22:00\"\nto = \"06:00\"",
            "days = [\"Sun\", \"Wed\"]\nfrom = \"00:00\"\nto = \"24:00\"",
        ] {
            let text =
                format!("zone = \"{zone}\"\nholidays = [\"2011-12-26\", \"2012-05-01\"]\n{hours}");
            let calendar = calendar(&text).unwrap();
            for (start, end) in [
                ("2010-01-01T03:00:00Z", "2016-07-02T14:30:00Z"),
                ("1799-12-03T23:10:00Z", "1800-02-02T00:00:00Z"),
                ("2199-11-30T00:00:00Z", "2200-03-02T12:00:00Z"),
                ("2026-03-20T00:00:00Z", "2026-04-10T12:00:00Z"),
            ] {
                let (start, end) = (start.parse().unwrap(), end.parse().unwrap());
                assert_eq!(
                    calendar.between(start, end),
                    day_by_day(&calendar, start, end),
                    "{text} {start}"
                );
            }
        }
    }
}

#[test]
fn ten_thousand_years_are_counted_quickly() {
    let calendar = calendar("zone = \"Europe/Berlin\"").unwrap();
    let (start, end) =
        ("0001-01-01T00:00:00Z".parse().unwrap(), "9999-01-01T00:00:00Z".parse().unwrap());
    let before = std::time::Instant::now();
    assert!(calendar.between(start, end) > TimeDelta::days(800_000));
    assert!(before.elapsed() < std::time::Duration::from_secs(2), "{:?}", before.elapsed());
}

#[test]
fn business_hours_start_in_a_skipped_or_repeated_hour() {
    let early =
        calendar("zone = \"Europe/Berlin\"\ndays = [\"Sun\"]\nfrom = \"02:30\"\nto = \"08:30\"")
            .unwrap();
    let on = |day: &str| {
        let (start, end) =
            (format!("{day}T00:00 Europe/Berlin"), format!("{day}T12:00 Europe/Berlin"));
        early.elapsed(start.parse().unwrap(), end.parse().unwrap()).to_string()
    };
    assert_eq!(on("2026-03-22"), "6 h");
    assert_eq!(on("2026-03-29"), "5 h 30 min", "from 03:00, when 02:30 was skipped, to 08:30");
    assert_eq!(on("2026-10-25"), "7 h", "from the first 02:30");
}

proptest! {
    /// Hours that make up whole days equal the wall-clock time, in any zone and across any clock
    /// change; and a span is the sum of its days.
    #[test]
    fn parts_of_the_day_add_up_to_the_whole_span(
        zone in prop::sample::select(Tz::all().collect::<Vec<_>>()),
        start in 0i64..2_000_000_000, length in 0i64..5_000_000, hour in 1u32..24, half in any::<bool>(),
    ) {
        let minute = if half { 30 } else { 0 };
        let all = r#"days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]"#;
        let part = |from: &str, to: &str| {
            calendar(&format!("zone = \"{zone}\"\n{all}\nfrom = \"{from}\"\nto = \"{to}\"")).unwrap()
        };
        let noon = format!("{hour:02}:{minute:02}");
        let (morning, evening, night) = (part("00:00", &noon), part(&noon, "24:00"), part(&noon, "00:00"));
        let instant = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        let (start, end) = (instant(start), instant(start + length));
        prop_assert_eq!(morning.between(start, end) + evening.between(start, end), end - start);
        prop_assert_eq!(part("00:00", "24:00").between(start, end), end - start);
        prop_assert_eq!(night, evening);
        // Split at every local midnight, as the clock shows it.
        let date = |instant: DateTime<Utc>| Zone::Named(zone).local(instant).date_naive();
        let (mut from, mut sum) = (start, TimeDelta::zero());
        while from < end {
            let tomorrow = date(from).succ_opt().unwrap();
            let mut to = from;
            while date(to) < tomorrow {
                to += TimeDelta::minutes(15);
            }
            let to = to.min(end);
            sum += morning.between(from, to);
            from = to;
        }
        prop_assert_eq!(sum, morning.between(start, end));
    }

    /// Compared with the clock minute by minute, where it does not change within the hours.
    #[test]
    fn business_hours_equal_a_count_minute_by_minute(
        zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
        start in 28_000_000i64..29_800_000, length in 0i64..20_000,
    ) {
        let hours = calendar(&format!("zone = \"{zone}\"\nfrom = \"08:00\"\nto = \"17:30\"\nholidays = [\"2026-03-30\"]")).unwrap();
        let instant = |minute: i64| DateTime::from_timestamp(minute * 60, 0).unwrap();
        let counted = (start..start + length)
            .map(|minute| zone.parse::<Zone>().unwrap().local(instant(minute)))
            .filter(|local| local.weekday().num_days_from_monday() < 5)
            .filter(|local| local.date_naive().to_string() != "2026-03-30")
            .filter(|local| (480..1050).contains(&(local.hour() * 60 + local.minute())))
            .count();
        prop_assert_eq!(hours.between(instant(start), instant(start + length)).num_minutes(), counted as i64);
    }
}

#[test]
fn display_and_toml_round_trip() {
    let week = calendar("zone = \"Europe/Berlin\"").unwrap();
    assert_eq!(week.to_string(), "Mon–Fri 09:00–17:00 Europe/Berlin");
    let two = calendar("zone = \"UTC\"\ndays = [\"Sat\", \"Mon\"]\nfrom = \"08:30\"").unwrap();
    assert_eq!(two.to_string(), "Mon, Sat 08:30–17:00 UTC");
    assert_eq!(calendar(&toml::to_string(&two).unwrap()), Ok(two));
}

#[test]
fn invalid_business_hours_are_refused() {
    for (text, why) in [
        ("zone = \"Nowhere\"", "unknown time zone"),
        ("zone = \"UTC\"\nfrom = \"09:00\"\nto = \"09:00\"", "a whole day is from 00:00 to 24:00"),
        ("zone = \"UTC\"\nholidays = [\"Christmas\"]", "not a date"),
        ("zone = \"UTC\"\nfrom = \"nine\"", "not a time"),
        ("zone = \"UTC\"\ndays = [\"Sonntag\"]", "not a day"),
        ("zone = \"UTC\"\ndays = []", "at least one day"),
    ] {
        let error = calendar(text).expect_err(text);
        assert!(error.contains(why), "{text}: {error}");
    }
}
