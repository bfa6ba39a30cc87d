//! How times are really written: the stamps of real captures, each read as its source would.

use std::path::Path;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use posthoc::model::time::{ClockStyle, Direction, Moment, Reading, Walk, Year, read};
use posthoc::model::zone::{Zone, zone_at};

use crate::support::world::shared;

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).expect("a capture")).into_owned()
}

fn zone(name: &str) -> Zone {
    name.parse().expect("a zone")
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn moment(text: &str) -> Moment {
    text.parse().expect("a moment")
}

/// The text between two marks, each time that they occur.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    let parts = text.split(before).skip(1);
    parts.map(|part| part.split(after).next().unwrap_or_default()).collect()
}

/// HTML without its tags.
fn without_tags(html: &str) -> String {
    let html = html.replace("&lt;", "<").replace("&gt;", ">");
    html.split('<')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split('>').nth(1).unwrap_or("") })
        .collect()
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn times_of_the_seed_documents_are_read() {
    let seeds = shared("seeds");
    let seed = |name: &str| text(&seeds.join(name));

    // The header has the year, the updates have none.
    let first = seed("000_600e1a499178b1de.txt");
    let header = between(&first, "resolved ", "UTC")[0];
    let header = read(&format!("{header}UTC"), &Reading::default()).expect(header).moment;
    assert_eq!(header.to_string(), "2026-03-17T14:14Z");
    let mut walk = Walk::new(header, Direction::Forward, Reading::by_machine(None));
    let mut stamps: Vec<String> = first
        .match_indices(" GMT+0 - ")
        .map(|(at, _)| first[..at].rsplit("Mar ").next().unwrap_or_default())
        .map(|stamp| walk.next(&format!("Mar {stamp} GMT+0")).expect(stamp).moment.to_string())
        .collect();
    stamps.sort();
    assert_eq!(
        stamps,
        ["14:14:05", "14:22:06", "14:39:51", "17:28:43", "19:30:32", "19:39:02"]
            .map(|clock| format!("2026-03-17T{clock}Z"))
    );

    let second = seed("001_38e6b9a8bbba796f.txt");
    let posted: Vec<String> = between(&second, "Posted ", "\n")
        .into_iter()
        .map(|stamp| read(stamp, &Reading::by_machine(None)).expect(stamp).moment.to_string())
        .collect();
    let expected = ["05:00", "03:46", "03:29", "03:21", "03:19", "03:15"]
        .map(|clock| format!("2025-07-04T{clock}Z"));
    assert_eq!(posted, expected);
    let began = between(&second, "unstable at ", ", lasting")[0];
    assert_eq!(read(began, &Reading::default()).expect(began).moment, moment("~2025-07-04T03:06Z"));

    // A day and a label that hold for all rows; the label has three meanings until the zone
    // decides.
    let fourth = seed("003_7abda745a47390b7.txt");
    let day = read(between(&fourth, "All on ", ",")[0], &Reading::default()).expect("a day").moment;
    let noon = day.middle().naive_utc();
    assert!(zone_at(noon, "BST", None).is_err());
    let bst = zone_at(noon, "BST", Some(zone("Europe/London"))).expect("the summer");
    let rows = fourth.lines().filter(|line| line.len() > 5 && line.as_bytes()[2] == b':');
    let reading = Reading { clock: ClockStyle::TwentyFour, ..Reading::in_zone(Some(bst)) };
    let mut walk = Walk::new(day, Direction::Forward, reading);
    let rows: Vec<String> =
        rows.map(|row| walk.next(&row[..5]).expect(row).moment.to_string()).collect();
    let clocks =
        ["12:00", "12:05", "12:15", "12:36", "12:37", "12:40", "12:45", "13:30", "14:25", "14:50"];
    assert_eq!(rows, clocks.map(|clock| format!("2023-08-11T{clock}Z")));

    let fifth = seed("004_e7ca9546b873ebbe.txt");
    let reading = Reading { year: Year::Is(2013), ..Reading::default() };
    let began = format!("around {}", between(&fifth, "Starting around ", ",")[0]);
    let began = read(&began, &reading).expect("a start").moment;
    assert_eq!(began, moment("~2013-04-06T16:45Z..2013-04-07T04:45Z"));
}

/// The newest update of an entry is its `published`, and no update is before the one below it.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn pages_without_years_are_dated_newest_first() {
    let folder = shared("corpus/status/statuspage");
    let mut entries = 0;
    for name in [
        "github-history-2023-05-12.atom",
        "github-history-2024-06-22.atom",
        "github-history-2026-08-22.atom",
    ] {
        for entry in between(&text(&folder.join(name)), "<entry>", "</entry>") {
            let published = moment(between(entry, "<published>", "</published>")[0]);
            let mut walk = Walk::new(published, Direction::Backward, Reading::by_machine(None));
            let stamps = between(entry, "&lt;small&gt;", "&lt;/small&gt;");
            let read: Vec<Moment> = stamps
                .iter()
                .map(|stamp| walk.next(&without_tags(stamp)).expect(stamp).moment)
                .collect();
            let minute = published.earliest().format("%F %R").to_string();
            assert_eq!(
                read[0].earliest().format("%F %R").to_string(),
                minute,
                "{name}: {}",
                stamps[0]
            );
            assert!(read.is_sorted_by(|newer, older| newer >= older), "{name}: {read:?}");
            entries += 1;
        }
    }
    assert_eq!(entries, 75);
}

/// Clock times alone, oldest first, of a day that an epoch number names.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn pages_without_days_are_dated() {
    let folder = shared("corpus/status/aws");
    let pacific = zone("America/Los_Angeles");
    let (mut events, mut at_once, mut past_midnight) = (0, 0, 0);
    let document: serde_json::Value =
        serde_json::from_str(&text(&folder.join("data-2021-12-07T2208Z-use1-open.json")))
            .expect("JSON");
    for event in document["archive"].as_array().into_iter().flatten() {
        let date = event["date"].as_str().expect("a number");
        let opened = read(date, &Reading::default()).expect(date).moment;
        let day = pacific.local(opened.earliest()).date_naive();
        let anchor = Moment::day(day, pacific).expect("a day");
        let mut walk = Walk::new(anchor, Direction::Forward, Reading::in_zone(Some(pacific)));
        let description = event["description"].as_str().expect("HTML");
        let stamps = between(description, "yellowfg\">", "</span>");
        let read: Vec<_> = stamps.iter().filter_map(|stamp| walk.next(stamp).ok()).collect();
        assert_eq!(read.len(), stamps.len(), "{date}: {stamps:?}");
        let Some(first) = read.first() else { continue };
        events += 1;
        at_once += usize::from(
            (first.moment.earliest() - opened.earliest()).abs() < TimeDelta::minutes(2),
        );
        let stated_days = |read: &&posthoc::model::time::Read| {
            read.remarks
                .iter()
                .any(|remark| matches!(remark, posthoc::model::time::Remark::AnotherDay(_)))
        };
        past_midnight += read.iter().filter(stated_days).count();
        for pair in read.windows(2) {
            let pause = pair[1].moment.earliest() - pair[0].moment.earliest();
            assert!(
                pause > TimeDelta::hours(-1) && pause < TimeDelta::days(8),
                "{date}: {pause} in {stamps:?}"
            );
        }
    }
    eprintln!(
        "{events} events, {at_once} opened with their first post, {past_midnight} times past midnight"
    );
    assert!(events > 400 && at_once * 10 > events * 9, "{at_once} of {events}");
}

/// The same instant twice, in two forms: an epoch number, and a clock with its label.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn epoch_and_local_time_in_a_log_agree() {
    let folder = shared("corpus/alerts/nagios");
    let log = text(&folder.join("irockout-epoch.log"));
    let eastern = Reading::in_zone(Some(zone("America/New_York")));
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("Local time is ")).collect();
    assert!(!lines.is_empty());
    for line in lines {
        let (number, clock) = line.split_once(" Local time is ").expect("both");
        let [number, clock] =
            [number, clock].map(|stamp| read(stamp, &eastern).expect(stamp).moment);
        assert_eq!(number, clock, "{line}");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn time_formats_of_many_systems_are_read() {
    let corpus = shared("corpus");
    let stamp = |path: &str, before: &str, after: &str, reading: &Reading| {
        let text = text(&corpus.join(path));
        let stamp = between(&text, before, after)[0].to_owned();
        read(&stamp, reading).unwrap_or_else(|error| panic!("{path}: {error}")).moment.earliest()
    };
    let plain = Reading::default();
    let utc = Reading::in_zone(Some(Zone::UTC));
    let in_2003 =
        Reading { year: Year::UpTo(NaiveDate::from_ymd_opt(2003, 12, 1).expect("a day")), ..utc };
    for (path, before, after, reading, expected) in [
        (
            "status/instatus/northflank-history-2026-10.TRIMMED-3items.rss",
            "<pubDate>",
            "<",
            &plain,
            "2026-09-25T15:15:00Z",
        ),
        ("alerts/applog/apache-access-la.log", " - - [", "]", &plain, "2015-05-17T10:05:03Z"),
        ("alerts/syslog/rfc3164-mixed.log", "<34>", " mymachine", &in_2003, "2003-10-11T22:14:15Z"),
        ("alerts/syslog/rfc5424-mixed.log", "<165>1 ", " ", &plain, "2003-08-24T12:14:15.000003Z"),
        (
            "alerts/uptimekuma/webhook-down.json",
            "\"time\":\"",
            "\"",
            &utc,
            "2023-07-31T18:56:15.374Z",
        ),
        (
            "alerts/pingdom/http_up_to_down.json",
            "changed_utc_time\": \"",
            "\"",
            &utc,
            "2016-03-14T07:10:34Z",
        ),
        (
            "changes/argocd/36_argocd_find_resource-app-get.txt",
            "Start:",
            "\n",
            &plain,
            "2025-04-02T07:15:08Z",
        ),
        (
            "changes/aws/sns-codedeploy.json",
            "createTime\\\":\\\"",
            "\\",
            &plain,
            "2016-08-10T18:39:05Z",
        ),
    ] {
        assert_eq!(stamp(path, before, after, reading), instant(expected), "{path}");
    }
}
