//! Tests which records form one incident, for every format of status pages.

use chrono::TimeDelta;

use super::order::{self, Input as Read};
use super::{Known, Planned, histories};
use crate::assemble::Provenance;
use crate::model::Incident;
use crate::model::evidence::Trust;
use crate::sources::input::Input;
use crate::sources::registry::by_id;
use crate::sources::sample::{HOME, IdOf, Incident as Described, Post, Sample};
use crate::sources::source::ReadOptions;
use crate::sources::status::samples;

/// The incidents after an import, and all notes.
fn imported(
    sample: &Sample,
    files: &[Incident],
    captures: &[&[Described<'_>]],
    update: bool,
) -> (Vec<Incident>, String) {
    let mut reported = String::new();
    let mut read = Vec::new();
    let source = by_id(sample.format).expect("a format");
    let options = ReadOptions { zone: "UTC".parse().ok(), ..ReadOptions::default() };
    let inputs = captures.iter().flat_map(|capture| sample.write(capture));
    for input in inputs {
        let warned = source.read(&input, &options).unwrap_or_else(|error| {
            panic!("{}: {error}\n{}", sample.format, String::from_utf8_lossy(&input.bytes))
        });
        warned.warnings.iter().for_each(|warning| reported += &format!("{warning}\n"));
        let Input { url, .. } = input;
        let from = Provenance {
            format: sample.format.to_owned(),
            url,
            zone: Some("UTC".to_owned()),
            ..Provenance::default()
        };
        read.push((warned.value, from));
    }
    let inputs: Vec<Read<'_>> =
        read.iter().map(|(records, from)| Read { records, from: from.clone() }).collect();
    let mut records = order::incidents(&inputs);
    if update {
        let older = order::by_age(&mut records);
        older.iter().for_each(|note| reported += &format!("{note}\n"));
    }
    let records = order::in_families(records);
    let todo: Vec<usize> = (0..records.len()).collect();
    let known =
        Known { files, broken: &[], trust: Trust { order: &[], tolerance: TimeDelta::minutes(2) } };
    let options = histories::Options { update, severity_of: &|_, _| None };
    let Planned { changes, notes, .. } = histories::plan(&records, &todo, known, options);
    let mut after = files.to_vec();
    let notes = notes.into_iter().chain(changes.iter().flat_map(|change| change.notes.clone()));
    notes.for_each(|note| {
        reported += &format!("{note}\n");
        note.hints.iter().for_each(|hint| reported += &format!("= {hint}\n"));
    });
    for change in changes {
        match change.file {
            Some(file) => after[file] = change.incident.into_owned(),
            None => after.push(change.incident.into_owned()),
        }
    }
    (after, reported)
}

fn post<'a>(at: &'a str, word: &'a str, text: &'a str) -> Post<'a> {
    Post { at, word, text, edited: at }
}

fn described<'a>(
    number: &'a str,
    link: &'a str,
    title: &'a str,
    posts: Vec<Post<'a>>,
) -> Described<'a> {
    let revised = posts.last().expect("a post").edited;
    Described { number, guid: link, link, title, posts, revised }
}

fn titles(incidents: &[Incident]) -> Vec<&str> {
    incidents.iter().map(|incident| incident.title.as_str()).collect()
}

/// The texts of all entries.
fn texts(incidents: &[Incident]) -> Vec<&str> {
    let entries = incidents.iter().flat_map(|incident| &incident.timeline);
    entries.map(|entry| entry.text.as_str()).collect()
}

#[test]
fn every_format_reads_its_sample() {
    for sample in samples() {
        let one = described(
            "7",
            "https://status.example.com/incidents/7",
            "Slow search",
            vec![
                post("2026-03-17T10:00:00Z", "investigating", "We look."),
                post("2026-03-17T11:00:00Z", "resolved", "It is over."),
            ],
        );
        let (incidents, reported) = imported(&sample, &[], &[&[one]], false);
        assert_eq!(incidents.len(), 1, "{}: {reported}", sample.format);
        let has_title = incidents[0].title.contains("Slow search");
        assert!(has_title, "{}: {incidents:?}", sample.format);
        let texts = texts(&incidents);
        let has_text = texts.contains(&"It is over.") || !sample.has_posts;
        assert!(has_text, "{}: {texts:?} {reported}", sample.format);
    }
}

#[test]
fn page_home_address_does_not_merge_incidents() {
    let mut wrong = Vec::new();
    for home in [HOME, "https://status.example.com/", "https://STATUS.example.com/#all"] {
        for sample in samples() {
            let strangers = [
                described(
                    "7",
                    home,
                    "Names do not resolve",
                    vec![post("2026-03-17T10:00:00Z", "investigating", "About names.")],
                ),
                described(
                    "8",
                    home,
                    "Mail is late",
                    vec![post("2026-03-17T14:00:00Z", "investigating", "About mail.")],
                ),
            ];
            let (incidents, reported) = imported(&sample, &[], &[&strangers], false);
            if incidents.len() != 2 {
                wrong.push(format!(
                    "{} {home}: {:?} {reported}",
                    sample.format,
                    titles(&incidents)
                ));
            }
            let (again, reported) = imported(&sample, &incidents, &[&strangers], false);
            if again != incidents {
                wrong.push(format!("{} {home}: not the same again: {reported}", sample.format));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn shared_address_or_id_does_not_merge_unrelated_incidents_and_is_reported() {
    let mut wrong = Vec::new();
    for sample in samples() {
        for (what, number, guid) in [
            ("address", "8", "https://status.example.com/other/8"),
            ("id and address", "7", "https://status.example.com/incidents/7"),
        ] {
            let one = described(
                "7",
                "https://status.example.com/incidents/7",
                "Names do not resolve",
                vec![post("2026-03-17T10:00:00Z", "investigating", "About names.")],
            );
            let other = Described {
                guid,
                ..described(
                    number,
                    "https://status.example.com/incidents/7",
                    "Mail is late",
                    vec![post("2026-03-24T14:00:00Z", "investigating", "About mail.")],
                )
            };
            let (incidents, reported) =
                imported(&sample, &[], &[&[one.clone(), other.clone()]], false);
            if incidents.len() != 2 {
                wrong.push(format!(
                    "{} {what}: {:?} {reported}",
                    sample.format,
                    titles(&incidents)
                ));
            }
            let is_shared = match sample.id {
                IdOf::Number => number == "7",
                // Its items are identified by their guids; their links lead to the page.
                IdOf::Address => number == "7" || !sample.is_identified_by_guid,
                IdOf::Content => false,
            };
            if is_shared && !reported.contains("they are two incidents, and were not merged") {
                wrong.push(format!("{} {what}: not reported: {reported}", sample.format));
            }
            // Imports one after the other give the same result.
            let (first, _) = imported(&sample, &[], &[&[one]], false);
            let (both, reported) = imported(&sample, &first, &[&[other]], false);
            // A record with only the latest post does not say when the incident began.
            if both.len() != 2 && !sample.has_latest_only {
                wrong.push(format!(
                    "{} {what}, later: {:?} {reported}",
                    sample.format,
                    titles(&both)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn entries_with_own_guids_merge_into_one_incident() {
    let mut wrong = Vec::new();
    let named_by_address = |sample: &Sample| sample.id == IdOf::Address && !sample.links_to_page;
    for sample in samples().filter(named_by_address) {
        let link = sample.address;
        let entry = |guid, at, word, text| Described {
            guid,
            ..described("7", link, "Mail is late", vec![post(at, word, text)])
        };
        let entries = [
            entry("tag:b", "2026-03-17T11:00:00Z", "resolved", "It is over."),
            entry("tag:a", "2026-03-17T10:00:00Z", "investigating", "We look."),
        ];
        let (incidents, reported) = imported(&sample, &[], &[&entries], false);
        if titles(&incidents) != ["Mail is late"]
            || texts(&incidents) != ["We look.", "It is over."]
        {
            wrong.push(format!(
                "{}: {:?} {:?} {reported}",
                sample.format,
                titles(&incidents),
                texts(&incidents)
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn with_update_the_newer_capture_wins_in_any_order() {
    let mut wrong = Vec::new();
    for sample in samples() {
        let link = "https://status.example.com/incidents/7";
        let first = post("2026-03-17T10:00:00Z", "investigating", "We look.");
        let older = described("7", link, "Mail is late", vec![first.clone()]);
        let edited = Post { text: "We look into mail.", edited: "2026-03-17T12:00:00Z", ..first };
        let newer = described(
            "7",
            link,
            "Mail is late",
            vec![
                edited,
                Post {
                    edited: "2026-03-17T12:30:00Z",
                    ..post("2026-03-17T11:00:00Z", "resolved", "It is over.")
                },
            ],
        );
        let newer = Described { revised: "2026-03-17T12:30:00Z", ..newer };
        let expected = imported(&sample, &[], &[std::slice::from_ref(&newer)], false).0;
        let mut expected = texts(&expected);
        // Captures with only the latest post complement each other.
        if sample.has_latest_only {
            expected.insert(0, "We look.");
        }
        let (older, newer) = ([older], [newer]);
        for (order, steps) in [
            ("together, older first", vec![vec![&older[..], &newer[..]]]),
            ("together, newer first", vec![vec![&newer[..], &older[..]]]),
            ("older, then newer", vec![vec![&older[..]], vec![&newer[..]]]),
            ("newer, then older", vec![vec![&newer[..]], vec![&older[..]]]),
        ] {
            let (mut files, mut reported) = (Vec::new(), String::new());
            for captures in &steps {
                let (after, more) = imported(&sample, &files, captures, true);
                (files, reported) = (after, reported + &more);
            }
            let mut found = texts(&files);
            if sample.has_latest_only {
                found.sort_by_key(|text| *text != "We look.");
            }
            if found != expected {
                wrong.push(format!(
                    "{} {order}: {found:?}, not {expected:?}; {reported}",
                    sample.format
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
