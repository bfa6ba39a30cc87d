//! Files whose stamps have no zone, imported without one and with one: no sentence is there twice.

use crate::support::world::World;

const FILE: &str = "incidents/2026-03-28-slow-names.yaml";

/// An incident's file of cState.
const CSTATE: &str = "---
title: Slow names
date: 2026-03-28T10:00:00+01:00
resolved: true
severity: down
affected: [DNS]
section: issue
---

**Resolved** - All is well again. {{< track \"2026-03-28 11:50:00\" >}}

**Investigating** - We look into it. {{< track \"2026-03-28 10:05:00\" >}}
";

/// One of StatusKit, which has a text at its `date` whatever its stamps.
const STATUSKIT: &str = "+++
title = \"Slow names\"
date = \"2026-03-28T10:00:00+01:00\"
severity = \"partial-outage\"
affectedsystems = [\"DNS\"]
resolved = true
+++

Names resolve slowly.

**Update**: We look into it. {{< track \"2026-03-28 10:05:00\" >}}

**Resolved**: All is well again. {{< track \"2026-03-28 11:50:00\" >}}
";

fn import(world: &World, options: &[&str]) -> String {
    let output = world.run(&[&["import", "in/names.md"], options].concat());
    assert!(output.ends_with("exit 0\n"), "{output}");
    output
}

const BERLIN: [&str; 2] = ["--zone", "Europe/Berlin"];

/// Fails if one of the sentences is not there just once.
fn each_once(world: &World) -> String {
    let file = world.read(FILE);
    for sentence in ["We look into it.", "All is well again."] {
        assert_eq!(file.matches(sentence).count(), 1, "{file}");
    }
    file
}

#[test]
fn later_zone_is_reported_and_applied_on_request() {
    for text in [CSTATE, STATUSKIT] {
        let world = World::new();
        world.write("in/names.md", text);
        import(&world, &[]);
        let before = world.files();
        let output = import(&world, &BERLIN);
        assert!(
            output.contains("2 of its posts would have their own times in this zone"),
            "{output}"
        );
        assert!(
            output.contains("`--update` replaces it by them") && output.contains("1 unchanged"),
            "{output}"
        );
        world.assert_same(&before);
        import(&world, &[&BERLIN[..], &["--update"]].concat());
        let file = each_once(&world);
        for line in
            ["at: 2026-03-28T09:05:00Z", "at: 2026-03-28T10:50:00Z", "milestone: resolved_at"]
        {
            assert!(file.contains(line), "{line}: {file}");
        }
        assert!(world.run(&["check"]).contains("exit 0"), "{}", world.run(&["check"]));
        let before = world.files();
        for update in [&[][..], &["--update"]] {
            let output = import(&world, &[&BERLIN[..], update].concat());
            assert!(
                output.contains("0 created, 0 extended, 1 unchanged") && !output.contains("note"),
                "{output}"
            );
            let output = import(&world, update);
            assert!(
                output.contains("1 unchanged") && output.contains("give `--zone` as before"),
                "{output}"
            );
        }
        world.assert_same(&before);
    }
}

#[test]
fn changed_zone_moves_posts_on_request() {
    for text in [CSTATE, STATUSKIT] {
        let world = World::new();
        world.write("in/names.md", text);
        import(&world, &["--zone", "America/Chicago"]);
        let before = world.files();
        let output = import(&world, &BERLIN);
        assert!(
            output.contains("2 of its posts would be at another time in this zone"),
            "{output}"
        );
        world.assert_same(&before);
        let output = import(&world, &[&BERLIN[..], &["--update"]].concat());
        let file = each_once(&world);
        let resolved = "resolved_at stays at 2026-03-28T16:50:00Z, and its post is at 2026-03-28T10:50:00Z now";
        assert!(output.contains(resolved), "{output}");
        assert!(
            file.contains("at: 2026-03-28T09:05:00Z")
                && !file.contains("at: 2026-03-28T15:05:00Z\n    text"),
            "{file}"
        );
        let before = world.files();
        import(&world, &[&BERLIN[..], &["--update"]].concat());
        world.assert_same(&before);
    }
}

#[test]
fn manual_edits_stay_and_new_posts_are_added() {
    let world = World::new();
    world.write("in/names.md", CSTATE);
    import(&world, &[]);
    world.write(
        FILE,
        world.read(FILE).replace("All is well again.", "All is well again. (So they say.)"),
    );
    let more = CSTATE.replace(
        "**Investigating**",
        "**Monitoring** - A fix is in. {{< track \"2026-03-28 11:00:00\" >}}\n\n**Investigating**",
    );
    world.write("in/names.md", more);
    let output = import(&world, &[&BERLIN[..], &["--update"]].concat());
    assert!(
        output.contains(
            "2 of its posts would have another time now, but the entry was edited by hand"
        ),
        "{output}"
    );
    assert!(output.contains("(1 entry)"), "{output}");
    let file = each_once(&world);
    assert!(file.contains("So they say.") && file.contains("text: A fix is in."), "{file}");
}
