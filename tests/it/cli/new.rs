//! `init`, `new`, `schema`: a folder and a file to start from.

use crate::support::world::World;

#[test]
fn new_file_is_valid_and_self_explanatory() {
    let world = World::new();
    insta::assert_snapshot!(world.run(&["init"]), @r#"
    ── stdout
    posthoc.toml
    incidents/.schema.json
    .vscode/settings.json
    ── stderr
    next: `posthoc new "What happened"`, or `posthoc import` a status page
    ── exit 0
    "#);
    insta::assert_snapshot!(world.run(&["new", "Größe: it's \"broken\" #1", "--services", "api, web", "--severity", "sev2", "--start", "~2026-03-17 14:05 Europe/Berlin"]), @r"
    ── stdout
    incidents/2026-03-17-grose-its-broken-1.yaml
    ── exit 0
    ");
    insta::assert_snapshot!(world.read("incidents/2026-03-17-grose-its-broken-1.yaml"));
    insta::assert_snapshot!(world.run(&["list"]), @r#"
    ── stdout
    INCIDENT	TITLE	BEGAN	SEVERITY	STATUS	TTR
    2026-03-17-grose-its-broken-1	Größe: it's "broken" #1	~2026-03-17	sev2	unknown
    ── exit 0
    "#);
}

#[test]
fn same_title_gets_a_number_and_explicit_id_is_never_reused() {
    let world = World::new();
    assert!(world.run(&["new", "It broke"]).contains("2026-04-01-it-broke.yaml"));
    assert!(world.run(&["new", "It broke"]).contains("2026-04-01-it-broke-2.yaml"));
    let before = world.files();
    insta::assert_snapshot!(world.run(&["new", "Other", "--id", "2026-04-01-it-broke"]), @r"
    ── stderr
    error: the id `2026-04-01-it-broke` is taken
     |
     = help: ids are unique: choose another
    ── exit 4
    ");
    insta::assert_snapshot!(world.run(&["new", "Other", "--id", "Not An Id"]), @r"
    ── stderr
    error: invalid value 'Not An Id' for '--id <ID>': `Not An Id` is not an id: write lower-case letters, digits and single hyphens, such as `not-an-id`

    For more information, try '--help'.
    ── exit 2
    ");
    insta::assert_snapshot!(world.run(&["new", "  "]), @r"
    ── stderr
    error: the title is empty
     |
     = help: one line that says what happened
    ── exit 2
    ");
    world.assert_same(&before);
}

#[test]
fn title_must_be_one_line_and_unknown_severity_is_reported() {
    let world = World::new();
    for title in ["two\nlines", "red \u{1b}[31m"] {
        let shown = world.run(&["new", title]);
        assert!(
            shown.contains("the title has a line end") && shown.ends_with("exit 2\n"),
            "{shown}"
        );
    }
    assert!(!world.path("incidents").exists());
    insta::assert_snapshot!(world.run(&["new", "It broke", "--severity", "nosuch"]), @r"
    ── stdout
    incidents/2026-04-01-it-broke.yaml
    ── stderr
    warning: the severity `nosuch` is not on the scale
     |
     = help: the scale is sev1, critical, sev2, major, sev3, minor, sev4, sev5, none; it can be changed in posthoc.toml
    ── exit 0
    ");
}

#[test]
fn manual_states_its_version() {
    let shown = World::new().run(&["man", "stats"]);
    assert!(
        shown.contains(concat!(".TH posthoc-stats 1  \"posthoc ", env!("CARGO_PKG_VERSION"), "\"")),
        "{shown}"
    );
    assert!(!shown.contains("\\-C \\fR]"), "{shown}");
}

#[test]
fn init_leaves_existing_files_unchanged() {
    let world = World::new();
    world.write("posthoc.toml", "# ours\n");
    insta::assert_snapshot!(world.run(&["init"]), @r#"
    ── stdout
    incidents/.schema.json
    .vscode/settings.json
    ── stderr
    unchanged posthoc.toml
    next: `posthoc new "What happened"`, or `posthoc import` a status page
    ── exit 0
    "#);
    assert_eq!(world.read("posthoc.toml"), "# ours\n");
    let before = world.files();
    world.run(&["init"]);
    world.assert_same(&before);
}

#[test]
fn settings_written_by_init_are_the_defaults() {
    let world = World::new();
    world.run(&["init"]);
    let commented = world.read("posthoc.toml");
    let uncommented: String = commented
        .lines()
        .filter_map(|line| {
            let setting = line.strip_prefix('#').unwrap_or(line);
            (setting == line || !setting.starts_with(' ')).then(|| format!("{setting}\n"))
        })
        .collect();
    assert!(uncommented.contains("\nincidents = "), "{uncommented}");
    let read =
        |text: &str| posthoc::store::config::Config::parse("posthoc.toml", text).expect("settings");
    let (defaults, mut written) = (read(&commented), read(&uncommented));
    // Business hours have no default; the file contains an example.
    assert!(written.definitions.business_hours.take().is_some());
    assert_eq!(defaults.definitions, written.definitions);
    assert_eq!(defaults.zone(), written.zone());
}

#[test]
fn custom_new_template_must_produce_an_incident_file() {
    let world = World::new();
    world.write(
        "ours.yaml",
        "schema: posthoc/v1\nid: {{ id }}\ntitle: {{ title }}\nteams: [ours]\n",
    );
    world.run(&["new", "It broke", "--template", "ours.yaml"]);
    assert!(world.read("incidents/2026-04-01-it-broke.yaml").contains("teams: [ours]"));
    world.write("bad.yaml", "schema: posthoc/v1\nid: {{ id }}\ntitel: {{ title }}\n");
    insta::assert_snapshot!(world.run(&["new", "Other", "--template", "bad.yaml"]), @r"
    ── stderr
    error: `title` is missing
     --> incidents/2026-04-01-other.yaml:1:1
      |
      = help: the output of the template is not an incident file
    error: unknown key `titel`
     --> incidents/2026-04-01-other.yaml:3:1
      |
      = help: did you mean `title`?
      = help: the output of the template is not an incident file
    ── exit 3
    ");
    assert!(!world.path("incidents/2026-04-01-other.yaml").exists());
}

/// The schema that `schema` prints, ready to validate with.
fn schema(world: &World) -> jsonschema::Validator {
    let schema: serde_json::Value =
        serde_json::from_slice(&world.output(&["schema"]).stdout).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn yaml_as_json(text: &str) -> serde_json::Value {
    serde_yaml::from_str(text).expect("YAML")
}

#[test]
fn schema_accepts_every_example_and_every_new_file() {
    let world = World::new();
    let validator = schema(&world);
    let mut checked = 0;
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("incidents");
    for entry in std::fs::read_dir(examples)
        .expect("examples")
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "yaml"))
    {
        let text = std::fs::read_to_string(entry.path()).expect("an example");
        let errors: Vec<String> = validator
            .iter_errors(&yaml_as_json(&text))
            .map(|error| format!("{}: {error}", error.instance_path))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", entry.path().display());
        checked += 1;
    }
    assert!(checked >= 5);
    for kind in ["incident", "near_miss", "maintenance", "drill", "security"] {
        world.run(&[
            "new",
            "It broke",
            "--id",
            &kind.replace('_', "-"),
            "--kind",
            kind,
            "--start",
            "2026-03-17T14:05Z",
        ]);
        let text = world.read(&format!("incidents/{}.yaml", kind.replace('_', "-")));
        assert!(validator.is_valid(&yaml_as_json(&text)), "{text}");
    }
}

/// What the schema and the program say of the same text: each `ok` or `no`.
fn verdicts(validator: &jsonschema::Validator, rest: &str) -> (bool, bool) {
    let head = "schema: posthoc/v1\nid: a\n";
    let title = if rest.starts_with("title:") { "" } else { "title: A\n" };
    let text = format!("{head}{title}{rest}\n");
    let json = serde_yaml::from_str::<serde_json::Value>(&text).ok();
    let by_schema = json.is_some_and(|json| validator.is_valid(&json));
    (by_schema, posthoc::store::load::parse("a.yaml", &text).is_ok())
}

#[test]
fn schema_and_loader_agree() {
    let validator = schema(&World::new());
    let mut differing = Vec::new();
    let accepted = [
        "severity: 1",
        "title: 42",
        "title: true",
        "services: [1]",
        "services:",
        "impact:",
        "milestones:",
        "timeline:",
        "roles:",
        "services:\n  -",
        "timeline:\n  -\n  - text: x",
        "root_causes:\n  -",
        "timeline:\n  - text:",
        "timeline: [{text: 5}]",
        "summary: 1.5",
        "sources:",
        "links:",
        "action_items: [{text: x, due: }]",
        "impact: {customers: 5}",
        "impact: {windows: }",
        "kind:",
        "severity: sev9",
        "definitions: 2",
        "tags: [true]",
        "lessons: {learned: [1]}",
        "milestones: {detected_at: {at: 2026-03-17, basis: }}",
        "roles: {commander: 7}",
    ];
    let refused = [
        "titel: x",
        "kind: incidnt",
        "services: api",
        "milestones: {resolved: 2026-01-01}",
        "title: ' '",
        "title:",
        "impact: 5",
        "timeline: [x]",
        "definitions: two",
        "roles: [a]",
        "sources: {S1: {sha256: zz}}",
        "timeline: [{hidden: maybe}]",
        "related: {parent: Not An Id}",
        "timeline: [{source: '#x'}]",
        "links: [{title: x}]",
    ];
    let times = [
        (true, "2026-03-17"),
        (true, "2026-03-17T09:13Z"),
        (true, "2026-03-17t09:13:20z"),
        (true, "~2026-03-17 09:13 Z"),
        (true, "2026-03-17T09:13:20.125+01:00"),
        (true, "2026-03-17 09:13 Europe/Berlin"),
        (true, "2026-03-17 09:13 CET"),
        (true, "2026-03-17 09:13 UTC+8"),
        (true, "2026-03-17 09:13 +0530"),
        (true, "2026-03-17 09:13 europe/berlin"),
        (true, "2026-03-17T09:13+01:00[Europe/Berlin]"),
        (true, "2026-03-17T08:13Z[u-ca=iso8601]"),
        (true, "2026-03-17T09:13Z..2026-03-17T09:20Z"),
        (true, "2026-03-17..2026-03-18"),
        (true, "2026-03-17 09:13 EST5EDT"),
        (true, "2026-01-17 09:13 Pacific Standard Time"),
        (true, "2026-03-17 09:13 Eastern Time (US & Canada)"),
        (false, "2026-03-17T09:13"),
        (false, "2026-03-17 09:13 PM"),
        (false, "2026-03-17 9:13 AM"),
        (false, "2026-03-17T24:00Z"),
        (false, "2026-03-17T25:00Z"),
        (false, "2026-02-31"),
        (false, "2026-04-31T09:13Z"),
        (false, "2026-13-01"),
        (false, "2026-03-17 09:13 Mars/Olympus"),
        (false, "2026-03-17T09:13Z.."),
        (false, "..2026-03-17T09:13Z"),
        (false, "2026-03-17T09:13Z - 2026-03-17T09:20Z"),
        (false, "2026-03-17T09:13Z..09:20Z"),
        (false, "soon"),
        (false, "09:13Z"),
        (false, "2026-03-17T09:13:99Z"),
        (false, "17.03.2026 09:13 CET"),
        (false, ""),
    ];
    let listed = accepted
        .iter()
        .map(|text| (true, (*text).to_owned()))
        .chain(refused.iter().map(|text| (false, (*text).to_owned())));
    let timed = times
        .iter()
        .filter(|(_, time)| !time.is_empty())
        .map(|(right, time)| (*right, format!("milestones: {{detected_at: \"{time}\"}}")));
    let mut count = 0;
    for (right, rest) in listed.chain(timed) {
        let (by_schema, by_program) = verdicts(&validator, &rest);
        count += 1;
        if (by_schema, by_program) != (right, right) {
            differing.push(format!(
                "{rest}: right is {right}, the schema says {by_schema}, the program {by_program}"
            ));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(count > 70, "{count}");
}

#[test]
fn schema_follows_the_severity_and_naive_time_settings() {
    let world = World::new();
    world.write(
        "posthoc.toml",
        "naive_times = \"file\"\n[definitions]\nseverities = [\"p1\", \"p2\"]\n",
    );
    let text = String::from_utf8(world.output(&["schema"]).stdout).expect("text");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        schema["properties"]["severity"]["anyOf"][0]["enum"],
        serde_json::json!(["p1", "p2"])
    );
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let text = "schema: posthoc/v1\nid: a\ntitle: A\ntime_zone: Europe/Berlin\nmilestones: {detected_at: 2026-03-17 09:13}\n";
    assert!(validator.is_valid(&yaml_as_json(text)));
    world.write("incidents/a.yaml", text);
    assert!(
        world.run(&["show", "a", "--json"]).contains("\"2026-03-17T08:13:00Z\""),
        "{}",
        world.run(&["show", "a", "--json"])
    );
    world.write("posthoc.toml", "");
    let shown = world.run(&["list"]);
    assert!(
        shown.contains("write `2026-03-17 09:13 Europe/Berlin`, or set `naive_times = \"file\"` in posthoc.toml"),
        "{shown}"
    );
}

#[test]
fn stale_schema_is_updated_unless_edited() {
    let world = World::new();
    world.run(&["init"]);
    let first = world.read("incidents/.schema.json");
    world.write("posthoc.toml", "[definitions]\nseverities = [\"p1\"]\n");
    assert!(world.run(&["init"]).contains("incidents/.schema.json (renewed)"));
    let second = world.read("incidents/.schema.json");
    assert!(first != second && second.contains("\"p1\""));
    world.write("incidents/.schema.json", second.replace("\"p1\"", "\"p0\""));
    world.write("posthoc.toml", "[definitions]\nseverities = [\"p2\"]\n");
    let shown = world.run(&["init"]);
    assert!(shown.contains("incidents/.schema.json was edited and is left unchanged"), "{shown}");
    assert!(world.read("incidents/.schema.json").contains("\"p0\""));
}

/// The scaffold with every example in use: a `#` is removed where no prose follows it.
fn uncommented(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') || rest.starts_with("  ") => format!("{rest}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn every_example_of_a_new_file_loads() {
    let world = World::new();
    world.run(&["init"]);
    let validator = schema(&world);
    for (id, arguments) in [
        ("a", &["--start", "2026-03-17T14:05Z"][..]),
        ("b", &["--zone", "Europe/Berlin", "--start", "2026-10-25 02:10"]),
        ("c", &["--zone", "Europe/Berlin", "--start", "2026-03-17 14:05", "--services", "api,web"]),
        ("d", &["--start", "~2026-03-17"]),
        ("e", &["--severity", "sev1", "--kind", "drill"]),
    ] {
        let shown = world.run(&[&["new", "It: broke #1", "--id", id], arguments].concat());
        if id == "b" {
            assert!(shown.contains("happens twice") && shown.ends_with("exit 2\n"), "{shown}");
            continue;
        }
        let name = format!("incidents/{id}.yaml");
        let text = world.read(&name);
        assert!(text.starts_with("# yaml-language-server: $schema=./.schema.json\n"), "{text}");
        assert!(world.path("incidents/.schema.json").is_file());
        let whole = uncommented(&text);
        let incident = posthoc::store::load::parse(&name, &whole);
        let incident = incident.unwrap_or_else(|problems| panic!("{problems:#?}\n{whole}"));
        assert!(
            incident.milestones.resolved_at.is_some()
                && !incident.links.is_empty()
                && !incident.timeline.is_empty()
        );
        assert!(validator.is_valid(&yaml_as_json(&whole)), "{whole}");
        // Each block of examples also loads by itself.
        for block in
            text.split("\n\n").filter(|block| block.contains("\n#") || block.starts_with('#'))
        {
            let alone = text.replace(block, uncommented(block).trim_end());
            assert!(posthoc::store::load::parse(&name, &alone).is_ok(), "{alone}");
        }
    }
    let text = world.read("incidents/c.yaml");
    assert!(
        text.contains("\ntime_zone: Europe/Berlin\n")
            && text.contains("impact_start: 2026-03-17 14:05 Europe/Berlin "),
        "{text}"
    );
    assert!(
        text.contains("detected_at: 2026-03-17 14:09 Europe/Berlin ")
            && text.contains("services:\n  - \"api\"\n"),
        "{text}"
    );
    let shown = world.run(&["check", "--deny", "error"]);
    assert!(shown.ends_with("exit 0\n") && !shown.contains("placeholder"), "{shown}");
}

#[test]
fn start_without_a_zone_is_an_error_with_a_hint() {
    let world = World::new();
    insta::assert_snapshot!(world.run(&["new", "It broke", "--start", "2026-03-17 09:13"]), @r#"
    ── stderr
    error: --start: `2026-03-17 09:13` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin
     |
     = help: write --start "2026-03-17 09:13 Europe/Berlin", or name the zone by --zone Europe/Berlin
    ── exit 2
    "#);
}

#[test]
fn schema_refuses_what_the_loader_refuses() {
    let validator = schema(&World::new());
    let head = "schema: posthoc/v1\nid: a\ntitle: A\n";
    assert!(validator.is_valid(&yaml_as_json(head)));
    for wrong in [
        "titel: x",
        "kind: incidnt",
        "timeline: [{at: yesterday}]",
        "milestones: {resolved: 2026-01-01}",
        "services: api",
    ] {
        assert!(!validator.is_valid(&yaml_as_json(&format!("{head}{wrong}\n"))), "{wrong}");
        assert!(
            posthoc::store::load::parse("a.yaml", &format!("{head}{wrong}\n")).is_err(),
            "{wrong}"
        );
    }
}

/// A pattern has no order of two times, and to JSON Schema `1.0` is a whole number.
#[test]
fn loader_refuses_what_a_schema_cannot_express() {
    for (wrong, place) in [
        (
            "milestones: {detected_at: 2026-03-17T09:20Z..2026-03-17T09:13Z}",
            "the interval ends before it starts",
        ),
        ("definitions: 1.0", "expected a whole number"),
    ] {
        let world = World::new();
        world.write("incidents/a.yaml", format!("schema: posthoc/v1\nid: a\ntitle: A\n{wrong}\n"));
        let shown = world.run(&["check"]);
        assert!(
            shown.contains(place)
                && shown.contains("incidents/a.yaml:4:")
                && shown.ends_with("exit 3\n"),
            "{shown}"
        );
    }
}
