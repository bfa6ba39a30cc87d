//! Captures of one page, made one after the other by different programs, become one file for each
//! incident.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use posthoc::sources::record::Record;
use posthoc::sources::{Input, REGISTRY, ReadOptions, Verdict, by_id, detect};
use serde_yaml::Value;

use crate::support::world::{World, shared};

/// The parsed history of a page, and the captures of its feed in the order of their dates.
fn captures() -> (PathBuf, Vec<PathBuf>) {
    let folder = shared("corpus/status/statuspage");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    all.sort();
    let named = |path: &&PathBuf, start: &str, end: &str| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(start) && name.ends_with(end))
    };
    let parsed = all
        .iter()
        .find(|path| named(path, "github-parsed-incidents", ".jsonl"))
        .expect("a history")
        .clone();
    let feeds: Vec<PathBuf> =
        all.iter().filter(|path| named(path, "github-history-", ".atom")).cloned().collect();
    assert!(!feeds.is_empty());
    (parsed, feeds)
}

/// The times of the updates of each incident, by its id.
fn times(path: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let input = Input::new(path.to_string_lossy(), std::fs::read(path).expect("a capture"));
    let source = by_id("statuspage-feed").expect("the reader");
    let records = source.read(&input, &ReadOptions::default()).expect("it is read").value;
    records
        .into_iter()
        .filter_map(|record| match record {
            Record::Incident(one) => {
                Some((one.id, one.updates.iter().map(|update| update.at.to_string()).collect()))
            }
            _ => None,
        })
        .collect()
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn update_times_agree_with_another_parser() {
    let (parsed, feeds) = captures();
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
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn captures_in_date_order_give_one_file_per_incident() {
    let (parsed, feeds) = captures();
    let all = || std::iter::once(&parsed).chain(&feeds);
    let known: BTreeSet<String> = all().flat_map(|path| times(path).into_keys()).collect();
    let world = World::new();
    for path in all() {
        let output = world.run(&["-q", "import", &path.to_string_lossy()]);
        assert!(output.ends_with("exit 0\n"), "{output}");
    }
    let before = world.files();
    assert_eq!(before.len(), known.len());
    for (name, bytes) in &before {
        let file: Value = serde_yaml::from_slice(bytes).expect("YAML");
        let mut seen = BTreeSet::new();
        for entry in file["timeline"].as_sequence().expect("a timeline") {
            // The record's id without the hash of its text.
            let source = entry["source"]
                .as_str()
                .expect("a source")
                .split('@')
                .next()
                .expect("a key")
                .to_owned();
            assert!(seen.insert(source.clone()), "{name}: {source} is there twice");
        }
    }
    for path in all() {
        world.run(&["-q", "import", &path.to_string_lossy()]);
    }
    world.assert_same(&before);
}

/// What a file is, and how many incidents, updates and maintenances are in it.
fn row(path: &Path) -> Result<(&'static str, usize, usize, usize, usize), String> {
    let input = Input::new(path.to_string_lossy(), std::fs::read(path).expect("a capture"));
    let sure: Vec<&str> = REGISTRY
        .iter()
        .filter(|source| source.sniff(&input) == Verdict::Yes)
        .map(|source| source.id())
        .collect();
    if sure.len() > 1 {
        return Err(format!("claimed by {sure:?}"));
    }
    // The distinctive part may come after the inspected beginning; then one reader says maybe.
    let id = detect::choose(&input, None).map_err(|error| error.to_string())?.id();
    // Times that a file writes without a zone are read in one.
    let options = ReadOptions {
        zone: Some("America/New_York".parse().expect("a zone")),
        ..ReadOptions::default()
    };
    let read =
        by_id(id).expect("the reader").read(&input, &options).map_err(|error| error.to_string())?;
    let records: Vec<_> = read
        .value
        .iter()
        .filter_map(|record| if let Record::Incident(one) = record { Some(one) } else { None })
        .collect();
    let planned = records.iter().filter(|record| record.maintenance).count();
    let updates = records.iter().map(|record| record.updates.len()).sum();
    Ok((id, records.len() - planned, updates, planned, read.warnings.len()))
}

/// What is no history: a monitor's settings.
const NO_HISTORIES: [&str; 1] = ["upptimerc.yml"];

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn every_capture_of_a_status_page_is_claimed_by_one_reader() {
    let folder = shared("corpus/status");
    let mut paths: Vec<PathBuf> = Vec::new();
    for system in std::fs::read_dir(folder).expect("the captures").flatten() {
        paths.extend(
            std::fs::read_dir(system.path()).expect("a system").flatten().map(|file| file.path()),
        );
    }
    paths.sort();
    println!(
        "{:72} {:18} {:>9} {:>7} {:>12} {:>8}",
        "FILE", "FORMAT", "INCIDENTS", "UPDATES", "MAINTENANCES", "WARNINGS"
    );
    let mut wrong = Vec::new();
    for path in &paths {
        let name = path.file_name().expect("a name").to_string_lossy();
        match row(path) {
            Ok((format, incidents, updates, planned, warnings)) => {
                println!(
                    "{name:72} {format:18} {incidents:>9} {updates:>7} {planned:>12} {warnings:>8}"
                );
                if incidents + planned == 0 && warnings == 0 && !name.contains("empty") {
                    wrong.push(format!("{name}: nothing is in it"));
                }
            }
            Err(_) if NO_HISTORIES.contains(&&*name) => println!("{name:72} no history"),
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    assert!(paths.len() >= 60, "{}", paths.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
