//! Formats that share a structure: each body is claimed by its product's reader and by no other.
//! And the time of the last change, which is read in every format that has one.

use chrono::{DateTime, Utc};

use super::{FORMATS, samples};
use crate::diag::Level;
use crate::model::time::Moment;
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::sample::{Incident, Post, Revision, Sample};
use crate::sources::source::{ReadOptions, Verdict};

/// The formats that claim `text` for certain.
fn claimed_by(text: &str) -> Vec<&'static str> {
    let input = Input::new("x", text);
    let sure = FORMATS.iter().filter(|format| format.sniff(&input) == Verdict::Yes);
    sure.map(|format| format.id()).collect()
}

#[test]
fn id_format_distinguishes_products_with_the_same_api() {
    let page = |id: &str| {
        format!(
            r#"{{"page": {{"id": "{id}", "name": "Example", "url": "https://status.example.com/"}}, "incidents": [
            {{"id": "{id}", "name": "Errors", "status": "resolved", "impact": "minor", "created_at": "2026-01-01T10:00:00Z",
              "resolved_at": "2026-01-01T10:30:00Z", "updated_at": "2026-01-01T10:30:00Z", "incident_updates": []}}]}}"#
        )
    };
    let ulid = page("01KDWFZY800000000000000000");
    assert_eq!(claimed_by(&ulid), ["incident-io"]);
    assert_eq!(claimed_by(&page("hm7491k53ppg")), ["statuspage-v2"]);
    // Only one of the two writes the zone of the page.
    let with_zone = ulid.replace("\"name\": \"Example\"", "\"time_zone\": \"Etc/UTC\"");
    assert_eq!(claimed_by(&with_zone), ["statuspage-v2"]);
}

#[test]
fn incident_without_id_identifies_its_product() {
    let text = r#"{"page": {"name": "Example Status", "url": "https://status.example.com", "time_zone": "America/Los_Angeles", "updated_at": "2026-03-19T12:00:00Z"},
      "incidents": [{"name": "Slow", "status": "started", "impact": "minor", "started_at": "2026-03-19T10:30:00Z", "resolved_at": null,
        "url": "https://status.example.com/incidents/abc123", "incident_updates": []}]}"#;
    assert_eq!(claimed_by(text), ["rootly-status"]);
}

/// The incidents that the reader of a format makes of a sample, and its warnings.
fn read(sample: &Sample, all: &[Incident<'_>]) -> (Vec<IncidentRecord>, Vec<String>) {
    let source = FORMATS.iter().find(|source| source.id() == sample.format).expect("a format");
    let options = ReadOptions { zone: "UTC".parse().ok(), ..ReadOptions::default() };
    let (mut records, mut warnings) = (Vec::new(), Vec::new());
    for input in sample.write(all) {
        let read = source
            .read(&input, &options)
            .unwrap_or_else(|error| panic!("{}: {error}", sample.format));
        records.extend(read.value.into_iter().map(|record| match record {
            Record::Incident(incident) => incident,
            other => panic!("{}: {other:?}", sample.format),
        }));
        warnings.extend(read.warnings.iter().map(ToString::to_string));
    }
    (records, warnings)
}

const BEFORE: &str = "2026-03-17T09:00:00Z";
const FIRST: &str = "2026-03-17T10:00:00Z";
const EDITED: &str = "2026-03-17T12:00:00Z";
const REVISED: &str = "2026-03-17T12:30:00Z";

/// An incident whose last post was revised, and which was changed again after that.
fn revised<'a>() -> Incident<'a> {
    let link = "https://status.example.com/incident/7";
    let post = |at, text, edited| Post { at, word: "investigating", text, edited };
    let posts = vec![post(BEFORE, "We look.", BEFORE), post(FIRST, "We look into mail.", EDITED)];
    Incident { number: "7", guid: link, link, title: "Mail is late", posts, revised: REVISED }
}

fn shown(at: Option<DateTime<Utc>>) -> String {
    at.map_or("-".to_owned(), |at| Moment::exact(at).to_string())
}

#[test]
fn revision_times_are_read_in_every_format() {
    let mut wrong = Vec::new();
    for sample in samples() {
        let (records, warnings) = read(&sample, &[revised()]);
        let [record] = &records[..] else { panic!("{}: {records:?} {warnings:?}", sample.format) };
        let post = record.updates.last();
        let found = [
            shown(post.map(|post| post.at.earliest())),
            shown(post.and_then(|post| post.created)),
            shown(post.and_then(|post| post.edited)),
            shown(record.revised),
        ];
        let expected = match sample.revision {
            _ if !sample.has_posts => ["-", "-", "-", REVISED],
            Revision::None => [FIRST, "-", "-", "-"],
            Revision::Incident => [FIRST, "-", "-", REVISED],
            Revision::Posts => [FIRST, "-", EDITED, REVISED],
            Revision::OnlyPost => [BEFORE, "-", REVISED, REVISED],
            Revision::Entry => [EDITED, FIRST, "-", EDITED],
            Revision::EntryOfIncident => [REVISED, BEFORE, "-", REVISED],
            Revision::Latest => [REVISED, "-", "-", "-"],
        };
        if found != expected {
            wrong.push(format!("{}: {found:?}, not {expected:?}: {warnings:?}", sample.format));
        }
        if post.is_some_and(|post| post.text != "We look into mail.") {
            wrong.push(format!("{}: {post:?}", sample.format));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Unknown values, each in place of a known one.
const SPOILED: &[(&str, &str)] = &[
    ("2026-03-17T10", "2026-33-17T10"),
    ("Mar 17, 10:00", "Mar 37, 10:00"),
    ("17 Mar 2026 10:", "37 Mar 2026 10:"),
    ("investigating", "gazing"),
    ("Investigating", "Gazing"),
    ("INVESTIGATING", "GAZING"),
    ("1773741600", "\"soon\""),
    ("UTC", "EST"),
    ("Z\"", "\""),
];

#[test]
fn each_warning_names_the_line_and_the_incident() {
    let other = Incident {
        number: "8",
        guid: "https://status.example.com/incident/8",
        title: "Search is slow",
        ..revised()
    };
    let other = Incident { link: other.guid, ..other };
    let all = [revised(), other];
    let (mut wrong, mut warned) = (Vec::new(), std::collections::BTreeSet::new());
    for sample in samples() {
        let source = FORMATS.iter().find(|source| source.id() == sample.format).expect("a format");
        for (value, other) in SPOILED {
            for mut input in sample.write(&all) {
                let text = String::from_utf8(input.bytes).expect("text").replace(value, other);
                input.bytes = text.clone().into_bytes();
                let Ok(read) = source.read(&input, &ReadOptions::default()) else { continue };
                for warning in &read.warnings {
                    let names = ["7", "8", "Mail is late", "Search is slow"];
                    let is_of_file =
                        warning.level == Level::Note || warning.message.contains("more warning");
                    let has_line =
                        warning.place.as_ref().is_some_and(|place| !place.span.is_empty());
                    let is_named = names.iter().any(|name| warning.message.contains(name));
                    if !(is_of_file || has_line && is_named) {
                        wrong.push(format!("{} {value}: {warning}", sample.format));
                    }
                    warned.insert(sample.format);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(warned.len() > 25, "{warned:?}");
}
