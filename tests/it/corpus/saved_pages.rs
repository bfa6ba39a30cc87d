//! Two real status pages that were saved as text, compared with what a careful reader found.

use posthoc::sources::{Input, ReadOptions, Verdict, by_id};
use serde_yaml::Value;

use crate::support::world::{World, shared};

/// One of each shape, and one as HTML.
pub const SEEDS: &[&str] = &[
    "It broke\n\nIncident Report for Example\n\nResolved\n\nIt was down at about 10:00AM UTC, 2026/01/01, lasting 20 minutes.\nPosted Jan 01, 2026 - 10:30 UTC\nThis incident affected: A (B, C), and D.\n",
    "- resolved Jan 1, 2026, 10:30 AM UTC\nType: Incident Duration: 5 minutes Jan 1, 10:00:00 GMT+0 - Investigating - x. Jan 1, 10:30:00 GMT+0 - Postmortem - ### Summary y --- ### Root Cause z\nLooking to track X downtime and outages?\n",
    "<main><h1>It broke</h1><p>Incident Report for Example</p><ul><li>Resolved<p>It was down.<br>Posted Jan 01, 2026 - 10:30 UTC</li></ul><table><tr><td>This incident affected: A (B, C), and D.</table></main>",
];

/// The facts that the reader found in the file that begins with `number`, and the world after its
/// import.
fn imported(number: &str) -> (Value, World, String, serde_json::Value) {
    let folder = shared("seeds");
    let text = std::fs::read_to_string(folder.join("expected.yaml")).expect("what is expected");
    let all: serde_yaml::Mapping = serde_yaml::from_str(&text).expect("YAML");
    let (file, expected) = all
        .into_iter()
        .find(|(key, _)| key.as_str().is_some_and(|key| key.starts_with(number)))
        .expect("the file");
    let world = World::new();
    let path = folder.join(file.as_str().expect("a name"));
    let printed = world.run(&["import", &path.to_string_lossy()]);
    assert!(printed.ends_with("exit 0\n"), "{printed}");
    let id = printed
        .split("incidents/")
        .nth(1)
        .and_then(|rest| rest.split(".yaml").next())
        .expect("an incident");
    let view: serde_json::Value =
        serde_json::from_slice(&world.output(&["show", id, "--json"]).stdout).expect("a view");
    // What was imported can be rendered in every format, and imported again without a change.
    let rendered = world.run(&["render", id, "--to", "md,html,pdf,json"]);
    assert!(rendered.ends_with("exit 0\n"), "{rendered}");
    // A sentence of each section is in the document for people.
    let document = world.read(&format!("out/{id}.md"));
    for (name, text) in view["sections"].as_object().expect("sections") {
        let Some(text) = text.as_str() else { continue };
        let first: Vec<&str> = text.trim_start_matches("- ").split(' ').take(6).collect();
        assert!(document.contains(&first.join(" ")), "{name}: {first:?}");
    }
    assert!(
        world
            .run(&["import", &path.to_string_lossy()])
            .contains("0 created, 0 extended, 1 unchanged")
    );
    (expected, world, printed, view)
}

/// An instant as both write it: to the second, `~` if it is about.
fn instant(milestone: &serde_json::Value) -> Option<String> {
    let at = milestone["at"].as_str().or_else(|| milestone["earliest"].as_str())?;
    let at: chrono::DateTime<chrono::Utc> = at.parse().expect("an instant");
    let about = if milestone["about"] == true { "~" } else { "" };
    Some(format!("{about}{}", at.format("%Y-%m-%dT%H:%M:%SZ")))
}

fn milestones_agree(expected: &Value, view: &serde_json::Value) {
    for (name, value) in expected["milestones"].as_mapping().expect("milestones") {
        let name = name.as_str().expect("a name");
        assert_eq!(instant(&view["milestones"][name]).as_deref(), value.as_str(), "{name}");
    }
}

fn timeline_agrees(expected: &Value, view: &serde_json::Value) {
    let wanted: Vec<(String, String)> = expected["timeline"]
        .as_sequence()
        .expect("a timeline")
        .iter()
        .map(|entry| {
            (
                entry["at"].as_str().expect("a time").to_owned(),
                entry["state"].as_str().expect("a state").to_owned(),
            )
        })
        .collect();
    let found: Vec<(String, String)> = view["timeline"]
        .as_array()
        .expect("a timeline")
        .iter()
        .map(|entry| {
            (
                instant(&entry["when"]).expect("a time"),
                entry["state"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    assert_eq!(found, wanted);
}

/// A length as the table writes it, `~40m` or `5h16m27s`, against that of the view.
fn duration_agrees(expected: &Value, name: &str, duration: &serde_json::Value) {
    let written = expected["computed"][name].as_str().unwrap_or_else(|| panic!("{name}"));
    let (mut seconds, mut number) = (0, 0);
    for c in written.trim_start_matches('~').chars() {
        match (c.to_digit(10), c) {
            (Some(digit), _) => number = number * 10 + i64::from(digit),
            (None, unit) => {
                seconds += number
                    * match unit {
                        'h' => 3600,
                        'm' => 60,
                        's' => 1,
                        _ => panic!("{written}"),
                    };
                number = 0;
            }
        }
    }
    assert_eq!(duration["seconds"].as_i64(), Some(seconds), "{name}: {duration}");
    assert_eq!(duration["about"].as_bool(), Some(written.starts_with('~')), "{name}: {duration}");
}

/// What `check` finds: each rule with its message.
fn findings(world: &World) -> Vec<(String, String)> {
    let answer: serde_json::Value =
        serde_json::from_slice(&world.output(&["check", "--json"]).stdout).expect("JSON");
    let list = answer["findings"].as_array().expect("a list");
    let text = |finding: &serde_json::Value, key: &str| {
        finding[key].as_str().unwrap_or_default().to_owned()
    };
    list.iter().map(|finding| (text(finding, "rule"), text(finding, "message"))).collect()
}

fn sections_agree(expected: &Value, view: &serde_json::Value) {
    for name in expected["sections"].as_sequence().expect("sections") {
        let name = name.as_str().expect("a name");
        assert!(
            view["sections"][name].as_str().is_some_and(|text| !text.trim().is_empty()),
            "{name}: {view:#}"
        );
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn aggregator_copy_is_read() {
    let (expected, world, printed, view) = imported("000");
    timeline_agrees(&expected, &view);
    milestones_agree(&expected, &view);
    sections_agree(&expected, &view);
    let claim = &view["claims"][0];
    assert_eq!(claim["text"].as_str(), expected["claimed"]["duration"].as_str());
    assert_eq!(
        (claim["name"].as_str(), claim["agrees"].as_bool()),
        (Some("duration"), Some(true)),
        "{claim}"
    );
    duration_agrees(&expected, "reported_duration", &view["durations"]["reported"]);
    let cause = view["sections"]["root_cause"].as_str().expect("a cause");
    for words in expected["root_cause_mentions"].as_sequence().expect("words") {
        assert!(cause.contains(words.as_str().expect("words")), "{cause}");
    }
    assert!(printed.contains("which is the time of the first update"), "{printed}");
    let found = findings(&world);
    assert!(
        found.iter().all(|(rule, _)| rule != "claim-mismatch"),
        "it agrees at its precision: {found:?}"
    );
    for (name, bytes) in world.files() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("Pingoru") && !text.contains("free monitors"),
            "the advertisement is in {name}"
        );
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn incident_page_is_read() {
    let (expected, world, _, view) = imported("001");
    timeline_agrees(&expected, &view);
    milestones_agree(&expected, &view);
    sections_agree(&expected, &view);
    duration_agrees(&expected, "time_to_first_notice", &view["durations"]["ttn"]);
    duration_agrees(&expected, "time_to_resolve", &view["durations"]["ttr"]);
    duration_agrees(&expected, "impact_duration", &view["durations"]["impact"]);
    let groups = |count: Option<usize>| count.expect("groups");
    assert_eq!(
        groups(view["components"].as_array().map(Vec::len)),
        groups(expected["components"].as_mapping().map(serde_yaml::Mapping::len)),
        "there are no others"
    );
    for (group, names) in expected["components"].as_mapping().expect("groups") {
        let group = group.as_str().expect("a name");
        let groups = view["components"].as_array().expect("groups");
        let found = groups
            .iter()
            .find(|found| found["group"] == group)
            .unwrap_or_else(|| panic!("{group}: {groups:?}"));
        let found: Vec<&str> = found["names"]
            .as_array()
            .expect("names")
            .iter()
            .filter_map(|name| name.as_str())
            .collect();
        let names: Vec<&str> =
            names.as_sequence().expect("names").iter().filter_map(Value::as_str).collect();
        assert_eq!(found, names, "{group}");
    }
    let resolution = view["sections"]["resolution"].as_str().expect("a resolution");
    let items = resolution.lines().filter(|line| line.starts_with("- ")).count() as u64;
    assert_eq!(Some(items), expected["resolution_items"].as_u64());
    // What the reader found, each by the words and the figures that it turns on.
    let found = findings(&world);
    let wanted = expected["findings"].as_sequence().expect("findings");
    for (finding, rule) in wanted.iter().zip(["normal-before-resolved", "late-first-notice"]) {
        let finding = finding.as_str().expect("a sentence");
        let minutes =
            finding.split(' ').find_map(|word| word.parse::<u32>().ok()).expect("a figure");
        let message =
            found.iter().find(|(known, _)| known == rule).map(|(_, message)| message.as_str());
        assert!(
            message.is_some_and(|message| message.contains(&format!("{minutes} min"))),
            "{finding}: {found:?}"
        );
    }
    assert_eq!(wanted.len(), 2);
    assert!(
        found.iter().all(|(rule, _)| rule != "duplicate-entries"),
        "a page may say a thing twice: {found:?}"
    );
}

/// A text in HTML, each of its lines in an element `name`.
fn in_html(text: &str, name: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let lines: Vec<String> =
        escaped.lines().map(|line| format!("<{name}>{line}</{name}>")).collect();
    format!(
        "<!doctype html><html><head><title>Saved</title></head><body>\n{}\n</body></html>",
        lines.join("\n")
    )
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn copied_html_page_equals_its_text() {
    let folder = shared("seeds");
    let source = by_id("saved-page").expect("the reader");
    let read = |name: &str, text: &str| {
        let input = Input::new(name, text);
        assert_eq!(
            posthoc::sources::detect::choose(&input, None).map(|source| source.id()),
            Ok("saved-page")
        );
        source.read(&input, &ReadOptions::default()).expect("a record").value
    };
    for number in ["000", "001"] {
        let mut names = std::fs::read_dir(&folder)
            .expect("a folder")
            .filter_map(|entry| Some(entry.ok()?.path()));
        let path = names
            .find(|path| path.to_string_lossy().contains(&format!("/{number}")))
            .expect("a seed");
        let text = std::fs::read_to_string(path).expect("text");
        for name in ["div", "p"] {
            assert_eq!(
                read("saved.html", &in_html(&text, name)),
                read("copied.txt", &text),
                "{number} in <{name}>"
            );
        }
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn other_html_is_not_claimed() {
    let source = by_id("saved-page").expect("the reader");
    let post = "<html><title>Why mail was slow</title><h1>Incident Report for March</h1><p>Posted by Ann - 10:30</p>\
        <h2>Resolved</h2><p>Posted on our board: Jan 01 - late. Type: Incident, at 10:00 GMT+0 - said we.</p></html>";
    let sign_in = "<!doctype html><html><title>Sign in</title><form>Incident Report for Example\n<p>Resolved</p>\
        <p>Posted Jan 01, 2026 - 10:30 UTC</p></form></html>";
    let front = "<html><head><meta name=\"issued\"><link href=\"/history.atom\"></head><p>Incident Report for Example</p>\
        <p>Resolved</p><p>Posted Jan 01, 2026 - 10:30 UTC</p></html>";
    for html in crate::corpus::status_html::SEEDS
        .iter()
        .chain(crate::corpus::feeds::SEEDS)
        .copied()
        .chain([post, sign_in, front])
    {
        assert!(matches!(source.sniff(&Input::new("saved.html", html)), Verdict::No(_)), "{html}");
    }
    let folder = shared("corpus");
    let is_marked_up = |path: &std::path::Path| {
        let name = path.to_string_lossy();
        [".html", ".atom", ".rss", ".xml", ".md", ".erb"]
            .iter()
            .any(|ending| name.ends_with(ending))
    };
    let files = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path);
    let files: Vec<std::path::PathBuf> = files.filter(|path| is_marked_up(path)).collect();
    assert!(files.len() > 20, "{files:?}");
    for path in files {
        let input = Input::new(path.to_string_lossy(), std::fs::read(&path).expect("a file"));
        assert!(matches!(source.sniff(&input), Verdict::No(_)), "{}", path.display());
    }
}
