//! Incident files that are legal YAML and cost more to read than they are worth.

use super::hostile;
use crate::support::world::World;

/// One of the growing files as the incident `a`.
fn grown(name: &str) -> World {
    let from = hostile("05-growth");
    let world = World::new();
    world.write("incidents/a.yaml", from.read(name));
    world
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn endless_brackets_are_an_error_with_the_line() {
    let world = grown("brackets-40k.yaml");
    for arguments in
        [&["check"][..], &["show", "a"], &["list"], &["render", "a", "--to", "md", "--out", "-"]]
    {
        let output = world.run(arguments);
        assert!(output.contains("nested more than 64 levels deep"), "{arguments:?}: {output}");
        assert!(output.contains("incidents/a.yaml:4:"), "{arguments:?}: {output}");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn excessive_aliases_are_an_error_with_the_line() {
    let world = grown("aliases-4k.yaml");
    let output = world.run(&["check"]);
    assert!(
        output.contains("aliases repeat more than 1 MB")
            && output.contains("incidents/a.yaml:956:5"),
        "{output}"
    );
}

/// A front matter is of the same kind, and is written by strangers.
#[test]
fn front_matter_has_the_same_bounds() {
    let world = World::new();
    world.run(&["init", "."]);
    let brackets = ["[".repeat(40_000), "]".repeat(40_000)].concat();
    world.write(
        "doc.md",
        format!(
            "---\ntitle: {brackets}\n---\n# Outage\n\n- 2026-03-17 14:00 UTC: The API failed.\n"
        ),
    );
    let output = world.run(&["import", "doc.md", "--format", "document"]);
    assert!(
        output.contains("nested more than 64 levels deep"),
        "{}",
        output.chars().take(2000).collect::<String>()
    );
}
