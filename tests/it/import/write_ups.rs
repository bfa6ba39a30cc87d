//! `posthoc import` of write-ups.

use crate::support::world::World;
use crate::writeups::reading::SEEDS;

const NO_ZONE: &str = "# Logins failed\n\n## Summary\n\nAn incident.\n\n## Timeline\n\n- 2026-02-04 09:12 Alert acknowledged\n- 2026-02-04 9.30 Rolled back\n- 2026-02-04 10:02 Incident resolved\n- Wrote to the customers\n\n## What we had for lunch\n\nSoup.\n";
const TEMPLATE: &str =
    "# Incident on YYYY-MM-DD\n\n## Summary\n\n## Timeline\n\n- YYYY-MM-DD HH:MM what happened\n";
const INDEX: &str = "# Incidents\n\n- [One](1.md)\n- [Two](2.md)\n- [Three](3.md)\n- [Four](4.md)\n- [Five](5.md)\n";

fn folder() -> World {
    let world = World::new();
    world
        .write("docs/queue.md", SEEDS[0])
        .write("docs/post.txt", SEEDS[1])
        .write("docs/logins.md", NO_ZONE);
    world.write("docs/template.md", TEMPLATE).write("docs/readme.md", INDEX);
    world
}

#[test]
fn folder_is_imported_with_a_summary_table() {
    let world = folder();
    let before = world.files();
    insta::assert_snapshot!(
        "a_folder_without_writing",
        world.run(&["import", "docs", "--dry-run"])
    );
    world.assert_same(&before);
    insta::assert_snapshot!(
        "a_folder_in_a_table",
        world.run(&["import", "docs", "--zone", "Europe/Berlin"])
    );
    insta::assert_snapshot!(
        "a_file_of_a_document",
        world.read("incidents/2026-02-04-logins-failed.yaml")
    );
    let once = world.files();
    let again = world.run(&["import", "docs", "--zone", "Europe/Berlin"]);
    assert!(again.contains("0 created, 0 extended, 3 unchanged, 2 of no incident"), "{again}");
    world.assert_same(&once);
    let checked = world.run(&["check"]);
    assert!(checked.contains("3 files: 0 errors"), "{checked}");
    assert!(world.run(&["render", "--to", "md,html,pdf", "--out", "out"]).contains("exit 0"));
    let report = world.read("out/2026-02-04-logins-failed.md");
    assert!(
        report.contains("| Resolved | 2026-02-04 10:02 CET | derived from a write-up, "),
        "{report}"
    );
}

#[test]
fn json_summary_lists_found_and_missing_facts() {
    let world = folder();
    let printed = world.output(&["import", "docs", "--zone", "UTC", "--json"]);
    let steps: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    let step = |name: &str| {
        steps["incidents"].as_array().unwrap().iter().find(|step| step["document"] == name).unwrap()
    };
    insta::assert_json_snapshot!("what_was_found_as_json", step("docs/queue.md"));
    assert_eq!(
        (&step("docs/template.md")["kind"], &step("docs/template.md")["action"]),
        (&"template".into(), &"skipped".into())
    );
    assert_eq!(step("docs/readme.md")["kind"], "index");
}

#[test]
fn longer_document_adds_its_facts_and_changes_nothing_else() {
    let world = World::new();
    world.write("queue.md", SEEDS[0]);
    world.run(&["import", "queue.md"]);
    let path = "incidents/2026-03-17-the-queue-stood-still.yaml";
    let edited = world.read(path).replace("Outage begins", "The outage began, we think");
    world.write(path, &edited);
    let more = SEEDS[0].replace(
        "| 2026-03-17 10:42 |",
        "| 2026-03-17 10:20 | Root cause identified |\n| 2026-03-17 10:42 |",
    );
    world.write("queue.md", &more);
    let printed = world.run(&["import", "queue.md"]);
    assert!(printed.contains("0 created, 1 extended, 0 unchanged"), "{printed}");
    let file = world.read(path);
    assert!(file.contains("The outage began, we think") && !file.contains("Outage begins"));
    assert!(file.contains("Root cause identified") && file.contains("identified_at"), "{file}");
    // The new line can be found in the bytes that its source names.
    let line = file
        .lines()
        .skip_while(|line| !line.contains("text: Root cause identified"))
        .nth(1)
        .unwrap();
    assert!(line.trim().starts_with("source: S2#"), "{line}");
    assert_eq!(world.read("evidence/2026-03-17-the-queue-stood-still/S2.md"), more);
    assert_eq!(
        world.read("evidence/2026-03-17-the-queue-stood-still/S1.md"),
        SEEDS[0],
        "what was kept stays"
    );
    assert!(world.run(&["check"]).contains("0 errors"));
    assert_eq!(world.run(&["import", "queue.md"]).matches("1 unchanged").count(), 1);
}

#[test]
fn removed_entry_does_not_come_back() {
    let world = World::new();
    world.write("queue.md", SEEDS[0]);
    world.run(&["import", "queue.md"]);
    let path = "incidents/2026-03-17-the-queue-stood-still.yaml";
    let file = world.read(path);
    let from = file.find("  - at: 2026-03-17\n    text: 2026-03-17 10:?? Looked").unwrap();
    let to = from + 4 + file[from + 4..].find("  - at: ").unwrap();
    world.write(path, format!("{}{}", &file[..from], &file[to..]));
    assert!(world.run(&["import", "queue.md"]).contains("1 unchanged"));
    assert!(!world.read(path).contains("Looked"));
}

#[test]
fn two_documents_with_same_name_and_title_stay_two_files() {
    let world = World::new();
    let other = SEEDS[0].replace("Outage begins", "Outage begins again");
    world.write("docs/a/postmortem.md", SEEDS[0]).write("docs/b/postmortem.md", &other);
    assert!(world.run(&["import", "docs"]).contains("2 created"));
    let once = world.files();
    assert!(world.run(&["import", "docs"]).contains("0 created, 0 extended, 2 unchanged"));
    world.assert_same(&once);
}

#[test]
fn leftover_evidence_is_not_overwritten() {
    let world = World::new();
    world.write("evidence/2026-03-17-the-queue-stood-still/S1.md", "older bytes");
    world.write("queue.md", SEEDS[0]);
    world.run(&["import", "queue.md"]);
    assert_eq!(world.read("evidence/2026-03-17-the-queue-stood-still/S1.md"), "older bytes");
    assert_eq!(world.read("evidence/2026-03-17-the-queue-stood-still/S1-2.md"), SEEDS[0]);
    assert!(world.read("incidents/2026-03-17-the-queue-stood-still.yaml").contains("/S1-2.md"));
}

#[test]
fn document_can_be_evidence_of_an_incident() {
    let world = World::new();
    world.write("queue.md", SEEDS[0]);
    world.run(&["new", "The queue", "--id", "the-queue"]);
    insta::assert_snapshot!(
        "a_document_as_evidence",
        world.run(&["import", "queue.md", "--into", "the-queue"])
    );
    assert!(world.read("evidence/the-queue/S1.md").contains("stood still"), "the bytes are kept");
    assert!(
        world.run(&["import", "queue.md", "--into", "the-queue"]).contains("already has all of it")
    );
    assert!(world.run(&["check", "the-queue"]).contains("0 errors"));
}

#[test]
fn other_files_are_reported_and_the_rest_is_imported() {
    let world = World::new();
    world
        .write("in/queue.md", SEEDS[0])
        .write("in/log.yaml", "a: incident\n")
        .write("in/notes.txt", "Milk, bread.\n");
    insta::assert_snapshot!("what_is_no_document_is_told", world.run(&["import", "in"]));
}

#[test]
fn front_matter_mistake_is_shown_at_its_place() {
    let world = World::new();
    world.write(
        "q.md",
        "---\ntitle: Queue down\nseverity: [SEV1\n---\n\n# Queue down\n\nAn incident.\n",
    );
    insta::assert_snapshot!("a_mistake_in_front_matter", world.run(&["import", "q.md"]));
}

#[test]
fn day_in_the_zone_of_the_document_is_written_as_a_day() {
    let world = World::new();
    world.write("f.md", "# Outage\n\n## Timeline\n\nAll times in PST\n\n### 2018-01-15\n\nThe builds fail.\n\n### 2018-01-16 17:14\n\nFixed.\n");
    assert!(world.run(&["import", "f.md"]).contains("1 created"));
    let shown = world.run(&["timeline", "outage", "--zone", "America/Los_Angeles"]);
    assert!(shown.contains("2018-01-15") && !shown.contains("2018-01-15 00:00"), "{shown}");
}

/// Whether it is over is unknown where no end is stated, and known where one is.
#[test]
fn write_up_without_an_end_has_no_status() {
    for (text, status) in [
        ("On 4 May 2026 logins failed, starting at 14:05 UTC.", None),
        (
            "On 4 May 2026 logins failed for two and a quarter hours, starting at 14:05 UTC.",
            Some("resolved"),
        ),
    ] {
        let world = World::new();
        world.write("page.md", format!("# Login outage\n\n{text}\n"));
        world.run(&["import", "page.md"]);
        let incident: serde_yaml::Value =
            serde_yaml::from_str(&world.read("incidents/2026-05-04-login-outage.yaml")).unwrap();
        let end = &incident["milestones"]["impact_end"]["at"];
        assert_eq!(incident["status"].as_str(), status, "{text}");
        assert_eq!(end.as_str(), status.map(|_| "2026-05-04T16:20Z"), "{text}");
    }
}
