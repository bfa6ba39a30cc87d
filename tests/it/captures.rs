//! Captures of one page, made one after the other by different programs, become one file for each
//! incident.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use posthoc::sources::record::Record;
use posthoc::sources::{Input, ReadOptions, by_id};
use serde_yaml::Value;

use crate::world::{World, shared};

/// The parsed history of a page, and the captures of its feed in the order of their dates.
fn captures() -> Option<(PathBuf, Vec<PathBuf>)> {
    let folder = shared("corpus/status/statuspage")?;
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    all.sort();
    let named = |path: &&PathBuf, start: &str, end: &str| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(start) && name.ends_with(end))
    };
    let parsed = all.iter().find(|path| named(path, "github-parsed-incidents", ".jsonl"))?.clone();
    let feeds: Vec<PathBuf> = all.iter().filter(|path| named(path, "github-history-", ".atom")).cloned().collect();
    (!feeds.is_empty()).then_some((parsed, feeds))
}

/// The times of the updates of each incident, by its id.
fn times(path: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let input = Input::new(path.to_string_lossy(), std::fs::read(path).expect("a capture"));
    let source = by_id("statuspage-feed").expect("the reader");
    let records = source.read(&input, &ReadOptions::default()).expect("it is read").value;
    records
        .into_iter()
        .filter_map(|record| match record {
            Record::Incident(one) => Some((one.id, one.updates.iter().map(|update| update.at.to_string()).collect())),
            _ => None,
        })
        .collect()
}

#[test]
fn two_programs_agree_on_every_time_of_an_update() {
    let Some((parsed, feeds)) = captures() else { return };
    let parsed = times(&parsed);
    let mut compared = 0;
    for feed in feeds {
        for (id, seen) in times(&feed) {
            if let Some(known) = parsed.get(&id) {
                assert_eq!(&seen, known, "{id} in {}", feed.display());
                compared += 1;
            }
        }
    }
    eprintln!("{compared} incidents are in both");
    assert!(compared >= 40, "{compared}");
}

#[test]
fn captures_in_the_order_of_their_dates_give_one_file_for_each_incident() {
    let Some((parsed, feeds)) = captures() else { return };
    let all = || std::iter::once(&parsed).chain(&feeds);
    let known: BTreeSet<String> = all().flat_map(|path| times(path).into_keys()).collect();
    let world = World::new();
    for path in all() {
        let told = world.run(&["-q", "import", &path.to_string_lossy()]);
        assert!(told.ends_with("exit 0\n"), "{told}");
    }
    let before = world.files();
    assert_eq!(before.len(), known.len());
    for (name, bytes) in &before {
        let file: Value = serde_yaml::from_slice(bytes).expect("YAML");
        let mut seen = BTreeSet::new();
        for entry in file["timeline"].as_sequence().expect("a timeline") {
            // The record's id without the hash of its text.
            let source = entry["source"].as_str().expect("a source").split('@').next().expect("a key").to_owned();
            assert!(seen.insert(source.clone()), "{name}: {source} stands twice");
        }
    }
    for path in all() {
        world.run(&["-q", "import", &path.to_string_lossy()]);
    }
    world.assert_same(&before);
}
