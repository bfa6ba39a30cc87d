//! Which incidents a command is about: the same filters everywhere.

use crate::support::world::World;

/// Four incidents: three with a date, of two services, and one that nothing dates.
fn world() -> World {
    let world = World::new();
    let incident = |id: &str, rest: &str| {
        world.write(
            &format!("incidents/{id}.yaml"),
            format!("schema: posthoc/v1\nid: {id}\ntitle: T\n{rest}"),
        );
    };
    incident(
        "2026-01-31-api",
        "severity: sev1\nstatus: resolved\nservices: [api]\ntags: [dns]\nmilestones: {impact_start: 2026-01-31T23:30Z, resolved_at: 2026-02-01T01:00Z}\ntimeline:\n  - {at: 2026-01-31T23:35Z, text: It broke.}\n  - {at: 2026-02-01T01:00Z, text: It works.}\n  - {text: Some time.}\n  - {at: 2026-02-01T02:00Z, text: Unseen., hidden: true}\n",
    );
    incident(
        "2026-02-10-web",
        "severity: sev2\nstatus: ongoing\nservices: [Web]\nmilestones: {impact_start: 2026-02-10T10:00Z}\n",
    );
    incident(
        "2026-03-17-api",
        "services: [api, web]\nmilestones: {impact_start: 2026-03-17T10:00Z}\nsources: {S1: {format: feed, url: https://status.example.com/feed}}\n",
    );
    incident("undated", "services: [api]\n");
    world
}

/// The ids that `list` gives with these arguments.
fn listed(world: &World, arguments: &[&str]) -> Vec<String> {
    let output = world.output(&[&["list", "--quiet"], arguments].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

#[test]
fn every_filter_selects_by_its_field() {
    let world = world();
    let all = ["2026-03-17-api", "2026-02-10-web", "2026-01-31-api", "undated"];
    assert_eq!(listed(&world, &[]), all);
    for (arguments, expected) in [
        (&["--service", "WEB"][..], &all[..2]),
        (&["--service", "api,web"], &all),
        (&["--service", "api", "--severity", "SEV1"], &all[2..3]),
        (&["--severity", "unknown"], &["2026-03-17-api", "undated"]),
        (&["--status", "Ongoing"], &all[1..2]),
        (&["--status", "unknown,resolved"], &["2026-03-17-api", "2026-01-31-api", "undated"]),
        (&["--tag", "dns"], &all[2..3]),
        (&["--tag", "D?s", "--service", "a*"], &all[2..3]),
        (&["--source", "feed"], &all[..1]),
        (&["--source", "status.example.com"], &all[..1]),
        (&["2026-0[12]-*"], &all[1..3]),
        (&["*-api", "undated"], &["2026-03-17-api", "2026-01-31-api", "undated"]),
        (&["02-10"], &all[1..2]),
        (&["*-api", "--since", "2026-02"], &all[..1]),
    ] {
        assert_eq!(listed(&world, arguments), expected, "{arguments:?}");
    }
}

#[test]
fn until_includes_its_period_in_every_command() {
    let world = world();
    let january = ["--since", "2026-01", "--until", "2026-01"];
    assert_eq!(listed(&world, &january), ["2026-01-31-api"]);
    // In Berlin it began in February.
    assert_eq!(listed(&world, &["--until", "2026-01", "--zone", "Europe/Berlin"]).len(), 0);
    assert_eq!(listed(&world, &["--since", "2026-Q1", "--until", "2026-02-10"]).len(), 2);
    assert_eq!(listed(&world, &["--since", "20d"]), ["2026-03-17-api"], "now is 1 April");
    let checked = world.run(&[&["check"][..], &january].concat());
    assert!(checked.contains("1 file: "), "{checked}");
    let rendered = world.run(&[&["render", "--to", "json"][..], &january].concat());
    assert!(
        rendered.contains("out/2026-01-31-api.json\n") && !rendered.contains("02-10"),
        "{rendered}"
    );
    let stats = world.run(&[&["stats", "--metric", "ttr"][..], &january].concat());
    assert!(stats.contains("TTR\t1 of 1"), "{stats}");
}

#[test]
fn undated_incidents_excluded_by_a_date_are_reported() {
    let world = world();
    let shown = world.run(&["list", "--since", "2026"]);
    assert!(
        shown.contains("warning: left out, because their start is unknown: undated"),
        "{shown}"
    );
    let shown = world.run(&["list", "--since", "2027"]);
    assert!(shown.contains("none of 4 incidents fits") && shown.ends_with("exit 0\n"), "{shown}");
}

#[test]
fn timeline_is_limited_to_the_period_with_a_note() {
    let world = world();
    insta::assert_snapshot!(world.run(&["timeline", "2026-01-31-api", "--until", "2026-01"]), @r"
    ── stdout
    DAY	TIME	WHAT	SOURCE
    2026-01-31	23:35	It broke.
    ── stderr
    T — times in UTC
    note: not shown: 1 entry, hidden (--all shows them)
    note: not shown: 1 entry, outside the period
    note: not shown: 1 entry, without a time, so not in the period
    ── exit 0
    ");
    insta::assert_snapshot!(world.run(&["timeline", "--service", "api,web"]), @r"
    ── stdout
    INCIDENT	DAY	TIME	WHAT	SOURCE
    2026-01-31-api	2026-01-31	23:35	It broke.	
    2026-01-31-api	2026-01-31		… 1 h 25 min without an entry …	
    2026-01-31-api	2026-02-01	01:00	It works.	
    2026-01-31-api		?	Some time.
    ── stderr
    note: not shown: 1 entry, hidden (--all shows them)
    ── exit 0
    ");
}

#[test]
fn meaningless_filters_are_usage_errors() {
    let world = world();
    for (arguments, expected) in [
        (
            &["list", "--since", "2026-01..2026-02"][..],
            "this is a range; write --since A --until B",
        ),
        (&["list", "--since", "2026-03", "--until", "2026-01"], "--since is after --until"),
        (&["stats", "--since", "2026-03", "--until", "2026-01"], "--since is after --until"),
        (&["list", "--since", "March"], "write 2026, 2026-Q2"),
        (&["list", "--service", "apo"], "did you mean `api`?"),
        (&["list", "--severity", "sev9"], "no severity `sev9`"),
        (&["list", "--status", "resolvd"], "resolved"),
        (&["list", "--source", "fed"], "did you mean `feed`?"),
        (&["list", "--tag", "dsn"], "did you mean `dns`?"),
        (&["list", "2025-*"], "no incident is called `2025-*`"),
        (&["check", "2026-01-31-apu"], "did you mean `2026-01-31-api`?"),
        (&["show", "undatd"], "did you mean `undated`?"),
        (&["timeline", "undatd"], "did you mean `undated`?"),
        (&["render", "undatd"], "did you mean `undated`?"),
        (&["show", "api"], "`api` is a part of 2 ids"),
        (&["render", "undated", "--template", "defalt"], "did you mean `default`?"),
        (&["render", "undated", "--to", "htm"], "html"),
        (&["templates", "brif"], "did you mean `brief`?"),
        (&["check", "--explain", "nave-time"], "did you mean `naive-time`?"),
        (&["check", "--select", "nave-time"], "did you mean `naive-time`?"),
        (&["stats", "--metric", "tttr"], "ttr"),
        (&["stats", "--by", "servise"], "service"),
        (&["import", "x.json", "--format", "statuspage-v3"], "statuspage-v2"),
        (&["man", "lst"], "did you mean `list`?"),
    ] {
        let shown = world.run(arguments);
        assert!(shown.contains(expected) && shown.ends_with("exit 2\n"), "{arguments:?}: {shown}");
    }
}

#[test]
fn single_document_can_go_to_standard_output() {
    let world = world();
    let output = world.output(&["render", "undated", "--to", "MD", "--out", "-"]);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("# "), "{output:?}");
    assert!(!world.path("-").exists() && !world.path("out").exists());
    for arguments in
        [&["render", "undated", "--out", "-"][..], &["render", "--to", "md", "--out", "-"]]
    {
        assert_eq!(world.output(arguments).status.code(), Some(2), "{arguments:?}");
    }
    let (shown, rendered) = (
        world.output(&["show", "2026-01-31-api", "--json"]),
        world.output(&["render", "2026-01-31-api", "--to", "json", "--out", "-"]),
    );
    let audience = |output: &[u8]| {
        let view: serde_json::Value = serde_json::from_slice(output).expect("JSON");
        (view["audience"].clone(), view["timeline"].clone())
    };
    assert_eq!(audience(&shown.stdout), audience(&rendered.stdout));
}

#[test]
fn shell_completion_offers_existing_names() {
    let world = world();
    let offered = |words: &[&str]| {
        let mut command = world.command(&[]);
        let program = command.get_program().to_owned();
        command = assert_cmd::Command::new(program);
        let index = words.len().to_string();
        command
            .current_dir(world.path(""))
            .env("COMPLETE", "bash")
            .env("_CLAP_COMPLETE_INDEX", index);
        command
            .env("_CLAP_COMPLETE_COMP_TYPE", "9")
            .env("_CLAP_COMPLETE_SPACE", "false")
            .env("_CLAP_IFS", "\n");
        let output =
            command.args(["--", "posthoc"]).args(words).output().expect("the program runs");
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        offered(&["show", "2026-0"]),
        ["2026-01-31-api", "2026-02-10-web", "2026-03-17-api"]
    );
    assert_eq!(offered(&["list", "undat"]), ["undated"]);
    assert!(offered(&["check", "--select", "naive"]).contains(&"naive-time".to_owned()));
    assert!(offered(&["import", "--format", "statuspage-v"]).contains(&"statuspage-v2".to_owned()));
    assert!(offered(&["render", "--template", "br"]).contains(&"brief".to_owned()));
    assert!(offered(&["stats", "--metric", "tt"]).contains(&"ttr".to_owned()));
    assert!(offered(&["stats", "--by", "sev"]).contains(&"severity".to_owned()));
    assert!(world.run(&["completions", "bash"]).contains("COMPLETE"));
}
