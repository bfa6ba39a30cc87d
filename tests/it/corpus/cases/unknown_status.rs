//! An incident has no status if no source states whether it is resolved.

use serde_json::Value;

use crate::corpus::cases::workspace;
use crate::support::world::World;

/// The status of each incident, by its id.
fn statuses(world: &World) -> Vec<(String, Value)> {
    let output = world.output(&["list", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    // An answer is a list, or an object with the list in it.
    let rows = json.as_array().or_else(|| json["incidents"].as_array()).expect("a list").clone();
    rows.into_iter()
        .map(|row| (row["id"].as_str().expect("an id").to_owned(), row["status"].clone()))
        .collect()
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn posts_without_states_leave_the_status_unknown() {
    for (case, input) in [
        ("14-old-github-rss-ongoing", "ghold.rss"),
        ("15-better-stack-prose", "f.xml"),
        ("13-slack-atom-two-posts", "slack.atom"),
    ] {
        let world = workspace(&format!("status/{case}"));
        world.run(&["import", input]);
        let statuses = statuses(&world);
        assert!(!statuses.is_empty(), "{case}");
        for (id, status) in statuses {
            assert_ne!(status, "ongoing", "{case}: {id}");
            if case != "14-old-github-rss-ongoing" {
                assert_eq!(status, Value::Null, "{case}: {id}");
                let listed = world.run(&["list"]);
                assert!(listed.contains("unknown") && !listed.contains("ongoing"), "{listed}");
                let view: Value =
                    serde_json::from_slice(&world.output(&["show", &id, "--json"]).stdout)
                        .expect("JSON");
                assert_eq!((&view["status"], &view["status_label"]), (&Value::Null, &Value::Null));
                let report = world.run(&["render", &id, "--to", "md", "--out", "-"]);
                assert!(!report.contains("Ongoing"), "{report}");
            }
        }
    }
}

#[test]
fn open_last_state_means_ongoing() {
    let world = World::new();
    world.write(
        "incidents/open.yaml",
        "schema: posthoc/v1\nid: open\ntitle: Slow\ntimeline:\n  - {at: 2026-03-17T14:00Z, state: investigating, text: We look.}\n",
    );
    assert_eq!(statuses(&world), [("open".to_owned(), Value::from("ongoing"))]);
}
