//! Two periods on a terminal of 80 columns, and as JSON.

use crate::support::screen::seen;
use crate::support::world::World;

/// Eight incidents in January that take 40 to 110 minutes, and eight in February that take `minutes` and
/// more.
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
    insta::assert_snapshot!(screen(&world(10), &arguments), @"");
    insta::assert_snapshot!(screen(&world(45), &arguments), @"");
    insta::assert_snapshot!(screen(&world(10), &[&arguments[..], &["--by", "severity"]].concat()), @"");
}

#[test]
fn each_period_is_compared_with_the_one_before() {
    insta::assert_snapshot!(screen(&world(10), &["stats", "--by", "month", "--metric", "ttr"]), @"");
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
    insta::assert_snapshot!(world.run(&["stats", "--compare", "2026-Q1", "2026-02"]), @"");
    insta::assert_snapshot!(world.run(&["stats", "--compare", "2026-02..2026-01", "2026-03"]), @"");
    insta::assert_snapshot!(world.run(&["stats", "--compare", "2026-01", "2026-02", "--by", "month"]), @"");
}
