//! One incident in several formats of one system: one file, in whatever order they are imported.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::corpus::sources::{captures, json_of, list};
use crate::support::world::World;

/// The timeline of each file, as how many entries it has, by the id of the incident; fails if two
/// files have one.
fn entries(world: &World) -> BTreeMap<String, usize> {
    let mut entries = BTreeMap::new();
    for (name, bytes) in
        world.files().into_iter().filter(|(name, _)| name.starts_with("incidents/"))
    {
        let file: Value = serde_yaml::from_slice(&bytes).expect("YAML");
        let sources = file["sources"].as_object().expect("sources");
        let records: BTreeSet<&str> =
            sources.values().filter_map(|source| source["record"].as_str()).collect();
        let [record] = records.into_iter().collect::<Vec<_>>()[..] else {
            panic!("{name} is of several incidents")
        };
        let before = entries.insert(record.to_owned(), list(&file, "timeline").len());
        assert_eq!(before, None, "{name} is the second file of {record}");
    }
    entries
}

fn import(world: &World, paths: &[&Path]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> =
        ["import"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    world.run(&arguments)
}

/// Imports them one after the other and then all again, which must change nothing; returns all
/// output too.
fn imported(paths: &[&Path]) -> (World, String) {
    let world = World::new();
    let mut all = String::new();
    for path in paths {
        let output = import(&world, &[path]);
        assert!(output.ends_with("exit 0\n"), "{output}");
        all += &output;
    }
    let before = world.files();
    for path in paths {
        let output = import(&world, &[path]);
        assert!(output.contains("0 created, 0 extended, "), "{output}");
        all += &output;
    }
    world.assert_same(&before);
    (world, all)
}

/// The ids of the incidents in a capture, by plain search in its text.
fn ids(path: &Path) -> BTreeSet<String> {
    let name = path.to_string_lossy();
    let mark = match name.rsplit_once('.') {
        Some((_, "atom")) => {
            "<link rel=\"alternate\" type=\"text/html\" href=\"https://www.githubstatus.com/incidents/"
        }
        Some((_, "jsonl")) => "\"url\": \"https://www.githubstatus.com/incidents/",
        _ => {
            let json = json_of(path);
            let all = list(&json, "incidents").iter().chain(list(&json, "scheduled_maintenances"));
            return all
                .map(|incident| incident["id"].as_str().expect("an id").to_owned())
                .collect();
        }
    };
    let text = std::fs::read_to_string(path).expect("text");
    text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// The captures of one page: its feeds, what a collector made of them, and two answers of its API.
fn of_one_page() -> Vec<PathBuf> {
    let mut paths = captures("status/statuspage", &[".atom", ".jsonl", ".json"]);
    paths.retain(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("github-"))
    });
    paths
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn feed_and_api_give_one_file_per_incident_in_either_order() {
    let paths = of_one_page();
    let known: BTreeSet<String> = paths.iter().flat_map(|path| ids(path)).collect();
    let (of_api, of_feed): (Vec<&Path>, Vec<&Path>) = paths
        .iter()
        .map(PathBuf::as_path)
        .partition(|path| path.extension().is_some_and(|ending| ending == "json"));
    let by_feed = entries(&imported(&of_feed).0);
    for order in [[&of_feed[..], &of_api[..]].concat(), [&of_api[..], &of_feed[..]].concat()] {
        let entries = entries(&imported(&order).0);
        assert_eq!(entries.keys().collect::<BTreeSet<_>>(), known.iter().collect());
        assert_eq!(
            entries, by_feed,
            "the feeds were captured later and have every update of the answers"
        );
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn different_wording_in_another_format_is_not_a_change() {
    let paths = of_one_page();
    let named = |name: &str| {
        paths.iter().find(|path| path.to_string_lossy().contains(name)).map(PathBuf::as_path)
    };
    for (json, atom) in
        [("summary-2023-05-09", "history-2023-05-12"), ("summary-2026-08-17", "history-2026-08-22")]
    {
        let Some((json, atom)) = named(json).zip(named(atom)) else { continue };
        let twice = ids(json);
        assert!(
            !twice.is_empty() && twice.is_subset(&ids(atom)),
            "the feed contains what the answer contains"
        );
        for order in [[json, atom], [atom, json]] {
            let (world, output) = imported(&order);
            assert!(!output.contains("upstream"), "{output}");
            assert_eq!(entries(&world).len(), ids(atom).len());
        }
    }
}

const API: &str = r#"{"page": {"id": "p", "name": "Example"}, "incidents": [{"id": "k2j4h6g8f0d1", "name": "Slow search",
    "status": "monitoring", "impact": "minor", "created_at": "2026-03-17T14:00:12.345Z", "incident_updates": [
    {"id": "u2", "status": "investigating", "body": "Still [looking](https://example.com).", "display_at": "2026-03-17T14:20:05.678Z"},
    {"id": "u1", "status": "investigating", "body": "We look into it.", "display_at": "2026-03-17T14:00:12.345Z"}]}]}"#;

const FEED: &str = r#"<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>tag:status.example.com,2005:/history</id>
<title>Example Status - Incident History</title><entry><id>tag:status.example.com,2005:Incident/7</id><published>2026-03-17T15:00:31Z</published>
<updated>2026-03-17T15:00:31Z</updated><link rel="alternate" href="https://status.example.com/incidents/k2j4h6g8f0d1"/><title>Slow search</title>
<content type="html">&lt;p&gt;&lt;small&gt;Mar 17, 15:00 UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Resolved&lt;/strong&gt; - Over.&lt;/p&gt;&lt;p&gt;&lt;small&gt;Mar 17, 14:20 UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Update&lt;/strong&gt; - Still &lt;a href="https://example.com"&gt;looking&lt;/a&gt;.&lt;/p&gt;&lt;p&gt;&lt;small&gt;Mar 17, 14:00 UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Investigating&lt;/strong&gt; - We look into it.&lt;/p&gt;</content></entry></feed>"#;

#[test]
fn format_with_the_most_precise_times_creates_the_file() {
    let world = World::new();
    world.write("in/a.atom", FEED).write("in/b.json", API);
    let output = import(&world, &[Path::new("in")]);
    assert!(output.contains("1 created, 0 extended"), "{output}");
    let file = world.read("incidents/2026-03-17-slow-search.yaml");
    let times: Vec<&str> =
        file.lines().filter_map(|line| line.trim().strip_prefix("- at: ")).collect();
    assert_eq!(
        times,
        ["2026-03-17T14:00:12.345Z", "2026-03-17T14:20:05.678Z", "2026-03-17T15:00Z"],
        "{file}"
    );
    assert!(file.contains("statuspage-v2") && file.contains("statuspage-feed"), "{file}");
    let before = world.files();
    let output = import(&world, &[Path::new("in"), Path::new("--update")]);
    assert!(
        output.contains("0 created, 0 extended, 2 unchanged") && !output.contains("upstream"),
        "{output}"
    );
    world.assert_same(&before);
}

#[test]
fn evidence_from_another_format_is_recognised() {
    let world = World::new();
    world.write("a.atom", FEED).write("b.json", API);
    import(&world, &[Path::new("b.json")]);
    let into = |file: &str| world.run(&["import", file, "--into", "slow-search"]);
    let output = into("a.atom");
    assert!(output.contains("(1 source, 1 entry, 1 milestone)"), "{output}");
    assert!(into("a.atom").contains("already has all of it"));
}

#[test]
fn separate_files_of_two_formats_are_extended_by_their_own() {
    let world = World::new();
    world.write("a.atom", FEED).write("b.json", API);
    import(&world, &[Path::new("a.atom")]);
    let made = "incidents/2026-03-17-slow-search.yaml";
    let of_feed = world.read(made);
    std::fs::remove_file(world.path(made)).unwrap();
    import(&world, &[Path::new("b.json")]);
    let second = of_feed.replace("id: 2026-03-17-slow-search\n", "id: 2026-03-17-slow-search-2\n");
    world.write("incidents/2026-03-17-slow-search-2.yaml", second);
    let before = world.files();
    for input in ["a.atom", "b.json"] {
        let output = import(&world, &[Path::new(input)]);
        assert!(output.contains("0 created, 0 extended, 1 unchanged"), "{output}");
    }
    world.assert_same(&before);
}
