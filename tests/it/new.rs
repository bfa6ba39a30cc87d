//! `init`, `new`, `schema`: a folder and a file to start from.

use crate::world::World;

#[test]
fn a_new_file_needs_no_manual_and_is_valid() {
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
fn a_second_file_of_the_same_name_gets_a_number_and_a_given_id_is_never_taken_twice() {
    let world = World::new();
    assert!(world.run(&["new", "It broke"]).contains("2026-04-01-it-broke.yaml"));
    assert!(world.run(&["new", "It broke"]).contains("2026-04-01-it-broke-2.yaml"));
    let before = world.files();
    insta::assert_snapshot!(world.run(&["new", "Other", "--id", "2026-04-01-it-broke"]), @r"
    ── stderr
    error: the id `2026-04-01-it-broke` is taken
     |
     = help: an id names one incident: choose another
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
fn a_title_is_one_line_and_an_unknown_severity_is_told() {
    let world = World::new();
    for title in ["two\nlines", "red \u{1b}[31m"] {
        let shown = world.run(&["new", title]);
        assert!(shown.contains("the title has a line end") && shown.ends_with("exit 2\n"), "{shown}");
    }
    assert!(!world.path("incidents").exists());
    insta::assert_snapshot!(world.run(&["new", "It broke", "--severity", "nosuch"]), @r"
    ── stdout
    incidents/2026-04-01-it-broke.yaml
    ── stderr
    warning: the severity `nosuch` is not in the order
     |
     = help: the order is sev1, critical, sev2, major, sev3, minor, sev4, sev5, none; it can be changed in posthoc.toml
    ── exit 0
    ");
}

#[test]
fn the_manual_says_which_version_it_is_of() {
    let shown = World::new().run(&["man", "stats"]);
    assert!(shown.contains(concat!(".TH posthoc-stats 1  \"posthoc ", env!("CARGO_PKG_VERSION"), "\"")), "{shown}");
    assert!(!shown.contains("\\-C \\fR]"), "{shown}");
}

#[test]
fn init_touches_nothing_that_is_there() {
    let world = World::new();
    world.write("posthoc.toml", "# ours\n");
    insta::assert_snapshot!(world.run(&["init"]), @r#"
    ── stdout
    incidents/.schema.json
    .vscode/settings.json
    ── stderr
    kept posthoc.toml
    next: `posthoc new "What happened"`, or `posthoc import` a status page
    ── exit 0
    "#);
    assert_eq!(world.read("posthoc.toml"), "# ours\n");
    let before = world.files();
    world.run(&["init"]);
    world.assert_same(&before);
}

#[test]
fn the_settings_that_init_writes_are_the_defaults() {
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
    let read = |text: &str| posthoc::store::config::Config::parse("posthoc.toml", text).expect("settings");
    let (defaults, mut written) = (read(&commented), read(&uncommented));
    // Of the hours there is no default: what stands there is an example.
    assert!(written.definitions.business_hours.take().is_some());
    assert_eq!(defaults.definitions, written.definitions);
    assert_eq!(defaults.zone(), written.zone());
}

#[test]
fn a_template_of_one_s_own_must_give_an_incident_file() {
    let world = World::new();
    world.write("ours.yaml", "schema: posthoc/v1\nid: {{ id }}\ntitle: {{ title }}\nteams: [ours]\n");
    world.run(&["new", "It broke", "--template", "ours.yaml"]);
    assert!(world.read("incidents/2026-04-01-it-broke.yaml").contains("teams: [ours]"));
    world.write("bad.yaml", "schema: posthoc/v1\nid: {{ id }}\ntitel: {{ title }}\n");
    insta::assert_snapshot!(world.run(&["new", "Other", "--template", "bad.yaml"]), @r"
    ── stderr
    error: `title` is missing
     --> incidents/2026-04-01-other.yaml:1:1
      |
      = help: the file that the template gives is not an incident file
    error: unknown key `titel`
     --> incidents/2026-04-01-other.yaml:3:1
      |
      = help: did you mean `title`?
      = help: the file that the template gives is not an incident file
    ── exit 3
    ");
    assert!(!world.path("incidents/2026-04-01-other.yaml").exists());
}

/// The schema that `schema` prints, ready to validate with.
fn schema(world: &World) -> jsonschema::Validator {
    let schema: serde_json::Value = serde_json::from_slice(&world.output(&["schema"]).stdout).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn yaml_as_json(text: &str) -> serde_json::Value {
    serde_yaml::from_str(text).expect("YAML")
}

#[test]
fn the_schema_accepts_every_example_and_every_new_file() {
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

#[test]
fn the_schema_refuses_what_the_program_refuses() {
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
        assert!(posthoc::store::load::parse("a.yaml", &format!("{head}{wrong}\n")).is_err(), "{wrong}");
    }
}
