//! The statistics as a report with figures, and the durations drawn on a terminal.

use crate::support::world::World;

fn world() -> World {
    let world = World::new();
    world.write("posthoc.toml", "");
    for number in 1..=9_u32 {
        let (month, minutes) = (1 + number % 3, 4 * number * number);
        let severity = if number < 4 { "sev1" } else { "sev|2 <b>" };
        let end = format!("2026-{month:02}-{number:02}T{:02}:{:02}Z", minutes / 60, minutes % 60);
        world.write(
            &format!("incidents/i{number}.yaml"),
            format!(
                "schema: posthoc/v1\nid: i{number}\ntitle: I\nseverity: \"{severity}\"\nmilestones:\n  \
                 impact_start: 2026-{month:02}-{number:02}T00:00Z\n  impact_end: {end}\n  resolved_at: {end}\n"
            ),
        );
    }
    world
}

#[test]
fn a_report_has_figures_a_table_and_the_notes() {
    let world = world();
    let arguments =
        ["stats", "--by", "severity", "--metric", "ttr", "--to", "md,html,pdf", "--out", "q1"];
    insta::assert_snapshot!(world.run(&arguments), @"
    ── stdout
    q1/statistics.md
    q1/statistics.html
    q1/statistics.pdf
    ── exit 0
    ");
    insta::assert_snapshot!(world.read("q1/statistics.md"), @r"
    # Incident statistics

    All incidents, as of 2026-04-01 12:00 UTC

    ## Incidents and impact

    Incidents and hours of impact by month, 2026-01 to 2026-03: 9 incidents and 19 hours in total.

    ## How long they took

    Durations on a logarithmic axis, each a dot, or a bracket if it is uncertain; a line is the median and a band its interval; one with a tail is ongoing. sev\|2 \<b> TTR: median 2 h 50 min; total TTR: median 1 h 40 min.

    ## How long they last

    The share of incidents whose TTR is longer than a time, by Kaplan and Meier from 9 values: median 1 h 40 min.

    ## Figures

    | Group | Duration | Known | Median | Interval | 90 % | Mean | Mean interval |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | sev1 | TTR | 3 of 3 | 4 min, 16 min, 36 min |  |  |  |  |
    | sev\|2 \<b> | TTR | 6 of 6 | 2 h 50 min | 1 h 4 min – 5 h 24 min | ≥ 3 h 16 min | 3 h | 1 h 28 min – 4 h 57 min |
    | total | TTR | 9 of 9 | 1 h 40 min | 16 min – 4 h 16 min | ≥ 2 h 24 min | 2 h 6 min | 52 min – 3 h 50 min |

    ## Notes

    - sev1: 3 incidents; 56 min of impact in 3 of them (56 min by service)
    - sev\|2 \<b>: 6 incidents; 18 h 4 min of impact in 6 of them (18 h 4 min by service)
    - total: 9 incidents (sev1 3, sev\|2 \<b> 6); 19 h of impact in 9 of them (19 h by service)
    - most impact: i9 5 h 24 min, i8 4 h 16 min, i7 3 h 16 min, i6 2 h 24 min, i5 1 h 40 min
    - interval of the median: 1st–6th of 6 values, 96.9 %; 2nd–8th of 9 values, 96.1 %
    - p90: a lower limit (97.5 %), since so few values do not bound it from above
    - mean interval: 95 % for many values; of few with a long tail it misses the mean more often (14 % for 5, 11 % for 15, 8 % for 50)
    - TTR = resolved_at − impact_start
    ");
    let html = world.read("q1/statistics.html");
    assert_eq!(html.matches("<svg").count(), 3);
    assert!(!html.contains("<b>"), "the name of a group is text");
    let pdf = std::fs::read(world.path("q1/statistics.pdf")).expect("a file");
    assert!(pdf.starts_with(b"%PDF-"));
    let before = world.files();
    world.run(&arguments);
    world.assert_same(&before);
}

#[test]
fn a_report_of_no_incident_is_still_a_report() {
    let world = World::new();
    world.write("posthoc.toml", "").write("incidents/.keep", "");
    insta::assert_snapshot!(world.run(&["stats", "--to", "html"]), @"
    ── stdout
    out/statistics.html
    ── exit 0
    ");
    assert!(!world.read("out/statistics.html").contains("<svg"));
}

#[test]
fn durations_are_drawn_on_a_logarithmic_axis() {
    let world = world();
    let text = world.run(&["stats", "--metric", "ttr,restore", "--plot"]);
    let drawn: Vec<&str> =
        text.lines().skip_while(|line| !line.is_empty()).skip(1).take(3).collect();
    insta::assert_snapshot!(drawn.join("\n"), @"
    TTR                           ·                    ·────────────·────────·─────┃─────·────·───·  ·
    RESTORE                       ·                    ·────────────·────────·─────┃─────·────·───·  ·
             1 min                           10 min                        1 h                       6 h
    ");
}

#[test]
fn kinds_of_output_exclude_each_other() {
    let world = world();
    for other in
        [&["--json"][..], &["--plot"], &["--proof", "p"], &["--compare", "2026-01", "2026-02"]]
    {
        let text = world.run(&[&["stats", "--to", "md"], other].concat());
        assert!(text.contains("cannot be used with") && text.contains("exit 2"), "{text}");
    }
}
