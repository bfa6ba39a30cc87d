//! Two periods on a terminal of 80 columns, and as JSON.

use crate::support::screen::seen;
use crate::support::world::World;

/// Eight incidents in January that take 40 to 110 minutes, and eight in February that take
/// `minutes` and more.
fn world(minutes: u32) -> World {
    let world = World::new();
    world.write("posthoc.toml", "");
    for (month, first) in [(1, 40), (2, minutes)] {
        for number in 1..=8 {
            let (id, length) = (format!("i{month}{number}"), first + 10 * number);
            let end = format!("2026-{month:02}-{number:02}T{:02}:{:02}Z", length / 60, length % 60);
            let severity = if month == 1 && number < 4 { "sev1" } else { "sev2" };
            world.write(
                &format!("incidents/{id}.yaml"),
                format!(
                    "schema: posthoc/v1\nid: {id}\ntitle: {id}\nseverity: {severity}\nmilestones:\n  impact_start: 2026-{month:02}-{number:02}T00:00Z\n  resolved_at: {end}\n"
                ),
            );
        }
    }
    world
}

fn screen(world: &World, arguments: &[&str]) -> String {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--no-pager"]).collect();
    let (text, _) = seen(world, 80, &[], &arguments);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    text
}

#[test]
fn two_periods_say_first_what_they_could_show() {
    let arguments = ["stats", "--compare", "2026-01", "2026-02..2026-03", "--metric", "ttr"];
    insta::assert_snapshot!(screen(&world(10), &arguments), @"
    2026-01 → 2026-02..2026-03
    TTR: 8 and 8 values could show a change by × 1.9 or more; median 1 h 25 min →
      55 min (× 0.65, 0.35–1.2); likely shorter (p = 0.034)
    comparison: p by a permutation test of log durations, all permutations; interval
      of the ratio of medians by Price and Bonett, 95 %; what could be seen with
      80 % power
    incidents: 8 → 8 (sev1 3 → 0, sev2 5 → 8)
    TTR = resolved_at − impact_start
    ");
    insta::assert_snapshot!(screen(&world(45), &arguments), @"
    2026-01 → 2026-02..2026-03
    TTR: 8 and 8 values could show a change by × 1.6 or more; median 1 h 25 min →
      1 h 30 min (× 1.1, 0.67–1.7); not distinguishable from chance (p = 0.676)
    comparison: p by a permutation test of log durations, all permutations; interval
      of the ratio of medians by Price and Bonett, 95 %; what could be seen with
      80 % power
    incidents: 8 → 8 (sev1 3 → 0, sev2 5 → 8)
    TTR = resolved_at − impact_start
    ");
    insta::assert_snapshot!(screen(&world(10), &[&arguments[..], &["--by", "severity"]].concat()), @"
    2026-01 → 2026-02..2026-03
    sev2: TTR: 5 and 8 values could show a change by × 2.1 or more;
      median 1 h 40 min → 55 min (× 0.55, 0.31–0.97); likely shorter (p = 0.015)
    comparison: p by a permutation test of log durations, all permutations; interval
      of the ratio of medians by Price and Bonett, 95 %; what could be seen with
      80 % power
    sev1: incidents: 3 → 0 (sev1 3 → 0)
    sev2: incidents: 5 → 8 (sev2 5 → 8)
    TTR = resolved_at − impact_start
    ");
}

#[test]
fn each_period_is_compared_with_the_one_before() {
    insta::assert_snapshot!(screen(&world(10), &["stats", "--by", "month", "--metric", "ttr"]), @"
    GROUP    METRIC     KNOWN      MEDIAN  INTERVAL                      P90
    2026-01  TTR       8 of 8  1 h 25 min  50 min – 2 h         ≥ 1 h 30 min
        mean 1 h 25 min  largest 18 %  mean interval 1 h 4 min – 1 h 46 min
    2026-02  TTR       8 of 8      55 min  20 min – 1 h 30 min         ≥ 1 h
        mean 55 min  largest 20 %  mean interval 34 min – 1 h 16 min
    total    TTR     16 of 16  1 h 10 min  50 min – 1 h 30 min  ≥ 1 h 30 min
        mean 1 h 10 min  largest 11 %  mean interval 54 min – 1 h 26 min

    2026-01: 8 incidents (sev1 3, sev2 5); how long the impact lasted is unknown
    2026-02: 8 incidents (sev2 8); how long the impact lasted is unknown
    total: 16 incidents (sev1 3, sev2 13); how long the impact lasted is unknown
    interval of the median: 1st–8th of 8 values, 99.2 %; 4th–13th of 16 values,
      97.9 %
    p90: a lower limit (97.5 %), since so few values do not bound it from above
    mean interval: 95 % for many values; of few with a long tail it misses the mean
      more often (14 % for 5, 11 % for 15, 8 % for 50)
    TTR = resolved_at − impact_start
    periods in UTC
    2026-01 → 2026-02: TTR: 8 and 8 values could show a change by × 1.9 or more;
      median 1 h 25 min → 55 min (× 0.65, 0.35–1.2); likely shorter (p = 0.034)
    comparison: p by a permutation test of log durations, all permutations; interval
      of the ratio of medians by Price and Bonett, 95 %; what could be seen with
      80 % power
    trend: TTR: × 1.30 per month (0.73–46) over 16 values; not distinguishable from
      no change
    trend: the median slope of log durations by Theil and Sen, with its 95 %
      interval
    ");
}

#[test]
fn the_comparison_as_json_has_both_tables_and_the_figures() {
    let world = world(10);
    let output =
        world.output(&["stats", "--compare", "2026-01", "2026-02", "--metric", "ttr", "--json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let one = &answer["comparisons"][0];
    assert_eq!((&one["verdict"], &one["metric"]), (&"likely_shorter".into(), &"ttr".into()));
    assert_eq!((&one["before"]["n"], &one["after"]["median_seconds"]), (&8.into(), &3300.0.into()));
    assert_eq!(
        (&one["change"]["exact"], &one["change"]["permutations"]),
        (&true.into(), &12870.into())
    );
    assert_eq!(answer["before"]["groups"][0]["severities"][0]["severity"], "sev1");
    assert_eq!(answer["after"]["groups"][0]["incidents"], 8);
}

#[test]
fn periods_that_cannot_be_compared_are_refused() {
    let world = world(10);
    insta::assert_snapshot!(world.run(&["stats", "--compare", "2026-Q1", "2026-02"]), @"
    ── stderr
    error: 2026-Q1 and 2026-02 have a time in common
     |
     = help: an incident must be in one of them
    ── exit 2
    ");
    insta::assert_snapshot!(world.run(&["stats", "--compare", "2026-02..2026-01", "2026-03"]), @"
    ── stderr
    error: 2026-02..2026-01 is no period: it ends before it begins
    ── exit 2
    ");
    insta::assert_snapshot!(world.run(&["stats", "--compare", "2026-01", "2026-02", "--by", "month"]), @"
    ── stderr
    error: --compare cannot be combined with a period in --by
    ── exit 2
    ");
}
