//! `explain`: where a number comes from, with a check that a reader can run.

use std::process::Command;

use crate::support::world::World;

const FILE: &str = "\
schema: posthoc/v1
id: torn
title: Torn
severity: sev2
milestones:
  impact_start: 2026-03-17T14:05:10Z..2026-03-17T14:06:00Z
  resolved_at: 2026-03-17T19:05:30Z
impact:
  windows:
    - {start: 2026-03-17T14:05Z, end: 2026-03-17T14:20Z}
    - {start: 2026-03-17T14:10Z, end: 2026-03-17T14:35Z}
timeline:
  - {at: 2026-03-17T14:09Z, kind: alert, text: The lag alert fired., milestone: detected_at}
";

fn world() -> World {
    let world = World::new();
    world.write("posthoc.toml", "");
    world.write("incidents/torn.yaml", FILE);
    for number in 2..=6 {
        world.write(
            &format!("incidents/i{number}.yaml"),
            format!(
                "schema: posthoc/v1\nid: i{number}\ntitle: I\nseverity: sev1\nmilestones:\n  impact_start: 2026-02-0{number}T00:00Z\n  resolved_at: 2026-02-0{number}T00:{}:00Z\n",
                10 * number - 5
            ),
        );
    }
    world.write(
        "incidents/open.yaml",
        "schema: posthoc/v1\nid: open\ntitle: Open\nseverity: sev1\n",
    );
    world
}

fn explained(world: &World, arguments: &[&str]) -> serde_json::Value {
    let arguments: Vec<&str> = [&["explain"], arguments, &["--json"]].concat();
    serde_json::from_slice(&world.output(&arguments).stdout).expect("JSON")
}

/// What the printed line of Python prints; `None` where there is no Python.
fn python(answer: &serde_json::Value) -> Option<Vec<f64>> {
    let line = answer["checks"]["python"].as_str().expect("a check");
    if Command::new("python3").arg("--version").output().is_err() {
        return None;
    }
    let output = Command::new("sh").args(["-c", line]).output().expect("a shell");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    Some(text.split_whitespace().map(|number| number.parse().expect("a number")).collect())
}

#[test]
fn a_duration_names_its_inputs_with_file_and_line() {
    let world = world();
    insta::assert_snapshot!(world.run(&["explain", "torn", "ttr"]), @r#"
    ── stdout
    TTR of torn = 4 h 59 min 30 s – 5 h 20 s

    resolved_at   2026-03-17T19:05:30Z                        incidents/torn.yaml:7
    impact_start  2026-03-17T14:05:10Z..2026-03-17T14:06:00Z  incidents/torn.yaml:6

    formula: resolved_at − impact_start (definitions version 1)
    arithmetic: at least 2026-03-17T19:05:30+00:00 − 2026-03-17T14:06:00+00:00 = 17970 s; at most 2026-03-17T19:05:30+00:00 − 2026-03-17T14:05:10+00:00 = 18020 s
    rounding: truncated to the second, the coarsest precision of the inputs; the ends of an interval are moved outwards
    python: python3 -c "from datetime import datetime; t = datetime.fromisoformat; print(max(0, (t('2026-03-17T19:05:30+00:00') - t('2026-03-17T14:06:00+00:00')).total_seconds()), max(0, (t('2026-03-17T19:05:30+00:00') - t('2026-03-17T14:05:10+00:00')).total_seconds()))"
    sql: SELECT greatest(0, extract(epoch FROM timestamptz '2026-03-17T19:05:30+00:00' - timestamptz '2026-03-17T14:06:00+00:00')), greatest(0, extract(epoch FROM timestamptz '2026-03-17T19:05:30+00:00' - timestamptz '2026-03-17T14:05:10+00:00'))
    ── exit 0
    "#);
    insta::assert_snapshot!(world.run(&["explain", "torn", "mttd"]), @r#"
    ── stdout
    TTD of torn = 3–4 min

    detected_at   2026-03-17T14:09Z                           incidents/torn.yaml:13
    impact_start  2026-03-17T14:05:10Z..2026-03-17T14:06:00Z  incidents/torn.yaml:6

    formula: detected_at − impact_start, floor 0 (definitions version 1)
    arithmetic: at least 2026-03-17T14:09:00+00:00 − 2026-03-17T14:06:00+00:00 = 180 s; at most 2026-03-17T14:09:00+00:00 − 2026-03-17T14:05:10+00:00 = 230 s
    rounding: truncated to the minute, the coarsest precision of the inputs; the ends of an interval are moved outwards
    python: python3 -c "from datetime import datetime; t = datetime.fromisoformat; print(max(0, (t('2026-03-17T14:09:00+00:00') - t('2026-03-17T14:06:00+00:00')).total_seconds()), max(0, (t('2026-03-17T14:09:00+00:00') - t('2026-03-17T14:05:10+00:00')).total_seconds()))"
    sql: SELECT greatest(0, extract(epoch FROM timestamptz '2026-03-17T14:09:00+00:00' - timestamptz '2026-03-17T14:06:00+00:00')), greatest(0, extract(epoch FROM timestamptz '2026-03-17T14:09:00+00:00' - timestamptz '2026-03-17T14:05:10+00:00'))
    ── exit 0
    "#);
    insta::assert_snapshot!(world.run(&["explain", "torn", "impact"]), @r#"
    ── stdout
    IMPACT of torn = 30 min

    window 1 start  2026-03-17T14:05Z  incidents/torn.yaml:10
    window 1 end    2026-03-17T14:20Z  incidents/torn.yaml:10
    window 2 start  2026-03-17T14:10Z  incidents/torn.yaml:11
    window 2 end    2026-03-17T14:35Z  incidents/torn.yaml:11

    formula: length of the union of the impact windows (definitions version 1)
    arithmetic: each second that is in a window counts once
    rounding: truncated to the minute, the coarsest precision of the inputs; the ends of an interval are moved outwards
    python: python3 -c "print(*(len({s for a, b in w for s in range(a, b)}) for w in [[(0, 900), (300, 1800)]]))"
    ── exit 0
    "#);
    insta::assert_snapshot!(world.run(&["explain", "open", "ttr"]), @"
    ── stdout
    TTR of open has no value: impact_start is unknown

    resolved_at   unknown
    impact_start  unknown

    formula: resolved_at − impact_start (definitions version 1)
    ── exit 0
    ");
}

#[test]
fn the_median_of_a_group_lists_its_values() {
    let world = world();
    insta::assert_snapshot!(world.run(&["explain", "stats", "ttr", "sev1", "--by", "severity"]), @r#"
    ── stdout
    The median TTR of sev1 = 35 min

      1  i2  15 min (900 s)   incidents/i2.yaml:7
      2  i3  25 min (1500 s)  incidents/i3.yaml:7
      3  i4  35 min (2100 s)  incidents/i4.yaml:7
      4  i5  45 min (2700 s)  incidents/i5.yaml:7
      5  i6  55 min (3300 s)  incidents/i6.yaml:7

    formula: TTR = resolved_at − impact_start (definitions version 1)
    left out: 1 unknown
    arithmetic: value 3 of 5 in rising order: 2100 s
    interval: values 1 and 5: 15 min and 55 min, 93.8 % by the binomial distribution
    rounding: truncated to the minute, the coarsest precision of the inputs; the ends of an interval are moved outwards
    python: python3 -c "import statistics; print(statistics.median([900, 1500, 2100, 2700, 3300]))"
    r: median(c(900, 1500, 2100, 2700, 3300))
    sql: SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM (VALUES (900), (1500), (2100), (2700), (3300)) AS t(x)
    python (confidence): python3 -c "from math import comb; print(1 - 2 * sum(comb(5, i) for i in range(1)) / 2**5)"
    ── exit 0
    "#);
    insta::assert_snapshot!(world.run(&["explain", "stats", "ttr", "sev2", "--by", "severity"]), @"
    ── stdout
    The median TTR of sev2 is not computed: 1 value, and 5 are needed

      1  torn  4 h 59 min 30 s – 5 h 20 s  incidents/torn.yaml:7

    formula: TTR = resolved_at − impact_start (definitions version 1)
    ── exit 0
    ");
    insta::assert_snapshot!(world.run(&["explain", "stats", "ttr", "sev9", "--by", "severity"]), @"
    ── stderr
    error: no group `sev9`
     |
     = help: did you mean `sev2`?
    ── exit 2
    ");
}

#[test]
fn python_computes_the_same() {
    let world = world();
    for (arguments, fields) in [
        (&["torn", "ttr"][..], &["min", "max"][..]),
        (&["torn", "ttd"], &["min", "max"]),
        (&["torn", "impact"], &["min"]),
        (&["torn", "undetected"], &["min"]),
        (&["stats", "ttr"], &["median"]),
        (&["stats", "ttr", "sev1", "--by", "severity"], &["median"]),
    ] {
        let answer = explained(&world, arguments);
        let Some(printed) = python(&answer) else { return };
        let ours: Vec<f64> = fields
            .iter()
            .map(|field| answer["seconds"][field].as_f64().expect("a number"))
            .collect();
        assert_eq!(printed, ours, "{arguments:?}: {answer}");
    }
}

#[test]
fn undetected_impact_of_vague_and_open_windows_is_checked_too() {
    let world = World::new();
    world.write("posthoc.toml", "");
    world.write(
        "incidents/vague.yaml",
        "schema: posthoc/v1\nid: vague\ntitle: Vague\nmilestones: {detected_at: 2026-03-18T14:09Z..2026-03-18T14:12Z}\nimpact:\n  windows:\n    - {start: 2026-03-18T14:00Z..2026-03-18T14:03Z}\n    - {start: 2026-03-18T13:00Z, end: 2026-03-18T13:02Z..2026-03-18T13:05Z}\n",
    );
    let answer = explained(&world, &["vague", "undetected"]);
    assert_eq!(
        (&answer["seconds"]["min"], &answer["seconds"]["max"]),
        (&480.0.into(), &1020.0.into())
    );
    if let Some(printed) = python(&answer) {
        assert_eq!(printed, [480.0, 1020.0]);
    }
}
