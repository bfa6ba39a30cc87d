//! Which inputs are write-ups, how many they are, and how front matter is read.

use super::workspace;
use crate::support::world::World;

/// The incident files of a world.
fn incidents(world: &World) -> Vec<String> {
    let files = world.files().into_iter();
    let files = files.filter(|(name, _)| name.starts_with("incidents/") && name.ends_with(".yaml"));
    files.map(|(_, bytes)| String::from_utf8(bytes).expect("text")).collect()
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn two_documents_with_one_title_are_two_incidents() {
    let (world, other) =
        (workspace("documents/o12-page#1.md"), workspace("documents/o12-page#2.md"));
    world.write("o12-page#2.md", other.read("o12-page#2.md"));
    let first = world.run(&["import", "o12-page#1.md"]);
    assert_has(&first, &["1 created", "exit 0"]);
    let second = world.run(&["import", "o12-page#2.md"]);
    assert_has(&second, &["1 created", "exit 0"]);
    let again = world.run(&["import", "o12-page#1.md", "o12-page#2.md"]);
    assert_has(&again, &["0 created", "2 unchanged"]);
    let files = incidents(&world);
    assert_eq!(files.len(), 2);
    for (file, (day, name)) in
        files.iter().zip([("2021-05-02", "o12-page#1.md"), ("2021-06-09", "o12-page#2.md")])
    {
        assert_has(file, &["title: Disk outage", day, name]);
    }
}

#[test]
fn document_is_identified_by_its_path_not_its_name() {
    let world = World::new();
    world.run(&["init", "."]);
    let page = |day: &str| {
        format!(
            "# Postmortem\n\n## Timeline (UTC)\n\n- {day} 10:00 It broke\n- {day} 10:30 It works\n"
        )
    };
    world
        .write("a/page.md", page("2026-01-10"))
        .write("b/page.md", page("2026-01-10").replace("broke", "failed"));
    assert_has(&world.run(&["import", "a/page.md"]), &["1 created"]);
    assert_has(&world.run(&["import", "b/page.md"]), &["1 created"]);
    // More of the same document is added to its file.
    world.write("a/page.md", format!("{}- 2026-01-10 11:00 Review\n", page("2026-01-10")));
    assert_has(&world.run(&["import", "a/page.md"]), &["0 created", "1 extended"]);
    // Another text without a new line is no loss in silence.
    world.write(
        "b/page.md",
        format!(
            "{}\n## Root cause\n\nA full disk.\n",
            page("2026-01-10").replace("broke", "failed")
        ),
    );
    assert_has(
        &world.run(&["import", "b/page.md"]),
        &["b/page.md differs from what", "1 unchanged"],
    );
    // A file that is written over for each incident.
    world.write("a/page.md", page("2026-03-02"));
    assert_has(&world.run(&["import", "a/page.md"]), &["covers other days now", "1 created"]);
    assert_eq!(incidents(&world).len(), 3);
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn page_without_times_cause_or_timeline_is_not_a_write_up() {
    let world = workspace("status/vendor-page");
    let output = world.run(&["import", "index.html"]);
    assert_has(&output, &["--format document", "exit 3"]);
    let words = "When an outage strikes, tell your customers about the incident. ".repeat(12);
    let page = format!(
        "<!doctype html><html><head><title>Status pages</title></head><body><article><h1>Trust in every incident</h1><p>{words}</p><h2>Resolve faster</h2><p>{words}</p></article></body></html>"
    );
    world.write("long.html", page).write(
        "long.md",
        "# Outages\n\nHow to talk about an outage.\n\n## Resolve faster\n\nWrite more.\n",
    );
    for name in ["long.html", "long.md"] {
        let output = world.run(&["import", name]);
        assert_has(
            &output,
            &[
                "it contains no time, cause or timeline of an incident",
                "--format document",
                "exit 3",
            ],
        );
    }
    assert!(incidents(&world).is_empty());
    assert_has(
        &world.run(&["import", "index.html", "--format", "document"]),
        &["1 created", "exit 0"],
    );
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn front_matter_facts_are_imported() {
    let world = workspace("documents/r20-front-matter.md");
    world.run(&["import", "r20-front-matter.md"]);
    let files = incidents(&world);
    assert_has(
        &files[0],
        &[
            "A poison message crashed the workers.",
            "the shop was down",
            "Example Ltd",
            "Shop API",
            "url: https://example.com/postmortem",
        ],
    );
}

#[test]
fn wrong_front_matter_value_drops_only_its_key() {
    let world = World::new();
    world.run(&["init", "."]);
    let front = "---\ntitle: Outage of the shop\nseverity: {level: 2}\nsummary: true\nimages:\n  - {src: https://example.com/graph.png, alt: The graph}\n  - /img/local.png\nlinks: {Ticket: https://example.com/t/1, Bad: 'javascript:alert(1)'}\nauthors: [{name: ana}]\n---\n\nThe shop was down on 2026-01-10.\n\n## Root cause\n\nA disk.\n";
    world.write("page.md", front);
    let output = world.run(&["import", "page.md"]);
    assert_has(
        &output,
        &["the value of `severity`", "the value of `summary`", "page.md:3:1", "1 created"],
    );
    let files = incidents(&world);
    assert_has(
        &files[0],
        &[
            "title: The graph",
            "url: https://example.com/graph.png",
            "/img/local.png",
            "title: Ticket",
            "ana",
            "A disk.",
        ],
    );
    assert!(
        !files[0].contains("url: 'javascript") && !files[0].contains("url: javascript"),
        "{}",
        files[0]
    );
}
