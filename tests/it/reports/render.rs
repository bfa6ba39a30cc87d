//! `render`, `show`, `timeline`: the worked examples and what a person asks of them.

use std::path::Path;

use crate::support::world::World;

/// A world with the worked examples in it.
fn examples() -> World {
    let world = World::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("incidents");
    for entry in std::fs::read_dir(folder).expect("the examples").filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".yaml") {
            world.write(
                &format!("incidents/{name}"),
                std::fs::read(entry.path()).expect("an example"),
            );
        }
    }
    world
}

#[test]
fn examples_render_reproducibly_to_every_format() {
    let world = examples();
    let first = world.run(&["render"]);
    assert!(first.ends_with("── exit 0\n") && !first.contains("stderr"), "{first}");
    assert_eq!(first.lines().filter(|line| line.starts_with("out/")).count(), 18);
    let before = world.files();
    world.run(&["render", "--color", "always"]);
    world.assert_same(&before);
    for (name, bytes) in before.iter().filter(|(name, _)| name.ends_with(".pdf")) {
        assert!(bytes.starts_with(b"%PDF-"), "{name}");
    }
}

#[test]
fn documents_do_not_depend_on_clock_zone_or_folder() {
    let (one, other) = (examples(), examples());
    one.run(&["render"]);
    let output = other
        .command(&["-C", "incidents", "render", "--out", "../out"])
        .env("TZ", "America/New_York")
        .output()
        .expect("runs");
    assert!(output.status.success(), "{}", other.shown(&output));
    other.assert_same(&one.files());
}

#[test]
fn markdown_of_an_example_snapshot() {
    let world = examples();
    world.run(&["render", "ironworker", "intermittent", "--to", "md"]);
    world.run(&["render", "intermittent", "--to", "md"]);
    insta::assert_snapshot!(world.read("out/2013-04-06-intermittent-api-timeouts.md"));
}

#[test]
fn uncertain_span_never_prints_one_figure() {
    let world = examples();
    let shown = world.run(&["show", "intermittent"]);
    assert!(shown.contains("29–53 h"), "{shown}");
    let view: serde_json::Value =
        serde_json::from_slice(&world.output(&["show", "intermittent", "--json"]).stdout)
            .expect("JSON");
    let ttr = &view["durations"]["ttr"];
    assert_eq!(
        (ttr["min_seconds"].as_i64(), ttr["max_seconds"].as_i64()),
        (Some(29 * 3600), Some(53 * 3600))
    );
    assert!(ttr["seconds"].is_null(), "no single figure: {ttr}");
}

#[test]
fn unknown_values_are_null_with_a_reason() {
    let world = examples();
    let view: serde_json::Value =
        serde_json::from_slice(&world.output(&["show", "postgresql", "--json"]).stdout)
            .expect("JSON");
    for (name, duration) in view["durations"].as_object().expect("durations") {
        assert!(
            duration["seconds"].is_null() && duration["reason"].is_string(),
            "{name}: {duration}"
        );
    }
    assert!(
        view["milestones"].as_object().expect("milestones").values().all(|at| at["at"].is_null()),
        "{}",
        view["milestones"]
    );
    assert_eq!(view["view"], 1);
}

#[test]
fn json_view_has_its_public_keys() {
    let world = examples();
    let view: serde_json::Value =
        serde_json::from_slice(&world.output(&["show", "database", "--json"]).stdout)
            .expect("JSON");
    for key in [
        "view",
        "id",
        "title",
        "kind",
        "severity",
        "status",
        "milestones",
        "durations",
        "impact",
        "timeline",
        "sections",
        "action_items",
        "components",
        "metrics",
        "claims",
        "findings",
        "sources",
    ] {
        assert!(!view[key].is_null() || key == "severity", "`{key}` is missing");
    }
    let names: Vec<&str> =
        view["durations"].as_object().expect("durations").keys().map(String::as_str).collect();
    for name in [
        "ttd",
        "tta",
        "ttn",
        "tti",
        "ttm",
        "ttr",
        "restore",
        "repair",
        "response",
        "reported",
        "impact",
        "undetected",
        "fdrt",
    ] {
        assert!(names.contains(&name), "{name} is missing of {names:?}");
    }
    assert_eq!(view["impact"]["count"], 1);
    assert_eq!(view["durations"]["ttr"]["seconds"], 8040);
}

#[test]
fn show_prints_milestones_durations_and_findings() {
    let world = examples();
    insta::assert_snapshot!(world.run(&["show", "database"]));
    insta::assert_snapshot!(world.run(&["timeline", "migration"]));
    insta::assert_snapshot!(world.run(&["list"]));
}

#[test]
fn custom_template_renders_and_its_mistakes_are_reported() {
    let world = examples();
    world
        .write("ours.md", "# {{ title | md }}\n\nOurs.\n")
        .write("bad.md", "# {{ titel }}\n")
        .write("worse.md", "# {% if %}\n");
    world.run(&["render", "database", "--to", "md", "--template", "ours.md"]);
    assert!(world.read("out/2023-08-11-database-out-of-space.md").contains("Ours."));
    insta::assert_snapshot!(world.run(&["render", "database", "--template", "bad.md"]), @"
    ── stderr
    error: variable `titel` is not defined; available variables: action_items, as_of, as_of_text, audience, claims, components, contributing_factors, date, definitions, detection, durations, evidence, extra_sections, figures, findings, headline, id, impact, kind, kind_label, lessons, links, maintenance, metrics, milestones, mitigators, omitted_entries, open_questions, overview, regions, related, reopened, resolution, review, review_label, roles, root_causes, sections, services, severity, severity_history, sources, status, status_label, tags, teams, timeline, title, trigger, unknown_durations, unknown_milestones, view, zone
     --> bad.md:1:6
      |
    1 | # {{ titel }}
      |      ^^^^^
      |
      = help: the fields are those of `posthoc show ID --json`; what may be absent is asked for with `is defined` or `{% if … %}`
    ── exit 3
    ");
    insta::assert_snapshot!(world.run(&["render", "database", "--template", "worse.md"]), @r"
    ── stderr
    error: found `%}` but expected one of: integer, float, string, bool, ident, `-`, `not`, `<`, `{`, `[` or `(`
     --> worse.md:1:9
      |
    1 | # {% if %}
      |         ^^
      |
      = help: templates are written in Tera 2; `posthoc templates default` prints one to compare with
    ── exit 3
    ");
    insta::assert_snapshot!(world.run(&["render", "database", "--template", "nothing"]), @r"
    ── stderr
    error: no template `nothing`
     |
     = help: `posthoc templates` lists the built-in ones; any other is the path of a file
    ── exit 2
    ");
}

#[test]
fn metric_becomes_chart_and_table_and_changed_evidence_is_reported() {
    let world = World::new();
    world.run(&["new", "Ingest is behind", "--id", "lag", "--start", "2026-03-17T14:00Z"]);
    world.write(
        "depth.json",
        r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"queue_depth"},"values":[[1773756000,"10"],[1773756060,"250"],[1773756120,"400"],[1773756180,"12"]]}]}}"#,
    );
    world.run(&["import", "depth.json", "--into", "lag"]);
    let rendered = world.run(&["render", "lag"]);
    assert!(rendered.ends_with("exit 0\n"), "{rendered}");
    let (markdown, html) = (world.read("out/lag.md"), world.read("out/lag.html"));
    assert!(markdown.contains("queue_depth") && markdown.contains('█'), "{markdown}");
    assert!(html.contains("<svg") && html.contains("400"), "a chart and its figures");
    world.write("evidence/lag/S1.json", "{}");
    world.run(&["render", "lag", "--to", "md"]);
    assert!(
        world.read("out/lag.md").contains("no longer the bytes that were imported"),
        "{}",
        world.read("out/lag.md")
    );
}

#[test]
fn public_report_has_no_names_and_no_internal_entries() {
    let world = World::new();
    world.write(
        "incidents/a.yaml",
        "schema: posthoc/v1\nid: a\ntitle: A\nroles: {commander: ana}\ntimeline:\n  - {at: 2026-03-17T14:05Z, text: told everyone, visibility: public}\n  - {at: 2026-03-17T14:06Z, text: told us}\n  - {at: 2026-03-17T14:07Z, text: told two, visibility: restricted}\n",
    );
    let rendered = |audience: &str| {
        world.run(&["render", "a", "--to", "md,html,json", "--audience", audience]);
        let reader = if audience == "internal" { String::new() } else { format!(".{audience}") };
        let read = |output: &str| world.read(&format!("out/a{reader}.{output}"));
        read("md") + &read("html") + &read("json")
    };
    let public = rendered("public");
    assert!(
        public.contains("told everyone")
            && !public.contains("told us")
            && !public.contains("told two")
            && !public.contains("ana"),
        "{public}"
    );
    let internal = rendered("internal");
    assert!(
        internal.contains("told us") && internal.contains("ana") && !internal.contains("told two")
    );
    assert!(rendered("restricted").contains("told two"));
}

#[test]
fn invalid_file_does_not_block_other_reports() {
    let world = examples();
    world.write("incidents/broken.yaml", "schema: posthoc/v1\nid: broken\ntitel: x\n");
    let shown = world.run(&["render", "--to", "md"]);
    assert!(shown.contains("unknown key `titel`") && shown.ends_with("exit 3\n"), "{shown}");
    assert_eq!(shown.lines().filter(|line| line.starts_with("out/")).count(), 6);
}

#[test]
fn unwritable_output_is_reported() {
    let world = examples();
    world.write("out", "a file in the way");
    insta::assert_snapshot!(world.run(&["render", "database"]), @r"
    ── stderr
    error: cannot create the folder [WORLD]/out: file exists
    ── exit 4
    ");
}
