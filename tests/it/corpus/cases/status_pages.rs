//! Histories of status pages: which incidents they become, and at what times.

use serde_yaml::Value;

use crate::corpus::cases::workspace;
use crate::support::world::World;

/// A case, imported from its file with these arguments before it; every incident file, by its
/// title.
fn imported(case: &str, arguments: &[&str], input: &str) -> (World, Vec<Value>, String) {
    let world = workspace(&format!("status/{case}"));
    let arguments: Vec<&str> = arguments.iter().copied().chain(["import", input]).collect();
    let shown = world.run(&arguments);
    assert!(shown.ends_with("exit 0\n"), "{case}: {shown}");
    let files = world
        .files()
        .into_iter()
        .filter(|(name, _)| name.starts_with("incidents/") && name.ends_with(".yaml"));
    let files = files.map(|(_, bytes)| serde_yaml::from_slice(&bytes).expect("YAML")).collect();
    (world, files, shown)
}

fn posts(file: &Value) -> Vec<(&str, &str)> {
    let entries = file["timeline"].as_sequence().map(Vec::as_slice).unwrap_or_default();
    entries
        .iter()
        .map(|entry| (entry["at"].as_str().unwrap_or("?"), entry["text"].as_str().unwrap_or("?")))
        .collect()
}

fn titles(files: &[Value]) -> Vec<&str> {
    files.iter().filter_map(|file| file["title"].as_str()).collect()
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn entries_whose_guid_is_the_home_page_stay_separate() {
    let (_, files, _) = imported("11-feed-homepage-guid-merges", &[], "f.xml");
    assert_eq!(titles(&files), ["Email outage", "DNS outage"]);
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn revised_entry_has_its_revision_time() {
    let (_, files, _) = imported("12-hund-revised-in-place", &[], "hund.xml");
    let done =
        files.iter().flat_map(posts).find(|(_, text)| *text == "Done.").expect("it is there");
    assert_eq!(done.0, "2026-05-16T15:30:00Z");
    let (_, files, _) = imported("13-slack-atom-two-posts", &[], "slack.atom");
    assert_eq!(posts(&files[0])[0].0, "2025-12-18T16:44:51Z");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn feed_dates_are_read_or_reported() {
    for (case, arguments, input, expected) in [
        ("22-feed-date-two-digit-year", &[][..], "feed.xml", "2015-09-02T22:01:01Z"),
        ("27-feed-date-est-in-october", &[], "feed.xml", "2013-10-08T23:30:00Z"),
        (
            "34-feed-date-naive-with-zone",
            &["--zone", "Europe/London"],
            "feed.xml",
            "2025-07-26T01:30:00Z",
        ),
        ("feed-date-comment-zone", &[], "f.rss", "2027-02-02T09:00:00Z"),
    ] {
        let (_, files, shown) = imported(case, arguments, input);
        assert_eq!(posts(&files[0])[0].0, expected, "{case}: {shown}");
        assert_eq!(shown.contains("EST is not in use"), case.starts_with("27"), "{shown}");
    }
    for (case, word) in [
        ("24-feed-date-italian-month", "dom, 02 ott 2022 18:55:00 GMT"),
        ("31-feed-date-epoch-1970", "seconds taken for milliseconds"),
        ("33-feed-date-no-date", "has no date that can be read"),
    ] {
        let (_, files, shown) = imported(case, &[], "feed.xml");
        assert!(shown.contains(word), "{case}: {shown}");
        assert_eq!(
            (posts(&files[0]).len(), files[0]["summary"].as_str()),
            (0, Some("Text of it.")),
            "{case}"
        );
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn am_pm_times_and_mislabelled_pst_are_read() {
    let (_, files, _) = imported("17-onlineornot-rss-am-pm", &[], "feed.rss");
    let at: Vec<&str> = files.iter().flat_map(posts).map(|(at, _)| at).collect();
    assert_eq!(at, ["2026-08-28T02:15Z", "2026-08-28T22:33Z"]);
    let (_, files, _) = imported("feed-quirks", &[], "r15-pst-in-summer.rss");
    assert_eq!(posts(&files[0]).last().expect("a post").0, "2013-10-28T21:48Z");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn heading_without_a_text_becomes_the_text() {
    let (_, files, _) = imported("18-xai-heading-lost", &[], "xai.xml");
    let all: Vec<(&str, &str)> = files.iter().flat_map(posts).collect();
    assert!(all.contains(&("2026-09-03T13:30:00Z", "Investigating outage")), "{all:?}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn page_name_omits_repeated_words() {
    for (case, input, name) in [
        ("15-better-stack-prose", "f.xml", "Lumidesk status page: "),
        ("19-incident-io-feed", "feed.atom", "Example status page: "),
    ] {
        let (_, files, _) = imported(case, &[], input);
        assert_eq!(files.len(), 2, "{case}");
        let title = files[0]["sources"]["S1"]["title"].as_str().expect("a title");
        assert!(title.starts_with(name), "{title}");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn first_end_of_an_aws_item_is_the_end() {
    let (_, files, _) = imported("20-aws-all-rss", &["--zone", "UTC"], "aws.rss");
    let resolved: Vec<&Value> =
        files.iter().map(|file| &file["milestones"]["resolved_at"]["at"]).collect();
    assert_eq!((files.len(), resolved[0].as_str()), (2, Some("2021-12-15T16:10:17Z")));
    assert!(files.iter().all(|file| file["milestones"]["impact_start"].is_null()));
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn same_number_for_two_products_gives_two_incidents() {
    let (world, files, _) = imported("gcp-same-number", &[], "gcp.json");
    assert_eq!(titles(&files), ["Issue with product A.", "Issue with product B."]);
    let again = world.run(&["import", "gcp.json"]);
    assert!(again.contains("0 created, 0 extended, 2 unchanged"), "{again}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn seconds_within_tolerance_and_vendor_severities_give_no_findings() {
    let (world, files, _) = imported("gcp-seconds", &[], "gcp.json");
    assert_eq!(
        (files[0]["severity"].as_str(), files[0]["sources"]["S1"]["severity"].as_str()),
        (Some("minor"), Some("low"))
    );
    assert_eq!(
        (files[0]["title"].as_str(), files[0]["regions"][0].as_str()),
        (Some("Logging misconfigured."), Some("asia-east1"))
    );
    let checked = world.run(&["check"]);
    for rule in ["impossible-order", "unknown-severity", "missing-"] {
        assert!(!checked.contains(rule), "{checked}");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn one_recovered_component_of_two_is_not_all_clear() {
    let (world, _, _) = imported("normal-one-of-many", &[], "incidents.jsonl");
    let checked = world.run(&["check"]);
    assert!(!checked.contains("normal-before-resolved"), "{checked}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn statusfy_toml_front_matter_is_read() {
    let (_, files, _) = imported("statusfy-toml", &[], "2024-05-03-search.md");
    assert_eq!((titles(&files), posts(&files[0]).len()), (vec!["Search is slow"], 2));
    assert_eq!(files[0]["sources"]["S1"]["format"], "statusfy-markdown");
    assert!(
        files[0]["milestones"]["resolved_at"]["at"]
            .as_str()
            .expect("an end")
            .starts_with("2024-05-03T09:40:00")
    );
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn service_name_omits_the_status_sign() {
    let (_, files, _) = imported("66-upptime-degraded-service-name", &[], "issues.json");
    assert_eq!(files[0]["services"], serde_yaml::from_str::<Value>("[API]").expect("YAML"));
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn time_before_its_text_is_read() {
    let (_, files, _) = imported("statuskit-stamps-first", &[], "2024-05-03-search.md");
    let at: Vec<&str> = posts(&files[0]).iter().map(|(at, _)| &at[..16]).collect();
    assert_eq!(at, ["2024-05-03T08:50", "2024-05-03T09:10", "2024-05-03T09:40"]);
    assert_eq!(files[0]["timeline"][1]["state"], "identified");
    let milestones = &files[0]["milestones"];
    assert!(
        milestones["identified_at"]["at"]
            .as_str()
            .expect("it was found")
            .starts_with("2024-05-03T09:10")
    );
    assert!(
        milestones["first_notice_at"]["at"]
            .as_str()
            .expect("a notice")
            .starts_with("2024-05-03T08:50")
    );
    assert!(
        milestones["resolved_at"]["at"].as_str().expect("an end").starts_with("2024-05-03T09:40")
    );
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn instatus_atom_entry_gives_components_and_duration() {
    let (_, files, _) = imported("feed-quirks", &[], "r16-instatus.atom");
    assert_eq!(
        files[0]["services"],
        serde_yaml::from_str::<Value>("[Website, API]").expect("YAML")
    );
    assert_eq!(files[0]["claims"]["duration"], "4 hours and 31 minutes");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn write_up_without_a_date_is_undated() {
    let (_, files, _) = imported("feed-quirks", &["--zone", "UTC"], "r29-cstate-postmortem.md");
    assert_eq!(
        posts(&files[0]),
        [
            ("2024-01-10T15:54:00Z", "We look."),
            ("2024-01-10T17:30:00Z", "Fixed."),
            ("?", "A node was migrated."),
        ]
    );
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn with_update_the_newer_feed_wins_in_any_order() {
    let feeds = ["r17-1-older.atom", "r17-2-newer.atom"];
    for (first, second) in [(feeds[0], feeds[1]), (feeds[1], feeds[0])] {
        let (_, files, shown) = imported("feed-quirks", &[], first);
        assert_eq!(files.len(), 1, "{shown}");
        for commands in [&[&[first, second][..]][..], &[&[first], &[second]]] {
            let world = workspace("status/feed-quirks");
            let shown: Vec<String> = commands
                .iter()
                .map(|feeds| world.run(&[&["import", "--update"][..], feeds].concat()))
                .collect();
            let file = world.read("incidents/2025-12-18-network-failures.yaml");
            let file: Value = serde_yaml::from_str(&file).expect("YAML");
            let posts = posts(&file);
            assert!(posts.iter().any(|(_, text)| text.contains("NEW text")), "{posts:?}");
            let looking: Vec<&str> =
                posts.iter().filter(|(_, text)| *text == "We look.").map(|(at, _)| *at).collect();
            assert_eq!(looking, ["2025-12-18T16:33Z"], "{commands:?}");
            let is_reported = shown
                .iter()
                .any(|shown| shown.contains("older copy") || shown.contains("newer one"));
            assert_eq!(is_reported, commands.len() == 1 || first == feeds[1], "{shown:?}");
        }
    }
}
