//! The exact values of the statistics, and scripts that compute the same figures.

use std::process::Command;

use crate::support::world::World;

/// Forty incidents in two groups: one with three that are ongoing, one with vague ends.
fn world() -> World {
    let world = World::new();
    world.write("posthoc.toml", "");
    for number in 0..40_u32 {
        let minutes = number * number * 7 % 311 + 2;
        let severity = if number < 12 { "sev1" } else { "sev2" };
        let start = if number % 5 == 4 { "00:00Z..2026-03-01T00:09Z" } else { "00:00Z" };
        let end = match number {
            3 | 7 | 11 => "status: ongoing\n".to_owned(),
            _ => String::new(),
        };
        let resolved = if end.is_empty() {
            format!("  resolved_at: 2026-03-01T{:02}:{:02}Z\n", 1 + minutes / 60, minutes % 60)
        } else {
            String::new()
        };
        world.write(
            &format!("incidents/i{number:02}.yaml"),
            format!(
                "schema: posthoc/v1\nid: i{number:02}\ntitle: I\nseverity: {severity}\n{end}milestones:\n  impact_start: 2026-03-01T{start}\n{resolved}"
            ),
        );
    }
    world
}

/// Runs one of the scripts; what it printed, and whether it found no difference. `None` without its
/// language.
fn checked(world: &World, program: &str, script: &str) -> Option<(String, bool)> {
    Command::new(program).arg("--version").output().ok()?;
    let output = Command::new(program).arg(world.path(script)).output().expect("the script runs");
    Some((String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success()))
}

#[test]
fn scripts_compute_the_same_figures() {
    let world = world();
    insta::assert_snapshot!(world.run(&["stats", "--by", "severity", "--metric", "ttr", "--proof", "proof"]), @"
    ── stdout
    proof/values.csv
    proof/expected.csv
    proof/SHA256SUMS
    proof/check.py
    proof/check.R
    ── exit 0
    ");
    insta::assert_snapshot!(world.read("proof/expected.csv"), @"
    group,metric,n,censored,median,low,high,confidence,p90_low,p90_high,mean
    sev1,ttr,12,3,10170,3720,18840,,11940,,
    sev2,ttr,28,0,12210,7740,15780,0.9643018618226051,18720,,12276.42857142857
    total,ttr,40,3,11340,8220,14400,,18720,,
    ");
    if let Some(answer) = checked(&world, "python3", "proof/check.py") {
        assert_eq!(answer, ("21 figures computed, 0 differ\n".to_owned(), true));
    }
}

#[test]
#[cfg_attr(not(r_survival), ignore = "needs R with the package survival")]
fn the_script_for_r_computes_the_same_figures() {
    let world = world();
    world.run(&["stats", "--by", "severity", "--metric", "ttr", "--proof", "proof"]);
    let answer = checked(&world, "Rscript", "proof/check.R");
    assert_eq!(answer, Some(("15 figures computed, 0 differ\n".to_owned(), true)));
}

#[test]
fn a_changed_value_is_found() {
    let world = world();
    world.run(&["stats", "--metric", "ttr", "--strict", "--proof", "proof"]);
    let values = world.read("proof/values.csv");
    let (before, after) = values.split_once("i20").expect("a value");
    world.write("proof/values.csv", format!("{before}i20{}", after.replacen(',', ",9", 1)));
    if let Some((text, is_same)) = checked(&world, "python3", "proof/check.py") {
        assert!(
            !is_same && text.contains("values.csv is not the file that posthoc wrote"),
            "{text}"
        );
    }
}

#[test]
fn scripts_say_that_few_values_have_no_figures() {
    let world = World::new();
    world.write("posthoc.toml", "");
    world.write(
        "incidents/a.yaml",
        "schema: posthoc/v1\nid: a\ntitle: A\nmilestones: {impact_start: 2026-03-01T00:00Z, resolved_at: 2026-03-01T01:00Z}\n",
    );
    world.run(&["stats", "--proof", "proof"]);
    for (program, script) in [("python3", "proof/check.py"), ("Rscript", "proof/check.R")] {
        if let Some((printed, is_right)) = checked(&world, program, script) {
            assert!(printed.starts_with("nothing to compute: ") && is_right, "{printed}");
        }
    }
}
