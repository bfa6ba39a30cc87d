//! `stats`: the table, its JSON and its CSV.

use crate::support::world::{NOW, World};

#[test]
fn statistics_as_table_json_and_csv() {
    let root = env!("CARGO_MANIFEST_DIR");
    let world = World::new();
    insta::assert_snapshot!(world.run(&["-C", root, "stats"]));
    insta::assert_snapshot!(world.run(&[
        "-C",
        root,
        "stats",
        "--by",
        "year",
        "--metric",
        "ttr,reported"
    ]));
    insta::assert_snapshot!(world.run(&["-C", root, "stats", "--format", "csv", "--by", "severity", "--metric", "ttr,impact"]), @"
    ── stdout
    group,incidents,metric,known,by_fallback,uncertain,missing,contradictory,ongoing,median_s,median_low_s,median_high_s,p90_s,mean_s,largest_share,about,business_median_s,n,censored,median_method,no_mean,values,values_middle_s,values_min_s,values_max_s,impact_known,impact_ongoing,impact_s,impact_min_s,impact_max_s,impact_by_service_s,impact_by_service_min_s,impact_by_service_max_s,as_of,definition,definitions_version,median_min_s,median_max_s,median_precision,lower_bounds,upper_bounds,bounded_median_min_s,bounded_median_max_s,bounds,not_applicable,median_low_rank,median_high_rank,median_confidence,p90_low_s,p90_high_s,mean_low_s,mean_high_s,proactive,median_if_unknown_shorter_s,median_if_unknown_longer_s,reported_instead
    sev2,1,ttr,1,0,1,0,0,0,,,,,,,0,,1,0,,too_few,57 min 30 s – 58 min 30 s,3480,3450,3510,1,0,2160,2100,2220,2160,2100,2220,2026-04-01T12:00:00Z,resolved_at − impact_start,1,,,,0,0,,,,0,,,,,,,,0,,,
    sev2,1,impact,1,0,1,0,0,0,,,,,,,0,,1,0,,too_few,35–37 min,2160,2100,2220,1,0,2160,2100,2220,2160,2100,2220,2026-04-01T12:00:00Z,length of the union of the impact windows,1,,,,0,0,,,,0,,,,,,,,0,,,
    (no severity),5,ttr,3,1,1,1,0,0,,,,,,,2,,3,0,,too_few,~40 min; 2 h 14 min; ~29–53 h,2400;8040;147600,2400;8040;104400,2400;8040;190800,2,0,9240,9240,9240,15780,15780,15780,2026-04-01T12:00:00Z,resolved_at − impact_start,1,,,,1,0,,,≥ 5 h 16 min 27 s,0,,,,,,,,0,,,
    (no severity),5,impact,2,0,0,3,0,0,,,,,,,1,,2,0,,too_few,~20 min; 2 h 14 min,1200;8040,1200;8040,1200;8040,2,0,9240,9240,9240,15780,15780,15780,2026-04-01T12:00:00Z,length of the union of the impact windows,1,,,,0,0,,,,0,,,,,,,,0,,,
    ── exit 0
    ");
    let json: serde_json::Value =
        serde_json::from_slice(&world.output(&["-C", root, "stats", "--json"]).stdout)
            .expect("JSON");
    assert_eq!(json["groups"][0]["incidents"], 6);
    insta::assert_snapshot!(world.run(&["stats", "--by", "colour"]), @"
    ── stderr
    error: invalid value 'colour' for '--by <A[,B]>'
      [possible values: severity, service, team, cause, month, quarter, year]

    For more information, try '--help'.
    ── exit 2
    ");
}

#[test]
fn ongoing_incidents_are_included_and_reported() {
    let world = World::new();
    let file = |id: &str, rest: &str| {
        format!("schema: posthoc/v1\nid: {id}\ntitle: {id}\nservices: [api]\n{rest}")
    };
    let open = "impact: {windows: [{start: 2026-04-01T10:00Z, end: null}]}\n";
    world.write("incidents/open.yaml", file("open", open));
    let alone = world.run(&["stats", "--metric", "impact"]);
    let printed =
        "1 incident; at least 2 h of impact so far in 1 of them (2 h by service), 1 ongoing\n";
    assert!(alone.contains(printed) && alone.contains("as of 2026-04-01 12:00 UTC"), "{alone}");
    for day in 1..=5 {
        let ended = format!(
            "impact: {{windows: [{{start: 2026-03-0{day}T10:00Z, end: 2026-03-0{day}T1{day}:00Z}}]}}\n"
        );
        world.write(&format!("incidents/over{day}.yaml"), file(&format!("over{day}"), &ended));
    }
    let arguments = ["stats", "--metric", "impact", "--by", "service"];
    insta::assert_snapshot!(world.run(&arguments), @"
    ── stdout
    GROUP	METRIC	KNOWN	MEDIAN	INTERVAL	P90	P90 INTERVAL	MEAN	LARGEST	MEAN INTERVAL
    api	IMPACT	5 of 6	3 h	≥ 1 h, no upper limit	≥ 3 h		—		

    api: 6 incidents; at least 17 h of impact so far in 6 of them (17 h by service), 1 ongoing
      api: IMPACT known for 5 of 6; 1 ongoing, so the median is Kaplan–Meier's and the mean is not known
        yet
    most impact: over5 5 h, over4 4 h, over3 3 h, open 2 h so far, over2 2 h
    interval of the median: Kaplan–Meier's, 95 %
    p90: a lower limit (97.5 %), since so few values do not bound it from above
    ongoing: as of 2026-04-01 12:00 UTC
    IMPACT = length of the union of the impact windows
    time between failures: api: 6 failures; median 22 h (20 h – 26 d 19 h, 93.8 %)
    ── exit 0
    ");
    let json: serde_json::Value =
        serde_json::from_slice(&world.output(&["stats", "--json"]).stdout).expect("JSON");
    let summary = &json["groups"][0]["metrics"][5]["summary"];
    assert_eq!(
        (&summary["median"]["method"], &summary["no_mean"]),
        (&"kaplan_meier".into(), &"not_over".into())
    );
    assert_eq!(
        (&summary["n"], &summary["censored"], &json["as_of"]),
        (&6.into(), &1.into(), &NOW.into())
    );
    let csv = world.run(&["stats", "--metric", "impact", "--format", "csv"]);
    assert!(csv.contains(",6,1,kaplan_meier,not_over,") && csv.contains(NOW), "{csv}");
    // Without `--now` or SOURCE_DATE_EPOCH, the clock is used, and the output states the instant.
    let mut command = assert_cmd::Command::cargo_bin("posthoc").expect("the program is built");
    command.args(arguments).current_dir(world.path("")).env("SOURCE_DATE_EPOCH", "1775044800");
    assert_eq!(world.shown(&command.output().expect("it runs")), world.run(&arguments));
    command.env_remove("SOURCE_DATE_EPOCH");
    assert!(world.shown(&command.output().expect("it runs")).contains("ongoing: as of 2"));
}

#[test]
fn groups_are_divided_by_a_second_grouping() {
    let world = World::new();
    world.write("posthoc.toml", "");
    let file = |id: &str, severity: &str, services: &str, month: u32| {
        world.write(
            &format!("incidents/{id}.yaml"),
            format!(
                "schema: posthoc/v1\nid: {id}\ntitle: {id}\nseverity: {severity}\nservices: [{services}]\n\
                 milestones: {{impact_start: 2026-{month:02}-28T00:00Z, impact_end: 2026-{:02}-02T00:00Z}}\n",
                month + 1
            ),
        );
    };
    file("a", "sev2", "api", 1);
    file("b", "sev1", "api, web", 1);
    file("c", "sev2", "", 2);
    let by = |by: &str| {
        let output = world.output(&["stats", "--by", by, "--metric", "restore", "--json"]);
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let group = |group: &serde_json::Value| {
            let hours = group["impact"]["any_seconds"].as_f64().expect("a length") / 3600.0;
            format!(
                "{}: {}, {hours} h",
                group["name"].as_str().unwrap_or_default(),
                group["incidents"]
            )
        };
        answer["groups"].as_array().expect("groups").iter().map(group).collect::<Vec<_>>()
    };
    insta::assert_debug_snapshot!(by("severity,service"), @r#"
    [
        "sev1 · api: 1, 120 h",
        "sev1 · web: 1, 120 h",
        "sev2 · api: 1, 120 h",
        "sev2 · (no service): 1, 48 h",
    ]
    "#);
    insta::assert_debug_snapshot!(by("service,month"), @r#"
    [
        "api · 2026-01: 2, 96 h",
        "api · 2026-02: 0, 24 h",
        "web · 2026-01: 1, 96 h",
        "web · 2026-02: 0, 24 h",
        "(no service) · 2026-02: 1, 24 h",
        "(no service) · 2026-03: 0, 24 h",
    ]
    "#);
    insta::assert_debug_snapshot!(by("month,severity"), @r#"
    [
        "2026-01 · sev1: 1, 96 h",
        "2026-01 · sev2: 1, 96 h",
        "2026-02 · sev1: 0, 24 h",
        "2026-02 · sev2: 1, 48 h",
        "2026-03 · sev2: 0, 24 h",
    ]
    "#);
    insta::assert_snapshot!(world.run(&["stats", "--by", "month,year"]), @"
    ── stderr
    error: --by takes one of month, quarter and year
    ── exit 2
    ");
    insta::assert_snapshot!(world.run(&["stats", "--by", "team,severity,cause"]), @"
    ── stderr
    error: --by takes two groupings at most
    ── exit 2
    ");
    insta::assert_snapshot!(world.run(&["stats", "--by", "team,team"]), @"
    ── stderr
    error: --by names the same grouping twice
    ── exit 2
    ");
}

/// The interval is made of two of the values and states its confidence; few values do not bound a
/// p90.
#[test]
fn median_has_a_rank_interval() {
    let world = World::new();
    for day in 1..=10 {
        world.write(
            &format!("incidents/i{day}.yaml"),
            format!(
                "schema: posthoc/v1\nid: i{day}\ntitle: I\nmilestones:\n  impact_start: 2026-03-{day:02}T00:00Z\n  resolved_at: 2026-03-{day:02}T0{}:{}5Z\n",
                day / 3,
                day % 5
            ),
        );
    }
    insta::assert_snapshot!(world.run(&["stats", "--metric", "ttr"]), @"
    ── stdout
    METRIC	KNOWN	MEDIAN	INTERVAL	P90	P90 INTERVAL	MEAN	LARGEST	MEAN INTERVAL
    TTR	10 of 10	2 h	25 min – 3 h 5 min	≥ 2 h 25 min		1 h 55 min	20 %	1 h 6 min – 2 h 43 min

    10 incidents; how long the impact lasted is unknown
    interval of the median: 2nd–9th of 10 values, 97.9 %
    p90: a lower limit (97.5 %), since so few values do not bound it from above
    mean interval: 95 % for many values; of few with a long tail it misses the mean more often (14 % for
      5, 11 % for 15, 8 % for 50)
    TTR = resolved_at − impact_start
    ── exit 0
    ");
}
