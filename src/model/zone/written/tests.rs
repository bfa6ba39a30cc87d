use super::*;

fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

#[test]
fn commonest_meaning_reports_whether_it_is_the_only_one() {
    let meaning_of = |label| {
        commonest(label).map(|meaning| (meaning.name, meaning.home.to_string(), meaning.is_only))
    };
    assert_eq!(meaning_of("bst"), Some(("British Summer Time", "Europe/London".to_owned(), false)));
    assert_eq!(
        meaning_of("CET"),
        Some(("Central European Time", "Europe/Berlin".to_owned(), true))
    );
    assert_eq!(meaning_of("JST").unwrap().1, "+09:00");
    assert_eq!(meaning_of("UTC+2"), None);
}

#[test]
fn label_reads_back_as_its_zone() {
    let instant = "2025-07-04T03:06:00Z".parse().unwrap();
    for (zone, label) in [
        ("UTC", "UTC"),
        ("Europe/Berlin", "CEST"),
        ("America/Los_Angeles", "PDT"),
        ("Asia/Manila", "+08:00"),
        ("Europe/London", "+01:00"),
        ("Asia/Kolkata", "+05:30"),
        ("Africa/Lagos", "WAT"),
        ("America/Sao_Paulo", "-03:00"),
    ] {
        assert_eq!(zone.parse::<Zone>().unwrap().label(instant), label, "{zone}");
    }
}

fn read(text: &str, zone: &str, home: Option<&str>) -> Result<String, ZoneError> {
    instant_of(local(text), zone, home.map(|home| home.parse().unwrap()))
        .map(|t| t.format("%FT%TZ").to_string())
}

#[test]
fn every_offset_spelling_is_parsed() {
    for (zone, expected) in [
        ("Z", "2026-01-02T12:00:00Z"),
        ("+05:30", "2026-01-02T06:30:00Z"),
        ("+0530", "2026-01-02T06:30:00Z"),
        ("UTC+8", "2026-01-02T04:00:00Z"),
        ("GMT-7", "2026-01-02T19:00:00Z"),
        ("Europe/Berlin", "2026-01-02T11:00:00Z"),
    ] {
        assert_eq!(read("2026-01-02T12:00:00", zone, None).unwrap(), expected, "{zone}");
    }
}

#[test]
fn unknown_zone_suggests_the_nearest() {
    let error = Zone::from_str("Europe/Berln").unwrap_err();
    assert_eq!(
        error,
        ZoneError::Unknown { text: "Europe/Berln".into(), nearest: Some("Europe/Berlin") }
    );
    for text in ["+15:00", "+14:30", "-13:00", "-14:59", "-12:01", "UTC-13"] {
        assert!(Zone::from_str(text).is_err(), "{text}");
    }
    for text in ["+14:00", "-12:00", "+05:45", "-03:30"] {
        assert!(Zone::from_str(text).is_ok(), "{text}");
    }
}

#[test]
fn ambiguous_abbreviation_lists_its_meanings() {
    assert_eq!(read("2025-07-03T20:15:00", "PDT", None).unwrap(), "2025-07-04T03:15:00Z");
    let error = read("2023-08-11T13:36:00", "BST", None).unwrap_err().to_string();
    assert!(error.contains("British Summer Time (2023-08-11T12:36:00Z)"), "{error}");
    assert!(error.contains("Bangladesh Standard Time (2023-08-11T07:36:00Z)"), "{error}");
}

#[test]
fn home_zone_decides_an_abbreviation() {
    assert_eq!(
        read("2023-08-11T13:36:00", "BST", Some("Europe/London")).unwrap(),
        "2023-08-11T12:36:00Z"
    );
    assert_eq!(
        read("2023-08-11T13:36:00", "BST", Some("Asia/Dhaka")).unwrap(),
        "2023-08-11T07:36:00Z"
    );
    assert_eq!(
        read("2023-08-11T13:36:00", "IST", Some("Asia/Kolkata")).unwrap(),
        "2023-08-11T08:06:00Z"
    );
    assert_eq!(
        read("2023-01-11T13:36:00", "CST", Some("Asia/Shanghai")).unwrap(),
        "2023-01-11T05:36:00Z"
    );
    assert!(read("2023-08-11T13:36:00", "BST", Some("America/New_York")).is_err());
}

/// Each label with homes that decide it, and the hour in UTC that 12:00 is there.
#[test]
fn only_the_home_zone_decides_an_ambiguous_label() {
    let day = "2026-01-20T12:00:00";
    for (label, homes) in [
        (
            "BST",
            &[
                ("Europe/London", "11:00"),
                ("Asia/Dhaka", "06:00"),
                ("Pacific/Bougainville", "01:00"),
            ][..],
        ),
        (
            "IST",
            &[("Asia/Kolkata", "06:30"), ("Europe/Dublin", "11:00"), ("Asia/Jerusalem", "10:00")],
        ),
        (
            "CST",
            &[
                ("America/Chicago", "18:00"),
                ("Asia/Shanghai", "04:00"),
                ("America/Havana", "17:00"),
                ("Australia/Darwin", "02:30"),
            ],
        ),
        ("CDT", &[("America/Chicago", "17:00"), ("America/Havana", "16:00")]),
        (
            "PST",
            &[
                ("America/Los_Angeles", "20:00"),
                ("Asia/Manila", "04:00"),
                ("Pacific/Pitcairn", "20:00"),
            ],
        ),
        (
            "MST",
            &[
                ("America/Denver", "19:00"),
                ("America/Phoenix", "19:00"),
                ("Asia/Kuala_Lumpur", "04:00"),
            ],
        ),
        ("AST", &[("America/Halifax", "16:00"), ("Asia/Riyadh", "09:00")]),
        (
            "EST",
            &[
                ("America/New_York", "17:00"),
                ("America/Panama", "17:00"),
                ("Australia/Sydney", "02:00"),
            ],
        ),
        ("GST", &[("Asia/Dubai", "08:00"), ("Atlantic/South_Georgia", "14:00")]),
        ("SST", &[("Pacific/Pago_Pago", "23:00"), ("Asia/Singapore", "04:00")]),
        ("ECT", &[("America/Guayaquil", "17:00")]),
        ("AMT", &[("America/Manaus", "16:00"), ("Asia/Yerevan", "08:00")]),
        ("WST", &[("Australia/Perth", "04:00"), ("Pacific/Apia", "23:00")]),
    ] {
        let Err(ZoneError::Ambiguous { candidates, .. }) = read(day, label, None) else {
            panic!("{label}")
        };
        assert!(candidates.len() > 1, "{label}");
        assert!(read(day, label, Some("Europe/Berlin")).is_err(), "{label} is nobody's in Berlin");
        for (home, clock) in homes {
            let utc = read(day, label, Some(home))
                .unwrap_or_else(|error| panic!("{label} in {home}: {error}"));
            assert_eq!(&utc[11..16], *clock, "{label} in {home}");
        }
    }
    // A meaning that is rare elsewhere is still the common one, unless the home decides otherwise.
    assert_eq!(read(day, "EDT", None).unwrap(), "2026-01-20T16:00:00Z");
    assert_eq!(read(day, "EDT", Some("Australia/Melbourne")).unwrap(), "2026-01-20T01:00:00Z");
}

#[test]
fn windows_zone_name_that_is_also_an_offset_is_ambiguous_in_summer() {
    assert_eq!(
        read("2026-01-20T12:00:00", "Pacific Standard Time", None).unwrap(),
        "2026-01-20T20:00:00Z"
    );
    let error = read("2026-07-20T12:00:00", "Pacific Standard Time", None).unwrap_err().to_string();
    assert_eq!(
        error,
        "`Pacific Standard Time` means more than one zone: -08:00 (2026-07-20T20:00:00Z), or America/Los_Angeles (2026-07-20T19:00:00Z)"
    );
}

#[test]
fn off_season_label_keeps_its_literal_offset() {
    assert_eq!(
        read("2023-06-11T12:00:00", "CET", Some("Europe/Berlin")).unwrap(),
        "2023-06-11T11:00:00Z"
    );
    assert_eq!(read("2013-04-06T09:45:00", "PT", None).unwrap(), "2013-04-06T16:45:00Z");
}

#[test]
fn skipped_and_repeated_times_list_both_readings() {
    let skipped = read("2026-03-29T02:30:00", "Europe/Berlin", None).unwrap_err().to_string();
    assert_eq!(
        skipped,
        "2026-03-29 02:30:00 does not exist in Europe/Berlin: it may mean 2026-03-29T02:30:00+01:00 or 2026-03-29T02:30:00+02:00"
    );
    let doubled = read("2026-10-25T02:30:00", "Europe/Berlin", None).unwrap_err().to_string();
    assert_eq!(
        doubled,
        "2026-10-25 02:30:00 happens twice in Europe/Berlin: it may mean 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00"
    );
}
