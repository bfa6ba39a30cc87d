//! Contradictory times within a document.

use crate::support::world::World;

#[test]
fn each_contradiction_is_reported_with_both_places() {
    let world = World::new();
    world.write(
        "2026-03-10-search.md",
        "# Search was down on 27 March 2026\n\nDate: 2026-03-17. All times UTC.\n\n## Timeline\n\n- 10:00 Searches fail.\n- 10:40 UTC (12:40 CET) Everything is back to normal.\n",
    );
    let output = world.run(&["import", "2026-03-10-search.md"]);
    for part in [
        "the title says 2026-03-27, and the day of the incident 2026-03-17: one of them is wrong",
        "the file's name says 2026-03-10, which is before the day of the incident, 2026-03-17",
        "`10:40 UTC` and `12:40 CET` next to it are not the same time",
    ] {
        assert!(output.contains(part), "{part}: {output}");
    }
    world.write(
        "2026-03-20-search.md",
        "# Search was down on 17 March 2026\n\nAll times UTC.\n\n## Timeline\n\n- 23:30 UTC (00:30 CET) Searches fail.\n- 2026-03-18 00:40 Everything is back to normal.\n",
    );
    let output = world.run(&["import", "2026-03-20-search.md"]);
    assert!(!output.contains("one of them is wrong"), "{output}");
}

#[test]
fn a_day_of_the_week_that_is_not_that_of_its_date_is_reported() {
    let world = World::new();
    let text = |day: &str| {
        format!("# Search outage\n\nOn {day} from 10:00 to 10:40 UTC searches failed.\n")
    };
    world.write("wrong.md", text("Monday, 17 March 2026"));
    let output = world.run(&["import", "wrong.md"]);
    assert!(
        output.contains("`Monday, 17 March 2026`: 2026-03-17 was not a Mon, but a Tue"),
        "{output}"
    );
    world.write("right.md", text("Tuesday, March 17th, 2026"));
    let output = world.run(&["import", "right.md"]);
    assert!(!output.contains("was not a"), "{output}");
}
