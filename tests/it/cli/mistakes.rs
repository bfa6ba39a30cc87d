//! Mistakes that people really made, each in a small file of our own words: the times and the
//! stated durations are those of a public postmortem, named beside it. Each has a near-miss, which
//! is the same file without the mistake, or as the writer may have meant it, and the rule must be
//! silent there.
//!
//! `moj` is the incident log of a government's cloud platform, `dfds` the postmortems of a shipping
//! company. The names are those of their files.

use crate::support::world::World;

/// What the rule `rule` finds in an incident file, as `line level: message`.
fn found(rule: &str, yaml: &str) -> Vec<String> {
    let world = World::new();
    let id = yaml.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id");
    world.write(&format!("incidents/{id}.yaml"), format!("schema: posthoc/v1\n{yaml}"));
    let output = world.output(&["check", "--json"]);
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let of_rule = |finding: &&serde_json::Value| finding["rule"] == rule;
    let shown = |finding: &serde_json::Value| {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        format!(
            "{} {}: {}",
            finding["place"]["line"],
            text(&finding["severity"]),
            text(&finding["message"])
        )
    };
    findings["findings"].as_array().expect("a list").iter().filter(of_rule).map(shown).collect()
}

/// The one finding of `rule` in `wrong`, which begins so and holds this; and none in `right`.
#[track_caller]
fn finds(rule: &str, wrong: &str, starts: &str, holds: &str, right: &str) {
    assert_ne!(wrong, right, "the near-miss is another file");
    let printed = found(rule, wrong);
    let [only] = printed.as_slice() else { panic!("{rule} finds one thing: {printed:#?}") };
    assert!(only.starts_with(starts) && only.contains(holds), "{rule}: {only}");
    assert_eq!(found(rule, right), [""; 0], "{rule} in the near-miss");
}

/// moj, 2021-09-04-pingdom-check-prometheus-down: repaired 12:16, resolved 12:27, and declared
/// only at 12:53.
#[test]
fn resolved_before_declared_is_reported() {
    let wrong = "id: 2021-09-04-monitoring-down
title: The monitoring did not answer
milestones:
  detected_at: 2021-09-04T22:05Z
  declared_at: 2021-09-05T12:53Z
  impact_end: 2021-09-05T12:16Z
  resolved_at: 2021-09-05T12:27Z
";
    // Declared between the two: after the repair, and that is allowed.
    let right = wrong.replace("12:53Z", "12:23Z");
    finds(
        "impossible-order",
        wrong,
        "8 error: resolved_at (2021-09-05 12:27 UTC)",
        "before declared_at",
        &right,
    );
}

/// moj, 2022-01-22-some-dns-records-deleted: resolved 14:38, declared 14:41.
#[test]
fn late_declaration_is_reported() {
    let wrong = "id: 2022-01-22-names-deleted
title: Names were deleted at the weekend
milestones:
  detected_at: 2022-01-22T11:57Z
  declared_at: 2022-01-22T14:41Z
  impact_end: 2022-01-22T13:59Z
  resolved_at: 2022-01-22T14:38Z
";
    // To the minute, a minute out of order is none.
    let right = wrong.replace("14:41Z", "14:39Z").replace("14:38Z", "14:38:30Z");
    finds(
        "impossible-order",
        wrong,
        "8 error: resolved_at",
        "before declared_at (2022-01-22 14:41 UTC)",
        &right,
    );
}

/// moj, 2020-02-25: declared 10:58, resolved 17:07, and a stated time to repair of 4 h 9 min, which
/// is two hours less than from the one to the other.
#[test]
fn stated_repair_time_matching_no_interval_is_reported() {
    let wrong = "id: 2020-02-25-upgrade
title: New masters did not come up
milestones:
  impact_start: 2020-02-25T07:32Z
  detected_at: 2020-02-25T07:36Z
  declared_at: 2020-02-25T10:58Z
  impact_end: 2020-02-25T17:07Z
  resolved_at: 2020-02-25T17:07Z
claims:
  repair: 4h 9m
";
    let right = wrong.replace("4h 9m", "9h 31m");
    finds(
        "claim-mismatch",
        wrong,
        "11 warning: the claim `4h 9m`",
        "repair time is 9 h 31 min",
        &right,
    );
}

/// moj, 2023-09-18-lack-of-diskspace: detected on the 18th at 13:42, resolved on the 20th at 19:18,
/// and a stated time to resolve of 35 h 36 min, the very figure of the incident after it.
#[test]
fn stated_time_to_resolve_of_another_incident_is_reported() {
    let wrong = "id: 2023-09-18-disks
title: The disks were too small
milestones:
  impact_start: 2023-09-18T13:42Z
  detected_at: 2023-09-18T13:42Z
  declared_at: 2023-09-18T15:12Z
  impact_end: 2023-09-18T17:54Z
  resolved_at: 2023-09-20T19:18Z
claims: {repair: 4h 12m, ttr: 35h 36m}
";
    let right = wrong.replace("35h 36m", "just over 53 hours");
    finds(
        "claim-mismatch",
        wrong,
        "10 warning: the claim `35h 36m`",
        "time to resolve is 53 h 36 min",
        &right,
    );
}

/// moj, 2023-01-05-circleci-security-incident: repaired in February 2023, resolved at the same
/// minute of February 2022.
#[test]
fn last_years_number_in_january_is_reported() {
    let wrong = "id: 2023-01-05-secrets
title: Every secret had to be changed
kind: security
milestones:
  detected_at: 2023-01-04
  declared_at: 2023-01-05T08:56Z
  impact_end: 2023-02-01T10:30Z
  resolved_at: 2022-02-01T10:30Z
";
    let right = wrong.replace("2022-02", "2023-02");
    finds(
        "date-typo",
        wrong,
        "9 warning: 2022-02-01 10:30 UTC",
        "2023-02-01 10:30 UTC would fit",
        &right,
    );
}

/// The same document: the declaration is of 2022, too, so that half of the times are.
#[test]
fn half_of_the_times_in_another_year_are_reported() {
    let wrong = "id: 2023-01-05-secrets
title: Every secret had to be changed
kind: security
milestones:
  detected_at: 2023-01-04
  declared_at: 2022-01-05T08:56Z
  impact_end: 2023-02-01T10:30Z
  resolved_at: 2022-02-01T10:30Z
";
    let printed = found("date-typo", wrong);
    assert_eq!(printed.len(), 2, "{printed:#?}");
    assert!(
        printed[0].starts_with("7 warning: 2022-01-05")
            && printed[1].starts_with("9 warning: 2022-02-01"),
        "{printed:#?}"
    );
}

/// moj, 2023-07-25-prometheus-on-live-cluster-down: repaired on July 25th at 15:55, resolved on
/// September 25th at 15:55.
#[test]
fn time_two_months_too_late_is_reported() {
    let wrong = "id: 2023-07-25-monitoring-down
title: The monitoring ran out of memory
milestones:
  detected_at: 2023-07-25T14:05Z
  declared_at: 2023-07-25T15:21Z
  impact_end: 2023-07-25T15:55Z
  resolved_at: 2023-09-25T15:55Z
";
    // Closed weeks later, when the work was done: nothing in the time suggests a mistake.
    let right = wrong.replace("2023-09-25T15:55Z", "2023-09-12T09:30Z");
    finds(
        "date-typo",
        wrong,
        "8 warning: 2023-09-25 15:55 UTC",
        "2023-07-25 15:55 UTC would fit",
        &right,
    );
}

/// The same document: in its table the last line is of the 5th, those before it of the 25th.
#[test]
fn missing_digit_in_a_date_is_reported() {
    let wrong = "id: 2023-07-25-monitoring-down
title: The monitoring ran out of memory
timeline:
  - {at: 2023-07-25T15:31Z, text: A larger machine}
  - {at: 2023-07-25T15:50Z, text: It was killed again; the limit was raised}
  - {at: 2023-07-25T16:18Z, text: The limit was raised once more}
  - {at: 2023-07-25T16:18Z, text: Repaired}
  - {at: 2023-07-05T16:18Z, text: Resolved}
";
    let right = wrong.replace("07-05T16:18Z", "08-02T11:00Z");
    finds(
        "date-typo",
        wrong,
        "9 warning: 2023-07-05 16:18 UTC is 20 days off",
        "2023-07-25 16:18 UTC would fit",
        &right,
    );
}

/// moj, 2023-11-01-prometheus-restarted: repaired at 14:38 by its header, at 16:01 by its table.
#[test]
fn different_times_in_header_and_table_are_reported() {
    let wrong = "id: 2023-11-01-restarts
title: The monitoring restarted again and again
milestones:
  detected_at: 2023-11-01T10:15Z
  declared_at: 2023-11-01T10:41Z
  impact_end: 2023-11-03T14:38Z
  resolved_at: 2023-11-03T14:38Z
timeline:
  - at: 2023-11-01T12:35Z
    text: More was logged, to see why
  - at: 2023-11-03T16:01Z
    text: The probe waits longer now; repaired
    milestone: impact_end
";
    let right = wrong.replace("at: 2023-11-03T16:01Z", "at: 2023-11-03T14:39Z");
    finds(
        "milestone-entry-mismatch",
        wrong,
        "14 warning: the note says that impact_end was at 2023-11-03 16:01",
        "14:38 UTC",
        &right,
    );
}

/// dfds, PM2023-001: the ticket of 11:07 is written below the mail of 11:08.
#[test]
fn entry_below_a_later_one_is_reported() {
    let wrong = "id: 2023-02-14-no-nodes
title: Every node was taken away
timeline:
  - {at: 2023-02-14T10:48Z, text: There are no nodes}
  - {at: 2023-02-14T10:57Z, text: New ones come}
  - {at: 2023-02-14T11:01Z, text: Traffic flows again}
  - {at: 2023-02-14T11:08Z, text: Mail that the service is restored}
  - {at: 2023-02-14T11:07Z, text: Ticket raised}
  - {at: 2023-02-14T11:59Z, text: Ticket closed}
";
    let right = wrong.replace("11:07Z", "11:08Z");
    finds(
        "entries-out-of-order",
        wrong,
        "9 note: 2023-02-14 11:07 UTC is earlier",
        "11:08 UTC",
        &right,
    );
}

/// The same document: traffic flowed at 11:01, and the ticket was resolved at 11:59.
#[test]
fn recovery_an_hour_before_resolved_is_reported() {
    let wrong = "id: 2023-02-14-no-nodes
title: Every node was taken away
milestones:
  impact_start: 2023-02-14T10:46Z
  resolved_at: 2023-02-14T11:59Z
impact:
  windows:
    - {start: 2023-02-14T10:46Z, end: 2023-02-14T11:01Z, level: full}
";
    let right = wrong.replace("  resolved_at", "  impact_end: 2023-02-14T11:01Z\n  resolved_at");
    finds(
        "recovered-before-resolved",
        wrong,
        "9 warning: the impact window ended at 2023-02-14 11:01",
        "58 min before",
        &right,
    );
}

/// dfds, PM2020-003: every line is of the year 20202. No rule gets to see such a file.
#[test]
fn five_digit_year_is_reported_with_its_line() {
    let world = World::new();
    let text = "schema: posthoc/v1\nid: moved\ntitle: Moved\ntimeline:\n  - {at: 20202-01-16T12:00Z, text: Not copied}\n";
    world.write("incidents/moved.yaml", text);
    let shown = world.run(&["check"]);
    assert!(
        shown.contains("incidents/moved.yaml:5:10") && shown.contains("20202-01-16T12:00Z"),
        "{shown}"
    );
    assert!(shown.contains("is not a time") && shown.ends_with("exit 3\n"), "{shown}");
    world.write("incidents/moved.yaml", text.replace("20202", "2020"));
    assert!(world.run(&["check"]).ends_with("exit 0\n"));
}

/// dfds, PM2024-001: resolved at 12:10, and the next node was sick at 15:03.
#[test]
fn reopening_after_resolved_is_reported() {
    let wrong = "id: 2024-03-13-nodes
title: Two nodes were not ready
milestones: {detected_at: 2024-03-13T10:05Z, resolved_at: 2024-03-14T09:20Z}
timeline:
  - {at: 2024-03-13T10:12Z, kind: status_update, state: investigating, text: A node is not ready}
  - {at: 2024-03-13T12:10Z, kind: status_update, state: resolved, text: It is}
  - {at: 2024-03-13T15:26Z, kind: status_update, state: investigating, text: The new node is not ready}
  - {at: 2024-03-14T09:20Z, kind: status_update, state: resolved, text: Closed}
";
    let right = wrong.replace("state: resolved, text: It is", "state: monitoring, text: It is");
    finds(
        "reopened",
        wrong,
        "8 note: resolved at 2024-03-13 12:10 UTC and reopened",
        "15:26 UTC",
        &right,
    );
}

// dfds, PM2020-007 ("All times in CET", on October 6th 2020, when that clock showed CEST) belongs
// here with the rule for labels that contradict the season:
//
//     id: 2020-10-06-node
//     timeline: [{at: 2020-10-06 07:00 CET, text: The nodes are rolled over}]
//
// and as its near-miss the same line on October 26th, the day after the clocks went back.
