//! Days, zones and abbreviations of write-ups.

use super::workspace;
use crate::support::world::World;

/// The one incident of a world, as a file.
fn incident(world: &World) -> String {
    let mut files = world
        .files()
        .into_iter()
        .filter(|(name, _)| name.starts_with("incidents/") && name.ends_with(".yaml"));
    let (_, bytes) = files.next().expect("an incident was made");
    assert!(files.next().is_none(), "one incident");
    String::from_utf8(bytes).expect("text")
}

/// The output of the import of a case, and the file that it creates.
fn imported(case: &str, file: &str, zone: Option<&str>) -> (String, String) {
    let world = workspace(case);
    let mut arguments = vec!["import", file];
    arguments.extend(zone.into_iter().flat_map(|zone| ["--zone", zone]));
    let output = world.run(&arguments);
    (output, incident(&world))
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn day_starts_at_the_offset_of_its_entries() {
    let (output, file) = imported("status/03-est-in-summer-first-line-2350", "doc.md", None);
    assert_has(&file, &["at: 2025-06-26T04:50Z", "at: 2025-06-26T05:15Z", "id: 2025-06-25-"]);
    assert_has(&output, &["EST contradicts the season"]);
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn abbreviation_after_a_time_takes_its_commonest_meaning_with_a_warning() {
    for zone in [None, Some("UTC"), Some("Europe/Berlin")] {
        let (output, file) = imported("status/68-abbreviation-per-line", "doc.md", zone);
        assert_has(&file, &["at: 2025-01-26T05:50Z", "at: 2025-01-26T06:15Z"]);
        assert_has(
            &output,
            &[
                "PST is read as Pacific Standard Time (-08:00); it can also mean Philippine Standard Time",
            ],
        );
    }
    let (output, file) = imported("status/68-abbreviation-per-line", "doc.md", Some("Asia/Manila"));
    assert_has(&file, &["at: 2025-01-25T13:50Z"]);
    assert!(!output.contains("it can also mean"), "{output}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn ambiguous_day_is_reported_with_both_readings() {
    let (output, file) = imported("status/69-ambiguous-date-message", "doc.md", None);
    assert_has(&output, &["03/04/2025", "2025-04-03", "2025-03-04"]);
    assert!(!output.contains("a line `Date:"), "{output}");
    assert!(!file.contains("at: 20"), "{file}");
}

/// Each write-up with its start and end, and a part of the output.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn times_in_one_sentence_share_day_zone_and_clock() {
    for (file, times, said_of) in [
        ("o01-zone-after-second.md", ["2018-08-02T04:14Z", "2018-08-02T06:00Z"], ""),
        ("o02-half-day-settled.md", ["2017-05-03T10:00Z", "2017-05-03T19:55Z"], ""),
        ("o02b-single-digit.md", ["2021-10-13T08:18Z", "2021-10-13T12:25Z"], ""),
        (
            "o05-est.md",
            ["2020-01-30T19:12Z", "2020-01-31T00:10Z"],
            "EST is read as Eastern Standard Time",
        ),
        ("o10-midnight.md", ["2019-08-15T23:30Z", "2019-08-16T01:15Z"], "go past midnight"),
        ("o10b-day-before-time.md", ["2021-03-22T15:02Z", "2021-03-22T16:40Z"], ""),
        ("r03e-zone-earlier.md", ["2014-01-24T18:55:00Z", "2014-01-24T19:30Z"], "PST is read as"),
        ("r03g-zone-earlier-range.md", ["2013-10-23T13:45:00Z", "2013-10-23T17:30Z"], ""),
        ("f31-zone.md", ["2018-05-16T23:00Z", "2018-05-17T01:18Z"], ""),
        ("20180320-1.txt", ["2018-03-21T14:00Z", "2018-03-21T15:30Z"], ""),
        ("o12-page#1.md", ["2021-05-02T10:05Z", "2021-05-02T10:35Z"], ""),
    ] {
        let (output, text) = imported(&format!("documents/{file}"), file, None);
        let [start, end] = times;
        let milestones =
            text.split_once("milestones:").unwrap_or_else(|| panic!("{file}: {output}\n{text}")).1;
        assert_has(milestones, &[&format!("at: {start}\n"), &format!("at: {end}\n")]);
        assert_has(milestones, &["impact_start:", "impact_end:"]);
        assert_has(&output, &[said_of]);
    }
    for zone in ["UTC", "Asia/Tokyo"] {
        let file = "o01-zone-after-second.md";
        let (_, text) = imported(&format!("documents/{file}"), file, Some(zone));
        assert_has(&text, &["at: 2018-08-02T04:14Z", "at: 2018-08-02T06:00Z"]);
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn am_pm_is_inferred_from_neighbouring_entries() {
    let (output, file) = imported("documents/f16-ampm.md", "f16-ampm.md", None);
    for clock in ["05:03", "09:00", "09:10", "12:37", "14:23"] {
        assert_has(&file, &[&format!("at: 2025-05-12T{clock}Z\n")]);
    }
    assert!(!output.contains("am or pm"), "{output}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn negative_offset_is_not_a_range() {
    let (output, file) = imported("documents/neg-offset", "tl.md", None);
    // Seven lines, and the first of them as the beginning of the impact: `Error rate rises`.
    assert_eq!(file.matches("at: 2024-01-10T20:15").count(), 8, "{file}");
    assert_has(&file, &["note: it says “Error rate rises”"]);
    assert_has(&file, &["at: 2024-01-10T11:20:00Z", "at: 2024-01-10T21:15:00Z"]);
    assert!(!file.contains("end:"), "{file}");
    assert_has(&output, &["PST is read as Pacific Standard Time (-08:00)"]);
    let (_, file) = imported("documents/neg-offset", "front-matter.md", None);
    assert_has(&file, &["at: 2024-01-10T20:15:00Z", "at: 2024-01-10T21:23:00Z"]);
    let (_, file) = imported("documents/neg-offset", "cs.md", None);
    assert_has(&file, &["at: 2024-01-10T20:15:00Z", "at: 2024-01-10T21:15:00Z"]);
}
