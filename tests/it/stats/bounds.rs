//! `stats` on a terminal of 80 columns: fallbacks are bounds, and what is unknown or uncertain
//! stays so.

use crate::support::screen::seen;
use crate::support::world::World;

/// Files with these milestones, one incident each.
fn world(incidents: impl IntoIterator<Item = String>) -> World {
    let world = World::new();
    world.write("posthoc.toml", "");
    for (number, fields) in incidents.into_iter().enumerate() {
        let id = format!("i{number:02}");
        let text = format!("schema: posthoc/v1\nid: {id}\ntitle: {id}\nservices: [api]\n{fields}");
        world.write(&format!("incidents/{id}.yaml"), text);
    }
    world
}

/// What a person sees, without the pager.
fn screen(world: &World, arguments: &[&str]) -> String {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--no-pager"]).collect();
    let (text, code) = seen(world, 80, &[], &arguments);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    text
}

fn json(world: &World, arguments: &[&str]) -> serde_json::Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    serde_json::from_slice(&world.output(&arguments).stdout).expect("JSON")
}

fn milestones(fields: &str) -> String {
    format!("milestones: {{{fields}}}\n")
}

/// A history of a status page: from the first notice to the closing post.
fn page(number: u32) -> String {
    let at = |minute| format!("2026-03-{:02}T10:{minute:02}Z", number + 1);
    milestones(&format!("first_notice_at: {}, resolved_at: {}", at(0), at(29 + number)))
}

#[test]
fn mttr_of_a_status_page_is_answered_in_one_sentence() {
    let world = world((0..6).map(page));
    insta::assert_snapshot!(screen(&world, &["stats", "--metric", "mttr"]), @"
    METRIC   KNOWN  MEDIAN
    TTR     0 of 6  ≥ 31 min

    6 incidents; how long the impact lasted is unknown
      TTR known for 0 of 6; median ≥ 31 min from 6 lower bounds; the known measure
        is REPORTED (6 of 6)
    TTR = resolved_at − impact_start
    MTTR = the mean of TTR (resolved_at − impact_start); the median comes first,
      since one long incident moves a mean; MTTR can also mean RESTORE, REPAIR or
      RESPONSE: see --metric restore,repair,response
    ");
    let answer = json(&world, &["stats", "--metric", "mttr"]);
    let ttr = &answer["groups"][0]["metrics"][0];
    assert_eq!(
        (&ttr["name"], &ttr["known"], &ttr["lower_bounds"]),
        (&"ttr".into(), &0.into(), &6.into())
    );
    assert_eq!(
        (&ttr["bounded"]["median_min_seconds"], &ttr["reported_instead"]),
        (&1890.0.into(), &6.into())
    );
    assert!(ttr["bounded"]["median_max_seconds"].is_null() && ttr["summary"]["median"].is_null());
    insta::assert_snapshot!(screen(&world, &["stats", "--metric", "mttr", "--strict"]), @"
    METRIC   KNOWN  MEDIAN
    TTR     0 of 6       —

    6 incidents; how long the impact lasted is unknown
      TTR known for 0 of 6; the known measure is REPORTED (6 of 6)
    TTR = resolved_at − impact_start
    MTTR = the mean of TTR (resolved_at − impact_start); the median comes first,
      since one long incident moves a mean; MTTR can also mean RESTORE, REPAIR or
      RESPONSE: see --metric restore,repair,response
    ");
}

#[test]
fn few_bounds_are_listed_as_bounds() {
    let world = world((0..3).map(page));
    insta::assert_snapshot!(screen(&world, &["stats"]), @"
    METRIC     KNOWN  MEDIAN
    TTR       0 of 3  ≥ 29 min, ≥ 30 min, ≥ 31 min
    RESTORE   0 of 3       —
    TTD       0 of 3       —
    TTN       0 of 3       —
    REPORTED  3 of 3  29 min, 30 min, 31 min
    IMPACT    0 of 3       —

    3 incidents; how long the impact lasted is unknown
      TTR known for 0 of 3; 3 lower bounds; the known measure is REPORTED (3 of 3)
    TTD = detected_at − impact_start, floor 0
    TTN = first_notice_at − impact_start, floor 0
    TTR = resolved_at − impact_start
    RESTORE = impact_end − impact_start
    REPORTED = resolved_at − first_notice_at
    IMPACT = length of the union of the impact windows
    ");
}

#[test]
fn bounds_in_both_directions_and_unknown_values() {
    let at =
        |day: u32, minute: u32| format!("2026-03-{day:02}T{:02}:{:02}Z", minute / 60, minute % 60);
    let known = (1..=7).map(|day| {
        milestones(&format!("impact_start: {}, mitigated_at: {}", at(day, 0), at(day, 10 * day)))
    });
    let at_most = (8..=9).map(|day| {
        milestones(&format!("impact_start: {}, resolved_at: {}", at(day, 0), at(day, 25)))
    });
    let at_least = std::iter::once(milestones(&format!(
        "detected_at: {}, mitigated_at: {}",
        at(10, 0),
        at(10, 50)
    )));
    let unknown = (11..=12).map(|day| milestones(&format!("impact_start: {}", at(day, 0))));
    let world = world(known.chain(at_most).chain(at_least).chain(unknown));
    insta::assert_snapshot!(screen(&world, &["stats", "--metric", "ttm"]), @"
    METRIC    KNOWN  MEDIAN  INTERVAL                  P90    MEAN  LARGEST
    TTM     7 of 12  40 min  10 min – 1 h 10 min  ≥ 40 min  40 min     25 %
        mean interval 20 min – 1 h

    12 incidents; how long the impact lasted is unknown
      TTM known for 7 of 12; 1 lower bound and 2 upper bounds, with which the median
        of all 10 is 35 min; if the 2 unknown were all shorter: median 25 min; all
        longer: 45 min
    interval of the median: 1st–7th of 7 values, 98.4 %
    p90: a lower limit (97.5 %), since so few values do not bound it from above
    mean interval: 95 % for many values; of few with a long tail it misses the mean
      more often (14 % for 5, 11 % for 15, 8 % for 50)
    TTM = mitigated_at − impact_start
    ");
    let ttm = &json(&world, &["stats", "--metric", "ttm"])["groups"][0]["metrics"][0];
    assert_eq!(
        ttm["if_unknown"],
        serde_json::json!({
            "incidents": 2, "median_if_shorter_seconds": 1500.0, "median_if_longer_seconds": 2700.0,
            "least_seconds": 600.0, "greatest_seconds": 4200.0, "precision": "minute", "about": false,
        })
    );
}

#[test]
fn detection_before_the_impact_is_counted_separately() {
    let detected = |day: u32, minute: i64| {
        let start = chrono::DateTime::parse_from_rfc3339(&format!("2026-03-{day:02}T10:00:00Z"));
        let at = start.expect("a time") + chrono::TimeDelta::minutes(minute);
        milestones(&format!(
            "impact_start: 2026-03-{day:02}T10:00Z, detected_at: {}",
            at.format("%FT%H:%MZ")
        ))
    };
    let minutes = [3, 4, 5, 6, 7, -10, -20];
    let world = world((1..).zip(minutes).map(|(day, minute)| detected(day, minute)));
    insta::assert_snapshot!(screen(&world, &["stats", "--metric", "ttd"]), @"
    METRIC   KNOWN  MEDIAN  INTERVAL      P90   MEAN  LARGEST  MEAN INTERVAL
    TTD     5 of 7   5 min  3–7 min   ≥ 5 min  5 min     28 %  3–7 min

    7 incidents; how long the impact lasted is unknown
      TTD known for 5 of 7; 2 detected before the impact (counted here only)
    interval of the median: 1st–5th of 5 values, 93.8 %
    p90: a lower limit (97.5 %), since so few values do not bound it from above
    mean interval: 95 % for many values; of few with a long tail it misses the mean
      more often (14 % for 5, 11 % for 15, 8 % for 50)
    TTD = detected_at − impact_start, floor 0
    ");
}

/// Five incidents of which only the day is known: nothing here is known to the hour.
#[test]
fn days_are_aggregated_as_days_and_wide_intervals_as_intervals() {
    let days = (1..=5).map(|day| {
        milestones(&format!(
            "impact_start: 2026-03-{day:02}, resolved_at: 2026-03-{:02}T15:00Z",
            day + 2
        ))
    });
    insta::assert_snapshot!(screen(&world(days), &["stats", "--metric", "ttr"]), @"
    METRIC   KNOWN  MEDIAN  INTERVAL    P90   MEAN  LARGEST
    TTR     5 of 5   1–3 d  1–3 d     ≥ 1 d  1–3 d     20 %

    5 incidents; how long the impact lasted is unknown
      TTR known for 5 of 5; 5 uncertain
    interval of the median: 1st–5th of 5 values, 93.8 %
    p90: a lower limit (97.5 %), since so few values do not bound it from above
    TTR = resolved_at − impact_start
    ");
    let wide = (1..=5).map(|day| {
        let next = day + 1;
        milestones(&format!(
            "impact_start: ~2026-03-{day:02}T00:00Z..2026-03-{next:02}T00:00Z, resolved_at: 2026-03-{next:02}T00:00Z"
        ))
    });
    insta::assert_snapshot!(screen(&world(wide), &["stats", "--metric", "ttr"]), @"
    METRIC   KNOWN   MEDIAN  INTERVAL     MEAN  LARGEST
    TTR     5 of 5  ~0–24 h  ~0–24 h   ~0–24 h     20 %

    5 incidents; how long the impact lasted is unknown
      TTR known for 5 of 5; 5 approximate; 5 uncertain; very uncertain: i00, i01,
        i02, i03, i04
    interval of the median: 1st–5th of 5 values, 93.8 %
    TTR = resolved_at − impact_start
    ");
}
